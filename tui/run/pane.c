#include "tui/run/pane.h"

#include "tui/run/run_head.h"
#include "tui/run/run_words.h"

#define GAP 2

/* Of the first line: what is shown keeps so many columns, whatever the site is called. */
#define TITLE_COLUMNS_MIN 24

#define SEARCH_BYTES_MAX 200
#define SEARCH_COLUMNS 48

/* Where the run is, and that it is production; returns where that begins. */
static int
draw_target (const RunModel *model, Canvas *canvas, Area line)
{
  const RunState *state = run_model_state (model);
  g_autofree char *target = run_head_target (model);
  g_autofree char *word = run_words_banner (state, FALSE);
  int banner = word ? canvas_columns (word) + GAP : 0;
  int columns =
      MIN (canvas_columns (target), line.width - TITLE_COLUMNS_MIN - banner - GAP);
  int x = line.width - MAX (columns, 0);
  canvas_middle (canvas, line, x, 0, columns, ROLE_TEXT, target);
  if (word)
    canvas_text (canvas, line, x - banner, 0,
                 state->practice ? ROLE_PRACTICE : ROLE_PRODUCTION, word);
  return x - banner;
}

/* What the run asks of us now, or NULL. Newly allocated. */
static char *
asked_text (const RunModel *model)
{
  const Question *question = run_model_state (model)->question;
  if (question && run_model_wants_answer (model))
    return g_strdup (question->text);
  return NULL;
}

static void
draw_asked (const RunModel *model, Canvas *canvas, Area *area)
{
  g_autofree char *text = asked_text (model);
  if (!text)
    return;
  Area foot = area_take_bottom (area, 2);
  canvas_horizontal (canvas, foot, 0, 0, foot.width, run_head_frame (model));
  foot = area_inside (foot, 1, 1, 1, 0);
  const char *way = "Esc, to answer";
  int x = canvas_right (canvas, foot, foot.width, 0, ROLE_DIM, way) - GAP;
  foot.width = MAX (x, 0);
  canvas_text (canvas, foot, 0, 0, ROLE_QUESTION, text);
}

void
pane_draw (const RunModel *model, Canvas *canvas, Area *area, const PaneHead *head)
{
  Area top = area_take_top (area, 3);
  Area line = area_inside (top, 1, 0, 1, 0);
  int x = draw_target (model, canvas, line) - GAP;
  canvas_middle (canvas, line, 0, 0, x, ROLE_TITLE, head->title);
  line = area_inside (line, 0, 1, 0, 0);
  x = line.width;
  if (head->now)
    x = canvas_right (canvas, line, x, 0, head->now_role, head->now) - GAP;
  if (head->about)
    canvas_middle (canvas, line, 0, 0, x, head->about_role, head->about);
  canvas_horizontal (canvas, top, 0, 2, top.width, run_head_frame (model));
  draw_asked (model, canvas, area);
}

void
pane_draw_nothing (Canvas *canvas, Area area, const char *sentence)
{
  Area text = area_inside (area, 1, 1, 1, 0);
  canvas_paragraph (canvas, text, ROLE_DIM, sentence, 0, text.height);
}

/* ---- a field to search by ---------------------------------------------------- */

void
pane_search_open (PaneSearch *search)
{
  pane_search_close (search);
  search->input = input_new (SEARCH_BYTES_MAX);
}

void
pane_search_close (PaneSearch *search)
{
  g_clear_pointer (&search->input, input_free);
}

char *
pane_search_key (PaneSearch *search, App *app, KeyAction action, const Key *key)
{
  if (key->code == PRESS_ENTER) {
    char *text = g_strdup (input_text (search->input));
    pane_search_close (search);
    return text;
  }
  if (action == ACTION_BACK) {
    pane_search_close (search);
    return NULL;
  }
  const char *refusal = input_refusal (input_key (search->input, key));
  if (refusal)
    app_say (app, refusal);
  return NULL;
}

void
pane_search_draw (PaneSearch *search, Canvas *canvas, Area *area)
{
  if (!search->input)
    return;
  Area line = area_inside (area_take_bottom (area, 1), 1, 0, 1, 0);
  int x = canvas_text (canvas, line, 0, 0, ROLE_QUESTION, "Search for") + 1;
  input_draw (search->input, canvas, line, x, 0, SEARCH_COLUMNS, ROLE_INPUT);
}

/* ---- words ------------------------------------------------------------------- */

char *
pane_time (gint64 wall_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return time ? g_date_time_format (time, "%H:%M:%S") : g_strdup ("");
}
