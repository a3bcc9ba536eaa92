#include "core/practice/world/world_inside.h"

#include <string.h>

/* A Redis of an ordinary size would be full. */
#define QUEUE_JOBS_MAX 1000000

/* How far apart the jobs of the beginning were pushed, where the scenario says nothing of
 * arrivals. */
#define APART_US SECOND_US

#define MINUTE_US (60 * SECOND_US)

/* An LPUSH, and the SADD of its queue. */
#define PUSH_CHANGES 2

/* ---- a job ------------------------------------------------------------------- */

static Job
draw_job (World *world, Queue *queue, Chance *chance)
{
  guint64 id = chance_next (chance);
  return (Job){
    .id = id,
    .created_us = world->now_us,
    .enqueued_us = world->now_us,
    .length_us =
        MAX (chance_between (chance, queue->spec->least_us, queue->spec->most_us), 1),
    .queue = queue->index,
  };
}

char *
world_jobs_jid (const Job *job)
{
  Chance chance = { .state = job->id };
  return chance_hex (&chance, 24);
}

/* ---- coming ------------------------------------------------------------------ */

static Queue *
queue_of (const World *world, const Job *job)
{
  return world->queues->pdata[job->queue];
}

gboolean
world_jobs_push (World *world, const Job *job)
{
  Queue *queue = queue_of (world, job);
  if (world_redis (world) != REDIS_UP || job_list_length (queue->list) >= QUEUE_JOBS_MAX)
    return FALSE;
  job_list_push (queue->list, job);
  queue->listed = TRUE;
  world->arrived++;
  world_tell_job (world, "job-arrived", job);
  world_redis_changed (world, PUSH_CHANGES);
  world_jobs_dispatch (world);
  return TRUE;
}

void
world_jobs_give_back (World *world, const Job *job)
{
  job_list_give_back (queue_of (world, job)->list, job);
  world_redis_changed (world, PUSH_CHANGES);
}

static gboolean
is_fed (const World *world, const Queue *queue)
{
  const Service *source = world_containers_service (world, queue->spec->from);
  return !source || world_containers_up (world, source) > 0;
}

static void
plan_arrival (World *world, Queue *queue)
{
  if (queue->spec->per_minute > 0)
    timetable_set (world->timetable, &queue->arrival_due,
                   world->now_us +
                       chance_gap_us (&queue->arrivals, queue->spec->per_minute));
}

/* Drawn whether it comes or not, so that those after it are the same. */
static void
arrive (World *world, void *of)
{
  Queue *queue = of;
  Job job = draw_job (world, queue, &queue->jobs);
  plan_arrival (world, queue);
  if (is_fed (world, queue))
    world_jobs_push (world, &job);
}

/* ---- going ------------------------------------------------------------------- */

static Queue *
first_waiting (const World *world)
{
  for (guint i = 0; i < world->queues->len; i++) {
    Queue *queue = world->queues->pdata[i];
    if (job_list_length (queue->list) > 0)
      return queue;
  }
  return NULL;
}

void
world_jobs_dispatch (World *world)
{
  if (world_redis (world) != REDIS_UP)
    return;
  for (;;) {
    Queue *queue = first_waiting (world);
    Worker *worker = queue ? world_workers_idle (world) : NULL;
    Job job;
    if (!worker || !job_list_take (queue->list, &job))
      return;
    world_redis_changed (world, 1);
    world_workers_take (world, worker, &job);
  }
}

/* ---- the beginning ----------------------------------------------------------- */

static void
queue_free (void *data)
{
  Queue *queue = data;
  job_list_free (queue->list);
  g_free (queue);
}

static void
open_queue (World *world, const ScenarioQueue *spec)
{
  g_autofree char *arrivals = g_strdup_printf ("arrivals %s", spec->name);
  g_autofree char *jobs = g_strdup_printf ("jobs %s", spec->name);
  Queue *queue = g_new0 (Queue, 1);
  queue->spec = spec;
  queue->index = world->queues->len;
  queue->listed = TRUE;
  queue->list = job_list_new ();
  queue->arrival_due = (Due){ .happen = arrive, .of = queue };
  chance_begin (&queue->arrivals, world->seed, arrivals);
  chance_begin (&queue->jobs, world->seed, jobs);
  g_ptr_array_add (world->queues, queue);
  plan_arrival (world, queue);
}

void
world_jobs_open (World *world)
{
  world->queues = g_ptr_array_new_with_free_func (queue_free);
  for (guint i = 0; i < world->scenario->queues->len; i++)
    open_queue (world, world->scenario->queues->pdata[i]);
}

void
world_jobs_close (World *world)
{
  g_clear_pointer (&world->queues, g_ptr_array_unref);
}

static Worker *
with_room (const World *world)
{
  for (guint i = 0; i < world->workers->len; i++)
    if (world_workers_has_room (world->workers->pdata[i]))
      return world->workers->pdata[i];
  return NULL;
}

/* Those in work before those that wait, the oldest first. In work are as many as workers
 * have hands; what is more than those waits. */
static void
begin_queue (World *world, Queue *queue)
{
  const ScenarioQueue *spec = queue->spec;
  g_autofree char *stream = g_strdup_printf ("begin %s", spec->name);
  Chance chance;
  chance_begin (&chance, world->seed, stream);
  gint64 apart_us = spec->per_minute > 0 ? MINUTE_US / spec->per_minute : APART_US;
  gint64 in_work = MAX (spec->in_work, 0);
  gint64 all = MIN (in_work + MAX (spec->holds, 0), QUEUE_JOBS_MAX);
  for (gint64 i = 0; i < all; i++) {
    Job job = draw_job (world, queue, &chance);
    job.created_us = job.enqueued_us = -(all - i) * apart_us;
    world->arrived++;
    Worker *worker = i < in_work ? with_room (world) : NULL;
    if (worker)
      world_workers_take (world, worker, &job);
    else
      job_list_push (queue->list, &job);
  }
}

void
world_jobs_begin (World *world)
{
  for (guint i = 0; i < world->queues->len; i++)
    begin_queue (world, world->queues->pdata[i]);
}

/* ---- looking ----------------------------------------------------------------- */

Queue *
world_jobs_queue (const World *world, const char *name)
{
  for (guint i = 0; i < world->queues->len; i++) {
    Queue *queue = world->queues->pdata[i];
    if (g_strcmp0 (queue->spec->name, name) == 0)
      return queue;
  }
  return NULL;
}

guint
world_jobs_queued (const World *world)
{
  guint queued = 0;
  for (guint i = 0; i < world->queues->len; i++) {
    const Queue *queue = world->queues->pdata[i];
    queued += job_list_length (queue->list);
  }
  return queued;
}
