/* The run screen: what comes from the run. */
#include <string.h>

#include "core/base/text.h"
#include "core/checks/checks.h"
#include "tui/run/run_checks.h"
#include "tui/run/run_samples.h"
#include "tui/run/screen_run_parts.h"

/* Who has not typed for so long may look elsewhere when a question comes. */
#define BELL_AFTER_US (30 * (gint64)G_USEC_PER_SEC)

/* ---- what is heard -------------------------------------------------------------------------- */

/* The panel is for the window that the step's check has. */
static void
fit_queues (RunScreen *run)
{
  const Clause *clause = run_checks_queues (run->model);
  const CheckQueuesSettings *settings = clause ? clause->settings : NULL;
  if (!settings || (run->queues && run->window_us == settings->window_us &&
                    run->at_most == settings->at_most))
    return;
  queues_panel_free (run->queues);
  run->window_us = settings->window_us;
  run->at_most = settings->at_most;
  run->queues = queues_panel_new (run->window_us, (guint64)MAX (run->at_most, 0));
  queues_panel_set_speed (run->queues, run_model_state (run->model)->speed);
  run->queues_us = 0;
}

static void
take_past (const Reading *reading, void *data)
{
  queues_panel_take_past (data, reading);
}

/* What a window's bars show, and a part of it: they move on by parts. */
static gint64
span_us (const RunScreen *run)
{
  return run->window_us / run_model_state (run->model)->speed * 5 / 4;
}

static void
take_queues (const Reading *reading, gboolean last, void *data)
{
  RunScreen *run = data;
  if (run->queues_us == 0)
    run_samples_before (run_model_folder (run->model), reading, span_us (run), take_past,
                        run->queues);
  run->queues_us = reading->began.boot_us;
  (last ? queues_panel_take : queues_panel_take_past) (run->queues, reading);
}

/* A panel that has just been made is told of all that is known of its window. */
void
screen_run_hear (Screen *screen)
{
  RunScreen *run = (RunScreen *)screen;
  fit_queues (run);
  if (run->queues)
    run_model_queues_since (run->model, run->queues_us, take_queues, run);
}

/* The field goes by itself, perhaps under somebody's hands. */
static void
close_field (RunScreen *run)
{
  if (run->field.focused)
    run->mute_us = app_now_us (run->screen.app) + SCREEN_RUN_MUTE_US;
  run_field_close (&run->field);
}

static void
ring (RunScreen *run)
{
  gint64 now_us = app_now_us (run->screen.app);
  if (now_us - run->attended_us > BELL_AFTER_US)
    app_bell (run->screen.app);
  run->attended_us = now_us;
}

/* What is typed in answer to a wait is about the step that it was begun at. */
static void
leave_stale_answer (RunScreen *run)
{
  const RunState *state = run_model_state (run->model);
  gboolean answering = run->field.open && run->field.kind == RUN_FIELD_ANSWER;
  gboolean stands = state->question || run_model_waiting (run->model);
  gboolean ours = run_model_has_controls (run->model);
  if (!answering || run->field.sent ||
      (stands && ours && run->field_step == state->current))
    return;
  gboolean typed = *input_text (run->field.input) != '\0';
  close_field (run);
  if (typed)
    app_say (run->screen.app, "What was asked is over; nothing was sent");
}

void
screen_run_open_answer (RunScreen *run)
{
  run_field_open (&run->field, RUN_FIELD_ANSWER, "");
  run->field_step = run_model_state (run->model)->current;
}

/* Another question stands, or none any more. What was typed for the one before is
 * thrown away, and what was typed before it could be read, too. */
static void
take_question (RunScreen *run)
{
  const Question *question = run_model_state (run->model)->question;
  guint number = question && run_model_caught_up (run->model) ? question->number : 0;
  gboolean ours =
      run_model_has_controls (run->model) && !run_model_is_over (run->model, NULL, NULL);
  gboolean noting = run->field.open && run->field.kind != RUN_FIELD_ANSWER;
  gboolean news = number != run->asked;
  gboolean given = number && ours && !run->ours;
  run->asked = number;
  run->ours = ours;
  if (!news && !given)
    return;
  run->left = FALSE;
  run->field.line = 0;
  run->field.read = FALSE;
  if (!noting && number && ours)
    screen_run_open_answer (run);
  else if (!noting)
    close_field (run);
  if (!number)
    run->attended_us = app_now_us (run->screen.app);
  if (number && news) {
    run->browsing = FALSE; /* what it rests on is to be seen with it */
    ring (run);
  }
  if (number && run->covered)
    app_say (run->screen.app, "A question stands; Esc goes back to it");
  else if (number && ours && !noting)
    app_forget_keys (run->screen.app);
}

void
screen_run_return (RunScreen *run)
{
  if (run->field.open || !run->asked || !run->ours)
    return;
  screen_run_open_answer (run);
  run->field.focused = !run->left;
  app_forget_keys (run->screen.app);
}

static void
set_title (RunScreen *run)
{
  const RunState *state = run_model_state (run->model);
  const StepState *step = state_current (state);
  g_autofree char *said =
      g_strdup_printf ("handrail: %s: %s", state->site ? state->site : "",
                       step ? step->title : run_phase_name (state->phase));
  g_autofree char *title = text_printable (said, -1);
  if (g_strcmp0 (title, run->title) == 0)
    return;
  app_set_title (run->screen.app, title);
  g_free (run->title);
  run->title = g_steal_pointer (&title);
}

static void
take_end (RunScreen *run)
{
  if (!run_model_is_over (run->model, NULL, NULL) || run->told_over)
    return;
  run->told_over = TRUE;
  close_field (run);
  ring (run);
  if (run->covered)
    app_say (run->screen.app, "The run is over; Esc goes back to it");
  else
    app_forget_keys (run->screen.app);
}

void
screen_run_settle (Screen *screen, gboolean news)
{
  RunScreen *run = (RunScreen *)screen;
  g_autofree char *remark = run_model_take_remark (run->model);
  gboolean focused = run->field.focused;
  run_field_hear (&run->field, run->model);
  if (focused && !run->field.focused)
    run->mute_us = app_now_us (run->screen.app) + SCREEN_RUN_MUTE_US;
  leave_stale_answer (run);
  take_question (run);
  take_end (run);
  set_title (run);
  if (remark)
    app_say (screen->app, remark);
  if (news)
    app_draw (screen->app);
}
