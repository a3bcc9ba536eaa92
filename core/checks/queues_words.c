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

typedef struct {
  const QueuesJudge *judge;
  QueuesJudgement whole;
  const json_t *body;
  GString *out;
} Words;

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

static void
add_window (const Words *words)
{
  g_autofree char *window = queues_words_time (queues_judge_window_s (words->judge));
  g_string_append (words->out, window);
}

/* "1m20s of 2m". */
static void
add_part (const Words *words, double seconds)
{
  g_autofree char *part =
      quantity_format_duration ((gint64)(floor (seconds) * G_USEC_PER_SEC));
  g_string_append_printf (words->out, "%s%s of ", part, seconds < 1 ? "s" : "");
  add_window (words);
}

static void
add_queued (const Words *words)
{
  g_string_append_printf (words->out, "%.0f queued", words->whole.size);
}

static void
add_busy (const Words *words)
{
  double busy = number_of (words->body, "busy");
  double threads = number_of (words->body, "threads");
  if (busy >= 0 && threads > 0)
    g_string_append_printf (words->out, ", %.0f of %.0f busy", busy, threads);
  else if (busy >= 0)
    g_string_append_printf (words->out, ", %.0f busy", busy);
}

static void
add_watched (const Words *words)
{
  if (queues_judge_is_full (words->judge))
    return;
  g_string_append (words->out, "; watched for ");
  add_part (words, queues_judge_seen_s (words->judge));
}

/* ---- some of them ---------------------------------------------------------- */

typedef gboolean (*QueueTest) (const json_t *queue);

static gboolean
is_there (const json_t *queue)
{
  return number_of (queue, "size") > 0;
}

static gboolean
is_paused (const json_t *queue)
{
  return json_is_true (json_object_get (queue, "paused"));
}

static gboolean
is_unconsumed (const json_t *queue)
{
  return json_is_false (json_object_get (queue, "consumed")) && !is_paused (queue) &&
         is_there (queue);
}

static const char *
name_of (const json_t *queue)
{
  const char *name = json_string_value (json_object_get (queue, "name"));
  return name ? name : "";
}

static char *
shown_name (const char *name)
{
  g_autofree char *printable = text_printable (name, -1);
  return text_cut_middle (printable, QUEUES_NAME_CHARACTERS_MAX);
}

static int
compare_queues (const void *one, const void *other)
{
  const json_t *const *a = one, *const *b = other;
  return strcmp (name_of (*a), name_of (*b));
}

/* Those in the order of their names, the same one in every sample. */
static GPtrArray *
queues_that (const json_t *body, QueueTest test)
{
  GPtrArray *queues = g_ptr_array_new ();
  size_t index;
  json_t *queue;
  json_array_foreach (json_object_get (body, "queues"), index, queue)
  {
    if (test (queue))
      g_ptr_array_add (queues, queue);
  }
  g_ptr_array_sort (queues, compare_queues);
  return queues;
}

/* ---- verdicts -------------------------------------------------------------- */

/* Not with what there is: more wait where nobody takes them than may be left. */
static gboolean
too_many_unconsumed (const QueuesJudge *judge, const json_t *body)
{
  return queues_words_unconsumed (body) > queues_judge_at_most (judge);
}

/* Few enough are queued, and only what is being worked on is in the way. */
static gboolean
only_busy (const Words *words)
{
  return words->whole.size <= queues_judge_at_most (words->judge) &&
         number_of (words->body, "busy") > 0;
}

static void
add_near_zero (const Words *words)
{
  g_string_append_printf (words->out, "near zero (%.0f queued) for ", words->whole.size);
  add_window (words);
}

static void
add_part_near_zero (const Words *words)
{
  g_string_append (words->out, "near zero for ");
  add_part (words, queues_judge_quiet_s (words->judge));
  g_string_append_printf (words->out, " (%.0f queued)", words->whole.size);
}

static void
add_shrinking (const Words *words)
{
  g_autofree char *rate = queues_words_rate (words->whole.slope);
  add_queued (words);
  add_busy (words);
  g_string_append_printf (words->out, ", shrinking %s", rate);
  if (only_busy (words)) {
    g_string_append (words->out, ": near zero once nobody is busy");
  } else if (words->whole.eta && !too_many_unconsumed (words->judge, words->body)) {
    g_autofree char *low = queues_words_time (words->whole.eta_low_s);
    g_autofree char *middle = queues_words_time (words->whole.eta_middle_s);
    g_autofree char *high = queues_words_time (words->whole.eta_high_s);
    g_string_append_printf (words->out, ": near zero in about %s", middle);
    if (strcmp (low, high) != 0)
      g_string_append_printf (words->out, " (%s to %s)", low, high);
  }
}

static void
add_steady (const Words *words)
{
  double least = 0, most = 0;
  add_queued (words);
  if (queues_judge_range (words->judge, &least, &most) && most > least)
    g_string_append_printf (words->out, " (%.0f to %.0f seen)", least, most);
  add_busy (words);
  if (only_busy (words))
    g_string_append (words->out, ": near zero once nobody is busy");
  else if (words->whole.size > queues_judge_at_most (words->judge))
    g_string_append (words->out, queues_judge_was_few (words->judge)
                                     ? ", comes and goes"
                                     : ", not getting less");
  add_watched (words);
}

/* All together do not grow, but some of them. */
static void
add_growing_part (const Words *words)
{
  guint named = 0;
  g_autoptr (GPtrArray) queues = queues_that (words->body, is_there);
  for (guint i = 0; i < queues->len && named < QUEUES_NAMED_MAX; i++) {
    const char *name = name_of (queues->pdata[i]);
    QueuesVerdict verdict =
        queues_judge_one (words->judge, name, -INFINITY /* as of the last sample */)
            .verdict;
    g_autofree char *shown = shown_name (name);
    if (verdict == QUEUES_GROWING)
      g_string_append_printf (words->out, "%s%s (%.0f)", named++ > 0 ? ", " : "", shown,
                              number_of (queues->pdata[i], "size"));
  }
  g_string_append_printf (words->out, "%sgrowing, ", named > 0 ? " " : "one is ");
  add_queued (words);
  g_string_append (words->out, " in all");
}

/* "; 16 busy threads (4 workers) would drain it in 10m, there are 10 (3)". */
static void
add_needed (const Words *words)
{
  double needed = 0, threads = number_of (words->body, "threads");
  size_t workers = json_array_size (json_object_get (words->body, "processes"));
  gboolean each = threads > 0 && workers > 0;
  if (!queues_judge_workers (words->judge, QUEUES_DRAIN_S, &needed))
    return;
  g_autofree char *within = queues_words_time (QUEUES_DRAIN_S);
  g_string_append_printf (words->out, "; %.0f busy threads ", needed);
  if (each) {
    double wanted = ceil (needed * (double)workers / threads);
    g_string_append_printf (words->out, "(%.0f worker%s) ", wanted,
                            wanted > 1 ? "s" : "");
  }
  g_string_append_printf (words->out, "would drain it in %s", within);
  if (threads >= 0)
    g_string_append_printf (words->out, ", there are %.0f", threads);
  if (each)
    g_string_append_printf (words->out, " (%zu)", workers);
}

static void
add_growing (const Words *words)
{
  g_autofree char *rate = queues_words_rate (words->whole.slope);
  g_string_append_printf (words->out, "growing %s, ", rate);
  add_queued (words);
  add_busy (words);
  add_needed (words);
  add_watched (words);
}

static void
add_stuck (const Words *words)
{
  g_string_append (words->out, "stuck: ");
  add_queued (words);
  g_string_append (words->out, " and nobody takes jobs");
  add_watched (words);
}

/* On its way: what growing queues are not, however few they hold. */
static double
part_quiet_s (const Words *words)
{
  QueuesVerdict verdict = words->whole.verdict;
  if (verdict == QUEUES_NEAR_ZERO || verdict == QUEUES_GROWING || verdict == QUEUES_STALE)
    return 0;
  return queues_judge_quiet_s (words->judge);
}

static void
add_verdict (const Words *words)
{
  if (part_quiet_s (words) > 0) {
    add_part_near_zero (words);
    return;
  }
  switch (words->whole.verdict) {
  case QUEUES_NEAR_ZERO:
    add_near_zero (words);
    break;
  case QUEUES_SHRINKING:
    add_shrinking (words);
    break;
  case QUEUES_STEADY:
    add_steady (words);
    break;
  case QUEUES_GROWING:
    if (words->whole.in_part)
      add_growing_part (words);
    else
      add_growing (words);
    break;
  case QUEUES_STUCK:
    add_stuck (words);
    break;
  case QUEUES_UNKNOWN:
  case QUEUES_STALE:
    add_queued (words);
    add_busy (words);
    add_watched (words);
    break;
  }
}

/* ---- what is wrong with some of them --------------------------------------- */

/* "mail (3), reports (12) and 2 more", after `before`; nothing where there is none. */
static void
add_queues (GString *out, const char *before, const json_t *body, QueueTest test,
            gboolean sizes)
{
  g_autoptr (GPtrArray) queues = queues_that (body, test);
  for (guint i = 0; i < queues->len && i < QUEUES_NAMED_MAX; i++) {
    g_autofree char *shown = shown_name (name_of (queues->pdata[i]));
    if (i == 0)
      g_string_append_printf (out, "%s%s ", out->len > 0 ? "; " : "", before);
    g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", shown);
    if (sizes)
      g_string_append_printf (out, " (%.0f)", number_of (queues->pdata[i], "size"));
  }
  if (queues->len > QUEUES_NAMED_MAX)
    g_string_append_printf (out, " and %u more", queues->len - QUEUES_NAMED_MAX);
}

static void
add_unconsumed (GString *out, const json_t *body, gboolean sizes)
{
  add_queues (out, "nobody consumes", body, is_unconsumed, sizes);
}

static void
add_workers (GString *out, const json_t *body)
{
  const json_t *processes = json_object_get (body, "processes");
  size_t gone = json_array_size (json_object_get (body, "gone"));
  const char *before = out->len > 0 ? "; " : "";
  if (json_is_array (processes) && json_array_size (processes) == 0)
    g_string_append_printf (out, "%sno worker is there", before);
  else if (gone > 0)
    g_string_append_printf (out, "%s%zu worker%s gone without a word", before, gone,
                            gone > 1 ? "s are" : " is");
}

double
queues_words_unconsumed (const json_t *body)
{
  double sum = 0;
  g_autoptr (GPtrArray) queues = queues_that (body, is_unconsumed);
  for (guint i = 0; i < queues->len; i++)
    sum += number_of (queues->pdata[i], "size");
  return sum;
}

/* ---- lines ----------------------------------------------------------------- */

char *
queues_words (const QueuesJudge *judge, QueuesJudgement whole, const json_t *body)
{
  GString *out = g_string_new (NULL);
  Words words = { judge, whole, body, out };
  gboolean first = too_many_unconsumed (judge, body);
  if (first) {
    add_unconsumed (out, body, TRUE);
    g_string_append (out, "; ");
  }
  add_verdict (&words);
  if (!first)
    add_unconsumed (out, body, TRUE);
  add_queues (out, "paused:", body, is_paused, TRUE);
  add_workers (out, body);
  return g_string_free (out, FALSE);
}

/* Bursts are near zero again and again, for less than that part. */
static const char *
gist_of (const Words *words)
{
  if (part_quiet_s (words) * QUEUES_TREND_PART >= queues_judge_window_s (words->judge))
    return "near zero for part of the window";
  if (words->whole.verdict == QUEUES_STALE)
    return queues_verdict_name (QUEUES_UNKNOWN);
  return queues_verdict_name (words->whole.verdict);
}

char *
queues_words_gist (const QueuesJudge *judge, QueuesJudgement whole, const json_t *body)
{
  Words words = { judge, whole, body, NULL };
  GString *out = g_string_new (gist_of (&words));
  add_unconsumed (out, body, FALSE);
  add_queues (out, "paused:", body, is_paused, FALSE);
  add_workers (out, body);
  return g_string_free (out, FALSE);
}
