/* The check `queues`, of workers: whether they rest, and whose Redis they report to. */
#include "tests/unit/queues_bed.h"

/* ---- workers at rest ------------------------------------------------------- */

#define WORKER(name, quiet) \
  "{'name':'" name ":1:x','hostname':'" name "','quiet':" quiet "}"

static const struct {
  gint64 busy;
  int quiet;
  gint64 for_s;          /* 0: not said */
  const char *bodies[4]; /* two seconds apart; the last one again and again */
  guint seconds;
  Verdict verdict;
  const char *text, *gist;
} rests[] = {
  { 0, -1, 0, { "'busy':3" }, 0, VERDICT_NOT_YET, "queues: 3 jobs still busy", "busy" },
  { 0, -1, 0, { "'busy':1" }, 0, VERDICT_NOT_YET, "queues: 1 job still busy", "busy" },
  { 2,
    -1,
    0,
    { "'busy':3" },
    0,
    VERDICT_NOT_YET,
    "queues: 3 jobs still busy, 2 may be",
    "busy" },
  { 2, -1, 0, { "'busy':2" }, 0, VERDICT_HOLDS, "queues: 2 busy", "2 busy" },
  { 0, -1, 0, { "'busy':0" }, 0, VERDICT_HOLDS, "queues: nobody is busy", NULL },
  { 0,
    -1,
    0,
    { "'retry':0" },
    0,
    VERDICT_NOT_YET,
    "queues: how many jobs are busy is not known",
    NULL },
  { FIELD_UNSET,
    0,
    0,
    { "'processes':[" WORKER ("a", "true") "," WORKER ("b", "false") "," WORKER (
        "c", "true") "]" },
    0,
    VERDICT_NOT_YET,
    "queues: 2 of 3 workers quiet",
    "2 of 3 quiet" },
  { FIELD_UNSET,
    0,
    0,
    { "'processes':[" WORKER ("a", "true") "]" },
    0,
    VERDICT_HOLDS,
    "queues: 1 of 1 worker quiet",
    NULL },
  { FIELD_UNSET,
    0,
    0,
    { "'processes':[]" },
    0,
    VERDICT_HOLDS,
    "queues: no worker is there",
    NULL },
  { 0,
    0,
    0,
    { "'busy':2,'processes':[" WORKER ("a", "false") "]" },
    0,
    VERDICT_NOT_YET,
    "queues: 2 jobs still busy; 0 of 1 worker quiet",
    "busy; 0 of 1 quiet" },
  { 0,
    0,
    15,
    { "'busy':0,'processes':[" WORKER ("a", "true") "]" },
    0,
    VERDICT_NOT_YET,
    "queues: nobody is busy, 1 of 1 worker quiet for 0s of 15s",
    "nobody is busy, 1 of 1 worker quiet" },
  { 0,
    0,
    15,
    { "'busy':0,'processes':[" WORKER ("a", "true") "]" },
    14,
    VERDICT_NOT_YET,
    "queues: nobody is busy, 1 of 1 worker quiet for 14s of 15s",
    "nobody is busy, 1 of 1 worker quiet" },
  { 0,
    0,
    15,
    { "'busy':0,'processes':[" WORKER ("a", "true") "]" },
    16,
    VERDICT_HOLDS,
    "queues: nobody is busy, 1 of 1 worker quiet for 15s",
    NULL },
  { 0,
    -1,
    15,
    { "'busy':0", "'busy':1", "'busy':0" },
    18,
    VERDICT_NOT_YET,
    "queues: nobody is busy for 14s of 15s",
    NULL },
  { 0,
    -1,
    15,
    { "'busy':0", "'busy':1", "'busy':0" },
    20,
    VERDICT_HOLDS,
    "queues: nobody is busy for 15s",
    NULL },
};

#define GIVE_AGAIN \
  ": there the signal was missed, or came before the start; give it again)"

/* Who is not quiet half a minute after it was to be, will not be. */
static void
test_never_quiet (void)
{
  static const char two[] = "{'at':1,'queues':[],'busy':2,'processes':[" WORKER (
      "c", "true") "," WORKER ("b", "false") "," WORKER ("b", "false") "]}";
  static const char many[] =
      "{'at':1,'queues':[],'busy':0,'processes':[" WORKER ("e", "false") "," WORKER (
          "\\u001b",
          "false") "," WORKER ("d", "false") "," WORKER ("c", "false") ",{'name':'x:1:y',"
                                                                       "'quiet':false}]}";
  CheckQueuesSettings settings = nothing;
  Bed bed;
  settings.quiet = 0;
  settings.busy = 0;
  bed_open (&bed);
  see_at (&bed, START + 29, json_of (two));
  assert_judged (&bed, &settings, VERDICT_NOT_YET,
                 "queues: 2 jobs still busy; 1 of 3 workers quiet", "busy; 1 of 3 quiet");
  see_at (&bed, START + 30, json_of (two));
  assert_judged (&bed, &settings, VERDICT_NEVER,
                 "queues: 2 jobs still busy; 1 of 3 workers quiet (not on b" GIVE_AGAIN,
                 "busy; 1 of 3 quiet");
  see_at (&bed, START + 32, json_of (many));
  assert_judged (&bed, &settings, VERDICT_NEVER,
                 "queues: 0 of 5 workers quiet (not on \\x1B, an unknown host, c and 2 "
                 "more" GIVE_AGAIN,
                 "0 of 5 quiet");
  see_at (&bed, START + 34, json_of ("{'at':1,'queues':[],'busy':0,'processes':[]}"));
  g_assert_cmpint (judged (&bed, &settings), ==, VERDICT_HOLDS);
  settings.quiet = -1; /* who is only busy may come to rest whenever it is */
  see_at (&bed, START + 900, json_of (two));
  g_assert_cmpint (judged (&bed, &settings), ==, VERDICT_NOT_YET);
  bed_close (&bed);
}

static void
test_rests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rests); i++) {
    CheckQueuesSettings settings = nothing;
    const char *body = NULL;
    Bed bed;
    settings.busy = rests[i].busy;
    settings.quiet = rests[i].quiet;
    settings.for_us = rests[i].for_s ? rests[i].for_s * SECOND : FIELD_UNSET;
    bed_open (&bed);
    for (guint s = 0; s <= rests[i].seconds; s += STEP) {
      guint next = s / STEP;
      if (next < G_N_ELEMENTS (rests[i].bodies) && rests[i].bodies[next])
        body = rests[i].bodies[next];
      g_autofree char *text =
          g_strdup_printf ("{'at':1,'queues':[{'name':'a','size':900}],%s}", body);
      see_at (&bed, START + s, json_of (text));
      judged (&bed, &settings);
    }
    assert_judged (&bed, &settings, rests[i].verdict, rests[i].text, rests[i].gist);
    bed_close (&bed);
  }
}

/* For how long is counted without a hole in what was seen. */
static void
test_rests_over_gap (void)
{
  CheckQueuesSettings settings = nothing;
  Bed bed;
  settings.busy = 0;
  settings.for_us = 15 * SECOND;
  bed_open (&bed);
  for (guint s = 0; s <= 10; s += STEP)
    see_idle (&bed, START + s, 0);
  judged (&bed, &settings);
  bed.context.now = at (START + 12);
  see (&bed, "queues redis", "it closed the connection", NULL);
  see_idle (&bed, START + 16, 0);
  g_assert_cmpint (judged (&bed, &settings), ==, VERDICT_HOLDS);
  see_idle (&bed, START + 23, 0);
  assert_judged (&bed, &settings, VERDICT_NOT_YET, "queues: nobody is busy for 0s of 15s",
                 NULL);
  bed_close (&bed);
}

/* Of several conditions only what does not pass is told. */
static void
test_together (void)
{
  CheckQueuesSettings settings = state (QUEUES_STATE_NEAR_ZERO);
  Bed bed;
  settings.quiet = 0;
  bed_open (&bed);
  for (guint s = 0; s <= 120; s += STEP)
    see_idle (&bed, START + s, 0);
  assert_judged (&bed, &settings, VERDICT_NEVER,
                 "queues: 0 of 1 worker quiet (not on w1" GIVE_AGAIN, "0 of 1 quiet");
  see_at (&bed, START + 122, json_of ("{'at':1,'queues':[],'busy':0,'processes':[]}"));
  assert_judged (&bed, &settings, VERDICT_HOLDS,
                 "queues: near zero (0 queued) for 2m; no worker is there", NULL);
  see_idle (&bed, START + 124, 40);
  assert_judged (&bed, &settings, VERDICT_NEVER,
                 "queues: 40 queued (0 to 40 seen), 0 of 10 busy, comes and goes; 0 of "
                 "1 worker quiet (not on w1" GIVE_AGAIN,
                 NULL);
  bed_close (&bed);
}

/* ---- whose Redis it is ----------------------------------------------------- */

#define INSTANCE(id, more) "{'id':'" id "','name':'p_" id "'," more "}"
#define UP "'state':'running','running':true,'since_us':0"
#define YOUNG "'state':'running','running':true,'since_us':170000000"
#define DOWN "'running':false,'since_us':0"
#define LONG_ID "0123456789abcdef0123456789abcdef"

static const struct {
  const char *of;
  const char *instances; /* NULL: the platform was not looked at */
  const char *processes;
  gint64 acted_s;
  Verdict verdict;
  const char *text;
} proofs[] = {
  { "workers", NULL, "", 0, VERDICT_UNKNOWN, "not looked at yet" },
  { "workers", INSTANCE ("1", "'hostname':'a'," UP), WORKER ("a", "true"), 0,
    VERDICT_HOLDS, "queues: nobody is busy" },
  { "workers", INSTANCE (LONG_ID, UP), WORKER ("0123456789ab", "true"), 0, VERDICT_HOLDS,
    "queues: nobody is busy" },
  { "workers", INSTANCE ("1", "'hostname':'a'," UP), "{'name':'a:1:x','quiet':true}", 0,
    VERDICT_HOLDS, "queues: nobody is busy" },
  { "workers",
    INSTANCE ("1", "'hostname':'a'," UP) "," INSTANCE ("2", "'hostname':'b'," DOWN),
    WORKER ("a", "true") "," WORKER ("b", "true"), 0, VERDICT_HOLDS,
    "queues: nobody is busy" },
  { "workers", INSTANCE ("1", "'hostname':'a'," UP),
    WORKER ("a", "true") "," WORKER ("z", "true"), 0, VERDICT_HOLDS,
    "queues: nobody is busy" },
  { "workers", INSTANCE ("1", "'hostname':'a'," UP),
    WORKER ("a", "true") "," WORKER ("x\\u001b", "true"), 0, VERDICT_NEVER,
    "a worker on x\\x1B reports to the Redis at r.internal:6379/1 and is no instance of "
    "this "
    "site, so it is another deployment's, or shared with one; correct redis.url in the "
    "site file, or stop that worker if it is a leftover" },
  { "workers", INSTANCE (LONG_ID, "'hostname':'a'," UP), WORKER ("0123456789ab", "true"),
    0, VERDICT_NEVER,
    "a worker on 0123456789ab reports to the Redis at r.internal:6379/1 and is no "
    "instance of this "
    "site, so it is another deployment's, or shared with one; correct redis.url in the "
    "site file, or stop that worker if it is a leftover" },
  { "workers", INSTANCE ("1", "'hostname':'a'," UP),
    WORKER ("a", "true") "," WORKER ("x", "true"), START - 14, VERDICT_NOT_YET,
    "a worker on x still seems to be there; waiting for it to be gone" },
  { "workers", INSTANCE ("1", "'hostname':'a'," UP),
    WORKER ("a", "true") "," WORKER ("x", "true"), START - 15, VERDICT_NEVER,
    "a worker on x reports to the Redis at r.internal:6379/1 and is no instance of this "
    "site, so it is another deployment's, or shared with one; correct redis.url in the "
    "site file, or stop that worker if it is a leftover" },
  { "workers", INSTANCE ("1", UP) "," INSTANCE ("2", UP), "", 0, VERDICT_NEVER,
    "workers runs, but no worker of it reports to the Redis at r.internal:6379/1. Most "
    "likely it works with another Redis: this one is empty, and its log shows jobs being "
    "done; correct redis.url in the site file. If its log stands still or shows errors "
    "instead, its workers hang: restart it, or add workers" },
  { "workers", INSTANCE ("1", YOUNG), "", 0, VERDICT_NOT_YET,
    "no worker of workers reports to the Redis at r.internal:6379/1 yet" },
  { "workers",
    INSTANCE ("1", "'hostname':'a'," UP) "," INSTANCE ("2", "'hostname':'b'," YOUNG),
    WORKER ("a", "true"), 0, VERDICT_NOT_YET,
    "queues: 1 of 2 instances of workers report (not p_2)" },
  { "workers", INSTANCE ("1", DOWN), "", 0, VERDICT_HOLDS,
    "queues: nobody is busy; no workers runs to prove that this is its Redis" },
  { "workers", "", "", 0, VERDICT_HOLDS,
    "queues: nobody is busy; no workers runs to prove that this is its Redis" },
  { "workers", "", WORKER ("x", "true"), 0, VERDICT_NEVER,
    "a worker on x reports to the Redis at r.internal:6379/1 and is no instance of this "
    "site, so it is another deployment's, or shared with one; correct redis.url in the "
    "site file, or stop that worker if it is a leftover" },
  { "far", NULL, WORKER ("x", "true"), 0, VERDICT_HOLDS,
    "queues: nobody is busy; far is not ours to see, so nothing proves that this is its "
    "Redis" },
};

static void
test_proof (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (proofs); i++) {
    CheckQueuesSettings settings = nothing;
    g_autofree char *queues = g_strdup_printf (
        "{'at':1,'queues':[],'busy':0,'processes':[%s]}", proofs[i].processes);
    g_autofree char *seen = g_strdup_printf (
        "{'clock_us':200000000,'services':{'workers':{'instances':[%s]},'batch':{"
        "'instances':[{'id':'9','hostname':'z','running':false}]}}}",
        proofs[i].instances ? proofs[i].instances : "");
    Bed bed;
    settings.busy = 0;
    settings.of = (char *)proofs[i].of;
    bed_open (&bed);
    bed.context.acted_us = proofs[i].acted_s * SECOND;
    see_at (&bed, START, json_of (queues));
    if (proofs[i].instances)
      see (&bed, "platform", NULL, json_of (seen));
    assert_judged (&bed, &settings, proofs[i].verdict, proofs[i].text, NULL);
    bed_close (&bed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-queues-workers/rests", test_rests);
  g_test_add_func ("/check-queues-workers/never-quiet", test_never_quiet);
  g_test_add_func ("/check-queues-workers/rests-over-gap", test_rests_over_gap);
  g_test_add_func ("/check-queues-workers/together", test_together);
  g_test_add_func ("/check-queues-workers/proof", test_proof);
  return g_test_run ();
}
