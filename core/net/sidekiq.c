#include "core/net/sidekiq.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/net/redis_set.h"
#include "core/net/sidekiq_job.h"
#include "core/net/sidekiq_process.h"

#define QUEUE_PREFIX "queue:"
/* After so many samples without the oldest jobs they are tried again. */
#define SLIM_SAMPLES 30

/* What every sample asks, in this order, before queues and processes. */
enum {
  ASK_TIME,
  ASK_QUEUES,
  ASK_PROCESSES,
  ASK_PAUSED,
  ASK_RETRY,
  ASK_SCHEDULED,
  ASK_DEAD,
  ASK_PROCESSED,
  ASK_FAILED,
  ASK_ROLE,
  ASKED
};

static const char *const questions[ASKED][2] = {
  [ASK_TIME] = { "TIME", NULL },
  [ASK_QUEUES] = { "SMEMBERS", "queues" },
  [ASK_PROCESSES] = { "SMEMBERS", "processes" },
  [ASK_PAUSED] = { "SMEMBERS", "paused" },
  [ASK_RETRY] = { "ZCARD", "retry" },
  [ASK_SCHEDULED] = { "ZCARD", "schedule" },
  [ASK_DEAD] = { "ZCARD", "dead" },
  [ASK_PROCESSED] = { "GET", "stat:processed" },
  [ASK_FAILED] = { "GET", "stat:failed" },
  [ASK_ROLE] = { "ROLE", NULL },
};

typedef struct Queue Queue;
struct Queue {
  RedisMember member;
  Queue *same; /* one whose name reads the same, and which stands for both; or NULL */
  gint64 size;
  double latency_s;
  gboolean latency_known, paused, consumed;
  const RedisReply *wrong; /* what came in place of its size; or NULL */
};

struct SidekiqSampler {
  char *redis;
  RedisSet *queues;  /* of Queue */
  GPtrArray *sorted; /* the same by name */
  SidekiqProcesses *processes;
  guint generation; /* of `processes` when Queue.consumed was set */
  gboolean any_live;
  RedisCommands *commands; /* for all that is known; NULL: to be made anew */
  RedisCommands *rest;     /* for what has come, while it is asked for */
  guint slim;              /* so many samples more without the oldest jobs */
  double at_s, now_s;      /* the reader's clock, and that of Redis */
  gint64 counts[ASKED];
};

SidekiqSampler *
sidekiq_sampler_new (const char *redis)
{
  SidekiqSampler *sampler = g_new0 (SidekiqSampler, 1);
  sampler->redis = g_strdup (redis);
  sampler->queues = redis_set_new (sizeof (Queue), NULL);
  sampler->sorted = g_ptr_array_new ();
  sampler->processes = sidekiq_processes_new ();
  return sampler;
}

void
sidekiq_sampler_free (SidekiqSampler *sampler)
{
  if (!sampler)
    return;
  g_ptr_array_unref (sampler->sorted);
  redis_set_free (sampler->queues);
  sidekiq_processes_free (sampler->processes);
  redis_commands_free (sampler->commands);
  redis_commands_free (sampler->rest);
  g_free (sampler->redis);
  g_free (sampler);
}

/* ---- asking ---------------------------------------------------------------- */

static Queue *
queue_at (const SidekiqSampler *sampler, guint index)
{
  return redis_set_at (sampler->queues, index);
}

static void
ask_queue (const Queue *queue, gboolean slim, RedisCommands *commands)
{
  const RedisMember *member = &queue->member;
  gsize prefix = strlen (QUEUE_PREFIX), length = prefix + member->length;
  g_autofree char *key = g_malloc (length);
  memcpy (key, QUEUE_PREFIX, prefix);
  memcpy (key + prefix, member->bytes, member->length);
  redis_commands_add (commands, 2, (const char *[]){ "LLEN", key },
                      (const gsize[]){ strlen ("LLEN"), length });
  if (!slim)
    redis_commands_add (commands, 3, (const char *[]){ "LINDEX", key, "-1" },
                        (const gsize[]){ strlen ("LINDEX"), length, 2 });
}

static void
ask_all (const SidekiqSampler *sampler, gboolean new_only, RedisCommands *commands)
{
  for (guint i = 0; i < redis_set_size (sampler->queues); i++)
    if (!new_only || queue_at (sampler, i)->member.is_new)
      ask_queue (queue_at (sampler, i), sampler->slim > 0, commands);
  sidekiq_processes_ask (sampler->processes, new_only, commands);
}

const RedisCommands *
sidekiq_sampler_begin (SidekiqSampler *sampler, gint64 wall_us)
{
  sampler->at_s = (double)wall_us / G_USEC_PER_SEC;
  g_clear_pointer (&sampler->rest, redis_commands_free);
  if (sampler->slim > 0 && --sampler->slim == 0)
    g_clear_pointer (&sampler->commands, redis_commands_free);
  if (sampler->commands)
    return sampler->commands;
  sampler->commands = redis_commands_new ();
  for (guint i = 0; i < ASKED; i++)
    redis_commands_add_words (sampler->commands, questions[i][0], questions[i][1], NULL);
  ask_all (sampler, FALSE, sampler->commands);
  return sampler->commands;
}

gboolean
sidekiq_sampler_slim (SidekiqSampler *sampler)
{
  gboolean was_slim = sampler->slim > 0;
  sampler->slim = SLIM_SAMPLES;
  if (!was_slim)
    g_clear_pointer (&sampler->commands, redis_commands_free);
  return !was_slim;
}

/* ---- what there is --------------------------------------------------------- */

/* A reply for a key that is something else. */
static void
fail_of_key (const SidekiqSampler *sampler, const RedisReply *reply, const char *key,
             const char *kind, GError **error)
{
  g_autofree char *shown = text_printable (key, -1);
  if (redis_reply_is_error (reply, "WRONGTYPE")) {
    g_set_error (
        error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED,
        "the key \"%s\" of %s is no %s, so this is not how Sidekiq keeps its jobs; "
        "name its own database in the site file",
        shown, sampler->redis, kind);
    return;
  }
  g_autofree char *verb = g_strdup_printf ("read the key \"%s\"", shown);
  redis_reply_explain (reply, sampler->redis, verb, error);
}

static gboolean
take_count (SidekiqSampler *sampler, const RedisReply *replies, guint which,
            GError **error)
{
  const RedisReply *reply = redis_reply_nth (replies, which);
  const char *key = questions[which][1];
  gboolean counted = strcmp (questions[which][0], "GET") == 0;
  switch (redis_reply_type (reply)) {
  case REDIS_INTEGER:
    sampler->counts[which] = redis_reply_integer (reply);
    return TRUE;
  case REDIS_TEXT:
    sampler->counts[which] = g_ascii_strtoll (redis_reply_text (reply, NULL), NULL, 10);
    return TRUE;
  case REDIS_NIL:
    sampler->counts[which] = 0;
    return TRUE;
  default:
    fail_of_key (sampler, reply, key, counted ? "number" : "sorted set", error);
    return FALSE;
  }
}

/* Where the clock is not to be asked for, the reader's own has to do. */
static void
take_time (SidekiqSampler *sampler, const RedisReply *reply)
{
  sampler->now_s = sampler->at_s;
  if (redis_reply_count (reply) == 2) {
    const char *seconds = redis_reply_text (redis_reply_nth (reply, 0), NULL);
    const char *fraction = redis_reply_text (redis_reply_nth (reply, 1), NULL);
    sampler->now_s = (double)g_ascii_strtoll (seconds, NULL, 10) +
                     (double)g_ascii_strtoll (fraction, NULL, 10) / G_USEC_PER_SEC;
  }
}

/* A replica may lag, and nobody would see it. Where the role is not to be asked for, it is
 * taken for a primary. */
static gboolean
take_role (const SidekiqSampler *sampler, const RedisReply *reply, GError **error)
{
  if (redis_reply_count (reply) < 3 ||
      strcmp (redis_reply_text (redis_reply_nth (reply, 0), NULL), "slave") != 0)
    return TRUE;
  gsize length;
  const char *host = redis_reply_text (redis_reply_nth (reply, 1), &length);
  g_autofree char *shown = text_printable (host, (gssize)length);
  g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED,
               "%s is a replica of %s:%" G_GINT64_FORMAT
               "; its data may lag: name the primary in redis.url",
               sampler->redis, shown, redis_reply_integer (redis_reply_nth (reply, 2)));
  return FALSE;
}

static gboolean
take_base (SidekiqSampler *sampler, const RedisReply *replies, GError **error)
{
  take_time (sampler, redis_reply_nth (replies, ASK_TIME));
  if (!take_role (sampler, redis_reply_nth (replies, ASK_ROLE), error))
    return FALSE;
  for (guint i = ASK_RETRY; i <= ASK_FAILED; i++)
    if (!take_count (sampler, replies, i, error))
      return FALSE;
  return TRUE;
}

static int
compare_queues (const void *one, const void *other)
{
  const Queue *const *a = one, *const *b = other;
  int order = strcmp (json_string_value ((*a)->member.name),
                      json_string_value ((*b)->member.name));
  gsize shorter = MIN ((*a)->member.length, (*b)->member.length);
  return order ? order : memcmp ((*a)->member.bytes, (*b)->member.bytes, shorter);
}

/* Of those whose names read the same, the first stands for all. */
static void
sort_queues (SidekiqSampler *sampler)
{
  Queue *first = NULL;
  g_ptr_array_set_size (sampler->sorted, 0);
  for (guint i = 0; i < redis_set_size (sampler->queues); i++)
    g_ptr_array_add (sampler->sorted, queue_at (sampler, i));
  g_ptr_array_sort (sampler->sorted, compare_queues);
  for (guint i = 0; i < sampler->sorted->len; i++) {
    Queue *queue = g_ptr_array_index (sampler->sorted, i);
    gboolean same = first && strcmp (json_string_value (first->member.name),
                                     json_string_value (queue->member.name)) == 0;
    queue->same = same ? first : NULL;
    if (!same)
      first = queue;
  }
}

static gboolean
take_names (SidekiqSampler *sampler, const RedisReply *replies, GError **error)
{
  const RedisReply *queues = redis_reply_nth (replies, ASK_QUEUES);
  gboolean changed;
  if (redis_reply_type (queues) != REDIS_LIST) {
    fail_of_key (sampler, queues, "queues", "set", error);
    return FALSE;
  }
  if (redis_reply_count (queues) > SIDEKIQ_QUEUES_MAX) {
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_TOO_LARGE,
                 "%s has %u queues, and at most %d are followed; see who fills the set "
                 "\"queues\"",
                 sampler->redis, redis_reply_count (queues), SIDEKIQ_QUEUES_MAX);
    return FALSE;
  }
  if (!sidekiq_processes_name (sampler->processes,
                               redis_reply_nth (replies, ASK_PROCESSES), sampler->redis,
                               &changed, error))
    return FALSE;
  if (redis_set_update (sampler->queues, queues)) {
    sort_queues (sampler);
    sampler->generation = sidekiq_processes_generation (sampler->processes) - 1;
    changed = TRUE;
  }
  if (changed)
    g_clear_pointer (&sampler->commands, redis_commands_free);
  return TRUE;
}

/* ---- each queue ------------------------------------------------------------ */

static void
take_queue (const SidekiqSampler *sampler, Queue *queue, const RedisReply *replies,
            guint at)
{
  const RedisReply *size = redis_reply_nth (replies, at);
  gsize length;
  queue->wrong = redis_reply_type (size) == REDIS_INTEGER ? NULL : size;
  queue->size = redis_reply_integer (size);
  queue->latency_known = queue->size == 0;
  queue->latency_s = 0;
  if (queue->size == 0 || sampler->slim > 0)
    return;
  double enqueued_s;
  const char *job = redis_reply_text (redis_reply_nth (replies, at + 1), &length);
  queue->latency_known = sidekiq_job_enqueued_at (job, length, &enqueued_s);
  if (queue->latency_known)
    queue->latency_s = sampler->now_s - enqueued_s;
}

static void
take_all (SidekiqSampler *sampler, gboolean new_only, const RedisReply *replies,
          guint first)
{
  for (guint i = 0; i < redis_set_size (sampler->queues); i++) {
    Queue *queue = queue_at (sampler, i);
    if (new_only && !queue->member.is_new)
      continue;
    take_queue (sampler, queue, replies, first);
    first += sampler->slim > 0 ? 1 : 2;
  }
  sidekiq_processes_take (sampler->processes, new_only, replies, first, sampler->now_s);
}

/* Of those that are still there: what was asked of one that has gone is of no account. */
static gboolean
are_good (const SidekiqSampler *sampler, GError **error)
{
  for (guint i = 0; i < redis_set_size (sampler->queues); i++) {
    const Queue *queue = queue_at (sampler, i);
    if (!queue->wrong)
      continue;
    g_autofree char *key =
        g_strconcat (QUEUE_PREFIX, json_string_value (queue->member.name), NULL);
    fail_of_key (sampler, queue->wrong, key, "list", error);
    return FALSE;
  }
  return sidekiq_processes_good (sampler->processes, sampler->redis, error);
}

/* Sidekiq Pro alone has it, and a key that may not be read pauses nothing. */
static void
take_paused (SidekiqSampler *sampler, const RedisReply *paused)
{
  for (guint i = 0; i < redis_set_size (sampler->queues); i++)
    queue_at (sampler, i)->paused = FALSE;
  for (guint i = 0; i < redis_reply_count (paused); i++) {
    gsize length;
    const char *name = redis_reply_text (redis_reply_nth (paused, i), &length);
    Queue *queue = redis_set_find (sampler->queues, name, length);
    if (queue)
      queue->paused = TRUE;
  }
}

static void
mark_consumed (const char *name, gsize length, void *data)
{
  const SidekiqSampler *sampler = data;
  Queue *queue = redis_set_find (sampler->queues, name, length);
  if (queue)
    queue->consumed = TRUE;
}

static void
find_consumers (SidekiqSampler *sampler)
{
  guint generation = sidekiq_processes_generation (sampler->processes);
  if (generation == sampler->generation)
    return;
  sampler->generation = generation;
  for (guint i = 0; i < redis_set_size (sampler->queues); i++)
    queue_at (sampler, i)->consumed = FALSE;
  sampler->any_live =
      sidekiq_processes_consume (sampler->processes, mark_consumed, sampler);
}

/* ---- the reading ----------------------------------------------------------- */

/* Adds up those whose names read the same. */
static void
join_queues (const SidekiqSampler *sampler)
{
  for (guint i = 0; i < sampler->sorted->len; i++) {
    const Queue *queue = g_ptr_array_index (sampler->sorted, i);
    Queue *same = queue->same;
    if (!same)
      continue;
    same->size += queue->size;
    same->latency_s = MAX (same->latency_s, queue->latency_s);
    same->latency_known = same->latency_known && queue->latency_known;
    same->paused = same->paused && queue->paused;
    same->consumed = same->consumed || queue->consumed;
  }
}

#define SET(object, key, value) \
  json_object_setn_new_nocheck (object, key, strlen (key), value)

static json_t *
queues_to_json (const SidekiqSampler *sampler)
{
  json_t *queues = json_array ();
  for (guint i = 0; i < sampler->sorted->len; i++) {
    const Queue *queue = g_ptr_array_index (sampler->sorted, i);
    if (queue->same)
      continue;
    json_t *json = json_object ();
    SET (json, "name", json_incref (queue->member.name));
    SET (json, "size", json_integer (queue->size));
    if (queue->latency_known)
      SET (json, "latency", json_real (quantity_round (queue->latency_s)));
    if (queue->paused)
      SET (json, "paused", json_true ());
    if (sampler->any_live && !queue->consumed)
      SET (json, "consumed", json_false ());
    json_array_append_new (queues, json);
  }
  return queues;
}

static json_t *
sample_to_json (const SidekiqSampler *sampler)
{
  json_t *body = json_object ();
  join_queues (sampler);
  SET (body, "at", json_real (sampler->at_s));
  SET (body, "queues", queues_to_json (sampler));
  SET (body, "retry", json_integer (sampler->counts[ASK_RETRY]));
  SET (body, "scheduled", json_integer (sampler->counts[ASK_SCHEDULED]));
  SET (body, "dead", json_integer (sampler->counts[ASK_DEAD]));
  SET (body, "processed", json_integer (sampler->counts[ASK_PROCESSED]));
  SET (body, "failed", json_integer (sampler->counts[ASK_FAILED]));
  sidekiq_processes_put (sampler->processes, body);
  return body;
}

const RedisCommands *
sidekiq_sampler_take (SidekiqSampler *sampler, const RedisReply *replies, json_t **body,
                      GError **error)
{
  gboolean again = sampler->rest != NULL;
  if (!redis_replies_good (replies, sampler->redis, error))
    return NULL;
  if (!again) {
    if (!take_base (sampler, replies, error))
      return NULL;
    take_all (sampler, FALSE, replies, ASKED);
    if (!take_names (sampler, replies, error) || !are_good (sampler, error))
      return NULL;
    take_paused (sampler, redis_reply_nth (replies, ASK_PAUSED));
    g_autoptr (RedisCommands) rest = redis_commands_new ();
    ask_all (sampler, TRUE, rest);
    if (redis_commands_count (rest) > 0)
      return sampler->rest = g_steal_pointer (&rest);
  } else {
    take_all (sampler, TRUE, replies, 0);
    if (!are_good (sampler, error))
      return NULL;
  }
  find_consumers (sampler);
  *body = sample_to_json (sampler);
  return NULL;
}
