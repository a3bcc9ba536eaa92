/* docker_compose.c: docker-compose's command line, version 1. */
#include "core/practice/docker/docker_compose.h"

#include <string.h>

#include "core/base/text.h"

#define FILE_NAME "docker-compose.yml"

static const DockerOption global_options[] = {
  { .name = "file", .letter = 'f', .takes = TRUE },
  { .name = "project-name", .letter = 'p', .takes = TRUE },
  { .name = "project-directory", .takes = TRUE },
  { .name = "host", .letter = 'H', .takes = TRUE },
  { .name = "version", .letter = 'v' },
  { .name = "ansi", .takes = TRUE },
  { .name = "no-ansi" },
  { .name = "verbose", .missing = TRUE },
  { .name = "profile", .takes = TRUE, .missing = TRUE },
  { .name = "context", .letter = 'c', .takes = TRUE, .missing = TRUE },
  { .name = "log-level", .takes = TRUE, .missing = TRUE },
  { .name = "env-file", .takes = TRUE, .missing = TRUE },
  { .name = "compatibility", .missing = TRUE },
  { .name = "tls", .missing = TRUE },
  { .name = "tlscacert", .takes = TRUE, .missing = TRUE },
  { .name = "tlscert", .takes = TRUE, .missing = TRUE },
  { .name = "tlskey", .takes = TRUE, .missing = TRUE },
  { .name = "tlsverify", .missing = TRUE },
  { .name = "skip-hostname-check", .missing = TRUE },
  { 0 },
};

typedef struct {
  const char *name;
  const DockerOption *options;
  const char *about, *usage;
  gboolean alone; /* it needs no project */
  void (*begin) (DockerCompose *compose, const DockerArguments *arguments);
} CommandRow;

static void begin_version (DockerCompose *compose, const DockerArguments *arguments);

static const DockerOption version_options[] = { { .name = "short" }, { 0 } };

static const CommandRow commands[] = {
  { "kill", docker_compose_kill_options, "Force stop service containers.",
    "kill [options] [--] [SERVICE...]", FALSE, docker_compose_kill },
  { "logs", docker_compose_logs_options, "View output from containers.",
    "logs [options] [--] [SERVICE...]", FALSE, docker_compose_logs },
  { "ps", docker_compose_list_options, "List containers.",
    "ps [options] [--] [SERVICE...]", FALSE, docker_compose_list },
  { "restart", docker_compose_time_options, "Restart running containers.",
    "restart [options] [--] [SERVICE...]", FALSE, docker_compose_restart },
  { "start", docker_compose_no_options, "Start existing containers.",
    "start [SERVICE...]", FALSE, docker_compose_start },
  { "stop", docker_compose_time_options,
    "Stop running containers without removing them.\n\nThey can be started again with "
    "`docker-compose start`.",
    "stop [options] [--] [SERVICE...]", FALSE, docker_compose_stop },
  { "unpause", docker_compose_no_options, "Unpause services.", "unpause [SERVICE...]",
    FALSE, docker_compose_unpause },
  { "up", docker_compose_up_options,
    "Builds, (re)creates, starts, and attaches to containers for a service.",
    "up [options] [--scale SERVICE=NUM...] [--] [SERVICE...]", FALSE, docker_compose_up },
  { "version", version_options, "Show version information and quit.", "version [--short]",
    TRUE, begin_version },
};

/* What docker-compose has besides. */
static const char *const missing_commands[] = {
  "build", "config", "create", "down", "events", "exec",  "images", "pause",
  "port",  "pull",   "push",   "rm",   "run",    "scale", "top",    NULL,
};

static void
begin_version (DockerCompose *compose, const DockerArguments *arguments)
{
  if (docker_arguments_has (arguments, "short"))
    docker_out (compose->command, "1.29.2\n");
  else
    docker_out (compose->command,
                "docker-compose version 1.29.2, build unknown\ndocker-py version: 5.0.3\n"
                "CPython version: 3.11.2\nOpenSSL version: OpenSSL 3.0.11 19 Sep 2023\n");
}

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

/* Whose compose file it is; NULL, and said, where there is none. */
static const DockerProject *
find_file (DockerCommand *command, const DockerArguments *global)
{
  const char *file = docker_arguments_value (global, "file");
  const char *folder = docker_arguments_value (global, "project-directory");
  g_autofree char *directory = resolve (command->directory, folder ? folder : ".");
  const DockerProject *project = file ? project_of_file (command->docker, directory, file)
                                      : project_at (command->docker, directory);
  if (!project && file && *file == '/')
    docker_err (
        command,
        "docker-compose: the file %s is not of a simulated deployment; in practice "
        "there is no other.\n",
        file);
  else if (!project && file)
    docker_err (command,
                ".FileNotFoundError: [Errno 2] No such file or directory: './%s'\n",
                file);
  else if (!project)
    docker_err (command,
                "\n        Can't find a suitable configuration file in this directory or "
                "any\n        parent. Are you in the right directory?\n\n        "
                "Supported filenames: docker-compose.yml, docker-compose.yaml, "
                "compose.yml, compose.yaml\n        \n");
  return project;
}

/* As version 1 takes it: small letters, digits, "-" and "_" of it. Newly allocated. */
static char *
project_name (const char *given)
{
  GString *name = g_string_new (NULL);
  for (; *given; given++)
    if (g_ascii_isalnum (*given) || *given == '-' || *given == '_')
      g_string_append_c (name, g_ascii_tolower (*given));
  return g_string_free (name, FALSE);
}

/* FALSE, and said, when nothing can be done. The services are those of the file; the
 * containers are those of the project that is named, which may have none. */
static gboolean
find_project (DockerCompose *compose, const DockerArguments *global)
{
  const Docker *docker = compose->command->docker;
  const DockerProject *file = find_file (compose->command, global);
  if (!file)
    return FALSE;
  const char *given = docker_arguments_value (global, "project-name");
  if (given)
    compose->named = project_name (given);
  const DockerProject *project = given ? docker_project (docker, compose->named) : file;
  compose->scenario = world_scenario (file->world);
  compose->project = given ? compose->named : world_project (file->world);
  compose->world = project ? project->world : NULL;
  return TRUE;
}

/* ---- the command line ------------------------------------------------------------------- */

static void
say_missing (DockerCommand *command, const char *what)
{
  const char *known[G_N_ELEMENTS (commands) + 1] = { NULL };
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    known[i] = commands[i].name;
  g_autofree char *list = text_list (known, "and");
  docker_err (
      command,
      "docker-compose: the simulated docker-compose does not know %s; in practice "
      "there are %s.\n",
      what, list);
  command->status = 1;
}

static char *
list_commands (void)
{
  GString *text = g_string_new ("Commands:\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %-18s %.*s\n", commands[i].name,
                            (int)strcspn (commands[i].about, ".\n"), commands[i].about);
  return g_string_free (text, FALSE);
}

static char *
usage (void)
{
  g_autofree char *list = list_commands ();
  return g_strconcat (
      "Define and run multi-container applications with Docker.\n\n"
      "Usage:\n  docker-compose [-f <arg>...] [--profile <name>...] "
      "[options] [--] [COMMAND] [ARGS...]\n  docker-compose -h|--help\n\n",
      list, NULL);
}

static const CommandRow *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

/* It prints its usage on standard error and ends with 0, as the original does. */
static void
say_usage (DockerCommand *command, const CommandRow *row, gboolean asked)
{
  g_autofree char *text = g_strdup_printf ("%s\n\nUsage: %s\n", row->about, row->usage);
  if (asked)
    docker_out (command, "%s", text);
  else
    docker_err (command, "%s", text);
}

static void
begin_named (DockerCompose *compose, const CommandRow *row, const char *const *argv,
             const DockerArguments *global)
{
  g_auto (DockerArguments) arguments = { 0 };
  docker_arguments_read (&arguments, row->options, argv, TRUE);
  /* Where its usage has no "--", that is a word like any other. */
  if (arguments.dashes && !strstr (row->usage, "[--]"))
    g_ptr_array_insert (arguments.words, 0, g_strdup ("--"));
  if (arguments.finding == ARGUMENTS_NOT_HERE) {
    g_autofree char *what = g_strdup_printf ("%s of %s", arguments.what, row->name);
    say_missing (compose->command, what);
  } else if (arguments.finding != ARGUMENTS_RIGHT) {
    say_usage (compose->command, row, arguments.finding == ARGUMENTS_HELP);
  } else if (!row->alone && !find_project (compose, global)) {
    compose->command->status = 1;
  } else {
    row->begin (compose, &arguments);
  }
}

/* TRUE: a command's name follows. */
static gboolean
check_global (DockerCommand *command, const DockerArguments *global)
{
  const char *host = docker_arguments_value (global, "host");
  g_autofree char *text = usage ();
  if (global->finding == ARGUMENTS_NOT_HERE) {
    say_missing (command, global->what);
  } else if (global->finding == ARGUMENTS_HELP) {
    docker_out (command, "%s", text);
  } else if (global->finding != ARGUMENTS_RIGHT) {
    docker_err (command, "%s", text);
    command->status = 1;
  } else if (host && strcmp (host, command->docker->address) != 0) {
    docker_err (command,
                "docker-compose: in practice there is no engine but the simulated one; "
                "leave --host %s out.\n",
                host);
    command->status = 1;
  } else if (docker_arguments_has (global, "version")) {
    docker_out (command, "docker-compose version 1.29.2, build unknown\n");
  } else if (global->words->len == 0) {
    docker_err (command, "%s", text);
  } else if (strcmp (global->words->pdata[0], "help") == 0) {
    const CommandRow *row =
        global->words->len > 1 ? find_command (global->words->pdata[1]) : NULL;
    if (row)
      say_usage (command, row, TRUE);
    else
      docker_out (command, "%s", text);
  } else {
    return TRUE;
  }
  return FALSE;
}

void
docker_compose_begin (DockerCommand *command, const char *const *argv)
{
  g_auto (DockerArguments) global = { 0 };
  docker_arguments_read (&global, global_options, argv, TRUE);
  if (!check_global (command, &global))
    return;
  g_ptr_array_add (global.words, NULL);
  const char *const *words = (const char *const *)global.words->pdata;
  const CommandRow *row = find_command (words[0]);
  if (row) {
    DockerCompose compose = { .command = command };
    begin_named (&compose, row, words + 1, &global);
    g_free (compose.named);
    return;
  }
  if (g_strv_contains (missing_commands, words[0])) {
    say_missing (command, words[0]);
    return;
  }
  g_autofree char *list = list_commands ();
  docker_err (command, "No such command: %s\n\n%s", words[0], list);
  command->status = 1;
}
