#include "core/runner/runner.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* More events than this without anything from outside: next_decide() goes in circles.
 * A runbook of 10,000 steps that are all skipped makes 10,000. */
#define EVENTS_IN_A_ROW_MAX 100000
/* How long viewers have to read the rest when the runner ends. */
#define LEAVE_US (2 * G_USEC_PER_SEC)
#define LEAVE_LOOK_MS 10
/* Practice that is left alone ends after so many looks: an hour, as its deployment. */
#define ALONE_LOOK_S 60
#define ALONE_LOOKS_MAX 60

/* ---- the end -------------------------------------------------------------- */

static gboolean
on_leave (void *data)
{
  Runner *runner = data;
  gboolean awaited = !server_had_viewers (runner->server);
  if (!awaited)
    server_close_door (runner->server);
  if ((awaited || server_is_busy (runner->server) || runner->keeping) &&
      process_now ().boot_us < runner->leave_by_us)
    return G_SOURCE_CONTINUE;
  runner->leave_source = 0;
  g_main_loop_quit (runner->loop);
  return G_SOURCE_REMOVE;
}

/* Says good-bye, lets the viewers read to the end, and leaves. The one who started us is
 * still on the way, when all was over at once: the door stays open for that one. */
static void
leave (Runner *runner, const char *text)
{
  if (runner->over)
    return;
  runner->over = TRUE;
  g_clear_handle_id (&runner->wake_source, g_source_remove);
  looker_watch (runner->looker, NULL, 0);
  /* Before anybody hears of the end: who then begins the next run finds the site free.
   * From here on the journal is not written any more. */
  if (server_had_viewers (runner->server))
    server_close_door (runner->server);
  hold_release (runner->hold);
  json_t *bye = json_pack ("{s:s, s:s}", "live", "bye", "text", text);
  /* Also for those that have not caught up yet. */
  server_set_standing (runner->server, json_incref (bye));
  server_pass (runner->server, bye, SERVER_QUICK);
  runner->leave_by_us = process_now ().boot_us + LEAVE_US;
  runner->leave_source = g_timeout_add (LEAVE_LOOK_MS, on_leave, runner);
}

void
runner_break (Runner *runner, const char *why)
{
  if (runner->broken)
    return;
  runner->broken = TRUE;
  record_log (runner, "the runner ends: %s", why);
  record_byhand (runner);
  runner->broken_why = mask_apply (runner->hold->inputs->mask, why, -1);
  g_autofree char *text = g_strdup_printf (
      "the runner has to end, and the run stays unfinished: %s (by-hand.txt in the run's "
      "folder says what remains)",
      runner->broken_why);
  leave (runner, text);
}

static void
end_of_run (Runner *runner)
{
  const RunState *state = runner->hold->state;
  record_byhand (runner);
  g_autofree char *why =
      state->stopped_why ? g_strdup_printf (": %s", state->stopped_why) : g_strdup ("");
  g_autofree char *text =
      g_strdup_printf ("the run is %s%s", run_phase_name (state->phase), why);
  g_autofree char *masked = mask_apply (runner->hold->inputs->mask, text, -1);
  leave (runner, masked);
}

/* ---- waiting -------------------------------------------------------------- */

static gboolean
on_wake (void *data)
{
  Runner *runner = data;
  runner->wake_source = 0;
  runner_go_on (runner);
  return G_SOURCE_REMOVE;
}

/* The message says nothing that the last one did not. */
static gboolean
is_said (const Runner *runner, const Next *next)
{
  return g_strcmp0 (runner->waiting, next->waiting) == 0 &&
         g_strcmp0 (runner->waiting_gist, next->waiting_gist) == 0 &&
         (json_equal (runner->waiting_checks, next->waiting_checks) ||
          runner->waiting_checks == next->waiting_checks);
}

/* Verdicts are words of ours; only what is said of them can hold a secret. */
static json_t *
masked_checks (const json_t *checks, const Mask *mask)
{
  json_t *masked = json_deep_copy (checks);
  size_t index;
  json_t *check;
  json_array_foreach (masked, index, check) json_object_set_new (
      check, "text", event_mask_json (json_object_get (check, "text"), mask));
  return masked;
}

static void
say_waiting (Runner *runner, const Next *next)
{
  const StepState *step = state_current (runner->hold->state);
  const Mask *mask = runner->hold->inputs->mask;
  const char *waiting = next->waiting;
  const char *gist = next->waiting_gist;
  if (is_said (runner, next))
    return;
  g_free (runner->waiting);
  g_free (runner->waiting_gist);
  json_decref (runner->waiting_checks);
  runner->waiting = g_strdup (waiting);
  runner->waiting_gist = g_strdup (gist);
  runner->waiting_checks = json_incref (next->waiting_checks);
  g_autofree char *text = waiting ? mask_apply (mask, waiting, -1) : NULL;
  g_autofree char *news = gist ? mask_apply (mask, gist, -1) : NULL;
  json_t *message = json_pack ("{s:s, s:s, s:s?, s:s?}", "live", "waiting", "step",
                               step ? step->id : "", "text", text, "gist", news);
  if (next->waiting_checks) {
    json_object_set_new (message, "section", json_string (next->waiting_section));
    json_object_set_new (message, "checks", masked_checks (next->waiting_checks, mask));
  }
  gboolean stands = waiting || next->waiting_checks;
  server_set_standing (runner->server, stands ? json_incref (message) : NULL);
  server_pass (runner->server, message, SERVER_QUICK);
}

/* What the run waits for; and, while somebody is there, what runs of the services: once that
 * was looked at, it is shown as it is now at every question. */
static void
watch (Runner *runner, const Next *next)
{
  const PlatformKind *platform = kind_platform (runner->hold->inputs->site);
  g_autoptr (Request) seen = request_platform (platform->interval_us);
  g_autoptr (GPtrArray) requests = g_ptr_array_new ();
  if (state_is_watched (runner->hold->state) &&
      evidence_first_since (runner->evidence, seen->key, 0))
    g_ptr_array_add (requests, seen);
  for (guint i = 0; next->watch && i < next->watch->len; i++)
    g_ptr_array_add (requests, g_ptr_array_index (next->watch, i));
  looker_watch (runner->looker, requests, next->fresh_after_us);
}

static void
rest (Runner *runner, const Next *next)
{
  say_waiting (runner, next);
  watch (runner, next);
  g_clear_handle_id (&runner->wake_source, g_source_remove);
  if (next->wake_us == 0)
    return;
  gint64 wait_us = MAX (0, next->wake_us - process_now ().boot_us);
  runner->wake_source =
      g_timeout_add ((guint)MIN ((wait_us + 999) / 1000, G_MAXINT), on_wake, runner);
}

/* ---- deciding ------------------------------------------------------------- */

/* One decision carried out. FALSE: nothing more to do now. */
static gboolean
decide (Runner *runner)
{
  g_autoptr (Next) next = next_decide (&runner->procedure, runner->hold->state,
                                       runner->evidence, process_now ());
  switch (next->type) {
  case NEXT_EVENT:
    return record_event (runner, g_steal_pointer (&next->event));
  case NEXT_COMMAND:
    return record_sync (runner) && carry_start (runner, next);
  case NEXT_REST:
    if (record_sync (runner))
      rest (runner, next);
    return FALSE;
  case NEXT_OVER:
    if (record_sync (runner))
      end_of_run (runner);
    return FALSE;
  }
  return FALSE;
}

/* Nothing can be seen or done any more on a simulated deployment that is gone: the run stops,
 * before it asks what to do about whatever failed by that. A command that runs has lost it, too,
 * and ends before long. */
static void
stop_if_gone (Runner *runner)
{
  const Confine *confine = runner->hold->inputs->confine;
  if (!confine || carry_is_busy (runner) || runner->hold->state->phase != RUN_GOING ||
      !confine_is_gone (confine, NULL))
    return;
  record_event (runner, event_new (EVENT_RUN_STOPPED,
                                   json_pack ("{s:s, s:b, s:b}", "why",
                                              "the simulated deployment is gone, and "
                                              "this practice with it",
                                              "held", FALSE, "final", TRUE)));
}

void
runner_go_on (Runner *runner)
{
  runner->decide_again = TRUE;
  if (runner->deciding)
    return;
  runner->deciding = TRUE;
  for (guint i = 0; runner->decide_again && !runner->over; i++) {
    runner->decide_again = FALSE;
    stop_if_gone (runner);
    runner->decide_again = decide (runner) || runner->decide_again;
    if (i > EVENTS_IN_A_ROW_MAX)
      runner_break (runner, "this is a defect of handrail: deciding goes in circles");
  }
  runner->deciding = FALSE;
  if (!runner->over)
    record_sync (runner);
}

static void
tell_reading (Runner *runner, const Reading *reading, gboolean late,
              ServerAudience audience)
{
  if (server_has_lookers (runner->server))
    server_pass (runner->server, hear_reading_message (runner, reading, late), audience);
}

static void
on_sight (const Reading *reading, gboolean late, void *data)
{
  tell_reading (data, reading, late, SERVER_LOOKERS);
}

static void
on_saw (Reading *reading, void *data)
{
  Runner *runner = data;
  if (runner->over) {
    reading_free (reading);
    return;
  }
  if (reading_is_of_platform (reading))
    sights_take (runner->sights, reading);
  else
    tell_reading (runner, reading, FALSE, SERVER_QUICK_LOOKERS);
  record_sample (runner, reading);
  evidence_add (runner->evidence, reading);
  record_byhand_seen (runner);
  runner_go_on (runner);
}

/* Told to end. A command is not left alone for that: only kill -9 does so, and resume
 * finds it again. */
static gboolean
on_told_to_end (void *data)
{
  Runner *runner = data;
  if (runner->over)
    return G_SOURCE_CONTINUE;
  if (carry_is_busy (runner)) {
    record_log (runner, "told to end by a signal, but a command runs: not now");
    return G_SOURCE_CONTINUE;
  }
  record_event (runner, event_new (EVENT_RUN_STOPPED,
                                   json_pack ("{s:s, s:b}", "why",
                                              "the runner was told to end (SIGTERM)",
                                              "held", FALSE)));
  runner_go_on (runner);
  return G_SOURCE_CONTINUE;
}

/* A real run waits for its people as long as it takes. One of practice that nobody comes
 * back to would keep itself and its deployment busy for ever. */
static gboolean
on_alone (void *data)
{
  Runner *runner = data;
  gboolean busy = runner->over || carry_is_busy (runner);
  runner->alone_looks =
      state_is_watched (runner->hold->state) ? 0 : runner->alone_looks + 1;
  if (busy || runner->alone_looks < ALONE_LOOKS_MAX)
    return G_SOURCE_CONTINUE;
  record_event (
      runner, event_new (EVENT_RUN_STOPPED,
                         json_pack ("{s:s, s:b}", "why",
                                    "nobody has been there for an hour", "held", FALSE)));
  runner_go_on (runner);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_gone (int process G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  Runner *runner = data;
  runner->gone_source = 0; /* it stays readable */
  runner_go_on (runner);
  return G_SOURCE_REMOVE;
}

/* Of practice alone. */
static void
watch_deployment (Runner *runner)
{
  const Confine *confine = runner->hold->inputs->confine;
  if (confine)
    runner->gone_source =
        g_unix_fd_add (confine_process (confine), G_IO_IN, on_gone, runner);
}

/* ---- the runner ----------------------------------------------------------- */

Runner *
runner_new (Hold *hold, GError **error)
{
  g_autoptr (Runner) runner = g_new0 (Runner, 1);
  runner->hold = hold;
  runner->procedure = hold_procedure (hold);
  runner->evidence = evidence_new ();
  runner->tail = g_string_new (NULL);
  runner->unsent = g_ptr_array_new_with_free_func (g_free);
  if (hold->practice)
    runner->alone_source = g_timeout_add_seconds (ALONE_LOOK_S, on_alone, runner);
  runner->loop = g_main_loop_new (NULL, FALSE);
  const PlatformKind *platform = kind_platform (hold->inputs->site);
  runner->looker = looker_new (hold->inputs->site, platform, hold->inputs->confine,
                               hold->speed, on_saw, runner);
  runner->sights = sights_new (platform->interval_us / hold->speed, on_sight, runner);
  runner->server =
      server_new (hold->folder, hold->shared, hear_first_number (hold->state),
                  &hear_calls, runner, error);
  if (!runner->server)
    return NULL;
  server_set_history (runner->server, journal_file_descriptor (hold->journal),
                      journal_file_length (hold->journal));
  gboolean resumed = hold->state->number > 0;
  gboolean recorded = record_event (runner, g_steal_pointer (&hold->first));
  if (recorded && resumed)
    carry_look_back (runner);
  watch_deployment (runner);
  if (recorded && record_sync (runner))
    return g_steal_pointer (&runner);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the runner cannot begin: %s",
               runner->broken_why ? runner->broken_why : "its log says why");
  return NULL;
}

void
runner_free (Runner *runner)
{
  if (!runner)
    return;
  guint *sources[] = { &runner->wake_source, &runner->leave_source, &runner->lost_source,
                       &runner->alone_source, &runner->gone_source };
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_clear_handle_id (sources[i], g_source_remove);
  process_free (runner->process);
  looker_free (runner->looker);
  sights_free (runner->sights);
  server_free (runner->server);
  output_free (runner->output);
  evidence_free (runner->evidence);
  g_ptr_array_unref (runner->unsent);
  g_string_free (runner->tail, TRUE);
  g_main_loop_unref (runner->loop);
  g_free (runner->waiting);
  g_free (runner->waiting_gist);
  json_decref (runner->waiting_checks);
  g_free (runner->broken_why);
  hold_free (runner->hold);
  g_free (runner);
}

void
runner_run (Runner *runner)
{
  guint signals[] = { g_unix_signal_add (SIGTERM, on_told_to_end, runner),
                      g_unix_signal_add (SIGINT, on_told_to_end, runner) };
  runner_go_on (runner);
  g_main_loop_run (runner->loop);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
}
