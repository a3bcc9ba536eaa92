#include "core/checks/checks.h"
#include "core/run/answer.h"
#include "tests/unit/kinds.h"

#define URL "https://ops:s3cret@app.example/health?token=s3cret"

#define WELL "{\"healthy\":true,\"errors\":{},\"version\":\"v44\",\"n\":{\"a.b\":1.5}}"
#define SICK                                                          \
  "{\"healthy\":false,\"errors\":{\"redis\":\"refused\",\"db\":null," \
  "\"more\":{\"x\":[\"one\",false,\"\",2]}}}"

typedef struct {
  Site *site;
  Evidence *evidence;
  Ledger *ledger;
  CheckHttpSettings settings;
} Bed;

static const PlatformKind platform = { .spec = { .name = "none" } };

static void
bed_init (Bed *bed)
{
  *bed = (Bed){ .site = make_site (&platform, NULL),
                .evidence = evidence_new (),
                .ledger = ledger_new () };
  SiteService *app = add_service (bed->site, "app", "app", NULL);
  SiteService *cloud = add_service (bed->site, "cloud", "cloud", "somebody");
  add_service (bed->site, "mute", "mute", NULL);
  app->health = g_strdup (URL);
  app->ca_file = g_strdup ("/etc/own.pem");
  cloud->health = g_strdup ("http://cloud/");
  bed->settings = (CheckHttpSettings){ .service = (char *)"app",
                                       .status = 200,
                                       .within_us = FIELD_UNSET,
                                       .every_us = 5 * SECOND,
                                       .limit_us = 10 * SECOND };
}

static void
bed_finish (Bed *bed)
{
  g_clear_pointer (&bed->settings.json, g_hash_table_unref);
  pattern_free (bed->settings.match);
  evidence_free (bed->evidence);
  ledger_free (bed->ledger);
  free_site (bed->site);
}

static CheckContext
context_of (const Bed *bed, gint64 now)
{
  return (CheckContext){ .site = bed->site,
                         .evidence = bed->evidence,
                         .ledger = bed->ledger,
                         .now = at (now),
                         .since_us = 100 * SECOND,
                         .speed = 1 };
}

/* What is looked at; NULL: nothing. */
static Request *
request_of (const Bed *bed)
{
  CheckContext context = context_of (bed, 100);
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  check_http.needs (&bed->settings, &context, requests);
  g_assert_cmpuint (requests->len, <=, 1);
  return requests->len ? g_ptr_array_steal_index (requests, 0) : NULL;
}

static void
bed_see (Bed *bed, gint64 now, const char *error, json_t *body)
{
  g_autoptr (Request) request = request_of (bed);
  evidence_add (bed->evidence,
                reading_new (request->key, at (now), at (now), error, body));
}

static void
bed_judge (const Bed *bed, gint64 now, Judgement *judgement)
{
  CheckContext context = context_of (bed, now);
  check_http.judge (&bed->settings, &context, judgement);
}

static json_t *
answer (int status, double ms, const char *text)
{
  return json_pack ("{s:i, s:f, s:s, s:b}", "status", status, "ms", ms, "text", text,
                    "cut", 0);
}

/* "a=b c=d" */
static GHashTable *
map_of (const char *text)
{
  GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) pairs = g_strsplit (text, " ", -1);
  for (guint i = 0; pairs[i]; i++) {
    g_auto (GStrv) pair = g_strsplit (pairs[i], "=", 2);
    g_hash_table_insert (map, g_strdup (pair[0]), g_strdup (pair[1]));
  }
  return map;
}

/* ---- what is answered ------------------------------------------------------ */

typedef struct {
  int status;
  const char *text, *json, *reason, *match, *recorded;
  gint64 within_us;
  Verdict verdict;
  const char *words;
} Row;

static const Row rows[] = {
  { 200, "", NULL, NULL, NULL, NULL, 0, VERDICT_HOLDS, "app answers 200 in 12ms" },
  { 502, "<html>", NULL, NULL, NULL, NULL, 0, VERDICT_NOT_YET,
    "app answers 502, 200 wanted" },
  { 503, SICK, NULL, "errors", NULL, NULL, 0, VERDICT_NOT_YET,
    "app answers 503, 200 wanted (redis: refused, x: one, x: 2)" },
  /* It answers 200 even when it is sick. */
  { 200, SICK, "healthy=true", NULL, NULL, NULL, 0, VERDICT_NOT_YET,
    "app: healthy is false, true wanted" },
  { 200, SICK, "healthy=true", "errors", NULL, NULL, 0, VERDICT_NOT_YET,
    "app: healthy is false, true wanted (redis: refused, x: one, x: 2)" },
  { 200, SICK, "healthy=true", "no.errors", NULL, NULL, 0, VERDICT_NOT_YET,
    "app: healthy is false, true wanted" },
  { 200, SICK, "healthy=true", "errors.redis", NULL, NULL, 0, VERDICT_NOT_YET,
    "app: healthy is false, true wanted (refused)" },
  { 200, WELL, "healthy=true", "errors", NULL, NULL, 0, VERDICT_HOLDS,
    "app answers 200 in 12ms, healthy is true" },
  { 200, WELL, "healthy=false", "errors", NULL, NULL, 0, VERDICT_NOT_YET,
    "app: healthy is true, false wanted" },
  { 200, WELL, "healthy=true n.a.b=1.5 version=v44", NULL, NULL, NULL, 0, VERDICT_HOLDS,
    "app answers 200 in 12ms, healthy is true, n.a.b is 1.5, version is v44" },
  { 200, WELL, "healthy=no n.a=1 version=v44", NULL, NULL, NULL, 0, VERDICT_NOT_YET,
    "app: healthy is true, no wanted, n.a is not in the answer, 1 wanted" },
  { 200, WELL, "healthy.true=1", NULL, NULL, NULL, 0, VERDICT_NOT_YET,
    "app: healthy.true is not in the answer, 1 wanted" },
  { 200, WELL, "errors={}", NULL, NULL, NULL, 0, VERDICT_HOLDS,
    "app answers 200 in 12ms, errors is {}" },
  { 200, "{\"a\":\"\\u001b[2J\\n\"}", "a=x", NULL, NULL, NULL, 0, VERDICT_NOT_YET,
    "app: a is \\x1B[2J\\n, x wanted" },
  { 200, "{\"a\":0123}", "a=1", "a", NULL, NULL, 0, VERDICT_NOT_YET,
    "app answers 200 with what is no JSON object" },
  { 200, "[1]", "a=1", NULL, NULL, NULL, 0, VERDICT_NOT_YET,
    "app answers 200 with what is no JSON object" },
  { 200, "all is fine", NULL, NULL, "f[i]ne$", NULL, 0, VERDICT_HOLDS,
    "app answers 200 in 12ms" },
  { 200, "all is lost", NULL, NULL, "f[i]ne$", NULL, 0, VERDICT_NOT_YET,
    "app answers 200, /f[i]ne$/ not found in it" },
  { 200, "", NULL, NULL, NULL, NULL, 12000, VERDICT_HOLDS, "app answers 200 in 12ms" },
  { 200, "", NULL, NULL, NULL, NULL, 11000, VERDICT_NOT_YET,
    "app takes 12ms to answer, 11ms at most wanted" },
  /* Nobody wrote a version down: said, but it does not stand in the way. */
  { 200, WELL, NULL, NULL, NULL, "", 0, VERDICT_HOLDS,
    "app answers 200 in 12ms, version v44; no version was recorded to compare with" },
  { 200, "fine", NULL, NULL, NULL, "", 0, VERDICT_HOLDS,
    "app answers 200 in 12ms; no version was recorded to compare with" },
  { 200, WELL, NULL, NULL, NULL, "v44", 0, VERDICT_HOLDS,
    "app answers 200 in 12ms, version v44 as recorded" },
  { 200, WELL, NULL, NULL, NULL, "v43", 0, VERDICT_NOT_YET,
    "app: version is v44, v43 was recorded" },
  { 200, SICK, NULL, NULL, NULL, "v43", 0, VERDICT_NOT_YET,
    "app names no version in its answer; version v43 was recorded" },
  { 200, "fine", NULL, NULL, NULL, "v43", 0, VERDICT_NOT_YET,
    "app answers 200 with what is no JSON object; version v43 was recorded" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    Bed bed;
    bed_init (&bed);
    bed.settings.json = row->json ? map_of (row->json) : NULL;
    bed.settings.reason = (char *)row->reason;
    bed.settings.match = row->match ? pattern_new (row->match, NULL) : NULL;
    bed.settings.within_us = row->within_us ? row->within_us : FIELD_UNSET;
    bed.settings.version = row->recorded ? HTTP_VERSION_RECORDED : HTTP_VERSION_ANY;
    ledger_record (bed.ledger, "app", 1, NULL, FALSE);
    if (row->recorded && *row->recorded)
      ledger_set_version (bed.ledger, "app", row->recorded);
    bed_see (&bed, 100, NULL, answer (row->status, 12.3, row->text));
    g_auto (Judgement) judgement = { 0 };
    bed_judge (&bed, 100, &judgement);
    g_assert_cmpstr (judgement.text, ==, row->words);
    g_assert_cmpint (judgement.verdict, ==, row->verdict);
    bed_finish (&bed);
  }
}

/* The time an answer takes is no news; what changes otherwise is. */
static void
test_gist (void)
{
  static const struct {
    double ms;
    const char *text, *gist;
  } looks[] = {
    { 3, WELL, "app answers 200, version is v44" },
    { 4, WELL, "app answers 200, version is v44" },
    { 900, WELL, "app takes too long to answer" },
    { 950, WELL, "app takes too long to answer" },
  };
  Bed bed;
  bed_init (&bed);
  bed.settings.within_us = SECOND / 2;
  bed.settings.json = map_of ("version=v44");
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    g_auto (Judgement) judgement = { 0 };
    bed_see (&bed, 100 + i, NULL, answer (200, looks[i].ms, looks[i].text));
    bed_judge (&bed, 100 + i, &judgement);
    g_assert_cmpstr (judgement.gist, ==, looks[i].gist);
  }
  bed_finish (&bed);
}

/* Bodies that nobody should send, and some do. */
static void
test_shapes (void)
{
  static const char *const bodies[] = {
    "{}",
    "{'status':'200','ms':'x','text':1,'cut':0}",
    "{'status':200.5,'ms':1,'text':null}",
    "{'status':-1,'ms':-1e300,'text':''}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    Bed bed;
    bed_init (&bed);
    bed.settings.json = map_of ("a=b");
    g_auto (Judgement) judgement = { 0 };
    bed_see (&bed, 100, NULL, json_of (bodies[i]));
    bed_judge (&bed, 100, &judgement);
    g_assert_cmpint (judgement.verdict, ==, VERDICT_NOT_YET);
    bed_finish (&bed);
  }
}

static void
test_cut (void)
{
  Bed bed;
  bed_init (&bed);
  json_t *body = answer (200, 1, "{\"healthy\":true");
  json_object_set_new (body, "cut", json_true ());
  bed_see (&bed, 100, NULL, body);
  bed.settings.match = pattern_new ("x", NULL);
  g_auto (Judgement) matched = { 0 };
  bed_judge (&bed, 100, &matched);
  g_assert_cmpstr (matched.text, ==,
                   "app answers 200, /x/ not found in what was kept of it");
  bed.settings.json = map_of ("healthy=true");
  g_auto (Judgement) read = { 0 };
  bed_judge (&bed, 100, &read);
  g_assert_cmpstr (read.text, ==,
                   "app answers 200 with more than 64 KiB, too much to be read as JSON");
  bed_finish (&bed);
}

static void
test_redirect (void)
{
  Bed bed;
  bed_init (&bed);
  json_t *body = answer (302, 1, "");
  json_object_set_new (body, "location", json_string ("https://login.example/a?back=1"));
  bed_see (&bed, 100, NULL, body);
  g_auto (Judgement) judgement = { 0 };
  bed_judge (&bed, 100, &judgement);
  g_assert_cmpstr (judgement.text, ==,
                   "app answers 302 (it leads to https://login.example/a), 200 wanted");
  g_auto (Judgement) wanted = { 0 };
  bed.settings.status = 302;
  bed_judge (&bed, 100, &wanted);
  g_assert_cmpint (wanted.verdict, ==, VERDICT_HOLDS);
  bed_finish (&bed);
}

/* ---- what is looked at ----------------------------------------------------- */

static void
test_requests (void)
{
  static const struct {
    const char *url, *service, *ca_file;
    const char *key;
  } looks[] = {
    { NULL, "app", NULL, "http " URL " /etc/own.pem" },
    { NULL, "app", "/other.pem", "http " URL " /other.pem" },
    { NULL, "cloud", NULL, "http http://cloud/" },
    { NULL, "mute", NULL, NULL },
    { NULL, "strange", NULL, NULL },
    { "http://x/", NULL, NULL, "http http://x/" },
    { "http://x/", NULL, "/c.pem", "http http://x/ /c.pem" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    Bed bed;
    bed_init (&bed);
    bed.settings.url = (char *)looks[i].url;
    bed.settings.service = (char *)looks[i].service;
    bed.settings.ca_file = (char *)looks[i].ca_file;
    g_autoptr (Request) request = request_of (&bed);
    g_assert_cmpstr (request ? request->key : NULL, ==, looks[i].key);
    if (request) {
      g_assert_cmpint (request->interval_us, ==, 5 * SECOND);
      g_assert_cmpint (request->limit_us, ==, 10 * SECOND);
    } else {
      g_autofree char *words = g_strdup_printf (
          "%s has no health address in the site file: not looked at", looks[i].service);
      g_auto (Judgement) judgement = { 0 };
      bed_judge (&bed, 100, &judgement);
      g_assert_cmpint (judgement.verdict, ==, VERDICT_NOT_OURS);
      g_assert_cmpstr (judgement.text, ==, words);
    }
    bed_finish (&bed);
  }
}

/* What may be a secret in an address is not shown. */
static void
test_shown (void)
{
  static const struct {
    const char *url, *words;
  } looks[] = {
    { URL, "https://app.example/health answers 200 in 12ms" },
    { "http://h:80/a@b", "http://h:80/a@b answers 200 in 12ms" },
    { "http://u:p@h:80?q", "http://h:80 answers 200 in 12ms" },
    { "http://u:p@q@h#f", "http://h answers 200 in 12ms" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    Bed bed;
    bed_init (&bed);
    bed.settings.service = NULL;
    bed.settings.url = (char *)looks[i].url;
    bed_see (&bed, 100, NULL, answer (200, 12, ""));
    g_auto (Judgement) judgement = { 0 };
    bed_judge (&bed, 100, &judgement);
    g_assert_cmpstr (judgement.text, ==, looks[i].words);
    bed_finish (&bed);
  }
}

/* ---- failures and time ------------------------------------------------------ */

/* What is being started may not answer for a minute; no waiting mends a certificate. */
static void
test_failures (void)
{
  static const struct {
    const char *error;
    gint64 now;
    Verdict verdict;
    gint64 wake;
  } looks[] = {
    { "app.example:443 cannot be connected to (Connection refused)", 100, VERDICT_NOT_YET,
      160 },
    { "app.example:443 cannot be connected to (Connection refused)", 159, VERDICT_NOT_YET,
      160 },
    { "app.example:443 cannot be connected to (Connection refused)", 160, VERDICT_NEVER,
      0 },
    { READING_CERTIFICATE "app.example:443 has expired", 100, VERDICT_NEVER, 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    Bed bed;
    bed_init (&bed);
    bed_see (&bed, looks[i].now, looks[i].error, NULL);
    g_auto (Judgement) judgement = { 0 };
    g_autofree char *words = g_strconcat ("app: ", looks[i].error, NULL);
    bed_judge (&bed, looks[i].now, &judgement);
    g_assert_cmpstr (judgement.text, ==, words);
    g_assert_cmpint (judgement.verdict, ==, looks[i].verdict);
    g_assert_cmpint (judgement.wake_us, ==, looks[i].wake * SECOND);
    bed_finish (&bed);
  }
}

static void
test_time (void)
{
  static const struct {
    gint64 now;
    Verdict verdict;
    gint64 wake_us;
  } looks[] = {
    { 150, VERDICT_NOT_YET, 160 * SECOND }, /* before it is stale, its patience ends */
    { 160, VERDICT_NEVER, 165 * SECOND + 1 },
    { 165, VERDICT_NEVER, 165 * SECOND + 1 },
    { 166, VERDICT_STALE, 0 },
  };
  Bed bed;
  bed_init (&bed);
  g_auto (Judgement) unseen = { 0 };
  bed_judge (&bed, 100, &unseen);
  g_assert_cmpint (unseen.verdict, ==, VERDICT_UNKNOWN);
  bed_see (&bed, 150, NULL, answer (503, 1, ""));
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    g_auto (Judgement) judgement = { 0 };
    bed_judge (&bed, looks[i].now, &judgement);
    g_assert_cmpint (judgement.verdict, ==, looks[i].verdict);
    g_assert_cmpint (judgement.wake_us, ==, looks[i].wake_us);
  }
  bed_finish (&bed);
}

/* ---- what is written -------------------------------------------------------- */

static void
test_complain (void)
{
  static const struct {
    const char *url, *service;
    int version;
    gint64 within_us;
    const char *words; /* NULL: fine */
  } looks[] = {
    { "http://x/", NULL, HTTP_VERSION_ANY, FIELD_UNSET, NULL },
    { "HTTPS://x/", NULL, HTTP_VERSION_ANY, SECOND, NULL },
    { NULL, "app", HTTP_VERSION_RECORDED, FIELD_UNSET, NULL },
    { NULL, NULL, HTTP_VERSION_ANY, FIELD_UNSET, "it is not said" },
    { "http://x/", "app", HTTP_VERSION_ANY, FIELD_UNSET, "said twice" },
    { "ftp://x/", NULL, HTTP_VERSION_ANY, FIELD_UNSET, "none of the web" },
    { "http://x/", NULL, HTTP_VERSION_RECORDED, FIELD_UNSET, "recorded by service" },
    { NULL, "app", HTTP_VERSION_ANY, 10 * SECOND, "not shorter than limit" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    CheckHttpSettings settings = { .url = (char *)looks[i].url,
                                   .service = (char *)looks[i].service,
                                   .version = looks[i].version,
                                   .within_us = looks[i].within_us,
                                   .limit_us = 10 * SECOND };
    g_autofree char *problem = check_http.spec.complain (&settings);
    g_assert_cmpint (problem == NULL, ==, looks[i].words == NULL);
    g_assert_true (!problem || strstr (problem, looks[i].words));
  }
}

static void
test_version (void)
{
  static const struct {
    const char *text, *version, *why;
  } looks[] = {
    { "{\"version\":\"v44.0.1\"}", "v44.0.1", NULL },
    { "{\"version\":7}", "7", NULL },
    { "{\"version\":null}", NULL, "names no version in its answer" },
    { "{\"version\":\"\"}", NULL, "names no version in its answer" },
    { "{}", NULL, "names no version in its answer" },
    { "<html>", NULL, "answers 200 with what is no JSON object" },
    { "{\"version\":"
      "\"0123456789012345678901234567890123456789012345678901234567890123\"}",
      "0123456789012345678901234567890123456789012345678901234567890123", NULL },
    { "{\"version\":"
      "\"01234567890123456789012345678901234567890123456789012345678901234\"}",
      NULL, "names a version of more than 64 characters" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    json_t *body = answer (200, 1, looks[i].text);
    g_autofree char *why = NULL;
    g_autofree char *version = answer_version (body, &why);
    g_assert_cmpstr (version, ==, looks[i].version);
    g_assert_cmpstr (why, ==, looks[i].why);
    json_decref (body);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-http/rows", test_rows);
  g_test_add_func ("/check-http/gist", test_gist);
  g_test_add_func ("/check-http/shapes", test_shapes);
  g_test_add_func ("/check-http/cut", test_cut);
  g_test_add_func ("/check-http/redirect", test_redirect);
  g_test_add_func ("/check-http/requests", test_requests);
  g_test_add_func ("/check-http/shown", test_shown);
  g_test_add_func ("/check-http/failures", test_failures);
  g_test_add_func ("/check-http/time", test_time);
  g_test_add_func ("/check-http/complain", test_complain);
  g_test_add_func ("/check-http/version", test_version);
  return g_test_run ();
}
