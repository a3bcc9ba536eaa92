/* `handrail queues --site` on the whole screen, with a runner that says what the test wants.
 *
 * The program is copied beside a stand-in of handrail-runner, which it finds there. Readings
 * carry their own times, so that minutes of them take no time; by the clock it is always
 * the same morning. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/screen/storm.h"

#define WALL_S 1795335120 /* 2026-11-22 08:12:00 UTC, of the last reading */
#define EVERY_S 20        /* so that it is fresh for a minute, however slow the test is */
#define SAMPLES 31        /* of ten minutes, a window */

/* Answers on the descriptor that --fd names: always 3. The first time with `steps`, then
 * with `later`. */
static const char runner[] =
    "#!/bin/sh\n"
    /* It has a session of its own: what ends those on the terminal is not for it. */
    "trap '' INT TERM HUP\n"
    "here=${0%/*}\n"
    "read -r asked <&3\n"
    "if [ -e \"$here/begun\" ]; then\n"
    "  cat \"$here/later\" >&3\n"
    "else\n"
    "  echo \"$asked\" >\"$here/begun\"\n"
    "  cat \"$here/steps\" >&3\n"
    "  [ ! -e \"$here/leaves\" ] || exit\n"
    "fi\n"
    "cat <&3 >/dev/null\n";

static const char site[] =
    "handrail-site: 1\nname: lab\nproduction: %s\n"
    "platform: { compose: { project: none } }\nservices: { web: {} }\n"
    "redis: { url: \"redis://user:hunter22@redis.internal:6380/1\" }\n";

/* ---- a folder with the program, its stand-in, and a site ---------------------------------- */

typedef struct {
  char *folder;
  char *program;
  Harness *harness;
} Bench;

static char *
path_in (const Bench *bench, const char *name)
{
  return g_build_filename (bench->folder, name, NULL);
}

static void
put (const Bench *bench, const char *name, const char *text)
{
  g_autofree char *path = path_in (bench, name);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
copy_program (const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize)length, NULL));
  g_assert_cmpint (g_chmod (to, 0700), ==, 0);
}

static void
bench_open (Bench *bench, gboolean production)
{
  g_autofree char *built = g_test_build_filename (G_TEST_BUILT, "handrail", NULL);
  g_autofree char *lab = g_strdup_printf (site, production ? "true" : "false");
  bench->folder = g_dir_make_tmp ("screen-queues-XXXXXX", NULL);
  bench->program = path_in (bench, "handrail");
  copy_program (built, bench->program);
  put (bench, "handrail-runner", runner);
  g_autofree char *path = path_in (bench, "handrail-runner");
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  put (bench, "lab.yaml", lab);
  put (bench, "steps", "");
  put (bench, "later", "");
}

static void
bench_clear (Bench *bench)
{
  static const char *const names[] = { "handrail", "handrail-runner", "lab.yaml", "steps",
                                       "later",    "begun",           "leaves" };
  harness_free (bench->harness);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = path_in (bench, names[i]);
    g_unlink (path);
  }
  g_rmdir (bench->folder);
  g_free (bench->folder);
  g_free (bench->program);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

/* ---- what the stand-in says ------------------------------------------------------------------ */

static double
boot_s (void)
{
  struct timespec now;
  clock_gettime (CLOCK_BOOTTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* `before_s`: so long before `now_s`. Takes over `body`; NULL: the look failed. */
static void
add_reading (GString *lines, double now_s, double before_s, const char *error,
             json_t *body)
{
  json_int_t wall_us = (json_int_t)((WALL_S - before_s) * 1e6);
  json_int_t boot_us = (json_int_t)((now_s - before_s) * 1e6);
  json_t *moment = json_pack ("{sI, sI}", "wall_us", wall_us, "boot_us", boot_us);
  json_t *reading =
      json_pack ("{ss, so, sO}", "key", "queues redis", "began", moment, "ended", moment);
  if (body)
    json_object_set_new (reading, "body", body);
  else
    json_object_set_new (reading, "error", json_string (error));
  json_t *line = json_pack ("{ss, so}", "live", "reading", "reading", reading);
  char *text = json_dumps (line, JSON_COMPACT);
  g_string_append_printf (lines, "%s\n", text);
  free (text);
  json_decref (line);
}

static void
add_queue (json_t *queues, const char *name, int size, double latency_s)
{
  json_array_append_new (queues, json_pack ("{ss, si, sf}", "name", name, "size", size,
                                            "latency", latency_s));
}

static json_t *
body_of (json_t *queues, int busy)
{
  return json_pack ("{si, so, si, si, si, si, si, s[{ss, sb}, {ss, sb}]}", "at", WALL_S,
                    "queues", queues, "busy", busy, "threads", 75, "retry", 12,
                    "scheduled", 340, "dead", 0, "processes", "name", "one:1:a", "quiet",
                    0, "name", "other:1:b", "quiet", 0);
}

/* Ten queues, of which one grows and one has nobody; the others shrink. */
static json_t *
ten_queues (int sample)
{
  static const char *const names[] = { "actions", "audit_logs",
                                       "default", "events",
                                       "exports", "http_requests",
                                       "high",    "low",
                                       "mailers", "story_runs_of_every_single_tenant" };
  json_t *queues = json_array ();
  int left = SAMPLES - 1 - sample;
  for (int i = 0; i < (int)G_N_ELEMENTS (names); i++)
    add_queue (queues, names[i], i == 0 ? 10 + 3 * sample : 4 + 9 * i + left * (i + 1),
               1.5 * i);
  json_object_set_new (json_array_get (queues, 4), "consumed", json_false ());
  for (int i = 0; i < 3; i++)
    add_queue (queues, i == 0 ? "one" : i == 1 ? "two" : "three", 0, 0);
  return body_of (queues, 45);
}

static void
say_ten_queues (const Bench *bench)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  double now_s = boot_s ();
  for (int i = 0; i < SAMPLES; i++)
    add_reading (lines, now_s, (SAMPLES - 1 - i) * EVERY_S, NULL, ten_queues (i));
  put (bench, "steps", lines->str);
}

/* So many jobs in the only queue, and so many workers busy. */
static void
say_one_queue (const Bench *bench, int size, int busy)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  double now_s = boot_s ();
  for (int i = 0; i < SAMPLES; i++) {
    json_t *queues = json_array ();
    add_queue (queues, "default", size, 2);
    add_reading (lines, now_s, (SAMPLES - 1 - i) * EVERY_S, NULL, body_of (queues, busy));
  }
  put (bench, "steps", lines->str);
}

static void
begin (Bench *bench, int width, int height, const char *expected,
       const char *const *environment)
{
  g_autofree char *lab = path_in (bench, "lab.yaml");
  const char *argv[] = { bench->program, "queues",     "--site", lab, "--window",
                         "10m",          "--interval", "20s",    NULL };
  bench->harness = harness_start (width, height, argv, environment);
  harness_expect (bench->harness, expected);
  harness_type (bench->harness, "x"); /* no key: what has come by then is drawn */
}

/* ---- whole screens ------------------------------------------------------------------------------ */

static void
test_sizes (void)
{
  static const int sizes[][2] = { { 60, 18 }, { 80, 24 }, { 120, 36 }, { 200, 60 } };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_auto (Bench) bench = { 0 };
    bench_open (&bench, FALSE);
    say_ten_queues (&bench);
    begin (&bench, sizes[i][0], sizes[i][1], "45 of 75 busy", NULL);
    g_autofree char *name = g_strdup_printf ("queues-%dx%d", sizes[i][0], sizes[i][1]);
    harness_compare (bench.harness, name);
    g_assert_cmpstr (harness_title (bench.harness), ==, "handrail: job queues of lab");
  }
}

static void
test_production (void)
{
  static const char *const ascii[] = { "LANG=C", NULL };
  g_auto (Bench) bench = { 0 };
  bench_open (&bench, TRUE);
  say_ten_queues (&bench);
  begin (&bench, 100, 30, "45 of 75 busy", ascii);
  harness_compare (bench.harness, "queues-production");
  harness_compare_looks (bench.harness, "queues-production");
  g_autofree char *seen = harness_text (bench.harness);
  g_assert_null (strstr (seen, "hunter22"));
}

static void
test_keys (void)
{
  g_auto (Bench) bench = { 0 };
  bench_open (&bench, FALSE);
  say_ten_queues (&bench);
  begin (&bench, 80, 24, "45 of 75 busy", NULL);
  Harness *harness = bench.harness;
  g_free (harness_take_output (harness));
  harness_type (harness, "j"); /* all together are at the end */
  g_autofree char *nothing = harness_take_output (harness);
  g_assert_cmpstr (nothing, ==, "");
  harness_type (harness, "kkk");
  harness_compare (harness, "queues-chosen");
  harness_type (harness, "gz");
  harness_compare (harness, "queues-window");
  harness_type (harness, "?");
  harness_compare (harness, "queues-help");
  harness_type (harness, "\033");
  harness_compare (harness, "queues-window");
  harness_type (harness, "Gz\r");
  harness_compare (harness, "queues-80x24");
}

/* With few colours what is selected is drawn the other way round, its full bars too: as spaces
 * of their own colour they would be gone. */
static void
test_few_colours (void)
{
  static const char *const few[] = { "TERM=xterm", NULL };
  g_auto (Bench) bench = { 0 };
  bench_open (&bench, FALSE);
  say_ten_queues (&bench);
  begin (&bench, 80, 24, "45 of 75 busy", few);
  g_autofree char *text = harness_text (bench.harness);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  int y = 0;
  while (!g_str_has_prefix (lines[y], "   all ")) /* selected at first */
    y++;
  const char *bar = strstr (lines[y], "█");
  g_assert_nonnull (bar);
  int x = (int)(bar - lines[y]); /* what is before it is ASCII */
  HarnessCell cell = harness_cell (bench.harness, x, y);
  HarnessCell ground = harness_cell (bench.harness, x - 1, y);
  g_assert_cmpuint (cell.fg, !=, ground.bg);
}

/* Larger and smaller: the chart keeps its place only in a terminal of the same size. */
static void
test_resize (void)
{
  g_auto (Bench) bench = { 0 };
  bench_open (&bench, FALSE);
  say_ten_queues (&bench);
  begin (&bench, 120, 36, "45 of 75 busy", NULL);
  static const int sizes[][2] = { { 1, 1 },    { 300, 100 }, { 60, 18 }, { 200, 60 },
                                  { 300, 18 }, { 60, 100 },  { 59, 17 }, { 80, 24 } };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    harness_resize (bench.harness, sizes[i][0], sizes[i][1]);
    harness_type (bench.harness, "x");
  }
  harness_compare (bench.harness, "queues-80x24");
}

static void
test_storm (void)
{
  g_auto (Bench) bench = { 0 };
  g_auto (Bench) other = { 0 };
  if (!storm_gather ())
    return;
  bench_open (&bench, FALSE);
  say_ten_queues (&bench);
  begin (&bench, STORM_WIDTH, STORM_HEIGHT, "45 of 75 busy", NULL);
  storm_blow (bench.harness, 3);
  bench_open (&other, FALSE);
  say_ten_queues (&other);
  begin (&other, STORM_WIDTH, STORM_HEIGHT, "45 of 75 busy", NULL);
  storm_compare (bench.harness, other.harness);
  storm_end (bench.harness);
}

/* ---- what it ends with ----------------------------------------------------------------------------- */

static void
test_status (void)
{
  static const struct {
    int size, busy;
    const char *keys, *expected;
    int signal; /* instead of the last key */
    int status;
  } ends[] = {
    { 3, 0, "q", "near zero for 10m", 0, 0 },
    { 3, 0, "\003", "near zero for 10m", 0, 0 },
    { 3, 0, "j", "near zero for 10m", SIGTERM, 0 },
    { 3, 0, "?", "near zero for 10m", SIGINT, 0 },
    { 3, 0, "j", "near zero for 10m", SIGHUP, 1 },
    { 3, 1, "q", "near zero once nobody is busy", 0, 1 },
    { 30, 0, "\003", "stuck: nobody takes jobs", 0, 1 },
    { 30, 0, "j", "stuck: nobody takes jobs", SIGTERM, 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_auto (Bench) bench = { 0 };
    bench_open (&bench, FALSE);
    say_one_queue (&bench, ends[i].size, ends[i].busy);
    begin (&bench, 80, 24, ends[i].expected, NULL);
    harness_send (bench.harness, ends[i].keys);
    if (ends[i].signal) {
      harness_idle (bench.harness);
      harness_signal (bench.harness, ends[i].signal);
    }
    int status = harness_end (bench.harness);
    g_test_message ("%d queued, \"%s\", signal %d", ends[i].size, ends[i].keys,
                    ends[i].signal);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, ends[i].status);
    g_assert_true (harness_modes_are_back (bench.harness));
  }
}

/* The runner would not look: the terminal is given back, and it is said why. */
static void
test_refused (void)
{
  static const struct {
    const char *says, *said;
    int status;
  } refusals[] = {
    { "{\"refused\": \"the site is not as it was: hunter22\", \"status\": 3, "
      "\"problems\": [\"lab.yaml:1: what\"]}\n",
      "handrail: the site is not as it was: ***", 3 },
    { "hello\n", "in the same version", 1 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_auto (Bench) bench = { 0 };
    bench_open (&bench, FALSE);
    put (&bench, "steps", refusals[i].says);
    g_autofree char *lab = path_in (&bench, "lab.yaml");
    const char *argv[] = { bench.program, "queues", "--site", lab, NULL };
    bench.harness = harness_start (100, 24, argv, NULL);
    int status = harness_end (bench.harness);
    g_assert_cmpint (WEXITSTATUS (status), ==, refusals[i].status);
    g_assert_false (harness_is_alternate (bench.harness));
    g_autofree char *seen = harness_text (bench.harness);
    if (!strstr (seen, refusals[i].said))
      g_error ("no \"%s\" in\n%s", refusals[i].said, seen);
  }
}

/* There is no runner to be started at all. */
static void
test_no_runner (void)
{
  g_auto (Bench) bench = { 0 };
  bench_open (&bench, FALSE);
  g_autofree char *path = path_in (&bench, "handrail-runner");
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_true (g_file_set_contents (path, "no program", -1, NULL));
  g_autofree char *lab = path_in (&bench, "lab.yaml");
  const char *argv[] = { bench.program, "queues", "--site", lab, NULL };
  bench.harness = harness_start (100, 24, argv, NULL);
  int status = harness_end (bench.harness);
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  g_autofree char *seen = harness_text (bench.harness);
  g_assert_nonnull (strstr (seen, "cannot be started"));
}

/* ---- what goes wrong meanwhile ------------------------------------------------------------------------ */

/* The runner ends: what was seen stays, and another one is started. */
static void
test_runner_ends (void)
{
  g_auto (Bench) bench = { 0 };
  bench_open (&bench, FALSE);
  say_one_queue (&bench, 3, 0);
  put (&bench, "leaves", "");
  g_autoptr (GString) later = g_string_new (NULL);
  add_reading (later, boot_s (), 0, "Redis at redis.internal:6380 refuses hunter22",
               NULL);
  put (&bench, "later", later->str);
  begin (&bench, 80, 24, "the runner that looks has ended; it is started again after 2s",
         NULL);
  harness_expect (bench.harness, "Redis at redis.internal:6380 refuses ***");
  harness_expect (bench.harness, "default                   3     2.0s  ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅");
  harness_send (bench.harness, "q");
  int status = harness_end (bench.harness);
  g_assert_cmpint (WEXITSTATUS (status), ==, 1); /* near zero is not seen any more */
}

static void
test_first_look_fails (void)
{
  g_auto (Bench) bench = { 0 };
  bench_open (&bench, FALSE);
  begin (&bench, 80, 24, "waiting for the first look at the queues", NULL);
  harness_send (bench.harness, "q");
  int status = harness_end (bench.harness);
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  g_auto (Bench) other = { 0 };
  bench_open (&other, FALSE);
  g_autoptr (GString) lines = g_string_new (NULL);
  add_reading (lines, boot_s (), 0,
               "Redis at redis.internal:6380 refuses the connection; start it", NULL);
  put (&other, "steps", lines->str);
  begin (&other, 80, 24, "not seen: Redis at redis.internal:6380 refuses", NULL);
  harness_compare (other.harness, "queues-first-look-fails");
}

/* ---- in lines nevertheless ------------------------------------------------------------------------------- */

static void
test_plain (void)
{
  static const char *const dumb[] = { "TERM=dumb", NULL };
  static const char *const unknown[] = { "TERM=nobody-knows", NULL };
  const struct {
    const char *option, *expected;
    const char *const *environment;
  } ways[] = {
    { "--plain", "0.00/s  near zero for 10m", NULL },
    { "--json", "\"passes\":true}]", NULL }, /* and with the queue all of them pass */
    { NULL, "0.00/s  near zero for 10m", dumb },
    { NULL, "0.00/s  near zero for 10m", unknown },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_auto (Bench) bench = { 0 };
    bench_open (&bench, FALSE);
    say_one_queue (&bench, 3, 0);
    g_autofree char *lab = path_in (&bench, "lab.yaml");
    const char *argv[] = { bench.program,  "queues", "--window", "10m",
                           "--interval",   "20s",    "--site",   lab,
                           ways[i].option, NULL };
    bench.harness = harness_start (600, 24, argv, ways[i].environment);
    harness_expect (bench.harness, ways[i].expected);
    g_assert_false (harness_is_alternate (bench.harness));
    harness_send (bench.harness, "\003");
    int status = harness_end (bench.harness);
    if (ways[i].environment != unknown) /* curses loses memory there: a sanitizer's 1 */
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  harness_require ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queues/sizes", test_sizes);
  g_test_add_func ("/queues/production", test_production);
  g_test_add_func ("/queues/keys", test_keys);
  g_test_add_func ("/queues/few-colours", test_few_colours);
  g_test_add_func ("/queues/resize", test_resize);
  g_test_add_func ("/queues/storm", test_storm);
  g_test_add_func ("/queues/status", test_status);
  g_test_add_func ("/queues/refused", test_refused);
  g_test_add_func ("/queues/no-runner", test_no_runner);
  g_test_add_func ("/queues/runner-ends", test_runner_ends);
  g_test_add_func ("/queues/first-look-fails", test_first_look_fails);
  g_test_add_func ("/queues/plain", test_plain);
  return g_test_run ();
}
