#include "core/practice/world/world_inside.h"

#include <string.h>

/* Sidekiq's: how often it writes down what it is doing. */
#define BEAT_US (5 * SECOND_US)

#define TOKEN_DIGITS 12

/* Those of the beginning that hang have been silent for longer than Redis keeps what they
 * said last. */
#define SILENT_US (3600 * SECOND_US)

#define THREADS_MAX 1000

/* ---- jobs -------------------------------------------------------------------- */

gboolean
world_workers_has_room (const Worker *worker)
{
  return worker->busy < worker->thread_count;
}

static gboolean
wants_jobs (const Worker *worker)
{
  const Instance *instance = worker->instance;
  return !worker->quiet && !instance->hangs && !instance->ending &&
         world_workers_has_room (worker);
}

Worker *
world_workers_idle (World *world)
{
  for (guint i = 0; i < world->workers->len; i++) {
    guint index = (world->turn + i) % world->workers->len;
    Worker *worker = world->workers->pdata[index];
    if (!wants_jobs (worker))
      continue;
    world->turn = index + 1;
    return worker;
  }
  return NULL;
}

guint
world_workers_in_work (const World *world)
{
  guint in_work = 0;
  for (guint i = 0; i < world->workers->len; i++) {
    const Worker *worker = world->workers->pdata[i];
    in_work += worker->busy;
  }
  return in_work;
}

static void
leave_when_idle (World *world, Worker *worker)
{
  if (!worker->instance->ending || worker->busy > 0)
    return;
  timetable_clear (world->timetable, &worker->hand_back_due);
  world_containers_leave (world, worker->instance);
}

static void
end_job (World *world, void *of)
{
  Thread *thread = of;
  Worker *worker = thread->worker;
  thread->busy = FALSE;
  worker->busy--;
  worker->processed++;
  world->done++;
  world_tell_job (world, "job-done", &thread->hand.job);
  if (world_redis (world) != REDIS_UP)
    world_tell_instance (world, "unacknowledged", worker->instance);
  leave_when_idle (world, worker);
  world_jobs_dispatch (world);
}

void
world_workers_take (World *world, Worker *worker, const Job *job)
{
  guint index = 0;
  while (worker->threads[index].busy)
    index++;
  Thread *thread = &worker->threads[index];
  thread->busy = TRUE;
  thread->hand = (InHand){ .job = *job, .since_us = world->now_us, .thread = index };
  worker->busy++;
  world_tell_job (world, "job-begun", job);
  if (!worker->instance->hangs)
    timetable_set (world->timetable, &thread->end_due, world->now_us + job->length_us);
}

/* Empties its hands; *jobs are what was in them, the oldest first. */
static GArray *
drop_jobs (World *world, Worker *worker)
{
  GArray *jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  for (guint i = 0; i < worker->thread_count; i++) {
    Thread *thread = &worker->threads[i];
    timetable_clear (world->timetable, &thread->end_due);
    if (thread->busy)
      g_array_append_val (jobs, thread->hand.job);
    thread->busy = FALSE;
  }
  worker->busy = 0;
  return jobs;
}

static void
lose_jobs (World *world, const Worker *worker, guint jobs)
{
  if (jobs == 0)
    return;
  world->lost += jobs;
  json_t *told = world_tell_instance (world, "jobs-lost", worker->instance);
  json_object_set_new_nocheck (told, "jobs", json_integer (jobs));
}

/* What is not done in time goes back to where it came from, if that is there. */
static void
hand_back (World *world, void *of)
{
  Worker *worker = of;
  g_autoptr (GArray) jobs = drop_jobs (world, worker);
  if (world_redis (world) != REDIS_UP) {
    world_containers_log (world, worker->instance, "Failed to requeue %u jobs",
                          jobs->len);
    lose_jobs (world, worker, jobs->len);
  } else {
    world_containers_log (world, worker->instance, "Pushed %u jobs back to Redis",
                          jobs->len);
    json_t *told = world_tell_instance (world, "handed-back", worker->instance);
    json_object_set_new_nocheck (told, "jobs", json_integer (jobs->len));
    world->interrupted += jobs->len;
    for (guint i = 0; i < jobs->len; i++)
      world_jobs_give_back (world, &g_array_index (jobs, Job, i));
  }
  leave_when_idle (world, worker);
  world_jobs_dispatch (world);
}

/* ---- signs of life ----------------------------------------------------------- */

static void
hear (World *world, Worker *worker, const char *signal)
{
  Instance *instance = worker->instance;
  world_containers_log (world, instance, "Got %s signal", signal);
  if (strcmp (signal, "TSTP") == 0 && !worker->quiet) {
    worker->quiet = TRUE;
    world_tell_instance (world, "quieted", instance);
  } else if (strcmp (signal, "TERM") == 0)
    world_containers_end (world, instance, FALSE);
}

/* What it has heard shows at the next sign of life: it says how it is, then listens. */
static void
beat (World *world, void *of)
{
  Worker *worker = of;
  timetable_set (world->timetable, &worker->beat_due, world->now_us + BEAT_US);
  if (world_redis (world) != REDIS_UP)
    return;
  world_processes_beat (world, worker, world->now_us);
  world->redis.processed += worker->processed;
  worker->processed = 0;
  g_autofree char *signal = world_processes_take_signal (world, worker);
  if (signal)
    hear (world, worker, signal);
}

/* What has hung goes on where it was, and hears what it was told meanwhile. */
static void
recover (World *world, void *of)
{
  Worker *worker = of;
  Instance *instance = worker->instance;
  instance->hangs = FALSE;
  world_tell_instance (world, "recovered", instance);
  world_containers_log (world, instance, "Redis is online again, %u jobs in hand",
                        worker->busy);
  for (guint i = 0; i < worker->thread_count; i++) {
    Thread *thread = &worker->threads[i];
    if (thread->busy)
      timetable_set (world->timetable, &thread->end_due,
                     world->now_us + thread->hand.job.length_us);
  }
  beat (world, worker);
  if (instance->shown.state == CONTAINER_STOPPING)
    world_containers_end (world, instance, TRUE);
  world_jobs_dispatch (world);
}

/* ---- begin and end ----------------------------------------------------------- */

static Worker *
worker_new (World *world, Instance *instance)
{
  const ScenarioService *spec = instance->service->spec;
  g_autofree char *token = chance_hex (&instance->chance, TOKEN_DIGITS);
  Worker *worker = g_new0 (Worker, 1);
  worker->instance = instance;
  worker->name = g_strdup_printf ("%.*s:1:%s", HOST_CHARACTERS, instance->id, token);
  worker->started_us = instance->shown.started_us;
  worker->thread_count = (guint)CLAMP (spec->threads, 1, THREADS_MAX);
  worker->threads = g_new0 (Thread, worker->thread_count);
  for (guint i = 0; i < worker->thread_count; i++)
    worker->threads[i] =
        (Thread){ .worker = worker,
                  .end_due = { .happen = end_job, .of = &worker->threads[i] } };
  worker->beat_due = (Due){ .happen = beat, .of = worker };
  worker->hand_back_due = (Due){ .happen = hand_back, .of = worker };
  worker->recover_due = (Due){ .happen = recover, .of = worker };
  g_ptr_array_add (world->workers, worker);
  return worker;
}

/* The workers of the beginning are somewhere between two signs of life. */
void
world_workers_begin (World *world, Instance *instance)
{
  Worker *worker = instance->worker = worker_new (world, instance);
  gint64 ago_us = 0;
  if (instance->shown.started_us < 0)
    ago_us = chance_between (&instance->chance, 0, BEAT_US - 1);
  world_processes_beat (world, worker,
                        instance->hangs ? -SILENT_US : world->now_us - ago_us);
  gint64 recovers_us = instance->service->spec->recovers_us;
  if (!instance->hangs)
    timetable_set (world->timetable, &worker->beat_due, world->now_us - ago_us + BEAT_US);
  else if (recovers_us > 0)
    timetable_set (world->timetable, &worker->recover_due, world->now_us + recovers_us);
  world_jobs_dispatch (world);
}

void
world_workers_settle (World *world)
{
  for (guint i = 0; i < world->workers->len; i++) {
    const Worker *worker = world->workers->pdata[i];
    const Process *process = world_processes_find (world, worker->name);
    world_processes_beat (world, worker, process ? process->beat_us : world->now_us);
  }
}

void
world_workers_end (World *world, Worker *worker)
{
  const ScenarioService *spec = worker->instance->service->spec;
  worker->quiet = TRUE;
  if (worker->busy == 0)
    world_containers_leave (world, worker->instance);
  else
    timetable_set (world->timetable, &worker->hand_back_due,
                   world->now_us + MAX (spec->hands_back_us, 0));
}

void
world_workers_gone (World *world, Worker *worker, gboolean clean)
{
  g_autoptr (GArray) jobs = drop_jobs (world, worker);
  lose_jobs (world, worker, jobs->len);
  if (clean && world_redis (world) == REDIS_UP) {
    world->redis.processed += worker->processed;
    world_processes_leave (world, worker);
  }
  timetable_clear (world->timetable, &worker->beat_due);
  timetable_clear (world->timetable, &worker->hand_back_due);
  timetable_clear (world->timetable, &worker->recover_due);
  g_ptr_array_remove (world->workers, worker);
  world_workers_free (worker);
}

void
world_workers_free (Worker *worker)
{
  if (!worker)
    return;
  g_free (worker->threads);
  g_free (worker->name);
  g_free (worker);
}
