/* What the runner's one line means. */
#include <string.h>

#include "tui/start.h"

static Started *
read_line (const char *line)
{
  g_autoptr (GError) error = NULL;
  Started *started = started_read (line, strlen (line), &error);
  g_assert_no_error (error);
  return started;
}

static void
test_run (void)
{
  g_autoptr (Started) started = read_line ("{\"run\":\"/state/runs/r1\"}");
  g_assert_cmpstr (started->run, ==, "/state/runs/r1");
  g_assert_null (started->refused);
}

static void
test_refused (void)
{
  g_autoptr (Started) started =
      read_line ("{\"refused\":\"no; do this\",\"status\":3,\"problems\":[\"a:1: b\","
                 "\"a:2: c\"],\"differences\":[\"d\"]}");
  g_assert_null (started->run);
  g_assert_cmpstr (started->refused, ==, "no; do this");
  g_assert_cmpint (started->status, ==, 3);
  g_assert_cmpuint (g_strv_length (started->problems), ==, 2);
  g_assert_cmpstr (started->problems[1], ==, "a:2: c");
  g_assert_cmpstr (started->differences[0], ==, "d");
  g_assert_null (started->holder);
}

static void
test_unfinished (void)
{
  g_autoptr (Started) started = read_line (
      "{\"refused\":\"r0 is unfinished\",\"status\":3,\"unfinished\":\"r0\",\"step\":"
      "\"stop-app\",\"holder\":{\"run\":\"r0\",\"pid\":7,\"uid\":1,\"user\":\"ann\","
      "\"host\":\"jump\",\"since\":\"2026-11-23T03:00:00.000000Z\"}}");
  g_assert_cmpstr (started->unfinished, ==, "r0");
  g_assert_cmpstr (started->step, ==, "stop-app");
  g_assert_nonnull (strstr (started->holder, "ann on jump"));
  g_assert_nonnull (strstr (started->holder, "handrail attach r0"));
}

/* A status that no command may end with becomes 1: a refusal never looks like success. */
static void
test_status (void)
{
  const char *const lines[] = { "{\"refused\":\"no\",\"status\":0}",
                                "{\"refused\":\"no\"}",
                                "{\"refused\":\"no\",\"status\":99}",
                                "{\"refused\":\"no\",\"status\":\"x\"}" };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (Started) started = read_line (lines[i]);
    g_assert_cmpint (started->status, ==, 1);
  }
}

static void
test_nonsense (void)
{
  const char *const lines[] = {
    "", "{}", "[]", "{\"run\":1}", "{\"run\":\"a\"", "{\"run\":\"a\",\"refused\":\"b\"}"
  };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (started_read (lines[i], strlen (lines[i]), &error));
    g_assert_error (error, START_ERROR, START_ERROR_RUNNER);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/start/run", test_run);
  g_test_add_func ("/start/refused", test_refused);
  g_test_add_func ("/start/unfinished", test_unfinished);
  g_test_add_func ("/start/status", test_status);
  g_test_add_func ("/start/nonsense", test_nonsense);
  return g_test_run ();
}
