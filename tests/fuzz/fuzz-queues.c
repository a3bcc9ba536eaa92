#include <math.h>
#include <string.h>

#include "core/checks/queues_judge.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

#define WINDOW_S 30
#define AT_MOST 5

/* What holds of every judgement. */
static void
check_judgement (const QueuesJudge *judge, QueuesJudgement judgement)
{
  gboolean told =
      judgement.verdict != QUEUES_UNKNOWN && judgement.verdict != QUEUES_STALE;
  g_assert_nonnull (queues_verdict_name (judgement.verdict));
  g_assert_true (judgement.size >= 0);
  g_assert_true (isnan (judgement.slope) || isfinite (judgement.slope));
  g_assert_true (!isnan (judgement.slope) || !told ||
                 judgement.verdict == QUEUES_NEAR_ZERO);
  g_assert_true (judgement.eta == (judgement.verdict == QUEUES_SHRINKING));
  g_assert_true (!judgement.eta || (judgement.eta_low_s >= 0 &&
                                    judgement.eta_low_s <= judgement.eta_middle_s &&
                                    judgement.eta_middle_s <= judgement.eta_high_s));
  if (judgement.verdict == QUEUES_NEAR_ZERO) {
    g_assert_cmpfloat (judgement.size, <=, AT_MOST);
    g_assert_cmpfloat (queues_judge_seen_s (judge), >=, WINDOW_S - 0.002);
  }
}

static void
judge_line (QueuesJudge *judge, const char *line, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QueuesSample) sample = queues_sample_read (line, length, &error);
  g_assert_true ((sample == NULL) == (error != NULL));
  if (!sample || !queues_judge_add (judge, sample, NULL))
    return;
  check_judgement (judge, queues_judge_whole (judge, sample->at_s));
  check_judgement (judge, queues_judge_whole (judge, sample->at_s + WINDOW_S));
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    check_judgement (judge, queues_judge_one (judge, one->name, sample->at_s));
  }
  double workers = 0;
  g_assert_true (!queues_judge_workers (judge, WINDOW_S, &workers) || workers >= 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autoptr (QueuesJudge) judge = queues_judge_new (WINDOW_S, AT_MOST);
  const char *line = (const char *)bytes, *end = line + length;
  while (line < end) {
    const char *feed = memchr (line, '\n', (gsize)(end - line));
    gsize size = feed ? (gsize)(feed - line) : (gsize)(end - line);
    judge_line (judge, line, size);
    line += size + 1;
  }
  return 0;
}
