#include "tui/queues/queues_verdict.h"

#include <math.h>

#include "core/base/quantity.h"
#include "core/checks/queues_words.h"
#include "core/run/workers.h"

#define MARK_COLUMNS 2
#define GAP 2

/* A verdict keeps the lines that most need; a few need more. */
#define LINES_MIN 2
#define LINES_MAX 4

static const QueuesState verdicts[] = {
  [QUEUES_UNKNOWN] = { "", ROLE_WAITING, MARK_WAITING },
  [QUEUES_NEAR_ZERO] = { "near zero", ROLE_GOOD, MARK_DONE },
  [QUEUES_SHRINKING] = { "shrinking", ROLE_WAITING, MARK_WAITING },
  [QUEUES_STEADY] = { "steady", ROLE_WAITING, MARK_WAITING },
  [QUEUES_GROWING] = { "growing", ROLE_BAD, MARK_FAILED },
  [QUEUES_STUCK] = { "stuck", ROLE_BAD, MARK_FAILED },
  [QUEUES_STALE] = { "", ROLE_WAITING, MARK_WAITING }, /* the first one after a gap */
};
static const QueuesState paused = { "paused", ROLE_BAD, MARK_FAILED };
static const QueuesState unconsumed = { "no worker", ROLE_BAD, MARK_FAILED };
static const QueuesState stale = { "", ROLE_STALE, MARK_STALE };
static const QueuesState waiting = { "", ROLE_DIM, MARK_WAITING };

QueuesState
queues_verdict_state (QueuesVerdict verdict)
{
  return verdicts[verdict];
}

QueuesState
queues_verdict_state_of_row (const QueuesRow *row)
{
  if (row->size > 0 && row->paused)
    return paused;
  return row->size > 0 && row->unconsumed ? unconsumed : verdicts[row->judgement.verdict];
}

/* All together; more than may be left where nobody takes them: never near zero. */
static QueuesState
state_of_all (const QueuesPanel *panel, gint64 now_us)
{
  QueuesState state = verdicts[panel->whole.verdict];
  if (queues_panel_is_empty (panel))
    return waiting;
  if (queues_panel_is_stale (panel, now_us))
    return stale;
  if (queues_words_unconsumed (panel->sample->json) > queues_judge_at_most (panel->judge))
    state.role = ROLE_BAD, state.mark = MARK_FAILED;
  return state;
}

/* ---- who works ---------------------------------------------------------------------- */

/* A count of the sample; NAN: it has none. */
static double
count_of (const QueuesPanel *panel, const char *member)
{
  const json_t *value = json_object_get (panel->sample->json, member);
  return json_is_number (value) ? json_number_value (value) : NAN;
}

/* `count` of them live; NULL: not known. */
static char *
workers_words (const QueuesPanel *panel, guint *count)
{
  const json_t *workers = json_object_get (panel->sample->json, "processes");
  guint loud = 0;
  *count = workers_count (workers, &loud);
  if (!json_is_array (workers))
    return NULL;
  if (*count == 0)
    return g_strdup ("no workers");
  const char *end = *count == 1 ? "" : "s";
  return loud < *count
             ? g_strdup_printf ("%u worker%s (%u quiet)", *count, end, *count - loud)
             : g_strdup_printf ("%u worker%s", *count, end);
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
void
queues_verdict_draw_workers (const QueuesPanel *panel, Canvas *canvas, Area line,
                             Role role)
{
  guint workers = 0;
  struct {
    char *words;
    int columns;
  } parts[] = {
    { workers_words (panel, &workers), 13 },
    { busy_words (panel), 17 },
    { elsewhere_words (panel, "retry"), 12 },
    { elsewhere_words (panel, "scheduled"), 17 },
    { elsewhere_words (panel, "dead"), 0 },
  };
  gboolean none = parts[0].words && workers == 0 && role != ROLE_STALE;
  int x = MARK_COLUMNS;
  if (none)
    canvas_mark (canvas, line, 0, 0, ROLE_BAD, MARK_FAILED);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *words = parts[i].words;
    Role shown = none && i == 0 ? ROLE_BAD : role;
    if (words && x + canvas_columns (words) > line.width)
      x = line.width; /* nor is there room for what comes behind it */
    else if (words)
      x += MAX (canvas_text (canvas, line, x, 0, shown, words) + GAP, parts[i].columns);
  }
}

/* ---- the verdict -------------------------------------------------------------------- */

static char *
age_words (const QueuesPanel *panel, gint64 now_us)
{
  gint64 age_us = queues_panel_age_us (panel, now_us);
  g_autofree char *age = quantity_format_duration (age_us);
  return age_us > 0 ? g_strdup_printf ("not seen for %s", age) : g_strdup ("not seen");
}

/* "not seen for 15s: Redis at … refuses the connection; …" */
static char *
stale_words (const QueuesPanel *panel, gint64 now_us)
{
  g_autofree char *head = age_words (panel, now_us);
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

int
queues_verdict_lines (const QueuesPanel *panel, Canvas *canvas, Area area, gint64 now_us)
{
  g_autofree char *words = verdict_words (panel, now_us);
  int lines = canvas_paragraph (canvas, verdict_area (area), ROLE_TEXT, words, 0, 0);
  return CLAMP (lines, LINES_MIN, LINES_MAX);
}

void
queues_verdict_draw (const QueuesPanel *panel, Canvas *canvas, Area area, gint64 now_us)
{
  g_autofree char *words = verdict_words (panel, now_us);
  QueuesState state = state_of_all (panel, now_us);
  if (area.height <= 0)
    return;
  canvas_mark (canvas, area, 0, 0, state.role, state.mark);
  canvas_paragraph (canvas, verdict_area (area), state.role, words, 0, area.height);
}

void
queues_verdict_draw_age (const QueuesPanel *panel, Canvas *canvas, Area line,
                         gint64 now_us)
{
  g_autofree char *words = age_words (panel, now_us);
  canvas_mark (canvas, line, 0, 0, stale.role, stale.mark);
  canvas_text (canvas, verdict_area (line), 0, 0, stale.role, words);
}
