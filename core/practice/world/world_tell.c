#include "core/practice/world/world_inside.h"

#include <string.h>

/* Whoever owns the world takes them over every now and then; a world that is left alone
 * does not fill its host's memory. */
#define TOLD_MAX 1000000

/* Times are seconds, to a microsecond. */
json_t *
world_tell_event (World *world, const char *event)
{
  json_t *told = json_object ();
  if (json_array_size (world->told) >= TOLD_MAX)
    json_array_clear (world->told);
  json_array_append_new (world->told, told);
  json_object_set_new_nocheck (told, "at",
                               json_real ((double)world->now_us / (double)SECOND_US));
  json_object_set_new_nocheck (told, "event", json_string_nocheck (event));
  if (world->story)
    json_object_set_new_nocheck (told, "story", json_string_nocheck (world->story));
  world->story = NULL;
  return told;
}

json_t *
world_tell_instance (World *world, const char *event, const Instance *instance)
{
  json_t *told = world_tell_event (world, event);
  json_object_set_new_nocheck (told, "service",
                               json_string_nocheck (instance->service->spec->name));
  json_object_set_new_nocheck (told, "container", json_string_nocheck (instance->name));
  return told;
}

void
world_tell_job (World *world, const char *event, const Job *job)
{
  if (!world->tells_jobs)
    return;
  const Queue *queue = world->queues->pdata[job->queue];
  g_autofree char *jid = world_jobs_jid (job);
  json_t *told = world_tell_event (world, event);
  json_object_set_new_nocheck (told, "queue", json_string_nocheck (queue->spec->name));
  json_object_set_new_nocheck (told, "jid", json_string_nocheck (jid));
  if (strcmp (event, "job-arrived") == 0)
    json_object_set_new_nocheck (told, "takes",
                                 json_real ((double)job->length_us / (double)SECOND_US));
}

void
world_tell_jobs (World *world, gboolean jobs)
{
  world->tells_jobs = jobs;
}

json_t *
world_told (World *world)
{
  json_t *told = world->told;
  world->told = json_array ();
  return told;
}

json_t *
world_tally (const World *world)
{
  return json_pack (
      "{s:I, s:I, s:I, s:I, s:I, s:I}", "arrived", (json_int_t)world->arrived, "done",
      (json_int_t)world->done, "lost", (json_int_t)world->lost, "interrupted",
      (json_int_t)world->interrupted, "queued", (json_int_t)world_jobs_queued (world),
      "in_work", (json_int_t)world_workers_in_work (world));
}
