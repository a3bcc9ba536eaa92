#include "core/practice/world/world_inside.h"

#include <string.h>

/* Every start of a worker leaves a name; the oldest are forgotten. */
#define PROCESSES_MAX 1000

/* A list of signals that nobody takes lives so long: who writes one says so to Redis. */
#define SIGNALS_LIFE_US (60 * SECOND_US)
#define SIGNALS_MAX 100
#define SIGNAL_LISTS_MAX 1000

/* What Redis counts as changed by one sign of life: the name, six fields of the hash, its
 * life, the two counters. */
#define BEAT_CHANGES 10

typedef struct {
  GPtrArray *names; /* char *, the newest first */
  gint64 until_us;
} Signals;

static void
process_free (void *data)
{
  Process *process = data;
  g_free (process->name);
  g_free (process->host);
  g_array_unref (process->hands);
  g_free (process);
}

static void
signals_free (void *data)
{
  Signals *signals = data;
  g_ptr_array_unref (signals->names);
  g_free (signals);
}

void
world_processes_open (World *world)
{
  world->processes = g_ptr_array_new_with_free_func (process_free);
  world->signals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, signals_free);
}

void
world_processes_free (World *world)
{
  g_clear_pointer (&world->processes, g_ptr_array_unref);
  g_clear_pointer (&world->signals, g_hash_table_unref);
}

void
world_processes_clear (World *world)
{
  g_ptr_array_set_size (world->processes, 0);
  g_hash_table_remove_all (world->signals);
}

/* ---- processes --------------------------------------------------------------- */

static Process *
find (const World *world, const char *name)
{
  for (guint i = 0; i < world->processes->len; i++) {
    Process *process = world->processes->pdata[i];
    if (strcmp (process->name, name) == 0)
      return process;
  }
  return NULL;
}

const Process *
world_processes_find (const World *world, const char *name)
{
  return find (world, name);
}

gboolean
world_processes_is_live (const World *world, const Process *process)
{
  return world->now_us - process->beat_us < PROCESS_LIFE_US;
}

guint
world_processes_live (const World *world)
{
  guint live = 0;
  for (guint i = 0; i < world->processes->len; i++) {
    const Process *process = world->processes->pdata[i];
    live += process->listed && world_processes_is_live (world, process);
  }
  return live;
}

/* Of those that have left nothing is kept once their hash is gone. */
static void
forget_old (World *world)
{
  for (guint i = world->processes->len; i-- > 0;) {
    const Process *process = world->processes->pdata[i];
    if (!process->listed && !world_processes_is_live (world, process))
      g_ptr_array_remove_index (world->processes, i);
  }
  if (world->processes->len >= PROCESSES_MAX)
    g_ptr_array_remove_index (world->processes, 0);
}

static Process *
find_or_add (World *world, const Worker *worker)
{
  Process *process = find (world, worker->name);
  if (process)
    return process;
  forget_old (world);
  process = g_new0 (Process, 1);
  process->name = g_strdup (worker->name);
  process->host = g_strndup (worker->name, HOST_CHARACTERS);
  process->started_us = worker->started_us;
  process->hands = g_array_new (FALSE, FALSE, sizeof (InHand));
  g_ptr_array_add (world->processes, process);
  return process;
}

void
world_processes_beat (World *world, const Worker *worker, gint64 at_us)
{
  Process *process = find_or_add (world, worker);
  process->listed = TRUE;
  process->beat_us = at_us;
  process->threads = worker->thread_count;
  process->busy = worker->busy;
  process->quiet = worker->quiet;
  g_array_set_size (process->hands, 0);
  for (guint i = 0; i < worker->thread_count; i++)
    if (worker->threads[i].busy)
      g_array_append_val (process->hands, worker->threads[i].hand);
  world_redis_changed (world, BEAT_CHANGES + worker->busy);
}

void
world_processes_leave (World *world, const Worker *worker)
{
  Process *process = find (world, worker->name);
  if (!process)
    return;
  process->listed = FALSE;
  g_array_set_size (process->hands, 0);
  world_redis_changed (world, 1);
}

/* ---- signals ----------------------------------------------------------------- */

static Signals *
signals_of (const World *world, const char *process)
{
  Signals *signals = g_hash_table_lookup (world->signals, process);
  return signals && world->now_us < signals->until_us ? signals : NULL;
}

const GPtrArray *
world_processes_signals (const World *world, const char *name)
{
  const Signals *signals = signals_of (world, name);
  return signals ? signals->names : NULL;
}

gint64
world_processes_signals_until (const World *world, const char *name)
{
  const Signals *signals = signals_of (world, name);
  return signals ? signals->until_us : -1;
}

gboolean
world_signal_expire (World *world, const char *process, gint64 after_us)
{
  Signals *signals = signals_of (world, process);
  if (!signals || world_redis (world) != REDIS_UP)
    return FALSE;
  signals->until_us = world->now_us + MAX (after_us, 0);
  world_redis_changed (world, 1);
  return TRUE;
}

char *
world_processes_take_signal (World *world, const Worker *worker)
{
  Signals *signals = signals_of (world, worker->name);
  if (!signals)
    return NULL;
  char *oldest = g_ptr_array_steal_index (signals->names, signals->names->len - 1);
  if (signals->names->len == 0)
    g_hash_table_remove (world->signals, worker->name);
  world_redis_changed (world, 1);
  return oldest;
}

static gboolean
is_over (void *name, void *data, void *user)
{
  const Signals *signals = data;
  const World *world = user;
  (void)name;
  return world->now_us >= signals->until_us;
}

guint
world_signal (World *world, const char *process, const char *signal)
{
  if (world_redis (world) != REDIS_UP)
    return 0;
  g_hash_table_foreach_remove (world->signals, is_over, world);
  Signals *signals = signals_of (world, process);
  if (!signals && g_hash_table_size (world->signals) >= SIGNAL_LISTS_MAX)
    return 0;
  if (!signals) {
    signals = g_new0 (Signals, 1);
    signals->names = g_ptr_array_new_with_free_func (g_free);
    g_hash_table_insert (world->signals, g_strdup (process), signals);
  }
  signals->until_us = world->now_us + SIGNALS_LIFE_US;
  if (signals->names->len < SIGNALS_MAX)
    g_ptr_array_insert (signals->names, 0, g_strdup (signal));
  world_redis_changed (world, 1);
  return signals->names->len;
}
