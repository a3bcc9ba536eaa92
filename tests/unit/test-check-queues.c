/* The check `queues`: readings in, one every two seconds unless said, and a verdict with
 * its words out. */
#include "core/checks/checks.h"
#include "tests/unit/fake_kinds.h"
#include "tests/unit/kinds.h"

#define START 1000 /* seconds since boot */
#define STEP 2

static const PlatformKind platform = { .interval_us = 2 * SECOND };

typedef struct {
  Site *site;
  Evidence *evidence;
  CheckContext context;
} Bed;

static void
bed_open (Bed *bed)
{
  static const char text[] =
      "handrail-site: 1\nname: lab\nplatform: { compose: { project: p } }\n"
      "services: { workers: {}, far: { managed: them } }\n"
      "redis: { url: \"redis://u:geheim@r.internal/1\" }\n";
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  bed->site = site_load ("lab.yaml", bytes, &fake_vocabulary, NULL, problems);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  bed->evidence = evidence_new ();
  bed->context = (CheckContext){ .site = bed->site,
                                 .platform = &platform,
                                 .evidence = bed->evidence,
                                 .now = at (START),
                                 .speed = 1 };
}

static void
bed_close (Bed *bed)
{
  evidence_free (bed->evidence);
  site_free (bed->site);
}

/* A look that took no time and ended now. */
static void
see (Bed *bed, const char *key, const char *error, json_t *body)
{
  evidence_add (bed->evidence,
                reading_new (key, bed->context.now, bed->context.now, error, body));
}

static void
see_at (Bed *bed, double at_s, json_t *body)
{
  bed->context.now.boot_us = (gint64)(at_s * SECOND);
  see (bed, "queues redis", NULL, body);
}

/* `rest` are more members, with ' for ". */
static json_t *
sample (guint size, guint busy, guint threads, guint processed, const char *rest)
{
  g_autofree char *text = g_strdup_printf (
      "{'at':1795335122.5,'queues':[{'name':'default','size':%u,'latency':0}%s],"
      "'busy':%u,'threads':%u,'processed':%u,'processes':[{'name':'w1:1:x',"
      "'hostname':'w1','quiet':false}]}",
      size, rest, busy, threads, processed);
  return json_of (text);
}

static const CheckQueuesSettings nothing = { .state = -1,
                                             .window_us = 120 * SECOND,
                                             .at_most = 5,
                                             .busy = FIELD_UNSET,
                                             .quiet = -1,
                                             .for_us = FIELD_UNSET };

static CheckQueuesSettings
state (CheckQueuesState wanted)
{
  CheckQueuesSettings settings = nothing;
  settings.state = (int)wanted;
  return settings;
}

static void
assert_judged (const Bed *bed, const CheckQueuesSettings *settings, Verdict verdict,
               const char *text, const char *gist)
{
  g_auto (Judgement) judgement = { 0 };
  check_queues.judge (settings, &bed->context, &judgement);
  g_assert_cmpstr (judgement.text, ==, text);
  g_assert_cmpint (judgement.verdict, ==, verdict);
  if (gist)
    g_assert_cmpstr (judgement.gist, ==, gist);
}

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
    "queues: growing 0.25/s, 530 queued; 16 busy threads would drain it in 10m, there "
    "are "
    "10",
    "growing" },
  { "growing soon", 500, 0.25, 60, 10, 10, 2, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: growing 0.25/s, 515 queued; 16 busy threads would drain it in 10m, there "
    "are "
    "10; watched for 1m of 2m",
    "growing" },
  { "near zero", 3, 0, 120, 0, 10, 0, "", VERDICT_HOLDS, VERDICT_HOLDS,
    "queues: near zero (3 queued) for 2m", "near-zero" },
  { "near zero soon", 3, 0, 80, 0, 10, 0, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: near zero for 1m20s of 2m (3 queued)", "near zero for part of the window" },
  { "steady", 40, 0, 120, 10, 10, 1, "", VERDICT_NEVER, VERDICT_NEVER,
    "queues: 40 queued, 10 of 10 busy, neither more nor less", "steady" },
  { "steady soon", 40, 0, 50, 10, 10, 1, "", VERDICT_NOT_YET, VERDICT_NOT_YET,
    "queues: 40 queued, 10 of 10 busy, neither more nor less; watched for 50s of 2m",
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-queues/series", test_series);
  return g_test_run ();
}
