/* serve_make.c: what there is before the first turn: worlds, ports, and the folder. */
#include "core/practice/serve/serve_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "core/practice/serve/serve_folder.h"

/* Nobody writes a longer one; what is no plain file may have no end. */
#define FILE_BYTES_MAX (1024 * 1024)

static GBytes *
read_file (const char *path, GError **error)
{
  struct stat status;
  char *text = NULL;
  gsize length;
  if (stat (path, &status) == 0 &&
      (!S_ISREG (status.st_mode) || status.st_size > FILE_BYTES_MAX)) {
    g_set_error (error, SERVE_ERROR, SERVE_ERROR_SCENARIO,
                 "%s is no scenario: it must be a plain file of at most 1 MiB", path);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  return g_bytes_new_take (text, length);
}

/* The scenario that one is like: beside it, or else in the first of the places. */
static GBytes *
read_like (const char *name, void *data, GError **error)
{
  const ServeOrder *order = data;
  g_autofree char *folder = g_path_get_dirname (order->scenario);
  g_autofree char *base = g_strconcat (name, ".yaml", NULL);
  g_autofree char *path = g_build_filename (folder, base, NULL);
  for (guint i = 0; order->places && order->places[i]; i++) {
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      break;
    g_free (path);
    path = g_build_filename (order->places[i], base, NULL);
  }
  return read_file (path, error);
}

static Scenario *
load_scenario (const ServeOrder *order, GError **error)
{
  const char *file = order->scenario;
  g_autoptr (GBytes) bytes = read_file (file, error);
  if (!bytes)
    return NULL;
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Scenario) scenario =
      scenario_load (file, bytes, read_like, (void *)order, problems);
  if (scenario && problems_count (problems) == 0)
    return g_steal_pointer (&scenario);
  g_autofree char *first = problems_format (problems);
  g_set_error (error, SERVE_ERROR, SERVE_ERROR_SCENARIO,
               "the scenario has mistakes; `handrail check %s` lists them: %.*s", file,
               (int)strcspn (first, "\n"), first);
  return NULL;
}

/* The other project: the same services, and nothing happens to it. */
static void
add_other (Serve *serve, gint64 wall_us)
{
  serve->still = g_new (Scenario, 1);
  *serve->still = *serve->scenario;
  serve->still->events = g_ptr_array_new ();
  serve->other = world_new (serve->still, serve->scenario->elsewhere,
                            serve->order->seed ^ 1, wall_us);
}

gboolean
serve_make_worlds (Serve *serve, GError **error)
{
  gint64 wall_us = g_get_real_time ();
  serve->scenario = load_scenario (serve->order, error);
  if (!serve->scenario)
    return FALSE;
  serve->begin_boot_us = serve->asked_boot_us = serve_boot_us ();
  serve->world = world_new (serve->scenario, SERVE_PROJECT, serve->order->seed, wall_us);
  world_tell_jobs (serve->world, serve->scenario->tells_jobs);
  if (serve->scenario->elsewhere)
    add_other (serve, wall_us);
  return TRUE;
}

static gboolean
add_project (const Serve *serve, World *world, GError **error)
{
  g_autofree char *directory = serve_folder_make_project (
      serve->order->folder, world_project (world), world_scenario (world), error);
  if (directory)
    docker_add_project (serve->docker, world, directory);
  return directory != NULL;
}

static gboolean
has_role (const Scenario *scenario, ScenarioRole role)
{
  for (guint i = 0; i < scenario->services->len; i++)
    if (((const ScenarioService *)scenario->services->pdata[i])->role == (int)role)
      return TRUE;
  return FALSE;
}

/* A stand-in is run by the same user on the same host. */
static gboolean
is_there (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
serve_make_ports (Serve *serve, GError **error)
{
  const char *folder = serve->order->folder;
  g_autofree char *control = g_build_filename (folder, SERVE_FOLDER_CONTROL, NULL);
  g_autofree char *redis = g_build_filename (folder, SERVE_FOLDER_REDIS, NULL);
  g_autofree char *address = g_strconcat ("unix://", control, NULL);
  serve->docker = docker_new (address);
  docker_look_with (serve->docker, is_there);
  serve->redis = redis_new (serve->world, SERVE_FOLDER_DATABASE, redis);
  serve->control_port = port_new (&serve_control_calls, serve);
  serve->redis_port = port_new (&serve_redis_calls, serve);
  serve->http_port = port_new (&serve_http_calls, serve);
  if (!port_set_path (serve->control_port, control, error) ||
      !port_set_path (serve->redis_port, redis, error) ||
      !port_set_loopback (serve->http_port, &serve->http_number, error))
    return FALSE;
  if (has_role (serve->scenario, SCENARIO_APPLICATION))
    serve->health = g_strdup_printf ("http://127.0.0.1:%u/health", serve->http_number);
  return TRUE;
}

gboolean
serve_make_folder (Serve *serve, GError **error)
{
  const ServeOrder *order = serve->order;
  g_autofree char *told = g_build_filename (order->folder, SERVE_FOLDER_TOLD, NULL);
  if (!add_project (serve, serve->world, error) ||
      (serve->other && !add_project (serve, serve->other, error)) ||
      !serve_folder_make_programs (order->folder, order->program, error) ||
      !serve_folder_make_site (order->folder, serve->world, serve->health, error))
    return FALSE;
  serve->told = open (told, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  if (serve->told >= 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (errno),
               "%s cannot be made (%s); give a folder with nothing in it", told,
               g_strerror (errno));
  return FALSE;
}
