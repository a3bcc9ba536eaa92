#include "core/practice/docker/docker_command.h"

#include <string.h>

#define ENGINE_DEFAULT "unix:///var/run/docker.sock"

static void
project_free (void *data)
{
  DockerProject *project = data;
  g_free (project->directory);
  g_free (project);
}

Docker *
docker_new (const char *address)
{
  Docker *docker = g_new0 (Docker, 1);
  docker->address = g_strdup (address);
  docker->projects = g_ptr_array_new_with_free_func (project_free);
  return docker;
}

void
docker_free (Docker *docker)
{
  if (!docker)
    return;
  g_free (docker->address);
  g_ptr_array_unref (docker->projects);
  g_free (docker);
}

void
docker_look_with (Docker *docker, DockerIsThere is_there)
{
  docker->is_there = is_there;
}

gint64
docker_wall_us (const World *world, gint64 world_us)
{
  return world_wall_us (world) - world_now_us (world) + world_us;
}

void
docker_add_project (Docker *docker, World *world, const char *directory)
{
  DockerProject *project = g_new0 (DockerProject, 1);
  project->world = world;
  project->directory = g_strdup (directory);
  g_ptr_array_add (docker->projects, project);
}

const DockerProject *
docker_project (const Docker *docker, const char *name)
{
  for (guint i = 0; i < docker->projects->len; i++) {
    const DockerProject *project = docker->projects->pdata[i];
    if (strcmp (world_project (project->world), name) == 0)
      return project;
  }
  return NULL;
}

gboolean
docker_is_running (const Container *container)
{
  return container->state == CONTAINER_RUNNING || container->state == CONTAINER_STOPPING;
}

const char *
docker_state (const Container *container)
{
  return docker_is_running (container)           ? "running"
         : container->state == CONTAINER_CREATED ? "created"
                                                 : "exited";
}

guint
docker_find (const Docker *docker, const char *word, const Container **found,
             World **world)
{
  guint count = 0;
  word += *word == '/';
  for (guint i = 0; i < docker->projects->len; i++) {
    const DockerProject *project = docker->projects->pdata[i];
    const GPtrArray *containers = world_containers (project->world);
    for (guint k = 0; k < containers->len; k++) {
      const Container *container = containers->pdata[k];
      gboolean named = strcmp (container->name, word) == 0;
      if (!named && !(*word && g_str_has_prefix (container->id, word)))
        continue;
      count++;
      *found = container;
      *world = project->world;
      if (named)
        return 1;
    }
  }
  return count;
}

/* ---- a command ------------------------------------------------------------------------ */

static void
say (DockerCommand *command, const char *where, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  if (*valid)
    json_array_append_new (command->said, json_pack ("{s:s}", where, valid));
}

void
docker_out (DockerCommand *command, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  say (command, "out", format, arguments);
  va_end (arguments);
}

void
docker_err (DockerCommand *command, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  say (command, "err", format, arguments);
  va_end (arguments);
}

void
docker_refuse (DockerCommand *command, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  docker_err (command, "Error response from daemon: %s\n", text);
  command->status = 1;
}

static gboolean
is_compose (const char *program)
{
  return g_str_has_suffix (program, "docker-compose");
}

static void
lane_free (void *lane)
{
  g_queue_free_full (lane, (GDestroyNotify)docker_phase_free);
}

const char *
docker_environment (const DockerCommand *command, const char *name)
{
  gsize length = strlen (name);
  for (char **variable = command->environment; variable && *variable; variable++)
    if (strncmp (*variable, name, length) == 0 && (*variable)[length] == '=')
      return (*variable)[length + 1] ? *variable + length + 1 : NULL;
  return NULL;
}

static DockerCommand *
command_new (Docker *docker, const char *directory, const char *const *environment)
{
  DockerCommand *command = g_new0 (DockerCommand, 1);
  command->docker = docker;
  command->directory = g_strdup (directory);
  command->environment = g_strdupv ((GStrv)environment);
  command->said = json_array ();
  command->lanes = g_ptr_array_new_with_free_func (lane_free);
  return command;
}

DockerCommand *
docker_command_new (Docker *docker, const char *const *argv, const char *directory,
                    const char *const *environment)
{
  DockerCommand *command = command_new (docker, directory, environment);
  if (is_compose (argv[0]))
    docker_compose_begin (command, argv + 1);
  else
    docker_cli_begin (command, argv + 1);
  docker_command_go_on (command);
  return command;
}

void
docker_command_free (DockerCommand *command)
{
  if (!command)
    return;
  g_free (command->directory);
  g_strfreev (command->environment);
  json_decref (command->said);
  g_ptr_array_unref (command->lanes);
  g_free (command);
}

void
docker_command_fork (DockerCommand *command)
{
  g_ptr_array_add (command->lanes, g_queue_new ());
}

void
docker_command_push (DockerCommand *command, DockerPhase *phase)
{
  if (command->lanes->len == 0)
    docker_command_fork (command);
  docker_phase_measure (phase, command);
  g_queue_push_tail (command->lanes->pdata[command->lanes->len - 1], phase);
}

static void
lane_go_on (GQueue *lane, DockerCommand *command)
{
  DockerPhase *phase = g_queue_peek_head (lane);
  while (phase && docker_phase_go_on (phase, command)) {
    gboolean refused = docker_phase_was_refused (phase);
    docker_phase_free (g_queue_pop_head (lane));
    if (refused) /* the others would have come after it */
      g_queue_clear_full (lane, (GDestroyNotify)docker_phase_free);
    phase = g_queue_peek_head (lane);
  }
}

/* All say what they begin before any of them is over. */
void
docker_command_go_on (DockerCommand *command)
{
  for (guint i = 0; i < command->lanes->len; i++) {
    DockerPhase *phase = g_queue_peek_head (command->lanes->pdata[i]);
    if (phase)
      docker_phase_begin (phase, command);
  }
  for (guint i = 0; i < command->lanes->len; i++)
    lane_go_on (command->lanes->pdata[i], command);
}

json_t *
docker_command_said (DockerCommand *command)
{
  json_t *said = command->said;
  command->said = json_array ();
  return said;
}

gboolean
docker_command_is_over (const DockerCommand *command, int *status)
{
  for (guint i = 0; i < command->lanes->len; i++)
    if (!g_queue_is_empty (command->lanes->pdata[i]))
      return FALSE;
  *status = command->status;
  return TRUE;
}

/* ---- without an engine ----------------------------------------------------------------- */

#define UNREACHABLE                                        \
  "Cannot connect to the Docker daemon at " ENGINE_DEFAULT \
  ". Is the docker daemon running?"

/* The command's name: the first argument that is no option, nor the value of one. */
static const char *
command_name (const char *const *argv)
{
  const char *name = NULL;
  for (guint i = 1; argv[i] && !name; i++) {
    if (strcmp (argv[i], "-H") == 0 || strcmp (argv[i], "--host") == 0)
      i += argv[i + 1] != NULL;
    else if (argv[i][0] != '-')
      name = argv[i];
  }
  return name ? name : "";
}

json_t *
docker_without_engine (const char *const *argv, int *status)
{
  json_t *said = json_array ();
  const char *name = command_name (argv);
  *status = 1;
  if (is_compose (argv[0])) {
    json_array_append_new (
        said,
        json_pack ("{s:s}", "err",
                   "docker.errors.DockerException: Error while fetching server API "
                   "version: ('Connection aborted.', FileNotFoundError(2, 'No such file "
                   "or directory'))\n"));
    return said;
  }
  if (strcmp (name, "info") == 0)
    json_array_append_new (
        said, json_pack ("{s:s}", "out",
                         "{\"ID\":\"\",\"Containers\":0,\"SystemTime\":\"\",\"Name\":"
                         "\"\",\"ServerVersion\":\"\",\"ServerErrors\":[\"" UNREACHABLE
                         "\"]}\n"));
  if (strcmp (name, "inspect") == 0)
    json_array_append_new (said, json_pack ("{s:s}", "out", "[]\n"));
  json_array_append_new (said, json_pack ("{s:s}", "err", UNREACHABLE "\n"));
  return said;
}
