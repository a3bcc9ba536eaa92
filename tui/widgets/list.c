#include "tui/widgets/list.h"

#include <string.h>

struct List {
  guint count;
  ListText text;
  ListIsGap is_gap; /* or NULL */
  void *data;
  GPtrArray *folded; /* what is searched, row by row; NULL: not asked for yet */
  char *filter;      /* folded, or NULL */
  GArray *seen;      /* guint: rows that pass; not used without a filter */
  guint at;          /* position of the selection among the rows seen */
  guint top;         /* position of the first row on the screen */
  guint height;      /* rows that fitted when it was drawn last */
};

List *
list_new (void)
{
  List *list = g_new0 (List, 1);
  list->seen = g_array_new (FALSE, FALSE, sizeof (guint));
  list->height = 1;
  return list;
}

void
list_free (List *list)
{
  if (!list)
    return;
  g_clear_pointer (&list->folded, g_ptr_array_unref);
  g_array_unref (list->seen);
  g_free (list->filter);
  g_free (list);
}

/* ---- the filter ---------------------------------------------------------------- */

static gboolean
is_filtered (const List *list)
{
  return list->filter && list->text;
}

guint
list_count_seen (const List *list)
{
  return is_filtered (list) ? list->seen->len : list->count;
}

static guint
row_at (const List *list, guint position)
{
  return is_filtered (list) ? g_array_index (list->seen, guint, position) : position;
}

guint
list_selected (const List *list)
{
  return list->at < list_count_seen (list) ? row_at (list, list->at) : LIST_NONE;
}

static gboolean
is_gap (const List *list, guint row)
{
  return list->is_gap && list->is_gap (list->data, row);
}

/* The position of the first row from `at` on, in that direction, that can be selected;
 * `otherwise` where there is none. */
static guint
step_over_gaps (const List *list, guint at, gboolean up, guint otherwise)
{
  guint seen = list_count_seen (list);
  while (at < seen && is_gap (list, row_at (list, at)))
    at += up ? G_MAXUINT : 1; /* below 0 is beyond every row, too */
  return at < seen ? at : otherwise;
}

static char *
fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  return g_utf8_casefold (valid, -1);
}

/* Each row is folded once: a filter is typed letter by letter. */
static void
fold_rows (List *list)
{
  if (list->folded)
    return;
  list->folded = g_ptr_array_new_full (list->count, g_free);
  for (guint row = 0; row < list->count; row++) {
    g_autofree char *text = list->text (list->data, row);
    g_ptr_array_add (list->folded, fold (text));
  }
}

static gboolean
passes (const char *text, char *const *words)
{
  for (guint i = 0; words[i]; i++)
    if (!strstr (text, words[i]))
      return FALSE;
  return TRUE;
}

static void
filter_rows (List *list)
{
  g_array_set_size (list->seen, 0);
  if (!is_filtered (list))
    return;
  g_auto (GStrv) words = g_strsplit (list->filter, " ", -1);
  fold_rows (list);
  for (guint row = 0; row < list->count; row++)
    if (!is_gap (list, row) && passes (g_ptr_array_index (list->folded, row), words))
      g_array_append_val (list->seen, row);
}

/* The position of a row, or of the first one behind it that is seen. */
static guint
position_of (const List *list, guint row)
{
  guint low = 0, high = list_count_seen (list);
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (row_at (list, middle) < row)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void
list_select (List *list, guint row)
{
  guint seen = list_count_seen (list);
  guint at = row == LIST_NONE || seen == 0 ? 0 : MIN (position_of (list, row), seen - 1);
  list->at = step_over_gaps (list, at, FALSE, step_over_gaps (list, at, TRUE, at));
}

void
list_set_gaps (List *list, ListIsGap gaps)
{
  list->is_gap = gaps;
}

void
list_set_filter (List *list, const char *filter)
{
  guint row = list_selected (list);
  g_autofree char *before = list->filter;
  list->filter = filter && *filter ? fold (filter) : NULL;
  if (g_strcmp0 (before, list->filter) == 0)
    return;
  filter_rows (list);
  list_select (list, row);
}

void
list_set_rows (List *list, guint count, ListText text, void *data)
{
  guint row = list_selected (list);
  g_clear_pointer (&list->folded, g_ptr_array_unref);
  list->count = count;
  list->text = text;
  list->data = data;
  filter_rows (list);
  list_select (list, row);
}

/* ---- moving ---------------------------------------------------------------------- */

gint64
list_step (KeyAction action, guint height)
{
  gint64 page = MAX ((gint64)height - 1, 1);
  switch (action) {
  case ACTION_UP:
    return -1;
  case ACTION_DOWN:
    return 1;
  case ACTION_PAGE_UP:
    return -page;
  case ACTION_PAGE_DOWN:
    return page;
  case ACTION_FIRST:
    return -(gint64)G_MAXUINT;
  case ACTION_LAST:
    return G_MAXUINT;
  default:
    return 0;
  }
}

gboolean
list_act (List *list, KeyAction action)
{
  gint64 step = list_step (action, list->height);
  gint64 last = (gint64)list_count_seen (list) - 1;
  guint at = (guint)CLAMP ((gint64)list->at + step, 0, MAX (last, 0));
  guint back = step_over_gaps (list, at, step > 0, list->at);
  list->at = step_over_gaps (list, at, step < 0, back);
  return step != 0;
}

/* ---- drawing --------------------------------------------------------------------- */

/* Moves what is seen no more than it takes for the selection to be seen. */
static void
scroll (List *list, guint height)
{
  guint seen = list_count_seen (list);
  list->height = MAX (height, 1);
  if (list->at < list->top)
    list->top = list->at;
  if (list->at >= list->top + list->height)
    list->top = list->at - list->height + 1;
  list->top = MIN (list->top, seen > list->height ? seen - list->height : 0);
}

void
list_draw (List *list, Canvas *canvas, Area area, gboolean selects, ListDraw draw,
           void *data)
{
  guint seen = list_count_seen (list);
  scroll (list, (guint)area.height);
  Area right = area;
  Area bar = area_take_right (&right, 1);
  for (guint position = list->top; position < seen && area.height > 0; position++) {
    Area line = area_take_top (&area, 1);
    gboolean selected = selects && position == list->at;
    draw (data, canvas, line, row_at (list, position), selected);
    if (selected)
      canvas_tint (canvas, line, ROLE_SELECTED);
  }
  list_draw_bar (canvas, bar, list->top, (guint)bar.height, seen);
}

void
list_draw_bar (Canvas *canvas, Area area, guint64 first, guint64 seen, guint64 all)
{
  if (all <= seen || area.height < 1)
    return;
  guint64 height = (guint64)area.height;
  guint64 length = CLAMP (height * seen / all, 1, height);
  guint64 hidden = all - seen;
  guint64 top = ((height - length) * MIN (first, hidden) + hidden / 2) / hidden;
  for (guint64 y = top; y < top + length; y++)
    canvas_bar (canvas, area, 0, (int)y, ROLE_FRAME, 8);
}
