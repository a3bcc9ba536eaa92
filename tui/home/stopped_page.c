#include "tui/home/stopped_page.h"

#include "tui/home/home_tell.h"
#include "tui/run/run_steps.h"

/* How the step at hand was left. */
static char *
phase_words (const StepState *step)
{
  static const char *const words[PHASES] = {
    [PHASE_PENDING] = "not begun yet",
    [PHASE_CHECKING] = "begun, and not confirmed yet",
    [PHASE_PROVING] = "confirmed, and not done yet",
    [PHASE_ACTING] = "its commands had begun",
    [PHASE_SETTLING] = "its checks had not come true yet",
    [PHASE_UNDOING] = "to be undone, and not confirmed yet",
    [PHASE_UNCERTAIN] = "nobody saw how its command ended",
    [PHASE_DONE] = "done",
    [PHASE_SKIPPED] = "skipped",
  };
  if (step->phase == PHASE_FAILED)
    return g_strdup_printf ("failed: %s", step->reason ? step->reason : "");
  return g_strdup (words[step->phase]);
}

static void
add_step (Page *page, const RunState *state, guint index, const char *more)
{
  const StepState *step = g_ptr_array_index (state->steps, index);
  g_autofree char *number = g_strdup_printf ("step %u", index + 1);
  g_autofree char *text = g_strdup_printf ("%s%s%s", step->title,
                                           more && *more ? ": " : "", more ? more : "");
  page_add_labelled (page, number, run_steps_mark (state, index),
                     run_steps_role (state, index), text);
}

/* ---- where it stands ------------------------------------------------------------------- */

static void
add_now (Page *page, const RunState *state)
{
  const StepState *step = state_current (state);
  gboolean stopped = state->phase == RUN_STOPPED;
  g_autofree char *last = home_tell_date (state->last.wall_us);
  g_autofree char *since =
      g_strdup_printf ("%s%s%s", last, state->stopped_why ? ", " : "",
                       state->stopped_why ? state->stopped_why : "");
  page_add (page, ROLE_QUESTION,
            stopped ? "This run has stopped, unfinished."
                    : "The runner of this run died, and it is unfinished.");
  page_add (page, ROLE_DIM,
            "r goes on with it: it looks at what is true now, and asks before it changes "
            "anything. Nothing is begun yet.");
  page_add_gap (page);
  if (step) {
    g_autofree char *how = phase_words (step);
    add_step (page, state, state->current, how);
  } else {
    page_add_labelled (page, "stands", MARK_NONE, ROLE_TEXT, "behind its last step");
  }
  page_add_labelled (page, "since", MARK_NONE, ROLE_TEXT, stopped ? since : last);
}

static void
add_about (Page *page, const StoreRun *run, const char *scenario)
{
  const RunState *state = run->state;
  g_autofree char *began = home_tell_date (state->began.wall_us);
  g_autofree char *who = g_strdup_printf ("%s on %s", state->user, state->host);
  g_autofree char *site =
      g_strconcat (state->site, state->production ? " (PRODUCTION)" : "", NULL);
  g_autofree char *practice =
      g_strdup_printf ("%s, %" G_GINT64_FORMAT " times as fast; nothing real is changed",
                       scenario ? scenario : state->site, state->speed);
  page_add_labelled (page, "begun", MARK_NONE, ROLE_TEXT, began);
  page_add_labelled (page, state->resumes > 0 ? "resumed" : "by", MARK_NONE, ROLE_TEXT,
                     who);
  if (state->practice)
    page_add_labelled (page, "practice", MARK_NONE, ROLE_PRACTICE, practice);
  else
    page_add_labelled (page, "site", MARK_NONE,
                       state->production ? ROLE_PRODUCTION : ROLE_TEXT, site);
  page_add_labelled (page, "run", MARK_NONE, ROLE_TEXT, run->name);
}

/* ---- its steps ------------------------------------------------------------------------- */

static void
add_next (Page *page, const RunState *state)
{
  if (state->current + 1 >= state->steps->len)
    return;
  page_add_gap (page);
  page_add (page, ROLE_HEADING, "What comes next");
  for (guint i = state->current + 1; i < state->steps->len; i++)
    add_step (page, state, i, NULL);
}

/* With what was answered, and why it was left out. */
static void
add_behind (Page *page, const RunState *state)
{
  if (state->current == 0)
    return;
  page_add_gap (page);
  page_add (page, ROLE_HEADING, "What is behind it");
  for (guint i = 0; i < state->current && i < state->steps->len; i++) {
    const StepState *step = g_ptr_array_index (state->steps, i);
    g_autofree char *skipped = g_strdup_printf ("%s: %s", state_skipped_word (step),
                                                step->reason ? step->reason : "");
    add_step (page, state, i, step->phase == PHASE_SKIPPED ? skipped : step->answer);
  }
}

static void
add_notes (Page *page, const RunState *state)
{
  if (state->notes->len == 0)
    return;
  page_add_gap (page);
  page_add (page, ROLE_HEADING, "Notes");
  for (guint i = 0; i < state->notes->len; i++) {
    const json_t *note = g_ptr_array_index (state->notes, i);
    const char *text = json_string_value (json_object_get (note, "text"));
    const char *user = json_string_value (json_object_get (note, "user"));
    g_autofree char *said =
        g_strdup_printf ("%s: %s", user ? user : "somebody", text ? text : "");
    page_add_labelled (page, "", MARK_NONE, ROLE_TEXT, said);
  }
}

void
stopped_page (Page *page, const StoreRun *run, const char *scenario)
{
  add_now (page, run->state);
  add_about (page, run, scenario);
  add_notes (page, run->state);
  add_next (page, run->state);
  add_behind (page, run->state);
}
