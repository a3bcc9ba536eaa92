#include "tui/run_panel.h"

#include <string.h>

#include "core/store/store.h"
#include "tui/run_checks.h"
#include "tui/run_head.h"
#include "tui/run_words.h"

/* Columns of the words before texts ("way back"), and what stands beside the frame. */
#define LABEL_COLUMNS 10
#define EDGE 2

/* Commands of one plan that are shown; all are copied. */
#define COMMANDS_SHOWN 4

#define TEXT_ROWS_MAX 3
#define FIELD_COLUMNS_MAX 44
#define FIELD_COLUMNS_MIN 16

/* What goes first where there is too little room, the highest; 0 never goes. */
enum { NEEDED = 0, TARGET = 1, HOLDS = 2, MEANS = 3, AIR = 4 };

typedef enum { ROW_TEXT, ROW_FIELD, ROW_WORDS, ROW_MENU } RowType;

typedef struct {
  RowType type;
  int drop;    /* see above */
  char *label; /* at the left, or NULL */
  char *text;
  Role role;
  Mark mark; /* before the text */
  int rows;  /* as it is drawn; 0: left out */
} Row;

struct RunPanel {
  const RunModel *model;
  const RunField *field;
  GPtrArray *rows;  /* Row * */
  GPtrArray *words; /* RunWord * */
};

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
  gsize count = json_array_size (commands);
  for (gsize i = 0; i < MIN (count, COMMANDS_SHOWN); i++) {
    const json_t *command = json_array_get (commands, i);
    const char *directory = member (command, "directory");
    g_autofree char *text = run_words_command (command);
    add (panel, NEEDED, i == 0 ? "command" : NULL, ROLE_COMMAND,
         g_strconcat ("$ ", text, NULL));
    if (directory && i + 1 == count)
      add (panel, AIR, NULL, ROLE_DIM, g_strconcat ("in ", directory, NULL));
  }
  if (count > COMMANDS_SHOWN)
    add (panel, NEEDED, NULL, ROLE_DIM,
         g_strdup_printf ("and %u more; y copies them all",
                          (guint)(count - COMMANDS_SHOWN)));
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
  Row *row =
      add (panel, HOLDS, "holds", ROLE_GOOD,
           bad > 0     ? g_strdup_printf ("%u of %u checks", good, good + bad)
           : good == 1 ? g_strdup (member (json_array_get (holds, 0), "text"))
                       : g_strdup_printf ("all %u checks of what is required", good));
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
  add (panel, TARGET, "target", ROLE_TEXT, run_head_target (panel->model));
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

static void
add_logs (RunPanel *panel, const json_t *details)
{
  if (json_array_size (json_object_get (details, "logs")) > 0)
    add (panel, TARGET, NULL, ROLE_DIM, g_strdup ("its last log lines: Esc, then L"));
}

static void
add_question (RunPanel *panel, const Question *question)
{
  const json_t *details = question->details;
  const char *supports = member (details, "supports");
  const char *reason = member (details, "reason");
  gboolean plans = question->kind == QUESTION_CONFIRM || question->kind == QUESTION_OFFER;
  add (panel, NEEDED, NULL, ROLE_QUESTION, title_of (question));
  if (plans && question->kind == QUESTION_OFFER && reason)
    add (panel, TARGET, "because", ROLE_WAITING, g_strdup (reason));
  if (plans)
    add_plan (panel, details);
  if (member (details, "from"))
    add (panel, TARGET, "from", ROLE_TEXT, g_strdup (member (details, "from")));
  if (supports)
    add (panel, NEEDED, "supports", ROLE_TEXT,
         g_strdup_printf ("what is seen now speaks for %s", supports));
  add_logs (panel, details);
}

/* A choice of several is a menu; one that goes on and two ways out are a line. */
static void
add_words (RunPanel *panel)
{
  const Question *question = run_model_state (panel->model)->question;
  gboolean menu = !question || question->kind == QUESTION_FAILED ||
                  question->kind == QUESTION_UNCERTAIN ||
                  question->kind == QUESTION_RUNNING || question->kind == QUESTION_OFFER;
  panel->words = run_words (panel->model);
  Row *row = add (panel, MEANS, NULL, ROLE_TEXT, g_strdup (""));
  row->type = menu ? ROW_MENU : ROW_WORDS;
}

/* Who cannot answer is told who can. */
static void
add_field (RunPanel *panel)
{
  if (run_model_has_controls (panel->model)) {
    add (panel, NEEDED, NULL, ROLE_TEXT, g_strdup (""))->type = ROW_FIELD;
    return;
  }
  g_autofree char *who = run_model_controller (panel->model);
  add (panel, NEEDED, NULL, ROLE_WAITING,
       g_strdup_printf ("%s has the controls and can answer; c takes them", who));
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
  guint done = 0, skipped = 0;
  for (guint i = 0; i < state->steps->len; i++) {
    const StepState *step = g_ptr_array_index (state->steps, i);
    done += step->phase == PHASE_DONE;
    skipped += step->phase == PHASE_SKIPPED;
  }
  run_model_is_over (model, NULL, &why);
  switch (state->phase) {
  case RUN_FINISHED:
    return g_strdup_printf ("Finished: %u of %u steps done, %u skipped", done,
                            state->steps->len, skipped);
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
  g_ptr_array_add (lines, g_strdup_printf ("To go on: handrail resume %s", state->name));
  g_ptr_array_add (lines, g_strdup_printf ("By hand: %s", byhand));
  return lines;
}

static void
add_ending (RunPanel *panel, const GPtrArray *lines)
{
  gboolean good = run_model_state (panel->model)->phase == RUN_FINISHED;
  for (guint i = 0; i < lines->len; i++)
    add (panel, NEEDED, NULL, i == 0 ? ROLE_QUESTION : ROLE_TEXT,
         g_strdup (g_ptr_array_index (lines, i)));
  Row *first = g_ptr_array_index (panel->rows, 0);
  first->mark = good ? MARK_DONE : MARK_FAILED;
  add (panel, NEEDED, NULL, ROLE_DIM, g_strdup ("q leaves; the screens stay until then"));
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
    add (panel, NEEDED, NULL, ROLE_QUESTION, g_strdup ("It waits. What is to be done?"));
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
  g_free (panel);
}

/* ---- how it fits ------------------------------------------------------------------------ */

static int
words_columns (const RunPanel *panel)
{
  int columns = 0;
  for (guint i = 0; i < panel->words->len; i++) {
    const RunWord *word = g_ptr_array_index (panel->words, i);
    columns = MAX (columns, canvas_columns (word->word));
  }
  return columns;
}

static gboolean
has_labels (const RunPanel *panel)
{
  for (guint i = 0; i < panel->rows->len; i++)
    if (((const Row *)g_ptr_array_index (panel->rows, i))->label)
      return TRUE;
  return FALSE;
}

/* Where texts begin: the title at the edge, what is labelled and what belongs to it after
 * the labels. */
static int
indent_of (const RunPanel *panel, const Row *row)
{
  gboolean after = row->label || row->role == ROLE_COMMAND || row->role == ROLE_DIM;
  int mark = row->mark == MARK_NONE ? 0 : 2;
  return (after && has_labels (panel) ? LABEL_COLUMNS : 0) + mark;
}

static int
rows_of (const RunPanel *panel, const Row *row, int width)
{
  if (row->type == ROW_MENU)
    return (int)panel->words->len;
  if (row->type != ROW_TEXT)
    return 1;
  /* A canvas of no size breaks it as the real one will. */
  Area area = { 0, 0, width - indent_of (panel, row), 0 };
  g_autoptr (Canvas) none = canvas_new (1, 1, FALSE);
  int rows = canvas_paragraph (none, area, ROLE_TEXT, row->text, 0, 0);
  return CLAMP (rows, 1, TEXT_ROWS_MAX);
}

static int
total (const RunPanel *panel)
{
  int rows = 2; /* the frame */
  for (guint i = 0; i < panel->rows->len; i++)
    rows += ((const Row *)g_ptr_array_index (panel->rows, i))->rows;
  return rows;
}

/* Makes it lower by one thing, the one that matters least; FALSE: nothing can go. */
static gboolean
shrink (RunPanel *panel, int drop)
{
  for (guint i = panel->rows->len; i-- > 0;) {
    Row *row = g_ptr_array_index (panel->rows, i);
    if (row->rows == 0 || row->drop != drop)
      continue;
    if (row->type == ROW_MENU) {
      row->type = ROW_WORDS;
      row->rows = 1;
      return TRUE;
    }
    if (drop == NEEDED && row->rows == 1)
      continue;
    row->rows = drop == NEEDED ? row->rows - 1 : 0;
    return TRUE;
  }
  return FALSE;
}

int
run_panel_height (RunPanel *panel, int width, int height_max)
{
  for (guint i = 0; i < panel->rows->len; i++) {
    Row *row = g_ptr_array_index (panel->rows, i);
    row->rows = rows_of (panel, row, width - 2 * EDGE);
  }
  for (int drop = AIR; drop >= NEEDED && total (panel) > height_max;)
    if (!shrink (panel, drop))
      drop--;
  return MIN (total (panel), height_max);
}

/* ---- drawing ------------------------------------------------------------------------------ */

static void
draw_text (const RunPanel *panel, const Row *row, Canvas *canvas, Area area)
{
  int indent = indent_of (panel, row);
  Area text = area_inside (area, indent, 0, 0, 0);
  if (row->label)
    canvas_text (canvas, area, 0, 0, ROLE_HEADING, row->label);
  if (row->mark != MARK_NONE)
    canvas_mark (canvas, area, indent - 2, 0, row->role, row->mark);
  int rows = canvas_paragraph (canvas, text, row->role, row->text, 0, row->rows);
  if (rows > row->rows && text.width > 0)
    canvas_text (canvas, text, text.width - 1, row->rows - 1, row->role, "…");
}

/* "y  do it   skip REASON  leave this step out…", as much as fits. */
static void
draw_words (const RunPanel *panel, Canvas *canvas, Area area)
{
  int x = 0;
  for (guint i = 0; i < panel->words->len && x < area.width; i++) {
    const RunWord *word = g_ptr_array_index (panel->words, i);
    g_autofree char *means = g_strndup (word->means, strcspn (word->means, ";"));
    x += canvas_text (canvas, area, x, 0, ROLE_KEY, word->word) + 1;
    x += canvas_text (canvas, area, x, 0, ROLE_DIM, means) + 3;
  }
}

static void
draw_menu (const RunPanel *panel, Canvas *canvas, Area area)
{
  int columns = words_columns (panel) + 2;
  for (guint i = 0; i < panel->words->len; i++) {
    const RunWord *word = g_ptr_array_index (panel->words, i);
    canvas_text (canvas, area, 0, (int)i, ROLE_KEY, word->word);
    canvas_text (canvas, area, columns, (int)i, ROLE_TEXT, word->means);
  }
}

static char *
prompt_of (const RunPanel *panel)
{
  switch (panel->field->kind) {
  case RUN_FIELD_NOTE:
    return g_strdup ("Note");
  case RUN_FIELD_TAKE:
    return g_strdup ("Type take");
  default:
    return run_words_prompt (panel->model);
  }
}

/* What stands behind the field: what Enter would do with what is typed. */
static char *
enter_words (const RunPanel *panel, const char *typed, Role *role)
{
  const RunField *field = panel->field;
  *role = ROLE_DIM;
  if (field->sent)
    return g_strdup ("being looked at");
  if (!field->focused)
    return g_strdup ("a to answer");
  if (field->kind != RUN_FIELD_ANSWER || !*typed)
    return g_strdup ("");
  char *means = run_words_enter (panel->model, typed);
  if (!means)
    return g_strdup ("");
  *role = ROLE_QUESTION;
  g_autofree char *first = means;
  return g_strdup_printf ("Enter: %.*s", (int)strcspn (first, ";"), first);
}

static void
draw_field (const RunPanel *panel, Canvas *canvas, Area area)
{
  const RunField *field = panel->field;
  const char *typed = input_text (field->input);
  Role role = ROLE_DIM;
  g_autofree char *prompt = prompt_of (panel);
  g_autofree char *words = enter_words (panel, typed, &role);
  int x = canvas_middle (canvas, area, 0, 0, area.width / 2, ROLE_QUESTION, prompt) + 1;
  int room = area.width - x;
  int wanted = field->kind == RUN_FIELD_NOTE ? room : FIELD_COLUMNS_MAX;
  int columns = CLAMP (MIN (wanted, room * 3 / 5), FIELD_COLUMNS_MIN, MAX (room, 1));
  if (field->kind == RUN_FIELD_NOTE)
    columns = room;
  if (field->focused && !field->sent)
    input_draw (field->input, canvas, area, x, 0, columns,
                field->wrong ? ROLE_WRONG : ROLE_INPUT);
  else {
    Area line = { area.x + x, area.y, MIN (columns, MAX (room, 0)), 1 };
    canvas_fill (canvas, line, ROLE_INPUT);
    canvas_text (canvas, line, 0, 0, ROLE_INPUT, typed);
  }
  canvas_text (canvas, area, x + columns + 2, 0, role, words);
}

static void
draw_frame (Canvas *canvas, Area area, Role frame)
{
  canvas_horizontal (canvas, area, 0, 0, area.width, frame);
  canvas_horizontal (canvas, area, 0, area.height - 1, area.width, frame);
  canvas_vertical (canvas, area, 0, 0, area.height, frame);
  canvas_vertical (canvas, area, area.width - 1, 0, area.height, frame);
}

void
run_panel_draw (const RunPanel *panel, Canvas *canvas, Area area, Role frame)
{
  Area inside = area_inside (area, EDGE, 1, EDGE, 1);
  draw_frame (canvas, area, frame);
  for (guint i = 0; i < panel->rows->len; i++) {
    const Row *row = g_ptr_array_index (panel->rows, i);
    Area part = area_take_top (&inside, row->rows);
    if (part.height == 0)
      continue;
    switch (row->type) {
    case ROW_TEXT:
      draw_text (panel, row, canvas, part);
      break;
    case ROW_FIELD:
      draw_field (panel, canvas, part);
      break;
    case ROW_WORDS:
      draw_words (panel, canvas, part);
      break;
    case ROW_MENU:
      draw_menu (panel, canvas, part);
      break;
    }
  }
}
