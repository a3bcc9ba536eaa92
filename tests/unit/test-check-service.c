#include "core/checks/checks.h"
#include "tests/unit/kinds.h"

static const PlatformKind platform = { .spec = { .name = "bench" },
                                       .interval_us = 2 * SECOND };

/* A row: instances as "STATE RESTARTS SECONDS-UP", the settings, what comes of it. */
#define UP(id, restarts, since)                                                         \
  "{'id':'" id "','name':'app_" id "','state':'running','running':true,'settled':true," \
  "'restarts':" #restarts ",'since_us':" #since "000000,'image':'i'}"
#define DOWN(id)                                                                        \
  "{'id':'" id "','name':'app_" id "','state':'exited','running':false,'settled':true," \
  "'restarts':0,'image':'i','reason':'has exited (exit 3)'}"
#define LEAVING(id)                                      \
  "{'id':'" id "','name':'app_" id                       \
  "','state':'removing','running':true,'settled':false," \
  "'restarts':0,'image':'i','reason':'is being removed'}"
#define SICK(id)                                                                        \
  "{'id':'" id "','name':'app_" id "','state':'running','running':true,'settled':true," \
  "'health':'unhealthy','since_us':1000000,'image':'i','reason':'fails its health "     \
  "check'}"

#define PAUSED(id)                                                                     \
  "{'id':'" id "','name':'app_" id "','state':'paused','running':true,'settled':true," \
  "'restarts':0,'since_us':1000000,'image':'i','reason':'is paused'}"

typedef struct {
  const char *before; /* instances in an earlier look, or NULL */
  const char *now;
  const char *condition; /* "running", "ready", "images" */
  Amount amount;
  Verdict verdict;
  const char *text;
  gint64 wake_s; /* boot time, 0: whatever staleness says */
} Row;

#define N(n)         \
  {                  \
    AMOUNT_NUMBER, n \
  }
#define RECORDED       \
  {                    \
    AMOUNT_RECORDED, 0 \
  }
#define PLANNED       \
  {                   \
    AMOUNT_PLANNED, 0 \
  }

/* The engine's clock stands at 100 s, and so does ours. */
static const Row rows[] = {
  { NULL, "", "running", N (0), VERDICT_HOLDS, "app: 0 running", 0 },
  { NULL, DOWN ("1"), "running", N (0), VERDICT_HOLDS, "app: 0 running", 0 },
  { NULL, UP ("1", 0, 1), "running", N (0), VERDICT_NEVER, "app: 1 running, 0 wanted",
    0 },
  { NULL, LEAVING ("1"), "running", N (0), VERDICT_NOT_YET, "app: 1 running, 0 wanted",
    0 },
  { NULL, UP ("1", 0, 1) "," UP ("2", 0, 1), "running", RECORDED, VERDICT_HOLDS,
    "app: 2 running", 0 },
  { NULL, UP ("1", 0, 1) "," UP ("2", 0, 1), "ready", RECORDED, VERDICT_HOLDS,
    "app: 2 ready", 0 },
  { NULL, UP ("1", 0, 1), "ready", PLANNED, VERDICT_HOLDS, "app: 1 ready", 0 },
  { NULL, UP ("1", 0, 95), "ready", N (1), VERDICT_NOT_YET,
    "app: 0 of 1 ready; not up for 10 s yet", 105 },
  { NULL, UP ("1", 0, 90), "ready", N (1), VERDICT_HOLDS, "app: 1 ready", 0 },
  { NULL, UP ("1", 0, 1) "," DOWN ("2"), "ready", N (2), VERDICT_NEVER,
    "app: 1 of 2 ready; app_2 has exited (exit 3)", 0 },
  { NULL, UP ("1", 0, 1) "," SICK ("2"), "ready", N (2), VERDICT_NOT_YET,
    "app: 1 of 2 ready; app_2 fails its health check", 0 },
  { UP ("1", 3, 1), UP ("1", 7, 1), "ready", N (1), VERDICT_NOT_YET,
    "app: 0 of 1 ready; app_1 restarts again and again (7 times)", 0 },
  { UP ("1", 7, 1), UP ("1", 7, 1), "ready", N (1), VERDICT_HOLDS, "app: 1 ready", 0 },
  { NULL, UP ("1", 0, 1) "," UP ("2", 0, 1), "ready", N (1), VERDICT_NEVER,
    "app: 2 ready, 1 wanted", 0 },
  /* None ready, but not gone. */
  { NULL, SICK ("1"), "ready", N (0), VERDICT_NEVER, "app: 1 running, 0 wanted", 0 },
  { NULL, LEAVING ("1"), "ready", N (0), VERDICT_NOT_YET, "app: 1 running, 0 wanted", 0 },
  { NULL, DOWN ("1"), "ready", N (0), VERDICT_HOLDS, "app: 0 running", 0 },
  { NULL, PAUSED ("1"), "ready", N (1), VERDICT_NEVER,
    "app: 0 of 1 ready; app_1 is paused", 0 },
  { NULL, UP ("1", 0, 1), "images", N (0), VERDICT_HOLDS, "app: images as recorded", 0 },
  { NULL, "", "images", N (0), VERDICT_NEVER,
    "app: no instance is there whose image could be compared", 0 },
};

typedef struct {
  Site *site;
  Evidence *evidence;
  Ledger *ledger;
  json_t *planned;
  CheckContext context;
} Bed;

static void
bed_open (Bed *bed)
{
  bed->site = make_site (&platform, NULL);
  add_service (bed->site, "app", "app", NULL);
  add_service (bed->site, "redis", "redis", "ElastiCache tines-redis");
  bed->evidence = evidence_new ();
  bed->ledger = ledger_new ();
  bed->planned = json_pack ("{s:i}", "app", 1);
  ledger_record (bed->ledger, "app", 2, "i", FALSE);
  bed->context = (CheckContext){ .site = bed->site,
                                 .platform = &platform,
                                 .evidence = bed->evidence,
                                 .ledger = bed->ledger,
                                 .planned = bed->planned,
                                 .now = at (100),
                                 .since_us = 90 * SECOND,
                                 .speed = 1 };
}

static void
bed_close (Bed *bed)
{
  json_decref (bed->planned);
  ledger_free (bed->ledger);
  evidence_free (bed->evidence);
  free_site (bed->site);
}

static void
see (Bed *bed, gint64 when, const char *instances)
{
  g_autofree char *text = g_strdup_printf (
      "{'clock_us':100000000,'services':{'app':{'instances':[%s]}}}", instances);
  evidence_add (bed->evidence,
                reading_new ("platform", at (when), at (when), NULL, json_of (text)));
}

static CheckServiceSettings
settings_of (char **names, const char *condition, Amount amount)
{
  CheckServiceSettings settings = { .names = names };
  if (strcmp (condition, "running") == 0)
    settings.running = amount;
  else if (strcmp (condition, "ready") == 0)
    settings.ready = amount;
  else
    settings.images = IMAGES_RECORDED;
  return settings;
}

static void
test_rows (void)
{
  char *names[] = { (char *)"app", NULL };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    Bed bed;
    g_auto (Judgement) judgement = { 0 };
    CheckServiceSettings settings = settings_of (names, row->condition, row->amount);
    bed_open (&bed);
    if (row->before)
      see (&bed, 95, row->before);
    see (&bed, 100, row->now);
    check_service.judge (&settings, &bed.context, &judgement);
    g_assert_cmpstr (judgement.text, ==, row->text);
    g_assert_cmpstr (verdict_name (judgement.verdict), ==, verdict_name (row->verdict));
    if (row->wake_s)
      g_assert_cmpint (judgement.wake_us, ==, row->wake_s * SECOND);
    else
      g_assert_cmpint (judgement.wake_us, ==, 106 * SECOND + 1);
    bed_close (&bed);
  }
}

static void
assert_verdict (Bed *bed, char **names, Verdict verdict, const char *text)
{
  CheckServiceSettings settings = settings_of (names, "running", (Amount)N (0));
  g_auto (Judgement) judgement = { 0 };
  check_service.judge (&settings, &bed->context, &judgement);
  g_assert_cmpstr (judgement.text, ==, text);
  g_assert_cmpint (judgement.verdict, ==, verdict);
}

static void
test_several (void)
{
  char *managed[] = { (char *)"redis", NULL };
  char *both[] = { (char *)"app", (char *)"redis", NULL };
  CheckServiceSettings settings = { .names = managed };
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  Bed bed;
  bed_open (&bed);
  check_service.needs (&settings, &bed.context, requests);
  g_assert_cmpuint (requests->len, ==, 0);
  assert_verdict (&bed, managed, VERDICT_NOT_OURS,
                  "redis is ElastiCache tines-redis: not ours");
  see (&bed, 100, "");
  assert_verdict (&bed, both, VERDICT_HOLDS,
                  "app: 0 running; redis is ElastiCache tines-redis: not ours");
  see (&bed, 100, UP ("1", 0, 1));
  assert_verdict (&bed, both, VERDICT_NEVER, "app: 1 running, 0 wanted");
  bed_close (&bed);
}

static void
test_fresh (void)
{
  char *names[] = { (char *)"app", NULL };
  Bed bed;
  bed_open (&bed);
  assert_verdict (&bed, names, VERDICT_UNKNOWN, "not looked at yet");
  see (&bed, 94, "");
  assert_verdict (&bed, names, VERDICT_HOLDS, "app: 0 running");
  bed.context.now.boot_us++;
  assert_verdict (&bed, names, VERDICT_STALE,
                  "the last look is too old to go by; waiting for a new one");
  bed.context.now = at (100);
  bed.context.fresh_after_us = 94 * SECOND + 1;
  assert_verdict (&bed, names, VERDICT_UNKNOWN, "not looked at yet");
  evidence_add (bed.evidence,
                reading_new ("platform", at (99), at (99), "it is down", NULL));
  assert_verdict (&bed, names, VERDICT_STALE, "it is down");
  bed_close (&bed);
}

/* Procedure time runs ten times as fast: three intervals are 0.6 s, less than the
 * floor of a second that no practice shortens. */
static void
test_speed (void)
{
  char *names[] = { (char *)"app", NULL };
  Bed bed;
  bed_open (&bed);
  bed.context.speed = 10;
  see (&bed, 99, "");
  assert_verdict (&bed, names, VERDICT_HOLDS, "app: 0 running");
  bed.context.now.boot_us++;
  assert_verdict (&bed, names, VERDICT_STALE,
                  "the last look is too old to go by; waiting for a new one");
  bed_close (&bed);
}

/* Its engine's clock goes as fast: ten seconds up are ten of its seconds, and come sooner
 * by ours. */
static void
test_speed_uptime (void)
{
  char *names[] = { (char *)"app", NULL };
  CheckServiceSettings settings = settings_of (names, "ready", (Amount)N (1));
  g_auto (Judgement) judgement = { 0 };
  Bed bed;
  bed_open (&bed);
  bed.context.speed = 10;
  see (&bed, 100, UP ("1", 0, 95));
  check_service.judge (&settings, &bed.context, &judgement);
  g_assert_cmpstr (judgement.text, ==, "app: 0 of 1 ready; not up for 10 s yet");
  g_assert_cmpint (judgement.wake_us, ==, 100 * SECOND + SECOND / 2);
  bed_close (&bed);
}

static void
test_complain (void)
{
  CheckServiceSettings nothing = { 0 };
  CheckServiceSettings running = { .running = N (0) };
  g_autofree char *text = check_service.spec.complain (&nothing);
  g_assert_nonnull (strstr (text, "nothing is checked"));
  g_assert_null (check_service.spec.complain (&running));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-service/rows", test_rows);
  g_test_add_func ("/check-service/several", test_several);
  g_test_add_func ("/check-service/fresh", test_fresh);
  g_test_add_func ("/check-service/speed", test_speed);
  g_test_add_func ("/check-service/speed-uptime", test_speed_uptime);
  g_test_add_func ("/check-service/complain", test_complain);
  return g_test_run ();
}
