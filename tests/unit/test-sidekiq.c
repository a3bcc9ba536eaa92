/* Samples of all job queues, and what a Redis says of itself, out of canned replies. */
#include "core/net/redis_server.h"
#include "core/net/redis_set.h"
#include "core/net/sidekiq.h"
#include "core/net/sidekiq_job.h"
#include "tests/unit/canned_redis.h"

#define AT_US (G_GINT64_CONSTANT (1000000000) * G_USEC_PER_SEC)

typedef struct {
  SidekiqSampler *sampler;
  RedisReader *reader;
  GPtrArray *asked; /* commands of the last sample */
  guint trips;      /* of the last sample */
} Desk;

static void
desk_init (Desk *desk)
{
  desk->sampler = sidekiq_sampler_new ("r:6379/0");
  desk->reader = redis_reader_new ();
  desk->asked = g_ptr_array_new_with_free_func (g_free);
}

static void
desk_finish (Desk *desk)
{
  sidekiq_sampler_free (desk->sampler);
  redis_reader_free (desk->reader);
  g_ptr_array_unref (desk->asked);
}

static json_t *
desk_sample (Desk *desk, const Canned *rows, GError **error)
{
  json_t *body = NULL;
  GError *own = NULL;
  g_ptr_array_set_size (desk->asked, 0);
  desk->trips = 0;
  const RedisCommands *commands = sidekiq_sampler_begin (desk->sampler, AT_US);
  while (commands) {
    const RedisReply *replies =
        canned_answer (desk->reader, rows, commands, 7, desk->asked);
    commands = sidekiq_sampler_take (desk->sampler, replies, &body, &own);
    g_assert_cmpuint (++desk->trips, <=, 2);
  }
  g_assert_true ((body == NULL) == (own != NULL));
  if (own)
    g_propagate_error (error, own);
  return body;
}

/* Takes over `body`; members that `wanted` does not name may be anything. */
static void
assert_body (json_t *body, const char *wanted)
{
  json_error_t where;
  json_t *json = json_loads (wanted, 0, &where), *value;
  const char *key;
  if (!json)
    g_error ("%s: %s", where.text, wanted);
  json_object_foreach (json, key, value)
  {
    if (json_equal (json_object_get (body, key), value))
      continue;
    g_autofree char *whole = json_dumps (body, JSON_INDENT (1));
    g_error ("\"%s\" is not as wanted in %s", key, whole);
  }
  json_decref (json);
  json_decref (body);
}

static void
assert_fails (Desk *desk, const Canned *rows, const char *sentence)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (desk_sample (desk, rows, &error));
  g_assert_cmpstr (error->message, ==, sentence);
}

/* ---- samples ---------------------------------------------------------------- */

static void
test_empty (void)
{
  Desk desk;
  desk_init (&desk);
  assert_body (desk_sample (&desk, NULL, NULL),
               "{\"at\": 1000000000.0, \"queues\": [], \"busy\": 0, \"threads\": 0, "
               "\"retry\": 0, \"scheduled\": 0, \"dead\": 0, \"processed\": 0, "
               "\"failed\": 0, \"processes\": []}");
  g_assert_cmpuint (desk.trips, ==, 1);
  desk_finish (&desk);
}

#define INFO                                                                       \
  "<{\"hostname\":\"web-1\",\"pid\":1,\"concurrency\":10,\"queues\":[\"default\"," \
  "\"mail\"],\"started_at\":1000000000.1}>"

static const Canned full[] = {
  { "SMEMBERS queues", "*3\r\n<mail><default><lonely>" },
  { "SMEMBERS processes", "*2\r\n<web-1:1:a><web-2:1:b>" },
  { "SMEMBERS paused", "*1\r\n<mail>" },
  { "ZCARD retry", ":4\r\n" },
  { "ZCARD schedule", ":5\r\n" },
  { "ZCARD dead", ":6\r\n" },
  { "GET stat:processed", "<51234>" },
  { "GET stat:failed", "<7>" },
  { "LLEN queue:default", ":2\r\n" },
  { "LINDEX queue:default -1", "<{\"enqueued_at\":1000000000.1}>" },
  { "LLEN queue:mail", ":1\r\n" },
  { "LINDEX queue:mail -1", "<{\"enqueued_at\":1000000090500 }>" },
  { "LLEN queue:lonely", ":1\r\n" },
  { "LINDEX queue:lonely -1", "<why>" },
  { "HMGET web-1:1:a info busy beat quiet", "*4\r\n" INFO "<3><1000000098.5><true>" },
  { "HMGET web-2:1:b info busy beat quiet", "*4\r\n" INFO "<9><1000000085.4><false>" },
  { NULL, NULL },
};

#define FULL                                                                        \
  "{\"queues\": [{\"name\": \"default\", \"size\": 2, \"latency\": 100.4}, "        \
  "{\"name\": \"lonely\", \"size\": 1, \"consumed\": false}, "                      \
  "{\"name\": \"mail\", \"size\": 1, \"latency\": 10.0, \"paused\": true}], "       \
  "\"busy\": 3, \"threads\": 10, \"retry\": 4, \"scheduled\": 5, \"dead\": 6, "     \
  "\"processed\": 51234, \"failed\": 7, \"processes\": [{\"name\": \"web-1:1:a\", " \
  "\"hostname\": \"web-1\", \"busy\": 3, \"threads\": 10, \"quiet\": true, "        \
  "\"beat_s\": 2.0}], \"gone\": [\"web-2:1:b\"]}"

/* Two trips for the first sample, one for the next. */
static void
test_full (void)
{
  Desk desk;
  desk_init (&desk);
  assert_body (desk_sample (&desk, full, NULL), FULL);
  g_assert_cmpuint (desk.trips, ==, 2);
  assert_body (desk_sample (&desk, full, NULL), FULL);
  g_assert_cmpuint (desk.trips, ==, 1);
  g_assert_cmpuint (desk.asked->len, ==, 10 + 3 * 2 + 2);
  /* All gone: what was known is asked for once more, then no longer. */
  json_t *body = desk_sample (&desk, NULL, NULL);
  g_assert_null (json_object_get (body, "gone"));
  assert_body (body, "{\"queues\": [], \"processes\": [], \"busy\": 0}");
  json_decref (desk_sample (&desk, NULL, NULL));
  g_assert_cmpuint (desk.asked->len, ==, 10);
  desk_finish (&desk);
}

/* What comes is asked for in a second trip, and only that. */
static void
test_newcomer (void)
{
  static const Canned before[] = { { "SMEMBERS queues", "*1\r\n<a>" },
                                   { "LLEN queue:a", ":1\r\n" },
                                   { NULL, NULL } };
  static const Canned after[] = { { "SMEMBERS queues", "*2\r\n<b><a>" },
                                  { "LLEN queue:a", ":2\r\n" },
                                  { "LLEN queue:b", ":3\r\n" },
                                  { NULL, NULL } };
  Desk desk;
  desk_init (&desk);
  json_decref (desk_sample (&desk, before, NULL));
  for (guint i = 0; i < 2; i++) {
    assert_body (desk_sample (&desk, after, NULL),
                 "{\"queues\": [{\"name\": \"a\", \"size\": 2}, "
                 "{\"name\": \"b\", \"size\": 3}]}");
    g_assert_cmpuint (desk.trips, ==, i == 0 ? 2 : 1);
    g_assert_cmpuint (desk.asked->len, ==, 10 + 2 + 2);
  }
  desk_finish (&desk);
}

/* Names are bytes; in a reading they are UTF-8, and those that read the same are one. */
static void
test_names (void)
{
  static const Canned rows[] = {
    { "SMEMBERS queues", "*4\r\n<\xFF><\\xFF><\x1B[m><\xC3\xA9>" },
    { "LLEN queue:\xFF", ":1\r\n" },
    { "LLEN queue:\\xFF", ":2\r\n" },
    { "LLEN queue:\x1B[m", ":4\r\n" },
    { "LLEN queue:\xC3\xA9", ":8\r\n" },
    { NULL, NULL },
  };
  Desk desk;
  desk_init (&desk);
  for (guint i = 0; i < 3; i++)
    assert_body (desk_sample (&desk, rows, NULL),
                 "{\"queues\": [{\"name\": \"\\u001b[m\", \"size\": 4}, "
                 "{\"name\": \"\\\\xFF\", \"size\": 3}, "
                 "{\"name\": \"\\u00e9\", \"size\": 8}]}");
  desk_finish (&desk);
  g_autofree char *nul = redis_name ("a\0b", 3);
  g_assert_cmpstr (nul, ==, "a\\x00b");
}

/* A worker whose clock is an hour slow is seen to live once its beat changes. */
static void
test_slow_clock (void)
{
  Canned rows[] = { { "SMEMBERS processes", "*1\r\n<h:1:a>" },
                    { "HMGET *", "*4\r\n" INFO "<0><999996400.0>$-1\r\n" },
                    { NULL, NULL } };
  Desk desk;
  desk_init (&desk);
  for (guint i = 0; i < 2; i++)
    assert_body (desk_sample (&desk, rows, NULL),
                 "{\"processes\": [], \"gone\": [\"h:1:a\"]}");
  rows[1].reply = "*4\r\n" INFO "<0><999996405.0>$-1\r\n";
  assert_body (
      desk_sample (&desk, rows, NULL),
      "{\"processes\": [{\"name\": \"h:1:a\", \"hostname\": \"web-1\", \"busy\": "
      "0, \"threads\": 10, \"quiet\": false, \"beat_s\": 0.0}]}");
  desk_finish (&desk);
}

/* Nobody lives: whether a queue is consumed is not known. */
static void
test_nobody (void)
{
  static const Canned rows[] = { { "SMEMBERS queues", "*1\r\n<a>" },
                                 { "SMEMBERS processes", "*1\r\n<h:1:a>" },
                                 { NULL, NULL } };
  Desk desk;
  desk_init (&desk);
  assert_body (desk_sample (&desk, rows, NULL),
               "{\"queues\": [{\"name\": \"a\", \"size\": 0, \"latency\": 0.0}], "
               "\"gone\": [\"h:1:a\"]}");
  desk_finish (&desk);
}

static void
test_fails (void)
{
  static const struct {
    Canned rows[3];
    const char *sentence;
  } cases[] = {
    { { { "ROLE", "*5\r\n<slave><db\x1B"
                  "1>:6379\r\n<connected>:1\r\n" } },
      "r:6379/0 is a replica of db\\x1B1:6379; its data may lag: name the primary in "
      "redis.url" },
    { { { "SMEMBERS queues", "*1\r\n<\x1B>" },
        { "LLEN queue:\x1B", "-WRONGTYPE Operation against a key\r\n" } },
      "the key \"queue:\\x1B\" of r:6379/0 is no list, so this is not how Sidekiq keeps "
      "its "
      "jobs; name its own database in the site file" },
    { { { "SMEMBERS queues", "-WRONGTYPE Operation against a key\r\n" } },
      "the key \"queues\" of r:6379/0 is no set, so this is not how Sidekiq keeps its "
      "jobs; name its own database in the site file" },
    { { { "ZCARD dead", "-NOPERM no permissions to access a key\r\n" } },
      "r:6379/0 does not let this user read the key \"dead\" (NOPERM no permissions to "
      "access a key); have its ACL allow it" },
    { { { "*", "-NOAUTH Authentication required.\r\n" } },
      "r:6379/0 wants a login; give its password-file (and its user, if there is one) in "
      "the site file" },
    { { { "*", "-LOADING Redis is loading the dataset in memory\r\n" } },
      "r:6379/0 is loading its data and answers nothing yet; wait until it has" },
    { { { "*", "-MASTERDOWN Link with MASTER is down\r\n" } },
      "r:6379/0 is a replica that has lost its primary; name the primary in the site "
      "file, "
      "or see why they do not reach each other" },
    { { { "ZCARD retry", "$-1\r\n" }, { "ZCARD dead", "*0\r\n" } },
      "r:6379/0 was asked to read the key \"dead\" and answered something else; see "
      "what serves there" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Desk desk;
    desk_init (&desk);
    assert_fails (&desk, cases[i].rows, cases[i].sentence);
    json_t *body = desk_sample (&desk, full, NULL); /* and is none the worse for it */
    assert_body (body, FULL);
    desk_finish (&desk);
  }
}

/* A key of another kind is in the way for as long as it is named, and no longer. */
static void
test_mended (void)
{
  static const Canned odd[] = {
    { "LLEN queue:odd", "-WRONGTYPE Operation against a key\r\n" },
    { "LINDEX queue:odd -1", "-WRONGTYPE Operation against a key\r\n" },
    { "HMGET odd:1:a info busy beat quiet", "-WRONGTYPE Operation against a key\r\n" },
  };
  static const struct {
    Canned names;
    const char *sentence;
  } cases[] = {
    { { "SMEMBERS queues", "*2\r\n<odd><mail>" },
      "the key \"queue:odd\" of r:6379/0 is no list, so this is not how Sidekiq keeps "
      "its "
      "jobs; name its own database in the site file" },
    { { "SMEMBERS processes", "*1\r\n<odd:1:a>" },
      "r:6379/0 would not describe a process of Sidekiq and says: WRONGTYPE Operation "
      "against a key" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Canned wrong[] = { cases[i].names, odd[0], odd[1], odd[2], { NULL, NULL } };
    const Canned right[] = { { "SMEMBERS queues", "*1\r\n<mail>" },
                             { "LLEN queue:mail", ":7\r\n" },
                             odd[0],
                             odd[1],
                             odd[2],
                             { NULL, NULL } };
    Desk desk;
    desk_init (&desk);
    for (guint j = 0; j < 3; j++)
      assert_fails (&desk, wrong, cases[i].sentence);
    assert_body (desk_sample (&desk, right, NULL),
                 "{\"queues\": [{\"name\": \"mail\", \"size\": 7}], \"processes\": []}");
    desk_finish (&desk);
  }
}

/* What may be kept from a user, with an ACL or on a managed server. */
static void
test_denied (void)
{
  static const Canned rows[] = {
    { "ROLE", "-NOPERM this user has no permissions to run the 'role' command\r\n" },
    { "TIME", "-ERR unknown command\r\n" },
    { "SMEMBERS paused", "-NOPERM no permissions to access a key\r\n" },
    { "SMEMBERS queues", "*1\r\n<a>" },
    { "LLEN queue:a", ":1\r\n" },
    { "LINDEX *", "<{\"enqueued_at\":999999999.5}>" },
    { NULL, NULL },
  };
  Desk desk;
  desk_init (&desk);
  assert_body (desk_sample (&desk, rows, NULL),
               "{\"queues\": [{\"name\": \"a\", \"size\": 1, \"latency\": 0.5}]}");
  desk_finish (&desk);
}

/* Without the oldest jobs, until they are tried again. */
static void
test_slim (void)
{
  Desk desk;
  desk_init (&desk);
  json_decref (desk_sample (&desk, full, NULL));
  g_assert_true (sidekiq_sampler_slim (desk.sampler));
  g_assert_false (sidekiq_sampler_slim (desk.sampler));
  for (guint i = 0; i < 29; i++) {
    assert_body (desk_sample (&desk, full, NULL),
                 "{\"queues\": [{\"name\": \"default\", \"size\": 2}, "
                 "{\"name\": \"lonely\", \"size\": 1, \"consumed\": false}, "
                 "{\"name\": \"mail\", \"size\": 1, \"paused\": true}]}");
    g_assert_cmpuint (desk.asked->len, ==, 10 + 3 + 2);
  }
  assert_body (desk_sample (&desk, full, NULL), FULL);
  desk_finish (&desk);
}

static void
test_too_many (void)
{
  g_autoptr (GString) queues = g_string_new ("*10001\r\n");
  g_autoptr (GString) processes = g_string_new ("*1001\r\n");
  for (guint i = 0; i < 10001; i++)
    g_string_append_printf (queues, "<%05u>", i);
  for (guint i = 0; i < 1001; i++)
    g_string_append_printf (processes, "<%04u>", i);
  const Canned many_queues[] = { { "SMEMBERS queues", queues->str }, { NULL, NULL } };
  const Canned many_processes[] = { { "SMEMBERS processes", processes->str },
                                    { NULL, NULL } };
  Desk desk;
  desk_init (&desk);
  assert_fails (
      &desk, many_queues,
      "r:6379/0 has 10001 queues, and at most 10000 are followed; see who fills "
      "the set \"queues\"");
  assert_fails (
      &desk, many_processes,
      "r:6379/0 lists 1001 processes of Sidekiq, and at most 1000 are followed; "
      "see who fills the set \"processes\"");
  desk_finish (&desk);
}

/* ---- the oldest job --------------------------------------------------------- */

static void
test_job (void)
{
  static const struct {
    const char *json;
    double seconds; /* 0: not said */
  } rows[] = {
    { "{\"enqueued_at\":1795335122.7732694}", 1795335122.7732694 },
    { "{\"enqueued_at\":1795335122773}", 1795335122.773 },
    { " { \"a\" : [ ] , \"enqueued_at\" : 1.7e9 } ", 1.7e9 },
    { "{\"args\":[{\"enqueued_at\":\"2026-11-22T08:31:34Z\"}],\"enqueued_at\":5.5}",
      5.5 },
    { "{\"args\":[{\"enqueued_at\":7.5}],\"jid\":\"x\"}", 0 },
    { "{\"a\":\"enqueued_at\",\"b\":\"\\\"enqueued_at\\\":7.5\",\"enqueued_at\":1.5}",
      1.5 },
    { "{\"a\":\"\\\\\",\"enqueued_at\":2.5,\"b\":\"\\\\\\\"\"}", 2.5 },
    { "{\"enqueued_at\":1.5,\"enqueued_at\":2.5}", 2.5 },
    { "{\"enqueued_at\":null}", 0 },
    { "{\"enqueued_at\":\"2026-11-22T08:31:34Z\"}", 0 },
    { "{\"enqueued_at\":1e300}", 0 },
    { "{\"enqueued_at\":-5}", 0 },
    { "{\"enqueued_at\"", 0 },
    { "{\"enqueued_at\":", 0 },
    { "[\"enqueued_at\",5.5]", 0 },
    { "\"enqueued_at\":5.5", 0 },
    { "}{\"enqueued_at\":5.5}", 0 },
    { "", 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    double seconds = 0;
    g_autofree char *exact = g_memdup2 (rows[i].json, strlen (rows[i].json));
    gboolean found = sidekiq_job_enqueued_at (exact, strlen (rows[i].json), &seconds);
    g_assert_cmpint (found, ==, rows[i].seconds > 0);
    g_assert_cmpfloat_with_epsilon (seconds, rows[i].seconds, 1e-6);
  }
}

/* ---- the server itself ------------------------------------------------------ */

static json_t *
see_server (const Canned *rows, GError **error)
{
  g_autoptr (RedisServer) server = redis_server_new ("r:6379/0");
  g_autoptr (RedisReader) reader = redis_reader_new ();
  json_t *body = NULL;
  const RedisCommands *commands = redis_server_begin (server, AT_US);
  while (commands)
    commands = redis_server_take (
        server, canned_answer (reader, rows, commands, 100, NULL), &body, error);
  return body;
}

#define RUN_ID "0123456789abcdef0123456789abcdef01234567"

static const Canned server_rows[] = {
  { "INFO server", "<# Server\r\nredis_version:7.2.4\r\nvalkey_version:8.0.1\r\n"
                   "run_id:" RUN_ID "\r\nx:>" },
  { "INFO replication", "<# Replication\r\nrole:slave\r\nmaster_host:db.internal\r\n"
                        "master_port:6380\r\n>" },
  { "INFO persistence",
    "<loading:0\r\nrdb_changes_since_last_save:12\r\nrdb_bgsave_in_progress:1\r\n"
    "rdb_last_bgsave_status:err\r\naof_enabled:1\r\naof_last_write_status:ok\r\n>" },
  { "INFO memory", "<used_memory:1234\r\nmaxmemory_policy:noeviction>" },
  { "INFO keyspace", "<# Keyspace\r\ndb0:keys=40,expires=2,avg_ttl=0\r\n"
                     "db12:keys=2,expires=0,avg_ttl=0\r\n>" },
  { "CONFIG GET save", "*2\r\n<save><3600 1>" },
  { "CONFIG GET shutdown-on-sigterm", "*2\r\n<shutdown-on-sigterm><nosave now>" },
  { "DBSIZE", ":2\r\n" },
  { "SMEMBERS processes", "*1\r\n<web-1:1:a>" },
  { "HMGET web-1:1:a info busy beat quiet", "*4\r\n" INFO "<3><1000000098.0><false>" },
  { NULL, NULL },
};

static void
test_server (void)
{
  GError *error = NULL;
  assert_body (see_server (server_rows, &error),
               "{\"run_id\": \"" RUN_ID
               "\", \"version\": \"8.0.1\", \"role\": \"slave\", \"master\": "
               "\"db.internal:6380\", \"keys\": 2, \"all_keys\": 42, \"memory_bytes\": "
               "1234, \"policy\": "
               "\"noeviction\", \"aof\": true, \"aof_ok\": true, \"snapshot_ok\": false, "
               "\"changes\": 12, \"saving\": true, \"save\": \"3600 1\", "
               "\"on_sigterm\": \"nosave now\", \"processes\": "
               "[{\"name\": \"web-1:1:a\", \"hostname\": \"web-1\", \"busy\": 3, "
               "\"threads\": 10, \"quiet\": false, \"beat_s\": 2.0}]}");
  g_assert_no_error (error);
}

/* What cannot be one is none: it would be kept in the journal. */
static void
test_server_run_id (void)
{
  static const char *const infos[] = {
    "<run_id:>",         "<run_id:0123 4567>",         "<run_id:\xff\xff>",
    "<redis_version:7>", "<run_id:" RUN_ID RUN_ID ">",
  };
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++) {
    Canned rows[G_N_ELEMENTS (server_rows)];
    GError *error = NULL;
    memcpy (rows, server_rows, sizeof rows);
    rows[0].reply = infos[i];
    json_auto_t *body = see_server (rows, &error);
    g_assert_no_error (error);
    g_assert_null (json_object_get (body, "run_id"));
  }
}

static void
test_server_fails (void)
{
  static const Canned loading[] = {
    { "INFO persistence", "<loading:1\r\nloading_loaded_perc:43.10\r\n>" },
    { "*", "-LOADING Redis is loading the dataset in memory\r\n" },
    { NULL, NULL },
  };
  static const Canned denied[] = {
    { "INFO *", "-NOPERM this user has no permissions to run the 'info' command\r\n" },
    { NULL, NULL },
  };
  g_autoptr (GError) error = NULL;
  g_assert_null (see_server (loading, &error));
  g_assert_cmpstr (error->message, ==,
                   "r:6379/0 is loading its data (43.10 %) and answers nothing yet; wait "
                   "until it has");
  g_clear_error (&error);
  g_assert_null (see_server (denied, &error));
  g_assert_nonnull (strstr (error->message, "does not let this user describe itself"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sidekiq/empty", test_empty);
  g_test_add_func ("/sidekiq/full", test_full);
  g_test_add_func ("/sidekiq/newcomer", test_newcomer);
  g_test_add_func ("/sidekiq/names", test_names);
  g_test_add_func ("/sidekiq/slow-clock", test_slow_clock);
  g_test_add_func ("/sidekiq/nobody", test_nobody);
  g_test_add_func ("/sidekiq/fails", test_fails);
  g_test_add_func ("/sidekiq/mended", test_mended);
  g_test_add_func ("/sidekiq/denied", test_denied);
  g_test_add_func ("/sidekiq/slim", test_slim);
  g_test_add_func ("/sidekiq/too-many", test_too_many);
  g_test_add_func ("/sidekiq/job", test_job);
  g_test_add_func ("/sidekiq/server", test_server);
  g_test_add_func ("/sidekiq/server/run-id", test_server_run_id);
  g_test_add_func ("/sidekiq/server/fails", test_server_fails);
  return g_test_run ();
}
