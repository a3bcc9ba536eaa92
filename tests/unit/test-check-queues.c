/* The check `queues`: readings in, one every two seconds unless said, and a verdict with
 * its words out. */
#include "core/checks/queues_judge.h"
#include "tests/unit/queues_bed.h"

/* ---- series ---------------------------------------------------------------- */

static const struct {
  const char *name;
  double first, slope; /* jobs, and jobs a second */
  guint seconds, busy, threads;
  double done;      /* jobs a second */
  const char *rest; /* more queues */
  Verdict near_zero, shrinking;
  const char *text, *gist;
} series[] = {
  { "begin", 412, 0, 0, 45, 75, 1, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: 412 queued, 45 of 75 busy; watched for 0s of 2m", "unknown" },
  { "falling", 660, -2, 124, 45, 75, 9, "", VERDICT_NOT_YET, VERDICT_HOLDS,
    "queues: 412 queued, 45 of 75 busy, shrinking 2.0/s: near zero in about 3m25s",
    "shrinking" },
  { "growing", 500, 0.25, 120, 10, 10, 2, "", VERDICT_NEVER, VERDICT_NEVER,
    "queues: growing 0.25/s, 530 queued, 10 of 10 busy; 16 busy threads (2 workers) "
    "would drain it in 10m, there are 10 (1)",
    "growing" },
  { "growing soon", 500, 0.25, 60, 10, 10, 2, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: growing 0.25/s, 515 queued, 10 of 10 busy; 16 busy threads (2 workers) "
    "would drain it in 10m, there are 10 (1); watched for 1m of 2m",
    "growing" },
  { "near zero", 3, 0, 120, 0, 10, 0, "", VERDICT_HOLDS, VERDICT_HOLDS,
    "queues: near zero (3 queued) for 2m", "near-zero" },
  { "near zero soon", 3, 0, 80, 0, 10, 0, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: near zero for 1m20s of 2m (3 queued)", "near zero for part of the window" },
  { "steady", 40, 0, 120, 10, 10, 1, "", VERDICT_NEVER, VERDICT_NEVER,
    "queues: 40 queued, 10 of 10 busy, not getting less", "steady" },
  { "steady soon", 40, 0, 50, 10, 10, 1, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: 40 queued, 10 of 10 busy, not getting less; watched for 50s of 2m",
    "steady" },
  { "long jobs", 2, 0, 120, 3, 10, 1, "", VERDICT_NOT_YET, VERDICT_HOLDS,
    "queues: 2 queued, 3 of 10 busy: near zero once nobody is busy", "steady" },
  { "long jobs soon", 2, 0, 60, 3, 10, 1, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: 2 queued, 3 of 10 busy: near zero once nobody is busy; watched for 1m of 2m",
    "steady" },
  { "stuck", 40, 0, 120, 0, 10, 0, "", VERDICT_NEVER, VERDICT_NEVER,
    "queues: stuck: 40 queued and nobody takes jobs", "stuck" },
  { "unconsumed", 600, -2, 130, 10, 10, 9,
    ",{'name':'reports','size':12,'latency':9,'consumed':false}", VERDICT_NEVER,
    VERDICT_NEVER,
    "queues: nobody consumes reports (12); 352 queued, 10 of 10 busy, shrinking 2.0/s",
    "shrinking; nobody consumes reports" },
  { "unconsumed just now", 600, -2, 28, 10, 10, 9,
    ",{'name':'reports','size':12,'latency':9,'consumed':false}", VERDICT_NOT_YET,
    VERDICT_NOT_YET,
    "queues: nobody consumes reports (12); 556 queued, 10 of 10 busy; watched for 28s of "
    "2m",
    "unknown; nobody consumes reports" },
  { "few unconsumed", 0, 0, 120, 0, 10, 0,
    ",{'name':'b\\u001b','size':2,'consumed':false},{'name':'a','size':1,'consumed':"
    "false}",
    VERDICT_HOLDS, VERDICT_HOLDS,
    "queues: near zero (3 queued) for 2m; nobody consumes a (1), b\\x1B (2)",
    "near-zero; nobody consumes a, b\\x1B" },
  { "paused", 0, 0, 120, 0, 10, 0,
    ",{'name':'mail','size':30,'paused':true,'consumed':false}", VERDICT_NEVER,
    VERDICT_NEVER, "queues: stuck: 30 queued and nobody takes jobs; paused: mail (30)",
    "stuck; paused: mail" },
};

static void
test_series (void)
{
  CheckQueuesSettings near_zero = state (QUEUES_STATE_NEAR_ZERO);
  CheckQueuesSettings shrinking = state (QUEUES_STATE_SHRINKING);
  for (guint i = 0; i < G_N_ELEMENTS (series); i++) {
    Bed bed;
    bed_open (&bed);
    g_test_message ("%s", series[i].name);
    for (guint s = 0; s <= series[i].seconds; s += STEP)
      see_at (&bed, START + s,
              sample ((guint)(series[i].first + series[i].slope * s + 0.5),
                      series[i].busy, series[i].threads, (guint)(series[i].done * s),
                      series[i].rest));
    assert_judged (&bed, &near_zero, series[i].near_zero, series[i].text, series[i].gist);
    assert_judged (&bed, &shrinking, series[i].shrinking, series[i].text, series[i].gist);
    bed_close (&bed);
  }
}

/* What begins to grow is not near zero, however few; and nobody is called for it. */
static void
test_growing_lately (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  settings.at_most = 1000;
  bed_open (&bed);
  for (guint s = 0; s <= 160; s += STEP) {
    see_at (&bed, START + s, sample (s > 140 ? 40 * (s - 140) : 0, 0, 10, s, ""));
    if (s == 140)
      g_assert_cmpint (judged (&bed, &settings), ==, VERDICT_HOLDS);
  }
  assert_judged (&bed, &settings, VERDICT_NOT_YET,
                 "queues: growing 40/s, 800 queued, 0 of 10 busy", "growing");
  for (guint s = 162; s <= 300; s += STEP)
    see_at (&bed, START + s, sample (800, 0, 10, s, ""));
  g_assert_cmpint (judged (&bed, &settings), ==, VERDICT_HOLDS);
  bed_close (&bed);
}

/* A worker restarts: for a while nobody takes from its queue. */
static void
test_unconsumed_meanwhile (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_SHRINKING);
  Bed bed;
  bed_open (&bed);
  for (guint s = 0; s <= 160; s += STEP) {
    gboolean alone = (s >= 60 && s < 88) || s >= 110;
    see_at (&bed, START + s,
            sample (900 - s, 5, 10, s,
                    alone ? ",{'name':'slow','size':9,'consumed':false}"
                          : ",{'name':'slow','size':9}"));
    g_assert_cmpint (judged (&bed, &settings), ==,
                     s >= 140          ? VERDICT_NEVER
                     : alone || s < 30 ? VERDICT_NOT_YET
                                       : VERDICT_HOLDS);
  }
  bed_close (&bed);
}

/* ---- the memory ------------------------------------------------------------ */

/* More samples than are kept: a window of half an hour, with a peak near its begin. */
static void
test_long_window (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  guint peak = 100, window = 1800;
  settings.window_us = window * SECOND;
  bed_open (&bed);
  for (guint s = 0; s <= peak + window + 3 * STEP; s += STEP) {
    see_idle (&bed, START + s, s == peak ? 6 : 5);
    g_assert_true ((judged (&bed, &settings) == VERDICT_HOLDS) ==
                   (s >= peak + STEP + window));
  }
  bed_close (&bed);
}

/* What was seen before the run's last change is another system. */
static void
test_change_begins_anew (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  bed_open (&bed);
  for (guint s = 0; s <= 300; s += STEP) {
    if (s == 150)
      bed.context.acted_us = (START + 149) * SECOND;
    see_idle (&bed, START + s, 0);
    g_assert_true ((judged (&bed, &settings) == VERDICT_HOLDS) ==
                   ((s >= 120 && s < 150) || s >= 270));
  }
  bed_close (&bed);
}

/* The check is asked for late: it has what is kept, as many samples as that is. */
static void
test_asked_late (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  bed_open (&bed);
  for (guint s = 0; s <= 120; s += STEP)
    see_idle (&bed, START + s, 0);
  g_assert_cmpint (judged (&bed, &settings), ==, VERDICT_HOLDS);
  bed_close (&bed);
}

/* A failed look or two are none; after half a minute of them the window begins anew. */
static void
test_gaps (void)
{
  static const struct {
    guint looks;    /* that fail, from 60 s on */
    guint holds_at; /* the first second at which it holds */
  } rows[] = { { 0, 120 }, { 1, 120 }, { 2, 120 }, { 3, 186 }, { 15, 210 } };
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Bed bed;
    bed_open (&bed);
    for (guint s = 0; s <= 240; s += STEP) {
      gboolean fails = s >= 60 && s < 60 + STEP * rows[i].looks;
      bed.context.now = at (START + s);
      if (fails) {
        see (&bed, "queues redis", "it did not answer within 5s", NULL);
        assert_judged (&bed, &settings, VERDICT_STALE, "it did not answer within 5s",
                       NULL);
        continue;
      }
      see_idle (&bed, START + s, 0);
      g_assert_true ((judged (&bed, &settings) == VERDICT_HOLDS) ==
                     (s >= rows[i].holds_at));
    }
    /* Nothing comes any more. */
    bed.context.now = at (START + 240 + 7);
    assert_judged (&bed, &settings, VERDICT_STALE,
                   "the last look is too old to go by; waiting for a new one", NULL);
    bed_close (&bed);
  }
}

/* Procedure time goes ten times as fast: a sample every 0.2 s, late ones within the
 * second that looking may take. */
static void
test_speed (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  CheckQueuesSettings rests = nothing;
  Bed bed;
  rests.quiet = 0;
  rests.busy = 0;
  rests.for_us = 60 * SECOND;
  bed_open (&bed);
  bed.context.speed = 10;
  for (guint i = 0; i <= 70; i++) {
    double at_s = START + i / 5.0 + (i > 10 ? 0.7 : 0);
    g_autofree char *text =
        g_strdup_printf ("{'at':%u,'queues':[],'busy':0,'processes':[]}", i);
    see_at (&bed, at_s, json_of (text));
    g_assert_true ((judged (&bed, &settings) == VERDICT_HOLDS) == (at_s >= START + 12));
    g_assert_true ((judged (&bed, &rests) == VERDICT_HOLDS) == (at_s >= START + 6));
  }
  bed_close (&bed);
}

static void
test_no_sample (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  bed_open (&bed);
  assert_judged (&bed, &settings, VERDICT_UNKNOWN, "not looked at yet", NULL);
  see_at (&bed, START, json_of ("{'at':1,'queues':[{'name':'a'}]}"));
  assert_judged (&bed, &settings, VERDICT_STALE,
                 "queues: the sample cannot be read: queue 1 (a): \"size\" is missing; "
                 "give a number",
                 NULL);
  see_at (&bed, START + 2, json_of ("{'at':1,'queues':[]}"));
  assert_judged (&bed, &settings, VERDICT_NOT_YET,
                 "queues: 0 queued; watched for 0s of 2m", "unknown");
  bed_close (&bed);
}

/* ---- recorded series, and what is news ------------------------------------- */

/* What the judge says of a recorded series the check says of the same readings. */
static void
judge_recorded (const char *path)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  g_autoptr (QueuesJudge) judge = queues_judge_new (120, 5);
  g_autofree char *text = NULL;
  double first_s = 0;
  Bed bed;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  bed_open (&bed);
  for (guint i = 0; lines[i]; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (QueuesSample) line =
        queues_sample_read (lines[i], strlen (lines[i]), &error);
    g_assert_no_error (error);
    first_s = i == 0 ? line->at_s : first_s;
    line->at_s = (double)(gint64)((line->at_s - first_s + START) * SECOND) / SECOND;
    g_assert_true (queues_judge_add (judge, line, NULL));
    QueuesVerdict wanted = queues_judge_whole (judge, line->at_s).verdict;
    see_at (&bed, line->at_s, json_incref (line->json));
    gboolean holds = judged (&bed, &settings) == VERDICT_HOLDS;
    if (holds != (wanted == QUEUES_NEAR_ZERO))
      g_error ("%s:%u: is %s", path, i + 1, queues_verdict_name (wanted));
  }
  bed_close (&bed);
}

static void
test_recorded (void)
{
  g_autofree char *folder =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "queues", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;
  for (const char *name = g_dir_read_name (dir); name; name = g_dir_read_name (dir)) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (!g_str_has_suffix (name, ".jsonl"))
      continue;
    judge_recorded (path);
    count++;
  }
  g_assert_cmpuint (count, >, 10);
}

typedef guint (*SizeAt) (guint s);

static guint
grows (guint s)
{
  return 100 + s + s * 7919 % 11;
}

/* 60 jobs every 20 s, worked off within 12. */
static guint
bursts (guint s)
{
  guint since = s % 20;
  return since < 12 ? 60 - 5 * since : 0;
}

static guint
drains (guint s)
{
  return s < 200 ? 400 - 2 * s : 0;
}

/* Nothing for long, then all at once. */
static guint
piles_up (guint s)
{
  return s < 150 ? 0 : 500;
}

/* What comes and goes is worked off; what has come and stays is not, before it shows as a
 * trend either. */
static void
test_worked_off (void)
{
  static const struct {
    SizeAt size_at;
    guint seconds;
    Verdict verdict;
    const char *text;
  } rows[] = {
    { bursts, 130, VERDICT_HOLDS,
      "queues: 10 queued (0 to 60 seen), 5 of 10 busy, comes and goes" },
    { bursts, 110, VERDICT_NOT_YET,
      "queues: 10 queued (0 to 60 seen), 5 of 10 busy, comes and goes; watched for 1m50s "
      "of 2m" },
    { piles_up, 170, VERDICT_HOLDS,
      "queues: 500 queued (0 to 500 seen), 5 of 10 busy, comes and goes" },
    { piles_up, 180, VERDICT_NOT_YET,
      "queues: 500 queued (0 to 500 seen), 5 of 10 busy, not getting less" },
    { piles_up, 300, VERDICT_NEVER,
      "queues: 500 queued, 5 of 10 busy, not getting less" },
  };
  CheckQueuesSettings settings = state (QUEUES_STATE_SHRINKING);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Bed bed;
    bed_open (&bed);
    for (guint s = 0; s <= rows[i].seconds; s += STEP)
      see_at (&bed, START + s, sample (rows[i].size_at (s), 5, 10, 3 * s, ""));
    assert_judged (&bed, &settings, rows[i].verdict, rows[i].text, NULL);
    bed_close (&bed);
  }
}

/* Run dry a while ago: enough where shrinking is asked for, and not told as something that
 * still wants its window. */
static void
test_worked_off_dry (void)
{
  const CheckQueuesSettings shrinking = state (QUEUES_STATE_SHRINKING);
  const CheckQueuesSettings near_zero = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  bed_open (&bed);
  for (guint s = 0; s <= 120; s += STEP) {
    guint size = s < 90 ? 180 - 2 * s : 0;
    see_at (&bed, START + s, sample (size, size ? 5 : 0, 10, 3 * s, ""));
  }
  assert_judged (&bed, &near_zero, VERDICT_NOT_YET,
                 "queues: near zero for 30s of 2m (0 queued)",
                 "near zero for part of the window");
  assert_judged (&bed, &shrinking, VERDICT_HOLDS, "queues: worked off (0 queued)", "worked off");
  bed_close (&bed);
}

/* How often something is news: the verdict or the gist, as the journal takes it. */
static guint
count_news (SizeAt size_at, guint seconds, Verdict *last)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  g_autofree char *gist = NULL;
  guint news = 0;
  Bed bed;
  bed_open (&bed);
  for (guint s = 0; s <= seconds; s += STEP) {
    g_auto (Judgement) judgement = { 0 };
    guint size = size_at (s);
    see_at (&bed, START + s, sample (size, size ? 5 : 0, 10, 3 * s, ""));
    check_queues.judge (&settings, &bed.context, &judgement);
    if (g_strcmp0 (gist, judgement.gist) != 0 || judgement.verdict != *last) {
      g_test_message ("%u s: %s, %s", s, verdict_name (judgement.verdict),
                      judgement.text);
      news++;
    }
    *last = judgement.verdict;
    g_free (gist);
    gist = g_steal_pointer (&judgement.gist);
  }
  bed_close (&bed);
  return news;
}

static void
test_news (void)
{
  static const struct {
    SizeAt size_at;
    guint seconds, most;
    Verdict last;
  } rows[] = {
    { grows, 200, 3, VERDICT_NEVER },
    { bursts, 900, 8, VERDICT_NOT_YET },
    { drains, 400, 5, VERDICT_HOLDS },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Verdict last = VERDICT_UNKNOWN;
    guint news = count_news (rows[i].size_at, rows[i].seconds, &last);
    g_assert_cmpuint (news, <=, rows[i].most);
    g_assert_cmpint (last, ==, rows[i].last);
  }
}

/* Few in all, but one of the queues only grows. */
static void
test_growing_part (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  bed_open (&bed);
  for (guint s = 0; s <= 120; s += STEP) {
    g_autofree char *rest = g_strdup_printf (",{'name':'slow','size':%u}", s / 30);
    see_at (&bed, START + s, sample (4 - s / 30, 0, 10, s, rest));
  }
  assert_judged (&bed, &settings, VERDICT_NEVER,
                 "queues: 4 queued, growing in part: slow (4)", "growing");
  bed_close (&bed);
}

/* Queues that grow or are stuck are named, each for one reason. A check that names none
 * has judged the same samples before. */
static void
test_named (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO), rests = nothing;
  Bed bed;
  settings.busy = rests.busy = 10;
  bed_open (&bed);
  for (guint s = 0; s <= 120; s += STEP) {
    g_autofree char *rest =
        g_strdup_printf (",{'name':'mail','size':%u},{'name':'alone','size':3,'latency':%"
                         "u,'consumed':false}"
                         ",{'name':'held','size':4,'latency':%u,'paused':true}"
                         ",{'name':'stuck 1','size':8,'latency':%u},{'name':'stuck "
                         "2','size':1,'latency':%u}",
                         s / 4, s, s + 5, s + 9, s + 1);
    see_at (&bed, START + s, sample (900 - 2 * s, 5, 10, 3 * s, rest));
    g_assert_cmpint (judged (&bed, &rests), ==, VERDICT_HOLDS);
  }
  assert_judged (
      &bed, &settings, VERDICT_NOT_YET,
      "queues: 706 queued, 5 of 10 busy, shrinking 1.8/s: near zero in about 6m42s; "
      "growing: mail (30); stuck: stuck 1 (8), stuck 2 (1); nobody "
      "consumes alone (3); paused: held (4)",
      "shrinking; nobody consumes alone; paused: held");
  bed_close (&bed);
}

/* ---- cost ------------------------------------------------------------------ */

static guint
anything (guint sample_number, guint queue)
{
  return (sample_number * 7919 + queue * 104729) % 97;
}

/* Near zero, but no queue is the same all the time. */
static guint
one_in_turn (guint sample_number, guint queue)
{
  return sample_number * 37 % 100 == queue;
}

static json_t *
many_queues (guint queues, guint sample_number, guint (*size_of) (guint, guint),
             guint busy)
{
  json_t *list = json_array ();
  for (guint i = 0; i < queues; i++) {
    g_autofree char *name = g_strdup_printf ("queue-%u", i);
    json_array_append_new (list,
                           json_pack ("{s:s, s:i, s:f}", "name", name, "size",
                                      (int)size_of (sample_number, i), "latency", 1.5));
  }
  return json_pack ("{s:f, s:o, s:i, s:i, s:i, s:[]}", "at", 1.0, "queues", list, "busy",
                    (int)busy, "threads", 10, "processed", (int)sample_number,
                    "processes");
}

/* What a reading of 100 queues costs, taken and judged. Told, not judged. */
static void
test_cost (void)
{
  static const struct {
    const char *what;
    guint (*size_of) (guint, guint);
    guint busy;
    Verdict verdict;
  } rows[] = { { "many jobs", anything, 5, VERDICT_NEVER },
               { "near zero", one_in_turn, 0, VERDICT_HOLDS } };
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  for (guint row = 0; row < G_N_ELEMENTS (rows); row++) {
    double spent_s = 0;
    guint samples = 300;
    Bed bed;
    bed_open (&bed);
    for (guint i = 0; i < samples; i++) {
      json_t *body = many_queues (100, i, rows[row].size_of, rows[row].busy);
      g_test_timer_start ();
      see_at (&bed, START + 2 * i, body);
      judged (&bed, &settings);
      spent_s += g_test_timer_elapsed ();
    }
    g_assert_cmpint (judged (&bed, &settings), ==, rows[row].verdict);
    g_test_message ("100 queues, a window of 2m, %s: %.3f ms a reading", rows[row].what,
                    spent_s / samples * 1000);
    bed_close (&bed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-queues/series", test_series);
  g_test_add_func ("/check-queues/growing-lately", test_growing_lately);
  g_test_add_func ("/check-queues/unconsumed-meanwhile", test_unconsumed_meanwhile);
  g_test_add_func ("/check-queues/long-window", test_long_window);
  g_test_add_func ("/check-queues/change-begins-anew", test_change_begins_anew);
  g_test_add_func ("/check-queues/asked-late", test_asked_late);
  g_test_add_func ("/check-queues/gaps", test_gaps);
  g_test_add_func ("/check-queues/speed", test_speed);
  g_test_add_func ("/check-queues/no-sample", test_no_sample);
  g_test_add_func ("/check-queues/recorded", test_recorded);
  g_test_add_func ("/check-queues/worked-off", test_worked_off);
  g_test_add_func ("/check-queues/worked-off-dry", test_worked_off_dry);
  g_test_add_func ("/check-queues/news", test_news);
  g_test_add_func ("/check-queues/growing-part", test_growing_part);
  g_test_add_func ("/check-queues/named", test_named);
  g_test_add_func ("/check-queues/cost", test_cost);
  return g_test_run ();
}
