/* What is opened over a run, in the program itself: files that commands print into, a log
 * that is fetched, and controls that change hands. How it all is drawn stands in
 * tests/unit/data/screen-run. */
#include <glib/gstdio.h>
#include <string.h>

#include "tests/screen/stage.h"
#include "tests/screen/storm.h"

#define STORY "panes.part"
#define LOG "output/stop-app.log"
#define NEW LOG ".new"

typedef struct {
  Stage *stage;
  Harness *harness;
  char *bin; /* where a docker of ours is */
} Fixture;

static char *
path_of (const Fixture *fixture, const char *name)
{
  return g_build_filename (stage_folder (fixture->stage), name, NULL);
}

static void
put_file (const Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = path_of (fixture, name);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
append (const Fixture *fixture, const char *text)
{
  g_autofree char *path = path_of (fixture, LOG);
  FILE *file = g_fopen (path, "a");
  g_assert_cmpint (fputs (text, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* It prints what it was called with, and fails the second time. */
static void
put_docker (Fixture *fixture)
{
  fixture->bin = g_dir_make_tmp ("bin-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (fixture->bin, "docker", NULL);
  const char *script =
      "#!/bin/sh\n"
      "echo \"called: $*\"\n"
      "printf '\\033[31mERROR\\033[0m \\033]0;evil\\007no redis\\n' >&2\n"
      "test -e \"$0.again\" && echo no more && exit 3\n"
      ": >\"$0.again\"\n";
  g_assert_true (g_file_set_contents_full (path, script, -1, 0, 0700, NULL));
}

static void
set_up (Fixture *fixture, const void *data)
{
  (void)data;
  fixture->stage = stage_new (STORY);
  g_autofree char *folder = path_of (fixture, "output");
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  put_file (fixture, LOG, "$ docker compose\n\033[33mStopping\033[0m \033[2Jone\n");
  put_docker (fixture);
  g_autofree char *path = g_strdup_printf ("PATH=%s:%s", fixture->bin, g_getenv ("PATH"));
  const char *const environment[] = { path, NULL };
  fixture->harness = stage_attach (fixture->stage, 80, 24, NULL, environment);
}

static void
tear_down (Fixture *fixture, const void *data)
{
  static const char *const made[] = { LOG, NEW, "output" };
  static const char *const programs[] = { "docker", "docker.again", "" };
  (void)data;
  harness_free (fixture->harness);
  for (gsize i = 0; i < G_N_ELEMENTS (made); i++) {
    g_autofree char *path = path_of (fixture, made[i]);
    g_remove (path);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++) {
    g_autofree char *path = g_build_filename (fixture->bin, programs[i], NULL);
    g_remove (path);
  }
  stage_free (fixture->stage);
  g_free (fixture->bin);
}

static void
end_command (Fixture *fixture)
{
  stage_play (fixture->stage,
              ":event command-ended {\"step\":\"stop-app\",\"status\":0,\"signal\":0,"
              "\"took_us\":45200000}");
}

/* What was printed before one came is there, and what is printed now comes. When secrets
 * are masked at the end, the file is another one. */
static void
test_output (Fixture *fixture, const void *data)
{
  (void)data;
  harness_type (fixture->harness, "l");
  harness_expect (fixture->harness, "Stopping one");
  harness_expect (fixture->harness, "Output: Stop tines-app");
  append (fixture, "Stopped secret\n");
  stage_play (fixture->stage,
              ":live {\"live\":\"output\",\"step\":\"stop-app\",\"text\":\"Stopped\"}");
  harness_expect (fixture->harness, "Stopped secret");
  put_file (fixture, NEW, "$ docker compose\nStopping one\nStopped ***\n");
  g_autofree char *new = path_of (fixture, NEW);
  g_autofree char *log = path_of (fixture, LOG);
  g_assert_cmpint (g_rename (new, log), ==, 0);
  end_command (fixture);
  harness_expect (fixture->harness, "Stopped ***");
  harness_expect (fixture->harness, "ended well after 45s");
  harness_type (fixture->harness, "q");
  harness_expect (fixture->harness, "step 3 of 9");
}

/* Nothing that is in the file reaches the terminal as it is, but colours. */
static void
test_escapes (Fixture *fixture, const void *data)
{
  (void)data;
  g_free (harness_take_output (fixture->harness));
  harness_type (fixture->harness, "l");
  harness_expect (fixture->harness, "Stopping one");
  g_autofree char *sent = harness_take_output (fixture->harness);
  g_assert_null (strstr (sent, "\033[2J"));
}

static void
test_log (Fixture *fixture, const void *data)
{
  (void)data;
  harness_type (fixture->harness, "L");
  harness_expect (fixture->harness, "called: compose -p tines logs");
  harness_expect (fixture->harness, "as of");
  harness_expect (fixture->harness, "Log: tines-app");
  harness_expect (fixture->harness, "ERROR no redis");
  g_assert_cmpstr (harness_title (fixture->harness), ==,
                   "handrail: prod: Stop tines-app");
  harness_type (fixture->harness, "r");
  harness_expect (fixture->harness, "ended with status 3");
  harness_expect (fixture->harness, "no more");
  harness_type (fixture->harness, "o");
  harness_expect (fixture->harness, "Log of which service?");
  harness_type (fixture->harness, "G\r");
  harness_expect (fixture->harness, "Log: pypi-server");
}

/* What happens while another screen is in front is drawn there. */
static void
test_news (Fixture *fixture, const void *data)
{
  (void)data;
  harness_type (fixture->harness, "t");
  harness_expect (fixture->harness, "Time line");
  end_command (fixture);
  harness_expect (fixture->harness, "the command ended well after 45s");
  harness_type (fixture->harness, "q");
  harness_expect (fixture->harness, "step 3 of 9");
  harness_type (fixture->harness, "u");
  harness_expect (fixture->harness, "nginx=1 nginx");
  stage_play (fixture->stage, ":look {\"nginx\":1,\"tines-app\":0}");
  harness_expect (fixture->harness, "nothing to do: nginx: 1 already");
}

static void
test_controls (Fixture *fixture, const void *data)
{
  (void)data;
  harness_type (fixture->harness, "w");
  harness_expect (fixture->harness, "2 here now");
  harness_type (fixture->harness, "jc");
  harness_type (fixture->harness, "give\r");
  stage_expect (fixture->stage, "{\"say\":\"give\",\"viewer\":2}");
  stage_play (fixture->stage, ":event controls {\"viewer\":2,\"how\":\"given\"}");
  harness_expect (fixture->harness, "You look on");
  harness_type (fixture->harness, "c");
  harness_type (fixture->harness, "\r");
  harness_type (fixture->harness, "take\r");
  stage_expect (fixture->stage, "{\"say\":\"take\"}");
}

static void
test_storm (void)
{
  Fixture watched = { 0 }, other = { 0 };
  if (!storm_gather ())
    return;
  set_up (&watched, NULL);
  harness_type (watched.harness, "l");
  harness_expect (watched.harness, "Stopping one");
  storm_blow (watched.harness, 2);
  set_up (&other, NULL);
  harness_resize (other.harness, STORM_WIDTH, STORM_HEIGHT);
  harness_type (other.harness, "l");
  harness_expect (other.harness, "Stopping one");
  append (&watched, "and more\n"); /* or the one has been silent for longer */
  append (&other, "and more\n");
  harness_expect (watched.harness, "and more");
  harness_expect (other.harness, "and more");
  storm_compare (watched.harness, other.harness);
  storm_end (watched.harness);
  tear_down (&watched, NULL);
  tear_down (&other, NULL);
}

int
main (int argc, char **argv)
{
  harness_require ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/panes/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("output", test_output);
  ADD ("escapes", test_escapes);
  ADD ("log", test_log);
  ADD ("news", test_news);
  ADD ("controls", test_controls);
  g_test_add_func ("/panes/storm", test_storm);
  return g_test_run ();
}
