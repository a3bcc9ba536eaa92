#include "core/runner/runner.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "core/net/secret.h"
#include "core/run/login.h"

/* From SIGTERM to SIGKILL when the operator ends a command of an earlier runner. */
#define KILL_AFTER_US (10 * G_USEC_PER_SEC)

/* What masking leaves in a journal in place of a secret (base/mask.h). */
#define MASKED "***"

static void
on_lines (const char *step, const char *text, void *data)
{
  Runner *runner = data;
  runner->tail_us = process_now ().boot_us;
  text_keep_end (runner->tail, text, OUTPUT_TAIL_BYTES_MAX);
  server_pass (runner->server, hear_output_message (step, text, runner->tail_us),
               SERVER_QUICK);
}

static void
on_kept (void *data)
{
  Runner *runner = data;
  runner->keeping = FALSE;
  runner_go_on (runner);
}

static void
keep_output (Runner *runner)
{
  if (!runner->output)
    return;
  runner->keeping = TRUE;
  output_keep (runner->output, on_kept, runner);
}

static void
on_ended (int status, int signal, void *data)
{
  Runner *runner = data;
  gint64 took_us = process_now ().boot_us - runner->command_began_us;
  g_clear_pointer (&runner->process, process_free);
  keep_output (runner);
  if (runner->over)
    return;
  record_event (runner, next_command_end (state_current (runner->hold->state), status,
                                          signal, NULL, took_us));
  runner_go_on (runner);
}

/* A command that could not be started: nothing has happened, the step has failed. */
static void
fail (Runner *runner, const char *why)
{
  const StepState *step = state_current (runner->hold->state);
  record_event (runner,
                event_new (EVENT_STEP_FAILED,
                           json_pack ("{s:s, s:s}", "step", step->id, "reason", why)));
}

/* After a resume, the agreed command comes from the journal, which is masked. */
static gboolean
lost_a_secret (const Runner *runner, const Command *command)
{
  if (runner->hold->state->resumes == 0 || mask_is_empty (runner->hold->inputs->mask))
    return FALSE;
  for (guint i = 0; command->argv[i]; i++)
    if (strstr (command->argv[i], MASKED))
      return TRUE;
  return FALSE;
}

static gboolean
open_output (Runner *runner, const char *step, GError **error)
{
  const Hold *hold = runner->hold;
  g_clear_pointer (&runner->output, output_free);
  runner->output =
      output_open (hold->folder, step, hold_kept_mode (hold), hold->inputs->mask, error);
  return runner->output != NULL;
}

/* The environment that logs the command in: NULL where it needs none. The password is
 * read anew, for it may have been changed, and hidden before anything can show it. */
static gboolean
log_in (Runner *runner, const Command *command, GStrv *environment, GError **error)
{
  const Inputs *inputs = runner->hold->inputs;
  const SiteRedis *redis =
      command->login ? site_redis (inputs->site, command->login) : NULL;
  g_autofree char *password = NULL;
  if (redis && !secret_of_redis (redis, &password, error))
    return FALSE;
  if (!password)
    return TRUE;
  mask_add (inputs->mask, password);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *entry = g_strconcat (LOGIN_REDIS_VARIABLE "=", password, NULL);
  g_strv_builder_add (builder, entry);
  *environment = g_strv_builder_end (builder);
  return TRUE;
}

static Process *
prepare (Runner *runner, const Next *next, GError **error)
{
  const char *const *argv = (const char *const *)next->command->argv;
  g_auto (GStrv) environment = NULL;
  if (lost_a_secret (runner, next->command)) {
    g_set_error (
        error, PROCESS_ERROR, PROCESS_ERROR_START,
        "its command holds a secret, which the journal does not keep over a "
        "resume; choose retry; if the secret was given by --set or as an answer, "
        "do this step by hand and skip it");
    return NULL;
  }
  if (!log_in (runner, next->command, &environment, error) ||
      !open_output (runner, next->step, error) ||
      !output_write_command (runner->output, argv, error))
    return NULL;
  return process_prepare (runner->hold->inputs->confine, argv, next->command->directory,
                          (const char *const *)environment,
                          output_descriptor (runner->output), error);
}

gboolean
carry_start (Runner *runner, const Next *next)
{
  g_autoptr (GError) error = NULL;
  if (runner->keeping)
    return FALSE;
  g_autoptr (Process) process = prepare (runner, next, &error);
  if (!process) {
    fail (runner, error->message);
    return TRUE;
  }
  pid_t pid = process_pid (process);
  /* Until process_release() the child waits; if this process dies here, it exits. */
  if (!record_event (runner, next_command_event (next, pid, pid, process_start (process),
                                                 runner->hold->boot,
                                                 output_name (runner->output))) ||
      !record_sync (runner))
    return TRUE;
  runner->command_began_us = process_now ().boot_us;
  runner->process = g_steal_pointer (&process);
  g_string_truncate (runner->tail, 0);
  runner->tail_us = 0;
  output_follow (runner->output, on_lines, runner);
  process_release (runner->process, on_ended, runner);
  return TRUE;
}

/* ---- the command of an earlier runner ------------------------------------- */

static void
record_lost (Runner *runner, gboolean alive)
{
  const StepState *step = state_current (runner->hold->state);
  record_event (runner,
                event_new (EVENT_COMMAND_LOST,
                           json_pack ("{s:s, s:b}", "step", step->id, "alive", alive)));
}

static void
on_gone (void *data)
{
  Runner *runner = data;
  runner->lost_source = 0;
  keep_output (runner);
  if (runner->over)
    return;
  record_lost (runner, FALSE);
  runner_go_on (runner);
}

static pid_t
lost_pid (const StepState *step, gint64 *start, const char **boot)
{
  *start = json_integer_value (json_object_get (step->command, "start"));
  *boot = json_string_value (json_object_get (step->command, "boot"));
  return (pid_t)json_integer_value (json_object_get (step->command, "pid"));
}

static gboolean
lost_lives (const StepState *step)
{
  gint64 start;
  const char *boot;
  pid_t pid = lost_pid (step, &start, &boot);
  return process_lives (pid, start, boot ? boot : "");
}

/* What the command printed while an earlier runner followed it. */
static void
take_tail (Runner *runner)
{
  gint64 written_us = 0;
  g_autofree char *text = output_tail (runner->output, &written_us);
  Moment now = process_now ();
  if (!text)
    return;
  text_keep_end (runner->tail, text, OUTPUT_TAIL_BYTES_MAX);
  runner->tail_us = MAX (1, now.boot_us - MAX (now.wall_us - written_us, 0));
}

/* What its command printed is mostly why a step has failed. */
static void
look_at_failure (Runner *runner, const StepState *step)
{
  if (step->phase != PHASE_FAILED || step->commands == 0 ||
      !open_output (runner, step->id, NULL))
    return;
  take_tail (runner);
  g_clear_pointer (&runner->output, output_free);
}

void
carry_look_back (Runner *runner)
{
  const StepState *step = state_current (runner->hold->state);
  gint64 start;
  const char *boot;
  if (step && !step->command)
    look_at_failure (runner, step);
  if (!step || !step->command || step->lost)
    return;
  if (lost_lives (step))
    runner->lost_source = process_watch (lost_pid (step, &start, &boot), on_gone, runner);
  /* The pid may have become another process's before it was watched. */
  gboolean alive = runner->lost_source != 0 && lost_lives (step);
  if (!alive)
    g_clear_handle_id (&runner->lost_source, g_source_remove);
  gboolean opened = open_output (runner, step->id, NULL);
  if (opened)
    take_tail (runner);
  if (alive && opened)
    output_follow (runner->output, on_lines, runner);
  if (step->phase == PHASE_ACTING || !alive)
    record_lost (runner, alive);
  if (!alive)
    keep_output (runner);
  else if (step->ending)
    carry_end (runner);
}

char *
carry_end_problem (const Runner *runner)
{
  const StepState *step = state_current (runner->hold->state);
  gint64 start;
  const char *boot;
  struct stat status;
  if (!step || !step->command || !lost_lives (step))
    return NULL;
  pid_t pid = lost_pid (step, &start, &boot);
  if (kill (-pid, 0) == 0 || errno != EPERM)
    return NULL;
  g_autofree char *place = g_strdup_printf ("/proc/%d", (int)pid);
  g_autofree char *owner = stat (place, &status) == 0 ? server_user_name (status.st_uid)
                                                      : g_strdup ("another user");
  return g_strdup_printf (
      "the command (process %d) cannot be ended from here: it belongs "
      "to %s; only they or root can end it (kill -- -%d), or wait",
      (int)pid, owner, (int)pid);
}

void
carry_end (Runner *runner)
{
  const StepState *step = state_current (runner->hold->state);
  gint64 start;
  const char *boot;
  if (!step || !step->command || !runner->lost_source)
    return;
  pid_t pid = lost_pid (step, &start, &boot);
  g_autofree char *problem = carry_end_problem (runner);
  if (problem)
    record_log (runner, "%s", problem);
  else
    process_end (pid, start, boot ? boot : "", KILL_AFTER_US);
}

gboolean
carry_is_busy (const Runner *runner)
{
  return runner->process || runner->lost_source;
}
