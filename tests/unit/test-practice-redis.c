/* The simulated Redis, and its protocol: bytes in, bytes out. */
#include "core/practice/redis/resp.h"
#include "tests/unit/world_bed.h"

#define DATABASE 1

typedef struct {
  Bed bed;
  Redis *redis;
  RespConnection *connection;
} Server;

/* Ten seconds in, everything is up and the workers have been heard of. */
static void
server_open (Server *server)
{
  bed_open (&server->bed);
  server->bed.queue[BED_DEFAULT].holds = 200;
  bed_begin (&server->bed, 7);
  bed_pass (&server->bed, 10);
  server->redis = redis_new (server->bed.world, DATABASE, "/run/redis");
  server->connection = resp_new (server->redis);
}

static void
server_close (Server *server)
{
  resp_free (server->connection);
  redis_free (server->redis);
  bed_close (&server->bed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Server, server_close)

/* What comes back, as text; what is over ends with "<closed>". */
static char *
send_bytes (Server *server, const char *bytes, gsize length, gsize piece)
{
  GString *out = g_string_new (NULL);
  gboolean open = TRUE;
  for (gsize at = 0; at < length && open; at += piece)
    open = resp_take (server->connection, bytes + at, MIN (piece, length - at), out);
  if (!open)
    g_string_append (out, "<closed>");
  return g_string_free (out, FALSE);
}

static char *
ask (Server *server, const char *line)
{
  g_autofree char *text = g_strconcat (line, "\r\n", NULL);
  return send_bytes (server, text, strlen (text), strlen (text));
}

static char *
ask_of (Server *server, const char *format, const char *word)
{
  g_autofree char *line = g_strdup_printf (format, word); /* NOLINT: a test's own */
  return ask (server, line);
}

static void
check (Server *server, const char *line, const char *wanted)
{
  g_autofree char *found = ask (server, line);
  g_assert_cmpstr (found, ==, wanted);
}

/* ---- what is said to what --------------------------------------------------------- */

/* In database 1. What a real one says to each is compared in test-practice-contract.py. */
static const struct {
  const char *line, *answer;
} said[] = {
  { "PING", "+PONG\r\n" },
  { "ping 'a b'", "$3\r\na b\r\n" },
  { "ping \"a\\x41\\n\"", "$3\r\naA\n\r\n" },
  { "ping a b", "-ERR wrong number of arguments for 'ping' command\r\n" },
  { "ECHO x", "$1\r\nx\r\n" },
  { "SELECT 16", "-ERR DB index is out of range\r\n" },
  { "SELECT 01", "-ERR value is not an integer or out of range\r\n" },
  { "AUTH x",
    "-ERR AUTH <password> called without any password configured for the default "
    "user. Are you sure your configuration is correct?\r\n" },
  { "AUTH default x", "+OK\r\n" },
  { "AUTH ops x", "-WRONGPASS invalid username-password pair or user is disabled.\r\n" },
  { "CLIENT GETNAME", "$-1\r\n" },
  { "CLIENT SETNAME a\\b", "+OK\r\n" },
  { "client getname", "$3\r\na\\b\r\n" },
  { "CLIENT SETNAME 'a b'",
    "-ERR Client names cannot contain spaces, newlines or special characters.\r\n" },
  { "CLIENT ID", ":1\r\n" },
  { "CLIENT", "-ERR wrong number of arguments for 'client' command\r\n" },
  { "CLIENT BE", "-ERR unknown subcommand 'BE'. Try CLIENT HELP.\r\n" },
  { "CLIENT LIST",
    "-ERR the simulated Redis does not know CLIENT LIST, which a real one has\r\n" },
  { "COMMAND DOCS", "*0\r\n" },
  { "HELLO 3", "-NOPROTO the simulated Redis speaks RESP 2 alone\r\n" },
  { "HELLO 4", "-NOPROTO unsupported protocol version\r\n" },
  { "FLUSHALL",
    "-ERR the simulated Redis does not know FLUSHALL, which a real one has\r\n" },
  { "CONFIG SET save ''",
    "-ERR the simulated Redis does not know CONFIG SET, which a real one has\r\n" },
  { "Fly to 'the\\n moon'",
    "-ERR unknown command 'Fly', with args beginning with: 'to' 'the\\n moon' \r\n" },
  { "fly \"a\\r\\nb\"",
    "-ERR unknown command 'fly', with args beginning with: 'a  b' \r\n" },
  { "'get getbit' x",
    "-ERR unknown command 'get getbit', with args beginning with: 'x' \r\n" },
  { "CONFIG GET save appendonly", "*4\r\n$10\r\nappendonly\r\n$2\r\nno\r\n$4\r\nsave\r\n$"
                                  "23\r\n3600 1 300 100 60 10000\r\n" },
  { "config get SHUTDOWN-ON-SIGT*",
    "*2\r\n$19\r\nshutdown-on-sigterm\r\n$7\r\ndefault\r\n" },
  { "CONFIG GET nope", "*0\r\n" },
  { "ROLE", "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n" },
  { "TYPE queues", "+set\r\n" },
  { "TYPE queue:default", "+list\r\n" },
  { "TYPE nope", "+none\r\n" },
  { "EXISTS queues nope queues", ":2\r\n" },
  { "TTL queues", ":-1\r\n" },
  { "TTL nope", ":-2\r\n" },
  { "GET queues",
    "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n" },
  { "LLEN queues",
    "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n" },
  { "LLEN nope", ":0\r\n" },
  { "LINDEX queue:default x", "-ERR value is not an integer or out of range\r\n" },
  { "LINDEX nope x", "$-1\r\n" },
  { "LRANGE nope 0 -1", "*0\r\n" },
  { "HMGET nope a b", "*2\r\n$-1\r\n$-1\r\n" },
  { "HGETALL nope", "*0\r\n" },
  { "SISMEMBER queues default", ":1\r\n" },
  { "SISMEMBER queues defaul", ":0\r\n" },
  { "ZRANGE schedule 0 -1 byscore",
    "-ERR the simulated Redis does not know ZRANGE with BYSCORE\r\n" },
  { "ZRANGE schedule 0 -1 fast", "-ERR syntax error\r\n" },
  { "EXPIRE nope 10", ":0\r\n" },
  { "EXPIRE nope 10 zz", "-ERR Unsupported option zz\r\n" },
  { "EXPIRE nope 9223372036854775807",
    "-ERR invalid expire time in 'expire' command\r\n" },
  { "EXPIRE queues 10", "-ERR the simulated Redis lets only PROCESS-signals expire, the "
                        "lists of signals for workers\r\n" },
  { "LPUSH queue:default x", "-ERR the simulated Redis takes nothing but signals for "
                             "workers: LPUSH PROCESS-signals "
                             "TSTP, in database 1\r\n" },
  { "SCAN x", "-ERR invalid cursor\r\n" },
  { "SCAN 0 COUNT 0", "-ERR syntax error\r\n" },
  { "SCAN 0 MATCH queue:x* COUNT 5 TYPE list", "*2\r\n$1\r\n0\r\n*0\r\n" },
  { "SCAN 0 MATCH queue[!-:]d?fa* COUNT 5 TYPE LIST",
    "*2\r\n$1\r\n0\r\n*1\r\n$13\r\nqueue:default\r\n" },
  { "KEYS queue[^a-z]def*t", "*1\r\n$13\r\nqueue:default\r\n" },
  { "KEYS qu*s\\*", "*0\r\n" },
  { "BGSAVE now", "-ERR syntax error\r\n" },
  { "TIME x", "-ERR wrong number of arguments for 'time' command\r\n" },
  { "", "" },
};

static void
test_said (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  server.bed.queue[BED_MAIL].per_minute = 0;
  check (&server, "SELECT 1", "+OK\r\n");
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    check (&server, said[i].line, said[i].answer);
}

/* All of it at once, and byte by byte, and as arrays: the same. */
static void
test_pieces (void)
{
  g_autoptr (GString) lines = g_string_new (NULL), wanted = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (said); i++) {
    g_string_append_printf (lines, "%s\n", said[i].line);
    g_string_append (wanted, said[i].answer);
  }
  static const gsize pieces[] = { 1, 2, 7, 100000 };
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_auto (Server) server = { 0 };
    server_open (&server);
    check (&server, "*2\r\n$6\r\nSELECT\r\n$1\r\n1", "+OK\r\n");
    g_autofree char *found = send_bytes (&server, lines->str, lines->len, pieces[i]);
    g_assert_cmpstr (found, ==, wanted->str);
  }
}

static void
test_arrays (void)
{
  static const char bytes[] =
      "*0\r\n*-1\r\n*2\r\n$4\r\nECHO\r\n$3\r\na\0b\r\n*1\r\n$4\r\nPING\r\n";
  static const char wanted[] = "$3\r\na\0b\r\n+PONG\r\n";
  const gsize length = sizeof bytes - 1;
  for (gsize piece = 1; piece <= length; piece++) {
    g_auto (Server) server = { 0 };
    server_open (&server);
    g_autoptr (GString) out = g_string_new (NULL);
    for (gsize at = 0; at < length; at += piece)
      g_assert_true (
          resp_take (server.connection, bytes + at, MIN (piece, length - at), out));
    g_assert_cmpuint (out->len, ==, sizeof wanted - 1);
    g_assert_true (memcmp (out->str, wanted, out->len) == 0);
  }
}

static void
test_broken (void)
{
  static const struct {
    const char *bytes, *answer;
  } broken[] = {
    { "*x\r\n", "-ERR Protocol error: invalid multibulk length\r\n<closed>" },
    { "*01\r\n", "-ERR Protocol error: invalid multibulk length\r\n<closed>" },
    { "*1025\r\n", "-ERR Protocol error: invalid multibulk length\r\n<closed>" },
    { "*1\r\n:1\r\n", "-ERR Protocol error: expected '$', got ':'\r\n<closed>" },
    { "*1\r\n$-1\r\n", "-ERR Protocol error: invalid bulk length\r\n<closed>" },
    { "*1\r\n$1048577\r\n", "-ERR Protocol error: invalid bulk length\r\n<closed>" },
    { "ping 'a\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n<closed>" },
    { "ping 'a'b\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n<closed>" },
    { "PING\r\nQUIT\r\nPING\r\n", "+PONG\r\n+OK\r\n<closed>" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_auto (Server) server = { 0 };
    server_open (&server);
    g_autofree char *found =
        send_bytes (&server, broken[i].bytes, strlen (broken[i].bytes), 3);
    g_assert_cmpstr (found, ==, broken[i].answer);
  }
}

/* A line, or a length, that never ends is given up; so is what would be much of a command. */
static void
test_endless (void)
{
  static const char *const begins[] = { "", "*1", "*1\r\n$1" };
  static const char *const answers[] = {
    "-ERR Protocol error: too big inline request\r\n<closed>",
    "-ERR Protocol error: too big mbulk count string\r\n<closed>",
    "-ERR Protocol error: too big bulk count string\r\n<closed>",
  };
  for (guint i = 0; i < G_N_ELEMENTS (begins); i++) {
    g_auto (Server) server = { 0 };
    server_open (&server);
    g_autofree char *ones = g_strnfill (100000, '1');
    g_autofree char *bytes = g_strconcat (begins[i], ones, NULL);
    g_autofree char *found = send_bytes (&server, bytes, strlen (bytes), 4096);
    g_assert_cmpstr (found, ==, answers[i]);
  }
  g_auto (Server) server = { 0 };
  server_open (&server);
  g_autofree char *half = g_strnfill (600000, 'a');
  g_autofree char *bytes = g_strdup_printf (
      "*3\r\n$4\r\nECHO\r\n$600000\r\n%s\r\n$600000\r\n%s\r\n", half, half);
  g_autofree char *found = send_bytes (&server, bytes, strlen (bytes), 65536);
  g_assert_cmpstr (found, ==, "-ERR Protocol error: invalid bulk length\r\n<closed>");
}

/* Whoever asks for more than is ever taken away is cut off. */
static void
test_too_many_answers (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  check (&server, "SELECT 1", "+OK\r\n");
  g_autoptr (GString) lines = g_string_new (NULL), out = g_string_new (NULL);
  for (guint i = 0; i < 10000; i++)
    g_string_append (lines, "LRANGE queue:default 0 -1\n");
  g_assert_false (resp_take (server.connection, lines->str, lines->len, out));
  g_assert_cmpuint (out->len, <, 80 * 1024 * 1024);
}

/* ---- what it holds ------------------------------------------------------------------ */

/* What was asked for one at a time, and all together. */
static void
test_lists (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  check (&server, "SELECT 1", "+OK\r\n");
  guint length = world_key_length (server.bed.world, "queue:default");
  g_autofree char *wanted = g_strdup_printf (":%u\r\n", length);
  check (&server, "LLEN queue:default", wanted);
  g_assert_cmpuint (length, >, 100);
  static const char *const ranges[][2] = {
    { "LRANGE queue:default 0 0", "LINDEX queue:default 0" },
    { "LRANGE queue:default -1 -1", "LINDEX queue:default -1" },
    { "LRANGE queue:default -1 100000", "LINDEX queue:default -1" },
    { "LRANGE queue:default -100000 0", "LINDEX queue:default 0" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    g_autofree char *one = ask (&server, ranges[i][1]);
    g_autofree char *listed = g_strconcat ("*1\r\n", one, NULL);
    check (&server, ranges[i][0], listed);
  }
  g_autofree char *oldest = ask (&server, "LINDEX queue:default -1");
  g_autofree char *newest = ask (&server, "LINDEX queue:default 0");
  g_assert_cmpstr (oldest, !=, newest);
  check (&server, "LRANGE queue:default 3 1", "*0\r\n");
  check (&server, "LINDEX queue:default 100000", "$-1\r\n");
}

/* "$3\r\nabc\r\n" → "abc". */
static char *
text_of (const char *answer)
{
  const char *begin = strchr (answer, '\n');
  g_assert_nonnull (begin);
  g_assert_true (g_str_has_prefix (answer, "$") && g_str_has_suffix (answer, "\r\n"));
  return g_strndup (begin + 1, strlen (begin + 1) - 2);
}

static char *
first_process (const Server *server)
{
  json_t *names = world_key (server->bed.world, "processes");
  char *name = g_strdup (json_string_value (json_array_get (names, 0)));
  g_assert_cmpuint (json_array_size (names), ==, 2);
  json_decref (names);
  return name;
}

static void
test_processes (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  check (&server, "SELECT 1", "+OK\r\n");
  check (&server, "SCARD processes", ":2\r\n");
  g_autofree char *name = first_process (&server);
  g_autofree char *busy = ask_of (&server, "HGET %s busy", name);
  g_autofree char *both = ask_of (&server, "HMGET %s busy nope", name);
  g_autofree char *wanted = g_strconcat ("*2\r\n", busy, "$-1\r\n", NULL);
  g_assert_cmpstr (both, ==, wanted);
  g_autofree char *length = ask_of (&server, "HLEN %s", name);
  g_assert_cmpstr (length, ==, ":6\r\n");
  g_autofree char *all = ask_of (&server, "HGETALL %s", name);
  g_assert_true (g_str_has_prefix (all, "*12\r\n$4\r\ninfo\r\n"));
  g_autofree char *info = ask_of (&server, "HGET %s info", name);
  g_autofree char *text = text_of (info);
  json_t *json = json_loads (text, 0, NULL);
  g_assert_cmpstr (json_string_value (json_object_get (json, "identity")), ==, name);
  json_decref (json);
  g_autofree char *ttl = ask_of (&server, "TTL %s", name);
  gint64 seconds = g_ascii_strtoll (ttl + 1, NULL, 10);
  g_assert_true (ttl[0] == ':' && seconds >= 55 && seconds <= 60);
}

/* Members by score, the scores to the last bit. */
static void
test_sorted (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  check (&server, "SELECT 1", "+OK\r\n");
  check (&server, "ZCARD schedule", ":3\r\n");
  g_autofree char *answer = ask (&server, "ZRANGE schedule 0 -1 WITHSCORES");
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);
  g_assert_cmpstr (lines[0], ==, "*6");
  double last = 0;
  json_t *scheduled = world_key (server.bed.world, "schedule");
  for (guint i = 0; i < 3; i++) {
    double score = g_ascii_strtod (lines[4 + 4 * i], NULL);
    g_assert_cmpfloat (score, >, last);
    g_assert_cmpfloat (score, ==,
                       json_number_value (json_object_get (scheduled, lines[2 + 4 * i])));
    last = score;
  }
  json_decref (scheduled);
  g_autofree char *middle = ask (&server, "ZRANGE schedule 1 -2");
  g_autofree char *wanted = g_strdup_printf ("*1\r\n%s\r\n%s\r\n", lines[5], lines[6]);
  g_assert_cmpstr (middle, ==, wanted);
}

/* Of another database nothing is seen, and nobody in it can signal. */
static void
test_other_database (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  check (&server, "SMEMBERS queues", "*0\r\n");
  check (&server, "DBSIZE", ":0\r\n");
  check (&server, "KEYS *", "*0\r\n");
  check (&server, "LRANGE queue:default 0 -1", "*0\r\n");
  check (&server, "LINDEX queue:default 0", "$-1\r\n");
  check (&server, "GET stat:processed", "$-1\r\n");
  check (&server, "EXISTS queues", ":0\r\n");
  g_autofree char *name = first_process (&server);
  g_autofree char *refused = ask_of (&server, "LPUSH %s-signals TSTP", name);
  g_assert_true (
      g_str_has_prefix (refused, "-ERR the simulated Redis takes nothing but"));
  check (&server, "SELECT 1", "+OK\r\n");
  check (&server, "SCARD queues", ":2\r\n");
  g_auto (GStrv) keys = world_keys (server.bed.world);
  g_autofree char *size = g_strdup_printf (":%u\r\n", g_strv_length (keys));
  check (&server, "DBSIZE", size);
}

/* What `quiet` sends does it; the signal that nobody has taken goes by itself. */
static void
test_signals (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  check (&server, "SELECT 1", "+OK\r\n");
  g_autofree char *name = first_process (&server);
  g_autofree char *before = ask_of (&server, "HGET %s quiet", name);
  g_assert_cmpstr (before, ==, "$5\r\nfalse\r\n");
  g_autofree char *pushed = ask_of (&server, "LPUSH %s-signals TSTP", name);
  g_assert_cmpstr (pushed, ==, ":1\r\n");
  g_autofree char *expires = ask_of (&server, "EXPIRE %s-signals 40", name);
  g_assert_cmpstr (expires, ==, ":1\r\n");
  g_autofree char *ttl = ask_of (&server, "TTL %s-signals", name);
  g_assert_cmpstr (ttl, ==, ":40\r\n");
  bed_pass (&server.bed, 11);
  g_autofree char *quiet = ask_of (&server, "HGET %s quiet", name);
  g_assert_cmpstr (quiet, ==, "$4\r\ntrue\r\n");
  g_autofree char *taken = ask_of (&server, "EXISTS %s-signals", name);
  g_assert_cmpstr (taken, ==, ":0\r\n");
  check (&server, "LPUSH nobody:1:0123456789ab-signals TSTP TERM", ":2\r\n");
  check (&server, "LRANGE nobody:1:0123456789ab-signals 0 -1",
         "*2\r\n$4\r\nTERM\r\n$4\r\nTSTP\r\n");
  check (&server, "EXPIRE nobody:1:0123456789ab-signals 20", ":1\r\n");
  bed_pass (&server.bed, 19);
  check (&server, "LLEN nobody:1:0123456789ab-signals", ":2\r\n");
  bed_pass (&server.bed, 2);
  check (&server, "LLEN nobody:1:0123456789ab-signals", ":0\r\n");
  check (&server, "LPUSH nobody:1:0123456789ab-signals 'rm -rf'",
         "-ERR the simulated Redis takes nothing but signals for workers: LPUSH "
         "PROCESS-signals TSTP, in database 1\r\n");
}

/* ---- what it is ------------------------------------------------------------------------ */

static char *
info_of (Server *server, const char *section, const char *name)
{
  g_autofree char *answer = ask_of (server, "INFO %s", section);
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);
  g_autofree char *prefix = g_strconcat (name, ":", NULL);
  for (char **line = lines; *line; line++)
    if (g_str_has_prefix (*line, prefix))
      return g_strdup (*line + strlen (prefix));
  return NULL;
}

static void
check_info (Server *server, const char *section, const char *name, const char *wanted)
{
  g_autofree char *found = info_of (server, section, name);
  g_assert_cmpstr (found, ==, wanted);
}

static void
test_info (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  World *world = server.bed.world;
  check_info (&server, "server", "run_id", world_redis_run_id (world));
  check_info (&server, "SERVER", "redis_version", REDIS_VERSION);
  check_info (&server, "clients", "connected_clients", "1");
  check_info (&server, "persistence", "aof_enabled", "0");
  check_info (&server, "persistence", "loading", "0");
  check_info (&server, "memory", "maxmemory_policy", "noeviction");
  check_info (&server, "replication", "role", "master");
  check_info (&server, "replication", "run_id", NULL);
  check_info (&server, "everything", "role", "master");
  check_info (&server, "", "role", "master");
  check (&server, "INFO nope", "$0\r\n\r\n");
  g_autofree char *changes =
      g_strdup_printf ("%" G_GUINT64_FORMAT, world_redis_changes (world));
  g_assert_cmpstr (changes, !=, "0");
  check_info (&server, "persistence", "rdb_changes_since_last_save", changes);
  g_auto (GStrv) keys = world_keys (world);
  g_autofree char *space = info_of (&server, "keyspace", "db1");
  g_autofree char *begin = g_strdup_printf ("keys=%u,expires=", g_strv_length (keys));
  g_assert_true (g_str_has_prefix (space, begin));
  check (&server, "INFO modules", "$11\r\n# Modules\r\n\r\n");
}

static void
test_save (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  World *world = server.bed.world;
  check (&server, "SAVE", "+OK\r\n");
  check_info (&server, "persistence", "rdb_changes_since_last_save", "0");
  g_autofree char *now =
      g_strdup_printf ("%" G_GINT64_FORMAT, world_wall_us (world) / BED_S);
  check_info (&server, "persistence", "rdb_last_save_time", now);
  g_autofree char *integer = g_strdup_printf (":%s\r\n", now);
  check (&server, "LASTSAVE", integer);
  check (&server, "BGSAVE SCHEDULE", "+Background saving started\r\n");
  g_autofree char *time = ask (&server, "TIME");
  g_auto (GStrv) lines = g_strsplit (time, "\r\n", -1);
  g_assert_cmpstr (lines[0], ==, "*2");
  g_assert_cmpstr (lines[2], ==, now);
}

/* What it keeps shows in its settings. */
static void
test_keeps (void)
{
  static const struct {
    ScenarioKeeps keeps;
    const char *save, *aof;
  } kept[] = {
    { SCENARIO_SNAPSHOTS, "*2\r\n$4\r\nsave\r\n$23\r\n3600 1 300 100 60 10000\r\n", "0" },
    { SCENARIO_AOF, "*2\r\n$4\r\nsave\r\n$23\r\n3600 1 300 100 60 10000\r\n", "1" },
    { SCENARIO_NOTHING, "*2\r\n$4\r\nsave\r\n$0\r\n\r\n", "0" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    g_auto (Bed) bed = { 0 };
    bed_open (&bed);
    bed.service[BED_REDIS].keeps = (int)kept[i].keeps;
    bed_begin (&bed, 7);
    Server server = { .bed = bed };
    server.redis = redis_new (bed.world, DATABASE, NULL);
    server.connection = resp_new (server.redis);
    check (&server, "CONFIG GET save", kept[i].save);
    check_info (&server, "persistence", "aof_enabled", kept[i].aof);
    resp_free (server.connection);
    redis_free (server.redis);
  }
}

/* Another start: another run id, and what was counted is forgotten. */
static void
test_restart (void)
{
  g_auto (Server) server = { 0 };
  server_open (&server);
  g_autofree char *before = info_of (&server, "server", "run_id");
  check_info (&server, "stats", "total_connections_received", "1");
  g_autoptr (RespConnection) second = resp_new (server.redis);
  check_info (&server, "stats", "total_connections_received", "2");
  check_info (&server, "clients", "connected_clients", "2");
  g_clear_pointer (&second, resp_free);
  resp_free (server.connection);
  const char *id = bed_container (&server.bed, "redis", 1)->id;
  world_stop (server.bed.world, id, 10 * BED_S);
  bed_pass (&server.bed, 5);
  world_start (server.bed.world, id);
  bed_pass (&server.bed, 5);
  server.connection = resp_new (server.redis);
  g_autofree char *after = info_of (&server, "server", "run_id");
  g_assert_cmpstr (before, !=, after);
  check_info (&server, "stats", "total_connections_received", "1");
  check_info (&server, "clients", "connected_clients", "1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/redis/said", test_said);
  g_test_add_func ("/practice/redis/pieces", test_pieces);
  g_test_add_func ("/practice/redis/arrays", test_arrays);
  g_test_add_func ("/practice/redis/broken", test_broken);
  g_test_add_func ("/practice/redis/endless", test_endless);
  g_test_add_func ("/practice/redis/too-many-answers", test_too_many_answers);
  g_test_add_func ("/practice/redis/lists", test_lists);
  g_test_add_func ("/practice/redis/processes", test_processes);
  g_test_add_func ("/practice/redis/sorted", test_sorted);
  g_test_add_func ("/practice/redis/other-database", test_other_database);
  g_test_add_func ("/practice/redis/signals", test_signals);
  g_test_add_func ("/practice/redis/info", test_info);
  g_test_add_func ("/practice/redis/save", test_save);
  g_test_add_func ("/practice/redis/keeps", test_keeps);
  g_test_add_func ("/practice/redis/restart", test_restart);
  return g_test_run ();
}
