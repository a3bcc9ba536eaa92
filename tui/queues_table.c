/* How the queues panel draws itself (queues_panel.h). */
#include <math.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/checks/queues_words.h"
#include "tui/chart.h"
#include "tui/list.h"
#include "tui/queues_panel_parts.h"

/* Columns of the table; its name takes what is left of the width, up to a bound, for
 * numbers far from their names are not read with them. */
enum {
  MARK_COLUMNS = 2,
  NAME_COLUMNS_MIN = 12,
  NAME_COLUMNS_MAX = 40,
  SIZE_COLUMNS = 9,
  OLDEST_COLUMNS = 9,
  GAP_COLUMNS = 2,
  TREND_COLUMNS = 10,
  WORD_COLUMNS = 9,
};

/* Bars of a line and the width of the table from which on there are so many. Each is a
 * divisor of QUEUES_HISTORY_PIECES. More would be finer, and send more bytes a second. */
static const struct {
  int columns, width;
} lines_of_bars[] = { { 30, 150 }, { 20, 86 }, { 15, 70 }, { 12, 0 } };
#define BARS_MAX 30

/* Without the words there is room for longer names; the marks say it, too. */
#define WIDTH_WITH_WORDS 70

#define VERDICT_LINES 2
#define VERDICT_LINES_MAX 4

/* The chart says for how long it has been watched by steps of a minute, and before of this. */
#define MINUTE_US ((gint64)60 * G_USEC_PER_SEC)
#define SPAN_STEP_US (10 * G_USEC_PER_SEC)

#define SIZE_WHOLE_MAX 1e7 /* larger ones are written in millions */
#define TENTHS_BELOW_S 100

/* ---- columns ----------------------------------------------------------------------- */

typedef struct {
  int name;                      /* how wide */
  int size, oldest, bars, trend; /* where they end; bars: where they begin */
  int bar_count;
  int word; /* where it begins; -1: there is none */
  int width;
} Columns;

static Columns
columns_for (int width)
{
  Columns columns = { .width = width, .word = -1 };
  guint row = 0;
  while (width < lines_of_bars[row].width)
    row++;
  columns.bar_count = lines_of_bars[row].columns;
  int word = width >= WIDTH_WITH_WORDS ? GAP_COLUMNS + WORD_COLUMNS : 0;
  int others = MARK_COLUMNS + SIZE_COLUMNS + OLDEST_COLUMNS + GAP_COLUMNS +
               columns.bar_count + TREND_COLUMNS + word;
  columns.name = CLAMP (width - others, NAME_COLUMNS_MIN, NAME_COLUMNS_MAX);
  columns.size = MARK_COLUMNS + columns.name + SIZE_COLUMNS;
  columns.oldest = columns.size + OLDEST_COLUMNS;
  columns.bars = columns.oldest + GAP_COLUMNS;
  columns.trend = columns.bars + columns.bar_count + TREND_COLUMNS;
  if (word > 0)
    columns.word = columns.trend + GAP_COLUMNS;
  return columns;
}

/* ---- numbers ------------------------------------------------------------------------ */

static char *
size_words (double size)
{
  if (size < SIZE_WHOLE_MAX)
    return g_strdup_printf ("%.0f", size);
  return g_strdup_printf (size < 1e10 ? "%.1fM" : "%.3gM", size / 1e6);
}

/* Clocks apart make it negative: it is a job of now. */
static char *
oldest_words (double size, double latency_s)
{
  double age_s = MAX (latency_s, 0);
  if (!(size > 0))
    return g_strdup ("-");
  if (isnan (latency_s))
    return g_strdup ("?");
  if (age_s < TENTHS_BELOW_S)
    return g_strdup_printf ("%.1fs", age_s);
  g_autofree char *words = queues_words_time (age_s);
  return g_strdup (strlen (words) < OLDEST_COLUMNS ? words : "over 1y");
}

/* Less than half a job in the window is no change. */
static char *
trend_words (double slope, double window_s)
{
  if (isnan (slope))
    return g_strdup ("");
  if (fabs (slope) * window_s < 0.5)
    return g_strdup ("0/s");
  g_autofree char *rate = queues_words_rate (slope);
  return g_strdup_printf ("%s%s", slope > 0 ? "+" : "-", rate);
}

/* ---- states -------------------------------------------------------------------------- */

typedef struct {
  const char *word;
  Role role;
  Mark mark;
} State;

static const State verdicts[] = {
  [QUEUES_UNKNOWN] = { "", ROLE_WAITING, MARK_WAITING },
  [QUEUES_NEAR_ZERO] = { "near zero", ROLE_GOOD, MARK_DONE },
  [QUEUES_SHRINKING] = { "shrinking", ROLE_WAITING, MARK_WAITING },
  [QUEUES_STEADY] = { "steady", ROLE_WAITING, MARK_WAITING },
  [QUEUES_GROWING] = { "growing", ROLE_BAD, MARK_FAILED },
  [QUEUES_STUCK] = { "stuck", ROLE_BAD, MARK_FAILED },
  [QUEUES_STALE] = { "", ROLE_WAITING, MARK_WAITING }, /* the first one after a gap */
};
static const State paused = { "paused", ROLE_BAD, MARK_FAILED };
static const State unconsumed = { "no worker", ROLE_BAD, MARK_FAILED };
static const State stale = { "", ROLE_STALE, MARK_STALE };

static State
state_of_row (const QueuesRow *row)
{
  if (row->size > 0 && row->paused)
    return paused;
  return row->size > 0 && row->unconsumed ? unconsumed : verdicts[row->judgement.verdict];
}

/* All together; more than may be left where nobody takes them: never near zero. */
static State
state_of_all (const QueuesPanel *panel, gint64 now_us)
{
  State state = verdicts[panel->whole.verdict];
  if (queues_panel_is_stale (panel, now_us))
    return stale;
  if (queues_words_unconsumed (panel->sample->json) > queues_judge_at_most (panel->judge))
    state.role = ROLE_BAD, state.mark = MARK_FAILED;
  return state;
}

/* ---- one line -------------------------------------------------------------------------- */

typedef struct {
  QueuesPanel *panel;
  Canvas *canvas;
  Columns columns;
  gboolean stale;
  gint64 now_us;
} Table;

/* The same for any text beside bars: as of now, or no more to go by. */
static Role
role_of (const Table *table, Role role)
{
  return table->stale ? ROLE_STALE : role;
}

static void
draw_numbers (const Table *table, Area line, double size, double latency_s, Role role)
{
  g_autofree char *jobs = size_words (size);
  g_autofree char *oldest = oldest_words (size, latency_s);
  canvas_right (table->canvas, line, table->columns.size, 0, role, jobs);
  canvas_right (table->canvas, line, table->columns.oldest, 0, role, oldest);
}

/* A queue of few jobs looks like one. */
static void
draw_bars (const Table *table, Area line, const char *name)
{
  double values[BARS_MAX], top = queues_judge_at_most (table->panel->judge);
  int bars = table->columns.bar_count;
  gsize count = queues_history_line (table->panel->history, name, (gsize)bars, values);
  for (gsize i = 0; i < count; i++)
    top = fmax (top, values[i]);
  chart_sparkline (table->canvas, line, table->columns.bars, 0, bars,
                   role_of (table, ROLE_CHART), values, count, chart_round_up (top));
}

static void
draw_trend (const Table *table, Area line, double slope, State state)
{
  double window_s = queues_judge_window_s (table->panel->judge);
  g_autofree char *trend = trend_words (slope, window_s);
  gboolean bad = state.role == ROLE_BAD;
  if (table->stale)
    return;
  canvas_right (table->canvas, line, table->columns.trend, 0, bad ? ROLE_BAD : ROLE_TEXT,
                trend);
  if (table->columns.word >= 0)
    canvas_text (table->canvas, line, table->columns.word, 0, bad ? ROLE_BAD : ROLE_DIM,
                 state.word);
}

static void
draw_row (const Table *table, Area line, guint position)
{
  const QueuesRow *row = queues_panel_row (table->panel, position);
  State state = state_of_row (row);
  Role role = role_of (table, ROLE_TEXT);
  if (state.role == ROLE_BAD && !table->stale)
    canvas_mark (table->canvas, line, 0, 0, state.role, state.mark);
  canvas_middle (table->canvas, line, MARK_COLUMNS, 0, table->columns.name, role,
                 row->name);
  draw_numbers (table, line, row->size, row->latency_s, role);
  draw_bars (table, line, row->name);
  draw_trend (table, line, row->judgement.slope, state);
}

static void
draw_all (const Table *table, Area line)
{
  const QueuesPanel *panel = table->panel;
  Role role = role_of (table, ROLE_TEXT);
  g_autofree char *jobs = size_words (panel->whole.size);
  canvas_text (table->canvas, line, MARK_COLUMNS, 0, role, "all");
  canvas_right (table->canvas, line, table->columns.size, 0, role, jobs);
  draw_bars (table, line, NULL);
  draw_trend (table, line, panel->whole.slope, state_of_all (panel, table->now_us));
}

static void
draw_head (const Table *table, Area line)
{
  const Columns *columns = &table->columns;
  g_autofree char *window = quantity_format_duration (table->panel->window_us);
  canvas_text (table->canvas, line, MARK_COLUMNS, 0, ROLE_HEADING, "queue");
  canvas_right (table->canvas, line, columns->size, 0, ROLE_HEADING, "size");
  canvas_right (table->canvas, line, columns->oldest, 0, ROLE_HEADING, "oldest");
  Area bars = { line.x + columns->bars, line.y, columns->bar_count, 1 };
  canvas_printf (table->canvas, bars, 0, 0, ROLE_HEADING, "last %s", window);
  canvas_right (table->canvas, line, columns->trend, 0, ROLE_HEADING, "trend");
}

/* Queues without a line of their own; those of the last sample are empty. */
static void
draw_empty (const Table *table, Area line)
{
  if (table->panel->empty == 0)
    return;
  canvas_printf (table->canvas, line, MARK_COLUMNS, 0, ROLE_DIM, "%u empty",
                 table->panel->empty);
  draw_numbers (table, line, 0, NAN, ROLE_DIM);
}

/* ---- rows ------------------------------------------------------------------------------- */

static QueuesRow *
row_at (const QueuesPanel *panel, guint position)
{
  return g_ptr_array_index (panel->rows, position);
}

/* The largest row that is not among those shown, or the smallest of them. */
static QueuesRow *
extreme (const QueuesPanel *panel, gboolean kept)
{
  QueuesRow *found = NULL;
  for (guint i = 0; i < panel->rows->len; i++) {
    QueuesRow *row = row_at (panel, i);
    if (row->kept == kept &&
        (!found || (kept ? row->size < found->size : row->size > found->size)))
      found = row;
  }
  return found;
}

/* The largest `room` rows are shown, in the order of their names; for the sake of calm one
 * gives way only to one of twice its size. */
static void
keep_rows (const QueuesPanel *panel, guint room)
{
  guint kept = 0;
  for (guint i = 0; i < panel->rows->len; i++)
    kept += row_at (panel, i)->kept ? 1 : 0;
  for (; kept < room; kept++)
    extreme (panel, FALSE)->kept = TRUE;
  for (; kept > room; kept--)
    extreme (panel, TRUE)->kept = FALSE;
  for (guint swaps = 0; swaps < room; swaps++) {
    QueuesRow *in = extreme (panel, FALSE), *out = extreme (panel, TRUE);
    if (!in || !out || !(in->size > 2 * out->size))
      break;
    in->kept = TRUE;
    out->kept = FALSE;
  }
}

/* What there is no room for: "and 14 more", and what they hold. */
static void
draw_rest (const Table *table, Area line)
{
  const QueuesPanel *panel = table->panel;
  guint more = 0;
  double size = 0;
  for (guint i = 0; i < panel->rows->len; i++) {
    const QueuesRow *row = row_at (panel, i);
    more += row->kept ? 0 : 1;
    size += row->kept ? 0 : row->size;
  }
  g_autofree char *jobs = size_words (size);
  g_autofree char *words =
      panel->empty > 0 ? g_strdup_printf ("and %u more, %u empty", more, panel->empty)
                       : g_strdup_printf ("and %u more", more);
  Area name = { line.x + MARK_COLUMNS, line.y, table->columns.name, 1 };
  canvas_text (table->canvas, name, 0, 0, role_of (table, ROLE_DIM), words);
  canvas_right (table->canvas, line, table->columns.size, 0, role_of (table, ROLE_DIM),
                jobs);
}

/* Where nothing is selected: the largest ones, and how many more there are. */
static void
draw_largest (const Table *table, Area area)
{
  QueuesPanel *panel = table->panel;
  guint room = (guint)area.height, rows = panel->rows->len;
  gboolean all = rows + (panel->empty > 0) <= room;
  if (room == 0)
    return;
  keep_rows (panel, all ? rows : room - 1);
  for (guint i = 0; i < rows; i++)
    if (row_at (panel, i)->kept)
      draw_row (table, area_take_top (&area, 1), i);
  if (all)
    draw_empty (table, area);
  else
    draw_rest (table, area);
}

static void
scroll (QueuesPanel *panel, guint chosen, guint height)
{
  guint rows = panel->rows->len;
  panel->page = MAX (height, 1);
  if (chosen < rows) {
    panel->top = MIN (panel->top, chosen);
    if (chosen >= panel->top + panel->page)
      panel->top = chosen - panel->page + 1;
  }
  panel->top = MIN (panel->top, rows > panel->page ? rows - panel->page : 0);
}

/* Where one is selected: those around it. */
static void
draw_scrolled (const Table *table, Area area)
{
  QueuesPanel *panel = table->panel;
  guint chosen = queues_panel_chosen (panel), rows = panel->rows->len;
  if (panel->empty > 0 && rows > 0 && area.height > 1 &&
      rows >= (guint)area.height) /* it keeps its place below those that scroll */
    draw_empty (table, area_take_bottom (&area, 1));
  scroll (panel, chosen, (guint)area.height);
  guint shown = MIN (rows - panel->top, (guint)area.height);
  if (rows > shown)
    list_draw_bar (table->canvas, area_take_right (&area, 1), panel->top, shown, rows);
  for (guint i = panel->top; i < panel->top + shown; i++) {
    Area line = area_take_top (&area, 1);
    draw_row (table, line, i);
    if (i == chosen)
      canvas_tint (table->canvas, line, ROLE_SELECTED);
  }
  if (area.height > 0)
    draw_empty (table, area);
}

/* ---- below them -------------------------------------------------------------------------- */

/* A count of the sample; NAN: it has none. */
static double
count_of (const QueuesPanel *panel, const char *member)
{
  const json_t *value = json_object_get (panel->sample->json, member);
  return json_is_number (value) ? json_number_value (value) : NAN;
}

static char *
workers_words (const QueuesPanel *panel)
{
  const json_t *workers = json_object_get (panel->sample->json, "processes");
  gsize count = json_array_size (workers);
  guint quiet = 0;
  for (gsize i = 0; i < count; i++)
    quiet += json_is_true (json_object_get (json_array_get (workers, i), "quiet"));
  if (!json_is_array (workers))
    return NULL;
  if (count == 0)
    return g_strdup ("no workers");
  const char *end = count == 1 ? "" : "s";
  return quiet > 0 ? g_strdup_printf ("%zu worker%s (%u quiet)", count, end, quiet)
                   : g_strdup_printf ("%zu worker%s", count, end);
}

static char *
busy_words (const QueuesPanel *panel)
{
  double busy = count_of (panel, "busy"), threads = count_of (panel, "threads");
  if (isnan (busy))
    return NULL;
  return isnan (threads) ? g_strdup_printf ("%.0f busy", busy)
                         : g_strdup_printf ("%.0f of %.0f busy", busy, threads);
}

static char *
elsewhere_words (const QueuesPanel *panel, const char *member)
{
  double count = count_of (panel, member);
  return isnan (count) ? NULL : g_strdup_printf ("%s %.0f", member, count);
}

/* Each in its place, so that none moves when another grows by a digit. */
static void
draw_workers (const Table *table, Area line)
{
  const QueuesPanel *panel = table->panel;
  struct {
    char *words;
    int columns;
  } parts[] = {
    { workers_words (panel), 13 },
    { busy_words (panel), 17 },
    { elsewhere_words (panel, "retry"), 12 },
    { elsewhere_words (panel, "scheduled"), 17 },
    { elsewhere_words (panel, "dead"), 0 },
  };
  int x = MARK_COLUMNS;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    if (parts[i].words && x + canvas_columns (parts[i].words) <= line.width) {
      int taken = canvas_text (table->canvas, line, x, 0, role_of (table, ROLE_DIM),
                               parts[i].words);
      x += MAX (taken + GAP_COLUMNS, parts[i].columns);
    }
    g_free (parts[i].words);
  }
}

/* "not seen for 15s: Redis at … refuses the connection; …" */
static char *
stale_words (const QueuesPanel *panel, gint64 now_us)
{
  gint64 age_us = queues_panel_age_us (panel, now_us);
  g_autofree char *age = quantity_format_duration (age_us);
  g_autofree char *head =
      age_us > 0 ? g_strdup_printf ("not seen for %s", age) : g_strdup ("not seen");
  return panel->problem ? g_strdup_printf ("%s: %s", head, panel->problem)
                        : g_steal_pointer (&head);
}

static char *
verdict_words (const QueuesPanel *panel, gint64 now_us)
{
  if (queues_panel_is_empty (panel))
    return g_strdup ("waiting for the first look at the queues");
  return queues_panel_is_stale (panel, now_us) ? stale_words (panel, now_us)
                                               : g_strdup (panel->words);
}

static Area
verdict_area (Area area)
{
  return area_inside (area, MARK_COLUMNS, 0, 0, 0);
}

static int
verdict_lines (Canvas *canvas, Area area, const char *words)
{
  int lines = canvas_paragraph (canvas, verdict_area (area), ROLE_TEXT, words, 0, 0);
  return CLAMP (lines, VERDICT_LINES, VERDICT_LINES_MAX);
}

static void
draw_verdict (Canvas *canvas, Area area, State state, const char *words)
{
  if (area.height <= 0)
    return;
  canvas_mark (canvas, area, 0, 0, state.role, state.mark);
  canvas_paragraph (canvas, verdict_area (area), state.role, words, 0, area.height);
}

/* ---- all of it ----------------------------------------------------------------------------- */

/* Before the first sample there is nothing but why. */
static int
draw_nothing (const QueuesPanel *panel, Canvas *canvas, Area area, const char *words)
{
  State waiting = { "", ROLE_DIM, MARK_WAITING };
  int lines = MIN (verdict_lines (canvas, area, words), area.height);
  draw_verdict (canvas, area_take_top (&area, lines), panel->problem ? stale : waiting,
                words);
  return lines;
}

int
queues_panel_draw (QueuesPanel *panel, Canvas *canvas, Area area, gboolean selects,
                   gint64 now_us)
{
  g_autofree char *words = verdict_words (panel, now_us);
  if (!panel->sample)
    return draw_nothing (panel, canvas, area, words);
  Table table = { panel, canvas, columns_for (area.width),
                  queues_panel_is_stale (panel, now_us), now_us };
  int verdict = verdict_lines (canvas, area, words), height = area.height;
  int rows = (int)panel->rows->len + (panel->empty > 0);
  int wanted = 1 + rows + 1 + 1 + 1 + verdict; /* head, all, workers, a space */
  area.height = MIN (area.height, wanted);
  draw_verdict (canvas, area_take_bottom (&area, verdict), state_of_all (panel, now_us),
                words);
  if (wanted <= height)
    area_take_bottom (&area, 1);
  Area all = area_take_bottom (&area, area.height > 1 ? 2 : area.height);
  draw_head (&table, area_take_top (&area, 1));
  (selects ? draw_scrolled : draw_largest) (&table, area);
  Area line = area_take_top (&all, 1);
  draw_all (&table, line);
  if (selects && queues_panel_chosen (panel) == panel->rows->len)
    canvas_tint (canvas, line, ROLE_SELECTED);
  draw_workers (&table, all);
  return MIN (wanted, height);
}

/* ---- the chart ------------------------------------------------------------------------------ */

/* A place on the axis by the clock, in UTC as all times that are shown. */
static char *
clock_words (const QueuesPanel *panel, gint64 boot_us, gboolean seconds)
{
  gint64 wall_us = panel->seen.wall_us - panel->seen.boot_us + boot_us;
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  return at ? g_date_time_format (at, seconds ? "%H:%M:%SZ" : "%H:%MZ") : g_strdup ("");
}

static double
highest (const QueuesChart *chart)
{
  double most = 0;
  for (gsize i = 0; i < chart->count; i++)
    most = fmax (most, chart->values[i]);
  return most;
}

static void
draw_chart_title (const QueuesPanel *panel, Canvas *canvas, Area line,
                  const QueuesChart *chart)
{
  guint chosen = queues_panel_chosen (panel);
  gboolean all = chosen == panel->rows->len;
  gint64 watched_us = panel->seen.boot_us - panel->began.boot_us;
  gint64 span_us = panel->all_time ? watched_us : MIN (panel->window_us, watched_us);
  gint64 step_us = span_us < MINUTE_US ? SPAN_STEP_US : MINUTE_US;
  g_autofree char *span = quantity_format_duration (span_us - span_us % step_us);
  g_autofree char *most = size_words (highest (chart));
  const char *name = all ? "all queues" : row_at (panel, chosen)->name;
  int x = canvas_middle (canvas, line, 0, 0, line.width / 2, ROLE_TITLE, name);
  canvas_printf (canvas, line, x + GAP_COLUMNS, 0, ROLE_DIM, "at most %s in %s%s", most,
                 panel->all_time ? "all the time watched, " : "about the last ", span);
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
  guint chosen = queues_panel_chosen (panel);
  if (!panel->sample || area.width <= 0)
    return;
  const char *name = chosen < panel->rows->len ? row_at (panel, chosen)->name : NULL;
  QueuesChart chart = queues_history_chart (panel->history, name, panel->all_time);
  gboolean seconds = chart.end_us - chart.begin_us < 10 * 60 * G_USEC_PER_SEC;
  g_autofree char *begin = clock_words (panel, chart.begin_us, seconds);
  g_autofree char *end = clock_words (panel, chart.end_us, seconds);
  const ChartLabels labels = { .begin = begin, .end = end };
  gsize count = 0;
  g_autofree double *values = stretch (&chart, (gsize)area.width, &count);
  draw_chart_title (panel, canvas, area_take_top (&area, 1), &chart);
  chart_area (canvas, area, values, count, &labels);
  g_free (chart.values);
}
