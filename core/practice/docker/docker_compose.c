/* docker_compose.c: docker-compose's command line, version 1. */
#include "core/practice/docker/docker_compose.h"

#include <string.h>

#include "core/base/text.h"

static const DockerOption global_options[] = {
  { .name = "file", .letter = 'f', .takes = TRUE, .many = TRUE },
  { .name = "project-name", .letter = 'p', .takes = TRUE },
  { .name = "project-directory", .takes = TRUE },
  { .name = "host", .letter = 'H', .takes = TRUE },
  { .name = "version", .letter = 'v' },
  { .name = "ansi", .takes = TRUE },
  { .name = "no-ansi" },
  { .name = "verbose", .missing = TRUE },
  { .name = "profile", .takes = TRUE, .missing = TRUE, .many = TRUE },
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

/* The "--" before the words, where the usage has one: behind the first word it is a word. */
static void
leave_out_dashes (GPtrArray *words)
{
  if (words->len > 0 && strcmp (words->pdata[0], "--") == 0)
    g_ptr_array_remove_index (words, 0);
}

static void
begin_named (DockerCompose *compose, const CommandRow *row, const char *const *argv,
             const DockerArguments *global)
{
  g_auto (DockerArguments) arguments = { 0 };
  const char *host = docker_arguments_value (global, "host");
  docker_arguments_read (&arguments, row->options, argv, ARGUMENTS_OF_COMPOSE);
  if (strstr (row->usage, "[--]"))
    leave_out_dashes (arguments.words);
  if (arguments.finding == ARGUMENTS_NOT_HERE) {
    g_autofree char *what = g_strdup_printf ("%s of %s", arguments.what, row->name);
    say_missing (compose->command, what);
  } else if (arguments.finding != ARGUMENTS_RIGHT) {
    say_usage (compose->command, row, arguments.finding == ARGUMENTS_HELP);
  } else if (!row->alone && (!docker_compose_find_project (compose, global) ||
                             !docker_compose_check_environment (compose, host))) {
    compose->command->status = 1;
  } else {
    row->begin (compose, &arguments);
  }
}

static const CommandRow *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static void
say_no_command (DockerCommand *command, const char *name)
{
  if (g_strv_contains (missing_commands, name)) {
    say_missing (command, name);
    return;
  }
  g_autofree char *list = list_commands ();
  docker_err (command, "No such command: %s\n\n%s", name, list);
  command->status = 1;
}

/* docker-compose help, docker-compose help COMMAND. */
static void
say_help_about (DockerCommand *command, const char *name)
{
  const CommandRow *row = name ? find_command (name) : NULL;
  g_autofree char *text = usage ();
  if (!name)
    docker_out (command, "%s", text);
  else if (row)
    say_usage (command, row, TRUE);
  else
    say_no_command (command, name);
}

/* FALSE, and said, for a value of --ansi that there is not. */
static gboolean
check_ansi (DockerCommand *command, const DockerArguments *global)
{
  static const char *const known[] = { "never", "always", "auto", NULL };
  const char *ansi = docker_arguments_value (global, "ansi");
  if (ansi && !g_strv_contains (known, ansi)) {
    docker_err (command,
                "Invalid value for --ansi: %s. Expected one of never, always, auto.\n",
                ansi);
    command->status = 1;
    return FALSE;
  }
  if (docker_arguments_has (global, "no-ansi"))
    docker_err (command,
                "--no-ansi option is deprecated and will be removed in future versions. "
                "Use `--ansi never` instead.\n");
  return TRUE;
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
  } else {
    return check_ansi (command, global);
  }
  return FALSE;
}

void
docker_compose_begin (DockerCommand *command, const char *const *argv)
{
  g_auto (DockerArguments) global = { 0 };
  docker_arguments_read (&global, global_options, argv, ARGUMENTS_OF_COMPOSE);
  leave_out_dashes (global.words);
  if (!check_global (command, &global))
    return;
  g_ptr_array_add (global.words, NULL);
  const char *const *words = (const char *const *)global.words->pdata;
  const CommandRow *row = find_command (words[0]);
  DockerCompose compose = { .command = command };
  if (strcmp (words[0], "help") == 0)
    say_help_about (command, words[1]);
  else if (row)
    begin_named (&compose, row, words + 1, &global);
  else
    say_no_command (command, words[0]);
  g_free (compose.project);
}
