/* What goes wrong between a looker and a real redis-server: the sentence for each, that
 * everything else goes on meanwhile, and that sampling begins again by itself. */
#include <sys/resource.h>

#include "tests/unit/redis_bed.h"

#define LIMIT_US (400 * G_TIME_SPAN_MILLISECOND)
#define QUEUES "queues redis"
#define COMMAND "command \"true\""
/* Far above what an exchange may hold, far below what a server could send. */
#define GROWTH_KIB_MAX (192 * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define COUNTS_MEMORY FALSE /* the sanitizer keeps what was freed */
#else
#define COUNTS_MEMORY TRUE
#endif

/* ---- the proxy -------------------------------------------------------------- */

typedef struct {
  RedisBed bed;
  GPid pid;
  int say, hear;
  guint port;
  Eyes eyes;
} Desk;

static char *
desk_hear (const Desk *desk)
{
  GString *line = g_string_new (NULL);
  char byte;
  while (read (desk->hear, &byte, 1) == 1 && byte != '\n')
    g_string_append_c (line, byte);
  return g_string_free (line, FALSE);
}

static void
desk_tell (const Desk *desk, const char *what)
{
  g_autofree char *line = g_strdup_printf ("%s\n", what);
  g_assert_cmpint (write (desk->say, line, strlen (line)), ==, (gssize)strlen (line));
  g_autofree char *answer = desk_hear (desk);
  g_assert_cmpstr (answer, ==, "ok");
}

static void
desk_start_proxy (Desk *desk)
{
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "fault_proxy.py", NULL);
  g_autofree char *port = g_strdup_printf ("%u", desk->bed.port);
  const char *argv[] = { "python3", script, port, NULL };
  GError *error = NULL;
  g_spawn_async_with_pipes (NULL, (char **)argv, NULL,
                            G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, bed_child,
                            NULL, &desk->pid, &desk->say, &desk->hear, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *line = desk_hear (desk);
  desk->port = (guint)g_ascii_strtoull (line, NULL, 10);
  g_assert_cmpuint (desk->port, >, 0);
}

static void
desk_open (Desk *desk, const char *options, gint64 limit_us)
{
  *desk = (Desk){ 0 };
  bed_start (&desk->bed, options, BED_READY);
  bed_do (&desk->bed, "SADD queues mail");
  bed_do (&desk->bed, "RPUSH queue:mail {} {} {}");
  desk_start_proxy (desk);
  g_autofree char *redis = g_strdup_printf ("{url: 'redis://127.0.0.1:%u'}", desk->port);
  eyes_open (&desk->eyes, redis);
  eyes_watch (&desk->eyes, request_queues ("redis", 0, limit_us));
  eyes_watch (&desk->eyes,
              request_command ((const char *const[]){ "true", NULL }, 0, BED_LIMIT_US));
}

static void
desk_close (Desk *desk)
{
  eyes_close (&desk->eyes);
  kill (desk->pid, SIGKILL);
  waitpid (desk->pid, NULL, 0);
  close (desk->say);
  close (desk->hear);
  bed_stop (&desk->bed);
}

/* ---- what is seen ----------------------------------------------------------- */

static const Reading *
desk_until (Desk *desk, gboolean good)
{
  for (;;) {
    const Reading *reading = eyes_next (&desk->eyes, QUEUES);
    if ((reading->error == NULL) == good)
      return reading;
  }
}

static void
desk_see_good (Desk *desk)
{
  const Reading *reading = desk_until (desk, TRUE);
  g_assert_cmpint (eyes_size (reading, 0), ==, 3);
}

static glong
peak_kib (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/* The next readings fail with `sentence` in them; a command is looked at meanwhile, and
 * when the proxy is in order again, so is the sample. */
static void
desk_see_fault (Desk *desk, const char *fault, const char *sentence)
{
  g_test_message ("%s", fault);
  desk_see_good (desk);
  glong before_kib = peak_kib ();
  desk_tell (desk, fault);
  const Reading *reading = desk_until (desk, FALSE);
  if (!strstr (reading->error, sentence))
    g_error ("%s: %s", fault, reading->error);
  g_assert_nonnull (strchr (reading->error, ';')); /* and what to do */
  eyes_next (&desk->eyes, COMMAND);
  g_assert_true (!COUNTS_MEMORY || peak_kib () - before_kib < GROWTH_KIB_MAX);
  desk_tell (desk, "pass");
  desk_tell (desk, "drop");
  do /* without waiting until it may be asked again */
    looker_watch (desk->eyes.looker, desk->eyes.requests, process_now ().boot_us);
  while (eyes_next (&desk->eyes, QUEUES)->error);
}

/* ---- tests ------------------------------------------------------------------ */

static void
test_late (void)
{
  Desk desk;
  desk_open (&desk, "--save", LIMIT_US);
  desk_see_fault (&desk, "hole", " did not answer within 400ms; ");
  desk_see_fault (&desk, "delay 2", " did not answer within 400ms; ");
  desk_tell (&desk, "delay 0.05");
  desk_see_good (&desk);
  desk_close (&desk);
}

/* While a sample waits for an answer that does not come, looks at the rest go on. */
static void
test_meanwhile (void)
{
  Desk desk;
  desk_open (&desk, "--save", 2 * G_USEC_PER_SEC);
  desk_see_good (&desk);
  desk_tell (&desk, "hole");
  guint commands = 0;
  for (guint seen = desk.eyes.readings->len;; seen++) {
    while (seen == desk.eyes.readings->len)
      g_main_context_iteration (NULL, TRUE);
    const Reading *reading = g_ptr_array_index (desk.eyes.readings, seen);
    if (strcmp (reading->key, QUEUES) == 0 && reading->error)
      break;
    commands += strcmp (reading->key, COMMAND) == 0;
  }
  g_assert_cmpuint (commands, >=, 2); /* one every 100 ms of two seconds */
  desk_close (&desk);
}

static void
test_broken (void)
{
  Desk desk;
  desk_open (&desk, "--save", BED_LIMIT_US);
  desk_see_fault (&desk, "cut 40", " closed the connection in the middle; ");
  desk_see_fault (&desk, "cut 0", " closed the connection in the middle; ");
  desk_see_fault (&desk, "bye -ERR max number of clients reached\\r\\n",
                  " has as many clients as it takes; ");
  desk_see_fault (&desk, "bye -DENIED Redis is running in protected mode\\r\\n",
                  " is in protected mode ");
  desk_close (&desk);
}

static void
test_nonsense (void)
{
  static const char *const rows[] = {
    "say HTTP/1.1 400 Bad Request\\r\\n\\r\\n",
    "say \\x00\\x01\\x02",
    "say *-9\\r\\n",
    "say :12x\\r\\n",
    "say |+OK\\r\\n x50",
  };
  Desk desk;
  desk_open (&desk, "--save", BED_LIMIT_US);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    desk_see_fault (&desk, rows[i], " no reply of a Redis; ");
  desk_see_fault (&desk, "say \\x15\\x03\\x03\\x00\\x02\\x02\\x46", " speaks TLS; ");
  desk_close (&desk);
}

#define SEVENTY "0123456789012345678901234567890123456789012345678901234567890123456789"
#define SEVEN_HUNDRED \
  SEVENTY SEVENTY SEVENTY SEVENTY SEVENTY SEVENTY SEVENTY SEVENTY SEVENTY SEVENTY

static void
test_too_large (void)
{
  static const char *const rows[] = {
    "say $1073741824\\r\\nabc",
    "say *1073741824\\r\\n",
    "say *200001\\r\\n",
    "say *150000\\r\\n*150000\\r\\n",
    "say +|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x100000",
    "say $|00000000000000000000000000000000 x100000",
    /* 133 MB, of values that are each small enough */
    "say *190000\\r\\n|$700\\r\\n" SEVEN_HUNDRED "\\r\\n x190000",
  };
  Desk desk;
  desk_open (&desk, "--save", BED_LIMIT_US);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    desk_see_fault (&desk, rows[i], " answers with more than ");
  desk_close (&desk);
}

/* The oldest job of a queue is larger than all that is taken: its size is seen at least. */
static void
test_large_job (void)
{
  Desk desk;
  desk_open (&desk, "--save", BED_LIMIT_US);
  desk_see_good (&desk);
  bed_do (&desk.bed, "EVAL \"return redis.call('RPUSH', 'queue:mail', "
                     "string.rep('x', 70000000))\" 0");
  const Reading *reading;
  do {
    reading = eyes_next (&desk.eyes, QUEUES);
    g_assert_cmpstr (reading->error, ==, NULL);
  } while (eyes_size (reading, 0) != 4);
  const json_t *queues = json_object_get (reading->body, "queues");
  g_assert_null (json_object_get (json_array_get (queues, 0), "latency"));
  desk_close (&desk);
}

static void
test_restart (void)
{
  Desk desk;
  desk_open (&desk, "--appendonly yes --appendfsync always", BED_LIMIT_US);
  g_autofree char *direct =
      g_strdup_printf ("{url: 'redis://127.0.0.1:%u'}", desk.bed.port);
  desk_see_good (&desk);
  eyes_close (&desk.eyes);
  eyes_open (&desk.eyes, direct);
  eyes_watch (&desk.eyes, request_queues ("redis", 0, BED_LIMIT_US));
  for (guint i = 0; i < 3; i++) {
    desk_see_good (&desk);
    bed_kill (&desk.bed);
    const Reading *reading = desk_until (&desk, FALSE);
    if (!strstr (reading->error, "Connection refused"))
      g_assert_nonnull (strstr (reading->error, " closed the connection"));
    bed_start (&desk.bed, "--appendonly yes", BED_READY);
  }
  desk_see_good (&desk);
  desk_close (&desk);
}

static void
pair_open (Desk *desk, RedisBed *replica)
{
  desk_open (desk, "--save --repl-diskless-sync-delay 0", BED_LIMIT_US);
  g_autofree char *options = g_strdup_printf (
      "--save --repl-diskless-sync-delay 0 --replicaof 127.0.0.1 %u", desk->bed.port);
  *replica = (RedisBed){ 0 };
  bed_start (replica, options, "Finished with success");
}

/* The replica becomes the primary, and the other one its replica. */
static void
pair_swap (const Desk *desk, const RedisBed *replica)
{
  g_autofree char *demote = g_strdup_printf ("REPLICAOF 127.0.0.1 %u", replica->port);
  bed_do (replica, "REPLICAOF NO ONE");
  bed_do (&desk->bed, demote);
}

static void
pair_lead_to_replica (const Desk *desk, const RedisBed *replica)
{
  g_autofree char *to = g_strdup_printf ("to %u", replica->port);
  desk_tell (desk, to);
}

/* After a failover the name leads to the new primary. The old one keeps its connections,
 * and nobody gets there who stays on them. */
static void
test_failover (void)
{
  Desk desk;
  RedisBed replica;
  pair_open (&desk, &replica);
  desk_see_good (&desk);
  pair_swap (&desk, &replica);
  const Reading *reading = desk_until (&desk, FALSE);
  g_assert_nonnull (strstr (reading->error, " is a replica of "));
  pair_lead_to_replica (&desk, &replica);
  desk_see_good (&desk);
  desk_close (&desk);
  bed_stop (&replica);
}

static void
desk_see_role (Desk *desk, const char *role)
{
  const Reading *reading;
  do {
    reading = eyes_next (&desk->eyes, "server redis");
    g_assert_cmpstr (reading->error, ==, NULL);
  } while (strcmp (json_string_value (json_object_get (reading->body, "role")), role));
}

/* For a look at the server itself a replica is as good, and is looked for anew as well. */
static void
test_failover_of_server (void)
{
  Desk desk;
  RedisBed replica;
  pair_open (&desk, &replica);
  g_autofree char *redis = g_strdup_printf ("{url: 'redis://127.0.0.1:%u'}", desk.port);
  eyes_close (&desk.eyes);
  eyes_open (&desk.eyes, redis);
  eyes_watch (&desk.eyes, request_redis ("redis", 0, BED_LIMIT_US));
  desk_see_role (&desk, "master");
  pair_swap (&desk, &replica);
  desk_see_role (&desk, "slave");
  pair_lead_to_replica (&desk, &replica);
  desk_see_role (&desk, "master");
  desk_close (&desk);
  bed_stop (&replica);
}

static gint64
wait_us (const Reading *before, const Reading *after)
{
  return after->began.boot_us - before->ended.boot_us;
}

/* After failures the next look comes 1 s later, then 2 s; after a good one at once. */
static void
test_back_off (void)
{
  Desk desk;
  desk_open (&desk, "--save", BED_LIMIT_US);
  desk_see_good (&desk);
  desk_tell (&desk, "bye -ERR no\\r\\n");
  const Reading *first = desk_until (&desk, FALSE);
  const Reading *second = eyes_next (&desk.eyes, QUEUES);
  const Reading *third = eyes_next (&desk.eyes, QUEUES);
  g_assert_nonnull (third->error);
  g_assert_cmpint (wait_us (first, second), >=, 1000000);
  g_assert_cmpint (wait_us (second, third), >=, 2000000);
  /* Somebody who wants a fresh reading does not wait. */
  desk_tell (&desk, "pass");
  looker_watch (desk.eyes.looker, desk.eyes.requests, process_now ().boot_us);
  const Reading *fresh = eyes_next (&desk.eyes, QUEUES);
  g_assert_cmpstr (fresh->error, ==, NULL);
  g_assert_cmpint (wait_us (third, fresh), <, 1000000);
  g_assert_cmpint (wait_us (fresh, eyes_next (&desk.eyes, QUEUES)), <, 1000000);
  desk_close (&desk);
}

/* The server itself is stuck. */
static void
test_sleep (void)
{
  Desk desk;
  desk_open (&desk, "--save --enable-debug-command yes", LIMIT_US);
  desk_see_good (&desk);
  g_autofree char *line =
      g_strdup_printf ("redis-cli -s '%s' DEBUG SLEEP 1.2 >'%s/slept' &", desk.bed.socket,
                       desk.bed.folder);
  g_assert_cmpint (system (line), ==, 0);
  const Reading *reading = desk_until (&desk, FALSE);
  g_assert_nonnull (strstr (reading->error, " did not answer within 400ms; "));
  desk_see_good (&desk);
  desk_close (&desk);
}

int
main (int argc, char **argv)
{
  static const char *const programs[] = { "redis-server", "redis-cli", "python3", NULL };
  g_test_init (&argc, &argv, NULL);
  if (bed_skips (programs))
    return 77;
  g_test_add_func ("/redis/faults/late", test_late);
  g_test_add_func ("/redis/faults/meanwhile", test_meanwhile);
  g_test_add_func ("/redis/faults/broken", test_broken);
  g_test_add_func ("/redis/faults/nonsense", test_nonsense);
  g_test_add_func ("/redis/faults/too-large", test_too_large);
  g_test_add_func ("/redis/faults/large-job", test_large_job);
  g_test_add_func ("/redis/faults/restart", test_restart);
  g_test_add_func ("/redis/faults/failover", test_failover);
  g_test_add_func ("/redis/faults/failover/server", test_failover_of_server);
  g_test_add_func ("/redis/faults/back-off", test_back_off);
  g_test_add_func ("/redis/faults/sleep", test_sleep);
  return g_test_run ();
}
