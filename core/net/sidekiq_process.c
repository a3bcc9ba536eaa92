#include "core/net/sidekiq_process.h"

#include <math.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/net/redis_set.h"
#include "core/run/reading.h"

/* "info" lists the queues of a process and little else. */
#define INFO_BYTES_MAX (1024 * 1024)

typedef struct {
  RedisMember member;
  char *info; /* as it was when it was last read */
  gsize info_length;
  json_t *parsed; /* the same; NULL: it is no JSON */
  gint64 busy;
  gboolean quiet, live;
  double beat_s; /* its own clock */
  double
      changed_s; /* when `beat_s` was seen to have changed, clock of Redis; NAN: never */
  double age_s;
  const RedisReply *wrong; /* what came in place of its fields; or NULL */
} Process;

struct SidekiqProcesses {
  RedisSet *set; /* of Process */
  guint generation;
};

static void
process_clear (void *data)
{
  Process *process = data;
  g_free (process->info);
  json_decref (process->parsed);
}

SidekiqProcesses *
sidekiq_processes_new (void)
{
  SidekiqProcesses *processes = g_new0 (SidekiqProcesses, 1);
  processes->set = redis_set_new (sizeof (Process), process_clear);
  return processes;
}

void
sidekiq_processes_free (SidekiqProcesses *processes)
{
  if (!processes)
    return;
  redis_set_free (processes->set);
  g_free (processes);
}

/* ---- asking ---------------------------------------------------------------- */

gboolean
sidekiq_processes_name (SidekiqProcesses *processes, const RedisReply *names,
                        const char *redis, gboolean *changed, GError **error)
{
  if (redis_reply_type (names) != REDIS_LIST) {
    redis_reply_explain (names, redis, "list the processes of Sidekiq", error);
    return FALSE;
  }
  if (redis_reply_count (names) > SIDEKIQ_PROCESSES_MAX) {
    g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_TOO_LARGE,
                 "%s lists %u processes of Sidekiq, and at most %d are followed; see who "
                 "fills the set \"processes\"",
                 redis, redis_reply_count (names), SIDEKIQ_PROCESSES_MAX);
    return FALSE;
  }
  *changed = redis_set_update (processes->set, names);
  if (*changed)
    processes->generation++;
  return TRUE;
}

static Process *
process_at (const SidekiqProcesses *processes, guint index)
{
  return redis_set_at (processes->set, index);
}

guint
sidekiq_processes_count (const SidekiqProcesses *processes, gboolean new_only)
{
  guint count = 0;
  for (guint i = 0; i < redis_set_size (processes->set); i++)
    if (!new_only || process_at (processes, i)->member.is_new)
      count++;
  return count;
}

void
sidekiq_processes_ask (const SidekiqProcesses *processes, gboolean new_only,
                       RedisCommands *commands)
{
  for (guint i = 0; i < redis_set_size (processes->set); i++) {
    const Process *process = process_at (processes, i);
    const char *words[] = { "HMGET", process->member.bytes, "info", "busy", "beat",
                            "quiet" };
    const gsize lengths[] = { 5, process->member.length, 4, 4, 4, 5 };
    if (!new_only || process->member.is_new)
      redis_commands_add (commands, G_N_ELEMENTS (words), words, lengths);
  }
}

/* ---- what they say of themselves ------------------------------------------- */

static void
take_info (SidekiqProcesses *processes, Process *process, const RedisReply *reply)
{
  gsize length;
  const char *info = redis_reply_text (reply, &length);
  if (process->info && length == process->info_length &&
      memcmp (info, process->info, length) == 0)
    return;
  g_free (process->info);
  json_decref (process->parsed);
  process->info = g_memdup2 (info, length + 1);
  process->info_length = length;
  process->parsed = length <= INFO_BYTES_MAX ? json_loadb (info, length, 0, NULL) : NULL;
  processes->generation++;
}

static void
take_beat (Process *process, const RedisReply *reply, double now_s)
{
  double beat_s = g_ascii_strtod (redis_reply_text (reply, NULL), NULL);
  gboolean is_first = process->beat_s == 0;
  if (!is_first && beat_s > process->beat_s)
    process->changed_s = now_s;
  else if (is_first)
    process->changed_s = NAN;
  process->beat_s = isfinite (beat_s) ? beat_s : 0;
  double latest_s = process->beat_s;
  if (!isnan (process->changed_s))
    latest_s = MAX (latest_s, process->changed_s);
  process->age_s = MAX (now_s - latest_s, 0);
}

static void
process_take (SidekiqProcesses *processes, Process *process, const RedisReply *fields,
              double now_s)
{
  gboolean lived = process->live;
  const RedisReply *info = redis_reply_nth (fields, 0);
  const RedisReply *beat = redis_reply_nth (fields, 2);
  process->live = FALSE;
  if (redis_reply_type (beat) == REDIS_TEXT) {
    take_info (processes, process, info);
    take_beat (process, beat, now_s);
    process->busy =
        g_ascii_strtoll (redis_reply_text (redis_reply_nth (fields, 1), NULL), NULL, 10);
    process->quiet =
        strcmp (redis_reply_text (redis_reply_nth (fields, 3), NULL), "true") == 0;
    process->live = process->age_s <= READING_BEAT_MAX_S;
  }
  if (process->live != lived)
    processes->generation++;
}

void
sidekiq_processes_take (SidekiqProcesses *processes, gboolean new_only,
                        const RedisReply *replies, guint first, double now_s)
{
  for (guint i = 0; i < redis_set_size (processes->set); i++) {
    Process *process = process_at (processes, i);
    if (new_only && !process->member.is_new)
      continue;
    const RedisReply *reply = redis_reply_nth (replies, first++);
    process->wrong = redis_reply_count (reply) == 4 ? NULL : reply;
    if (!process->wrong)
      process_take (processes, process, reply, now_s);
  }
}

gboolean
sidekiq_processes_good (const SidekiqProcesses *processes, const char *redis,
                        GError **error)
{
  for (guint i = 0; i < redis_set_size (processes->set); i++) {
    const Process *process = process_at (processes, i);
    if (!process->wrong)
      continue;
    redis_reply_explain (process->wrong, redis, "describe a process of Sidekiq", error);
    return FALSE;
  }
  return TRUE;
}

/* ---- for a reading --------------------------------------------------------- */

/* What stands before the colon where "info" does not say it. */
static json_t *
host_of (const Process *process)
{
  const char *name = json_string_value (process->member.name);
  json_t *host = json_object_get (process->parsed, "hostname");
  const char *colon = strchr (name, ':');
  if (json_is_string (host))
    return json_incref (host);
  return json_stringn_nocheck (name, colon ? (size_t)(colon - name) : strlen (name));
}

static gint64
threads_of (const Process *process)
{
  return json_integer_value (json_object_get (process->parsed, "concurrency"));
}

static json_t *
process_to_json (const Process *process)
{
  json_t *json = json_object ();
  json_object_set_nocheck (json, "name", process->member.name);
  json_object_set_new_nocheck (json, "hostname", host_of (process));
  json_object_set_new_nocheck (json, "busy", json_integer (process->busy));
  json_object_set_new_nocheck (json, "threads", json_integer (threads_of (process)));
  json_object_set_new_nocheck (json, "quiet", json_boolean (process->quiet));
  json_object_set_new_nocheck (json, "beat_s",
                               json_real (quantity_round (process->age_s)));
  return json;
}

void
sidekiq_processes_put (const SidekiqProcesses *processes, json_t *body)
{
  gint64 busy = 0, threads = 0;
  json_t *live = json_array (), *gone = json_array ();
  for (guint i = 0; i < redis_set_size (processes->set); i++) {
    const Process *process = process_at (processes, i);
    if (!process->live) {
      json_array_append (gone, process->member.name);
      continue;
    }
    busy += process->busy;
    threads += threads_of (process);
    json_array_append_new (live, process_to_json (process));
  }
  json_object_set_new_nocheck (body, "busy", json_integer (busy));
  json_object_set_new_nocheck (body, "threads", json_integer (threads));
  json_object_set_new_nocheck (body, "processes", live);
  if (json_array_size (gone) > 0)
    json_object_set_nocheck (body, "gone", gone);
  json_decref (gone);
}

guint
sidekiq_processes_generation (const SidekiqProcesses *processes)
{
  return processes->generation;
}

gboolean
sidekiq_processes_consume (const SidekiqProcesses *processes,
                           void (*consumed) (const char *queue, gsize length, void *data),
                           void *data)
{
  gboolean any = FALSE;
  for (guint i = 0; i < redis_set_size (processes->set); i++) {
    const Process *process = process_at (processes, i);
    const json_t *queues = json_object_get (process->parsed, "queues");
    if (!process->live)
      continue;
    any = TRUE;
    for (gsize j = 0; j < json_array_size (queues); j++) {
      const json_t *name = json_array_get (queues, j);
      if (json_is_string (name))
        consumed (json_string_value (name), json_string_length (name), data);
    }
  }
  return any;
}
