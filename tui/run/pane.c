#include "tui/run/pane.h"

#include "tui/run/run_head.h"
#include "tui/run/run_words.h"

#define GAP 2

#define SEARCH_BYTES_MAX 200
#define SEARCH_COLUMNS 48

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
  g_autofree char *target = run_head_target (model);
  g_autofree char *banner = run_words_banner (run_model_state (model), FALSE);
  const Head whole = {
    .title = head->title,
    .place = { .text = target, .stake = run_head_stake (model), .banner = banner },
    .about = head->about ? head->about : "",
    .about_role = head->about_role,
    .now = head->now,
    .now_role = head->now_role,
  };
  head_draw (canvas, area, &whole);
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

char *
pane_zone (gint64 wall_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return time ? g_date_time_format (time, "%Z") : g_strdup ("");
}
