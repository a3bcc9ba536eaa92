/* The run so far: what happened when, how long it took, and who said what. */
#include <string.h>

#include "core/base/quantity.h"
#include "tui/run/pane.h"
#include "tui/run/run_head.h"
#include "tui/run/screens.h"
#include "tui/run/timeline.h"
#include "tui/widgets/list.h"

/* Columns: when, how long, mark, what. */
#define TOOK_END 18
#define MARK_X 20
#define TEXT_X 22
#define INDENT 3

/* What stands beside the text at most: the indent, how much is folded, the bar. */
#define ASIDE_COLUMNS 10

/* Lines for the whole text of the row that is selected. */
#define WHOLE_LINES 2

typedef struct {
  Screen screen;
  RunModel *model;
  Timeline *timeline;
  List *list; /* of the rows seen, by position */
  gboolean follows;
  PaneSearch search;
  char *sought; /* or NULL */
} TimelineScreen;

/* ---- rows ------------------------------------------------------------------------ */

static guint
selected_row (const TimelineScreen *time)
{
  guint position = list_selected (time->list);
  return position == LIST_NONE ? TIMELINE_NONE : timeline_seen (time->timeline, position);
}

static void
select_row (TimelineScreen *time, guint row)
{
  guint seen = timeline_count_seen (time->timeline);
  list_set_rows (time->list, seen, NULL, NULL);
  if (row != TIMELINE_NONE)
    list_select (time->list, timeline_position (time->timeline, row));
}

static void
refresh (TimelineScreen *time)
{
  timeline_update (time->timeline);
  guint seen = timeline_count_seen (time->timeline);
  list_set_rows (time->list, seen, NULL, NULL);
  if (time->follows && seen > 0)
    list_select (time->list, seen - 1);
}

static gboolean
is_head (const TimelineRow *row, guint index)
{
  return row->head == index;
}

/* ---- drawing --------------------------------------------------------------------- */

static void
draw_row (void *data, Canvas *canvas, Area line, guint position, gboolean selected)
{
  const TimelineScreen *time = data;
  guint index = timeline_seen (time->timeline, position);
  const TimelineRow *row = timeline_row (time->timeline, index);
  gboolean head = is_head (row, index), inner = row->head != TIMELINE_NONE && !head;
  g_autofree char *when = pane_time (row->wall_us);
  (void)selected;
  canvas_text (canvas, line, 1, 0, ROLE_DIM, when);
  if (row->took_us >= G_USEC_PER_SEC) {
    g_autofree char *took = quantity_format_duration (row->took_us);
    canvas_right (canvas, line, TOOK_END, 0, ROLE_TEXT, took);
  }
  int x = inner ? INDENT : 0;
  canvas_mark (canvas, line, MARK_X + x, 0, row->role, row->mark);
  Area text = area_inside (line, TEXT_X + x, 0, 1, 0);
  if (head && row->folded && row->under > 0) {
    g_autofree char *more = g_strdup_printf ("+%u", row->under);
    text.width = canvas_right (canvas, text, text.width, 0, ROLE_DIM, more) - 1;
  }
  canvas_text (canvas, text, 0, 0, head ? ROLE_HEADING : row->role, row->text);
}

/* The text of the row that is selected, where it does not fit there. */
static void
draw_whole (TimelineScreen *time, Canvas *canvas, Area *area)
{
  guint index = selected_row (time);
  Area foot = area_take_bottom (area, WHOLE_LINES + 1);
  canvas_horizontal (canvas, foot, 0, 0, foot.width, run_head_frame (time->model));
  if (index == TIMELINE_NONE)
    return;
  const TimelineRow *row = timeline_row (time->timeline, index);
  if (canvas_columns (row->text) > foot.width - TEXT_X - ASIDE_COLUMNS)
    canvas_paragraph (canvas, area_inside (foot, 1, 1, 1, 0), row->role, row->text, 0,
                      WHOLE_LINES);
}

static guint
count_over (const RunState *state)
{
  guint over = 0;
  for (guint i = 0; i < state->steps->len; i++) {
    const StepState *step = g_ptr_array_index (state->steps, i);
    over += step->phase == PHASE_DONE || step->phase == PHASE_SKIPPED;
  }
  return over;
}

static void
draw_head (const TimelineScreen *time, Canvas *canvas, Area *area)
{
  const RunState *state = run_model_state (time->model);
  gint64 began_us = 0, last_us = 0;
  gboolean any = timeline_span (time->timeline, &began_us, &last_us);
  g_autofree char *began = pane_time (began_us);
  g_autofree char *last = pane_time (last_us);
  g_autofree char *took =
      quantity_format_duration (MAX (last_us - began_us, 0) * state->speed);
  g_autofree char *zone = pane_zone (last_us);
  g_autofree char *about =
      any ? g_strdup_printf ("%s to %s %s, %s%s", began, last, zone, took,
                             state->speed > 1 ? " of the procedure" : "")
          : g_strdup ("");
  g_autofree char *now =
      g_strdup_printf ("%u of %u steps over%s%s", count_over (state), state->steps->len,
                       state->phase == RUN_GOING ? "" : ", ",
                       state->phase == RUN_GOING ? "" : run_phase_name (state->phase));
  const PaneHead head = { "Time line", about, ROLE_DIM, now, ROLE_DIM };
  pane_draw (time->model, canvas, area, &head);
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  TimelineScreen *time = (TimelineScreen *)screen;
  refresh (time);
  draw_head (time, canvas, &area);
  pane_search_draw (&time->search, canvas, &area);
  draw_whole (time, canvas, &area);
  list_draw (time->list, canvas, area, TRUE, draw_row, time);
}

/* ---- acting ---------------------------------------------------------------------- */

/* Folds the step that the row belongs to, or unfolds it. */
static void
fold (TimelineScreen *time)
{
  guint index = selected_row (time);
  guint head =
      index == TIMELINE_NONE ? index : timeline_row (time->timeline, index)->head;
  if (head == TIMELINE_NONE)
    return;
  timeline_fold (time->timeline, head, !timeline_row (time->timeline, head)->folded);
  time->follows = FALSE;
  select_row (time, head);
}

static void
fold_all (TimelineScreen *time)
{
  guint index = selected_row (time);
  timeline_fold_all (time->timeline, !timeline_is_folded (time->timeline));
  select_row (time, index);
}

static void
seek (TimelineScreen *time, gboolean backwards)
{
  guint index = selected_row (time);
  guint found = index == TIMELINE_NONE
                    ? index
                    : timeline_find (time->timeline, index, backwards, time->sought);
  if (found == TIMELINE_NONE) {
    app_say (time->screen.app,
             backwards ? "Not found further up" : "Not found further down");
    return;
  }
  guint head = timeline_row (time->timeline, found)->head;
  if (head != TIMELINE_NONE && head != found)
    timeline_fold (time->timeline, head, FALSE);
  time->follows = FALSE;
  select_row (time, found);
}

/* From where one is: further down, else further up. */
static void
search (TimelineScreen *time, KeyAction action, const Key *key)
{
  char *text = pane_search_key (&time->search, time->screen.app, action, key);
  guint index = selected_row (time);
  if (!text)
    return;
  g_free (time->sought);
  time->sought = text;
  if (!*text || index == TIMELINE_NONE)
    return;
  gboolean below = timeline_find (time->timeline, index, FALSE, text) != TIMELINE_NONE;
  gboolean above = timeline_find (time->timeline, index, TRUE, text) != TIMELINE_NONE;
  if (below || above)
    seek (time, !below);
  else
    app_say (time->screen.app, "Not found");
}

static void
seek_again (TimelineScreen *time, KeyAction action)
{
  if (time->sought && *time->sought)
    seek (time, action == ACTION_SEARCH_BACK);
  else
    app_say (time->screen.app, "Nothing is searched for; / begins");
}

static void
copy (TimelineScreen *time)
{
  guint index = selected_row (time);
  if (index == TIMELINE_NONE)
    return;
  const char *text = timeline_row (time->timeline, index)->text;
  app_copy (time->screen.app, g_str_has_prefix (text, "$ ") ? text + 2 : text);
}

static gboolean
move (TimelineScreen *time, KeyAction action)
{
  if (action == ACTION_FOLLOW)
    action = ACTION_LAST;
  if (!list_act (time->list, action))
    return FALSE;
  time->follows = list_selected (time->list) + 1 == timeline_count_seen (time->timeline);
  return TRUE;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  TimelineScreen *time = (TimelineScreen *)screen;
  if (time->search.input) {
    search (time, action, key);
    return TRUE;
  }
  switch (action) {
  case ACTION_OPEN:
    fold (time);
    return TRUE;
  case ACTION_FOLD:
    fold_all (time);
    return TRUE;
  case ACTION_SEARCH:
    pane_search_open (&time->search);
    return TRUE;
  case ACTION_SEARCH_NEXT:
  case ACTION_SEARCH_BACK:
    seek_again (time, action);
    return TRUE;
  case ACTION_COPY:
    copy (time);
    return TRUE;
  default:
    return move (time, action);
  }
}

static gboolean
types (const Screen *screen)
{
  return ((const TimelineScreen *)screen)->search.input != NULL;
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  const TimelineScreen *time = (const TimelineScreen *)screen;
  if (action == ACTION_SEARCH_NEXT || action == ACTION_SEARCH_BACK)
    return time->sought && *time->sought;
  return action != ACTION_FOLLOW || !time->follows;
}

static void
timeline_screen_free (Screen *screen)
{
  TimelineScreen *time = (TimelineScreen *)screen;
  timeline_free (time->timeline);
  list_free (time->list);
  pane_search_close (&time->search);
  g_free (time->sought);
  g_free (time);
}

static const ScreenKind timeline_kind = {
  .name = "time line",
  .where = KEYS_OUTPUT | KEYS_TIMELINE,
  .free = timeline_screen_free,
  .draw = draw,
  .act = act,
  .types = types,
  .offers = offers,
};

/* What is over is folded, so that a long run is one screen; the step at hand is not. */
static void
fold_what_is_over (Timeline *timeline)
{
  timeline_fold_all (timeline, TRUE);
  for (guint row = timeline_count (timeline); row-- > 0;)
    if (timeline_row (timeline, row)->head == row) {
      timeline_fold (timeline, row, FALSE);
      return;
    }
}

Screen *
screen_timeline_new (App *app, RunModel *model)
{
  TimelineScreen *time = g_new0 (TimelineScreen, 1);
  time->screen = (Screen){ &timeline_kind, app };
  time->model = model;
  time->timeline = timeline_new (model);
  time->list = list_new ();
  time->follows = TRUE;
  fold_what_is_over (time->timeline);
  return &time->screen;
}
