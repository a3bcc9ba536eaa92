/* queues_judge.h: whether job queues run dry, from samples in order of time. Pure.
 *
 * What is judged is the shortest end of the series that spans the window and has
 * TREND_POINTS_MIN samples: its oldest sample is at or before the window's begin.
 *
 *   near-zero  at most `at_most` jobs and nobody busy in every sample of the window, the
 *              window full, and no queue growing in it
 *   stuck      never empty, and nobody takes anything: see below
 *   growing    the trend rises  \  by Theil and Sen with Mann and Kendall, and by a job
 *   shrinking  the trend falls  /  at least. Where all else speaks for near-zero, it is
 *              growing, too, when the trend of the last part of the window rises: what
 *              began half-way is no trend of the whole
 *   steady     none of these
 *   unknown    too few samples for a trend: fewer than TREND_POINTS_MIN, or less than
 *              a QUEUES_TREND_PART of the window
 *   stale      no sample younger than max (3 intervals, 1 s), or than the window; or the
 *              first one after such a gap. What was before a gap is forgotten
 *
 * Nobody takes anything from all queues when nobody is busy and `processed` does not rise;
 * where one of the two is not known, no sample may be smaller than the one before, either,
 * and with a rising trend it is called growing. One queue is stuck with all of them, or
 * when its oldest job has been the same one all window long, by its latency. `busy` is of
 * all queues, so a busy worker keeps every one of them from near-zero. */
#ifndef HANDRAIL_CHECKS_QUEUES_JUDGE_H
#define HANDRAIL_CHECKS_QUEUES_JUDGE_H

#include "core/checks/queues_sample.h"
#include "core/checks/trend.h"

/* What a window is and what counts as near zero unless somebody says so, and what may be
 * said: shorter shows a burst, longer is no maintenance any more. */
#define QUEUES_WINDOW_S 120
#define QUEUES_WINDOW_MIN_S 30
#define QUEUES_WINDOW_MAX_S (30 * 60)
#define QUEUES_AT_MOST 5

/* Less of the window than one part of so many shows a burst and no trend. */
#define QUEUES_TREND_PART 4

/* Near zero is seen several times, however far apart. */
#define QUEUES_NEAR_ZERO_SAMPLES_MIN 3

/* The last half, quarter and eighth of the window are looked at for a late rise. With three
 * more questions at every sample, chance is given one in a thousand, not one in forty.
 * Tried, with a window of 2m: a handful that comes and goes by chance, in bursts or in
 * steps is called growing in one sample of a hundred at the most, mostly of a thousand;
 * what rises to at-most in 30 s, a sample every 2 s, is always called so. */
#define QUEUES_LATE_PARTS 8
#define QUEUES_LATE_CRITICAL 3.0
#define QUEUES_LATE_FEW 10 /* too few to see whether neighbours are alike */

#define QUEUES_GAP_INTERVALS 3
#define QUEUES_GAP_FLOOR_S 1.0

/* Clocks step a little; a series that goes further back is no series. */
#define QUEUES_BACK_MAX_S 1.0

typedef enum {
  QUEUES_UNKNOWN,
  QUEUES_NEAR_ZERO,
  QUEUES_SHRINKING,
  QUEUES_STEADY,
  QUEUES_GROWING,
  QUEUES_STUCK,
  QUEUES_STALE,
} QueuesVerdict;

/* "near-zero" */
const char *queues_verdict_name (QueuesVerdict verdict);

typedef struct {
  QueuesVerdict verdict;
  double size;          /* in the last sample */
  double slope;         /* jobs a second; NAN while unknown or stale; of the last part where
                           that is why it is growing */
  gboolean in_part;     /* growing: not all together, but one of them, within at_most */
  gboolean lately;      /* growing: only in the last part of the window, within at_most */
  gboolean eta;         /* shrinking: the next three are known */
  double eta_low_s, eta_middle_s, eta_high_s; /* until at_most are left */
} QueuesJudgement;

typedef struct QueuesJudge QueuesJudge;

QueuesJudge *queues_judge_new (double window_s, double at_most);

/* The least that counts as a gap, where the samples' clock is not machine time:
 * QUEUES_GAP_FLOOR_S of it. */
void queues_judge_set_gap_floor (QueuesJudge *judge, double gap_floor_s);
void queues_judge_free (QueuesJudge *judge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QueuesJudge, queues_judge_free)

/* Takes what it needs of the sample. FALSE with `error`, nothing taken, when it is more
 * than QUEUES_BACK_MAX_S older than the last; a little older counts as the same instant. */
gboolean queues_judge_add (QueuesJudge *judge, const QueuesSample *sample,
                           GError **error);

/* All queues together at `now_s`, on the clock of the samples. It also judges each queue,
 * for a growing one keeps the whole from near-zero. */
QueuesJudgement queues_judge_whole (const QueuesJudge *judge, double now_s);

/* One of them by its name; one that was in no sample of the window is an empty one. */
QueuesJudgement queues_judge_one (const QueuesJudge *judge, const char *name,
                                  double now_s);

/* Each of `queues`, those of a sample's JSON: a QueuesJudgement for each into `each`,
 * in their order. */
void queues_judge_each (const QueuesJudge *judge, const json_t *queues, double now_s,
                        GArray *each);

/* Until when the last sample counts as one of now; -INFINITY: it does not. */
double queues_judge_fresh_until_s (const QueuesJudge *judge);

double queues_judge_window_s (const QueuesJudge *judge);
double queues_judge_at_most (const QueuesJudge *judge);

/* The least and the most that all queues together held in the window. FALSE while there
 * is no sample. */
gboolean queues_judge_range (const QueuesJudge *judge, double *least, double *most);

/* There were at most at_most jobs lately, busy or not: within a part of the window, as for
 * a trend. */
gboolean queues_judge_was_few (const QueuesJudge *judge);

/* The whole window has been seen, without a gap. */
gboolean queues_judge_is_full (const QueuesJudge *judge);

/* How much of the window has been seen without a gap, at most all of it. */
double queues_judge_seen_s (const QueuesJudge *judge);

/* For how long up to the last sample there were at most at_most jobs and nobody busy, at
 * most the window. */
double queues_judge_quiet_s (const QueuesJudge *judge);

/* How many busy workers would bring all queues to at_most within `within_s`: the
 * slope and what is there have to be worked off at the rate at which those that were busy
 * worked. FALSE when that rate is not known: nobody was busy, nothing was processed. */
gboolean queues_judge_workers (const QueuesJudge *judge, double within_s,
                               double *workers);

#endif
