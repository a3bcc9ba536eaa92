#include "tui/queues/queues_panel.h"

#include <math.h>
#include <string.h>

#include "core/checks/queues_words.h"
#include "tui/queues/queues_panel_parts.h"
#include "tui/widgets/list.h"

#define MINUTE_US ((gint64)60 * G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)

/* The age of what is stale moves on so far at a time. */
#define AGE_STEP_US (5 * G_USEC_PER_SEC)

/* Queues with a line that are all judged at every sample: each takes 70 µs. Of more only
 * those that are drawn are judged. */
#define JUDGED_MAX 100

/* After it has become stale by the judge's clock, which counts in seconds. */
#define STALE_AFTER_US 2000

static void
row_free (void *data)
{
  QueuesRow *row = data;
  g_free (row->name);
  g_free (row);
}

QueuesPanel *
queues_panel_new (gint64 window_us, guint64 at_most)
{
  QueuesPanel *panel = g_new0 (QueuesPanel, 1);
  panel->window_us = window_us;
  panel->speed = 1;
  panel->judge = queues_judge_new ((double)window_us / G_USEC_PER_SEC, (double)at_most);
  panel->history = queues_history_new (window_us);
  panel->each = g_array_new (FALSE, FALSE, sizeof (QueuesJudgement));
  panel->rows = g_ptr_array_new_with_free_func (row_free);
  panel->page = 1;
  panel->all_time = TRUE;
  return panel;
}

void
queues_panel_set_speed (QueuesPanel *panel, gint64 speed)
{
  panel->speed = MAX (speed, 1);
  queues_judge_set_gap_floor (panel->judge, QUEUES_GAP_FLOOR_S * (double)panel->speed);
}

void
queues_panel_free (QueuesPanel *panel)
{
  if (!panel)
    return;
  queues_judge_free (panel->judge);
  queues_history_free (panel->history);
  g_ptr_array_unref (panel->rows);
  g_array_unref (panel->each);
  queues_sample_free (panel->sample);
  g_free (panel->words);
  g_free (panel->problem);
  g_free (panel->chosen);
  g_free (panel);
}

gboolean
queues_panel_is_empty (const QueuesPanel *panel)
{
  return !panel->sample && !panel->problem;
}

/* ---- rows ------------------------------------------------------------------------ */

static QueuesRow *
row_at (const QueuesPanel *panel, guint position)
{
  return g_ptr_array_index (panel->rows, position);
}

/* The position of the row with this name, or where it would be. */
static guint
position_of (const QueuesPanel *panel, const char *name)
{
  guint low = 0, high = panel->rows->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (strcmp (row_at (panel, middle)->name, name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static gboolean
is_at (const QueuesPanel *panel, guint position, const char *name)
{
  return position < panel->rows->len &&
         strcmp (row_at (panel, position)->name, name) == 0;
}

/* NULL for one that is empty and has not been anything else lately. */
static QueuesRow *
row_for (QueuesPanel *panel, const QueuesOne *one)
{
  guint position = position_of (panel, one->name);
  if (is_at (panel, position, one->name))
    return row_at (panel, position);
  if (!(one->size > 0))
    return NULL;
  QueuesRow *row = g_new0 (QueuesRow, 1);
  row->name = g_strdup (one->name);
  g_ptr_array_insert (panel->rows, (int)position, row);
  return row;
}

static void
take_one (QueuesPanel *panel, guint index)
{
  const QueuesOne *one = &g_array_index (panel->sample->queues, QueuesOne, index);
  const json_t *json =
      json_array_get (json_object_get (panel->sample->json, "queues"), index);
  QueuesRow *row = row_for (panel, one);
  queues_history_add (panel->history, one->name, one->size);
  if (!row) {
    panel->empty++;
    return;
  }
  row->named = TRUE;
  row->judged = index < panel->each->len;
  if (row->judged)
    row->judgement = g_array_index (panel->each, QueuesJudgement, index);
  row->size = one->size;
  row->latency_s = one->latency_s;
  row->paused = json_is_true (json_object_get (json, "paused"));
  row->unconsumed = json_is_false (json_object_get (json, "consumed"));
  if (one->size > 0)
    row->filled_us = panel->seen.boot_us;
}

/* Those that have been empty for a window, listed or not, have no line any more. */
static void
drop_rows (QueuesPanel *panel)
{
  for (guint i = panel->rows->len; i-- > 0;) {
    QueuesRow *row = row_at (panel, i);
    if (!row->named)
      row->size = row->latency_s = 0;
    if (panel->seen.boot_us - row->filled_us <= panel->window_us)
      continue;
    panel->empty += row->named ? 1 : 0;
    g_ptr_array_remove_index (panel->rows, i);
  }
}

static void
take_queues (QueuesPanel *panel)
{
  const GArray *queues = panel->sample->queues;
  double all = 0;
  panel->empty = 0;
  for (guint i = 0; i < panel->rows->len; i++)
    row_at (panel, i)->named = row_at (panel, i)->judged = FALSE;
  for (guint i = 0; i < queues->len; i++) {
    take_one (panel, i);
    all += g_array_index (queues, QueuesOne, i).size;
  }
  queues_history_add (panel->history, NULL, all);
  queues_history_end (panel->history);
  drop_rows (panel);
}

/* ---- readings -------------------------------------------------------------------- */

/* Judged by boot time, so that a step of the clock is no gap. */
static QueuesSample *
sample_of (const QueuesPanel *panel, const Reading *reading, GError **error)
{
  g_autoptr (QueuesSample) sample =
      queues_sample_take (json_incref (reading->body), error);
  if (!sample)
    return NULL;
  sample->at_s = (double)reading->ended.boot_us * (double)panel->speed / G_USEC_PER_SEC;
  if (!queues_judge_add (panel->judge, sample, error))
    return NULL;
  return g_steal_pointer (&sample);
}

/* Growing and stuck ones are named only where there are not too many to judge. */
static void
judge (QueuesPanel *panel)
{
  const QueuesSample *sample = panel->sample;
  const json_t *queues = json_object_get (sample->json, "queues");
  gboolean each = panel->rows->len <= JUDGED_MAX;
  panel->whole = queues_judge_whole (panel->judge, sample->at_s);
  if (each)
    queues_judge_each (panel->judge, queues, sample->at_s, panel->each);
  const QueuesSaid said = { .judge = panel->judge,
                            .whole = panel->whole,
                            .each = each ? panel->each : NULL,
                            .body = sample->json,
                            .brief = TRUE };
  g_free (panel->words);
  panel->words = queues_words (&said);
}

/* `past`: another one follows. */
static void
take_sample (QueuesPanel *panel, QueuesSample *sample, Moment seen, gboolean past)
{
  seen.boot_us *= panel->speed;
  gboolean after_gap = isinf (queues_judge_fresh_until_s (panel->judge));
  if (!panel->sample)
    panel->began = seen;
  queues_sample_free (panel->sample);
  panel->sample = sample;
  panel->seen = seen;
  queues_history_begin (panel->history, seen.boot_us,
                        seen.wall_us % panel->window_us * panel->speed, after_gap);
  g_array_set_size (panel->each, 0);
  if (!past)
    judge (panel);
  take_queues (panel);
}

static void
take (QueuesPanel *panel, const Reading *reading, gboolean past)
{
  g_autoptr (GError) error = NULL;
  QueuesSample *sample = reading->error ? NULL : sample_of (panel, reading, &error);
  g_clear_pointer (&panel->problem, g_free);
  if (sample)
    take_sample (panel, sample, reading->ended, past);
  else
    panel->problem = g_strdup (reading->error ? reading->error : error->message);
}

void
queues_panel_take (QueuesPanel *panel, const Reading *reading)
{
  take (panel, reading, FALSE);
}

void
queues_panel_take_past (QueuesPanel *panel, const Reading *reading)
{
  take (panel, reading, TRUE);
}

const QueuesRow *
queues_panel_row (QueuesPanel *panel, guint position)
{
  QueuesRow *row = row_at (panel, position);
  if (!row->judged)
    row->judgement = queues_judge_one (panel->judge, row->name, panel->sample->at_s);
  row->judged = TRUE;
  return row;
}

/* ---- what is too old -------------------------------------------------------------- */

/* The first sample after a gap is as fresh as any, though there is nothing to judge by. */
static gint64
fresh_until_us (const QueuesPanel *panel)
{
  double until_s = queues_judge_fresh_until_s (panel->judge);
  return isinf (until_s) ? panel->seen.boot_us + panel->window_us
                         : (gint64)(until_s * G_USEC_PER_SEC) + STALE_AFTER_US;
}

gboolean
queues_panel_is_stale (const QueuesPanel *panel, gint64 now_us)
{
  return panel->problem || !panel->sample || now_us >= fresh_until_us (panel);
}

gboolean
queues_panel_passes (const QueuesPanel *panel, gint64 now_us)
{
  return !queues_panel_is_stale (panel, now_us * panel->speed) &&
         panel->whole.verdict == QUEUES_NEAR_ZERO;
}

static gint64
age_step_us (gint64 age_us)
{
  return age_us < MINUTE_US ? AGE_STEP_US : age_us < HOUR_US ? MINUTE_US : HOUR_US;
}

gint64
queues_panel_age_us (const QueuesPanel *panel, gint64 now_us)
{
  gint64 age_us = panel->sample ? MAX (now_us - panel->seen.boot_us, 0) : 0;
  return age_us - age_us % age_step_us (age_us);
}

static gint64
wake_at_us (const QueuesPanel *panel, gint64 now_us)
{
  if (!queues_panel_is_stale (panel, now_us))
    return fresh_until_us (panel);
  gint64 shown_us = queues_panel_age_us (panel, now_us);
  return panel->seen.boot_us + shown_us + age_step_us (shown_us);
}

gint64
queues_panel_wake_us (const QueuesPanel *panel, gint64 now_us)
{
  gint64 speed = panel->speed;
  return panel->sample ? (wake_at_us (panel, now_us * speed) + speed - 1) / speed : 0;
}

/* ---- keys ------------------------------------------------------------------------- */

guint
queues_panel_chosen (const QueuesPanel *panel)
{
  if (!panel->chosen)
    return panel->rows->len;
  guint position = position_of (panel, panel->chosen);
  return is_at (panel, position, panel->chosen) ? position : panel->rows->len;
}

const char *
queues_panel_chosen_name (const QueuesPanel *panel)
{
  return queues_panel_chosen (panel) < panel->rows->len ? panel->chosen : NULL;
}

gboolean
queues_panel_act (QueuesPanel *panel, KeyAction action)
{
  if (action == ACTION_WIDER) {
    panel->all_time = !panel->all_time;
    return TRUE;
  }
  gint64 step = list_step (action, (guint)panel->page), rows = panel->rows->len;
  if (step == 0)
    return FALSE;
  gint64 at = CLAMP ((gint64)queues_panel_chosen (panel) + step, 0, rows);
  g_free (panel->chosen);
  panel->chosen = at < rows ? g_strdup (row_at (panel, (guint)at)->name) : NULL;
  return TRUE;
}
