/* docker_compose_change.c: what docker-compose does to containers. */
#include "core/practice/docker/docker_compose.h"

#include <string.h>

/* More of a service at a time are none of a deployment that one person stops. */
#define SCALE_MAX SCENARIO_REPLICAS_MAX

const DockerOption docker_compose_no_options[] = { { 0 } };

const DockerOption docker_compose_time_options[] = {
  { .name = "timeout", .letter = 't', .takes = TRUE },
  { 0 },
};

const DockerOption docker_compose_kill_options[] = {
  { .letter = 's', .name = "signal", .takes = TRUE, .missing = TRUE },
  { 0 },
};

const DockerOption docker_compose_up_options[] = {
  { .name = "detach", .letter = 'd' },
  { .name = "no-deps" },
  { .name = "no-recreate" },
  { .name = "scale", .takes = TRUE, .many = TRUE },
  { .name = "timeout", .letter = 't', .takes = TRUE },
  { .name = "no-color", .missing = TRUE },
  { .name = "quiet-pull", .missing = TRUE },
  { .name = "force-recreate", .missing = TRUE },
  { .name = "always-recreate-deps", .missing = TRUE },
  { .name = "no-build", .missing = TRUE },
  { .name = "no-start", .missing = TRUE },
  { .name = "build", .missing = TRUE },
  { .name = "abort-on-container-exit", .missing = TRUE },
  { .name = "attach-dependencies", .missing = TRUE },
  { .name = "renew-anon-volumes", .letter = 'V', .missing = TRUE },
  { .name = "remove-orphans", .missing = TRUE },
  { .name = "exit-code-from", .takes = TRUE, .missing = TRUE },
  { .name = "no-log-prefix", .missing = TRUE },
  { 0 },
};

GPtrArray *
docker_compose_services (DockerCompose *compose, const DockerArguments *arguments)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < arguments->words->len; i++) {
    const ScenarioService *service =
        scenario_service (compose->scenario, arguments->words->pdata[i]);
    if (!service) {
      docker_err (compose->command, "No such service: %s\n",
                  (char *)arguments->words->pdata[i]);
      compose->command->status = 1;
      return NULL;
    }
    if (!g_ptr_array_find (names, service->name, NULL)) /* one that is named twice */
      g_ptr_array_add (names, service->name);
  }
  const GPtrArray *all = compose->scenario->services;
  for (guint i = 0; arguments->words->len == 0 && i < all->len; i++)
    g_ptr_array_add (names, ((ScenarioService *)all->pdata[i])->name);
  return g_steal_pointer (&names);
}

GPtrArray *
docker_compose_containers (const DockerCompose *compose, const char *service)
{
  GPtrArray *found = g_ptr_array_new ();
  const GPtrArray *all = compose->world ? world_containers (compose->world) : NULL;
  for (guint i = 0; all && i < all->len; i++) {
    const Container *container = all->pdata[i];
    if (strcmp (container->service->name, service) == 0)
      g_ptr_array_add (found, (void *)container);
  }
  return found;
}

/* ---- one phase over some services ---------------------------------------------------------- */

/* What is done, and to which containers. */
typedef struct {
  const char *verb;
  gboolean running, stopped; /* whether such ones are meant */
  void (*add) (DockerPhase *phase, World *world, const Container *container,
               gint64 grace_us);
  gint64 grace_us;
  gboolean by_service; /* one line for all containers of a service */
} Change;

static void
add_stop (DockerPhase *phase, World *world, const Container *container, gint64 grace_us)
{
  docker_phase_stop (phase, world, container, grace_us);
}

static void
add_start (DockerPhase *phase, World *world, const Container *container, gint64 grace_us)
{
  (void)grace_us;
  docker_phase_start (phase, world, container);
}

static void
add_kill (DockerPhase *phase, World *world, const Container *container, gint64 grace_us)
{
  (void)grace_us;
  docker_phase_kill (phase, world, container);
}

static void
add_restart (DockerPhase *phase, World *world, const Container *container,
             gint64 grace_us)
{
  docker_phase_stop (phase, world, container, grace_us);
  docker_phase_start (phase, world, container);
}

/* Stopping and removing. */
static void
add_removal (DockerPhase *phase, World *world, const Container *container,
             gint64 grace_us)
{
  docker_phase_stop (phase, world, container, grace_us);
  docker_phase_remove (phase, world, container);
}

/* The newest first, as compose goes through them. */
static void
add_containers (DockerPhase *phase, const DockerCompose *compose, const Change *change,
                const GPtrArray *containers)
{
  for (guint i = containers->len; i > 0; i--) {
    const Container *container = containers->pdata[i - 1];
    if (!(docker_is_running (container) ? change->running : change->stopped))
      continue;
    if (!change->by_service)
      docker_phase_add (phase, container->name);
    change->add (phase, compose->world, container, change->grace_us);
  }
}

/* Whether the platform takes it. If not, the phase says so when its time has come. */
static void
ask_platform (const DockerCompose *compose, DockerPhase *phase, const char *service,
              gint64 grace_us)
{
  const char *says = NULL;
  if (!compose->world || !world_refuses (compose->world, service, &says))
    return;
  gint64 grace_s = grace_us == DOCKER_GRACE_ENDLESS_US ? 0 : grace_us / G_USEC_PER_SEC;
  gint64 waits_s = compose->answer_s + grace_s;
  g_autofree char *closing = g_strdup_printf (
      "An HTTP request took too long to complete. Retry with --verbose to obtain debug "
      "information.\nIf you encounter this issue regularly because of slow network "
      "conditions, consider setting COMPOSE_HTTP_TIMEOUT to a higher value (current "
      "value: %" G_GINT64_FORMAT ").",
      compose->answer_s);
  g_autofree char *late = g_strdup_printf (
      "UnixHTTPConnectionPool(host='localhost', port=None): Read timed out. (read "
      "timeout=%" G_GINT64_FORMAT ")",
      waits_s);
  if (says)
    docker_phase_refuse (phase, compose->world, NULL, says, 0);
  else
    docker_phase_refuse (phase, compose->world, late, closing, waits_s * G_USEC_PER_SEC);
}

/* One phase a service, beside each other; returns how many containers there are. */
static guint
change_services (const DockerCompose *compose, const Change *change,
                 const GPtrArray *services)
{
  guint count = 0;
  for (guint i = 0; i < services->len; i++) {
    const char *service = services->pdata[i];
    g_autoptr (GPtrArray) containers = docker_compose_containers (compose, service);
    DockerPhase *phase = docker_phase_new (change->verb);
    count += containers->len;
    if (change->by_service && containers->len > 0)
      docker_phase_add (phase, service);
    add_containers (phase, compose, change, containers);
    if (!docker_phase_is_empty (phase))
      ask_platform (compose, phase, service, change->grace_us);
    docker_command_fork (compose->command);
    docker_command_push (compose->command, phase);
  }
  return count;
}

/* FALSE, and said, when it is no number. */
static gboolean
read_grace (const DockerCompose *compose, const DockerArguments *arguments,
            gint64 *grace_us)
{
  const char *text = docker_arguments_value (arguments, "timeout");
  gint64 seconds = DOCKER_GRACE_US / G_USEC_PER_SEC;
  if (text && !docker_arguments_number (text, &seconds)) {
    docker_err (compose->command,
                "ValueError: invalid literal for int() with base 10: '%s'\n", text);
    compose->command->status = 1;
    return FALSE;
  }
  *grace_us = seconds < 0 ? DOCKER_GRACE_ENDLESS_US : seconds * G_USEC_PER_SEC;
  return TRUE;
}

/* ---- the commands --------------------------------------------------------------------------- */

void
docker_compose_stop (DockerCompose *compose, const DockerArguments *arguments)
{
  Change change = { .verb = "Stopping", .running = TRUE, .add = add_stop };
  if (!read_grace (compose, arguments, &change.grace_us))
    return;
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  if (services)
    change_services (compose, &change, services);
}

void
docker_compose_kill (DockerCompose *compose, const DockerArguments *arguments)
{
  const Change change = { .verb = "Killing", .running = TRUE, .add = add_kill };
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  if (services)
    change_services (compose, &change, services);
}

void
docker_compose_restart (DockerCompose *compose, const DockerArguments *arguments)
{
  Change change = {
    .verb = "Restarting", .running = TRUE, .stopped = TRUE, .add = add_restart
  };
  if (!read_grace (compose, arguments, &change.grace_us))
    return;
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  if (services && change_services (compose, &change, services) == 0) {
    docker_err (compose->command, "No containers to restart\n1\n");
    compose->command->status = 1;
  }
}

static void
say_without_containers (const DockerCompose *compose, const char *service)
{
  g_autoptr (GPtrArray) containers = docker_compose_containers (compose, service);
  if (containers->len > 0)
    return;
  docker_say_progress (compose->command, "Starting", service, "");
  docker_say_progress (compose->command, "Starting", service, "failed");
}

void
docker_compose_start (DockerCompose *compose, const DockerArguments *arguments)
{
  const Change change = { .verb = "Starting",
                          .running = TRUE,
                          .stopped = TRUE,
                          .add = add_start,
                          .by_service = TRUE };
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  if (!services)
    return;
  guint count = change_services (compose, &change, services);
  for (guint i = 0; i < services->len; i++)
    say_without_containers (compose, services->pdata[i]);
  if (count > 0)
    return;
  docker_err (compose->command, "No containers to start\n1\n");
  compose->command->status = 1;
}

/* Nothing is ever paused here: the engine says so, and compose ends with 0 all the same. */
void
docker_compose_unpause (DockerCompose *compose, const DockerArguments *arguments)
{
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  for (guint i = 0; services && i < services->len; i++) {
    g_autoptr (GPtrArray) containers =
        docker_compose_containers (compose, services->pdata[i]);
    for (guint k = containers->len; k > 0; k--) {
      const Container *container = containers->pdata[k - 1];
      docker_err (compose->command,
                  "Unpausing %s ... \nUnpausing %s ... error\n\nERROR: for %s  Container "
                  "%s is not paused\n",
                  container->name, container->name, container->name, container->id);
    }
  }
}

/* ---- up ------------------------------------------------------------------------------------- */

/* FALSE, and said, where one of --scale is no SERVICE=NUM. */
static gboolean
check_scales (const DockerCompose *compose, const DockerArguments *arguments)
{
  for (guint i = 0; i < arguments->given->len; i++) {
    const DockerOption *option = arguments->given->pdata[i];
    const char *value = arguments->values->pdata[i];
    const char *number = value ? strchr (value, '=') : NULL;
    gint64 count;
    if (strcmp (option->name, "scale") != 0)
      continue;
    if (number && docker_arguments_number (number + 1, &count))
      continue;
    if (!number)
      docker_err (compose->command,
                  "Arguments to scale should be in the form service=num\n");
    else
      docker_err (compose->command,
                  "Number of containers for service \"%.*s\" is not a number\n",
                  (int)(number - value), value);
    compose->command->status = 1;
    return FALSE;
  }
  return TRUE;
}

/* How many of the service --scale says, as many as the compose file means it to have unless
 * it does. FALSE, and said, when that is too much. */
static gboolean
read_scale (const DockerCompose *compose, const DockerArguments *arguments,
            const char *service, gint64 *count)
{
  g_autofree char *start = g_strconcat (service, "=", NULL);
  *count = scenario_service (compose->scenario, service)->replicas;
  for (guint i = 0; i < arguments->given->len; i++) {
    const DockerOption *option = arguments->given->pdata[i];
    const char *value = arguments->values->pdata[i];
    if (strcmp (option->name, "scale") != 0 || !g_str_has_prefix (value, start))
      continue;
    docker_arguments_number (value + strlen (start), count);
  }
  if (*count >= 0 && *count <= SCALE_MAX)
    return TRUE;
  docker_err (compose->command,
              "docker-compose: the simulated deployment has none to at most %d instances "
              "of a service.\n",
              SCALE_MAX);
  compose->command->status = 1;
  return FALSE;
}

static void
push (const DockerCompose *compose, DockerPhase *phase, const char *service,
      gint64 grace_us)
{
  if (docker_phase_is_empty (phase)) {
    docker_phase_free (phase);
    return;
  }
  ask_platform (compose, phase, service, grace_us);
  docker_command_push (compose->command, phase);
}

static void
say_up_to_date (const DockerCompose *compose, const GPtrArray *containers)
{
  for (guint i = 0; i < containers->len; i++)
    docker_err (compose->command, "%s is up-to-date\n",
                ((const Container *)containers->pdata[i])->name);
}

/* Beside what is done to other services: those of the highest numbers are stopped and removed; those that are left and do not run
 * are started; what is missing is made. */
static void
bring_to (const DockerCompose *compose, const char *service, guint count, gint64 grace_us,
          gboolean tells)
{
  g_autoptr (GPtrArray) containers = docker_compose_containers (compose, service);
  DockerPhase *surplus = docker_phase_new ("Stopping and removing");
  DockerPhase *idle = docker_phase_new ("Starting");
  DockerPhase *more = docker_phase_new ("Creating");
  for (guint i = 0; i < containers->len; i++) {
    const Container *container = containers->pdata[i];
    gboolean stays = i < count;
    if (stays && docker_is_running (container))
      continue;
    docker_phase_add (stays ? idle : surplus, container->name);
    if (stays)
      docker_phase_start (idle, compose->world, container);
    else
      add_removal (surplus, compose->world, container, grace_us);
  }
  if (containers->len < count)
    docker_phase_create (more, compose->world, service, count);
  if (tells && containers->len == count && docker_phase_is_empty (idle))
    say_up_to_date (compose, containers);
  docker_command_fork (compose->command);
  push (compose, surplus, service, grace_us);
  push (compose, idle, service, 0);
  push (compose, more, service, 0);
}

static gboolean
check_up (const DockerCompose *compose, const DockerArguments *arguments)
{
  DockerCommand *command = compose->command;
  command->status = 1;
  if (!compose->world)
    docker_err (command,
                "docker-compose: the simulated engine makes no project %s; its projects "
                "are those that docker ps shows.\n",
                compose->project);
  else if (!docker_arguments_has (arguments, "detach"))
    docker_err (command,
                "docker-compose: the simulated docker-compose knows up only with "
                "-d.\n");
  else
    command->status = 0;
  return command->status == 0;
}

void
docker_compose_up (DockerCompose *compose, const DockerArguments *arguments)
{
  gint64 grace_us;
  g_autoptr (GPtrArray) services = docker_compose_services (compose, arguments);
  if (!services || !check_up (compose, arguments) ||
      !read_grace (compose, arguments, &grace_us) || !check_scales (compose, arguments))
    return;
  gboolean tells = !docker_arguments_has (arguments, "no-recreate");
  gint64 count;
  for (guint i = 0; i < services->len; i++)
    if (!read_scale (compose, arguments, services->pdata[i], &count))
      return;
  for (guint i = 0; i < services->len; i++) {
    read_scale (compose, arguments, services->pdata[i], &count);
    bring_to (compose, services->pdata[i], (guint)count, grace_us, tells);
  }
}
