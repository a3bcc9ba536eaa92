#include "core/practice/world/world_inside.h"

#include <string.h>

#define QUEUE_PREFIX "queue:"
#define WORKERS_SUFFIX ":workers"
#define SIGNALS_SUFFIX "-signals"

/* What the application's jobs and processes call themselves. */
#define JOB_CLASS "ActionJob"
#define PROCESS_TAG "app"

/* As a process of an ordinary size says it, KiB; and how far Redis is. */
#define RSS "187432"
#define ROUND_TRIP_US "212"

#define DAY_US (24 * 3600 * SECOND_US)
#define SCHEDULED_FROM_DAY 30

/* ---- values ------------------------------------------------------------------ */

static double
wall_s (const World *world, gint64 at_us)
{
  return (double)(world->begin_wall_us + at_us) / (double)SECOND_US;
}

static json_t *
text_of (json_t *json)
{
  g_autofree char *text = json_dumps (json, JSON_COMPACT | JSON_ENCODE_ANY);
  json_decref (json);
  return json_string_nocheck (text);
}

static json_t *
number_text (guint64 number)
{
  return json_sprintf ("%" G_GUINT64_FORMAT, number);
}

/* As Sidekiq 6 writes it. */
static json_t *
payload_of (const World *world, const Job *job, const char *queue, gboolean enqueued)
{
  g_autofree char *jid = world_jobs_jid (job);
  json_t *payload =
      json_pack ("{s:b, s:s, s:s, s:[I], s:s, s:f}", "retry", 1, "queue", queue, "class",
                 JOB_CLASS, "args", (json_int_t)(job->id % 1000000), "jid", jid,
                 "created_at", wall_s (world, job->created_us));
  if (enqueued)
    json_object_set_new_nocheck (payload, "enqueued_at",
                                 json_real (wall_s (world, job->enqueued_us)));
  return text_of (payload);
}

static json_t *
queued_payload (const World *world, const Job *job)
{
  const Queue *queue = world->queues->pdata[job->queue];
  return payload_of (world, job, queue->spec->name, TRUE);
}

/* ---- keys -------------------------------------------------------------------- */

typedef enum {
  KEY_NONE,
  KEY_QUEUES,
  KEY_QUEUE,
  KEY_PROCESSES,
  KEY_PROCESS,
  KEY_WORKERS,
  KEY_SIGNALS,
  KEY_SCHEDULE,
  KEY_PROCESSED,
  KEY_FAILED,
} KeyKind;

typedef struct {
  KeyKind kind;
  const Queue *queue;
  const Process *process;
  const GPtrArray *signals;
} Key;

static const char *const types[] = {
  [KEY_NONE] = "none",     [KEY_QUEUES] = "set",    [KEY_QUEUE] = "list",
  [KEY_PROCESSES] = "set", [KEY_PROCESS] = "hash",  [KEY_WORKERS] = "hash",
  [KEY_SIGNALS] = "list",  [KEY_SCHEDULE] = "zset", [KEY_PROCESSED] = "string",
  [KEY_FAILED] = "string",
};

static const struct {
  const char *name;
  KeyKind kind;
} fixed[] = {
  { "queues", KEY_QUEUES },      { "processes", KEY_PROCESSES },
  { "schedule", KEY_SCHEDULE },  { "stat:processed", KEY_PROCESSED },
  { "stat:failed", KEY_FAILED },
};

static char *
without_suffix (const char *name, const char *suffix)
{
  return g_str_has_suffix (name, suffix)
             ? g_strndup (name, strlen (name) - strlen (suffix))
             : NULL;
}

static guint
listed_queues (const World *world)
{
  guint listed = 0;
  for (guint i = 0; i < world->queues->len; i++) {
    const Queue *queue = world->queues->pdata[i];
    if (queue->listed)
      listed++;
  }
  return listed;
}

static guint
listed_processes (const World *world)
{
  guint listed = 0;
  for (guint i = 0; i < world->processes->len; i++) {
    const Process *process = world->processes->pdata[i];
    if (process->listed)
      listed++;
  }
  return listed;
}

static guint
length_of (const World *world, const Key *key)
{
  switch (key->kind) {
  case KEY_QUEUES:
    return listed_queues (world);
  case KEY_QUEUE:
    return job_list_length (key->queue->list);
  case KEY_PROCESSES:
    return listed_processes (world);
  case KEY_PROCESS:
    return 6;
  case KEY_WORKERS:
    return key->process->hands->len;
  case KEY_SIGNALS:
    return key->signals->len;
  case KEY_SCHEDULE:
    return world->redis.scheduled;
  case KEY_PROCESSED:
  case KEY_FAILED:
    return 1;
  case KEY_NONE:
    break;
  }
  return 0;
}

static const Process *
find_live (const World *world, const char *name)
{
  const Process *process = name ? world_processes_find (world, name) : NULL;
  return process && world_processes_is_live (world, process) ? process : NULL;
}

static Key
find_any (const World *world, const char *name)
{
  g_autofree char *workers = without_suffix (name, WORKERS_SUFFIX);
  g_autofree char *signals = without_suffix (name, SIGNALS_SUFFIX);
  Key key = { 0 };
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    if (strcmp (name, fixed[i].name) == 0)
      return (Key){ .kind = fixed[i].kind };
  if (g_str_has_prefix (name, QUEUE_PREFIX) &&
      (key.queue = world_jobs_queue (world, name + strlen (QUEUE_PREFIX))))
    key.kind = KEY_QUEUE;
  else if ((key.process = find_live (world, name)))
    key.kind = KEY_PROCESS;
  else if ((key.process = find_live (world, workers)))
    key.kind = KEY_WORKERS;
  else if (signals && (key.signals = world_processes_signals (world, signals)))
    key.kind = KEY_SIGNALS;
  return key;
}

/* What is empty is not there. */
static Key
find (const World *world, const char *name)
{
  Key key = find_any (world, name);
  return length_of (world, &key) > 0 ? key : (Key){ 0 };
}

/* ---- building ---------------------------------------------------------------- */

static json_t *
queues_value (const World *world)
{
  json_t *names = json_array ();
  for (guint i = 0; i < world->queues->len; i++) {
    const Queue *queue = world->queues->pdata[i];
    if (queue->listed)
      json_array_append_new (names, json_string_nocheck (queue->spec->name));
  }
  return names;
}

static json_t *
queue_value (const World *world, const Queue *queue)
{
  json_t *jobs = json_array ();
  for (guint i = 0; i < job_list_length (queue->list); i++)
    json_array_append_new (jobs, queued_payload (world, job_list_at (queue->list, i)));
  return jobs;
}

static json_t *
processes_value (const World *world)
{
  json_t *names = json_array ();
  for (guint i = 0; i < world->processes->len; i++) {
    const Process *process = world->processes->pdata[i];
    if (process->listed)
      json_array_append_new (names, json_string_nocheck (process->name));
  }
  return names;
}

static json_t *
info_of (const World *world, const Process *process)
{
  json_t *queues = json_array ();
  for (guint i = 0; i < world->queues->len; i++) {
    const Queue *queue = world->queues->pdata[i];
    json_array_append_new (queues, json_string_nocheck (queue->spec->name));
  }
  return text_of (json_pack ("{s:s, s:f, s:i, s:s, s:i, s:o, s:[], s:s}", "hostname",
                             process->host, "started_at",
                             wall_s (world, process->started_us), "pid", 1, "tag",
                             PROCESS_TAG, "concurrency", (int)process->threads, "queues",
                             queues, "labels", "identity", process->name));
}

static json_t *
process_value (const World *world, const Process *process)
{
  json_t *beat = json_real (wall_s (world, process->beat_us));
  return json_pack ("{s:o, s:o, s:o, s:s, s:s, s:s}", "info", info_of (world, process),
                    "busy", number_text (process->busy), "beat", text_of (beat), "quiet",
                    process->quiet ? "true" : "false", "rss", RSS, "rtt_us",
                    ROUND_TRIP_US);
}

/* The names of threads are made of the process's token and their number. */
static json_t *
workers_value (const World *world, const Process *process)
{
  json_t *workers = json_object ();
  const char *token = strrchr (process->name, ':') + 1;
  for (guint i = 0; i < process->hands->len; i++) {
    const InHand *hand = &g_array_index (process->hands, InHand, i);
    const Queue *queue = world->queues->pdata[hand->job.queue];
    gint64 run_at = (world->begin_wall_us + hand->since_us) / SECOND_US;
    json_t *work =
        json_pack ("{s:s, s:o, s:I}", "queue", queue->spec->name, "payload",
                   queued_payload (world, &hand->job), "run_at", (json_int_t)run_at);
    g_autofree char *thread = g_strdup_printf ("%.4s%02x", token, hand->thread);
    json_object_set_new_nocheck (workers, thread, text_of (work));
  }
  return workers;
}

static json_t *
signals_value (const GPtrArray *signals)
{
  json_t *names = json_array ();
  for (guint i = 0; i < signals->len; i++)
    json_array_append_new (names, json_string_nocheck (signals->pdata[i]));
  return names;
}

static json_t *
schedule_value (const World *world)
{
  json_t *scheduled = json_object ();
  Chance chance;
  chance_begin (&chance, world->seed, "schedule");
  for (guint i = 0; i < world->redis.scheduled && world->queues->len > 0; i++) {
    const Queue *queue = world->queues->pdata[0];
    Job job = { .id = chance_next (&chance), .created_us = -DAY_US * (i + 1) };
    gint64 at_us = DAY_US * (SCHEDULED_FROM_DAY + i);
    json_t *payload = payload_of (world, &job, queue->spec->name, FALSE);
    json_object_set_new_nocheck (scheduled, json_string_value (payload),
                                 json_real (wall_s (world, at_us)));
    json_decref (payload);
  }
  return scheduled;
}

json_t *
world_key (const World *world, const char *name)
{
  Key key = find (world, name);
  switch (key.kind) {
  case KEY_QUEUES:
    return queues_value (world);
  case KEY_QUEUE:
    return queue_value (world, key.queue);
  case KEY_PROCESSES:
    return processes_value (world);
  case KEY_PROCESS:
    return process_value (world, key.process);
  case KEY_WORKERS:
    return workers_value (world, key.process);
  case KEY_SIGNALS:
    return signals_value (key.signals);
  case KEY_SCHEDULE:
    return schedule_value (world);
  case KEY_PROCESSED:
    return number_text (world->redis.processed);
  case KEY_FAILED:
    return number_text (0);
  case KEY_NONE:
    break;
  }
  return NULL;
}

/* ---- without building -------------------------------------------------------- */

guint
world_key_length (const World *world, const char *name)
{
  Key key = find (world, name);
  return length_of (world, &key);
}

const char *
world_key_type (const World *world, const char *name)
{
  return types[find (world, name).kind];
}

gint64
world_key_expires_us (const World *world, const char *name)
{
  Key key = find (world, name);
  if (key.process)
    return key.process->beat_us + PROCESS_LIFE_US;
  if (!key.signals)
    return -1;
  g_autofree char *process = without_suffix (name, SIGNALS_SUFFIX);
  return world_processes_signals_until (world, process);
}

json_t *
world_list_at (const World *world, const char *name, gint64 index)
{
  Key key = find (world, name);
  if (key.kind == KEY_QUEUE) {
    const Job *job = job_list_at (key.queue->list, index);
    return job ? queued_payload (world, job) : NULL;
  }
  if (key.kind == KEY_SIGNALS) {
    gint64 at = index < 0 ? index + key.signals->len : index;
    return at >= 0 && at < key.signals->len ? json_string_nocheck (key.signals->pdata[at])
                                            : NULL;
  }
  return NULL;
}

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static void
add_if_there (const World *world, GPtrArray *names, char *name)
{
  if (world_key_length (world, name) > 0)
    g_ptr_array_add (names, name);
  else
    g_free (name);
}

GStrv
world_keys (const World *world)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  void *process;
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    add_if_there (world, names, g_strdup (fixed[i].name));
  for (guint i = 0; i < world->queues->len; i++) {
    const Queue *queue = world->queues->pdata[i];
    add_if_there (world, names, g_strconcat (QUEUE_PREFIX, queue->spec->name, NULL));
  }
  for (guint i = 0; i < world->processes->len; i++) {
    const Process *of = world->processes->pdata[i];
    add_if_there (world, names, g_strdup (of->name));
    add_if_there (world, names, g_strconcat (of->name, WORKERS_SUFFIX, NULL));
  }
  g_hash_table_iter_init (&iter, world->signals);
  while (g_hash_table_iter_next (&iter, &process, NULL))
    add_if_there (world, names, g_strconcat (process, SIGNALS_SUFFIX, NULL));
  qsort (names->pdata, names->len, sizeof (char *), compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_free (names, FALSE);
}
