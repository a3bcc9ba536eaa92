#include "tui/debrief_chart.h"

#include <math.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "tui/widgets/chart.h"

/* All queues together have bars of so many rows, the biggest few a row each. */
#define TOTAL_ROWS 4
#define QUEUES_SHOWN 3

/* At the left: what it is, and the most there was. */
#define NAME_COLUMNS 16
#define COUNT_COLUMNS 8
#define LEFT_COLUMNS (2 + NAME_COLUMNS + COUNT_COLUMNS + 1)

/* Below the bars: the marks of the steps, their numbers, the time. */
#define BELOW_ROWS 3

typedef struct {
  const Debrief *debrief;
  const GPtrArray *curves; /* DebriefCurve * */
  Canvas *canvas;
  Area left, plot;
} Chart;

static void
draw_label (const Chart *chart, int y, const char *name, double most)
{
  g_autofree char *printable = text_printable (name, -1);
  g_autofree char *count = g_strdup_printf ("%.0f", most);
  canvas_middle (chart->canvas, chart->left, 2, y, NAME_COLUMNS, ROLE_TEXT, printable);
  canvas_right (chart->canvas, chart->left, LEFT_COLUMNS - 1, y, ROLE_TEXT, count);
}

static void
draw_total (const Chart *chart)
{
  const DebriefCurve *total = g_ptr_array_index (chart->curves, 0);
  Area bars = chart->plot;
  bars.height = TOTAL_ROWS;
  draw_label (chart, 0, "all together", total->most);
  canvas_right (chart->canvas, chart->left, LEFT_COLUMNS - 1, TOTAL_ROWS - 1, ROLE_TEXT,
                "0");
  chart_bars (chart->canvas, bars, ROLE_CHART, total->values, (gsize)bars.width,
              total->most);
}

static void
draw_queue (const Chart *chart, int y, const DebriefCurve *curve)
{
  draw_label (chart, y, curve->name, curve->most);
  chart_sparkline (chart->canvas, chart->plot, 0, y, chart->plot.width, ROLE_CHART,
                   curve->values, (gsize)chart->plot.width, curve->most);
}

/* ---- below the bars ------------------------------------------------------------------ */

static int
column_of (const Chart *chart, gint64 at_us)
{
  double whole = (double)MAX (chart->debrief->end.at_us, 1);
  int column = (int)((double)at_us / whole * chart->plot.width);
  return CLAMP (column, 0, chart->plot.width - 1);
}

/* Steps whose numbers would run into each other: "3-5"; "10-12" is the widest that is usual. */
#define GROUP_COLUMNS 5
typedef struct {
  guint first, last; /* from 1; 0: none yet */
  int column;
} Group;

static char *
group_words (const Group *group)
{
  return group->first == group->last
             ? g_strdup_printf ("%u", group->first)
             : g_strdup_printf ("%u-%u", group->first, group->last);
}

static void
draw_group (const Chart *chart, int y, const Group *group)
{
  g_autofree char *words = group->first ? group_words (group) : NULL;
  if (!words)
    return;
  int last = chart->plot.width - canvas_columns (words);
  canvas_text (chart->canvas, chart->plot, MIN (group->column, last), y, ROLE_DIM, words);
}

/* Whether the number of a step at that column has room beside the group's, also where it
 * becomes one of several, and is moved in from the edge. */
static gboolean
has_room (const Chart *chart, const Group *group, int column)
{
  g_autofree char *words = group_words (group);
  int last = chart->plot.width - canvas_columns (words);
  int end = MIN (group->column, last) + canvas_columns (words);
  return MIN (column, chart->plot.width - GROUP_COLUMNS) > end;
}

static void
draw_steps (const Chart *chart, int y)
{
  const GPtrArray *steps = chart->debrief->steps;
  Group group = { 0 };
  canvas_text (chart->canvas, chart->left, 2, y + 1, ROLE_DIM, "end of step");
  for (guint i = 0; i < steps->len; i++) {
    const DebriefStep *step = g_ptr_array_index (steps, i);
    if (step->how != DEBRIEF_STEP_DONE && step->how != DEBRIEF_STEP_SKIPPED)
      continue;
    int column = column_of (chart, step->ended.at_us);
    canvas_text (chart->canvas, chart->plot, column, y, ROLE_DIM, "^");
    if (group.first && !has_room (chart, &group, column)) {
      group.last = i + 1;
      continue;
    }
    draw_group (chart, y + 1, &group);
    group = (Group){ i + 1, i + 1, column };
  }
  draw_group (chart, y + 1, &group);
}

/* The beginning, the middle and the end. */
static void
draw_times (const Chart *chart, int y)
{
  gint64 end_us = chart->debrief->end.at_us;
  gint64 middle_us = end_us / 2 - end_us / 2 % G_USEC_PER_SEC;
  g_autofree char *end = quantity_format_duration (end_us);
  g_autofree char *middle = quantity_format_duration (middle_us);
  canvas_text (chart->canvas, chart->left, 2, y, ROLE_DIM, "time");
  canvas_text (chart->canvas, chart->plot, 0, y, ROLE_DIM, "0s");
  if (middle_us >= G_USEC_PER_SEC)
    canvas_text (chart->canvas, chart->plot, chart->plot.width / 2, y, ROLE_DIM, middle);
  canvas_right (chart->canvas, chart->plot, chart->plot.width, y, ROLE_DIM, end);
}

/* What the dots in the curves are, where there are any. */
static gboolean
has_gaps (const DebriefCurve *curve, guint width)
{
  guint seen = 0;
  for (guint i = 0; i < width; i++)
    seen += isnan (curve->values[i]) ? 0 : 1;
  return seen < width;
}

static char *
chart_text (const Chart *chart)
{
  const DebriefCurve *total = g_ptr_array_index (chart->curves, 0);
  const char *gaps = has_gaps (total, (guint)chart->plot.width)
                         ? "  (dots: nobody looked, or nothing could be seen)\n"
                         : "";
  g_autofree char *drawn = canvas_dump (chart->canvas);
  return g_strconcat (drawn, gaps, NULL);
}

char *
debrief_chart (const Debrief *debrief, guint columns, gboolean ascii)
{
  int width = MAX ((int)columns - LEFT_COLUMNS, 1);
  g_autoptr (GPtrArray) curves = debrief_curves (debrief, QUEUES_SHOWN, (guint)width);
  if (curves->len == 0)
    return NULL;
  if (!(((const DebriefCurve *)g_ptr_array_index (curves, 0))->most > 0))
    return g_strdup ("  None was queued whenever somebody looked.\n");
  int queues = (int)curves->len - 1, rows = TOTAL_ROWS + queues;
  g_autoptr (Canvas) canvas = canvas_new ((int)columns, rows + BELOW_ROWS, ascii);
  Area plot = canvas_area (canvas);
  Area left = area_take_left (&plot, LEFT_COLUMNS);
  const Chart chart = { debrief, curves, canvas, left, plot };
  draw_total (&chart);
  for (int i = 0; i < queues; i++)
    draw_queue (&chart, TOTAL_ROWS + i, curves->pdata[i + 1]);
  draw_steps (&chart, rows);
  draw_times (&chart, rows + 2);
  return chart_text (&chart);
}
