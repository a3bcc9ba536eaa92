/* What is asked between the wish to run something and the run, for every answer of the
 * runner and of the operator. */
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#include "tests/unit/program.h"
#include "tui/launch.h"

#define REFUSED "{\"refused\":\"no; do this\",\"status\":3}"
#define UNFINISHED        \
  "{\"refused\":\"r0 is " \
  "unfinished\",\"status\":3,\"unfinished\":\"r0\",\"step\":\"two\"}"
#define DIFFERS "{\"refused\":\"it differs\",\"status\":3,\"differences\":[\"one step\"]}"
#define RUNS "{\"run\":\"/state/runs/r1\"}"

static Home home;

static void
answer (Launch *launch, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_START);
  Started *started = started_read (line, strlen (line), &error);
  g_assert_no_error (error);
  launch_answered (launch, started);
}

static Launch *
begin (const char *from)
{
  g_autoptr (GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (settings, (void *)"window", (void *)"5m");
  const LaunchRun run = { .runbook = "/b.yaml",
                          .site_file = "/s.yaml",
                          .site = "lab",
                          .root = home.home,
                          .settings = settings,
                          .from = from };
  return launch_run (&run);
}

static void
expect_arguments (const Launch *launch, const char *wanted)
{
  g_auto (GStrv) arguments = launch_arguments (launch);
  g_autofree char *line = g_strjoinv (" ", arguments);
  g_autoptr (GString) shown = g_string_new (line);
  g_string_replace (shown, home.home, "HOME", 0);
  g_assert_cmpstr (shown->str, ==, wanted);
}

#define ARGUMENTS "run /b.yaml --site /s.yaml --state HOME --set window=5m"

static void
test_practice (void)
{
  g_autoptr (GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  const LaunchRun run = { .runbook = "/b.yaml",
                          .site_file = "/f/site.yaml",
                          .site = "practice",
                          .root = home.home,
                          .settings = settings,
                          .practice = "/f",
                          .speed = 10 };
  g_autoptr (Launch) launch = launch_run (&run);
  expect_arguments (launch, "run /b.yaml --site /f/site.yaml --state HOME --practice /f "
                            "--speed 10");
}

static void
test_begun (void)
{
  g_autoptr (Launch) launch = begin ("two");
  expect_arguments (launch, ARGUMENTS " --from two");
  answer (launch, RUNS);
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_JOIN);
  g_assert_cmpstr (launch_folder (launch), ==, "/state/runs/r1");
  g_assert_false (launch_is_resumed (launch));
}

static void
test_refused (void)
{
  g_autoptr (Launch) launch = begin (NULL);
  answer (launch, REFUSED);
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_REFUSED);
  g_assert_cmpstr (launch_refusal (launch)->refused, ==, "no; do this");
}

/* The unfinished run of the site is given up by nothing but the site's name. */
static void
test_given_up (void)
{
  static const char *const not_taken[] = { "", "y", "r0", "LAB", "lab ", "abandon" };
  g_autoptr (Launch) launch = begin (NULL);
  answer (launch, UNFINISHED);
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_ASK);
  g_autofree char *question = launch_question (launch);
  g_autofree char *takes = launch_takes (launch);
  g_assert_nonnull (strstr (question, "r0 is unfinished at two"));
  g_assert_cmpstr (takes, ==, "resume | lab | stop");
  for (gsize i = 0; i < G_N_ELEMENTS (not_taken); i++)
    g_assert_false (launch_take (launch, not_taken[i]));
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_ASK);
  g_assert_true (launch_take (launch, "lab"));
  expect_arguments (launch, ARGUMENTS " --abandon r0");
  answer (launch, UNFINISHED); /* asked once */
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_REFUSED);
}

static void
test_left (void)
{
  static const char *const lefts[] = { "stop", NULL };
  for (gsize i = 0; i < G_N_ELEMENTS (lefts); i++) {
    g_autoptr (Launch) launch = begin (NULL);
    answer (launch, UNFINISHED);
    g_assert_true (launch_take (launch, lefts[i]));
    g_assert_cmpint (launch_state (launch), ==, LAUNCH_LEFT);
  }
}

static void
put_run (const char *name, gboolean production)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autofree char *members = g_strdup_printf (
      "{\"format\":1,\"program\":\"0\",\"run\":\"r0\",\"runbook\":{\"name\":\"a\","
      "\"title\":\"A\",\"file\":\"/no/a\",\"digest\":\"d\"},\"sources\":[],\"site\":{"
      "\"name\":\"lab\",\"file\":\"/no/s\",\"digest\":\"d\",\"platform\":\"compose\","
      "\"production\":%s},\"settings\":{},\"practice\":false,\"host\":\"h\",\"uid\":1,"
      "\"user\":\"u\",\"pid\":1,\"boot\":\"b\",\"steps\":[]}",
      production ? "true" : "false");
  g_autoptr (Event) event = event_new (EVENT_RUN_BEGAN, json_loads (members, 0, NULL));
  g_autofree char *line = journal_write (&chain, event);
  g_autofree char *text = g_strconcat (line, "\n", NULL);
  g_autofree char *file = g_build_filename (STORE_RUNS, name, STORE_JOURNAL, NULL);
  home_put (&home, file, text, 0600);
}

/* The unfinished run is gone on with, and what differs is agreed to: on a production site
 * by its name. */
static void
test_resumed (const void *data)
{
  gboolean production = GPOINTER_TO_INT (data);
  const char *word = production ? "lab" : "y";
  g_autoptr (Launch) launch = begin (NULL);
  put_run ("r0", production);
  answer (launch, UNFINISHED);
  g_assert_true (launch_take (launch, "resume"));
  expect_arguments (launch, "resume HOME/runs/r0");
  answer (launch, DIFFERS);
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_ASK);
  g_autofree char *takes = launch_takes (launch);
  g_autofree char *details = launch_details (launch);
  g_assert_true (g_str_has_prefix (takes, word));
  g_assert_true (g_str_has_prefix (details, "  differs: one step\n"));
  g_assert_false (launch_take (launch, production ? "y" : "lab"));
  g_assert_true (launch_take (launch, word));
  expect_arguments (launch, "resume HOME/runs/r0 --accept");
  answer (launch, RUNS);
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_JOIN);
  g_assert_true (launch_is_resumed (launch));
}

static void
test_resume_refused (void)
{
  g_autofree char *folder = g_build_filename (home.home, "runs", "r0", NULL);
  g_autoptr (Launch) launch = launch_resume (folder);
  put_run ("r0", FALSE);
  answer (launch, REFUSED);
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_REFUSED);
  g_autoptr (Launch) again = launch_resume (folder);
  answer (again, DIFFERS);
  g_assert_true (launch_take (again, "y"));
  answer (again, DIFFERS); /* agreed to once: something else is wrong */
  g_assert_cmpint (launch_state (again), ==, LAUNCH_REFUSED);
}

/* Somebody else goes on with it: that is taken part in. */
static void
test_resume_is_live (void)
{
  put_run ("r0", FALSE);
  home_put (&home, "runs/r0/lock", "", 0600);
  g_autofree char *folder = g_build_filename (home.home, "runs", "r0", NULL);
  g_autofree char *lock = g_build_filename (folder, STORE_LOCK, NULL);
  int held = open (lock, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (flock (held, LOCK_EX | LOCK_NB), ==, 0);
  g_autoptr (Launch) launch = launch_resume (folder);
  answer (launch, REFUSED);
  g_assert_cmpint (launch_state (launch), ==, LAUNCH_JOIN);
  g_assert_true (launch_is_joined (launch));
  g_assert_cmpstr (launch_folder (launch), ==, folder);
  close (held);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  home_open (&home);
  g_test_add_func ("/launch/begun", test_begun);
  g_test_add_func ("/launch/practice", test_practice);
  g_test_add_func ("/launch/refused", test_refused);
  g_test_add_func ("/launch/given-up", test_given_up);
  g_test_add_func ("/launch/left", test_left);
  g_test_add_data_func ("/launch/resumed", GINT_TO_POINTER (FALSE), test_resumed);
  g_test_add_data_func ("/launch/resumed-in-production", GINT_TO_POINTER (TRUE),
                        test_resumed);
  g_test_add_func ("/launch/resume-refused", test_resume_refused);
  g_test_add_func ("/launch/resume-is-live", test_resume_is_live);
  int status = g_test_run ();
  home_close (&home);
  return status;
}
