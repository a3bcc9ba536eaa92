#include "tui/run/timeline_parts.h"

#include <string.h>

static void
row_clear (void *data)
{
  g_free (((TimelineRow *)data)->text);
}

Timeline *
timeline_new (const RunModel *model)
{
  Timeline *timeline = g_new0 (Timeline, 1);
  timeline->model = model;
  timeline->rows = g_array_new (FALSE, FALSE, sizeof (TimelineRow));
  g_array_set_clear_func (timeline->rows, row_clear);
  timeline->seen = g_array_new (FALSE, FALSE, sizeof (guint));
  timeline->head = timeline->asked = TIMELINE_NONE;
  timeline_update (timeline);
  return timeline;
}

void
timeline_free (Timeline *timeline)
{
  if (!timeline)
    return;
  g_array_unref (timeline->rows);
  g_array_unref (timeline->seen);
  g_free (timeline);
}

/* ---- rows ---------------------------------------------------------------------- */

TimelineRow *
timeline_row_at (const Timeline *timeline, guint row)
{
  return &g_array_index (timeline->rows, TimelineRow, row);
}

static void
see (Timeline *timeline, guint row)
{
  g_array_append_val (timeline->seen, row);
}

TimelineRow *
timeline_add (Timeline *timeline, const Event *event, Mark mark, Role role, char *text)
{
  guint at = timeline->rows->len, head = timeline->head;
  TimelineRow row = { .head = head,
                      .wall_us = event->at.wall_us,
                      .took_us = -1,
                      .mark = mark,
                      .role = role,
                      .text = text };
  g_array_append_val (timeline->rows, row);
  if (head != TIMELINE_NONE)
    timeline_row_at (timeline, head)->under++;
  if (head == TIMELINE_NONE || !timeline_row_at (timeline, head)->folded)
    see (timeline, at);
  return timeline_row_at (timeline, at);
}

void
timeline_add_head (Timeline *timeline, const Event *event, Mark mark, Role role,
                   char *text)
{
  timeline->head = TIMELINE_NONE;
  TimelineRow *row = timeline_add (timeline, event, mark, role, text);
  timeline->head = row->head = timeline->rows->len - 1;
}

gboolean
timeline_span (const Timeline *timeline, gint64 *began_us, gint64 *last_us)
{
  *began_us = timeline->began_us;
  *last_us = timeline->last_us;
  return timeline->events > 0;
}

/* ---- what is seen ---------------------------------------------------------------- */

guint
timeline_count (const Timeline *timeline)
{
  return timeline->rows->len;
}

const TimelineRow *
timeline_row (const Timeline *timeline, guint row)
{
  return timeline_row_at (timeline, row);
}

guint
timeline_count_seen (const Timeline *timeline)
{
  return timeline->seen->len;
}

guint
timeline_seen (const Timeline *timeline, guint position)
{
  return g_array_index (timeline->seen, guint, position);
}

static gboolean
is_seen (const Timeline *timeline, guint row)
{
  guint head = timeline_row_at (timeline, row)->head;
  return head == TIMELINE_NONE || head == row ||
         !timeline_row_at (timeline, head)->folded;
}

guint
timeline_position (const Timeline *timeline, guint row)
{
  guint low = 0, high = timeline->seen->len;
  guint wanted = is_seen (timeline, row) ? row : timeline_row_at (timeline, row)->head;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (timeline_seen (timeline, middle) < wanted)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void
see_all (Timeline *timeline)
{
  g_array_set_size (timeline->seen, 0);
  for (guint row = 0; row < timeline->rows->len; row++)
    if (is_seen (timeline, row))
      see (timeline, row);
}

void
timeline_fold (Timeline *timeline, guint head, gboolean folded)
{
  timeline_row_at (timeline, head)->folded = folded;
  see_all (timeline);
}

void
timeline_fold_all (Timeline *timeline, gboolean folded)
{
  for (guint row = 0; row < timeline->rows->len; row++)
    timeline_row_at (timeline, row)->folded =
        folded && timeline_row_at (timeline, row)->head == row;
  see_all (timeline);
}

gboolean
timeline_is_folded (const Timeline *timeline)
{
  for (guint row = 0; row < timeline->rows->len; row++)
    if (timeline_row_at (timeline, row)->head == row &&
        !timeline_row_at (timeline, row)->folded)
      return FALSE;
  return TRUE;
}

guint
timeline_find (const Timeline *timeline, guint row, gboolean backwards, const char *text)
{
  g_autofree char *wanted = g_utf8_casefold (text, -1);
  for (guint i = 1; i < timeline->rows->len; i++) {
    guint at = backwards ? row - i : row + i; /* beyond an end: beyond every row */
    if (at >= timeline->rows->len)
      return TIMELINE_NONE;
    g_autofree char *folded = g_utf8_casefold (timeline_row_at (timeline, at)->text, -1);
    if (strstr (folded, wanted))
      return at;
  }
  return TIMELINE_NONE;
}
