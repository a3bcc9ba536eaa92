/* redis.c: a Redis or Valkey answers, and is as it should be. */
#include "core/checks/checks.h"

#include <stddef.h>
#include <string.h>

#include "core/base/text.h"
#include "core/checks/redis_keeps.h"
#include "core/checks/redis_proof.h"

#define REDIS_INTERVAL_US (2 * G_USEC_PER_SEC)
#define REDIS_LIMIT_US (5 * G_USEC_PER_SEC)

/* As for a port: what does not answer by then will not by itself. */
#define REDIS_PATIENCE_US (15 * G_USEC_PER_SEC)

/* What the reading's sentence says of a server that will answer once it has. */
#define REDIS_LOADING "is loading its data"

static const char *const server_words[] = { "current", "new", NULL };
static const char *const role_words[] = { "master", "slave", NULL };

static const Field fields[] = {
  { .name = "server",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckRedisSettings, server),
    .fallback = "current",
    .choices = server_words,
    .help = "The one of the site's section redis, or of redis-new" },
  { .name = "keeps-data",
    .type = FIELD_YES,
    .offset = offsetof (CheckRedisSettings, keeps_data),
    .help = "What it holds now is there again after it is stopped and started; with of, "
            "also that it is proved" },
  { .name = "empty",
    .type = FIELD_YES,
    .offset = offsetof (CheckRedisSettings, empty),
    .help = "Its database holds no key" },
  { .name = "role",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckRedisSettings, role),
    .choices = role_words,
    .help = "What it is in its replication" },
  { .name = "policy",
    .type = FIELD_WORD,
    .offset = offsetof (CheckRedisSettings, policy),
    .help = "The maxmemory-policy it must have; with others than noeviction a full one "
            "drops what it holds" },
  { .name = "version",
    .type = FIELD_WORD,
    .offset = offsetof (CheckRedisSettings, version),
    .help = "What its version begins with: 7 is any 7.x.y" },
  { .name = "of",
    .type = FIELD_SERVICE,
    .offset = offsetof (CheckRedisSettings, of),
    .help = "The service whose instances the workers must be that report to it, so that "
            "this is proved to be its Redis; the run remembers it for when they are "
            "stopped" },
  { 0 },
};

static const char *
section (const void *data)
{
  const CheckRedisSettings *settings = data;
  return settings->server == REDIS_SERVER_NEW ? "redis-new" : "redis";
}

static Request *
request_of (const CheckRedisSettings *settings)
{
  return request_redis (section (settings), REDIS_INTERVAL_US, REDIS_LIMIT_US);
}

static void
needs (const void *data, const CheckContext *context, GPtrArray *requests)
{
  const CheckRedisSettings *settings = data;
  g_ptr_array_add (requests, request_of (settings));
  if (settings->of)
    redis_proof_needs (context, settings->of, requests);
}

/* ---- what it says of itself ------------------------------------------------ */

/* Printable; newly allocated; NULL: it does not say. */
static char *
text_of (const json_t *body, const char *member)
{
  const char *text = json_string_value (json_object_get (body, member));
  return text ? text_printable (text, -1) : NULL;
}

/* -1: it does not say. */
static gint64
count_of (const json_t *body, const char *member)
{
  const json_t *value = json_object_get (body, member);
  return json_is_integer (value) ? json_integer_value (value) : -1;
}

/* ---- conditions ------------------------------------------------------------ */

static void
judge_keeping (const CheckRedisSettings *settings, const json_t *body, Judgement *one)
{
  (void)settings;
  redis_keeps_judge (body, one);
}

static void
judge_empty (const CheckRedisSettings *settings, const json_t *body, Judgement *one)
{
  gint64 keys = count_of (body, "keys");
  (void)settings;
  if (keys == 0) {
    judgement_set (one, VERDICT_HOLDS, "holds no key");
    return;
  }
  one->gist = g_strdup ("holds keys");
  if (keys < 0)
    judgement_set (one, VERDICT_NEVER,
                   "does not say how many keys it holds; see that there are none");
  else
    judgement_set (one, VERDICT_NEVER,
                   "holds %" G_GINT64_FORMAT " key%s where none should be; name another "
                   "database, or find out whose they are",
                   keys, keys == 1 ? "" : "s");
}

static void
judge_role (const CheckRedisSettings *settings, const json_t *body, Judgement *one)
{
  g_autofree char *role = text_of (body, "role");
  g_autofree char *master = text_of (body, "master");
  gboolean slave = settings->role == REDIS_ROLE_SLAVE;
  const char *wanted = slave ? "replica" : "master";
  if (g_strcmp0 (role, role_words[settings->role]) == 0)
    judgement_set (one, VERDICT_HOLDS, "is a %s", wanted);
  else if (g_strcmp0 (role, "slave") == 0)
    judgement_set (
        one, VERDICT_NEVER,
        "is a replica of %s, a %s is wanted; name that one in the site file, or "
        "promote this one",
        master ? master : "another", wanted);
  else
    judgement_set (one, VERDICT_NEVER, "is a %s, a %s is wanted",
                   role ? role : "server that does not say its role", wanted);
}

static void
judge_policy (const CheckRedisSettings *settings, const json_t *body, Judgement *one)
{
  g_autofree char *policy = text_of (body, "policy");
  if (!policy)
    judgement_set (one, VERDICT_NEVER,
                   "does not say its maxmemory-policy; see that it is %s where it is run",
                   settings->policy);
  else if (strcmp (policy, settings->policy) == 0)
    judgement_set (one, VERDICT_HOLDS, "maxmemory-policy is %s", policy);
  else
    judgement_set (one, VERDICT_NEVER,
                   "maxmemory-policy is %s, %s is wanted; set it where it is run", policy,
                   settings->policy);
}

/* "7" is the beginning of "7.0.15", not of "70.1". */
static gboolean
begins_version (const char *version, const char *wanted)
{
  gsize length = strlen (wanted);
  return strncmp (version, wanted, length) == 0 &&
         (version[length] == '\0' || strchr (".-", version[length]) ||
          g_str_has_suffix (wanted, "."));
}

static void
judge_version (const CheckRedisSettings *settings, const json_t *body, Judgement *one)
{
  g_autofree char *version = text_of (body, "version");
  const char *seen = version ? version : "unknown";
  if (version && begins_version (version, settings->version))
    judgement_set (one, VERDICT_HOLDS, "is version %s", seen);
  else
    judgement_set (one, VERDICT_NEVER, "is version %s, %s is wanted", seen,
                   settings->version);
}

/* ---- judging --------------------------------------------------------------- */

/* The conditions become one verdict, the worst; only what does not pass is told where
 * something does not. */
typedef struct {
  Verdict worst;
  GString *text, *gist;
} Summary;

static void
summary_add (Summary *summary, Judgement *one)
{
  gboolean failed = !verdict_passes (summary->worst);
  gboolean fails = !verdict_passes (one->verdict);
  if (failed && !fails)
    return;
  if (fails && !failed) {
    g_string_truncate (summary->text, 0);
    g_string_truncate (summary->gist, 0);
  }
  if (!failed || one->verdict == VERDICT_NEVER)
    summary->worst = one->verdict;
  g_string_append_printf (summary->text, "%s%s", summary->text->len > 0 ? "; " : "",
                          one->text);
  g_string_append_printf (summary->gist, "%s%s", summary->gist->len > 0 ? "; " : "",
                          one->gist ? one->gist : one->text);
}

/* "answers (7.0.15, master)". */
static void
judge_answer (const CheckRedisSettings *settings, const json_t *body, Judgement *one)
{
  (void)settings;
  g_autofree char *version = text_of (body, "version");
  g_autofree char *role = text_of (body, "role");
  judgement_set (one, VERDICT_HOLDS, "answers (%s, %s)", version ? version : "?",
                 g_strcmp0 (role, "slave") == 0 ? "replica"
                 : role                         ? role
                                                : "?");
}

typedef void (*Condition) (const CheckRedisSettings *settings, const json_t *body,
                           Judgement *one);

static void
judge_body (const CheckRedisSettings *settings, const json_t *body,
            const RedisProof *proof, Judgement *judgement)
{
  const struct {
    gboolean wanted;
    Condition judge;
  } conditions[] = {
    { TRUE, judge_answer },
    { settings->version != NULL, judge_version },
    { settings->role >= 0, judge_role },
    { settings->policy != NULL, judge_policy },
    { settings->empty, judge_empty },
    { settings->keeps_data, judge_keeping },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) gist = g_string_new (NULL);
  Summary summary = { VERDICT_HOLDS, text, gist };
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++) {
    g_auto (Judgement) one = { 0 };
    if (!conditions[i].wanted)
      continue;
    conditions[i].judge (settings, body, &one);
    summary_add (&summary, &one);
  }
  const char *note = proof->note ? proof->note : "";
  judgement_set (judgement, summary.worst, "%s: %s%s%s", section (settings), text->str,
                 *note ? "; " : "", note);
  judgement->gist = g_strdup_printf ("%s%s%s", gist->str, *note ? "; " : "", note);
}

/* One that is just being started is waited for, and for as long as it loads its data. */
static void
judge_failure (const CheckRedisSettings *settings, const CheckContext *context,
               const Reading *failure, Judgement *judgement)
{
  gint64 patient_until_us = check_patience_end (context, REDIS_PATIENCE_US);
  gboolean loads = strstr (failure->error, REDIS_LOADING) != NULL;
  gboolean patient = context->now.boot_us < patient_until_us;
  judgement_set (judgement, patient || loads ? VERDICT_NOT_YET : VERDICT_NEVER, "%s: %s",
                 section (settings), failure->error);
  judgement->gist = loads ? g_strdup (REDIS_LOADING) : NULL; /* not how far it is */
  judgement->wake_us = patient && !loads ? patient_until_us : 0;
}

/* Nobody may lose what is in a Redis because another one keeps its data. */
static gboolean
judge_proof (const CheckRedisSettings *settings, const CheckContext *context,
             const json_t *body, RedisProof *proof, Judgement *judgement)
{
  const char *run_id = json_string_value (json_object_get (body, "run_id"));
  return redis_proof_judge (context, section (settings), settings->of, body, proof,
                            judgement) &&
         redis_proof_remember (context, section (settings), settings->of, run_id,
                               settings->keeps_data, proof, judgement);
}

static void
judge (const void *data, const CheckContext *context, Judgement *judgement)
{
  const CheckRedisSettings *settings = data;
  g_autoptr (Request) request = request_of (settings);
  g_auto (RedisProof) proof = { 0 };
  const Reading *failure = check_failure (context, request);
  if (failure) {
    judge_failure (settings, context, failure, judgement);
    return;
  }
  const Reading *reading = check_reading (context, request, judgement);
  if (!reading)
    return;
  if (!settings->of || judge_proof (settings, context, reading->body, &proof, judgement))
    judge_body (settings, reading->body, &proof, judgement);
}

static char *
words (const void *data)
{
  const CheckRedisSettings *settings = data;
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%s: answers", section (settings));
  if (settings->version)
    g_string_append_printf (text, "; is version %s", settings->version);
  if (settings->role >= 0)
    g_string_append_printf (text, "; is a %s",
                            settings->role == REDIS_ROLE_SLAVE ? "replica" : "master");
  if (settings->policy)
    g_string_append_printf (text, "; maxmemory-policy is %s", settings->policy);
  if (settings->empty)
    g_string_append (text, "; holds no key");
  if (settings->keeps_data)
    g_string_append (text, "; keeps its data");
  if (settings->of)
    g_string_append_printf (text, "; is the one of %s", settings->of);
  return g_string_free (text, FALSE);
}

const CheckKind check_redis = {
  .spec = { .name = "redis",
            .help = "A Redis or Valkey answers, and keeps its data across a stop",
            .fields = fields,
            .size = sizeof (CheckRedisSettings),
            .section = section,
            .words = words },
  .needs = needs,
  .judge = judge,
};
