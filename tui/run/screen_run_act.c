/* The run screen: what keys do. */
#include "tui/run/logs.h"
#include "tui/run/run_words.h"
#include "tui/run/screen_run_parts.h"
#include "tui/run/screens.h"

#define SKIP "skip" /* what the word for skipping begins with */
#define STOP "stop"

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
  g_autoptr (GPtrArray) logs = logs_of (run->model);
  return logs->len > 0;
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

/* Some questions can only be answered, or the run stopped. */
static gboolean
can_skip (const RunScreen *run)
{
  g_autoptr (GPtrArray) words = run_words (run->model);
  for (guint i = 0; i < words->len; i++)
    if (g_str_has_prefix (((const RunWord *)g_ptr_array_index (words, i))->word, SKIP))
      return TRUE;
  return FALSE;
}

gboolean
screen_run_offers (const Screen *screen, KeyAction action)
{
  const RunScreen *run = (const RunScreen *)screen;
  gboolean going = run_model_caught_up (run->model) && !is_over (run);
  g_autofree char *commands = NULL;
  switch (action) {
  case ACTION_ANSWER:
    return going && run_model_wants_answer (run->model);
  case ACTION_SKIP:
    return going && run_model_wants_answer (run->model) && can_skip (run);
  case ACTION_STOP:
    return going && run_model_has_controls (run->model);
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

/* ---- what is done -------------------------------------------------------------------------- */

/* `only`: the word that is to be typed; NULL: any that answers. */
static void
answer (RunScreen *run, const char *only)
{
  g_autofree char *wrong = run_model_check (run->model, "stop");
  if (!run_model_wants_answer (run->model)) {
    app_say (run->screen.app, wrong ? wrong : "Nothing waits for an answer now");
    return;
  }
  screen_run_open_answer (run);
  run->left = FALSE;
  run->field.only = only;
}

/* The word is not typed for anybody: "stop" is typed with this key too, and would then be
 * a step skipped for the reason "top". */
static void
skip (RunScreen *run)
{
  answer (run, SKIP);
  if (run->field.open)
    app_say (run->screen.app, "Type skip and the reason; Esc goes on");
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
  answer (run, STOP);
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

static void
cover (RunScreen *run, Screen *pane)
{
  run->covered = TRUE;
  app_push (run->screen.app, pane);
}

/* Controls that nobody has are taken at once; from somebody else by typing; our own are
 * given where it is seen who is here. */
static void
take (RunScreen *run)
{
  if (run_model_has_controls (run->model))
    cover (run, screen_people_new (run->screen.app, run->model));
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
      cover (run, panes[i].open (run->screen.app, run->model));
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
    run->left = TRUE;
    screen_run_open_answer (run);
    run->field.focused = FALSE;
  } else {
    run_field_close (&run->field);
    screen_run_return (run);
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

/* Why a key does nothing now, newly allocated; NULL: it never does anything here. */
static char *
why_not (const RunScreen *run, KeyAction action)
{
  gboolean ours = run_model_has_controls (run->model);
  if (!run_model_caught_up (run->model) || is_over (run))
    return NULL;
  switch (action) {
  case ACTION_ANSWER:
  case ACTION_SKIP:
    return !ours ? run_model_who_leads (run->model)
           : run_model_wants_answer (run->model)
               ? g_strdup ("This cannot be skipped")
               : g_strdup ("Nothing waits for an answer now");
  case ACTION_OUTPUT:
    return g_strdup ("No command of this run has begun yet");
  case ACTION_LOGS:
    return g_strdup ("No log belongs to this step");
  case ACTION_COPY:
    return g_strdup ("No command is shown to copy");
  case ACTION_TAKE:
    return g_strdup ("You have the controls, and nobody else is here");
  default:
    return NULL;
  }
}

static gboolean
say_why_not (RunScreen *run, KeyAction action)
{
  g_autofree char *why = why_not (run, action);
  if (why)
    app_say (run->screen.app, why);
  return why != NULL;
}

static gboolean
act_by_key (RunScreen *run, KeyAction action)
{
  gboolean leaves = action == ACTION_STOP || action == ACTION_DETACH;
  if (!screen_run_offers (&run->screen, action) && !leaves)
    return say_why_not (run, action) || scroll (run, action);
  switch (action) {
  case ACTION_ANSWER:
    answer (run, NULL);
    return TRUE;
  case ACTION_SKIP:
    skip (run);
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

gboolean
screen_run_types (const Screen *screen)
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
is_text (const Key *key)
{
  return key->code < PRESS_NAMED && g_unichar_isprint (key->code);
}

/* What is typed on when the field has gone by itself is no key: "prod/nginx" has the one
 * that detaches in it. */
static gboolean
is_typed_on (RunScreen *run, const Key *key)
{
  gint64 now_us = app_now_us (run->screen.app);
  gboolean text = is_text (key);
  gboolean pauses = now_us - run->typed_us >= SCREEN_RUN_PAUSE_US;
  gboolean done = run->entered && is_over (run);
  if (run->field.focused || !text || pauses || done || now_us >= run->mute_us)
    return FALSE;
  run->typed_us = now_us;
  run->entered = FALSE;
  return TRUE;
}

/* A question stands, whose field was left by Esc. */
static gboolean
is_left (const RunScreen *run)
{
  return run->asked && run->ours && run->field.open && !run->field.focused &&
         run->field.kind == RUN_FIELD_ANSWER;
}

/* A question stands that others answer. */
static gboolean
looks_on (const RunScreen *run)
{
  return run_model_state (run->model)->question && !run_model_has_controls (run->model) &&
         !run->field.focused;
}

/* What looks like an answer goes nowhere: "prod/nginx" has keys in it that do things, and
 * nothing else but its own keys leads back into the field. */
static void
type_beside (RunScreen *run)
{
  run->typed_us = app_now_us (run->screen.app);
  run->mute_us = run->typed_us + SCREEN_RUN_MUTE_US;
  app_say (run->screen.app, looks_on (run)
                                ? "You look on: c takes the controls, then you can answer"
                                : "Letters are keys here; Enter goes back to the answer");
}

static gboolean
act_left (RunScreen *run, KeyAction action, const Key *key)
{
  if (key->code == PRESS_ENTER)
    answer (run, NULL);
  else if (action == ACTION_NONE && is_text (key))
    type_beside (run);
  else
    return act_by_key (run, action);
  return TRUE;
}

/* Pages are those of the commands in the box while they do not fit there. */
static gboolean
turn_page (RunScreen *run, KeyAction action)
{
  if (!run->turns || (action != ACTION_PAGE_UP && action != ACTION_PAGE_DOWN))
    return FALSE;
  run->field.line = action == ACTION_PAGE_UP ? run->turn_up : run->turn_down;
  return TRUE;
}

gboolean
screen_run_act (Screen *screen, KeyAction action, const Key *key)
{
  RunScreen *run = (RunScreen *)screen;
  run->attended_us = app_now_us (screen->app);
  if (run->covered) /* nobody has seen yet what stands here now */
    return TRUE;
  if (run->field.focused)
    run->mute_us = 0;
  if (action == ACTION_HELP) {
    run->covered = TRUE;
    return FALSE;
  }
  if (is_typed_on (run, key)) {
    if (is_left (run) || looks_on (run))
      type_beside (run);
    return TRUE;
  }
  if (action == ACTION_BACK) {
    back (run);
    return TRUE;
  }
  if (turn_page (run, action))
    return TRUE;
  if (!run->field.focused)
    return is_left (run) || looks_on (run) ? act_left (run, action, key)
                                           : act_by_key (run, action);
  if (is_list_key (key))
    return scroll (run, action);
  if (is_text (key))
    run->typed_us = app_now_us (screen->app);
  run->entered = key->code == PRESS_ENTER;
  const char *remark = run_field_key (&run->field, run->model, key);
  if (remark)
    app_say (screen->app, remark);
  screen_run_return (run);
  return TRUE;
}
