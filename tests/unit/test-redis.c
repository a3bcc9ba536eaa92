/* Samples of the queues of a real redis-server, over TCP and a Unix socket, with users,
 * passwords and database numbers. */
#include "tests/unit/redis_bed.h"

static const Reading *
first (const Eyes *eyes)
{
  return g_ptr_array_index (eyes->readings, 0);
}

static void
fill (const RedisBed *bed, const char *login)
{
  g_autofree char *line =
      g_strdup_printf ("%s -n 3 EVAL \"redis.call('SADD', 'queues', 'mail'); "
                       "return redis.call('LPUSH', 'queue:mail', '{}', '{}', '{}')\" 0",
                       login);
  bed_do (bed, line);
}

static void
test_reach (void)
{
  RedisBed bed = { 0 };
  bed_start (&bed, "--save", "Ready to accept");
  fill (&bed, "");
  g_autofree char *tcp = g_strdup_printf ("{url: 'redis://localhost:%u/3'}", bed.port);
  g_autofree char *socket = g_strdup_printf ("{url: 'unix://%s?db=3'}", bed.socket);
  const char *sites[] = { tcp, socket };
  for (guint i = 0; i < G_N_ELEMENTS (sites); i++) {
    Eyes eyes;
    eyes_look (&eyes, sites[i], BED_LIMIT_US);
    g_assert_cmpstr (first (&eyes)->error, ==, NULL);
    g_assert_cmpint (eyes_size (first (&eyes), 0), ==, 3);
    eyes_close (&eyes);
  }
  bed_stop (&bed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *server = g_find_program_in_path ("redis-server");
  g_autofree char *client = g_find_program_in_path ("redis-cli");
  if (!server || !client) {
    g_print ("1..0 # SKIP redis-server or redis-cli is missing (Debian: redis-server "
             "redis-tools)\n");
    return 77;
  }
  signal (SIGPIPE, SIG_IGN);
  g_test_add_func ("/redis/reach", test_reach);
  return g_test_run ();
}
