/* http.c: a web address answers as it should. */
#include "core/checks/checks.h"

#include <stddef.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/run/answer.h"

/* For so long what answers otherwise, or not at all, may be an application that is just
 * being started; after that somebody should be told that it will not come by itself. */
#define HTTP_PATIENCE_US (60 * G_USEC_PER_SEC)

/* How much of an answer's own words fits into a verdict. */
#define HTTP_VALUE_CHARACTERS 40
#define HTTP_REASON_CHARACTERS 160
#define HTTP_URL_CHARACTERS 80

static const char *const versions[] = {
  [HTTP_VERSION_ANY] = "any", [HTTP_VERSION_RECORDED] = "recorded", NULL
};

static const Field fields[] = {
  { .name = "url",
    .type = FIELD_URL,
    .offset = offsetof (CheckHttpSettings, url),
    .help = "The address; a redirect is not followed, but an answer like any other" },
  { .name = "service",
    .type = FIELD_SERVICE,
    .offset = offsetof (CheckHttpSettings, service),
    .help = "Instead: the service whose health address, as the site file names it, is "
            "meant" },
  { .name = "status",
    .type = FIELD_COUNT,
    .offset = offsetof (CheckHttpSettings, status),
    .min = 100,
    .max = 599,
    .fallback = "200",
    .help = "The status that it must answer with" },
  { .name = "within",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckHttpSettings, within_us),
    .min = G_TIME_SPAN_MILLISECOND,
    .max = 600 * (gint64)G_USEC_PER_SEC,
    .help = "How long the answer may take at most, from looking the name up to its end" },
  { .name = "json",
    .type = FIELD_TEXTMAP,
    .offset = offsetof (CheckHttpSettings, json),
    .help =
        "Members of the JSON object that is answered, and what each must be; dots lead "
        "into inner ones, as in redis.connected" },
  { .name = "reason",
    .type = FIELD_TEXT,
    .offset = offsetof (CheckHttpSettings, reason),
    .help = "The member that says why, shown where the answer is not as it should be" },
  { .name = "version",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckHttpSettings, version),
    .choices = versions,
    .fallback = "any",
    .help = "Whether the member version must be what was recorded" },
  { .name = "match",
    .type = FIELD_PATTERN,
    .offset = offsetof (CheckHttpSettings, match),
    .help = "What must be found in the answer" },
  { .name = "ca-file",
    .type = FIELD_PATH,
    .offset = offsetof (CheckHttpSettings, ca_file),
    .help = "Certificates that the server's is checked by, instead of the system's" },
  { .name = "every",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckHttpSettings, every_us),
    .min = G_USEC_PER_SEC,
    .max = 3600 * (gint64)G_USEC_PER_SEC,
    .fallback = "5s",
    .help = "How long to wait before it is looked at again" },
  { .name = "limit",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckHttpSettings, limit_us),
    .min = G_USEC_PER_SEC,
    .max = 600 * (gint64)G_USEC_PER_SEC,
    .fallback = "10s",
    .help = "How long to wait for the answer" },
  { 0 },
};

static gboolean
is_web_address (const char *url)
{
  return g_ascii_strncasecmp (url, "http://", 7) == 0 ||
         g_ascii_strncasecmp (url, "https://", 8) == 0;
}

static char *
complain (const void *data)
{
  const CheckHttpSettings *settings = data;
  if (settings->url && settings->service)
    return g_strdup ("the address is said twice; give `url:` or `service:`");
  if (!settings->url && !settings->service)
    return g_strdup ("it is not said what to look at; give `url:`, or `service:` for the "
                     "health address of a service");
  if (settings->url && !is_web_address (settings->url))
    return g_strdup ("the address is none of the web; write http://HOST/PATH or "
                     "https://HOST/PATH");
  if (settings->version == HTTP_VERSION_RECORDED && !settings->service)
    return g_strdup (
        "versions are recorded by service; give `service:` instead of `url:`, "
        "or leave `version:` out");
  if (settings->within_us != FIELD_UNSET && settings->within_us >= settings->limit_us)
    return g_strdup (
        "within is not shorter than limit, so nothing would be waited for so "
        "long; make limit longer");
  return NULL;
}

/* ---- what is looked at ----------------------------------------------------- */

/* NULL: the service has no health address. */
static Request *
request_of (const CheckHttpSettings *settings, const CheckContext *context)
{
  const SiteService *service =
      settings->service ? site_service (context->site, settings->service) : NULL;
  const char *url = service ? service->health : settings->url;
  const char *ca_file = settings->ca_file             ? settings->ca_file
                        : service && service->ca_file ? service->ca_file
                                                      : NULL;
  return url ? request_http (url, ca_file, settings->every_us, settings->limit_us) : NULL;
}

static void
needs (const void *data, const CheckContext *context, GPtrArray *requests)
{
  Request *request = request_of (data, context);
  if (request)
    g_ptr_array_add (requests, request);
}

/* The address without what may be a secret in it: user, password and query. */
static char *
shown_url (const char *url)
{
  const char *host = strstr (url, "://");
  host = host ? host + strlen ("://") : url;
  gsize length = strcspn (host, "/?#");
  const char *at = g_strrstr_len (host, (gssize)length, "@");
  const char *rest = at ? at + 1 : host;
  g_autofree char *scheme = g_strndup (url, (gsize)(host - url));
  g_autofree char *bare = g_strndup (rest, strcspn (rest, "?#"));
  g_autofree char *whole = g_strconcat (scheme, bare, NULL);
  g_autofree char *printable = text_printable (whole, -1);
  return text_cut_middle (printable, HTTP_URL_CHARACTERS);
}

static char *
shown (const char *text, guint characters)
{
  g_autofree char *printable = text_printable (text, -1);
  return text_cut_middle (printable, characters);
}

/* ---- what was answered ----------------------------------------------------- */

/* How an answer is judged. Its words go into `words` as they are found. */
typedef struct {
  const CheckHttpSettings *settings;
  const CheckContext *context;
  const json_t *body;
  json_t *object;  /* or NULL */
  char *no_object; /* why not; or NULL */
  GString *words;  /* what is right, ", " before each */
} Answer;

/* The first thing that is not as it should be, as what follows the name of who answered,
 * newly allocated; or NULL. */
typedef char *(*Aspect) (Answer *answer);

static json_int_t
status_of (const Answer *answer)
{
  return json_integer_value (json_object_get (answer->body, "status"));
}

static char *
status_problem (Answer *answer)
{
  json_int_t status = status_of (answer);
  const char *location = json_string_value (json_object_get (answer->body, "location"));
  g_autofree char *leads = location ? shown_url (location) : NULL;
  if (status == answer->settings->status)
    return NULL;
  return g_strdup_printf (" answers %" JSON_INTEGER_FORMAT "%s%s%s, %" G_GINT64_FORMAT
                          " wanted",
                          status, leads ? " (it leads to " : "", leads ? leads : "",
                          leads ? ")" : "", answer->settings->status);
}

static char *
member_problem (Answer *answer, const char *path, const char *wanted)
{
  g_autofree char *value = answer_member (answer->object, path);
  g_autofree char *wants = shown (wanted, HTTP_VALUE_CHARACTERS);
  if (!value)
    return g_strdup_printf ("%s is not in the answer, %s wanted", path, wants);
  g_autofree char *is = shown (value, HTTP_VALUE_CHARACTERS);
  if (strcmp (value, wanted) != 0)
    return g_strdup_printf ("%s is %s, %s wanted", path, is, wants);
  g_string_append_printf (answer->words, ", %s is %s", path, is);
  return NULL;
}

static char *
json_problem (Answer *answer)
{
  GHashTable *wanted = answer->settings->json;
  if (!wanted)
    return NULL;
  if (!answer->object)
    return g_strconcat (" ", answer->no_object, NULL);
  GString *problems = g_string_new (NULL);
  g_autoptr (GList) paths =
      g_list_sort (g_hash_table_get_keys (wanted), (GCompareFunc)g_strcmp0);
  for (const GList *path = paths; path; path = path->next) {
    g_autofree char *problem =
        member_problem (answer, path->data, g_hash_table_lookup (wanted, path->data));
    if (problem)
      g_string_append_printf (problems, "%s %s", problems->len ? "," : ":", problem);
  }
  return g_string_free (problems, problems->len == 0);
}

/* A version that nobody wrote down cannot be compared with, and must not stand in the
 * way of a start. */
static char *
version_problem (Answer *answer)
{
  const CheckContext *context = answer->context;
  if (answer->settings->version != HTTP_VERSION_RECORDED)
    return NULL;
  const LedgerEntry *entry =
      context->ledger ? ledger_get (context->ledger, answer->settings->service) : NULL;
  g_autofree char *why = NULL;
  g_autofree char *is = answer_version (answer->body, &why);
  if (!entry || !entry->version) {
    g_string_append_printf (answer->words,
                            "%s%s; no version was recorded to compare with",
                            is ? ", version " : "", is ? is : "");
    return NULL;
  }
  const char *was = entry->version;
  if (!is)
    return g_strdup_printf (" %s; version %s was recorded", why, was);
  if (strcmp (is, was) != 0)
    return g_strdup_printf (": version is %s, %s was recorded", is, was);
  g_string_append_printf (answer->words, ", version %s as recorded", is);
  return NULL;
}

static char *
match_problem (Answer *answer)
{
  const Pattern *match = answer->settings->match;
  const char *text = json_string_value (json_object_get (answer->body, "text"));
  g_autoptr (GError) error = NULL;
  gboolean found = FALSE;
  if (!match)
    return NULL;
  if (!pattern_search (match, text ? text : "", text ? strlen (text) : 0, &found, &error))
    return g_strconcat (": ", error->message, NULL);
  if (found)
    return NULL;
  return g_strdup_printf (" answers %" JSON_INTEGER_FORMAT ", /%s/ not found in %s",
                          status_of (answer), pattern_expression (match),
                          json_is_true (json_object_get (answer->body, "cut"))
                              ? "what was kept of it"
                              : "it");
}

static const Aspect aspects[] = { status_problem, json_problem, version_problem,
                                  match_problem };

static char *
answer_problem (Answer *answer)
{
  char *problem = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (aspects) && !problem; i++)
    problem = aspects[i](answer);
  g_autofree char *said = problem && answer->object && answer->settings->reason
                              ? answer_reason (answer->object, answer->settings->reason)
                              : NULL;
  if (!said)
    return problem;
  g_autofree char *owned = problem;
  g_autofree char *reason = shown (said, HTTP_REASON_CHARACTERS);
  return g_strdup_printf ("%s (%s)", owned, reason);
}

/* ---- the verdict ----------------------------------------------------------- */

/* How long it took moves all the time, and is no news. */
static void
judge_good (const Answer *answer, const char *name, Verdict bad, Judgement *judgement)
{
  double ms = json_number_value (json_object_get (answer->body, "ms"));
  gint64 took_us = (gint64)CLAMP (ms, 1, 1e9) * G_TIME_SPAN_MILLISECOND;
  gint64 within_us = answer->settings->within_us;
  g_autofree char *took = quantity_format_duration (took_us);
  const char *words = answer->words->str;
  if (within_us != FIELD_UNSET && took_us > within_us) {
    g_autofree char *within = quantity_format_duration (within_us);
    judgement_set (judgement, bad, "%s takes %s to answer, %s at most wanted", name, took,
                   within);
    judgement->gist = g_strdup_printf ("%s takes too long to answer", name);
    return;
  }
  json_int_t status = status_of (answer);
  judgement_set (judgement, VERDICT_HOLDS, "%s answers %" JSON_INTEGER_FORMAT " in %s%s",
                 name, status, took, words);
  judgement->gist =
      g_strdup_printf ("%s answers %" JSON_INTEGER_FORMAT "%s", name, status, words);
}

static void
judge_answer (const CheckHttpSettings *settings, const CheckContext *context,
              const char *name, const Reading *reading, Verdict bad, Judgement *judgement)
{
  Answer answer = { .settings = settings,
                    .context = context,
                    .body = reading->body,
                    .words = g_string_new (NULL) };
  answer.object = answer_object (reading->body, &answer.no_object);
  g_autofree char *problem = answer_problem (&answer);
  if (problem)
    judgement_set (judgement, bad, "%s%s", name, problem);
  else
    judge_good (&answer, name, bad, judgement);
  json_decref (answer.object);
  g_free (answer.no_object);
  g_string_free (answer.words, TRUE);
}

static void
judge (const void *data, const CheckContext *context, Judgement *judgement)
{
  const CheckHttpSettings *settings = data;
  g_autoptr (Request) request = request_of (settings, context);
  gint64 patient_until_us = check_patience_end (context, HTTP_PATIENCE_US);
  Verdict bad = context->now.boot_us < patient_until_us ? VERDICT_NOT_YET : VERDICT_NEVER;
  if (!request) {
    judgement_set (judgement, VERDICT_NOT_OURS,
                   "%s has no health address in the site file: not looked at",
                   settings->service);
    return;
  }
  g_autofree char *name =
      settings->service ? g_strdup (settings->service) : shown_url (request->url);
  const Reading *failure = check_failure (context, request);
  const Reading *reading = failure ? NULL : check_reading (context, request, judgement);
  if (failure && g_str_has_prefix (failure->error, READING_CERTIFICATE))
    bad = VERDICT_NEVER;
  if (failure)
    judgement_set (judgement, bad, "%s: %s", name, failure->error);
  else if (reading)
    judge_answer (settings, context, name, reading, bad, judgement);
  if (judgement->verdict == VERDICT_NOT_YET &&
      (!judgement->wake_us || patient_until_us < judgement->wake_us))
    judgement->wake_us = patient_until_us;
}

static void
add_member_words (GString *text, GHashTable *json)
{
  g_autoptr (GList) paths =
      json ? g_list_sort (g_hash_table_get_keys (json), (GCompareFunc)strcmp) : NULL;
  for (const GList *path = paths; path; path = path->next) {
    const char *wanted = g_hash_table_lookup (json, path->data);
    g_autofree char *value = shown (wanted, HTTP_VALUE_CHARACTERS);
    g_string_append_printf (text, ", %s is %s", (const char *)path->data, value);
  }
}

static char *
words (const void *data)
{
  const CheckHttpSettings *settings = data;
  GString *text = g_string_new (NULL);
  g_autofree char *url = settings->url ? shown_url (settings->url) : NULL;
  if (url)
    g_string_append (text, url);
  else
    g_string_append_printf (text, "the health address of %s", settings->service);
  g_string_append_printf (text, " answers %" G_GINT64_FORMAT, settings->status);
  if (settings->within_us != FIELD_UNSET) {
    g_autofree char *within = quantity_format_duration (settings->within_us);
    g_string_append_printf (text, " within %s", within);
  }
  add_member_words (text, settings->json);
  if (settings->version == HTTP_VERSION_RECORDED)
    g_string_append (text, ", version as recorded");
  if (settings->match)
    g_string_append_printf (text, ", with /%s/ in it",
                            pattern_expression (settings->match));
  return g_string_free (text, FALSE);
}

const CheckKind check_http = {
  .spec = { .name = "http",
            .help = "A web address answers as it should",
            .fields = fields,
            .size = sizeof (CheckHttpSettings),
            .shorthand = "url",
            .complain = complain,
            .words = words },
  .needs = needs,
  .judge = judge,
};
