/* chart.h: numbers over time as bars of eighths of a cell. Pure.
 *
 * Values are as they come, the oldest first; NAN is a gap: no reading, shown as a dot, for
 * it is not nothing. */
#ifndef HANDRAIL_TUI_CHART_H
#define HANDRAIL_TUI_CHART_H

#include "tui/widgets/canvas.h"

/* One row. More values than columns: each column shows the highest of its share, for what
 * was high for a moment was high. Fewer: they stand at the right end. `top` is a full bar;
 * 0: the highest value. A value above 0 is never drawn as nothing. */
void chart_sparkline (Canvas *canvas, Area area, int x, int y, int columns, Role role,
                      const double *values, gsize count, double top);

/* Bars as high as `area`, a column each; the same otherwise. */
void chart_bars (Canvas *canvas, Area area, Role role, const double *values, gsize count,
                 double top);

typedef struct {
  double top;        /* at the upper end; 0: the highest value, rounded up */
  const char *begin; /* what stands below the left end, such as "10 min ago"; or NULL */
  const char *end;   /* and the right end: "now" */
} ChartLabels;

/* All of `area`: the numbers of the axis at the left, the labels in the last line. Its
 * highest bars are ROLE_CHART_PEAK where they stand out. Nothing is drawn in less than 3 rows
 * and 12 columns. */
void chart_area (Canvas *canvas, Area area, const double *values, gsize count,
                 const ChartLabels *labels);

/* The next number with one digit, or 1.5, 15, 150…, that is at least `value`, and 1. */
double chart_round_up (double value);

#endif
