#include "tui/queues/queues_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/moment.h"
#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/checks/queues_words.h"
#include "core/run/workers.h"
#include "tui/lines.h"

#define EPOCH_S_MIN 1e8    /* times from 1973 on are dates, others count from 0 */
#define EPOCH_S_MAX 2.5e11 /* the year 9892 */

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

static json_t *
rounded (double number)
{
  return isfinite (number) ? json_real (quantity_round (number)) : json_null ();
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

/* A count of the sample beyond those that are judged; NAN: it has none. */
static double
count_of (const json_t *json, const char *name)
{
  const json_t *value = json_object_get (json, name);
  double count = json_number_value (value);
  return json_is_number (value) && count >= 0 && count <= QUEUES_NUMBER_MAX ? count : NAN;
}

/* "2 workers (1 quiet), 14 of 20 busy"; "busy 14" where more is not known. */
static void
add_busy (GString *out, const QueuesSample *sample)
{
  const json_t *workers = json_object_get (sample->json, "processes");
  double threads = count_of (sample->json, "threads");
  guint loud = 0, count = workers_count (workers, &loud), quiet = count - loud;
  g_autoptr (GString) text = g_string_new (NULL);
  if (isnan (sample->busy)) {
    g_string_append (out, " busy ?   ");
    return;
  }
  if (!json_is_array (workers) || (count > 0 && isnan (threads))) {
    g_string_append_printf (out, " busy %-4.0f", sample->busy);
    return;
  }
  g_string_append_printf (text, count > 0 ? "%u worker%s" : "no workers", count,
                          count == 1 ? "" : "s");
  if (quiet > 0)
    g_string_append_printf (text, " (%u quiet)", quiet);
  if (count > 0)
    g_string_append_printf (text, ", %.0f of %.0f busy", sample->busy, threads);
  g_string_append_printf (out, " %-26s", text->str);
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
  QueuesSaid said = { .judge = lines->judge,
                      .whole = whole,
                      .each = lines->queues,
                      .body = sample->json,
                      .brief = TRUE };
  g_autofree char *words = queues_words (&said);
  g_string_append (out, words);
  add_elsewhere (out, sample);
  /* An empty database looks like queues that have run dry. */
  const json_t *workers = json_object_get (sample->json, "processes");
  if (json_is_array (workers) && json_array_size (workers) == 0)
    g_string_append (out, "; is this the right Redis, and the right database?");
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

/* ---- the lines ------------------------------------------------------------- */

char *
queues_lines_sample (QueuesLines *lines, QueuesSample *sample, double shown_s,
                     GError **error)
{
  if (!queues_judge_add (lines->judge, sample, error))
    return NULL;
  QueuesJudgement whole = queues_judge_whole (lines->judge, sample->at_s);
  queues_judge_each (lines->judge, json_object_get (sample->json, "queues"), sample->at_s,
                     lines->queues);
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
