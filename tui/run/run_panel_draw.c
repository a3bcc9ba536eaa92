/* The box at the foot of a run: how it fits, and how it is drawn. */
#include <string.h>

#include "tui/run/run_panel_parts.h"
#include "tui/run/run_words.h"
#include "tui/widgets/wrap.h"

/* Columns of the words before texts ("way back"), and what stands beside the frame. */
#define LABEL_COLUMNS 10
#define EDGE 2
#define TEXT_ROWS_MAX 3
#define BAD_ROWS_MAX 6     /* what is wrong ends with what to do */
#define COMMAND_ROWS_MIN 2 /* one of a command, one that says how to see the others */
#define WORD_GAP 3
#define FIELD_COLUMNS_MAX 44
#define FIELD_COLUMNS_MIN 16
#define ENTER_COLUMNS 16 /* "Enter: do it", and the space before it */
#define TYPE_COLUMNS 5   /* "Type " */

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

/* A canvas of no size breaks it as the real one will. */
static int
paragraph_rows (const char *text, int columns)
{
  g_autoptr (Canvas) none = canvas_new (1, 1, FALSE);
  return canvas_paragraph (none, (Area){ 0, 0, columns, 0 }, ROLE_TEXT, text, 0, 0);
}

static int
rows_of (RunPanel *panel, const Row *row, int width)
{
  int columns = width - indent_of (panel, row);
  g_autofree char *path = NULL;
  switch (row->type) {
  case ROW_MENU:
    return (int)panel->words->len;
  case ROW_COMMANDS:
    return run_commands_break (panel->commands, columns, &panel->commands_least);
  case ROW_PATH:
    path = wrap_path (row->text, columns);
    return MAX (paragraph_rows (path, columns), 1);
  case ROW_TEXT:
    return CLAMP (paragraph_rows (row->text, columns), 1,
                  row->mark == MARK_FAILED ? BAD_ROWS_MAX : TEXT_ROWS_MAX);
  default:
    return 1;
  }
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
      row->drop = NEEDED;
      row->rows = 1;
      return TRUE;
    }
    if (drop == NEEDED && (row->rows == 1 || row->type == ROW_COMMANDS))
      continue;
    row->rows = drop == NEEDED ? row->rows - 1 : 0;
    return TRUE;
  }
  return FALSE;
}

static void
shrink_to (RunPanel *panel, int height, int first, int last)
{
  for (int drop = first; drop >= last && total (panel) > height;)
    if (!shrink (panel, drop))
      drop--;
}

static Row *
commands_row (const RunPanel *panel)
{
  for (guint i = 0; i < panel->rows->len; i++) {
    Row *row = g_ptr_array_index (panel->rows, i);
    if (row->type == ROW_COMMANDS)
      return row;
  }
  return NULL;
}

/* All that is needed has its room where there is any; where pages have to be turned anyway,
 * no more of it than it takes to read each command whole. */
static int
needed_height (const RunPanel *panel, const Row *commands, int height, int height_max)
{
  int whole = total (panel);
  int least = commands ? MIN (panel->commands_least, commands->rows) : 0;
  if (commands && whole > height_max)
    whole -= commands->rows - MAX (least, COMMAND_ROWS_MIN);
  return CLAMP (whole, height, height_max);
}

int
run_panel_height (RunPanel *panel, int width, int height, int height_max)
{
  for (guint i = 0; i < panel->rows->len; i++) {
    Row *row = g_ptr_array_index (panel->rows, i);
    row->rows = rows_of (panel, row, width - 2 * EDGE);
  }
  shrink_to (panel, height, AIR, ABOUT);
  Row *commands = commands_row (panel);
  height = needed_height (panel, commands, height, height_max);
  int over = total (panel) - height;
  if (commands && over > 0)
    commands->rows = MAX (commands->rows - over, MIN (commands->rows, COMMAND_ROWS_MIN));
  if (commands)
    run_commands_page (panel->commands, commands->rows, panel->field->line);
  shrink_to (panel, height, NEEDED, NEEDED);
  return MIN (total (panel), height);
}

gboolean
run_panel_turns (const RunPanel *panel, guint *up, guint *down)
{
  return commands_row (panel) && run_commands_turns (panel->commands, up, down);
}

gboolean
run_panel_at_end (const RunPanel *panel)
{
  return !commands_row (panel) || run_commands_at_end (panel->commands);
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
  g_autofree char *path =
      row->type == ROW_PATH ? wrap_path (row->text, text.width) : NULL;
  const char *shown = path ? path : row->text;
  int rows = canvas_paragraph (canvas, text, row->role, shown, 0, row->rows);
  if (rows > row->rows && text.width > 0)
    canvas_cut (canvas, text, row->rows - 1, row->role);
}

/* What a word means up to the semicolon, where it has to be short. */
static char *
short_meaning (const char *means)
{
  return g_strndup (means, strcspn (means, ";"));
}

static int
words_line_columns (const RunPanel *panel, gboolean meanings)
{
  int columns = 0;
  for (guint i = 0; i < panel->words->len; i++) {
    const RunWord *word = g_ptr_array_index (panel->words, i);
    g_autofree char *means = short_meaning (word->means);
    columns += canvas_columns (word->word) + WORD_GAP;
    columns += meanings ? 2 + canvas_columns (means) : 0;
  }
  return columns - WORD_GAP;
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

/* Columns of the word that is to be typed; 0: there is none. */
static int
word_columns (const RunPanel *panel)
{
  const Question *question = run_model_state (panel->model)->question;
  gboolean answers = panel->field->kind == RUN_FIELD_ANSWER;
  gboolean any = answers && !panel->field->only;
  return any && question && question->word ? canvas_columns (question->word) : 0;
}

static const char *
first_word (const RunPanel *panel)
{
  const GPtrArray *words = panel->words;
  return words && words->len > 0 ? ((const RunWord *)words->pdata[0])->word
                                 : panel->field->only;
}

/* Columns of a word that is named, the field that it is typed into, and what Enter does. */
static int
field_line_columns (int word, gboolean enter)
{
  return TYPE_COLUMNS + word + 1 + word + 1 + (enter ? ENTER_COLUMNS : 0);
}

/* What Enter does has no room beside them, and stands in the line of words below. */
static gboolean
is_tight (const RunPanel *panel, int width)
{
  int word = word_columns (panel);
  const Row *last = NULL;
  for (guint i = 0; i < panel->rows->len && (!last || last->type != ROW_WORDS); i++)
    last = g_ptr_array_index (panel->rows, i);
  return word > 0 && last->type == ROW_WORDS && last->rows > 0 &&
         width >= field_line_columns (word, FALSE) &&
         width < field_line_columns (word, TRUE);
}

/* A word that has no room beside a field for it is read where it stands whole, below. */
static char *
prompt_of (const RunPanel *panel, int width)
{
  int word = word_columns (panel);
  switch (panel->field->kind) {
  case RUN_FIELD_NOTE:
    return g_strdup ("Note");
  case RUN_FIELD_TAKE:
    return g_strdup ("Type take");
  default:
    if (panel->field->only) /* as it stands below: "skip REASON" */
      return g_strconcat ("Type ", first_word (panel), NULL);
    if (word > 0 && !is_tight (panel, width) && width < field_line_columns (word, TRUE))
      return g_strdup ("Type");
    return run_words_prompt (panel->model);
  }
}

/* As wide as what is to be typed, so that it is seen whole before Enter. */
static int
field_columns (const RunPanel *panel, int room)
{
  int word = word_columns (panel) + 1;
  int most = MAX (room * 3 / 5, MIN (word, room - ENTER_COLUMNS));
  if (panel->field->kind == RUN_FIELD_NOTE)
    return room;
  return CLAMP (MIN (MAX (FIELD_COLUMNS_MAX, word), most), FIELD_COLUMNS_MIN,
                MAX (room, 1));
}

/* What stands behind the field: what Enter would do with what is typed. */
static char *
enter_words (const RunPanel *panel, Role *role)
{
  const RunField *field = panel->field;
  const char *typed = input_text (field->input);
  *role = ROLE_DIM;
  if (field->sent)
    return g_strdup ("being looked at");
  if (!field->focused)
    return g_strdup ("Enter to answer");
  if (field->kind != RUN_FIELD_ANSWER || !*typed)
    return g_strdup ("");
  if (run_field_is_unread (field, panel->model, typed)) {
    *role = ROLE_WAITING;
    return g_strdup ("PgDn: read on");
  }
  char *means =
      run_field_takes (field, typed) ? run_words_enter (panel->model, typed) : NULL;
  if (!means)
    return g_strdup ("");
  *role = ROLE_QUESTION;
  g_autofree char *whole = means;
  g_autofree char *brief = short_meaning (whole);
  return g_strconcat ("Enter: ", brief, NULL);
}

/* "y  do it   skip REASON  leave this step out", or the words alone; what Enter does stands
 * here where the field leaves no room for it. */
static void
draw_words (const RunPanel *panel, Canvas *canvas, Area area)
{
  Role role = ROLE_DIM;
  g_autofree char *enter =
      is_tight (panel, area.width) ? enter_words (panel, &role) : g_strdup ("");
  int room = area.width - (*enter ? canvas_columns (enter) + WORD_GAP : 0);
  if (*enter && words_line_columns (panel, FALSE) > room) {
    canvas_text (canvas, area, 0, 0, role, enter);
    return;
  }
  int kept = is_tight (panel, area.width) ? ENTER_COLUMNS : 0;
  gboolean fits = words_line_columns (panel, TRUE) <= MIN (room, area.width - kept);
  int x = 0;
  for (guint i = 0; i < panel->words->len && x < area.width; i++) {
    const RunWord *word = g_ptr_array_index (panel->words, i);
    g_autofree char *means = short_meaning (word->means);
    x += canvas_text (canvas, area, x, 0, ROLE_KEY, word->word);
    if (fits)
      x += 2 + canvas_text (canvas, area, x + 2, 0, ROLE_DIM, means);
    x += WORD_GAP;
  }
  canvas_right (canvas, area, area.width, 0, role, enter);
}

static void
draw_field (const RunPanel *panel, Canvas *canvas, Area area)
{
  const RunField *field = panel->field;
  const char *typed = input_text (field->input);
  Role role = ROLE_DIM;
  g_autofree char *prompt = prompt_of (panel, area.width);
  gboolean tight = is_tight (panel, area.width);
  g_autofree char *words = tight ? g_strdup ("") : enter_words (panel, &role);
  int x = canvas_middle (canvas, area, 0, 0, tight ? area.width : area.width / 2,
                         ROLE_QUESTION, prompt) +
          1;
  int room = area.width - x;
  int columns = tight ? room : field_columns (panel, room);
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
draw_commands (const RunPanel *panel, const Row *row, Canvas *canvas, Area area)
{
  canvas_text (canvas, area, 0, 0, ROLE_HEADING, row->label);
  run_commands_draw (panel->commands, canvas,
                     area_inside (area, indent_of (panel, row), 0, 0, 0));
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
    case ROW_COMMANDS:
      draw_commands (panel, row, canvas, part);
      break;
    case ROW_TEXT:
    case ROW_PATH:
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
