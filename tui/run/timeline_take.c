/* What each event adds to the time line. */
#include <string.h>

#include "core/base/text.h"
#include "tui/lines.h"
#include "tui/run/timeline_parts.h"

/* A viewer that nobody is: then what others and we ourselves did is told alike. */
#define NOBODY (G_MAXUINT - 1)

/* ---- steps --------------------------------------------------------------------- */

/* Steps begin in the order in which they are written. */
static guint
number_of (Timeline *timeline, const char *step)
{
  const GPtrArray *steps = run_model_state (timeline->model)->steps;
  for (guint i = timeline->number; i < steps->len; i++) {
    const StepState *state = g_ptr_array_index (steps, i);
    if (strcmp (state->id, step) == 0)
      return i + 1;
  }
  return timeline->number;
}

static const char *
title_of (const Timeline *timeline, const char *step)
{
  const StepState *state = state_step (run_model_state (timeline->model), step);
  return state ? state->title : step;
}

static void
begin_step (Timeline *timeline, const Event *event, Mark mark, Role role,
            const char *more)
{
  const char *step = event_text (event, "step");
  g_autofree char *whole = g_strconcat (title_of (timeline, step), more, NULL);
  g_autofree char *title = text_printable (whole, -1);
  timeline->number = number_of (timeline, step);
  timeline_add_head (timeline, event, mark, role,
                     g_strdup_printf ("%u  %s", timeline->number, title));
}

static void
take_began (Timeline *timeline, const Event *event)
{
  begin_step (timeline, event, MARK_CURRENT, ROLE_CURRENT, "");
}

/* How the step at hand stands now. A failed one may be begun again. */
static void
mark_step (Timeline *timeline, const Event *event, Mark mark, Role role)
{
  if (timeline->head == TIMELINE_NONE)
    return;
  TimelineRow *head = timeline_row_at (timeline, timeline->head);
  head->mark = mark;
  head->role = role;
  gint64 speed = run_model_state (timeline->model)->speed;
  head->took_us =
      mark == MARK_CURRENT ? -1 : MAX (event->at.wall_us - head->wall_us, 0) * speed;
}

/* By itself, before it has begun. */
static void
take_skipped (Timeline *timeline, const Event *event)
{
  g_autofree char *why =
      g_strdup_printf (" (left out: %s)", event_text (event, "reason"));
  begin_step (timeline, event, MARK_SKIPPED, ROLE_DIM, why);
}

/* ---- lines --------------------------------------------------------------------- */

/* The step is named by the head row. */
static const char *
without_step (const Event *event, const char *text)
{
  const char *step = event_text (event, "step");
  gsize length = strlen (step);
  gboolean named = length > 0 && strncmp (text, step, length) == 0 &&
                   strncmp (text + length, ": ", 2) == 0;
  return named ? text + length + 2 : text;
}

static const struct {
  char prefix;
  Mark mark;
  Role role;
} looks[] = {
  { '+', MARK_DONE, ROLE_GOOD },  { '-', MARK_SKIPPED, ROLE_DIM },
  { '!', MARK_FAILED, ROLE_BAD }, { '$', MARK_NONE, ROLE_COMMAND },
  { '=', MARK_NONE, ROLE_TEXT },  { ' ', MARK_NONE, ROLE_DIM },
};

static void
add_line (Timeline *timeline, const Event *event, const char *line)
{
  gsize look = 0;
  while (look + 1 < G_N_ELEMENTS (looks) && looks[look].prefix != *line)
    look++;
  gboolean command = *line == '$';
  const char *text = strlen (line) > 2 ? line + 2 : "";
  timeline_add (timeline, event, looks[look].mark, looks[look].role,
                g_strdup (command ? line : without_step (event, text)));
}

/* As the plain front end tells it. */
static void
take_as_lines (Timeline *timeline, const Event *event)
{
  const LinesContext context = { .state = run_model_state (timeline->model),
                                 .viewer = NOBODY };
  g_autoptr (GString) out = g_string_new (NULL);
  lines_event (out, &context, event);
  g_auto (GStrv) lines = g_strsplit (out->str, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (*lines[i])
      add_line (timeline, event, lines[i]);
}

/* What is of the run and not of a step. */
static void
take_of_run (Timeline *timeline, const Event *event)
{
  timeline->head = TIMELINE_NONE;
  take_as_lines (timeline, event);
}

static void
take_done (Timeline *timeline, const Event *event)
{
  take_as_lines (timeline, event);
  mark_step (timeline, event, MARK_DONE, ROLE_GOOD);
}

static void
take_failed (Timeline *timeline, const Event *event)
{
  take_as_lines (timeline, event);
  mark_step (timeline, event, MARK_FAILED, ROLE_BAD);
}

static void
take_verdict (Timeline *timeline, const Event *event)
{
  Verdict verdict = VERDICT_UNKNOWN;
  verdict_from_name (event_text (event, "verdict"), &verdict);
  guint before = timeline->rows->len;
  take_as_lines (timeline, event);
  if (timeline->rows->len == before || verdict == VERDICT_NOT_OURS)
    return;
  TimelineRow *row = timeline_row_at (timeline, before);
  if (verdict_passes (verdict))
    row->mark = MARK_DONE;
  else if (verdict == VERDICT_NEVER)
    row->mark = MARK_FAILED;
  else
    row->mark = verdict == VERDICT_NOT_YET ? MARK_WAITING : MARK_STALE;
}

static void
take_asked (Timeline *timeline, const Event *event)
{
  g_autofree char *text = text_printable (event_text (event, "text"), -1);
  timeline_add (timeline, event, MARK_NONE, ROLE_QUESTION,
                g_strdup_printf ("? %s", text));
  timeline->asked = timeline->rows->len - 1;
}

/* It stands no longer, and has stood for so long; -1: none stood. */
static gint64
settle_question (Timeline *timeline, const Event *event)
{
  if (timeline->asked == TIMELINE_NONE)
    return -1;
  TimelineRow *asked = timeline_row_at (timeline, timeline->asked);
  asked->role = ROLE_TEXT;
  timeline->asked = TIMELINE_NONE;
  return MAX (event->at.wall_us - asked->wall_us, 0);
}

static void
take_withdrawn (Timeline *timeline, const Event *event)
{
  settle_question (timeline, event);
  take_as_lines (timeline, event);
}

static void
take_resumed (Timeline *timeline, const Event *event)
{
  settle_question (timeline, event);
  take_of_run (timeline, event);
}

/* How long the question stood is the time that people took. */
static void
take_answered (Timeline *timeline, const Event *event)
{
  const char *answer = event_text (event, "answer");
  guint before = timeline->rows->len;
  gint64 stood_us = settle_question (timeline, event);
  if (strcmp (answer, "go") == 0)
    timeline_add (timeline, event, MARK_NONE, ROLE_TEXT,
                  g_strdup_printf ("%s says yes", event_text (event, "user")));
  else
    take_as_lines (timeline, event);
  if (timeline->rows->len > before)
    timeline_row_at (timeline, before)->took_us = stood_us;
  if (lines_skips_step (event))
    mark_step (timeline, event, MARK_SKIPPED, ROLE_DIM);
  else if (strcmp (answer, "retry") == 0 || strcmp (answer, "undo") == 0)
    mark_step (timeline, event, MARK_CURRENT, ROLE_CURRENT);
}

/* ---- people -------------------------------------------------------------------- */

static const char *
viewer_name (const Timeline *timeline, gint64 number)
{
  const GPtrArray *viewers = run_model_state (timeline->model)->viewers;
  for (guint i = 0; i < viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (viewers, i);
    if (viewer->viewer == number)
      return viewer->user;
  }
  return "somebody";
}

static void
take_people (Timeline *timeline, const Event *event)
{
  gint64 viewer = event_number (event, "viewer");
  const char *what = event->type == EVENT_CONTROLS      ? "has the controls"
                     : event->type == EVENT_VIEWER_LEFT ? "leaves"
                                                        : "comes";
  if (viewer == 0)
    timeline_add (timeline, event, MARK_NONE, ROLE_DIM,
                  g_strdup ("nobody has the controls"));
  else
    timeline_add (timeline, event, MARK_NONE, ROLE_DIM,
                  g_strdup_printf ("%s (viewer %d) %s", viewer_name (timeline, viewer),
                                   (int)viewer, what));
}

/* ---- events -------------------------------------------------------------------- */

typedef void (*Take) (Timeline *timeline, const Event *event);
static const Take takes[EVENT_TYPES] = {
  [EVENT_RUN_BEGAN] = take_of_run,    [EVENT_RUN_RESUMED] = take_resumed,
  [EVENT_RUN_STOPPED] = take_of_run,  [EVENT_RUN_ABANDONED] = take_of_run,
  [EVENT_RUN_FINISHED] = take_of_run, [EVENT_VIEWER_CAME] = take_people,
  [EVENT_VIEWER_LEFT] = take_people,  [EVENT_CONTROLS] = take_people,
  [EVENT_STEP_BEGAN] = take_began,    [EVENT_STEP_SKIPPED] = take_skipped,
  [EVENT_STEP_DONE] = take_done,      [EVENT_STEP_FAILED] = take_failed,
  [EVENT_VERDICT] = take_verdict,     [EVENT_ASKED] = take_asked,
  [EVENT_WITHDRAWN] = take_withdrawn, [EVENT_ANSWERED] = take_answered,
};

gboolean
timeline_update (Timeline *timeline)
{
  const GPtrArray *events = run_model_events (timeline->model);
  guint before = timeline->rows->len;
  for (; timeline->events < events->len; timeline->events++) {
    const Event *event = g_ptr_array_index (events, timeline->events);
    Take take = takes[event->type];
    if (timeline->events == 0)
      timeline->began_us = event->at.wall_us;
    timeline->last_us = event->at.wall_us;
    (take ? take : take_as_lines) (timeline, event);
  }
  return timeline->rows->len > before;
}
