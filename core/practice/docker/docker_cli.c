/* docker_cli.c: docker's command line. */
#include "core/practice/docker/docker_command.h"

#include <string.h>

#include "core/base/text.h"

typedef struct {
  const char *name;
  const DockerOption *options;
  guint words_min, words_max; /* G_MAXUINT: any number */
  const char *usage, *about;
  DockerBegin begin;
} CommandRow;

static const DockerOption global_options[] = {
  { .name = "host", .letter = 'H', .takes = TRUE },
  { .name = "version", .letter = 'v' },
  { .name = "config", .takes = TRUE, .missing = TRUE },
  { .name = "context", .letter = 'c', .takes = TRUE, .missing = TRUE },
  { .name = "debug", .letter = 'D', .missing = TRUE },
  { .name = "log-level", .letter = 'l', .takes = TRUE, .missing = TRUE },
  { .name = "tls", .missing = TRUE },
  { .name = "tlscacert", .takes = TRUE, .missing = TRUE },
  { .name = "tlscert", .takes = TRUE, .missing = TRUE },
  { .name = "tlskey", .takes = TRUE, .missing = TRUE },
  { .name = "tlsverify", .missing = TRUE },
  { 0 },
};

/* ---- the command line ------------------------------------------------------------------- */

static const CommandRow commands[] = {
  { "info", docker_info_options, 0, 0, "[OPTIONS]", "Display system-wide information",
    docker_info_begin },
  { "inspect", docker_inspect_options, 1, G_MAXUINT, "[OPTIONS] NAME|ID [NAME|ID...]",
    "Return low-level information on Docker objects", docker_inspect_begin },
  { "kill", docker_kill_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Kill one or more running containers", docker_kill_begin },
  { "logs", docker_logs_options, 1, 1, "[OPTIONS] CONTAINER",
    "Fetch the logs of a container", docker_logs_begin },
  { "ps", docker_list_options, 0, 0, "[OPTIONS]", "List containers", docker_list_begin },
  { "restart", docker_time_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Restart one or more containers", docker_restart_begin },
  { "rm", docker_remove_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Remove one or more containers", docker_remove_begin },
  { "start", docker_start_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Start one or more stopped containers", docker_start_begin },
  { "stop", docker_time_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Stop one or more running containers", docker_stop_begin },
  { "version", docker_version_options, 0, 0, "[OPTIONS]",
    "Show the Docker version information", docker_version_begin },
};

/* What docker has besides. */
static const char *const missing_commands[] = {
  "attach", "build",  "builder", "commit", "config",   "container", "context", "cp",
  "create", "diff",   "events",  "exec",   "export",   "history",   "image",   "images",
  "import", "load",   "login",   "logout", "manifest", "network",   "node",    "pause",
  "plugin", "port",   "pull",    "push",   "rename",   "rmi",       "run",     "save",
  "search", "secret", "service", "stack",  "stats",    "swarm",     "system",  "tag",
  "top",    "trust",  "unpause", "update", "volume",   "wait",      NULL,
};

static const CommandRow *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static void
say_missing (DockerCommand *command, const char *what)
{
  const char *known[G_N_ELEMENTS (commands) + 1] = { NULL };
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    known[i] = commands[i].name;
  g_autofree char *list = text_list (known, "and");
  docker_err (
      command,
      "docker: the simulated docker does not know %s; in practice there are %s.\n", what,
      list);
  command->status = DOCKER_STATUS_OPTIONS;
}

static void
say_unknown_option (DockerCommand *command, const char *what, const char *whole)
{
  if (what[1] == '-')
    docker_err (command, "unknown flag: %s\n", what);
  else
    docker_err (command, "unknown shorthand flag: '%c' in %s\n", what[1], whole);
  command->status = DOCKER_STATUS_OPTIONS;
}

/* FALSE, and said, where a variable names another engine, or asks for what is not here. */
static gboolean
check_environment (DockerCommand *command, const char *host)
{
  static const char *const unknown[] = { "DOCKER_API_VERSION", "DOCKER_TLS_VERIFY" };
  const char *named = docker_environment (command, "DOCKER_HOST");
  const char *context = docker_environment (command, "DOCKER_CONTEXT");
  command->status = 1;
  if (!host && named && strcmp (named, command->docker->address) != 0) {
    docker_err (command,
                "docker: in practice there is no engine but the simulated one; unset "
                "DOCKER_HOST, which names %s.\n",
                named);
    return FALSE;
  }
  if (!host && !named && context && strcmp (context, "default") != 0) {
    docker_err (command,
                "docker: in practice there is no context but the default one; unset "
                "DOCKER_CONTEXT, which names %s.\n",
                context);
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    if (docker_environment (command, unknown[i])) {
      docker_err (command, "docker: the simulated docker does not follow %s; unset it.\n",
                  unknown[i]);
      return FALSE;
    }
  command->status = 0;
  return TRUE;
}

static void
say_usage (DockerCommand *command, const CommandRow *row, gboolean asked)
{
  g_autofree char *text = g_strdup_printf ("\nUsage:  docker %s %s\n\n%s\n", row->name,
                                           row->usage, row->about);
  if (asked)
    docker_out (command, "%s", text);
  else
    docker_err (command, "%s", text);
}

/* FALSE, and said, when they are not what the command takes. */
static gboolean
check_arguments (DockerCommand *command, const CommandRow *row,
                 const DockerArguments *arguments)
{
  switch (arguments->finding) {
  case ARGUMENTS_RIGHT:
    return TRUE;
  case ARGUMENTS_HELP:
    say_usage (command, row, TRUE);
    return FALSE;
  case ARGUMENTS_UNKNOWN:
    say_unknown_option (command, arguments->what, arguments->what);
    break;
  case ARGUMENTS_VALUELESS:
    if (arguments->what[1] == '-')
      docker_err (command, "flag needs an argument: %s\n", arguments->what);
    else
      docker_err (command, "flag needs an argument: '%c' in %s\n", arguments->what[1],
                  arguments->what);
    break;
  case ARGUMENTS_NO_SWITCH:
    docker_err (command, "%s\n", arguments->what);
    break;
  case ARGUMENTS_NOT_HERE:
    docker_err (command, "docker: the simulated docker does not know %s of docker %s.\n",
                arguments->what, row->name);
    command->status = DOCKER_STATUS_OPTIONS;
    return FALSE;
  }
  docker_err (command, "See 'docker %s --help'.\n", row->name);
  command->status = DOCKER_STATUS_OPTIONS;
  return FALSE;
}

static gboolean
check_words (DockerCommand *command, const CommandRow *row, guint words)
{
  if (words >= row->words_min && words <= row->words_max)
    return TRUE;
  if (row->words_max == 0)
    docker_err (command, "\"docker %s\" accepts no arguments.\n", row->name);
  else
    docker_err (command, "\"docker %s\" requires %s %u argument.\n", row->name,
                row->words_max == row->words_min ? "exactly" : "at least",
                row->words_min);
  docker_err (command, "See 'docker %s --help'.\n", row->name);
  say_usage (command, row, FALSE);
  command->status = 1;
  return FALSE;
}

static void
begin_named (DockerCommand *command, const CommandRow *row, const char *const *argv,
             const char *host)
{
  g_auto (DockerArguments) arguments = { 0 };
  docker_arguments_read (&arguments, row->options, argv, ARGUMENTS_OF_DOCKER);
  if (check_arguments (command, row, &arguments) &&
      check_words (command, row, arguments.words->len) &&
      check_environment (command, host))
    row->begin (command, &arguments);
}

/* A name that docker does not know, with what follows. Options are looked at first. */
static void
say_no_command (DockerCommand *command, const char *const *argv)
{
  if (g_strv_contains (missing_commands, argv[0])) {
    g_autofree char *what = g_strdup_printf ("'docker %s'", argv[0]);
    say_missing (command, what);
  } else if (argv[1] && argv[1][0] == '-') {
    char what[] = { argv[1][0], argv[1][1], '\0' };
    say_unknown_option (command, argv[1][1] == '-' ? argv[1] : what, argv[1]);
    docker_err (command, "See 'docker --help'.\n");
  } else {
    docker_err (command, "docker: '%s' is not a docker command.\nSee 'docker --help'\n",
                argv[0]);
    command->status = 1;
  }
}

static void
say_help (DockerCommand *command)
{
  docker_out (command, "\nUsage:  docker [OPTIONS] COMMAND\n\nThe simulated docker of a "
                       "practice run.\n\nCommands:\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    docker_out (command, "  %-11s %s\n", commands[i].name, commands[i].about);
}

/* docker help, docker help COMMAND. */
static void
say_help_about (DockerCommand *command, const char *name)
{
  const CommandRow *row = name ? find_command (name) : NULL;
  if (!name) {
    say_help (command);
  } else if (row) {
    say_usage (command, row, TRUE);
  } else if (g_strv_contains (missing_commands, name)) {
    g_autofree char *what = g_strdup_printf ("'docker %s'", name);
    say_missing (command, what);
  } else {
    docker_err (command, "unknown help topic: %s\n", name);
    command->status = 1;
  }
}

/* TRUE: a command's name follows. */
static gboolean
check_global (DockerCommand *command, const DockerArguments *global)
{
  const char *host = docker_arguments_value (global, "host");
  if (global->finding == ARGUMENTS_NOT_HERE) {
    say_missing (command, global->what);
  } else if (global->finding == ARGUMENTS_UNKNOWN) {
    say_unknown_option (command, global->what, global->what);
    docker_err (command, "See 'docker --help'.\n");
  } else if (global->finding == ARGUMENTS_NO_SWITCH) {
    docker_err (command, "%s\nSee 'docker --help'.\n", global->what);
    command->status = DOCKER_STATUS_OPTIONS;
  } else if (global->finding == ARGUMENTS_VALUELESS) {
    docker_err (command, "flag needs an argument: %s\nSee 'docker --help'.\n",
                global->what);
    command->status = DOCKER_STATUS_OPTIONS;
  } else if (host && strcmp (host, command->docker->address) != 0) {
    docker_err (command,
                "docker: in practice there is no engine but the simulated one; leave "
                "--host %s out.\n",
                host);
    command->status = DOCKER_STATUS_OPTIONS;
  } else if (docker_arguments_has (global, "version")) {
    docker_out (command, "Docker version 20.10.24+dfsg1, build 297e128\n");
  } else if (global->finding == ARGUMENTS_HELP || global->words->len == 0) {
    say_help (command);
  } else {
    return TRUE;
  }
  return FALSE;
}

void
docker_cli_begin (DockerCommand *command, const char *const *argv)
{
  g_auto (DockerArguments) global = { 0 };
  docker_arguments_read (&global, global_options, argv, ARGUMENTS_BEFORE_COMMAND);
  if (!check_global (command, &global))
    return;
  g_ptr_array_add (global.words, NULL);
  const char *const *words = (const char *const *)global.words->pdata;
  const CommandRow *row = find_command (words[0]);
  if (strcmp (words[0], "help") == 0)
    say_help_about (command, words[1]);
  else if (row)
    begin_named (command, row, words + 1, docker_arguments_value (&global, "host"));
  else
    say_no_command (command, words);
}
