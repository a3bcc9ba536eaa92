#include "core/practice/world/world_inside.h"

#include <string.h>

#include "core/base/moment.h"

/* Those of the beginning are not new: checks that wait for something to have been up for
 * a while find it so. */
#define UP_BEFORE_US (3 * 3600 * SECOND_US)

/* An engine waits so long before it starts what died (Docker's first step; it then doubles,
 * which a world leaves out): something that dies as soon as it starts takes time. */
#define RESTART_US (SECOND_US / 10)

/* One person's practice; more only makes its tables long. */
#define REPLICAS_MAX 100
#define LOG_LINES_MAX 200

#define ID_DIGITS 64
#define KILLED 137

/* ---- finding --------------------------------------------------------------- */

static Instance *
instance_at (const World *world, guint index)
{
  return world->containers->pdata[index];
}

static Instance *
find (const World *world, const char *id)
{
  for (guint i = 0; i < world->containers->len; i++)
    if (strcmp (instance_at (world, i)->id, id) == 0)
      return instance_at (world, i);
  return NULL;
}

/* The number of its last one; a new one has the next, as compose counts them. */
static guint
highest (const World *world, const Service *service)
{
  guint number = 0;
  for (guint i = 0; i < world->containers->len; i++) {
    const Instance *instance = instance_at (world, i);
    if (instance->service == service)
      number = MAX (number, instance->shown.number);
  }
  return number;
}

Service *
world_containers_service (const World *world, const char *name)
{
  for (guint i = 0; i < world->services->len; i++) {
    Service *service = world->services->pdata[i];
    if (g_strcmp0 (service->spec->name, name) == 0)
      return service;
  }
  return NULL;
}

static gboolean
is_running (const Instance *instance)
{
  return instance->shown.state == CONTAINER_RUNNING ||
         instance->shown.state == CONTAINER_STOPPING;
}

guint
world_containers_running (const World *world, const Service *service)
{
  guint running = 0;
  for (guint i = 0; i < world->containers->len; i++) {
    const Instance *instance = instance_at (world, i);
    running += instance->service == service && is_running (instance);
  }
  return running;
}

guint
world_containers_up (const World *world, const Service *service)
{
  guint up = 0;
  for (guint i = 0; i < world->containers->len; i++) {
    const Instance *instance = instance_at (world, i);
    up += instance->service == service && instance->up && !instance->ending;
  }
  return up;
}

static guint
count (const World *world, const Service *service)
{
  guint containers = 0;
  for (guint i = 0; i < world->containers->len; i++)
    containers += instance_at (world, i)->service == service;
  return containers;
}

/* ---- its log ----------------------------------------------------------------- */

void
world_containers_log (World *world, Instance *instance, const char *format, ...)
{
  g_autofree char *wall = moment_format_wall (world_wall_us (world));
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (instance->shown.log->len >= LOG_LINES_MAX)
    g_ptr_array_remove_index (instance->shown.log, 0);
  g_ptr_array_add (instance->shown.log, g_strconcat (wall, "\t", text, NULL));
}

/* ---- its life ---------------------------------------------------------------- */

static void
clear_dues (World *world, Instance *instance)
{
  timetable_clear (world->timetable, &instance->up_due);
  timetable_clear (world->timetable, &instance->gone_due);
  timetable_clear (world->timetable, &instance->kill_due);
}

static void
begin (World *world, Instance *instance, gint64 wait_us)
{
  instance->shown.state = CONTAINER_RUNNING;
  instance->shown.started_us = world->now_us;
  instance->shown.exit = 0;
  if (instance->service->spec->checked)
    instance->shown.health = HEALTH_STARTING;
  instance->up = instance->hangs = instance->ending = instance->ordered = FALSE;
  timetable_set (world->timetable, &instance->up_due,
                 world->now_us + MAX (instance->service->spec->starts_us, wait_us));
  world_tell_instance (world, "started", instance);
}

static void
restart (World *world, Instance *instance)
{
  instance->shown.restarts++;
  begin (world, instance, RESTART_US);
}

/* The process has ended. What was ordered to end stays so; the engine starts again what
 * ended by itself (restart: unless-stopped). */
static void
ended (World *world, Instance *instance, int status)
{
  gboolean killed = status == KILLED, ordered = instance->ordered;
  clear_dues (world, instance);
  if (instance->worker)
    world_workers_gone (world, g_steal_pointer (&instance->worker), !killed);
  instance->up = instance->ending = FALSE;
  instance->shown.state = CONTAINER_EXITED;
  instance->shown.exit = status;
  instance->shown.finished_us = world->now_us;
  if (instance->service->spec->checked)
    instance->shown.health = HEALTH_UNHEALTHY;
  json_t *told = world_tell_instance (world, killed ? "killed" : "stopped", instance);
  json_object_set_new_nocheck (told, "exit", json_integer (status));
  if (world->redis.instance == instance)
    world_redis_gone (world, instance, !killed);
  if (!ordered)
    restart (world, instance);
  else if (world_containers_running (world, instance->service) == 0) {
    instance->service->has_stopped = TRUE;
    world_events_trigger (world, SCENARIO_STOPPED, instance->service);
  }
}

/* A worker that finds no Redis gives up at once. */
static void
come_up (World *world, void *of)
{
  Instance *instance = of;
  Service *service = instance->service;
  if (service->spec->role == SCENARIO_WORKERS && world_redis (world) != REDIS_UP) {
    world_containers_log (world, instance,
                          "Error connecting to Redis: connection refused");
    ended (world, instance, 1);
    return;
  }
  instance->up = TRUE;
  if (service->spec->checked)
    instance->shown.health = HEALTH_HEALTHY;
  world_containers_log (world, instance, "%s is up", service->spec->name);
  world_tell_instance (world, "up", instance);
  if (service->spec->role == SCENARIO_WORKERS)
    world_workers_begin (world, instance);
  else if (service->spec->role == SCENARIO_REDIS)
    world_redis_up (world, instance);
  if (service->has_stopped) {
    service->has_stopped = FALSE;
    world_events_trigger (world, SCENARIO_UP, service);
  }
}

static void
be_gone (World *world, void *of)
{
  ended (world, of, 0);
}

static void
be_killed (World *world, void *of)
{
  Instance *instance = of;
  instance->ordered = TRUE;
  ended (world, instance, KILLED);
}

void
world_containers_leave (World *world, Instance *instance)
{
  timetable_set (world->timetable, &instance->gone_due,
                 world->now_us + MAX (instance->service->spec->stops_us, 0));
}

void
world_containers_end (World *world, Instance *instance, gboolean ordered)
{
  instance->ordered = instance->ordered || ordered;
  if (instance->ending)
    return;
  instance->ending = TRUE;
  timetable_clear (world->timetable, &instance->up_due);
  world_containers_log (world, instance, "%s was told to stop",
                        instance->service->spec->name);
  if (instance->worker)
    world_workers_end (world, instance->worker);
  else
    world_containers_leave (world, instance);
}

/* ---- making ------------------------------------------------------------------ */

static void
instance_free (void *data)
{
  Instance *instance = data;
  g_ptr_array_unref (instance->shown.log);
  g_free (instance->id);
  g_free (instance->name);
  g_free (instance);
}

/* Where it belongs: by service in file order, and number. */
static guint
place_of (const World *world, const Instance *instance)
{
  guint place = 0;
  for (guint i = 0; i < world->services->len; i++) {
    const Service *service = world->services->pdata[i];
    for (guint j = 0; j < world->containers->len; j++) {
      const Instance *other = instance_at (world, j);
      place +=
          other->service == service &&
          (service != instance->service || other->shown.number < instance->shown.number);
    }
    if (service == instance->service)
      break;
  }
  return place;
}

static Instance *
create (World *world, Service *service, guint number)
{
  Instance *instance = g_new0 (Instance, 1);
  instance->service = service;
  g_autofree char *stream =
      g_strdup_printf ("container %u %s", service->made++, service->spec->name);
  chance_begin (&instance->chance, world->seed, stream);
  instance->id = chance_hex (&instance->chance, ID_DIGITS);
  instance->name =
      g_strdup_printf ("%s_%s_%u", world->project, service->spec->name, number);
  instance->up_due = (Due){ .happen = come_up, .of = instance };
  instance->gone_due = (Due){ .happen = be_gone, .of = instance };
  instance->kill_due = (Due){ .happen = be_killed, .of = instance };
  instance->shown = (Container){
    .id = instance->id,
    .name = instance->name,
    .image = service->image,
    .service = service->spec,
    .number = number,
    .created_us = world->now_us,
    .started_us = -1,
    .finished_us = -1,
    .log = g_ptr_array_new_with_free_func (g_free),
  };
  g_ptr_array_insert (world->containers, (int)place_of (world, instance), instance);
  return instance;
}

/* It has run for a while, or has been stopped a while ago. */
static void
settle (World *world, Instance *instance, gboolean running)
{
  const ScenarioService *spec = instance->service->spec;
  instance->shown.created_us = instance->shown.started_us = -UP_BEFORE_US;
  if (!running) {
    instance->shown.state = CONTAINER_EXITED;
    instance->shown.finished_us = -UP_BEFORE_US / 2;
    instance->ordered = TRUE;
    return;
  }
  instance->shown.state = CONTAINER_RUNNING;
  instance->up = TRUE;
  instance->hangs = spec->hangs && spec->role == SCENARIO_WORKERS;
  if (spec->checked)
    instance->shown.health = HEALTH_HEALTHY;
  if (spec->role == SCENARIO_REDIS)
    world_redis_up (world, instance);
}

static void
open_service (World *world, Service *service)
{
  const ScenarioService *spec = service->spec;
  gint64 running = spec->running == FIELD_UNSET ? spec->replicas : spec->running;
  guint there = (guint)CLAMP (MAX (spec->replicas, running), 0, REPLICAS_MAX);
  for (guint number = 1; number <= there; number++)
    settle (world, create (world, service, number), number <= running);
  service->has_stopped = running <= 0;
}

void
world_containers_open (World *world)
{
  world->containers = g_ptr_array_new_with_free_func (instance_free);
  for (guint i = 0; i < world->services->len; i++)
    open_service (world, world->services->pdata[i]);
  for (guint i = 0; i < world->containers->len; i++) {
    Instance *instance = instance_at (world, i);
    if (instance->up && instance->service->spec->role == SCENARIO_WORKERS)
      world_workers_begin (world, instance);
  }
}

/* ---- commands ---------------------------------------------------------------- */

void
world_stop (World *world, const char *id, gint64 grace_us)
{
  Instance *instance = find (world, id);
  if (!instance || !is_running (instance))
    return;
  gint64 kill_us = world->now_us + MAX (grace_us, 0);
  if (instance->shown.state == CONTAINER_RUNNING) {
    instance->shown.state = CONTAINER_STOPPING;
    json_t *told = world_tell_instance (world, "stopping", instance);
    json_object_set_new_nocheck (told, "grace",
                                 json_real ((double)grace_us / (double)SECOND_US));
    if (!instance->hangs)
      world_containers_end (world, instance, TRUE);
    world_events_trigger (world, SCENARIO_STOPPING, instance->service);
  }
  if (!instance->kill_due.place || kill_us < instance->kill_due.at_us)
    timetable_set (world->timetable, &instance->kill_due, kill_us);
}

void
world_start (World *world, const char *id)
{
  Instance *instance = find (world, id);
  if (instance && !is_running (instance))
    begin (world, instance, 0);
}

void
world_kill (World *world, const char *id)
{
  Instance *instance = find (world, id);
  if (instance && is_running (instance))
    be_killed (world, instance);
}

void
world_remove (World *world, const char *id)
{
  Instance *instance = find (world, id);
  if (instance && !is_running (instance))
    g_ptr_array_remove (world->containers, instance);
}

void
world_create (World *world, const char *name, guint wanted)
{
  Service *service = world_containers_service (world, name);
  if (!service)
    return;
  wanted = MIN (wanted, REPLICAS_MAX);
  for (guint i = world->containers->len; i-- > 0 && count (world, service) > wanted;) {
    const Instance *instance = instance_at (world, i);
    if (instance->service == service && !is_running (instance))
      g_ptr_array_remove_index (world->containers, i);
  }
  for (guint i = 0; i < world->containers->len; i++)
    if (instance_at (world, i)->service == service)
      world_start (world, instance_at (world, i)->id);
  for (guint number = highest (world, service) + 1; count (world, service) < wanted;
       number++)
    begin (world, create (world, service, number), 0);
}

void
world_containers_start_all (World *world, const char *name)
{
  const Service *service = world_containers_service (world, name);
  if (service)
    world_create (world, name,
                  MAX (count (world, service), (guint)MAX (service->spec->replicas, 0)));
}

void
world_containers_kill_all (World *world, const char *name)
{
  const Service *service = world_containers_service (world, name);
  for (guint i = 0; i < world->containers->len; i++)
    if (instance_at (world, i)->service == service)
      world_kill (world, instance_at (world, i)->id);
}

const GPtrArray *
world_containers (const World *world)
{
  return world->containers;
}
