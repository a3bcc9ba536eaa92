/* Samples of the queues of a real redis-server: over TCP and a Unix socket, with users,
 * passwords and database numbers, and what a server that would rather not says. */
#include "tests/unit/redis_bed.h"

/* A file in the server's folder. Newly allocated name. */
static char *
write_file (const RedisBed *bed, const char *name, const char *text)
{
  char *path = g_build_filename (bed->folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
test_reach (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  bed_start (&bed, "--save", BED_READY);
  bed_fill (&bed, "");
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3'}", bed.port);
  eyes_see_jobs (&eyes);
  eyes_look_at (&eyes, "{url: 'unix://%s?db=3'}", bed.socket);
  eyes_see_jobs (&eyes);
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/16'}", bed.port);
  eyes_hear (&eyes, "/16: there is no database 16; ");
  eyes_look_at (&eyes, "{url: 'unix://%s.not?db=3'}", bed.socket);
  eyes_hear (&eyes, "No such file or directory");
  eyes_look_at (&eyes, "{url: 'redis://no-such-host.invalid'}");
  eyes_hear (&eyes, "the name no-such-host.invalid cannot be resolved; ");
  bed_kill (&bed);
  eyes_look_at (&eyes, "{url: 'redis://127.0.0.1:%u'}", bed.port);
  eyes_hear (&eyes, "Connection refused");
  bed_stop (&bed);
}

static void
test_section (void)
{
  Eyes eyes;
  eyes_open (&eyes, "{url: 'redis://localhost'}");
  eyes_watch (&eyes, request_redis ("redis-new", 0, BED_LIMIT_US));
  const Reading *reading = eyes_next (&eyes, "server redis-new");
  g_assert_cmpstr (reading->error, ==,
                   "the site file has no section \"redis-new\"; add redis-new: {url: "
                   "\"redis://HOST:PORT/DATABASE\"} to it");
  eyes_close (&eyes);
}

/* ---- logins ----------------------------------------------------------------- */

static void
test_password (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  bed_start (&bed, "--save --requirepass s3cret", BED_READY);
  bed_fill (&bed, "--no-auth-warning -a s3cret");
  g_autofree char *right = write_file (&bed, "right", "s3cret\nmore\n");
  g_autofree char *wrong = write_file (&bed, "wrong", "s3cret-not\n");
  g_autofree char *empty = write_file (&bed, "empty", "\ns3cret\n");
  guint port = bed.port;
  eyes_look_at (&eyes, "{url: 'redis://:s3cret@localhost:%u/3'}", port);
  eyes_see_jobs (&eyes);
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3', password-file: %s}", port, right);
  eyes_see_jobs (&eyes);
  eyes_look_at (&eyes, "{url: 'redis://:wrong@localhost:%u/3', password-file: %s}", port,
                right);
  eyes_see_jobs (&eyes); /* the file's counts */
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3', password-file: %s}", port, wrong);
  eyes_hear (&eyes, "/3 does not accept the user or the password; ");
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3', password-file: %s}", port, empty);
  eyes_hear (&eyes, "has nothing in its first line; ");
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3', password-file: %s.not}", port,
                right);
  eyes_hear (&eyes, "cannot be read (No such file or directory); ");
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3', password-file: %s}", port,
                bed.folder);
  eyes_hear (&eyes, "cannot be read (");
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/0'}", port);
  eyes_hear (&eyes, "/0 wants a login; ");
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3'}", port);
  eyes_hear (&eyes, "/3 wants a login; ");
  bed_stop (&bed);
  bed = (RedisBed){ 0 };
  bed_start (&bed, "--save --rename-command AUTH x", BED_READY);
  eyes_look_at (&eyes, "{url: 'redis://u:s3cret@localhost:%u'}", bed.port);
  eyes_hear (&eyes, "does not take the login; ");
  bed_stop (&bed);
}

static void
test_user (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  bed_start (&bed, "--save", BED_READY);
  bed_fill (&bed, "");
  bed_do (&bed, "ACL SETUSER app on '>s3cret' '~*' +@read +@connection");
  bed_do (&bed, "ACL SETUSER blind on '>s3cret' '~queue*' +@read +@connection");
  g_autofree char *file = write_file (&bed, "password", "s3cret\n");
  eyes_look_at (&eyes, "{url: 'redis://app:s3cret@localhost:%u/3'}", bed.port);
  eyes_see_jobs (&eyes);
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3', user: app, password-file: %s}",
                bed.port, file);
  eyes_see_jobs (&eyes);
  eyes_look_at (&eyes, "{url: 'redis://nobody:s3cret@localhost:%u/3'}", bed.port);
  eyes_hear (&eyes, "does not accept the user or the password; ");
  eyes_look_at (&eyes, "{url: 'redis://blind:s3cret@localhost:%u/3'}", bed.port);
  eyes_hear (&eyes, "does not let this user read the key \"retry\" (NOPERM ");
  bed_stop (&bed);
}

/* The password is read anew for each connection: who corrects the file needs not begin
 * again. */
static void
test_password_corrected (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  bed_start (&bed, "--save --requirepass s3cret", BED_READY);
  bed_fill (&bed, "--no-auth-warning -a s3cret");
  g_autofree char *file = write_file (&bed, "password", "s3cret-not\n");
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u/3', password-file: %s}", bed.port,
                file);
  g_assert_nonnull (eyes_first (&eyes)->error);
  g_free (write_file (&bed, "password", "s3cret"));
  const Reading *reading = eyes_next (&eyes, "queues redis");
  g_assert_cmpstr (reading->error, ==, NULL);
  eyes_close (&eyes);
  bed_stop (&bed);
}

/* ---- servers that would rather not ------------------------------------------ */

static void
test_replica (void)
{
  RedisBed primary = { 0 }, replica = { 0 };
  Eyes eyes;
  bed_start (&primary, "--save --repl-diskless-sync-delay 0", BED_READY);
  g_autofree char *options = g_strdup_printf (
      "--save --replica-serve-stale-data no --replicaof 127.0.0.1 %u", primary.port);
  bed_start (&replica, options, "Finished with success");
  g_autofree char *sentence = g_strdup_printf (
      " is a replica of 127.0.0.1:%u; its data may lag: name the primary in redis.url",
      primary.port);
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u'}", replica.port);
  eyes_hear (&eyes, sentence);
  /* Asked for the server itself, a replica is none the worse for being one. */
  g_autofree char *redis =
      g_strdup_printf ("{url: 'redis://localhost:%u'}", replica.port);
  g_autofree char *of = g_strdup_printf ("127.0.0.1:%u", primary.port);
  eyes_open (&eyes, redis);
  eyes_watch (&eyes, request_redis ("redis", 0, BED_LIMIT_US));
  const Reading *reading = eyes_next (&eyes, "server redis");
  g_assert_cmpstr (reading->error, ==, NULL);
  g_assert_cmpstr (json_string_value (json_object_get (reading->body, "role")), ==,
                   "slave");
  g_assert_cmpstr (json_string_value (json_object_get (reading->body, "master")), ==, of);
  bed_kill (&primary);
  do
    reading = eyes_next (&eyes, "server redis");
  while (!reading->error);
  g_assert_nonnull (strstr (reading->error, " is a replica that has lost its primary; "));
  eyes_close (&eyes);
  bed_stop (&replica);
  bed_stop (&primary);
}

static void
test_loading (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  bed_start (&bed, "--save", BED_READY);
  bed_do (&bed,
          "EVAL \"for i = 1, 2000 do redis.call('SET', i, string.rep(i, 400)) end\" "
          "0");
  bed_do (&bed, "SAVE");
  bed_kill (&bed);
  bed_start (&bed,
             "--rdbcompression no --key-load-delay 100000 "
             "--loading-process-events-interval-bytes 1024 --save",
             "Loading RDB");
  g_autofree char *redis = g_strdup_printf ("{url: 'redis://localhost:%u'}", bed.port);
  eyes_open (&eyes, redis);
  eyes_watch (&eyes, request_queues ("redis", 0, BED_LIMIT_US));
  eyes_watch (&eyes, request_redis ("redis", 0, BED_LIMIT_US));
  const Reading *queues = eyes_next (&eyes, "queues redis");
  g_assert_nonnull (
      strstr (queues->error, " is loading its data and answers nothing yet; "));
  const Reading *server = eyes_next (&eyes, "server redis");
  g_assert_nonnull (strstr (server->error, " is loading its data ("));
  g_assert_nonnull (strstr (server->error, " %) and answers nothing yet; "));
  bed_do (&bed, "CONFIG SET key-load-delay 0");
  while (eyes_next (&eyes, "queues redis")->error)
    ;
  eyes_close (&eyes);
  bed_stop (&bed);
}

static void
test_server (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  bed_start (&bed,
             "--appendonly yes --maxmemory-policy allkeys-lru --shutdown-on-sigterm "
             "nosave --save 900 7",
             BED_READY);
  bed_do (&bed, "SET a b");
  bed_do (&bed, "-n 3 SET a b");
  g_autofree char *redis = g_strdup_printf ("{url: 'redis://localhost:%u'}", bed.port);
  eyes_open (&eyes, redis);
  eyes_watch (&eyes, request_redis ("redis", 0, BED_LIMIT_US));
  const Reading *reading = eyes_next (&eyes, "server redis");
  g_assert_cmpstr (reading->error, ==, NULL);
  json_t *body = json_deep_copy (reading->body), *wanted;
  g_assert_true (json_is_string (json_object_get (body, "version")));
  g_assert_true (json_is_integer (json_object_get (body, "memory_bytes")));
  g_assert_cmpuint (strlen (json_string_value (json_object_get (body, "run_id"))), ==,
                    40);
  json_object_del (body, "run_id");
  json_object_del (body, "version");
  json_object_del (body, "memory_bytes");
  wanted = json_pack ("{s:s s:i s:i s:s s:b s:b s:b s:i s:b s:s s:s s:[]}", "role",
                      "master", "keys", 1, "all_keys", 2, "policy", "allkeys-lru", "aof",
                      1, "aof_ok", 1, "snapshot_ok", 1, "changes", 2, "saving", 0, "save",
                      "900 7", "on_sigterm", "nosave", "processes");
  g_assert_true (json_equal (body, wanted));
  json_decref (body);
  json_decref (wanted);
  eyes_close (&eyes);
  bed_stop (&bed);
}

int
main (int argc, char **argv)
{
  static const char *const programs[] = { "redis-server", "redis-cli", NULL };
  g_test_init (&argc, &argv, NULL);
  if (bed_skips (programs))
    return 77;
  g_test_add_func ("/redis/reach", test_reach);
  g_test_add_func ("/redis/section", test_section);
  g_test_add_func ("/redis/password", test_password);
  g_test_add_func ("/redis/password/corrected", test_password_corrected);
  g_test_add_func ("/redis/user", test_user);
  g_test_add_func ("/redis/replica", test_replica);
  g_test_add_func ("/redis/loading", test_loading);
  g_test_add_func ("/redis/server", test_server);
  return g_test_run ();
}
