#include "core/practice/world/world_inside.h"

/* Docker's: twelve groups of four, of these. */
#define ENGINE_GROUPS 12
static const char engine_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static char *
engine_id (guint64 seed)
{
  GString *id = g_string_new (NULL);
  Chance chance;
  chance_begin (&chance, seed, "engine");
  for (guint i = 0; i < ENGINE_GROUPS * 4; i++) {
    if (i > 0 && i % 4 == 0)
      g_string_append_c (id, ':');
    g_string_append_c (id, engine_letters[chance_next (&chance) % 32]);
  }
  return g_string_free (id, FALSE);
}

/* The same in every world: nobody deploys another version during practice. */
static char *
image_of (const char *service)
{
  g_autofree char *text = g_strconcat ("image ", service, NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  return g_strconcat ("sha256:", sum, NULL);
}

static void
service_free (void *data)
{
  Service *service = data;
  g_free (service->image);
  g_free (service);
}

static void
open_services (World *world)
{
  world->services = g_ptr_array_new_with_free_func (service_free);
  for (guint i = 0; i < world->scenario->services->len; i++) {
    Service *service = g_new0 (Service, 1);
    service->spec = world->scenario->services->pdata[i];
    service->image = image_of (service->spec->name);
    g_ptr_array_add (world->services, service);
  }
}

World *
world_new (const Scenario *scenario, const char *project, guint64 seed,
           gint64 begin_wall_us)
{
  World *world = g_new0 (World, 1);
  world->scenario = scenario;
  world->project = g_strdup (project);
  world->engine_id = engine_id (seed);
  world->seed = seed;
  world->begin_wall_us = begin_wall_us;
  world->timetable = timetable_new ();
  world->workers = g_ptr_array_new ();
  world->told = json_array ();
  open_services (world);
  world_processes_open (world);
  world_jobs_open (world);
  world_redis_open (world);
  world_events_open (world);
  world_containers_open (world);
  world_jobs_begin (world);
  world_jobs_dispatch (world);
  world_workers_settle (world);
  world_redis_settle (world);
  return world;
}

void
world_free (World *world)
{
  if (!world)
    return;
  for (guint i = 0; i < world->workers->len; i++)
    world_workers_free (world->workers->pdata[i]);
  g_ptr_array_unref (world->workers);
  g_ptr_array_unref (world->containers);
  world_events_close (world);
  world_redis_close (world);
  world_jobs_close (world);
  world_processes_free (world);
  g_ptr_array_unref (world->services);
  timetable_free (world->timetable);
  json_decref (world->told);
  g_free (world->engine_id);
  g_free (world->project);
  g_free (world);
}

/* ---- time -------------------------------------------------------------------- */

void
world_advance (World *world, gint64 now_us)
{
  Due *due;
  while ((due = timetable_take (world->timetable, now_us))) {
    world->now_us = MAX (world->now_us, due->at_us);
    due->happen (world, due->of);
  }
  world->now_us = MAX (world->now_us, now_us);
}

gint64
world_now_us (const World *world)
{
  return world->now_us;
}

gint64
world_wall_us (const World *world)
{
  return world->begin_wall_us + world->now_us;
}

gint64
world_next_us (const World *world)
{
  return timetable_next_us (world->timetable);
}

/* ---- what it is -------------------------------------------------------------- */

const Scenario *
world_scenario (const World *world)
{
  return world->scenario;
}

const char *
world_project (const World *world)
{
  return world->project;
}

const char *
world_engine_id (const World *world)
{
  return world->engine_id;
}

const char *
world_image (const World *world, const char *service)
{
  const Service *found = world_containers_service (world, service);
  return found ? found->image : NULL;
}
