#include "tui/widgets/chart.h"

#include <math.h>

#define EIGHTHS 8
#define GAP "·"
#define ROWS_MIN 3
#define COLUMNS_MIN 12

/* "12.5k": all have as many, so that a chart does not move when its numbers grow. */
#define NUMBER_COLUMNS 5

double
chart_round_up (double value)
{
  static const double steps[] = { 1, 1.5, 2, 3, 4, 5, 6, 8, 10 };
  if (!(value > 1))
    return 1;
  double power = pow (10, floor (log10 (value)));
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] * power >= value)
      return steps[i] * power;
  return 10 * power;
}

static double
highest (const double *values, gsize count)
{
  double found = NAN;
  for (gsize i = 0; i < count; i++)
    found = fmax (found, values[i]); /* the one that is a number */
  return found;
}

/* The value of a column; FALSE: there is none so long ago. Its share is never empty when
 * there are more values than columns. */
static gboolean
column_value (const double *values, gsize count, int columns, int column, double *value)
{
  gsize all = (gsize)columns, at = (gsize)column;
  if (count <= all) {
    if (at < all - count)
      return FALSE;
    *value = values[at - (all - count)];
    return TRUE;
  }
  gsize begin = at * count / all, end = (at + 1) * count / all;
  *value = highest (values + begin, end - begin);
  return TRUE;
}

static void
draw_gap (Canvas *canvas, Area area, int x, int y)
{
  canvas_put (canvas, area, x, y, ROLE_STALE, GAP);
}

/* Eighths of a bar over `rows` rows. */
static int
eighths_of (double value, double top, int rows)
{
  if (isnan (value) || !(value > 0) || !(top > 0))
    return 0;
  int whole = rows * EIGHTHS;
  return CLAMP ((int)lround (fmin (value / top, 1) * whole), 1, whole);
}

void
chart_sparkline (Canvas *canvas, Area area, int x, int y, int columns, Role role,
                 const double *values, gsize count, double top)
{
  double full = top > 0 ? top : highest (values, count);
  for (int i = 0; i < columns; i++) {
    double value = 0;
    if (!column_value (values, count, columns, i, &value))
      continue;
    if (isnan (value))
      draw_gap (canvas, area, x + i, y);
    else
      canvas_bar (canvas, area, x + i, y, role, eighths_of (value, full, 1));
  }
}

/* One column of an area chart, from its foot up; `tip` is the role of its last cell. */
static void
draw_column (Canvas *canvas, Area area, int x, double value, double top, Role role,
             Role tip)
{
  int eighths = eighths_of (value, top, area.height);
  if (isnan (value))
    draw_gap (canvas, area, x, area.height - 1);
  for (int y = area.height - 1; y >= 0 && eighths > 0; y--) {
    canvas_bar (canvas, area, x, y, eighths > EIGHTHS ? role : tip,
                MIN (eighths, EIGHTHS));
    eighths -= EIGHTHS;
  }
}

void
chart_bars (Canvas *canvas, Area area, Role role, const double *values, gsize count,
            double top)
{
  double full = top > 0 ? top : highest (values, count);
  for (int x = 0; x < area.width; x++) {
    double value = 0;
    if (column_value (values, count, area.width, x, &value))
      draw_column (canvas, area, x, value, full, role, role);
  }
}

static char *
number_words (double value)
{
  if (value >= 1e6)
    return g_strdup_printf ("%.3gM", value / 1e6);
  if (value >= 1e4)
    return g_strdup_printf ("%.3gk", value / 1e3);
  return g_strdup_printf (value >= 100 ? "%.0f" : "%.3g", value);
}

/* The numbers of the axis, and its line; gives what is left for the bars. */
static Area
draw_axis (Canvas *canvas, Area area, double top)
{
  g_autofree char *high = number_words (top);
  g_autofree char *middle = number_words (top / 2);
  gboolean halved = area.height > 4;
  int width = NUMBER_COLUMNS + 1;
  Area axis = area_take_left (&area, width + 1);
  canvas_right (canvas, axis, width - 1, 0, ROLE_DIM, high);
  if (halved)
    canvas_right (canvas, axis, width - 1, axis.height / 2, ROLE_DIM, middle);
  canvas_right (canvas, axis, width - 1, axis.height - 1, ROLE_DIM, "0");
  canvas_vertical (canvas, axis, width, 0, axis.height, ROLE_FRAME);
  return area;
}

/* A peak stands out: where half of what there is reaches as high, there is none. */
static gboolean
has_peak (const double *values, gsize count, double most)
{
  gsize above = 0, highest_ones = 0;
  for (gsize i = 0; i < count; i++) {
    above += values[i] > 0 ? 1 : 0;
    highest_ones += values[i] >= most ? 1 : 0;
  }
  return most > 0 && 2 * highest_ones < above;
}

void
chart_area (Canvas *canvas, Area area, const double *values, gsize count,
            const ChartLabels *labels)
{
  double most = highest (values, count);
  double top = labels->top > 0 ? labels->top : chart_round_up (most);
  if (area.height < ROWS_MIN || area.width < COLUMNS_MIN)
    return;
  gboolean peak = has_peak (values, count, most);
  Area below = area_take_bottom (&area, 1);
  Area bars = draw_axis (canvas, area, top);
  below = area_inside (below, bars.x - below.x, 0, 0, 0);
  for (int x = 0; x < bars.width; x++) {
    double value = 0;
    if (!column_value (values, count, bars.width, x, &value))
      continue;
    Role tip = peak && value >= most ? ROLE_CHART_PEAK : ROLE_CHART;
    draw_column (canvas, bars, x, value, top, ROLE_CHART, tip);
  }
  int end = labels->end
                ? canvas_right (canvas, below, below.width, 0, ROLE_DIM, labels->end)
                : below.width;
  if (labels->begin && canvas_columns (labels->begin) < end)
    canvas_text (canvas, below, 0, 0, ROLE_DIM, labels->begin);
}
