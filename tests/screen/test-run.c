/* A run on the whole screen, as an operator sees it; the screen's own parts and what is
 * typed where are in tests/unit/test-screen-run.c. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "core/store/store.h"
#include "tests/screen/stage.h"
#include "tests/screen/storm.h"
#include "tests/screen/terminals.h"

#define ASKED "asked-nginx.part"

static void
compare (Harness *harness, const char *name)
{
  g_autofree char *seen = harness_timeless (harness);
  g_autofree char *file = g_strconcat (name, ".txt", NULL);
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "tests", "screen", "data", file, NULL);
  g_autofree char *stored = NULL;
  if (g_strcmp0 (g_getenv ("HANDRAIL_SCREENS"), "write") == 0)
    g_assert_true (g_file_set_contents (path, seen, -1, NULL));
  g_assert_true (g_file_get_contents (path, &stored, NULL, NULL));
  if (strcmp (seen, stored) != 0)
    g_error ("%s is\n%s\nand should be\n%s", name, seen, stored);
}

static void
expect_status (Harness *harness, int wanted)
{
  int status = harness_end (harness);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, wanted);
  g_assert_false (harness_is_alternate (harness));
  g_assert_true (harness_modes_are_back (harness));
}

static void
test_sizes (void)
{
  static const int sizes[][2] = { { 60, 18 }, { 80, 24 }, { 120, 36 }, { 200, 60 } };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Stage) stage = stage_new (ASKED);
    g_autoptr (Harness) harness =
        stage_attach (stage, sizes[i][0], sizes[i][1], NULL, NULL);
    g_autofree char *name = g_strdup_printf ("run-%dx%d", sizes[i][0], sizes[i][1]);
    compare (harness, name);
    g_assert_cmpstr (harness_title (harness), ==, "handrail: prod: Stop the proxy");
    g_assert_true (harness_has_cursor (harness));
  }
}

/* On a production site the frame is red in every theme, and in none where there is no
 * colour it is missing. */
static void
test_looks (void)
{
  static const char *const looks[][2] = {
    { "run-dark", "HANDRAIL_THEME=dark" },
    { "run-light", "HANDRAIL_THEME=light" },
    { "run-mono", "HANDRAIL_THEME=mono" },
    { "run-no-color", "NO_COLOR=1" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++) {
    const char *const environment[] = { looks[i][1], NULL };
    g_autoptr (Stage) stage = stage_new (ASKED);
    g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, environment);
    harness_compare_looks (harness, looks[i][0]);
  }
}

/* The theme's own colours, not the nearest of 256. */
static void
test_direct (void)
{
  g_autofree char *folder = terminals_compile ();
  if (!folder)
    return;
  g_autofree char *terminfo = g_strconcat ("TERMINFO=", folder, NULL);
  const char *const environment[] = { "TERM=handrail-direct", terminfo, NULL };
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, environment);
  harness_compare_looks (harness, "run-direct");
  terminals_remove (folder);
}

static void
test_answer (void)
{
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, NULL);
  stage_expect (stage, "\"looks\"");
  harness_type (harness, "\r");
  harness_type (harness, "\033[200~prod/nginx\r\033[201~");
  harness_expect (harness, "Pasted text is not taken");
  harness_type (harness, "prod/nginx");
  harness_expect (harness, "Enter: do it");
  harness_type (harness, "\r");
  stage_expect (stage, "{\"say\":\"answer\",\"question\":2,\"digest\":\"d2\",\"text\":"
                       "\"prod/nginx\"}");
  harness_expect (harness, "being looked at");
  stage_play (
      stage,
      ":event answered {\"question\":2,\"kind\":\"confirm\",\"step\":\"stop-nginx\","
      "\"digest\":\"d2\",\"answer\":\"go\",\"viewer\":1,\"uid\":1,\"user\":\"ann\"}\n"
      ":event command-began {\"step\":\"stop-nginx\",\"purpose\":\"do\",\"index\":0,"
      "\"count\":1,\"argv\":[\"docker\",\"stop\",\"nginx\"],\"pid\":1,\"group\":1,"
      "\"start\":1,\"boot\":\"b\",\"output\":\"output/stop-nginx.log\"}\n"
      ":live {\"live\":\"output\",\"step\":\"stop-nginx\",\"text\":\"Stop\\u001b[2Jping"
      "\"}\n");
  harness_expect (harness, "$ docker stop nginx");
  harness_expect (harness, "Stop\\x1B[2Jping");
}

/* As the runner had them before anybody looked: the last one 86 s ago. */
static void
put_samples (const Stage *stage)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = g_build_filename (stage_folder (stage), STORE_SAMPLES, NULL);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  for (int i = 60; i > 0; i--)
    g_string_append_printf (text,
                            "{\"at\":1,\"queues\":[{\"name\":\"default\",\"size\":%d}],"
                            "\"seen\":%d}\n",
                            412 + 6 * i, (int)now_s - 86 - 2 * i);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}

static int
count_bars (Harness *harness, const char *queue)
{
  g_autofree char *seen = harness_text (harness);
  const char *line = strstr (seen, queue);
  int bars = 0;
  g_assert_nonnull (line);
  for (const char *at = line; *at && *at != '\n'; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);
    bars += character >= 0x2581 && character <= 0x2588;
  }
  return bars;
}

/* Who comes is told of one reading, and the window's bars are all there. */
static void
test_late (void)
{
  g_autoptr (Stage) stage = stage_new ("waiting.part");
  put_samples (stage);
  g_autoptr (Harness) harness = stage_attach (stage, 120, 36, NULL, NULL);
  harness_expect (harness, "default");
  g_assert_cmpint (count_bars (harness, " default "), >=, 14);
  g_assert_cmpint (count_bars (harness, " mailers "), ==, 1);
  g_autofree char *path = g_build_filename (stage_folder (stage), STORE_SAMPLES, NULL);
  g_unlink (path);
}

/* The program screen does not mark what is pasted. */
static void
test_paste_unmarked (void)
{
  static const char *const environment[] = { "TERM=screen", NULL };
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, environment);
  stage_expect (stage, "\"looks\"");
  harness_type (harness, "prod/nginx\r");
  harness_expect (harness, "Pasted text is not taken");
  for (const char *at = "prod/nginx"; *at; at++)
    harness_type (harness, (const char[]){ *at, '\0' });
  harness_expect (harness, "Enter: do it");
  harness_type (harness, "\r");
  stage_expect (stage, "\"text\":\"prod/nginx\"");
}

/* A question comes while a note is typed: the note is a note, and the answer is empty. */
static void
test_typed_ahead (void)
{
  g_autoptr (Stage) stage = stage_new ("at-nginx.part");
  g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, NULL);
  harness_type (harness, "n");
  harness_type (harness, "prod/nginx");
  stage_play (
      stage,
      ":event asked {\"question\":2,\"kind\":\"confirm\",\"step\":\"stop-nginx\","
      "\"purpose\":\"do\",\"text\":\"Stop it?\",\"word\":\"prod/nginx\",\"digest\":"
      "\"d2\",\"takes\":\"x\",\"commands\":[{\"argv\":[\"true\"]}]}\n"
      ":live {\"live\":\"told\",\"text\":\"bob looks on\"}\n");
  harness_idle (harness);
  harness_expect (harness, "bob looks on");
  harness_type (harness, "\r");
  stage_expect (stage, "{\"say\":\"note\",\"text\":\"prod/nginx\"}");
  harness_expect (harness, "Type prod/nginx  ");
  harness_type (harness, "\r"); /* an empty field */
  harness_type (harness, "stop");
  harness_type (harness, "\r");
  stage_expect (stage, "\"say\":\"answer\"");
  stage_expect (stage, "\"text\":\"stop\"");
}

static void
test_detach (void)
{
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 120, 36, NULL, NULL);
  harness_type (harness, "\033");
  harness_send (harness, "d");
  expect_status (harness, 1);
  harness_expect (harness, "to come back: handrail attach 2026-11-23T0300-shutdown-prod");
  stage_expect (stage, "{\"say\":\"detach\"}");
}

static void
test_end (void)
{
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 120, 36, NULL, NULL);
  stage_play (stage,
              ":event answered {\"question\":2,\"kind\":\"confirm\",\"step\":"
              "\"stop-nginx\",\"digest\":\"d2\",\"answer\":\"stop\",\"viewer\":1,\"uid\":"
              "1,\"user\":\"ann\"}\n"
              ":event run-stopped {\"why\":\"the operator said stop\",\"held\":true}\n"
              ":live {\"live\":\"bye\",\"text\":\"\"}\n");
  harness_expect (harness, "Stopped, unfinished: the operator said stop");
  harness_type (harness, "\r"); /* the end is read before it goes */
  harness_type (harness, "\r");
  harness_expect (harness, "Stopped, unfinished: the operator said stop");
  harness_send (harness, "q");
  expect_status (harness, 3);
  harness_expect (harness, "= To go on: handrail resume");
}

static void
test_runner_dies (void)
{
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, NULL);
  stage_die (stage);
  harness_expect (harness, "the runner died without a word");
  harness_expect (harness, "To go on: handrail resume 2026-11-23T0300-shutdown-prod");
  harness_type (harness, "\r");
  harness_send (harness, "q");
  expect_status (harness, 1);
}

static void
test_hang_up (void)
{
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, NULL);
  harness_signal (harness, SIGHUP);
  expect_status (harness, 1);
}

/* Where no screen can be drawn the run goes on in lines, whose question it is. */
static void
test_lines (void)
{
  static const char *const ways[][2] = { { "--plain", "TERM=xterm" },
                                         { NULL, "TERM=dumb" },
                                         { NULL, "TERM=nobody-knows" } };
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    const char *const more[] = { ways[i][0], NULL };
    const char *const environment[] = { ways[i][1], NULL };
    g_autoptr (Stage) stage = stage_new ("asked-alone.part");
    g_autoptr (Harness) harness = stage_attach (stage, 120, 36, more, environment);
    if (i == 2) /* the screen was tried first */
      stage_accept (stage);
    harness_expect (harness, "? stop-nginx: Stop the proxy");
    g_assert_false (harness_is_alternate (harness));
  }
}

static void
test_ascii (void)
{
  static const char *const more[] = { "--ascii", NULL };
  g_autoptr (Stage) stage = stage_new (ASKED);
  g_autoptr (Harness) harness = stage_attach (stage, 120, 36, more, NULL);
  compare (harness, "run-ascii");
}

static void
test_resize_storm (void)
{
  static const int sizes[][2] = { { 1, 1 },   { 300, 100 }, { 60, 18 }, { 99, 30 },
                                  { 100, 2 }, { 61, 19 },   { 300, 5 }, { 120, 36 } };
  static const char *const keys[] = { "x", "\033", "j", "n", "\033", "\033[B" };
  static const char *const stories[] = { ASKED, "waiting.part", "failed.part" };
  for (gsize i = 0; i < G_N_ELEMENTS (stories); i++) {
    g_autoptr (Stage) stage = stage_new (stories[i]);
    g_autoptr (Harness) harness = stage_attach (stage, 80, 24, NULL, NULL);
    for (gsize j = 0; j < 3 * G_N_ELEMENTS (sizes); j++) {
      const int *size = sizes[j % G_N_ELEMENTS (sizes)];
      harness_resize (harness, size[0], size[1]);
      harness_type (harness, keys[(i + j) % G_N_ELEMENTS (keys)]);
    }
    harness_resize (harness, 120, 36);
    harness_resize (harness, 110, 36);
    harness_expect (harness, "Shut down Tines");
    harness_expect (harness, "Stop tines-sidekiq");
  }
}

/* At a confirmation, and while the queues are watched. */
static void
test_storm (const void *data)
{
  const char *story = data;
  g_autoptr (Stage) stage = stage_new (story);
  g_autoptr (Stage) other = stage_new (story);
  if (!storm_gather ())
    return;
  g_autoptr (Harness) harness =
      stage_attach (stage, STORM_WIDTH, STORM_HEIGHT, NULL, NULL);
  storm_blow (harness, strcmp (story, ASKED) == 0 ? 0 : 1);
  g_autoptr (Harness) fresh = stage_attach (other, STORM_WIDTH, STORM_HEIGHT, NULL, NULL);
  storm_compare (harness, fresh);
  storm_end (harness);
}

int
main (int argc, char **argv)
{
  harness_require ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/sizes", test_sizes);
  g_test_add_func ("/run/looks", test_looks);
  g_test_add_func ("/run/direct", test_direct);
  g_test_add_func ("/run/answer", test_answer);
  g_test_add_func ("/run/late", test_late);
  g_test_add_func ("/run/paste-unmarked", test_paste_unmarked);
  g_test_add_func ("/run/typed-ahead", test_typed_ahead);
  g_test_add_func ("/run/detach", test_detach);
  g_test_add_func ("/run/end", test_end);
  g_test_add_func ("/run/runner-dies", test_runner_dies);
  g_test_add_func ("/run/hang-up", test_hang_up);
  g_test_add_func ("/run/lines", test_lines);
  g_test_add_func ("/run/ascii", test_ascii);
  g_test_add_func ("/run/resize-storm", test_resize_storm);
  g_test_add_data_func ("/run/storm/asked", ASKED, test_storm);
  g_test_add_data_func ("/run/storm/waiting", "waiting.part", test_storm);
  return g_test_run ();
}
