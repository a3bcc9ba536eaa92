#include "tui/queues_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/moment.h"
#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/checks/queues_judge.h"
#include "tui/lines.h"

#define NAMED_MAX 3 /* queues in a line of text; the JSON has them all */
#define NAME_CHARACTERS_MAX 40
#define EPOCH_S_MIN 1e8    /* times from 1973 on are dates, others count from 0 */
#define EPOCH_S_MAX 2.5e11 /* the year 9892 */
#define WORKERS_WITHIN_US (10 * 60 * G_USEC_PER_SEC)

struct QueuesLines {
  QueuesLinesOptions options;
  QueuesJudge *judge;
  GArray *queues; /* of QueuesJudgement, beside the queues of the last sample */
  gboolean failed;
};

QueuesLines *
queues_lines_new (const QueuesLinesOptions *options)
{
  QueuesLines *lines = g_new0 (QueuesLines, 1);
  lines->options = *options;
  lines->judge = queues_judge_new ((double)options->window_us / G_USEC_PER_SEC,
                                   (double)options->at_most);
  lines->queues = g_array_new (FALSE, FALSE, sizeof (QueuesJudgement));
  return lines;
}

void
queues_lines_free (QueuesLines *lines)
{
  if (!lines)
    return;
  queues_judge_free (lines->judge);
  g_array_unref (lines->queues);
  g_free (lines);
}

static gboolean
passes (QueuesJudgement judgement)
{
  return judgement.verdict == QUEUES_NEAR_ZERO;
}

gboolean
queues_lines_passes (const QueuesLines *lines, double now_s)
{
  return !lines->failed && passes (queues_judge_whole (lines->judge, now_s));
}

/* ---- as JSON --------------------------------------------------------------- */

/* A millionth is finer than anything measured here, and short. */
static json_t *
rounded (double number)
{
  double short_one = round (number * 1e6) / 1e6;
  return isfinite (short_one) ? json_real (short_one + 0.0) : json_null ();
}

static void
set_judgement (json_t *object, QueuesJudgement judgement)
{
  const char *verdict = queues_verdict_name (judgement.verdict);
  json_t *eta = judgement.eta ? json_pack ("[o, o, o]", rounded (judgement.eta_low_s),
                                           rounded (judgement.eta_middle_s),
                                           rounded (judgement.eta_high_s))
                              : json_null ();
  json_object_set_new (object, "verdict", json_string (verdict));
  json_object_set_new (object, "slope_per_s", rounded (judgement.slope));
  json_object_set_new (object, "eta_s", eta);
  json_object_set_new (object, "passes", json_boolean (passes (judgement)));
}

/* With 15 digits a number looks as it was written, nearly always; else with 17. */
static char *
dump_as_read (const QueuesLines *lines, const json_t *json)
{
  gsize form = JSON_COMPACT | (lines->options.ascii ? JSON_ENSURE_ASCII : 0);
  char *text = json_dumps (json, form | JSON_REAL_PRECISION (15));
  json_t *again = text ? json_loads (text, 0, NULL) : NULL;
  if (!again || !json_equal (json, again)) {
    free (text);
    text = json_dumps (json, form | JSON_REAL_PRECISION (17));
  }
  json_decref (again);
  char *line = g_strconcat (text, "\n", NULL);
  free (text);
  return line;
}

static char *
sample_json (const QueuesLines *lines, const QueuesSample *sample, QueuesJudgement whole)
{
  json_t *queues = json_object_get (sample->json, "queues");
  for (guint i = 0; i < sample->queues->len; i++)
    set_judgement (json_array_get (queues, i),
                   g_array_index (lines->queues, QueuesJudgement, i));
  set_judgement (sample->json, whole);
  return dump_as_read (lines, sample->json);
}

static char *
failed_json (const QueuesLines *lines, double shown_s, const char *reason)
{
  g_autofree char *printable = text_printable (reason, -1);
  json_auto_t *json = json_pack ("{so}", "at", rounded (shown_s));
  set_judgement (json, (QueuesJudgement){ QUEUES_STALE, .slope = NAN });
  json_object_set_new (json, "error", json_string (printable));
  return dump_as_read (lines, json);
}

/* ---- how it stands, as text ------------------------------------------------ */

static char *
time_text (double at_s)
{
  if (at_s < EPOCH_S_MIN || at_s > EPOCH_S_MAX)
    return g_strdup_printf ("%.1fs", at_s);
  g_autofree char *wall = moment_format_wall ((gint64)(at_s * G_USEC_PER_SEC));
  return g_strdup_printf ("%.8sZ", strchr (wall, 'T') + 1);
}

static char *
duration_text (double seconds)
{
  const double most_s = 365.0 * 86400;
  if (seconds > most_s)
    return g_strdup ("over a year");
  return quantity_format_duration ((gint64)ceil (seconds) * G_USEC_PER_SEC);
}

static void
add_eta (GString *out, const QueuesLines *lines, QueuesJudgement whole)
{
  g_autofree char *low = duration_text (whole.eta_low_s);
  g_autofree char *middle = duration_text (whole.eta_middle_s);
  g_autofree char *high = duration_text (whole.eta_high_s);
  g_string_append_printf (out, ": %" G_GUINT64_FORMAT " left in %s (%s to %s)",
                          lines->options.at_most, middle, low, high);
}

/* How much of the window there is of something. */
static void
add_part (GString *out, const QueuesLines *lines, const char *before, double seconds,
          const char *after)
{
  g_autofree char *part = quantity_format_duration ((gint64)(seconds * G_USEC_PER_SEC));
  g_autofree char *window = quantity_format_duration (lines->options.window_us);
  g_string_append_printf (out, "%s%s of %s%s", before, part, window, after);
}

/* A count of the sample beyond those that are judged; NAN: it has none. */
static double
count_of (const json_t *json, const char *name)
{
  const json_t *value = json_object_get (json, name);
  double count = json_number_value (value);
  return json_is_number (value) && count >= 0 && count <= QUEUES_NUMBER_MAX ? count : NAN;
}

/* "13 busy workers", and where it is known how many jobs one of them takes at a time,
 * "26 busy threads (3 workers)". */
static void
add_workers (GString *out, const QueuesLines *lines, const QueuesSample *sample)
{
  double busy = 0, threads = count_of (sample->json, "threads");
  gsize workers = json_array_size (json_object_get (sample->json, "processes"));
  if (!queues_judge_workers (lines->judge, (double)WORKERS_WITHIN_US / G_USEC_PER_SEC,
                             &busy))
    return;
  if (workers > 0 && threads > 0) {
    double wanted = ceil (busy * (double)workers / threads);
    g_string_append_printf (out, ": %.0f busy threads (%.0f worker%s)", busy, wanted,
                            wanted > 1 ? "s" : "");
  } else {
    g_string_append_printf (out, ": %.0f busy workers", busy);
  }
  g_autofree char *within = quantity_format_duration (WORKERS_WITHIN_US);
  g_string_append_printf (out, " would drain it in %s", within);
}

static void
add_words (GString *out, const QueuesLines *lines, const QueuesSample *sample,
           QueuesJudgement whole)
{
  double quiet_s = queues_judge_quiet_s (lines->judge);
  g_string_append (out, queues_verdict_name (whole.verdict));
  switch (whole.verdict) {
  case QUEUES_UNKNOWN:
    add_part (out, lines, ": ", queues_judge_seen_s (lines->judge), " seen");
    break;
  case QUEUES_SHRINKING:
  case QUEUES_STEADY:
    if (quiet_s > 0)
      add_part (out, lines, ": near zero for ", quiet_s, "");
    else if (whole.eta)
      add_eta (out, lines, whole);
    break;
  case QUEUES_GROWING:
    add_workers (out, lines, sample);
    break;
  case QUEUES_STUCK:
    g_string_append (out, ": nobody takes jobs");
    break;
  case QUEUES_STALE:
    g_string_append (out, ": no sample for too long before this one");
    break;
  case QUEUES_NEAR_ZERO:
    break;
  }
}

/* ---- who works, as text ---------------------------------------------------- */

static guint
quiet_ones (const json_t *workers)
{
  guint quiet = 0;
  for (gsize i = 0; i < json_array_size (workers); i++)
    quiet += json_is_true (json_object_get (json_array_get (workers, i), "quiet"));
  return quiet;
}

/* "2 workers (1 quiet), 14 of 20 busy"; "busy 14" where more is not known. */
static void
add_busy (GString *out, const QueuesSample *sample)
{
  const json_t *workers = json_object_get (sample->json, "processes");
  double threads = count_of (sample->json, "threads");
  gsize count = json_array_size (workers);
  guint quiet = quiet_ones (workers);
  g_autoptr (GString) text = g_string_new (NULL);
  if (isnan (sample->busy)) {
    g_string_append (out, " busy ?   ");
    return;
  }
  if (!json_is_array (workers) || isnan (threads)) {
    g_string_append_printf (out, " busy %-4.0f", sample->busy);
    return;
  }
  g_string_append_printf (text, count > 0 ? "%zu worker%s" : "no workers", count,
                          count == 1 ? "" : "s");
  if (quiet > 0)
    g_string_append_printf (text, " (%u quiet)", quiet);
  if (count > 0)
    g_string_append_printf (text, ", %.0f of %.0f busy", sample->busy, threads);
  g_string_append_printf (out, " %-26s", text->str);
}

/* ---- queues by name, as text ----------------------------------------------- */

typedef struct {
  const QueuesOne *one;
  const json_t *json;
  QueuesVerdict verdict;
} Named;

static gboolean
is_growing (Named queue)
{
  return queue.verdict == QUEUES_GROWING;
}

static gboolean
is_paused (Named queue)
{
  return json_is_true (json_object_get (queue.json, "paused"));
}

static gboolean
is_not_consumed (Named queue)
{
  return queue.one->size > 0 && json_is_false (json_object_get (queue.json, "consumed"));
}

/* Without a reason that is named anyway. */
static gboolean
is_stuck (Named queue)
{
  return queue.verdict == QUEUES_STUCK && !is_paused (queue) && !is_not_consumed (queue);
}

/* What queues are named for; the whole's own words do for a single queue, but for what is
 * `alone`. */
static const struct {
  const char *words;
  gboolean (*holds) (Named queue);
  gboolean alone;
} reasons[] = {
  { "growing: ", is_growing, FALSE },
  { "stuck: ", is_stuck, FALSE },
  { "nobody consumes ", is_not_consumed, TRUE },
  { "paused: ", is_paused, TRUE },
};

static Named
named_at (const QueuesLines *lines, const QueuesSample *sample, guint index)
{
  const json_t *queues = json_object_get (sample->json, "queues");
  return (Named){ &g_array_index (sample->queues, QueuesOne, index),
                  json_array_get (queues, index),
                  g_array_index (lines->queues, QueuesJudgement, index).verdict };
}

/* The first NAMED_MAX of them: "; stuck: reports (8), mail (2) and 4 more". */
static void
add_named (GString *out, const QueuesLines *lines, const QueuesSample *sample,
           guint reason)
{
  guint named = 0;
  for (guint i = 0; i < sample->queues->len; i++) {
    Named queue = named_at (lines, sample, i);
    if (!reasons[reason].holds (queue) || ++named > NAMED_MAX)
      continue;
    g_autofree char *name = text_printable (queue.one->name, -1);
    g_autofree char *cut = text_cut_middle (name, NAME_CHARACTERS_MAX);
    g_string_append_printf (out, "%s%s%s (%.0f)", named > 1 ? ", " : "; ",
                            named > 1 ? "" : reasons[reason].words, cut, queue.one->size);
  }
  if (named > NAMED_MAX)
    g_string_append_printf (out, " and %u more", named - NAMED_MAX);
}

/* ---- and what waits elsewhere ---------------------------------------------- */

static void
add_elsewhere (GString *out, const QueuesSample *sample)
{
  static const struct {
    const char *member, *words;
  } rows[] = { { "retry", "to retry" },
               { "scheduled", "scheduled" },
               { "dead", "dead" } };
  const char *before = "; ";
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    double count = count_of (sample->json, rows[i].member);
    if (!(count > 0))
      continue;
    g_string_append_printf (out, "%s%.0f %s", before, count, rows[i].words);
    before = ", ";
  }
  gsize gone = json_array_size (json_object_get (sample->json, "gone"));
  if (gone > 0)
    g_string_append_printf (out, "; %zu worker%s without a sign of life", gone,
                            gone == 1 ? "" : "s");
}

static char *
sample_text (const QueuesLines *lines, const QueuesSample *sample, QueuesJudgement whole,
             double shown_s)
{
  GString *out = g_string_new (NULL);
  g_autofree char *at = time_text (shown_s);
  g_string_append_printf (out, "%-10s total %-7.0f", at, whole.size);
  add_busy (out, sample);
  if (isnan (whole.slope))
    g_string_append_printf (out, " %9s  ", "?/s");
  else
    g_string_append_printf (out, " %+7.2f/s  ", whole.slope + 0.0);
  add_words (out, lines, sample, whole);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].alone || sample->queues->len > 1)
      add_named (out, lines, sample, i);
  add_elsewhere (out, sample);
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

/* ---- the lines ------------------------------------------------------------- */

static void
judge_queues (QueuesLines *lines, const QueuesSample *sample)
{
  g_array_set_size (lines->queues, 0);
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    QueuesJudgement judgement = queues_judge_one (lines->judge, one->name, sample->at_s);
    g_array_append_val (lines->queues, judgement);
  }
}

char *
queues_lines_sample (QueuesLines *lines, QueuesSample *sample, double shown_s,
                     GError **error)
{
  if (!queues_judge_add (lines->judge, sample, error))
    return NULL;
  QueuesJudgement whole = queues_judge_whole (lines->judge, sample->at_s);
  judge_queues (lines, sample);
  lines->failed = FALSE;
  return lines->options.json ? sample_json (lines, sample, whole)
                             : sample_text (lines, sample, whole, shown_s);
}

char *
queues_lines_failed (QueuesLines *lines, double shown_s, const char *reason)
{
  lines->failed = TRUE;
  if (lines->options.json)
    return failed_json (lines, shown_s, reason);
  g_autofree char *at = time_text (shown_s);
  g_autofree char *before = g_strdup_printf ("%-10s ~ stale: ", at);
  GString *out = g_string_new (NULL);
  lines_add (out, before, "%s", reason);
  return g_string_free (out, FALSE);
}

char *
queues_lines_header (const QueuesLines *lines, const char *site,
                     const char *redis_address, gint64 interval_us)
{
  GString *out = g_string_new (NULL);
  g_autofree char *interval = quantity_format_duration (interval_us);
  g_autofree char *window = quantity_format_duration (lines->options.window_us);
  if (!lines->options.json) {
    lines_add (out, "= ", "%s: the job queues in Redis at %s, every %s", site,
               redis_address, interval);
    lines_add (out, "= ",
               "near zero: at most %" G_GUINT64_FORMAT
               " queued and nobody busy, in every "
               "sample for %s; ^C ends",
               lines->options.at_most, window);
  }
  return g_string_free (out, FALSE);
}
