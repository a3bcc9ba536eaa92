/* The check `redis`: what a server says of itself, and a verdict with its words. */
#include "core/checks/checks.h"
#include "tests/unit/fake_kinds.h"
#include "tests/unit/kinds.h"

static const PlatformKind platform = { .interval_us = 2 * SECOND };

static const CheckRedisSettings answers = { .role = -1 };

static Site *
load (void)
{
  static const char text[] =
      "handrail-site: 1\nname: lab\nplatform: { compose: { project: p } }\n"
      "services: { workers: {}, far: { managed: others } }\nredis: { url: "
      "\"redis://u:geheim@r.internal/1\" }\n"
      "redis-new: { url: \"unix:///run/new.sock?db=2\" }\n";
  return site_of (text, &fake_vocabulary);
}

static void
assert_judged (const Evidence *evidence, const CheckRedisSettings *settings,
               const CheckContext *base, Verdict verdict, const char *text,
               const char *gist)
{
  g_auto (Judgement) judgement = { 0 };
  CheckContext context = *base;
  context.evidence = evidence;
  check_redis.judge (settings, &context, &judgement);
  g_assert_cmpstr (judgement.text, ==, text);
  g_assert_cmpint (judgement.verdict, ==, verdict);
  if (gist)
    g_assert_cmpstr (judgement.gist, ==, gist);
}

/* ---- conditions ------------------------------------------------------------ */

#define SERVER(more) "{'version':'7.0.15','role':'master','processes':[]," more "}"
#define FILE "'aof':true,"
#define NO_FILE "'aof':false,'aof_ok':true,"

static const struct {
  CheckRedisSettings settings;
  const char *body;
  Verdict verdict;
  const char *text;
  const char *gist; /* NULL: the text */
} rows[] = {
  { { .role = -1 },
    SERVER ("'keys':3"),
    VERDICT_HOLDS,
    "answers (7.0.15, master)",
    NULL },
  { { .role = -1 },
    "{'version':'7.0.15','role':'slave'}",
    VERDICT_HOLDS,
    "answers (7.0.15, replica)",
    NULL },
  { { .role = -1 }, "{}", VERDICT_HOLDS, "answers (?, ?)", NULL },

  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':0,'all_keys':0,'save':'','changes':5"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); holds nothing that could be lost",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (FILE "'aof_ok':true,'keys':9,'save':'','changes':5,'saving':true"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); keeps an append-only file",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (FILE
            "'aof_ok':false,'keys':9,'save':'3600 1','snapshot_ok':true,'changes':0"),
    VERDICT_NEVER,
    "its append-only file was not written the last time (a full disk, often; its log "
    "says "
    "why), so a stop may lose what it holds; make room first",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':true,'changes':5,"
                    "'saving':true"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); writes a snapshot when it is stopped, which the stop must "
    "wait for",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':true,'changes':0,"
                    "'on_sigterm':'default'"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); writes a snapshot when it is stopped",
    NULL },
  /* The site's database is empty, others are not. */
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':0,'all_keys':3,'save':'','snapshot_ok':true,'changes':12"),
    VERDICT_NEVER,
    "keeps nothing across a stop: no append-only file, no save points, 12 changes since "
    "its last snapshot; save before it is stopped",
    "keeps nothing across a stop: no append-only file, no save points" },
  /* What shutdown-on-sigterm makes of it. */
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':true,'changes':5,"
                    "'on_sigterm':'nosave now'"),
    VERDICT_NEVER,
    "writes no snapshot when it is stopped (shutdown-on-sigterm is nosave), 5 changes "
    "since its last snapshot; save before it is stopped",
    "writes no snapshot when it is stopped (shutdown-on-sigterm is nosave)" },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':true,'changes':5,"
                    "'on_sigterm':'nosave','saving':true"),
    VERDICT_NOT_YET,
    "is writing a snapshot",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':true,'changes':0,"
                    "'on_sigterm':'nosave'"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); nothing changed since its last snapshot",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (FILE "'aof_ok':true,'keys':9,'save':'3600 1','changes':5,"
                 "'on_sigterm':'nosave'"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); keeps an append-only file",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':true,'changes':1,"
                    "'on_sigterm':'now force'"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); writes a snapshot when it is stopped, which the stop must "
    "wait for",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'','snapshot_ok':true,'changes':1,"
                    "'on_sigterm':'save'"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); writes a snapshot when it is stopped, which the stop must "
    "wait for",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':false,'changes':0"),
    VERDICT_NEVER,
    "its last snapshot failed (a full disk, often; its log says why), so a stop may lose "
    "what it holds; make room, then save",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','snapshot_ok':false,'saving':true"),
    VERDICT_NOT_YET,
    "is writing a snapshot",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'','snapshot_ok':true,'changes':12"),
    VERDICT_NEVER,
    "keeps nothing across a stop: no append-only file, no save points, 12 changes since "
    "its last snapshot; save before it is stopped",
    "keeps nothing across a stop: no append-only file, no save points" },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'','snapshot_ok':true,'changes':12,'saving':true"),
    VERDICT_NOT_YET,
    "is writing a snapshot",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'','snapshot_ok':true,'changes':0,'saving':false"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); nothing changed since its last snapshot",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'','snapshot_ok':true"),
    VERDICT_NEVER,
    "keeps nothing across a stop: no append-only file, no save points, unknown changes "
    "since its last snapshot; save before it is stopped",
    "keeps nothing across a stop: no append-only file, no save points" },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'snapshot_ok':true,'changes':0"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); nothing changed since its last snapshot",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'snapshot_ok':true,'changes':1"),
    VERDICT_NEVER,
    "cannot see whether it writes a snapshot when it is stopped (it does not allow "
    "CONFIG), 1 change since its last snapshot; save before it is stopped",
    "cannot see whether it writes a snapshot when it is stopped (it does not allow "
    "CONFIG)" },
  { { .keeps_data = TRUE, .role = -1 },
    "{}",
    VERDICT_NEVER,
    "cannot see whether it writes a snapshot when it is stopped (it does not allow "
    "CONFIG), unknown changes since its last snapshot; save before it is stopped",
    "cannot see whether it writes a snapshot when it is stopped (it does not allow "
    "CONFIG)" },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'3600 1','changes':0"),
    VERDICT_NEVER,
    "its last snapshot failed (a full disk, often; its log says why), so a stop may lose "
    "what it holds; make room, then save",
    NULL },
  { { .keeps_data = TRUE, .role = -1 },
    SERVER (FILE "'aof_ok':false,'keys':9,'saving':true"),
    VERDICT_NEVER,
    "its append-only file was not written the last time (a full disk, often; its log "
    "says why), so a stop may lose what it holds; make room first",
    NULL },

  { { .empty = TRUE, .role = -1 },
    SERVER ("'keys':0"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); holds no key",
    NULL },
  { { .empty = TRUE, .role = -1 },
    SERVER ("'keys':1"),
    VERDICT_NEVER,
    "holds 1 key where none should be; name another database, or find out whose they are",
    "holds keys" },
  { { .empty = TRUE, .role = -1 },
    "{}",
    VERDICT_NEVER,
    "does not say how many keys it holds; see that there are none",
    "holds keys" },

  { { .role = REDIS_ROLE_MASTER },
    SERVER ("'keys':1"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); is a master",
    NULL },
  { { .role = REDIS_ROLE_MASTER },
    "{'version':'7','role':'slave','master':'r2.internal:6379'}",
    VERDICT_NEVER,
    "is a replica of r2.internal:6379, a master is wanted; name that one in the site "
    "file, or promote this one",
    NULL },
  { { .role = REDIS_ROLE_SLAVE },
    SERVER ("'keys':1"),
    VERDICT_NEVER,
    "is a master, a replica is wanted",
    NULL },
  { { .role = REDIS_ROLE_SLAVE },
    "{'version':'7','role':'slave'}",
    VERDICT_HOLDS,
    "answers (7, replica); is a replica",
    NULL },

  { { .policy = (char *)"noeviction", .role = -1 },
    SERVER ("'policy':'noeviction'"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); maxmemory-policy is noeviction",
    NULL },
  { { .policy = (char *)"noeviction", .role = -1 },
    SERVER ("'policy':'allkeys-lru'"),
    VERDICT_NEVER,
    "maxmemory-policy is allkeys-lru, noeviction is wanted; set it where it is run",
    NULL },
  { { .policy = (char *)"noeviction", .role = -1 },
    SERVER ("'keys':1"),
    VERDICT_NEVER,
    "does not say its maxmemory-policy; see that it is noeviction where it is run",
    NULL },

  { { .version = (char *)"7", .role = -1 },
    SERVER ("'keys':1"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); is version 7.0.15",
    NULL },
  { { .version = (char *)"7.0.15", .role = -1 },
    SERVER ("'keys':1"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); is version 7.0.15",
    NULL },
  { { .version = (char *)"7.0.1", .role = -1 },
    SERVER ("'keys':1"),
    VERDICT_NEVER,
    "is version 7.0.15, 7.0.1 is wanted",
    NULL },
  { { .version = (char *)"7.", .role = -1 },
    SERVER ("'keys':1"),
    VERDICT_HOLDS,
    "answers (7.0.15, master); is version 7.0.15",
    NULL },
  { { .version = (char *)"8", .role = -1 },
    "{}",
    VERDICT_NEVER,
    "is version unknown, 8 is wanted",
    NULL },

  { { .keeps_data = TRUE, .empty = TRUE, .version = (char *)"8", .role = -1 },
    SERVER (NO_FILE "'keys':9,'save':'','snapshot_ok':true,'changes':2,'saving':true"),
    VERDICT_NEVER,
    "is version 7.0.15, 8 is wanted; holds 9 keys where none should be; name another "
    "database, or find out whose they are; is writing a snapshot",
    "is version 7.0.15, 8 is wanted; holds keys; is writing a snapshot" },
};

static void
test_conditions (void)
{
  g_autoptr (Site) site = load ();
  CheckContext context = { .site = site, .now = at (100), .speed = 1 };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    static const char *const sections[] = { "redis", "redis-new" };
    for (guint j = 0; j < G_N_ELEMENTS (sections); j++) {
      g_autoptr (Evidence) evidence = evidence_new ();
      CheckRedisSettings settings = rows[i].settings;
      g_autofree char *key = g_strdup_printf ("server %s", sections[j]);
      g_autofree char *text = g_strdup_printf ("%s: %s", sections[j], rows[i].text);
      settings.server = (int)j;
      evidence_add (evidence,
                    reading_new (key, at (99), at (100), NULL, json_of (rows[i].body)));
      assert_judged (evidence, &settings, &context, rows[i].verdict, text,
                     rows[i].gist ? rows[i].gist : rows[i].text);
    }
  }
}

/* ---- failures -------------------------------------------------------------- */

static void
test_failures (void)
{
  static const struct {
    gint64 now;
    const char *error; /* of a look just now; NULL: a good one */
    Verdict verdict;
    const char *text;
  } looks[] = {
    { 101, "refused", VERDICT_NOT_YET, "redis: refused" },
    { 114, "refused", VERDICT_NOT_YET, "redis: refused" },
    { 115, "refused", VERDICT_NEVER, "redis: refused" },
    { 300, "r:1 is loading its data (3 %)", VERDICT_NOT_YET,
      "redis: r:1 is loading its data (3 %)" },
    { 301, NULL, VERDICT_HOLDS, "redis: answers (7.0.15, master)" },
  };
  g_autoptr (Site) site = load ();
  g_autoptr (Evidence) evidence = evidence_new ();
  CheckContext context = {
    .site = site, .now = at (100), .since_us = 100 * SECOND, .speed = 1
  };
  assert_judged (evidence, &answers, &context, VERDICT_UNKNOWN, "not looked at yet",
                 NULL);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    json_t *body = looks[i].error ? NULL : json_of (SERVER ("'keys':0"));
    context.now = at (looks[i].now);
    evidence_add (evidence, reading_new ("server redis", context.now, context.now,
                                         looks[i].error, body));
    assert_judged (evidence, &answers, &context, looks[i].verdict, looks[i].text, NULL);
  }
  context.now = at (308);
  assert_judged (evidence, &answers, &context, VERDICT_STALE,
                 "the last look is too old to go by; waiting for a new one", NULL);
}

/* ---- proof ----------------------------------------------------------------- */

static void
test_proof (void)
{
  static const char deployment[] =
      "{'clock_us':200000000,'services':{'workers':{'instances':[{'id':'1','name':'p_1',"
      "'hostname':'h1','state':'running','running':true,'since_us':1}]}}}";
  g_autoptr (Site) site = load ();
  g_autoptr (Evidence) evidence = evidence_new ();
  CheckContext context = {
    .site = site, .platform = &platform, .now = at (100), .speed = 1
  };
  CheckRedisSettings settings = { .of = (char *)"workers", .role = -1, .server = 1 };
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  check_redis.needs (&settings, &context, requests);
  g_assert_cmpuint (requests->len, ==, 2);
  g_assert_cmpstr (((Request *)requests->pdata[0])->key, ==, "server redis-new");
  g_assert_cmpstr (((Request *)requests->pdata[1])->key, ==, "platform");
  evidence_add (evidence, reading_new ("server redis-new", at (100), at (100), NULL,
                                       json_of (SERVER ("'keys':0"))));
  assert_judged (evidence, &settings, &context, VERDICT_UNKNOWN, "not looked at yet",
                 NULL);
  evidence_add (evidence,
                reading_new ("platform", at (100), at (100), NULL, json_of (deployment)));
  assert_judged (
      evidence, &settings, &context, VERDICT_NEVER,
      "workers runs, but no worker of it reports to the Redis at /run/new.sock?db=2. "
      "Most "
      "likely it works with another Redis: this one is empty, and its log shows jobs "
      "being done; correct redis-new.url in the site file. If its log stands still or "
      "shows errors instead, its workers hang: restart it, or add workers",
      NULL);
  evidence_add (
      evidence,
      reading_new ("server redis-new", at (100), at (100), NULL,
                   json_of ("{'version':'7','role':'master','processes':[{'name':"
                            "'h1:1:x','hostname':'h1','quiet':false}]}")));
  assert_judged (evidence, &settings, &context, VERDICT_HOLDS,
                 "redis-new: answers (7, master)", NULL);
}

#define UP "true"
#define DOWN "false"
#define AT_REDIS "the Redis at r.internal:6379/1 "
#define OF_WORKERS "{'redis of workers':'a1'}"

/* What is proved by workers that report is gone by when they are stopped. */
static const struct {
  const char *service;
  gboolean keeps_data;
  const char *running; /* the instance of the service */
  const char *body;    /* of the server's reading, besides the file it keeps */
  const char *known;   /* what was proved before */
  Verdict verdict;
  const char *text;
  const char *proves;
} remembered[] = {
  { "workers", TRUE, UP, "'run_id':'a1','processes':[{'name':'h1:1:x'}]", "{}",
    VERDICT_HOLDS, "redis: answers (?, ?); keeps an append-only file", OF_WORKERS },
  { "workers", TRUE, UP, "'run_id':'b2','processes':[{'name':'h1:1:x'}]", OF_WORKERS,
    VERDICT_HOLDS, "redis: answers (?, ?); keeps an append-only file",
    "{'redis of workers':'b2'}" },
  { "workers", TRUE, UP, "'processes':[{'name':'h1:1:x'}]", "{}", VERDICT_HOLDS,
    "redis: answers (?, ?); keeps an append-only file", NULL },
  { "workers", TRUE, UP, "'run_id':'a1','aof_ok':false,'processes':[{'name':'h1:1:x'}]",
    "{}", VERDICT_NEVER,
    "redis: its append-only file was not written the last time (a full disk, often; its "
    "log says why), so a stop may lose what it holds; make room first",
    OF_WORKERS },
  { "workers", TRUE, DOWN, "'run_id':'a1'", OF_WORKERS, VERDICT_HOLDS,
    "redis: answers (?, ?); keeps an append-only file; it is the one that workers of "
    "workers reported to in this run",
    NULL },
  { "workers", TRUE, DOWN, "'run_id':'b2'", OF_WORKERS, VERDICT_NEVER,
    AT_REDIS "is another one than the workers of workers reported to in this run, or was "
             "started anew since; correct redis.url in the site file, or start workers "
             "until a worker reports to this one",
    NULL },
  { "workers", TRUE, DOWN, "'run_id':'a1'", "{'redis of others':'a1'}", VERDICT_NEVER,
    "nothing proves that " AT_REDIS
    "is that of workers: none of its workers has reported to it in this run; start "
    "workers until one does, or see for yourself that redis.url in the site file names "
    "it",
    NULL },
  { "workers", TRUE, DOWN, "'keys':1", OF_WORKERS, VERDICT_NEVER,
    "nothing proves that " AT_REDIS
    "is that of workers: none of its workers runs, and the Redis gives no run_id; see "
    "for yourself that redis.url in the site file names it",
    NULL },
  { "far", TRUE, DOWN, "'run_id':'a1'", "{'redis of far':'a1'}", VERDICT_NEVER,
    "nothing proves that " AT_REDIS
    "is that of far: it is not ours to see; see for yourself that redis.url in the site "
    "file names it",
    NULL },
  { "workers", TRUE, DOWN, "'run_id':'a1','processes':[{'name':'x:1:x'}]", OF_WORKERS,
    VERDICT_NEVER,
    "a worker on x reports to " AT_REDIS
    "and is no instance of this site, so it is another deployment's, or shared with one; "
    "correct redis.url in the site file, or stop that worker if it is a leftover",
    NULL },
  { "workers", FALSE, DOWN, "'run_id':'a1'", OF_WORKERS, VERDICT_HOLDS,
    "redis: answers (?, ?); it is the one that workers of workers reported to in this "
    "run",
    NULL },
  { "workers", FALSE, DOWN, "'run_id':'b2'", OF_WORKERS, VERDICT_HOLDS,
    "redis: answers (?, ?); no workers runs to prove that this is its Redis", NULL },
  { "workers", FALSE, DOWN, "'run_id':'a1'", "{}", VERDICT_HOLDS,
    "redis: answers (?, ?); no workers runs to prove that this is its Redis", NULL },
};

static void
assert_remembered (guint row, const Site *site)
{
  g_autoptr (Evidence) evidence = evidence_new ();
  json_auto_t *proofs = json_of (remembered[row].known);
  json_auto_t *proves = remembered[row].proves ? json_of (remembered[row].proves) : NULL;
  g_autofree char *body =
      g_strdup_printf ("{'aof':true,'aof_ok':true,'keys':9,%s}", remembered[row].body);
  g_autofree char *deployment = g_strdup_printf (
      "{'clock_us':200000000,'services':{'workers':{'instances':[{'id':'1','name':'p_1',"
      "'hostname':'h1','state':'running','running':%s,'since_us':1}]}}}",
      remembered[row].running);
  evidence_add (evidence,
                reading_new ("server redis", at (100), at (100), NULL, json_of (body)));
  evidence_add (evidence,
                reading_new ("platform", at (100), at (100), NULL, json_of (deployment)));
  CheckContext context = { .site = site,
                           .platform = &platform,
                           .evidence = evidence,
                           .proofs = proofs,
                           .now = at (100),
                           .speed = 1 };
  CheckRedisSettings settings = { .of = (char *)remembered[row].service,
                                  .role = -1,
                                  .keeps_data = remembered[row].keeps_data };
  g_auto (Judgement) judgement = { 0 };
  check_redis.judge (&settings, &context, &judgement);
  gboolean keeps = strstr (judgement.text, "append-only file") != NULL;
  g_assert_cmpstr (judgement.text, ==, remembered[row].text);
  g_assert_cmpint (judgement.verdict, ==, remembered[row].verdict);
  g_assert_true (judgement.proves == proves || json_equal (judgement.proves, proves));
  g_assert_cmpint (judgement.vain, ==, judgement.verdict == VERDICT_NEVER && !keeps);
}

static void
test_remembered (void)
{
  g_autoptr (Site) site = load ();
  for (guint i = 0; i < G_N_ELEMENTS (remembered); i++)
    assert_remembered (i, site);
}

static void
test_section (void)
{
  CheckRedisSettings settings = answers;
  g_assert_cmpstr (check_redis.spec.section (&settings), ==, "redis");
  settings.server = REDIS_SERVER_NEW;
  g_assert_cmpstr (check_redis.spec.section (&settings), ==, "redis-new");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-redis/conditions", test_conditions);
  g_test_add_func ("/check-redis/failures", test_failures);
  g_test_add_func ("/check-redis/proof", test_proof);
  g_test_add_func ("/check-redis/remembered", test_remembered);
  g_test_add_func ("/check-redis/section", test_section);
  return g_test_run ();
}
