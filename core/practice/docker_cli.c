/* docker_cli.c: docker's command line. */
#include "core/practice/docker_command.h"

#include <string.h>

#include "core/base/text.h"

/* What docker ends with when it does not understand its own options. */
#define STATUS_OPTIONS 125

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

/* ---- stop, start, restart, kill, rm ----------------------------------------------------- */

static const DockerOption time_options[] = {
  { .name = "time", .letter = 't', .takes = TRUE },
  { .name = "timeout", .takes = TRUE }, /* as newer ones call it */
  { .name = "signal", .letter = 's', .takes = TRUE, .missing = TRUE },
  { 0 },
};

static const DockerOption start_options[] = {
  { .name = "attach", .letter = 'a', .missing = TRUE },
  { .name = "interactive", .letter = 'i', .missing = TRUE },
  { .name = "detach-keys", .takes = TRUE, .missing = TRUE },
  { 0 },
};

static const DockerOption kill_options[] = {
  { .name = "signal", .letter = 's', .takes = TRUE, .missing = TRUE },
  { 0 },
};

static const DockerOption remove_options[] = {
  { .name = "force", .letter = 'f' },
  { .name = "volumes", .letter = 'v' },
  { .name = "link", .letter = 'l', .missing = TRUE },
  { 0 },
};

/* What makes an act of a word, or says why not and returns FALSE. */
typedef gboolean (*AddAct) (DockerCommand *command, DockerPhase *phase, World *world,
                            const Container *container, const char *word,
                            gint64 grace_us);

static void refuse (DockerCommand *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
refuse (DockerCommand *command, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  docker_err (command, "Error response from daemon: %s\n", text);
  command->status = 1;
}

/* FALSE, and said, where the engine does not take a command that changes this one. */
static gboolean
is_allowed (DockerCommand *command, World *world, const Container *container,
            const char *verb)
{
  const char *says = NULL;
  if (!world_refuses (world, container->service->name, &says))
    return TRUE;
  if (says)
    refuse (command, "%s", says);
  else
    refuse (command,
            "cannot %s container: %s: tried to kill container, but did not receive an "
            "exit event",
            verb, container->name);
  return FALSE;
}

static gboolean
add_stop (DockerCommand *command, DockerPhase *phase, World *world,
          const Container *container, const char *word, gint64 grace_us)
{
  if (!is_allowed (command, world, container, "stop"))
    return FALSE;
  docker_phase_add (phase, word);
  docker_phase_stop (phase, world, container, grace_us);
  return TRUE;
}

static gboolean
add_start (DockerCommand *command, DockerPhase *phase, World *world,
           const Container *container, const char *word, gint64 grace_us)
{
  (void)grace_us;
  if (!is_allowed (command, world, container, "start"))
    return FALSE;
  docker_phase_add (phase, word);
  docker_phase_start (phase, world, container);
  return TRUE;
}

static gboolean
add_restart (DockerCommand *command, DockerPhase *phase, World *world,
             const Container *container, const char *word, gint64 grace_us)
{
  if (!is_allowed (command, world, container, "restart"))
    return FALSE;
  docker_phase_add (phase, word);
  docker_phase_stop (phase, world, container, grace_us);
  docker_phase_start (phase, world, container);
  return TRUE;
}

static gboolean
add_kill (DockerCommand *command, DockerPhase *phase, World *world,
          const Container *container, const char *word, gint64 grace_us)
{
  (void)grace_us;
  if (!docker_is_running (container)) {
    refuse (command, "Cannot kill container: %s: Container %s is not running", word,
            container->id);
    return FALSE;
  }
  if (!is_allowed (command, world, container, "kill"))
    return FALSE;
  docker_phase_add (phase, word);
  docker_phase_kill (phase, world, container);
  return TRUE;
}

static gboolean
add_remove (DockerCommand *command, DockerPhase *phase, World *world,
            const Container *container, const char *word, gint64 grace_us)
{
  gboolean runs = docker_is_running (container);
  if (runs && grace_us != 0) {
    refuse (command,
            "You cannot remove a running container %s. Stop the container before "
            "attempting removal or force remove",
            container->id);
    return FALSE;
  }
  if (!is_allowed (command, world, container, "remove"))
    return FALSE;
  docker_phase_add (phase, word);
  if (runs)
    docker_phase_kill (phase, world, container);
  docker_phase_remove (phase, world, container);
  return TRUE;
}

static void
change (DockerCommand *command, const DockerArguments *arguments, AddAct add,
        gint64 grace_us, const char *missing)
{
  DockerPhase *phase = docker_phase_new (NULL);
  for (guint i = 0; i < arguments->words->len; i++) {
    const char *word = arguments->words->pdata[i];
    const Container *container = NULL;
    World *world = NULL;
    guint found = docker_find (command->docker, word, &container, &world);
    if (found == 0)
      refuse (command, "%sNo such container: %s", missing ? missing : "", word);
    else if (found > 1)
      refuse (command, "Multiple IDs found with provided prefix: %s", word);
    else
      add (command, phase, world, container, word, grace_us);
  }
  g_queue_push_tail (&command->phases, phase);
}

/* FALSE, and said, for a time that is no number. */
static gboolean
read_time (DockerCommand *command, const DockerArguments *arguments, const char *name,
           gint64 *grace_us)
{
  const char *text = docker_arguments_value (arguments, "time");
  gint64 seconds = DOCKER_GRACE_US / G_USEC_PER_SEC;
  text = text ? text : docker_arguments_value (arguments, "timeout");
  if (text && !docker_arguments_number (text, &seconds)) {
    docker_err (command,
                "invalid argument \"%s\" for \"-t, --time\" flag: strconv.ParseInt: "
                "parsing \"%s\": invalid syntax\nSee 'docker %s --help'.\n",
                text, text, name);
    command->status = STATUS_OPTIONS;
    return FALSE;
  }
  /* -1 waits for as long as it takes. */
  *grace_us = seconds < 0 ? G_MAXINT64 / 4 : seconds * G_USEC_PER_SEC;
  return TRUE;
}

static void
begin_stop (DockerCommand *command, const DockerArguments *arguments)
{
  gint64 grace_us;
  if (read_time (command, arguments, "stop", &grace_us))
    change (command, arguments, add_stop, grace_us, NULL);
}

static void
begin_restart (DockerCommand *command, const DockerArguments *arguments)
{
  gint64 grace_us;
  if (read_time (command, arguments, "restart", &grace_us))
    change (command, arguments, add_restart, grace_us, NULL);
}

static void
begin_start (DockerCommand *command, const DockerArguments *arguments)
{
  change (command, arguments, add_start, 0, NULL);
  if (command->status != 0)
    docker_err (command, "Error: failed to start containers: %s\n",
                (char *)arguments->words->pdata[arguments->words->len - 1]);
}

static void
begin_kill (DockerCommand *command, const DockerArguments *arguments)
{
  const Container *container = NULL;
  World *world = NULL;
  const char *word = arguments->words->pdata[0];
  gboolean found = docker_find (command->docker, word, &container, &world) > 0;
  g_autofree char *missing = g_strdup_printf ("Cannot kill container: %s: ", word);
  change (command, arguments, add_kill, 0, found ? NULL : missing);
}

static void
begin_remove (DockerCommand *command, const DockerArguments *arguments)
{
  gboolean force = docker_arguments_has (arguments, "force");
  change (command, arguments, add_remove, force ? 0 : DOCKER_GRACE_US, NULL);
}

/* ---- logs ---------------------------------------------------------------------------------- */

static const DockerOption logs_options[] = {
  { .name = "tail", .letter = 'n', .takes = TRUE },
  { .name = "timestamps", .letter = 't' },
  { .name = "follow", .letter = 'f', .missing = TRUE },
  { .name = "details", .missing = TRUE },
  { .name = "since", .takes = TRUE, .missing = TRUE },
  { .name = "until", .takes = TRUE, .missing = TRUE },
  { 0 },
};

static void
begin_logs (DockerCommand *command, const DockerArguments *arguments)
{
  const Container *container = NULL;
  World *world = NULL;
  const char *word = arguments->words->pdata[0];
  if (docker_find (command->docker, word, &container, &world) == 0) {
    refuse (command, "No such container: %s", word);
    return;
  }
  const char *tail = docker_arguments_value (arguments, "tail");
  gboolean stamped = docker_arguments_has (arguments, "timestamps");
  gint64 lines = -1;
  if (tail) /* "all", and whatever else is no number, is all of it */
    docker_arguments_number (tail, &lines);
  guint from =
      lines >= 0 && lines < container->log->len ? container->log->len - (guint)lines : 0;
  for (guint i = from; i < container->log->len; i++) {
    const char *line = container->log->pdata[i];
    const char *text = strchr (line, '\t');
    gsize stamp = stamped && text ? (gsize)(text - line) : 0;
    docker_out (command, "%.*s%s%s\n", (int)stamp, line, stamp ? " " : "",
                text ? text + 1 : line);
  }
}

/* ---- the command line ------------------------------------------------------------------- */

static const CommandRow commands[] = {
  { "info", docker_info_options, 0, 0, "[OPTIONS]", "Display system-wide information",
    docker_info_begin },
  { "inspect", docker_inspect_options, 1, G_MAXUINT, "[OPTIONS] NAME|ID [NAME|ID...]",
    "Return low-level information on Docker objects", docker_inspect_begin },
  { "kill", kill_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Kill one or more running containers", begin_kill },
  { "logs", logs_options, 1, 1, "[OPTIONS] CONTAINER", "Fetch the logs of a container",
    begin_logs },
  { "ps", docker_list_options, 0, 0, "[OPTIONS]", "List containers", docker_list_begin },
  { "restart", time_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Restart one or more containers", begin_restart },
  { "rm", remove_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Remove one or more containers", begin_remove },
  { "start", start_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Start one or more stopped containers", begin_start },
  { "stop", time_options, 1, G_MAXUINT, "[OPTIONS] CONTAINER [CONTAINER...]",
    "Stop one or more running containers", begin_stop },
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
  command->status = STATUS_OPTIONS;
}

static void
say_unknown_option (DockerCommand *command, const char *what, const char *whole)
{
  if (what[1] == '-')
    docker_err (command, "unknown flag: %s\n", what);
  else
    docker_err (command, "unknown shorthand flag: '%c' in %s\n", what[1], whole);
  command->status = STATUS_OPTIONS;
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
  case ARGUMENTS_NOT_HERE:
    docker_err (command, "docker: the simulated docker does not know %s of docker %s.\n",
                arguments->what, row->name);
    command->status = STATUS_OPTIONS;
    return FALSE;
  }
  docker_err (command, "See 'docker %s --help'.\n", row->name);
  command->status = STATUS_OPTIONS;
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
begin_named (DockerCommand *command, const CommandRow *row, const char *const *argv)
{
  g_auto (DockerArguments) arguments = { 0 };
  docker_arguments_read (&arguments, row->options, argv, FALSE);
  if (check_arguments (command, row, &arguments) &&
      check_words (command, row, arguments.words->len))
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
  } else if (global->finding == ARGUMENTS_VALUELESS) {
    docker_err (command, "flag needs an argument: %s\nSee 'docker --help'.\n",
                global->what);
    command->status = STATUS_OPTIONS;
  } else if (host && strcmp (host, command->docker->address) != 0) {
    docker_err (command,
                "docker: in practice there is no engine but the simulated one; leave "
                "--host %s out.\n",
                host);
    command->status = STATUS_OPTIONS;
  } else if (docker_arguments_has (global, "version")) {
    docker_out (command, "Docker version 20.10.24+dfsg1, build 297e128\n");
  } else if (global->finding == ARGUMENTS_HELP || global->words->len == 0 ||
             strcmp (global->words->pdata[0], "help") == 0) {
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
  docker_arguments_read (&global, global_options, argv, TRUE);
  if (!check_global (command, &global))
    return;
  g_ptr_array_add (global.words, NULL);
  const char *const *words = (const char *const *)global.words->pdata;
  const CommandRow *row = find_command (words[0]);
  if (row)
    begin_named (command, row, words + 1);
  else
    say_no_command (command, words);
}
