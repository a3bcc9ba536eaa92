/* The chart of the queues panel (queues_panel.h). */
#include <math.h>

#include "core/base/quantity.h"
#include "tui/queues/queues_panel_parts.h"
#include "tui/widgets/chart.h"

/* A shorter axis says the seconds, too. */
#define SECONDS_BELOW_US (10 * 60 * (gint64)G_USEC_PER_SEC)

#define GAP 2

/* A place on the axis by the clock on the wall, as all times that are shown; whose it is
 * the title says. */
static char *
clock_words (const QueuesPanel *panel, gint64 boot_us, const char *format)
{
  gint64 since_us = (boot_us - panel->seen.boot_us) / panel->speed;
  gint64 wall_us = panel->seen.wall_us + since_us;
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return at ? g_date_time_format (at, format) : g_strdup ("");
}

static double
highest (const QueuesChart *chart)
{
  double most = 0;
  for (gsize i = 0; i < chart->count; i++)
    most = fmax (most, chart->values[i]);
  return most;
}

static char *
title_words (const QueuesPanel *panel, const QueuesChart *chart)
{
  g_autofree char *most = queues_panel_size (highest (chart));
  g_autofree char *begin = clock_words (panel, panel->began.boot_us, "%H:%M %Z");
  g_autofree char *now = clock_words (panel, panel->seen.boot_us, "%Z");
  g_autofree char *window = quantity_format_duration (panel->window_us);
  return panel->all_time ? g_strdup_printf ("%s at most since %s", most, begin)
                         : g_strdup_printf ("%s at most in about the last %s (%s)", most,
                                            window, now);
}

static void
draw_title (const QueuesPanel *panel, Canvas *canvas, Area line, const QueuesChart *chart)
{
  const char *chosen = queues_panel_chosen_name (panel);
  g_autofree char *words = title_words (panel, chart);
  int x = canvas_middle (canvas, line, 0, 0, line.width / 2, ROLE_TITLE,
                         chosen ? chosen : "all queues");
  canvas_text (canvas, line, x + GAP, 0, ROLE_DIM, words);
}

/* A wide chart gets as many values as it has columns, so that the axis is as long as it
 * is; where the time has not come yet there are none. */
static double *
stretch (const QueuesChart *chart, gsize width, gsize *count)
{
  gsize each = (width + chart->span - 1) / chart->span;
  *count = chart->span * each;
  double *values = g_new0 (double, *count);
  for (gsize i = 0; i < chart->count * each; i++)
    values[i] = chart->values[i / each];
  return values;
}

void
queues_panel_draw_chart (QueuesPanel *panel, Canvas *canvas, Area area)
{
  if (!panel->sample || area.width <= 0)
    return;
  const char *name = queues_panel_chosen_name (panel);
  QueuesChart chart = queues_history_chart (panel->history, name, panel->all_time);
  gboolean seconds = chart.end_us - chart.begin_us < SECONDS_BELOW_US;
  const char *format = seconds ? "%H:%M:%S" : "%H:%M";
  g_autofree char *begin = clock_words (panel, chart.begin_us, format);
  g_autofree char *end = clock_words (panel, chart.end_us, format);
  const ChartLabels labels = { .begin = begin, .end = end };
  gsize count = 0;
  g_autofree double *values = stretch (&chart, (gsize)area.width, &count);
  draw_title (panel, canvas, area_take_top (&area, 1), &chart);
  chart_area (canvas, area, values, count, &labels);
  g_free (chart.values);
}
