/* docker_compose_project.c: which project docker-compose is about, by its arguments, its
 * environment and where it was typed. */
#include "core/practice/docker/docker_compose.h"

#include <string.h>

#include "core/base/text.h"

#define FILE_NAME "docker-compose.yml"

/* ---- which project ------------------------------------------------------------------------ */

/* A path from / without ., .. and double slashes: `path` as seen from `directory`. */
static char *
resolve (const char *directory, const char *path)
{
  g_autofree char *whole = g_strconcat (*path == '/' ? "" : directory, "/", path, NULL);
  g_auto (GStrv) parts = g_strsplit (whole, "/", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  g_ptr_array_add (kept, (void *)"");
  for (char **part = parts; *part; part++) {
    if (strcmp (*part, "..") == 0)
      g_ptr_array_set_size (kept, (int)MAX (kept->len - 1, 1));
    else if (**part && strcmp (*part, ".") != 0)
      g_ptr_array_add (kept, *part);
  }
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **)kept->pdata);
}

/* Whether a path is the folder or something below it. */
static gboolean
is_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);
  return g_str_has_prefix (path, folder) && (!path[length] || path[length] == '/');
}

/* The project whose file is found from where the command was typed, as compose looks
 * for it: there and in every folder above. */
static const DockerProject *
project_at (const Docker *docker, const char *directory)
{
  for (guint i = 0; i < docker->projects->len; i++) {
    const DockerProject *project = docker->projects->pdata[i];
    if (is_below (directory, project->directory))
      return project;
  }
  return NULL;
}

static const DockerProject *
project_of_file (const Docker *docker, const char *directory, const char *file)
{
  g_autofree char *path = resolve (directory, file);
  for (guint i = 0; i < docker->projects->len; i++) {
    const DockerProject *project = docker->projects->pdata[i];
    g_autofree char *its = g_build_filename (project->directory, FILE_NAME, NULL);
    if (strcmp (path, its) == 0)
      return project;
  }
  return NULL;
}

static gboolean
is_there (const Docker *docker, const char *directory, const char *file)
{
  g_autofree char *path = resolve (directory, file);
  return strcmp (file, "-") == 0 || (docker->is_there && docker->is_there (path));
}

/* `how`: what named the file, and is to be left out. */
static void
say_no_project_of (DockerCommand *command, const char *file, const char *how)
{
  const GPtrArray *projects = command->docker->projects;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  if (!is_there (command->docker, command->directory, file)) {
    docker_err (command,
                ".FileNotFoundError: [Errno 2] No such file or directory: '%s%s'\n",
                *file == '/' ? "" : "./", file);
    return;
  }
  for (guint i = 0; i < projects->len; i++) {
    const DockerProject *project = projects->pdata[i];
    g_ptr_array_add (files, g_build_filename (project->directory, FILE_NAME, NULL));
  }
  g_ptr_array_add (files, NULL);
  g_autofree char *list = text_list ((const char *const *)files->pdata, "and");
  docker_err (command,
              "docker-compose: in practice there is no compose file but %s; %s.\n", list,
              how);
}

/* Several files are put together, so all of them must be the one. NULL, and said. */
static const DockerProject *
find_files (DockerCommand *command, const char *const *files, const char *how)
{
  const DockerProject *project = NULL;
  for (; *files; files++) {
    const DockerProject *one =
        project_of_file (command->docker, command->directory, *files);
    if (!one || (project && one != project)) {
      say_no_project_of (command, *files, how);
      return NULL;
    }
    project = one;
  }
  return project;
}

/* Whose compose file it is; NULL, and said, where there is none. */
static const DockerProject *
find_file (DockerCommand *command, const DockerArguments *global)
{
  const char *variable = docker_environment (command, "COMPOSE_FILE");
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  for (guint i = 0; i < global->given->len; i++)
    if (strcmp (((const DockerOption *)global->given->pdata[i])->name, "file") == 0)
      g_ptr_array_add (files, global->values->pdata[i]);
  g_ptr_array_add (files, NULL);
  if (files->len > 1)
    return find_files (command, (const char *const *)files->pdata, "leave -f out");
  if (variable) {
    g_auto (GStrv) named = g_strsplit (variable, ":", -1);
    return find_files (command, (const char *const *)named, "unset COMPOSE_FILE");
  }
  const DockerProject *project = project_at (command->docker, command->directory);
  if (!project)
    docker_err (command,
                "\n        Can't find a suitable configuration file in this directory or "
                "any\n        parent. Are you in the right directory?\n\n        "
                "Supported filenames: docker-compose.yml, docker-compose.yaml, "
                "compose.yml, compose.yaml\n        \n");
  return project;
}

/* As compose makes a project's name of what it is given. */
static char *
normalize (const char *name)
{
  g_autofree char *lower = g_utf8_strdown (name, -1);
  GString *kept = g_string_new (NULL);
  for (const char *letter = lower; *letter; letter++)
    if (g_ascii_isalnum (*letter) || *letter == '-' || *letter == '_')
      g_string_append_c (kept, *letter);
  return g_string_free (kept, FALSE);
}

/* The name that was given, else the folder's. */
static char *
name_project (const DockerCommand *command, const DockerArguments *global,
              const DockerProject *file)
{
  const char *name = docker_arguments_value (global, "project-name");
  const char *folder = docker_arguments_value (global, "project-directory");
  if (!name || !*name)
    name = docker_environment (command, "COMPOSE_PROJECT_NAME");
  if (name)
    return normalize (name);
  if (!folder)
    return g_strdup (world_project (file->world));
  g_autofree char *whole = resolve (command->directory, folder);
  g_autofree char *last = g_path_get_basename (whole);
  g_autofree char *normal = normalize (last);
  return *normal ? g_steal_pointer (&normal) : g_strdup ("default");
}

/* The services are those of the file; the containers are those of the project that is named,
 * which may have none. */
gboolean
docker_compose_find_project (DockerCompose *compose, const DockerArguments *global)
{
  const DockerProject *file = find_file (compose->command, global);
  if (!file)
    return FALSE;
  compose->project = name_project (compose->command, global, file);
  const DockerProject *project =
      docker_project (compose->command->docker, compose->project);
  compose->scenario = world_scenario (file->world);
  compose->world = project ? project->world : NULL;
  return TRUE;
}

/* ---- the environment ------------------------------------------------------------------- */

/* How long compose lets the engine take to answer, unless COMPOSE_HTTP_TIMEOUT says it. */
#define ANSWER_S 60

/* FALSE, and said, when it is no time. */
static gboolean
read_answer (DockerCompose *compose)
{
  const char *text = docker_environment (compose->command, "COMPOSE_HTTP_TIMEOUT");
  compose->answer_s = ANSWER_S;
  if (text && !docker_arguments_number (text, &compose->answer_s)) {
    docker_err (compose->command,
                "ValueError: invalid literal for int() with base 10: '%s'\n", text);
    return FALSE;
  }
  if (compose->answer_s > 0)
    return TRUE;
  docker_err (
      compose->command,
      "docker.errors.DockerException: Error while fetching server API version: "
      "Attempted to set connect timeout to %s, but the timeout cannot be set to a "
      "value less than or equal to 0.\n",
      text);
  return FALSE;
}

gboolean
docker_compose_check_environment (DockerCompose *compose, const char *host)
{
  static const char *const unknown[] = { "COMPOSE_API_VERSION", "COMPOSE_PARALLEL_LIMIT",
                                         "COMPOSE_PATH_SEPARATOR", "COMPOSE_TLS_VERSION",
                                         "DOCKER_TLS_VERIFY" };
  DockerCommand *command = compose->command;
  const char *named = docker_environment (command, "DOCKER_HOST");
  if (!host && named && strcmp (named, command->docker->address) != 0) {
    docker_err (command,
                "docker-compose: in practice there is no engine but the simulated one; "
                "unset DOCKER_HOST, which names %s.\n",
                named);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    if (docker_environment (command, unknown[i])) {
      docker_err (command,
                  "docker-compose: the simulated docker-compose does not follow %s; "
                  "unset it.\n",
                  unknown[i]);
      return FALSE;
    }
  return read_answer (compose);
}
