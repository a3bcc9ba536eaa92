#include "tui/run/screen_run.h"

#include <string.h>

#include "tui/run/run_checks.h"
#include "tui/run/run_head.h"
#include "tui/run/run_panel.h"
#include "tui/run/run_step.h"
#include "tui/run/run_steps.h"
#include "tui/run/screen_run_parts.h"

/* Narrower, the list of steps folds to a line. */
#define LIST_FROM_COLUMNS 100
#define LIST_COLUMNS_MIN 32
#define LIST_COLUMNS_MAX 60

/* Rows that stay for what is true, whatever is asked. */
#define BODY_ROWS_MIN 6
#define BODY_ROWS_MIN_LOW 4 /* of a screen of fewer rows than this many */
#define BODY_ROWS_OFFER 4   /* beside the reason of what is offered */
#define LOW_ROWS 23
#define BODY_ROWS_LEAST 1 /* where what is to be confirmed would be cut otherwise */
#define REASON_INDENT 5

/* ---- drawing ---------------------------------------------------------------------- */

static void
draw_row (void *data, Canvas *canvas, Area line, guint row, gboolean selected)
{
  RunScreen *run = data;
  (void)selected;
  run_steps_draw (run->model, canvas, line, row, app_now_us (run->screen.app));
}

static gboolean
is_browsing (const RunScreen *run)
{
  guint selected = list_selected (run->list);
  return run->browsing && selected != LIST_NONE &&
         selected != run_model_state (run->model)->current;
}

/* The list stays on the step at hand, unless the operator looks at another one. */
static void
follow (RunScreen *run)
{
  const RunState *state = run_model_state (run->model);
  list_set_rows (run->list, state->steps->len, NULL, NULL);
  run->browsing = is_browsing (run);
  if (!run->browsing && state->steps->len > 0)
    list_select (run->list, MIN (state->current, state->steps->len - 1));
}

static void
draw_list (RunScreen *run, Canvas *canvas, Area area)
{
  g_autofree char *age = run_steps_age (run->model, app_now_us (run->screen.app));
  if (age) {
    Area line = area_take_bottom (&area, 1);
    canvas_printf (canvas, line, 3, 0, ROLE_STALE, "counts %s", age);
  }
  list_draw (run->list, canvas, area, run->browsing, draw_row, run);
}

/* The list in one line. */
static void
draw_folded (RunScreen *run, Canvas *canvas, Area line)
{
  const RunState *state = run_model_state (run->model);
  guint selected = list_selected (run->list);
  gboolean stale = FALSE;
  if (selected == LIST_NONE)
    return;
  gint64 now_us = app_now_us (run->screen.app);
  g_autofree char *count = run_steps_count (run->model, selected, now_us, &stale);
  canvas_mark (canvas, line, 0, 0,
               run_steps_role (run_model_state (run->model), selected),
               run_steps_mark (run_model_state (run->model), selected));
  int x = 2;
  x += canvas_printf (canvas, line, x, 0, ROLE_HEADING, "step %u of %u", selected + 1,
                      state->steps->len);
  if (run->browsing)
    canvas_printf (canvas, line, x + 2, 0, ROLE_DIM, "step %u is at hand",
                   state->current + 1);
  if (!count)
    return;
  gboolean counts = g_ascii_isdigit (*count) && !strstr (count, "→");
  g_autofree char *age = stale ? run_steps_age (run->model, now_us) : NULL;
  g_autofree char *words = g_strconcat (count, counts ? " running" : "", age ? ", " : "",
                                        age ? age : "", NULL);
  canvas_right (canvas, line, line.width, 0, stale ? ROLE_STALE : ROLE_DIM, words);
}

static void
draw_pane (RunScreen *run, Canvas *canvas, Area area)
{
  const RunState *state = run_model_state (run->model);
  if (!run_model_caught_up (run->model) && !run_model_is_over (run->model, NULL, NULL))
    canvas_text (canvas, area, 0, 0, ROLE_DIM, "joining the run …");
  else if (run->browsing)
    run_step_draw_other (run->model, list_selected (run->list), canvas, area);
  else if (state_current (state))
    run_step_draw (run->model, run_checks_queues (run->model) ? run->queues : NULL,
                   canvas, area, app_now_us (run->screen.app));
}

static int
list_columns (Area area)
{
  return area.width < LIST_FROM_COLUMNS
             ? 0
             : CLAMP (area.width / 3, LIST_COLUMNS_MIN, LIST_COLUMNS_MAX);
}

static void
draw_body (RunScreen *run, Canvas *canvas, Area area)
{
  int columns = list_columns (area);
  if (columns > 0) {
    draw_list (run, canvas, area_take_left (&area, columns));
    area_take_left (&area, 1);
  }
  area = area_inside (area, 1, 0, 1, 0);
  if (columns == 0)
    draw_folded (run, canvas, area_take_top (&area, 1));
  draw_pane (run, canvas, area);
}

/* All lines first: they join where they meet. */
static void
draw_lines (const RunScreen *run, Canvas *canvas, Area all, int body_height)
{
  Role frame = run_head_frame (run->model);
  int columns = list_columns (all);
  canvas_horizontal (canvas, all, 0, 1, all.width, frame);
  canvas_horizontal (canvas, all, 0, 2 + body_height, all.width, frame);
  if (columns > 0)
    canvas_vertical (canvas, all, columns, 1, body_height + 2, frame);
}

/* Why something is offered is read whole, and that is where it stands. */
static int
body_rows_min (const RunScreen *run, Area all)
{
  const Question *question = run_model_state (run->model)->question;
  const json_t *reason = question ? json_object_get (question->details, "reason") : NULL;
  if (all.height < LOW_ROWS)
    return BODY_ROWS_MIN_LOW;
  if (!reason || question->kind != QUESTION_OFFER)
    return BODY_ROWS_MIN;
  g_autoptr (Canvas) none = canvas_new (1, 1, FALSE);
  Area text = { 0, 0, all.width - list_columns (all) - REASON_INDENT, 0 };
  int rows = canvas_paragraph (none, text, ROLE_TEXT, json_string_value (reason), 0, 0);
  return CLAMP (rows + BODY_ROWS_OFFER, BODY_ROWS_MIN, all.height / 2);
}

/* And those that stay even then. */
static int
body_rows_least (const RunScreen *run)
{
  const Question *question = run_model_state (run->model)->question;
  return question && question->kind == QUESTION_OFFER ? BODY_ROWS_MIN_LOW
                                                      : BODY_ROWS_LEAST;
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  RunScreen *run = (RunScreen *)screen;
  Area all = area;
  run->covered = FALSE;
  follow (run);
  run_head_draw (run->model, canvas, area_take_top (&area, 1), app_wall_us (screen->app));
  g_autoptr (RunPanel) panel = run_panel_new (run->model, &run->field);
  int room = area.height - 1 - body_rows_min (run, all);
  int most = area.height - 1 - body_rows_least (run);
  int height = panel ? run_panel_height (panel, area.width, room, MAX (room, most)) : 1;
  run->turns = panel && run_panel_turns (panel, &run->turn_up, &run->turn_down);
  run->field.read |= panel && run_panel_at_end (panel);
  area_take_top (&area, 1);
  Area foot = area_take_bottom (&area, height);
  draw_lines (run, canvas, all, area.height);
  if (panel)
    run_panel_draw (panel, canvas, foot, run_head_frame (run->model));
  draw_body (run, canvas, area);
}

/* ---- the foot ---------------------------------------------------------------- */

/* What it is stands in full above. */
static char *
waiting_words (const RunScreen *run, const char *waiting)
{
  g_autoptr (GPtrArray) checks = run_checks (run->model);
  guint due = 0, missing = 0;
  for (guint i = 0; i < checks->len; i++) {
    const RunCheck *check = g_ptr_array_index (checks, i);
    due += check->due ? 1 : 0;
    missing += check->due && !verdict_passes (check->verdict) ? 1 : 0;
  }
  return missing > 0 ? g_strdup_printf ("waiting for %u of %u checks", missing, due)
                     : g_strdup_printf ("waiting: %s", waiting);
}

static char *
status (const Screen *screen)
{
  const RunScreen *run = (const RunScreen *)screen;
  const RunState *state = run_model_state (run->model);
  const StepState *step = state_current (state);
  const char *waiting = run_model_waiting (run->model);
  if (run_model_is_over (run->model, NULL, NULL))
    return g_strdup ("q leaves");
  if (!run_model_caught_up (run->model) || !step)
    return NULL;
  if (!run_model_has_controls (run->model))
    return g_strdup ("looking on");
  if (state->question)
    return g_strdup (run->field.focused ? "" : "a question stands");
  if (waiting)
    return waiting_words (run, waiting);
  switch (step->phase) {
  case PHASE_PROVING:
    return g_strdup ("proving the target, and once more what is required");
  case PHASE_ACTING:
    return g_strdup ("the command runs");
  default:
    return g_strdup ("looking");
  }
}

/* ---- times ------------------------------------------------------------------------------- */

static void
sooner (gint64 *at_us, gint64 candidate_us)
{
  if (candidate_us > 0 && (*at_us == 0 || candidate_us < *at_us))
    *at_us = candidate_us;
}

/* The next whole second of what is waited for. */
static gint64
next_second (const RunScreen *run, gint64 now_us)
{
  const StepState *step = state_current (run_model_state (run->model));
  if (run->browsing || !step || !run_step_is_waiting (run->model))
    return 0;
  gint64 since_us = now_us - step->phase_began.boot_us;
  return now_us + G_USEC_PER_SEC -
         (since_us % G_USEC_PER_SEC + G_USEC_PER_SEC) % G_USEC_PER_SEC;
}

static gint64
wake_us (const Screen *screen, gint64 now_us)
{
  const RunScreen *run = (const RunScreen *)screen;
  gint64 wall_us = app_wall_us (screen->app);
  gint64 at_us = now_us + run_head_wake_us (run->model, wall_us) - wall_us;
  sooner (&at_us, next_second (run, now_us));
  sooner (&at_us, run_steps_stale_us (run->model, now_us));
  if (run->queues && run_checks_queues (run->model))
    sooner (&at_us, queues_panel_wake_us (run->queues, now_us));
  return at_us;
}

static void
free_run (Screen *screen)
{
  RunScreen *run = (RunScreen *)screen;
  run->owner->freed (run->owner_data);
  list_free (run->list);
  run_field_clear (&run->field);
  queues_panel_free (run->queues);
  g_free (run->title);
  g_free (run);
}

static const ScreenKind kind = {
  .name = "run",
  .where = KEYS_RUN | KEYS_LIST,
  .free = free_run,
  .draw = draw,
  .act = screen_run_act,
  .types = screen_run_types,
  .escape = "other keys",
  .wake_us = wake_us,
  .offers = screen_run_offers,
  .status = status,
};

Screen *
screen_run_new (App *app, RunModel *model, const ScreenRunOwner *owner, void *data)
{
  RunScreen *run = g_new0 (RunScreen, 1);
  run->screen = (Screen){ &kind, app };
  run->model = model;
  run->owner = owner;
  run->owner_data = data;
  run->list = list_new ();
  run->attended_us = app_now_us (app);
  run_field_init (&run->field);
  return &run->screen;
}
