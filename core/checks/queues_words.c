#include "core/checks/queues_words.h"

#include <math.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"

#define MINUTE_S 60.0
#define HOUR_S 3600.0
#define YEAR_S (365 * 24 * HOUR_S)

/* Slower than this is told by the minute. */
#define SLOW_PER_S 0.1

/* A queue of the sample, and how it is judged. */
typedef struct {
  const json_t *json;
  QueuesVerdict verdict;
} Queue;

typedef gboolean (*QueueTest) (const Queue *queue);

/* ---- quantities ------------------------------------------------------------ */

char *
queues_words_rate (double per_s)
{
  double rate = fabs (per_s);
  if (rate >= 10)
    return g_strdup_printf ("%.0f/s", rate);
  if (rate >= SLOW_PER_S)
    return g_strdup_printf (rate >= 1 ? "%.1f/s" : "%.2f/s", rate);
  return g_strdup_printf ("%.2g/min", rate * MINUTE_S);
}

/* Of ten minutes the seconds say nothing, of ten hours the minutes. */
char *
queues_words_time (double seconds)
{
  if (!(seconds <= YEAR_S))
    return g_strdup ("over a year");
  double unit = seconds >= 10 * HOUR_S ? HOUR_S : seconds >= 10 * MINUTE_S ? MINUTE_S : 1;
  gint64 rounded_s = (gint64)(ceil (seconds / unit) * unit);
  return quantity_format_duration (MAX (rounded_s, 1) * G_USEC_PER_SEC);
}

static double
number_of (const json_t *body, const char *member)
{
  const json_t *value = json_object_get (body, member);
  return json_is_number (value) ? json_number_value (value) : NAN;
}

/* "1m20s of 2m". */
static void
add_part (GString *out, const QueuesSaid *said, double seconds)
{
  g_autofree char *part =
      quantity_format_duration ((gint64)(floor (seconds) * G_USEC_PER_SEC));
  g_autofree char *window = queues_words_time (queues_judge_window_s (said->judge));
  g_string_append_printf (out, "%s%s of %s", part, seconds < 1 ? "s" : "", window);
}

static void
add_busy (GString *out, const QueuesSaid *said)
{
  double busy = number_of (said->body, "busy");
  double threads = number_of (said->body, "threads");
  if (busy >= 0 && threads > 0)
    g_string_append_printf (out, ", %.0f of %.0f busy", busy, threads);
  else if (busy >= 0)
    g_string_append_printf (out, ", %.0f busy", busy);
}

/* "412 queued, 45 of 75 busy", or what it is called. */
static void
add_counts (GString *out, const QueuesSaid *said)
{
  if (said->brief) {
    g_string_append (out, queues_verdict_name (said->whole.verdict));
    return;
  }
  g_string_append_printf (out, "%.0f queued", said->whole.size);
  add_busy (out, said);
}

static void
add_watched (GString *out, const QueuesSaid *said, const char *before)
{
  if (queues_judge_is_full (said->judge))
    return;
  g_string_append_printf (out, "%swatched for ", before);
  add_part (out, said, queues_judge_seen_s (said->judge));
}

/* ---- some of them ---------------------------------------------------------- */

static double
size_of (const Queue *queue)
{
  return number_of (queue->json, "size");
}

static gboolean
is_growing (const Queue *queue)
{
  return queue->verdict == QUEUES_GROWING;
}

static gboolean
is_paused (const Queue *queue)
{
  return json_is_true (json_object_get (queue->json, "paused"));
}

static gboolean
is_unconsumed (const Queue *queue)
{
  return json_is_false (json_object_get (queue->json, "consumed")) &&
         !is_paused (queue) && size_of (queue) > 0;
}

/* Without a reason that is named anyway. */
static gboolean
is_stuck (const Queue *queue)
{
  return queue->verdict == QUEUES_STUCK && !is_paused (queue) && !is_unconsumed (queue);
}

static const char *
name_of (const Queue *queue)
{
  const char *name = json_string_value (json_object_get (queue->json, "name"));
  return name ? name : "";
}

static int
compare_queues (const void *one, const void *other)
{
  return strcmp (name_of (one), name_of (other));
}

/* Those in the order of their names, the same one in every sample. */
static GArray *
queues_that (const json_t *body, const GArray *each, QueueTest test)
{
  GArray *queues = g_array_new (FALSE, FALSE, sizeof (Queue));
  size_t index;
  json_t *json;
  json_array_foreach (json_object_get (body, "queues"), index, json)
  {
    Queue queue = { json, QUEUES_UNKNOWN };
    if (each && index < each->len)
      queue.verdict = g_array_index (each, QueuesJudgement, index).verdict;
    if (test (&queue))
      g_array_append_val (queues, queue);
  }
  g_array_sort (queues, compare_queues);
  return queues;
}

/* "mail (3), reports (12) and 2 more", after `before`; nothing where there is none. */
static void
add_queues (GString *out, const char *before, const QueuesSaid *said, QueueTest test,
            gboolean sizes)
{
  g_autoptr (GArray) queues = queues_that (said->body, said->each, test);
  for (guint i = 0; i < queues->len && i < QUEUES_NAMED_MAX; i++) {
    const Queue *queue = &g_array_index (queues, Queue, i);
    g_autofree char *printable = text_printable (name_of (queue), -1);
    g_autofree char *shown = text_cut_middle (printable, QUEUES_NAME_CHARACTERS_MAX);
    g_string_append_printf (out, "%s%s", i > 0 ? ", " : before, shown);
    if (sizes)
      g_string_append_printf (out, " (%.0f)", size_of (queue));
  }
  if (queues->len > QUEUES_NAMED_MAX)
    g_string_append_printf (out, " and %u more", queues->len - QUEUES_NAMED_MAX);
}

double
queues_words_unconsumed (const json_t *body)
{
  double sum = 0;
  g_autoptr (GArray) queues = queues_that (body, NULL, is_unconsumed);
  for (guint i = 0; i < queues->len; i++)
    sum += size_of (&g_array_index (queues, Queue, i));
  return sum;
}

/* ---- verdicts -------------------------------------------------------------- */

/* Not with what there is: more wait where nobody takes them than may be left. */
static gboolean
too_many_unconsumed (const QueuesSaid *said)
{
  return queues_words_unconsumed (said->body) > queues_judge_at_most (said->judge);
}

/* Few enough are queued, and only what is being worked on is in the way. */
static gboolean
only_busy (const QueuesSaid *said)
{
  return said->whole.size <= queues_judge_at_most (said->judge) &&
         number_of (said->body, "busy") > 0;
}

static void
add_near_zero (GString *out, const QueuesSaid *said)
{
  g_autofree char *window = queues_words_time (queues_judge_window_s (said->judge));
  g_string_append (out, "near zero");
  if (!said->brief)
    g_string_append_printf (out, " (%.0f queued)", said->whole.size);
  g_string_append_printf (out, " for %s", window);
}

static void
add_part_near_zero (GString *out, const QueuesSaid *said)
{
  if (said->worked_off) {
    g_string_append_printf (out, "worked off (%.0f queued)", said->whole.size);
    return;
  }
  g_string_append (out, "near zero for ");
  add_part (out, said, queues_judge_quiet_s (said->judge));
  if (!said->brief)
    g_string_append_printf (out, " (%.0f queued)", said->whole.size);
}

static void
add_eta (GString *out, const QueuesJudgement *whole)
{
  g_autofree char *low = queues_words_time (whole->eta_low_s);
  g_autofree char *middle = queues_words_time (whole->eta_middle_s);
  g_autofree char *high = queues_words_time (whole->eta_high_s);
  g_string_append_printf (out, ": near zero in about %s", middle);
  if (strcmp (low, high) != 0)
    g_string_append_printf (out, " (%s to %s)", low, high);
}

static void
add_shrinking (GString *out, const QueuesSaid *said)
{
  g_autofree char *rate = queues_words_rate (said->whole.slope);
  add_counts (out, said);
  if (!said->brief)
    g_string_append_printf (out, ", shrinking %s", rate);
  if (only_busy (said))
    g_string_append (out, ": near zero once nobody is busy");
  else if (said->whole.eta && !too_many_unconsumed (said))
    add_eta (out, &said->whole);
}

static void
add_steady (GString *out, const QueuesSaid *said)
{
  double least = 0, most = 0;
  if (said->brief)
    g_string_append (out, "steady");
  else
    g_string_append_printf (out, "%.0f queued", said->whole.size);
  if (queues_judge_range (said->judge, &least, &most) && most > least)
    g_string_append_printf (out, " (%.0f to %.0f seen)", least, most);
  if (!said->brief)
    add_busy (out, said);
  if (only_busy (said))
    g_string_append (out, ": near zero once nobody is busy");
  else if (said->whole.size > queues_judge_at_most (said->judge))
    g_string_append (out, queues_judge_was_few (said->judge) ? ", comes and goes"
                                                             : ", not getting less");
  add_watched (out, said, "; ");
}

/* All together do not grow, but some of them. */
static void
add_growing_part (GString *out, const QueuesSaid *said)
{
  if (!said->brief)
    g_string_append_printf (out, "%.0f queued, ", said->whole.size);
  g_string_append (out, "growing in part");
  add_queues (out, ": ", said, is_growing, TRUE);
}

/* "16 busy threads (4 workers) would drain it in 10m, there are 10 (3)". */
static void
add_needed (GString *out, const QueuesSaid *said)
{
  double needed = 0, threads = number_of (said->body, "threads");
  size_t workers = json_array_size (json_object_get (said->body, "processes"));
  gboolean each = threads > 0 && workers > 0;
  if (!queues_judge_workers (said->judge, QUEUES_DRAIN_S, &needed))
    return;
  g_autofree char *within = queues_words_time (QUEUES_DRAIN_S);
  g_string_append_printf (out, "%s%.0f busy threads ", said->brief ? ": " : "; ", needed);
  if (each) {
    double wanted = ceil (needed * (double)workers / threads);
    g_string_append_printf (out, "(%.0f worker%s) ", wanted, wanted > 1 ? "s" : "");
  }
  g_string_append_printf (out, "would drain it in %s", within);
  if (threads >= 0)
    g_string_append_printf (out, ", there are %.0f", threads);
  if (each)
    g_string_append_printf (out, " (%zu)", workers);
}

static void
add_growing (GString *out, const QueuesSaid *said)
{
  g_autofree char *rate = queues_words_rate (said->whole.slope);
  if (!said->brief)
    g_string_append_printf (out, "growing %s, ", rate);
  add_counts (out, said);
  add_needed (out, said);
  add_watched (out, said, "; ");
}

static void
add_stuck (GString *out, const QueuesSaid *said)
{
  g_string_append (out, "stuck: ");
  if (!said->brief)
    g_string_append_printf (out, "%.0f queued and ", said->whole.size);
  g_string_append (out, "nobody takes jobs");
  add_watched (out, said, "; ");
}

static void
add_unknown (GString *out, const QueuesSaid *said)
{
  const char *before = said->brief ? ": " : "; ";
  add_counts (out, said);
  if (said->whole.verdict == QUEUES_STALE)
    g_string_append_printf (out, "%sno sample for too long before this one", before);
  else if (queues_judge_is_full (said->judge))
    g_string_append_printf (out, "%stoo few samples", before);
  add_watched (out, said, said->whole.verdict == QUEUES_STALE ? "; " : before);
}

/* On its way: what growing queues are not, however few they hold. */
static double
part_quiet_s (const QueuesSaid *said)
{
  QueuesVerdict verdict = said->whole.verdict;
  if (verdict == QUEUES_NEAR_ZERO || verdict == QUEUES_GROWING || verdict == QUEUES_STALE)
    return 0;
  return queues_judge_quiet_s (said->judge);
}

static void
add_verdict (GString *out, const QueuesSaid *said)
{
  static void (*const rows[]) (GString *, const QueuesSaid *) = {
    [QUEUES_UNKNOWN] = add_unknown,     [QUEUES_NEAR_ZERO] = add_near_zero,
    [QUEUES_SHRINKING] = add_shrinking, [QUEUES_STEADY] = add_steady,
    [QUEUES_GROWING] = add_growing,     [QUEUES_STUCK] = add_stuck,
    [QUEUES_STALE] = add_unknown,
  };
  if (part_quiet_s (said) > 0 &&
      part_quiet_s (said) < queues_judge_window_s (said->judge))
    add_part_near_zero (out, said);
  else if (said->whole.in_part)
    add_growing_part (out, said);
  else
    rows[said->whole.verdict](out, said);
}

/* ---- what is wrong with some of them --------------------------------------- */

static void
add_unconsumed (GString *out, const char *before, const QueuesSaid *said, gboolean sizes)
{
  g_autofree char *words = g_strconcat (before, "nobody consumes ", NULL);
  add_queues (out, words, said, is_unconsumed, sizes);
}

/* What is said of all does for a single one. */
static void
add_judged (GString *out, const QueuesSaid *said)
{
  if (json_array_size (json_object_get (said->body, "queues")) < 2)
    return;
  if (!said->whole.in_part)
    add_queues (out, "; growing: ", said, is_growing, TRUE);
  add_queues (out, "; stuck: ", said, is_stuck, TRUE);
}

static void
add_workers (GString *out, const QueuesSaid *said)
{
  const json_t *processes = json_object_get (said->body, "processes");
  size_t gone = json_array_size (json_object_get (said->body, "gone"));
  if (json_is_array (processes) && json_array_size (processes) == 0 && !said->brief)
    g_string_append (out, "; no worker is there");
  else if (gone > 0)
    g_string_append_printf (out, "; %zu worker%s gone without a word", gone,
                            gone > 1 ? "s are" : " is");
}

/* ---- lines ----------------------------------------------------------------- */

char *
queues_words (const QueuesSaid *said)
{
  GString *out = g_string_new (NULL);
  gboolean first = !said->brief && too_many_unconsumed (said);
  if (first) {
    add_unconsumed (out, "", said, TRUE);
    g_string_append (out, "; ");
  }
  add_verdict (out, said);
  add_judged (out, said);
  if (!first)
    add_unconsumed (out, "; ", said, TRUE);
  add_queues (out, "; paused: ", said, is_paused, TRUE);
  add_workers (out, said);
  return g_string_free (out, FALSE);
}

/* Bursts are near zero again and again, for less than that part. */
static const char *
gist_of (const QueuesSaid *said)
{
  if (part_quiet_s (said) * QUEUES_TREND_PART >= queues_judge_window_s (said->judge))
    return said->worked_off ? "worked off" : "near zero for part of the window";
  if (said->whole.verdict == QUEUES_STALE)
    return queues_verdict_name (QUEUES_UNKNOWN);
  return queues_verdict_name (said->whole.verdict);
}

char *
queues_words_gist (const QueuesSaid *said)
{
  GString *out = g_string_new (gist_of (said));
  add_unconsumed (out, "; ", said, FALSE);
  add_queues (out, "; paused: ", said, is_paused, FALSE);
  add_workers (out, said);
  return g_string_free (out, FALSE);
}
