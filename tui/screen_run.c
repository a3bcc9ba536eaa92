#include "tui/screen_run.h"

#include <string.h>

#include "core/checks/checks.h"
#include "core/checks/queues_judge.h"
#include "tui/list.h"
#include "tui/run_checks.h"
#include "tui/run_field.h"
#include "tui/run_head.h"
#include "tui/run_panel.h"
#include "tui/run_step.h"
#include "tui/run_steps.h"
#include "tui/run_words.h"
#include "tui/screens.h"

/* Narrower, the list of steps folds to a line. */
#define LIST_FROM_COLUMNS 100
#define LIST_COLUMNS_MIN 32
#define LIST_COLUMNS_MAX 46

/* Rows that stay for what is true, whatever is asked. */
#define BODY_ROWS_MIN 6

/* Who has not typed for so long may look elsewhere when a question comes. */
#define BELL_AFTER_US (30 * (gint64)G_USEC_PER_SEC)

typedef struct {
  Screen screen;
  RunModel *model;
  const ScreenRunOwner *owner;
  void *owner_data;
  List *list;
  gboolean browsing; /* another step than the one at hand is looked at */
  guint at_hand;     /* as it was when drawn last */
  RunField field;
  guint asked;        /* number of the question that the field is for; 0: none */
  gint64 attended_us; /* the last key, or when a question went */
  gboolean told_over;
  QueuesPanel *queues;       /* or NULL */
  gint64 window_us, at_most; /* that it is for */
  gint64 queues_us;          /* when the last reading that it took began */
  char *title;               /* of the window */
} RunScreen;

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
    canvas_mark (canvas, line, 1, 0, ROLE_STALE, MARK_STALE);
    canvas_text (canvas, line, 3, 0, ROLE_STALE, age);
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
  canvas_mark (canvas, line, 0, 0, run_steps_role (run->model, selected),
               run_steps_mark (run->model, selected));
  int x = 2;
  x += canvas_printf (canvas, line, x, 0, ROLE_HEADING, "step %u of %u", selected + 1,
                      state->steps->len);
  if (run->browsing)
    canvas_printf (canvas, line, x + 2, 0, ROLE_DIM, "step %u is at hand",
                   state->current + 1);
  if (count)
    canvas_right (canvas, line, line.width, 0, stale ? ROLE_STALE : ROLE_DIM, count);
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
             : CLAMP (area.width * 3 / 10, LIST_COLUMNS_MIN, LIST_COLUMNS_MAX);
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

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  RunScreen *run = (RunScreen *)screen;
  Area all = area;
  follow (run);
  run_head_draw (run->model, canvas, area_take_top (&area, 1), app_wall_us (screen->app));
  g_autoptr (RunPanel) panel = run_panel_new (run->model, &run->field);
  int height =
      panel ? run_panel_height (panel, area.width, area.height - 1 - BODY_ROWS_MIN) : 1;
  area_take_top (&area, 1);
  Area foot = area_take_bottom (&area, height);
  draw_lines (run, canvas, all, area.height);
  if (panel)
    run_panel_draw (panel, canvas, foot, run_head_frame (run->model));
  draw_body (run, canvas, area);
}

/* ---- what is offered now --------------------------------------------------------------- */

static gboolean
is_over (const RunScreen *run)
{
  return run_model_is_over (run->model, NULL, NULL);
}

/* The commands that are on the screen; newly allocated, or NULL. */
static char *
commands_shown (const RunScreen *run)
{
  const RunState *state = run_model_state (run->model);
  const StepState *step = state_current (state);
  if (state->question)
    return run_words_commands (state->question->details);
  if (step && step->command)
    return run_words_command (step->command);
  return step ? run_words_commands (step->action) : NULL;
}

static gboolean
has_logs (const RunScreen *run)
{
  const Question *question = run_model_state (run->model)->question;
  return question && json_array_size (json_object_get (question->details, "logs")) > 0;
}

/* There are others, or nobody has the controls. */
static gboolean
has_people (const RunScreen *run)
{
  const RunState *state = run_model_state (run->model);
  guint here = 0;
  for (guint i = 0; i < state->viewers->len; i++)
    here += ((const ViewerState *)g_ptr_array_index (state->viewers, i))->here ? 1 : 0;
  return here > 1 || !run_model_has_controls (run->model);
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  const RunScreen *run = (const RunScreen *)screen;
  gboolean going = run_model_caught_up (run->model) && !is_over (run);
  g_autofree char *commands = NULL;
  switch (action) {
  case ACTION_ANSWER:
  case ACTION_SKIP:
    return going && run_model_wants_answer (run->model);
  case ACTION_STOP:
  case ACTION_NOTE:
  case ACTION_DETACH:
    return going;
  case ACTION_TAKE:
    return going && has_people (run);
  case ACTION_OUTPUT:
    return run_model_state (run->model)->commands_begun > 0;
  case ACTION_LOGS:
    return has_logs (run);
  case ACTION_COPY:
    commands = commands_shown (run);
    return commands != NULL;
  case ACTION_TIMELINE:
  case ACTION_PEOPLE:
  case ACTION_WAY_BACK:
    return TRUE;
  default:
    return FALSE;
  }
}

static char *
status (const Screen *screen)
{
  const RunScreen *run = (const RunScreen *)screen;
  const RunState *state = run_model_state (run->model);
  const StepState *step = state_current (state);
  const char *waiting = run_model_waiting (run->model);
  if (is_over (run))
    return g_strdup ("q leaves");
  if (!run_model_caught_up (run->model) || !step)
    return NULL;
  if (state->question)
    return run_model_has_controls (run->model)
               ? g_strdup (run->field.focused ? "Esc: other keys" : "a question stands")
               : g_strdup ("looking on");
  if (waiting)
    return g_strdup_printf ("waiting: %s", waiting);
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
  gint64 at_us = now_us + run_head_wake_us (wall_us) - wall_us;
  sooner (&at_us, next_second (run, now_us));
  sooner (&at_us, run_steps_stale_us (run->model, now_us));
  if (run->queues && run_checks_queues (run->model))
    sooner (&at_us, queues_panel_wake_us (run->queues, now_us));
  return at_us;
}

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
  run->queues_us = 0;
}

void
screen_run_hear (Screen *screen)
{
  RunScreen *run = (RunScreen *)screen;
  const Reading *reading = run_model_queues (run->model);
  fit_queues (run);
  if (!run->queues || !reading || reading->began.boot_us == run->queues_us)
    return;
  run->queues_us = reading->began.boot_us;
  queues_panel_take (run->queues, reading);
}

static void
ring (RunScreen *run)
{
  gint64 now_us = app_now_us (run->screen.app);
  if (now_us - run->attended_us > BELL_AFTER_US)
    app_bell (run->screen.app);
  run->attended_us = now_us;
}

/* Another question stands, or none any more. What was typed for the one before is
 * thrown away, and what was typed before it could be read, too. */
static void
take_question (RunScreen *run)
{
  const Question *question = run_model_state (run->model)->question;
  guint number = question && run_model_caught_up (run->model) ? question->number : 0;
  gboolean ours = run_model_has_controls (run->model) && !is_over (run);
  gboolean noting = run->field.open && run->field.kind != RUN_FIELD_ANSWER;
  gboolean mute = number && ours && !run->field.open;
  if (number == run->asked && !mute)
    return;
  gboolean news = number != run->asked;
  run->asked = number;
  if (!noting && number && ours)
    run_field_open (&run->field, RUN_FIELD_ANSWER, "");
  else if (!noting)
    run_field_close (&run->field);
  run->attended_us = number ? run->attended_us : app_now_us (run->screen.app);
  if (number && news)
    ring (run);
  if (number && ours)
    app_forget_keys (run->screen.app);
}

static void
set_title (RunScreen *run)
{
  const RunState *state = run_model_state (run->model);
  const StepState *step = state_current (state);
  g_autofree char *title =
      g_strdup_printf ("handrail: %s: %s", state->site ? state->site : "",
                       step ? step->title : run_phase_name (state->phase));
  if (g_strcmp0 (title, run->title) == 0)
    return;
  app_set_title (run->screen.app, title);
  g_free (run->title);
  run->title = g_steal_pointer (&title);
}

static void
take_end (RunScreen *run)
{
  if (!is_over (run) || run->told_over)
    return;
  run->told_over = TRUE;
  run_field_close (&run->field);
  ring (run);
  app_forget_keys (run->screen.app);
}

void
screen_run_settle (Screen *screen, gboolean news)
{
  RunScreen *run = (RunScreen *)screen;
  g_autofree char *remark = run_model_take_remark (run->model);
  run_field_hear (&run->field, run->model);
  take_question (run);
  take_end (run);
  set_title (run);
  if (remark)
    app_say (screen->app, remark);
  if (news)
    app_draw (screen->app);
}

/* ---- what is done -------------------------------------------------------------------------- */

static void
answer (RunScreen *run, const char *text)
{
  g_autofree char *wrong = run_model_check (run->model, "stop");
  if (run_model_wants_answer (run->model))
    run_field_open (&run->field, RUN_FIELD_ANSWER, text);
  else
    app_say (run->screen.app, wrong ? wrong : "Nothing waits for an answer now");
}

/* Never alone: the word has to be typed. */
static void
stop (RunScreen *run)
{
  int ended = 0;
  if (run_model_is_over (run->model, &ended, NULL)) {
    run->owner->leave (run->owner_data, ended);
    return;
  }
  answer (run, "");
  if (run->field.open)
    app_say (run->screen.app, "Type stop to stop the run here; Esc goes on");
}

static void
detach (RunScreen *run)
{
  int ended = 0;
  if (!is_over (run))
    run_model_detach (run->model);
  run_model_is_over (run->model, &ended, NULL);
  run->owner->leave (run->owner_data, ended);
}

/* Controls that nobody has are taken at once; from somebody else by typing; our own are
 * given where it is seen who is here. */
static void
take (RunScreen *run)
{
  if (run_model_has_controls (run->model))
    app_push (run->screen.app, screen_people_new (run->screen.app, run->model));
  else if (run_model_state (run->model)->controls == 0)
    run_model_take (run->model);
  else
    run_field_open (&run->field, RUN_FIELD_TAKE, "");
}

static void
copy (RunScreen *run)
{
  g_autofree char *commands = commands_shown (run);
  if (commands)
    app_copy (run->screen.app, commands);
}

static const struct {
  KeyAction action;
  Screen *(*open) (App *app, RunModel *model);
} panes[] = {
  { ACTION_OUTPUT, screen_output_new },     { ACTION_LOGS, screen_logs_new },
  { ACTION_TIMELINE, screen_timeline_new }, { ACTION_WAY_BACK, screen_way_back_new },
  { ACTION_PEOPLE, screen_people_new },
};

static gboolean
open_pane (RunScreen *run, KeyAction action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (panes); i++)
    if (panes[i].action == action) {
      app_push (run->screen.app, panes[i].open (run->screen.app, run->model));
      return TRUE;
    }
  return FALSE;
}

/* Out of the field, back to the step at hand; no further: that is q or d. */
static void
back (RunScreen *run)
{
  gboolean kept = run->field.open && run->field.kind == RUN_FIELD_ANSWER && run->asked;
  if (kept) {
    run_field_open (&run->field, RUN_FIELD_ANSWER, "");
    run->field.focused = FALSE;
  } else {
    run_field_close (&run->field);
    run->asked = 0;
    take_question (run);
  }
  run->browsing = FALSE;
}

static gboolean
scroll (RunScreen *run, KeyAction action)
{
  if (!list_act (run->list, action))
    return FALSE;
  run->browsing = TRUE;
  return TRUE;
}

static gboolean
act_by_key (RunScreen *run, KeyAction action)
{
  if (!offers (&run->screen, action) && action != ACTION_STOP)
    return scroll (run, action) || open_pane (run, ACTION_NONE);
  switch (action) {
  case ACTION_ANSWER:
    answer (run, "");
    return TRUE;
  case ACTION_SKIP:
    answer (run, "skip ");
    return TRUE;
  case ACTION_STOP:
    stop (run);
    return TRUE;
  case ACTION_NOTE:
    run_field_open (&run->field, RUN_FIELD_NOTE, "");
    return TRUE;
  case ACTION_DETACH:
    detach (run);
    return TRUE;
  case ACTION_TAKE:
    take (run);
    return TRUE;
  case ACTION_COPY:
    copy (run);
    return TRUE;
  default:
    return open_pane (run, action);
  }
}

static gboolean
types (const Screen *screen)
{
  return ((const RunScreen *)screen)->field.focused;
}

/* Up, down and pages move in the list also while something is typed. */
static gboolean
is_list_key (const Key *key)
{
  return key->code == PRESS_UP || key->code == PRESS_DOWN || key->code == PRESS_PAGE_UP ||
         key->code == PRESS_PAGE_DOWN;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  RunScreen *run = (RunScreen *)screen;
  run->attended_us = app_now_us (screen->app);
  if (action == ACTION_BACK) {
    back (run);
    return TRUE;
  }
  if (!run->field.focused)
    return act_by_key (run, action);
  if (action == ACTION_HELP)
    return FALSE;
  if (is_list_key (key))
    return scroll (run, action);
  const char *remark = run_field_key (&run->field, run->model, key);
  if (remark)
    app_say (screen->app, remark);
  if (!run->field.open)
    take_question (run);
  return TRUE;
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
  .act = act,
  .types = types,
  .wake_us = wake_us,
  .offers = offers,
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
