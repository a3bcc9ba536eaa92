/* How the queues panel draws itself (queues_panel.h). */
#include <math.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/checks/queues_words.h"
#include "tui/queues/queues_verdict.h"
#include "tui/widgets/chart.h"
#include "tui/widgets/list.h"

/* Columns of the table; its name takes what is left of the width, up to a bound, for
 * numbers far from their names are not read with them. */
enum {
  MARK_COLUMNS = 2,
  NAME_COLUMNS_MIN = 12,
  NAME_COLUMNS_MAX = 32,
  NAME_COLUMNS_WIDE = 48,
  SIZE_COLUMNS = 9,
  OLDEST_COLUMNS = 9,
  GAP_COLUMNS = 2,
  TREND_COLUMNS = 10,
  WORD_COLUMNS = 9,
  BAR_COLUMNS = 2, /* of what is scrolled, with a space before it */
};

/* Bars of a line and the width of the table from which on there are so many. Each is a
 * divisor of QUEUES_HISTORY_PIECES. More would be finer, and send more bytes a second. */
static const struct {
  int columns, width;
} lines_of_bars[] = { { 30, 150 }, { 20, 86 }, { 15, 70 }, { 12, 0 } };
#define BARS_MAX 30

/* Without the words there is room for longer names; the marks say it, too. */
#define WIDTH_WITH_WORDS 70
#define WIDTH_OF_LONG_NAMES 150

/* Fewer lines are for those that are not empty. */
#define LINES_WITH_EMPTY 5

#define SIZE_WHOLE_MAX 1e7 /* larger ones are written in millions */
#define TENTHS_BELOW_S 100
#define RANK_BAD 10000 /* above that of any size */

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
  int most = width >= WIDTH_OF_LONG_NAMES ? NAME_COLUMNS_WIDE : NAME_COLUMNS_MAX;
  columns.name = CLAMP (width - others, NAME_COLUMNS_MIN, most);
  columns.size = MARK_COLUMNS + columns.name + SIZE_COLUMNS;
  columns.oldest = columns.size + OLDEST_COLUMNS;
  columns.bars = columns.oldest + GAP_COLUMNS;
  columns.trend = columns.bars + columns.bar_count + TREND_COLUMNS;
  if (word > 0)
    columns.word = columns.trend + GAP_COLUMNS;
  return columns;
}

/* ---- numbers ------------------------------------------------------------------------ */

char *
queues_panel_size (double size)
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

/* In the same unit for all. Two digits are enough, and keep still. */
static char *
trend_words (double per_s)
{
  double rate = fabs (per_s);
  const char *sign = per_s > 0 ? "+" : "-";
  if (isnan (per_s))
    return g_strdup ("");
  if (rate < 0.005)
    return g_strdup ("0/s");
  return g_strdup_printf (rate >= 9.95    ? "%s%.0f/s"
                          : rate >= 0.095 ? "%s%.1f/s"
                                          : "%s%.2f/s",
                          sign, rate);
}

/* ---- one line -------------------------------------------------------------------------- */

typedef struct {
  QueuesPanel *panel;
  Canvas *canvas;
  Columns columns;
  gboolean stale;
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
  g_autofree char *jobs = queues_panel_size (size);
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
draw_trend (const Table *table, Area line, QueuesJudgement judgement, QueuesState state)
{
  g_autofree char *trend = trend_words (judgement.slope);
  gboolean grows = judgement.verdict == QUEUES_GROWING;
  gboolean bad = state.role == ROLE_BAD;
  if (table->stale)
    return;
  canvas_right (table->canvas, line, table->columns.trend, 0,
                grows ? ROLE_BAD : ROLE_TEXT, trend);
  if (table->columns.word >= 0)
    canvas_text (table->canvas, line, table->columns.word, 0, bad ? ROLE_BAD : ROLE_DIM,
                 state.word);
}

static void
draw_row (const Table *table, Area line, guint position)
{
  const QueuesRow *row = queues_panel_row (table->panel, position);
  QueuesState state = queues_verdict_state_of_row (row);
  Role role = role_of (table, ROLE_TEXT);
  if (state.role == ROLE_BAD && !table->stale)
    canvas_mark (table->canvas, line, 0, 0, state.role, state.mark);
  canvas_middle (table->canvas, line, MARK_COLUMNS, 0, table->columns.name, role,
                 row->name);
  draw_numbers (table, line, row->size, row->latency_s, role);
  draw_bars (table, line, row->name);
  draw_trend (table, line, row->judgement, state);
}

static void
draw_all (const Table *table, Area line)
{
  const QueuesPanel *panel = table->panel;
  Role role = role_of (table, ROLE_TEXT);
  g_autofree char *jobs = queues_panel_size (panel->whole.size);
  canvas_text (table->canvas, line, MARK_COLUMNS, 0, role, "all");
  canvas_right (table->canvas, line, table->columns.size, 0, role, jobs);
  draw_bars (table, line, NULL);
  draw_trend (table, line, panel->whole, queues_verdict_state (panel->whole.verdict));
}

static void
draw_head (const Table *table, Area line)
{
  const Columns *columns = &table->columns;
  g_autofree char *window = quantity_format_duration (table->panel->window_us);
  canvas_text (table->canvas, line, MARK_COLUMNS, 0, ROLE_HEADING, "queue");
  canvas_right (table->canvas, line, columns->size, 0, ROLE_HEADING, "size");
  canvas_right (table->canvas, line, columns->oldest, 0, ROLE_HEADING, "oldest");
  Area bars = { line.x + columns->bars, line.y, columns->bar_count, line.height };
  canvas_printf (table->canvas, bars, 0, 0, ROLE_HEADING, "last %s", window);
  canvas_right (table->canvas, line, columns->trend, 0, ROLE_HEADING, "trend");
}

/* Queues without a line of their own; those of the last sample are empty. */
static void
draw_empty (const Table *table, Area line)
{
  if (table->panel->empty == 0)
    return;
  canvas_printf (table->canvas, line, MARK_COLUMNS, 0, ROLE_DIM, "%u empty queue%s",
                 table->panel->empty, table->panel->empty == 1 ? "" : "s");
  draw_numbers (table, line, 0, NAN, ROLE_DIM);
}

/* ---- rows ------------------------------------------------------------------------------- */

static QueuesRow *
row_at (const QueuesPanel *panel, guint position)
{
  return g_ptr_array_index (panel->rows, position);
}

static gint
by_rank (gconstpointer a, gconstpointer b)
{
  const QueuesRow *one = *(const QueuesRow *const *)a;
  const QueuesRow *other = *(const QueuesRow *const *)b;
  return one->rank != other->rank ? other->rank - one->rank
                                  : strcmp (one->name, other->name);
}

/* Of sizes from one to the next by a factor of 1.4. */
static gint
rank_of (double size)
{
  return (gint)floor (2 * log2 (fmax (size, 1)));
}

/* What is wrong is shown before what is large. */
static gint
rank_of_row (const QueuesPanel *panel, const QueuesRow *row)
{
  gboolean bad = queues_verdict_state_of_row (row).role == ROLE_BAD;
  return rank_of (queues_history_lately (panel->history, row->name)) +
         (bad ? RANK_BAD : 0);
}

/* The `room` rows that were largest lately are shown, in the order of their names. Who looks
 * sees the same ones, however long already: it goes by what a window holds. For the sake of
 * calm sizes that are near each other are told apart by their names. */
static void
keep_rows (const QueuesPanel *panel, guint room)
{
  g_autoptr (GPtrArray) ranked = g_ptr_array_sized_new (panel->rows->len);
  for (guint i = 0; i < panel->rows->len; i++) {
    QueuesRow *row = row_at (panel, i);
    row->rank = rank_of_row (panel, row);
    g_ptr_array_add (ranked, row);
  }
  g_ptr_array_sort (ranked, by_rank);
  for (guint i = 0; i < ranked->len; i++)
    ((QueuesRow *)g_ptr_array_index (ranked, i))->kept = i < room;
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
  g_autofree char *jobs = queues_panel_size (size);
  g_autofree char *others =
      more < panel->rows->len
          ? g_strdup_printf ("and %u more", more)
          : g_strdup_printf ("%u queue%s", more, more == 1 ? "" : "s");
  g_autofree char *words = panel->empty > 0
                               ? g_strdup_printf ("%s, %u empty", others, panel->empty)
                               : g_strdup (others);
  Role role = role_of (table, ROLE_DIM);
  int end = canvas_right (table->canvas, line, table->columns.size, 0, role, jobs);
  Area name = { line.x, line.y, end - 1, 1 };
  canvas_text (table->canvas, name, MARK_COLUMNS, 0, role, words);
}

/* Where none is selected: the largest ones, and how many more there are. */
static void
draw_largest (const Table *table, Area area)
{
  QueuesPanel *panel = table->panel;
  guint room = (guint)area.height, rows = panel->rows->len;
  gboolean all = rows + (panel->empty > 0) <= room;
  panel->page = MAX (room, 1);
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
  gboolean scrolls = rows + (panel->empty > 0) > (guint)area.height;
  if (scrolls && area.height >= LINES_WITH_EMPTY) /* it keeps its place below them */
    draw_empty (table, area_take_bottom (&area, panel->empty > 0));
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

/* ---- all of it ----------------------------------------------------------------------------- */

/* Before the first sample there is nothing but why. */
static int
draw_nothing (const QueuesPanel *panel, Canvas *canvas, Area area, gint64 now_us)
{
  int lines = queues_verdict_lines (panel, canvas, area, now_us);
  queues_verdict_draw (panel, canvas, area_take_top (&area, lines), now_us);
  return MIN (lines, area.height);
}

int
queues_panel_draw (QueuesPanel *panel, Canvas *canvas, Area area, guint flags,
                   gint64 now_us)
{
  gboolean selects = flags & QUEUES_PANEL_SELECTS;
  gboolean is_all = queues_panel_chosen (panel) == panel->rows->len;
  now_us *= panel->speed;
  if (!panel->sample)
    return draw_nothing (panel, canvas, area, now_us);
  Table table = { panel, canvas, columns_for (MAX (area.width - BAR_COLUMNS, 0)),
                  queues_panel_is_stale (panel, now_us) };
  gboolean told = flags & QUEUES_PANEL_TOLD;
  int verdict = told ? table.stale : queues_verdict_lines (panel, canvas, area, now_us);
  int rows = (int)panel->rows->len + (panel->empty > 0), height = area.height;
  int wanted =
      1 + rows + 1 + 1 + (told ? 0 : 1) + verdict; /* head, all, workers, space */
  area.height = MIN (area.height, wanted);
  Area words = area_take_bottom (&area, verdict);
  if (!told)
    queues_verdict_draw (panel, canvas, words, now_us);
  else if (table.stale)
    queues_verdict_draw_age (panel, canvas, words, now_us);
  if (wanted <= height && !told)
    area_take_bottom (&area, 1);
  Area below = area_take_bottom (&area, 2);
  draw_head (&table, area_take_top (&area, 1));
  (selects && !is_all ? draw_scrolled : draw_largest) (&table, area);
  Area all = area_take_top (&below, 1);
  draw_all (&table, all);
  if (selects && is_all)
    canvas_tint (canvas, all, ROLE_SELECTED);
  queues_verdict_draw_workers (panel, canvas, below, role_of (&table, ROLE_DIM));
  return MIN (wanted, height);
}
