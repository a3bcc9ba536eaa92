#include "core/practice/world/world_inside.h"

static void
refuse (World *world, Event *event)
{
  Refusal *refusal = g_new0 (Refusal, 1);
  refusal->spec = event->spec;
  refusal->left = MAX (event->spec->times, 1);
  g_ptr_array_add (world->refusals, refusal);
}

/* Jobs of one event come from a stream of its own, and all are drawn: those of its next time
 * do not depend on whether there was a Redis to take these. */
static void
bring_jobs (World *world, Event *event)
{
  const ScenarioEvent *spec = event->spec;
  const Queue *queue = world_jobs_queue (world, spec->queue);
  gint64 arrived = 0;
  for (gint64 i = 0; queue && i < spec->count; i++) {
    Job job = { .id = chance_next (&event->chance),
                .created_us = world->now_us,
                .enqueued_us = world->now_us,
                .length_us = MAX (spec->lasts_us, 1),
                .queue = queue->index };
    arrived += world_jobs_push (world, &job);
  }
  json_t *told = world_tell_event (world, "jobs-arrived");
  json_object_set_new_nocheck (told, "queue",
                               json_string_nocheck (spec->queue ? spec->queue : ""));
  json_object_set_new_nocheck (told, "jobs", json_integer (arrived));
}

static void
flap (World *world, Event *event)
{
  double lasts_s = (double)event->spec->lasts_us / (double)SECOND_US;
  json_t *told = world_tell_event (world, "flap");
  json_object_set_new_nocheck (told, "lasts", json_real (lasts_s));
  world_redis_flap (world, event->spec->lasts_us);
}

static void
intrude (World *world, Event *event)
{
  json_t *told = world_tell_event (world, "intruder");
  json_object_set_new_nocheck (told, "service",
                               json_string_nocheck (event->spec->service));
  world_containers_start_all (world, event->spec->service);
}

static void
kill_service (World *world, Event *event)
{
  world_containers_kill_all (world, event->spec->service);
}

static void
drop_line (World *world, Event *event)
{
  (void)event;
  world->drops_line = TRUE;
  world_tell_event (world, "drop-line");
}

static void (*const kinds[]) (World *world, Event *event) = {
  [SCENARIO_START] = intrude,   [SCENARIO_KILL] = kill_service,
  [SCENARIO_REFUSE] = refuse,   [SCENARIO_FLAP] = flap,
  [SCENARIO_JOBS] = bring_jobs, [SCENARIO_DROP_LINE] = drop_line,
};

/* The story goes with the first thing that is told of it; that of a refusal is kept until
 * something is refused. */
static void
happen (World *world, void *of)
{
  Event *event = of;
  if (event->spec->every_us > 0)
    timetable_set (world->timetable, &event->due, world->now_us + event->spec->every_us);
  if (event->spec->kind != SCENARIO_REFUSE)
    world->story = event->spec->story;
  kinds[event->spec->kind](world, event);
  world->story = NULL;
}

void
world_events_trigger (World *world, ScenarioTrigger trigger, const Service *service)
{
  for (guint i = 0; i < world->events->len; i++) {
    Event *event = world->events->pdata[i];
    const ScenarioEvent *spec = event->spec;
    if (event->begun || spec->trigger != (int)trigger ||
        (service && g_strcmp0 (spec->of, service->spec->name) != 0))
      continue;
    event->begun = TRUE;
    timetable_set (world->timetable, &event->due,
                   world->now_us + MAX (spec->delay_us, 0));
  }
}

void
world_events_open (World *world)
{
  world->events = g_ptr_array_new_with_free_func (g_free);
  world->refusals = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < world->scenario->events->len; i++) {
    g_autofree char *stream = g_strdup_printf ("event %u", i);
    Event *event = g_new0 (Event, 1);
    event->spec = world->scenario->events->pdata[i];
    event->due = (Due){ .happen = happen, .of = event };
    chance_begin (&event->chance, world->seed, stream);
    g_ptr_array_add (world->events, event);
  }
  world_events_trigger (world, SCENARIO_AT, NULL);
}

void
world_events_close (World *world)
{
  g_clear_pointer (&world->events, g_ptr_array_unref);
  g_clear_pointer (&world->refusals, g_ptr_array_unref);
}

/* ---- what the rim asks ------------------------------------------------------- */

gboolean
world_refuses (World *world, const char *service, const char **says)
{
  for (guint i = 0; i < world->refusals->len; i++) {
    Refusal *refusal = world->refusals->pdata[i];
    const ScenarioEvent *spec = refusal->spec;
    if (g_strcmp0 (spec->service, service) != 0)
      continue;
    world->story = spec->story;
    json_t *told = world_tell_event (world, "refused");
    json_object_set_new_nocheck (told, "service", json_string_nocheck (service));
    *says = spec->says;
    if (--refusal->left <= 0)
      g_ptr_array_remove_index (world->refusals, i);
    return TRUE;
  }
  return FALSE;
}

gboolean
world_drops_line (World *world)
{
  gboolean drops = world->drops_line;
  world->drops_line = FALSE;
  return drops;
}
