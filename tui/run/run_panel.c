#include <string.h>

#include "core/store/store.h"
#include "tui/run/run_checks.h"
#include "tui/run/run_head.h"
#include "tui/run/run_panel_parts.h"
#include "tui/run/run_words.h"

static void
row_free (Row *row)
{
  g_free (row->label);
  g_free (row->text);
  g_free (row);
}

/* Takes over `text`. */
static Row *
add (RunPanel *panel, int drop, const char *label, Role role, char *text)
{
  Row *row = g_new0 (Row, 1);
  row->drop = drop;
  row->label = g_strdup (label);
  row->role = role;
  row->mark = MARK_NONE;
  row->text = text;
  g_ptr_array_add (panel->rows, row);
  return row;
}

static const char *
member (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

/* ---- what a plan comes to -------------------------------------------------------- */

static void
add_commands (RunPanel *panel, const json_t *details)
{
  const json_t *commands = json_object_get (details, "commands");
  const char *instruction = member (details, "instruction");
  const char *directory = NULL;
  panel->commands = run_commands_new ();
  for (gsize i = 0; i < json_array_size (commands); i++) {
    const json_t *command = json_array_get (commands, i);
    g_autofree char *text = run_words_command (command);
    run_commands_add (panel->commands, text);
    directory = member (command, "directory");
  }
  if (json_array_size (commands) > 0)
    add (panel, NEEDED, "command", ROLE_COMMAND, g_strdup (""))->type = ROW_COMMANDS;
  if (directory)
    add (panel, AIR, NULL, ROLE_DIM, g_strconcat ("in ", directory, NULL))->type =
        ROW_PATH;
  if (instruction)
    add (panel, NEEDED, "by you", ROLE_TEXT, g_strdup (instruction));
}

/* What does not hold, each by itself; of what holds how many. */
static void
add_holds (RunPanel *panel, const json_t *details)
{
  const json_t *holds = json_object_get (details, "holds");
  guint good = 0, bad = 0;
  for (gsize i = 0; i < json_array_size (holds); i++) {
    const json_t *hold = json_array_get (holds, i);
    const char *name = member (hold, "verdict");
    const char *text = member (hold, "text");
    Verdict verdict = VERDICT_UNKNOWN;
    verdict_from_name (name ? name : "", &verdict);
    good += verdict == VERDICT_HOLDS;
    if (verdict == VERDICT_HOLDS)
      continue;
    Row *row =
        add (panel, verdict_passes (verdict) ? HOLDS : NEEDED, bad++ == 0 ? "but" : NULL,
             run_checks_role (verdict), g_strdup (text ? text : ""));
    row->mark = run_checks_mark (verdict);
  }
  if (good == 0)
    return;
  Row *row = add (panel, HOLDS, "holds", ROLE_GOOD,
                  bad > 0     ? g_strdup_printf ("%u of %u checks", good, good + bad)
                  : good == 1 ? g_strdup (member (json_array_get (holds, 0), "text"))
                              : g_strdup_printf ("all %u checks that it requires", good));
  row->mark = MARK_DONE;
}

static void
add_way_back (RunPanel *panel, const json_t *details)
{
  const char *way_back = member (details, "way_back");
  const char *undo = member (details, "undo");
  if (way_back)
    add (panel, NEEDED, "way back", ROLE_TEXT, g_strdup (way_back));
  else if (undo)
    add (panel, NEEDED, "way back", ROLE_TEXT, g_strdup_printf ("undo (%s)", undo));
  else
    add (panel, NEEDED, "way back", ROLE_BAD, g_strdup ("there is no way back"))->mark =
        MARK_FAILED;
}

static void
add_plan (RunPanel *panel, const json_t *details)
{
  const char *change = member (details, "change");
  add (panel, NEEDED, "target", ROLE_TEXT, run_head_target (panel->model));
  if (change)
    add (panel, NEEDED, "change", ROLE_TEXT, g_strdup (change));
  add_commands (panel, details);
  add_holds (panel, details);
  add_way_back (panel, details);
}

/* ---- questions --------------------------------------------------------------------- */

/* The question without the change in brackets, which has a row of its own. */
static char *
title_of (const Question *question)
{
  const char *change = member (question->details, "change");
  g_autofree char *tail = change ? g_strdup_printf (" (%s)?", change) : NULL;
  if (!tail || !g_str_has_suffix (question->text, tail))
    return g_strdup (question->text);
  return g_strdup_printf ("%.*s?", (int)(strlen (question->text) - strlen (tail)),
                          question->text);
}

/* Of a command that has failed what it printed says most. */
static void
add_logs (RunPanel *panel, const Question *question)
{
  const StepState *step = state_current (run_model_state (panel->model));
  gboolean logs = json_array_size (json_object_get (question->details, "logs")) > 0;
  gboolean printed =
      question->kind == QUESTION_FAILED && step && step->commands > 0 && !step->undone;
  if (printed)
    add (panel, AIR, NULL, ROLE_DIM,
         g_strconcat ("Esc, then l: its command's output",
                      logs ? "; L: the service's log" : "", NULL));
  else if (logs)
    add (panel, AIR, NULL, ROLE_DIM, g_strdup ("Esc, then L: its last log lines"));
}

/* What is offered for what will not come true by itself has that in view above it. */
static gboolean
is_in_view (const RunModel *model)
{
  g_autoptr (GPtrArray) checks = run_checks (model);
  for (guint i = 0; i < checks->len; i++) {
    const RunCheck *check = g_ptr_array_index (checks, i);
    if (check->due && check->verdict == VERDICT_NEVER)
      return TRUE;
  }
  return FALSE;
}

static void
add_question (RunPanel *panel, const Question *question)
{
  const json_t *details = question->details;
  const char *supports = member (details, "supports");
  const char *reason = member (details, "reason");
  gboolean plans = question->kind == QUESTION_CONFIRM || question->kind == QUESTION_OFFER;
  add (panel, NEEDED, NULL, ROLE_QUESTION, title_of (question));
  if (question->kind == QUESTION_OFFER && reason && !is_in_view (panel->model))
    add (panel, ABOUT, "because", ROLE_WAITING, g_strdup (reason));
  if (plans)
    add_plan (panel, details);
  if (supports)
    add (panel, NEEDED, "supports", ROLE_TEXT,
         g_strdup_printf ("what is seen now speaks for %s", supports));
  add_logs (panel, question);
}

/* What the field does not take is not offered. */
static GPtrArray *
words_taken (const RunPanel *panel)
{
  GPtrArray *words = run_words (panel->model);
  for (guint i = words->len; i-- > 0;)
    if (!run_field_takes (panel->field, ((const RunWord *)words->pdata[i])->word))
      g_ptr_array_remove_index (words, i);
  return words;
}

/* A choice of several is a menu; one that goes on and two ways out are a line. */
static void
add_words (RunPanel *panel)
{
  const Question *question = run_model_state (panel->model)->question;
  gboolean menu = !question || question->kind == QUESTION_FAILED ||
                  question->kind == QUESTION_UNCERTAIN ||
                  question->kind == QUESTION_RUNNING || question->kind == QUESTION_OFFER;
  panel->words = words_taken (panel);
  Row *row = add (panel, menu ? MEANS : NEEDED, NULL, ROLE_TEXT, g_strdup (""));
  row->type = menu ? ROW_MENU : ROW_WORDS;
}

/* Who cannot answer is told who can. */
static void
add_field (RunPanel *panel)
{
  add (panel, AIR, NULL, ROLE_TEXT, g_strdup (""));
  if (run_model_has_controls (panel->model)) {
    add (panel, NEEDED, NULL, ROLE_TEXT, g_strdup (""))->type = ROW_FIELD;
    return;
  }
  add (panel, NEEDED, NULL, ROLE_WAITING, run_model_who_leads (panel->model));
}

static void
add_wrong (RunPanel *panel)
{
  if (panel->field->wrong)
    add (panel, NEEDED, NULL, ROLE_BAD, g_strdup (panel->field->wrong))->mark =
        MARK_FAILED;
}

static void
add_note (RunPanel *panel)
{
  add (panel, NEEDED, NULL, ROLE_QUESTION,
       g_strdup ("A note for the journal and the report"));
  if (run_model_state (panel->model)->question)
    add (panel, NEEDED, NULL, ROLE_WAITING,
         g_strdup ("A question stands; it is back here after the note"));
  add_field (panel);
}

static void
add_take (RunPanel *panel)
{
  g_autofree char *who = run_model_controller (panel->model);
  add (panel, NEEDED, NULL, ROLE_QUESTION,
       g_strdup_printf ("%s has the controls. Take them?", who));
  add (panel, NEEDED, NULL, ROLE_TEXT,
       g_strdup ("Who has them is told, and cannot answer any more until they are given "
                 "or taken back."));
  add (panel, NEEDED, NULL, ROLE_TEXT, g_strdup (""))->type = ROW_FIELD;
}

/* ---- the end ------------------------------------------------------------------------ */

static char *
ending_words (const RunModel *model)
{
  const RunState *state = run_model_state (model);
  const char *why = NULL;
  g_autofree char *steps = state_steps_words (state);
  run_model_is_over (model, NULL, &why);
  switch (state->phase) {
  case RUN_FINISHED:
    return g_strconcat ("Finished: ", steps, NULL);
  case RUN_STOPPED:
    return g_strdup_printf ("Stopped, unfinished: %s",
                            state->stopped_why ? state->stopped_why : "");
  case RUN_ABANDONED:
    return g_strdup_printf ("Given up: %s", state->stopped_why ? state->stopped_why : "");
  default:
    return g_strdup (why ? why : "The connection to the run is over");
  }
}

GPtrArray *
run_panel_ending (const RunModel *model)
{
  const RunState *state = run_model_state (model);
  if (!run_model_is_over (model, NULL, NULL))
    return NULL;
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *byhand =
      g_build_filename (run_model_folder (model), STORE_BYHAND, NULL);
  g_ptr_array_add (lines, ending_words (model));
  if (!state_is_unfinished (state) || !state->name)
    return lines;
  if (state_is_resumable (state))
    g_ptr_array_add (lines,
                     g_strdup_printf ("To go on: handrail resume %s", state->name));
  if (!state_is_refused (state))
    g_ptr_array_add (lines, g_strdup_printf ("By hand: %s", byhand));
  return lines;
}

static void
add_ending (RunPanel *panel, const GPtrArray *lines)
{
  gboolean good = run_model_state (panel->model)->phase == RUN_FINISHED;
  for (guint i = 0; i < lines->len; i++)
    add (panel, NEEDED, NULL, i == 0 ? ROLE_QUESTION : ROLE_TEXT,
         g_strdup (g_ptr_array_index (lines, i)))
        ->type = i == 0 ? ROW_TEXT : ROW_PATH;
  Row *first = g_ptr_array_index (panel->rows, 0);
  first->mark = good ? MARK_DONE : MARK_FAILED;
}

/* ---- making it ------------------------------------------------------------------------ */

static void
add_all (RunPanel *panel)
{
  const RunState *state = run_model_state (panel->model);
  const RunField *field = panel->field;
  g_autoptr (GPtrArray) ending = run_panel_ending (panel->model);
  gboolean waits = field->open && field->kind == RUN_FIELD_ANSWER && !state->question;
  if (ending) {
    add_ending (panel, ending);
  } else if (field->open && field->kind == RUN_FIELD_NOTE) {
    add_note (panel);
  } else if (field->open && field->kind == RUN_FIELD_TAKE) {
    add_take (panel);
  } else if (state->question && run_model_caught_up (panel->model)) {
    add_question (panel, state->question);
    add_field (panel);
    add_words (panel);
  } else if (waits) {
    add (panel, NEEDED, NULL, ROLE_QUESTION, g_strdup ("While it waits"));
    add_field (panel);
    add_words (panel);
  }
  if (panel->rows->len > 0 && !ending)
    add_wrong (panel);
}

RunPanel *
run_panel_new (const RunModel *model, const RunField *field)
{
  g_autoptr (RunPanel) panel = g_new0 (RunPanel, 1);
  panel->model = model;
  panel->field = field;
  panel->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)row_free);
  add_all (panel);
  return panel->rows->len > 0 ? g_steal_pointer (&panel) : NULL;
}

void
run_panel_free (RunPanel *panel)
{
  if (!panel)
    return;
  g_ptr_array_unref (panel->rows);
  g_clear_pointer (&panel->words, g_ptr_array_unref);
  run_commands_free (panel->commands);
  g_free (panel);
}
