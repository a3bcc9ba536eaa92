#include "core/practice/world/world_inside.h"

#include <string.h>

/* Its last snapshot was at most so long before practice began. */
#define SAVED_BEFORE_MAX_US (300 * SECOND_US)

/* Sidekiq's jobs for later; they are for days that no practice reaches. */
#define SCHEDULED 3

#define PROCESSED_LEAST 50000
#define PROCESSED_MOST 500000

/* Redis' own ("save 3600 1 300 100 60 10000"): a snapshot after so long, if so much has
 * changed. */
static const struct {
  gint64 after_us;
  guint64 changes;
} save_points[] = {
  { 3600 * SECOND_US, 1 },
  { 300 * SECOND_US, 100 },
  { 60 * SECOND_US, 10000 },
};

/* ---- snapshots --------------------------------------------------------------- */

static void
list_free (void *data)
{
  job_list_free (data);
}

static void
take_snapshot (World *world)
{
  Redis *redis = &world->redis;
  g_clear_pointer (&redis->snapshot, g_ptr_array_unref);
  redis->snapshot = g_ptr_array_new_with_free_func (list_free);
  for (guint i = 0; i < world->queues->len; i++) {
    const Queue *queue = world->queues->pdata[i];
    g_ptr_array_add (redis->snapshot, job_list_copy (queue->list));
  }
  redis->scheduled_saved = redis->scheduled;
  redis->processed_saved = redis->processed;
}

static void
save (World *world, const char *why)
{
  Redis *redis = &world->redis;
  timetable_clear (world->timetable, &redis->save_due);
  take_snapshot (world);
  redis->changes = 0;
  redis->saved_us = world->now_us;
  json_t *told = world_tell_event (world, "saved");
  json_object_set_new_nocheck (told, "why", json_string_nocheck (why));
  json_object_set_new_nocheck (told, "jobs", json_integer (world_jobs_queued (world)));
}

void
world_redis_save (World *world)
{
  if (world_redis (world) == REDIS_UP)
    save (world, "command");
}

static void
reach_save_point (World *world, void *of)
{
  (void)of;
  save (world, "save-point");
}

static void
plan_save (World *world)
{
  Redis *redis = &world->redis;
  gint64 wait_us = G_MAXINT64;
  for (guint i = 0; i < G_N_ELEMENTS (save_points); i++)
    if (redis->changes >= save_points[i].changes)
      wait_us = MIN (wait_us, save_points[i].after_us);
  if (wait_us < G_MAXINT64)
    timetable_set (world->timetable, &redis->save_due,
                   MAX (world->now_us, redis->saved_us + wait_us));
}

void
world_redis_changed (World *world, guint64 changes)
{
  Redis *redis = &world->redis;
  guint64 before = redis->changes;
  gboolean crossed = FALSE;
  redis->changes += changes;
  for (guint i = 0; i < G_N_ELEMENTS (save_points); i++)
    crossed = crossed || (before < save_points[i].changes &&
                          redis->changes >= save_points[i].changes);
  if (crossed && redis->keeps != SCENARIO_NOTHING)
    plan_save (world);
}

/* ---- what is left of it ------------------------------------------------------ */

/* Jobs that come back have been worked on since: they are done twice, and count as having
 * arrived twice. */
static void
go_back (World *world)
{
  Redis *redis = &world->redis;
  guint lost = 0, again = 0, scheduled = redis->scheduled;
  for (guint i = 0; i < world->queues->len; i++) {
    Queue *queue = world->queues->pdata[i];
    JobList *left =
        redis->snapshot ? job_list_copy (redis->snapshot->pdata[i]) : job_list_new ();
    guint common = job_list_common (queue->list, left);
    lost += job_list_length (queue->list) - common;
    again += job_list_length (left) - common;
    job_list_free (queue->list);
    queue->list = left;
    queue->listed = queue->listed && redis->snapshot;
  }
  redis->scheduled = redis->scheduled_saved;
  redis->processed = redis->processed_saved;
  if (!redis->snapshot)
    world_processes_clear (world);
  world->lost += lost;
  world->arrived += again;
  if (lost == 0 && again == 0 && redis->scheduled == scheduled)
    return;
  json_t *told = world_tell_event (world, "queues-lost");
  json_object_set_new_nocheck (told, "jobs", json_integer (lost));
  json_object_set_new_nocheck (told, "again", json_integer (again));
  json_object_set_new_nocheck (told, "scheduled",
                               json_integer ((gint64)scheduled - redis->scheduled));
}

void
world_redis_gone (World *world, Instance *instance, gboolean clean)
{
  Redis *redis = &world->redis;
  if (redis->instance != instance)
    return;
  if (clean && redis->keeps == SCENARIO_SNAPSHOTS)
    save (world, "shutdown");
  redis->instance = NULL;
  redis->flaps = FALSE;
  timetable_clear (world->timetable, &redis->flap_due);
  timetable_clear (world->timetable, &redis->save_due);
  if (redis->keeps != SCENARIO_AOF)
    go_back (world);
}

/* ---- begin and end ----------------------------------------------------------- */

static void
end_flap (World *world, void *of)
{
  (void)of;
  world->redis.flaps = FALSE;
  world_jobs_dispatch (world);
}

void
world_redis_open (World *world)
{
  Redis *redis = &world->redis;
  redis->keeps = SCENARIO_NOTHING;
  for (guint i = 0; i < world->services->len; i++) {
    Service *service = world->services->pdata[i];
    if (service->spec->role == SCENARIO_REDIS && !redis->service)
      redis->service = service;
  }
  if (redis->service)
    redis->keeps = (ScenarioKeeps)redis->service->spec->keeps;
  chance_begin (&redis->chance, world->seed, "redis");
  redis->processed =
      (guint64)chance_between (&redis->chance, PROCESSED_LEAST, PROCESSED_MOST);
  redis->scheduled = redis->service ? SCHEDULED : 0;
  redis->flap_due.happen = end_flap;
  redis->save_due.happen = reach_save_point;
}

void
world_redis_settle (World *world)
{
  Redis *redis = &world->redis;
  redis->changes = 0;
  timetable_clear (world->timetable, &redis->save_due);
  if (redis->keeps == SCENARIO_NOTHING)
    return;
  take_snapshot (world);
  redis->saved_us = -chance_between (&redis->chance, 0, SAVED_BEFORE_MAX_US);
}

void
world_redis_close (World *world)
{
  g_clear_pointer (&world->redis.snapshot, g_ptr_array_unref);
}

void
world_redis_up (World *world, Instance *instance)
{
  Redis *redis = &world->redis;
  if (redis->instance || instance->service != redis->service)
    return;
  redis->instance = instance;
  redis->changes = 0;
  redis->saved_us = instance->shown.started_us;
  g_autofree char *run_id = chance_hex (&redis->chance, sizeof redis->run_id - 1);
  memcpy (redis->run_id, run_id, sizeof redis->run_id);
  world_jobs_dispatch (world);
}

void
world_redis_flap (World *world, gint64 lasts_us)
{
  if (!world->redis.instance)
    return;
  world->redis.flaps = TRUE;
  timetable_set (world->timetable, &world->redis.flap_due, world->now_us + lasts_us);
}

/* ---- looking ----------------------------------------------------------------- */

RedisHealth
world_redis (const World *world)
{
  if (!world->redis.instance)
    return REDIS_DOWN;
  return world->redis.flaps ? REDIS_FLAPPING : REDIS_UP;
}

const char *
world_redis_run_id (const World *world)
{
  return world->redis.run_id;
}

gint64
world_redis_started_us (const World *world)
{
  const Instance *instance = world->redis.instance;
  return instance ? instance->shown.started_us : -1;
}

ScenarioKeeps
world_redis_keeps (const World *world)
{
  return world->redis.keeps;
}

guint64
world_redis_changes (const World *world)
{
  return world->redis.changes;
}

gint64
world_redis_saved_us (const World *world)
{
  return world->redis.saved_us;
}
