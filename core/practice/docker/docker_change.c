/* docker_change.c: what docker does to containers, and what they have printed. */
#include "core/practice/docker/docker_command.h"

#include <string.h>

/* ---- stop, start, restart, kill, rm ----------------------------------------------------- */

const DockerOption docker_time_options[] = {
  { .name = "time", .letter = 't', .takes = TRUE },
  { .name = "timeout", .takes = TRUE }, /* as newer ones call it */
  { .name = "signal", .letter = 's', .takes = TRUE, .missing = TRUE },
  { 0 },
};

const DockerOption docker_start_options[] = {
  { .name = "attach", .letter = 'a', .missing = TRUE },
  { .name = "interactive", .letter = 'i', .missing = TRUE },
  { .name = "detach-keys", .takes = TRUE, .missing = TRUE },
  { 0 },
};

const DockerOption docker_kill_options[] = {
  { .name = "signal", .letter = 's', .takes = TRUE, .missing = TRUE },
  { 0 },
};

const DockerOption docker_remove_options[] = {
  { .name = "force", .letter = 'f' },
  { .name = "volumes", .letter = 'v' },
  { .name = "link", .letter = 'l', .missing = TRUE },
  { 0 },
};

/* What makes an act of a word, or says why not and returns FALSE. */
typedef gboolean (*AddAct) (DockerCommand *command, DockerPhase *phase, World *world,
                            const Container *container, const char *word,
                            gint64 grace_us);

/* FALSE, and said, where the engine does not take a command that changes this one. */
static gboolean
is_allowed (DockerCommand *command, World *world, const Container *container,
            const char *verb)
{
  const char *says = NULL;
  if (!world_refuses (world, container->service->name, &says))
    return TRUE;
  if (says)
    docker_refuse (command, "%s", says);
  else
    docker_refuse (
        command,
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
    docker_refuse (command, "Cannot kill container: %s: Container %s is not running",
                   word, container->id);
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
    docker_refuse (command,
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

/* What stands before the words about a container that there is not. */
static const char *
prefix_of (AddAct add, const char *word, char **made)
{
  if (add == add_kill)
    *made = g_strdup_printf ("Cannot kill container: %s: ", word);
  return *made ? *made : "";
}

/* The words of which nothing is done, if `failed` is not NULL. */
static void
change (DockerCommand *command, const DockerArguments *arguments, AddAct add,
        gint64 grace_us, GPtrArray *failed)
{
  DockerPhase *phase = docker_phase_new (NULL);
  for (guint i = 0; i < arguments->words->len; i++) {
    const char *word = arguments->words->pdata[i];
    const Container *container = NULL;
    World *world = NULL;
    g_autofree char *made = NULL;
    guint found = docker_find (command->docker, word, &container, &world);
    gboolean added = FALSE;
    if (found == 0)
      docker_refuse (command, "%sNo such container: %s", prefix_of (add, word, &made),
                     word);
    else if (found > 1)
      docker_refuse (command, "Multiple IDs found with provided prefix: %s", word);
    else
      added = add (command, phase, world, container, word, grace_us);
    if (failed && !added)
      g_ptr_array_add (failed, (void *)word);
  }
  docker_command_push (command, phase);
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
    command->status = DOCKER_STATUS_OPTIONS;
    return FALSE;
  }
  /* -1 waits for as long as it takes. */
  *grace_us = seconds < 0 ? DOCKER_GRACE_ENDLESS_US : seconds * G_USEC_PER_SEC;
  return TRUE;
}

void
docker_stop_begin (DockerCommand *command, const DockerArguments *arguments)
{
  gint64 grace_us;
  if (read_time (command, arguments, "stop", &grace_us))
    change (command, arguments, add_stop, grace_us, NULL);
}

void
docker_restart_begin (DockerCommand *command, const DockerArguments *arguments)
{
  gint64 grace_us;
  if (read_time (command, arguments, "restart", &grace_us))
    change (command, arguments, add_restart, grace_us, NULL);
}

void
docker_start_begin (DockerCommand *command, const DockerArguments *arguments)
{
  g_autoptr (GPtrArray) failed = g_ptr_array_new ();
  change (command, arguments, add_start, 0, failed);
  if (failed->len == 0)
    return;
  g_ptr_array_add (failed, NULL);
  g_autofree char *names = g_strjoinv (", ", (char **)failed->pdata);
  docker_err (command, "Error: failed to start containers: %s\n", names);
}

void
docker_kill_begin (DockerCommand *command, const DockerArguments *arguments)
{
  change (command, arguments, add_kill, 0, NULL);
}

/* With --force it is no failure that there is none. */
void
docker_remove_begin (DockerCommand *command, const DockerArguments *arguments)
{
  gboolean force = docker_arguments_has (arguments, "force");
  g_autoptr (GPtrArray) failed = g_ptr_array_new ();
  const Container *container = NULL;
  World *world = NULL;
  change (command, arguments, add_remove, force ? 0 : DOCKER_GRACE_US, failed);
  gboolean wrong = !force;
  for (guint i = 0; i < failed->len; i++)
    wrong |= docker_find (command->docker, failed->pdata[i], &container, &world) > 0;
  command->status = failed->len > 0 && wrong ? 1 : 0;
}

/* ---- logs ---------------------------------------------------------------------------------- */

const DockerOption docker_logs_options[] = {
  { .name = "tail", .letter = 'n', .takes = TRUE },
  { .name = "timestamps", .letter = 't' },
  { .name = "follow", .letter = 'f', .missing = TRUE },
  { .name = "details", .missing = TRUE },
  { .name = "since", .takes = TRUE, .missing = TRUE },
  { .name = "until", .takes = TRUE, .missing = TRUE },
  { 0 },
};

void
docker_logs_begin (DockerCommand *command, const DockerArguments *arguments)
{
  const Container *container = NULL;
  World *world = NULL;
  const char *word = arguments->words->pdata[0];
  if (docker_find (command->docker, word, &container, &world) == 0) {
    docker_refuse (command, "No such container: %s", word);
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
