/* From `handrail` to a run that begins: the program with its runner, on a platform that is a
 * script; runs are journals that the test writes. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/store.h"
#include "tests/screen/storm.h"

/* In the year 2100: however late this is run, it was just now. */
#define WALL_US G_GINT64_CONSTANT (4102444800000000)

/* What `docker` says: two of web, one of worker, and that stopping is done. */
#define DOCKER                                                                         \
  "#!/bin/sh\n"                                                                        \
  "case \"$1\" in\n"                                                                   \
  "info) echo '{\"ID\":\"E:1\",\"SystemTime\":\"2026-11-23T04:10:00Z\"}' ;;\n"         \
  "ps) echo a; echo b; echo c ;;\n"                                                    \
  "inspect) echo '[" CONTAINER ("a", "web") "," CONTAINER ("b", "web") "," CONTAINER ( \
      "c", "worker") "]' ;;\n"                                                         \
                     "esac\n"

#define CONTAINER(id, service)                                                        \
  "{\"Id\":\"" id "\",\"Name\":\"/shop-" id "\",\"State\":{\"Status\":\"running\","   \
  "\"StartedAt\":\"2026-11-23T04:00:01Z\"},\"Config\":{\"Labels\":{"                  \
  "\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"" service \
  "\"}}}"

#define SITE(name, more)                                                                 \
  "handrail-site: 1\nname: " name "\n" more "platform: { compose: { project: shop } }\n" \
  "services: { web: { replicas: 2 }, worker: {}, database: { managed: RDS } }\n"

#define RUNBOOK                                                            \
  "handrail: 1\n"                                                          \
  "title: Stop the shop\n"                                                 \
  "about: In the order that loses nothing. More is said in its steps.\n"   \
  "vars:\n"                                                                \
  "  many: { type: count, default: 5, max: 9, about: How many are few }\n" \
  "steps:\n"                                                               \
  "  - id: ticket\n"                                                       \
  "    title: Name the ticket\n"                                           \
  "    ask: { text: 'Which ticket is this?' }\n"                           \
  "  - id: stop-web\n"                                                     \
  "    title: Stop web\n"                                                  \
  "    why: It makes new work for the worker.\n"                           \
  "    do: { scale: { service: web, to: 0 } }\n"                           \
  "  - id: stop-worker\n"                                                  \
  "    title: Stop worker\n"                                               \
  "    require: [ { service: { name: web, running: 0 } } ]\n"              \
  "    do: { scale: { service: worker, to: 0 } }\n"                        \
  "  - id: stop-database\n"                                                \
  "    title: Stop the database\n"                                         \
  "    do: { scale: { service: database, to: 0 } }\n"

/* Nothing takes so long to end that was told to. */
#define LIMIT_S 60

static struct {
  char *folder; /* the programs, and a folder for each test */
  char *program;
  char *place;          /* of this test: its configuration and its runs */
  char *environment[5]; /* of every program that is started */
} bed;

/* ---- the bed ------------------------------------------------------------------------- */

static void
put_in (const char *folder, const char *name, const char *bytes, gssize length,
        guint mode)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *above = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
put (const char *name, const char *bytes, gssize length, guint mode)
{
  put_in (bed.place, name, bytes, length, mode);
}

/* A program of the build tree, away from it: so it finds nothing there. */
static void
put_program (const char *name)
{
  g_autofree char *built = g_test_build_filename (G_TEST_BUILT, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (built, &bytes, &length, NULL));
  g_autofree char *there = g_build_filename ("bin", name, NULL);
  put_in (bed.folder, there, bytes, (gssize)length, 0700);
}

static void
remove_all (const char *path)
{
  gboolean link = g_file_test (path, G_FILE_TEST_IS_SYMLINK);
  g_autoptr (GDir) folder = link ? NULL : g_dir_open (path, 0, NULL);
  const char *name = NULL;
  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    remove_all (inner);
  }
  g_remove (path);
}

/* A folder that no other test has seen, with the themes of the source tree. */
static void
open_place (void)
{
  static guint places = 0;
  g_autofree char *name = g_strdup_printf ("test-%u", ++places);
  bed.place = g_build_filename (bed.folder, name, NULL);
  bed.environment[0] = g_strdup_printf ("PATH=%s/bin:%s", bed.folder, g_getenv ("PATH"));
  bed.environment[1] = g_strdup_printf ("XDG_CONFIG_HOME=%s/config", bed.place);
  bed.environment[2] = g_strdup_printf ("XDG_STATE_HOME=%s/state", bed.place);
  bed.environment[3] = g_strdup ("TZ=UTC");
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "themes", NULL);
  g_autofree char *themes =
      g_build_filename (bed.place, "config", "handrail", "themes", NULL);
  put ("config/handrail/empty", "", 0, 0600);
  g_assert_cmpint (symlink (source, themes), ==, 0);
}

static void
close_place (void)
{
  g_clear_pointer (&bed.place, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (bed.environment); i++)
    g_clear_pointer (&bed.environment[i], g_free);
}

/* Runners outlive the terminal they were begun from: those of this test are told to end. */
static void
tell_runners_to_end (void)
{
  g_autofree char *runs =
      g_build_filename (bed.place, "state", "handrail", STORE_RUNS, NULL);
  g_autoptr (GDir) folder = g_dir_open (runs, 0, NULL);
  const char *name = NULL;
  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (runs, name, NULL);
    g_autoptr (StoreRun) run = store_open (path, NULL);
    if (run && run->live && run->state)
      kill ((pid_t)run->state->pid, SIGTERM);
  }
}

/* All that a test has begun is a child of this program once its parents have gone. */
static void
wait_for_all (void)
{
  alarm (LIMIT_S);
  while (waitpid (-1, NULL, 0) > 0 || errno == EINTR)
    continue;
  alarm (0);
}

static void
put_files (void)
{
  put ("config/handrail/sites/lab.yaml", SITE ("lab", "production: false\n"), -1, 0600);
  put ("config/handrail/sites/prod.yaml", SITE ("prod", "identity: { engine: 'E:1' }\n"),
       -1, 0600);
  put ("config/handrail/runbooks/stop.yaml", RUNBOOK, -1, 0600);
  put ("config/handrail/runbooks/bad.yaml", "handrail: 1\ntitle: Bad\nstep: []\n", -1,
       0600);
}

/* ---- runs ---------------------------------------------------------------------------- */

static void
put_line (GString *lines, JournalChain *chain, EventType type, const char *members)
{
  g_autoptr (Event) event =
      event_new (type, members ? json_loads (members, 0, NULL) : NULL);
  event->at.wall_us = WALL_US;
  g_autofree char *line = journal_write (chain, event);
  g_string_append_printf (lines, "%s\n", line);
}

/* A run at the second of its two steps; `ending`: NULL, or how it ended. */
static void
put_run (const char *name, const char *site, gboolean production, EventType ending)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autofree char *began = g_strdup_printf (
      "{\"format\":1,\"program\":\"0\",\"run\":\"r\",\"runbook\":{\"name\":\"stop\","
      "\"title\":\"Stop the shop\",\"file\":\"/a\",\"digest\":\"d\"},\"sources\":[],"
      "\"site\":{\"name\":\"%s\",\"file\":\"/"
      "s\",\"digest\":\"d\",\"platform\":\"compose\","
      "\"production\":%s},\"settings\":{},\"practice\":false,\"host\":\"h\",\"uid\":1,"
      "\"user\":\"ann\",\"pid\":1,\"boot\":\"b\",\"steps\":[{\"id\":\"one\",\"title\":"
      "\"Stop web\"}]}",
      site, production ? "true" : "false");
  put_line (lines, &chain, EVENT_RUN_BEGAN, began);
  put_line (lines, &chain, EVENT_STEP_BEGAN, "{\"step\":\"one\",\"title\":\"Stop web\"}");
  if (ending == EVENT_RUN_STOPPED)
    put_line (lines, &chain, ending, "{\"why\":\"ann said stop\",\"held\":true}");
  if (ending == EVENT_RUN_ABANDONED)
    put_line (lines, &chain, ending,
              "{\"why\":\"a newer run\",\"uid\":1,\"user\":\"ann\"}");
  g_autofree char *file =
      g_build_filename ("state/handrail/runs", name, STORE_JOURNAL, NULL);
  put (file, lines->str, (gssize)lines->len, 0600);
}

static void
put_runs (void)
{
  put_run ("20260101T000003Z-stop-prod", "prod", TRUE, EVENT_RUN_STOPPED);
  put_run ("20260101T000002Z-stop-lab", "lab", FALSE, EVENT_RUN_ABANDONED);
  put ("state/handrail/runs/20260101T000001Z-odd-lab/journal.jsonl", "nonsense\n\n", -1,
       0600);
}

static Harness *
start (int width, int height)
{
  const char *const argv[] = { bed.program, NULL };
  Harness *harness =
      harness_start (width, height, argv, (const char *const *)bed.environment);
  harness_idle (harness);
  return harness;
}

/* ---- home ------------------------------------------------------------------------------ */

static void
test_sizes (void)
{
  static const int sizes[][2] = { { 60, 18 }, { 80, 24 }, { 120, 36 }, { 200, 60 } };
  put_files ();
  put_runs ();
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Harness) harness = start (sizes[i][0], sizes[i][1]);
    g_autofree char *name = g_strdup_printf ("home-%dx%d", sizes[i][0], sizes[i][1]);
    harness_compare (harness, name);
  }
}

static void
test_looks (void)
{
  put_files ();
  put_runs ();
  g_autoptr (Harness) harness = start (100, 24);
  harness_type (harness, "jjj"); /* of which no path is shown */
  harness_compare_looks (harness, "home-looks");
}

/* Nothing is there: it says what to do, and shows what a file looks like. */
static void
test_nothing (void)
{
  g_autoptr (Harness) harness = start (80, 24);
  harness_compare (harness, "home-nothing");
  harness_type (harness, "\r");
  harness_expect (harness, "A first runbook");
  harness_type (harness, "q");
  harness_type (harness, "j\r");
  harness_expect (harness, "handrail-site: 1");
  harness_type (harness, "/");
  harness_type (harness, "doctor\r");
  harness_expect (harness, "handrail doctor --site NAME");
  harness_type (harness, "q");
  harness_compare (harness, "home-nothing-site");
}

static void
test_filter (void)
{
  put_files ();
  put_runs ();
  g_autoptr (Harness) harness = start (80, 24);
  harness_type (harness, "/");
  harness_type (harness, "prod");
  harness_compare (harness, "home-filter");
  harness_type (harness, "\r");
  harness_expect (harness, "2 have \"prod\"; Esc shows all");
  harness_type (harness, "/");
  harness_expect (harness, "Show what has prod");
  harness_type (harness, "\r");
  harness_expect (harness, "2 have \"prod\"; Esc shows all");
  harness_type (harness, "/");
  harness_type (harness, "stop"); /* instead of what stands there */
  harness_type (harness, "\r");
  harness_expect (harness, "3 have \"stop\"; Esc shows all");
  harness_type (harness, "/");
  harness_type (harness, "x");
  harness_expect (harness, "Nothing has these words");
  harness_type (harness, "\033");
  harness_compare (harness, "home-80x24");
}

/* A run that somebody begins meanwhile, and its end, are seen without a key. */
static void
test_changes (void)
{
  put_files ();
  put_runs ();
  g_autoptr (Harness) harness = start (80, 24);
  put_run ("20260101T000009Z-stop-lab", "lab", FALSE, EVENT_RUN_STOPPED);
  harness_expect (harness, "▸ lab");
  put_run ("20260101T000009Z-stop-lab", "lab", FALSE, EVENT_RUN_ABANDONED);
  harness_expect (harness, "– lab            Stop the shop         given up");
}

static void
test_stories (void)
{
  put_files ();
  put_runs ();
  g_autoptr (Harness) harness = start (80, 24);
  harness_type (harness, "G\r");
  harness_compare (harness, "home-story");
  harness_type (harness, "qgj\r");
  harness_expect (harness, "! journal line 1: ");
}

/* Of every step there is something to be said. */
static void
put_long_run (const char *name)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  JournalChain chain = JOURNAL_CHAIN_INIT;
  static const struct {
    EventType type;
    const char *members;
  } events[] = {
    { EVENT_RUN_BEGAN,
      "{\"format\":1,\"program\":\"0\",\"run\":\"r\",\"runbook\":{\"name\":\"stop\","
      "\"title\":\"Stop the shop\",\"file\":\"/a\",\"digest\":\"d\"},\"sources\":[],"
      "\"site\":{\"name\":\"prod\",\"file\":\"/s\",\"digest\":\"d\",\"platform\":"
      "\"compose\",\"production\":true},\"settings\":{},\"practice\":false,\"host\":"
      "\"jump\",\"uid\":1,\"user\":\"ann\",\"pid\":1,\"boot\":\"b\",\"steps\":["
      "{\"id\":\"ticket\",\"title\":\"Name the ticket\"},"
      "{\"id\":\"mail\",\"title\":\"Stop the mail\"},"
      "{\"id\":\"web\",\"title\":\"Stop web\"},"
      "{\"id\":\"worker\",\"title\":\"Stop worker\"},"
      "{\"id\":\"store\",\"title\":\"Stop the store, which takes its time\"}]}" },
    { EVENT_STEP_BEGAN, "{\"step\":\"ticket\",\"title\":\"Name the ticket\"}" },
    { EVENT_ASKED, "{\"question\":1,\"kind\":\"ask\",\"step\":\"ticket\",\"purpose\":"
                   "\"do\",\"text\":\"Which?\",\"digest\":\"\",\"takes\":\"[TEXT]\"}" },
    { EVENT_ANSWERED, "{\"question\":1,\"kind\":\"ask\",\"step\":\"ticket\",\"digest\":"
                      "\"\",\"answer\":\"text\",\"text\":\"T-1\",\"viewer\":1,\"uid\":1,"
                      "\"user\":\"ann\"}" },
    { EVENT_STEP_DONE, "{\"step\":\"ticket\"}" },
    { EVENT_STEP_SKIPPED, "{\"step\":\"mail\",\"reason\":\"there is no mail here\","
                          "\"by\":\"when\"}" },
    { EVENT_STEP_BEGAN, "{\"step\":\"web\",\"title\":\"Stop web\"}" },
    { EVENT_NOTE, "{\"text\":\"the pager is quiet\",\"uid\":2,\"user\":\"bob\"}" },
    { EVENT_STEP_FAILED, "{\"step\":\"web\",\"reason\":\"docker did not answer\"}" },
    { EVENT_RUN_STOPPED, "{\"why\":\"ann said stop\",\"held\":false}" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    put_line (lines, &chain, events[i].type, events[i].members);
  g_autofree char *file =
      g_build_filename ("state/handrail/runs", name, STORE_JOURNAL, NULL);
  put (file, lines->str, (gssize)lines->len, 0600);
}

/* Where it stands can be read, and nothing is begun by that. */
static void
test_stopped (void)
{
  static const int sizes[][2] = { { 60, 18 }, { 80, 24 }, { 120, 36 } };
  put_files ();
  put_long_run ("20260101T000003Z-stop-prod");
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Harness) harness = start (sizes[i][0], sizes[i][1]);
    g_autofree char *name = g_strdup_printf ("stopped-%dx%d", sizes[i][0], sizes[i][1]);
    harness_type (harness, "\r");
    harness_compare (harness, name);
  }
  g_autoptr (Harness) harness = start (60, 18);
  harness_type (harness, "\r");
  harness_type (harness, "G");
  harness_compare (harness, "stopped-end");
  harness_type (harness, "?");
  harness_expect (harness, "Go on with this run");
}

static void
test_stopped_storm (void)
{
  put_files ();
  put_long_run ("20260101T000003Z-stop-prod");
  if (!storm_gather ())
    return;
  g_autoptr (Harness) harness = start (STORM_WIDTH, STORM_HEIGHT);
  harness_type (harness, "\r");
  storm_blow (harness, 6);
  g_autoptr (Harness) fresh = start (STORM_WIDTH, STORM_HEIGHT);
  harness_type (fresh, "\r");
  storm_compare (harness, fresh);
  storm_end (harness);
}

/* ---- the plan ---------------------------------------------------------------------------- */

static Harness *
start_at_plan (int width, int height, gboolean production)
{
  put_files ();
  Harness *harness = start (width, height);
  harness_type (harness, "j\r");
  harness_expect (harness, "On which site?");
  harness_type (harness, production ? "j\r" : "\r");
  harness_expect (harness, "2→0");
  return harness;
}

static void
test_plan (void)
{
  static const int sizes[][2] = { { 60, 18 }, { 80, 24 }, { 120, 36 }, { 200, 60 } };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (Harness) harness = start_at_plan (sizes[i][0], sizes[i][1], TRUE);
    g_autofree char *name = g_strdup_printf ("plan-%dx%d", sizes[i][0], sizes[i][1]);
    harness_type (harness, "Gk");
    harness_compare (harness, name);
  }
}

static void
test_plan_is_read (void)
{
  g_autoptr (Harness) harness = start_at_plan (60, 18, FALSE);
  harness_type (harness, "Gk");
  harness_type (harness, "\r");
  harness_type (harness, "G");
  harness_compare (harness, "plan-read");
  g_free (harness_take_output (harness));
  harness_type (harness, "y");
  g_autofree char *sent = harness_take_output (harness);
  g_autofree char *copied =
      g_base64_encode ((const guchar *)"docker compose -p shop stop worker",
                       strlen ("docker compose -p shop stop worker"));
  g_assert_nonnull (strstr (sent, copied));
  harness_type (harness, "q");
  harness_type (harness, "q");
  harness_expect (harness, "On which site?");
}

static void
test_values (void)
{
  g_autoptr (Harness) harness = start_at_plan (80, 24, FALSE);
  harness_type (harness, "j\r");
  harness_type (harness, "\025");
  harness_type (harness, "99\r");
  harness_expect (harness, "many is");
  harness_type (harness, "\025");
  harness_type (harness, "7\r");
  harness_compare (harness, "plan-value");
}

static void
test_problems (void)
{
  put_files ();
  g_autoptr (Harness) harness = start (80, 24);
  harness_type (harness, "\r\r");
  harness_expect (harness, "this is wrong in the files");
  harness_type (harness, "r");
  harness_expect (harness, "It cannot be run yet: the selected line says why");
  put ("config/handrail/runbooks/bad.yaml", RUNBOOK, -1, 0600);
  harness_type (harness, "\r");
  harness_expect (harness, "Stop the shop");
  harness_expect (harness, "2→0");
}

/* Where only some rows are shown, too, the one that says why is there, and selected. */
static void
test_not_ready (void)
{
  put_files ();
  put ("config/handrail/sites/prod.yaml", SITE ("prod", ""), -1, 0600);
  g_autoptr (Harness) harness = start (80, 24);
  harness_type (harness, "j\r");
  harness_expect (harness, "On which site?");
  harness_type (harness, "j\r");
  harness_expect (harness, "Not ready");
  harness_type (harness, "/worker\r");
  harness_expect (harness, "1 have \"worker\"");
  harness_type (harness, "r");
  harness_expect (harness, "It cannot be run yet: the selected line says why");
  harness_expect (harness, "handrail doctor --site prod --pin");
}

/* ---- beginning --------------------------------------------------------------------------- */

/* Stops the run that is in front, and leaves it; the plan is in front again. */
static void
stop_run (Harness *harness)
{
  harness_expect (harness, "Which ticket is this?");
  harness_type (harness,
                "\r"); /* once this is dealt with, no key is forgotten any more */
  harness_type (harness, "stop\r");
  harness_expect (harness, "q leaves");
  harness_type (harness, "\r");
  harness_type (harness, "q");
  harness_expect (harness, "Plan: Stop the shop");
}

/* The run that is begun asks its first question; stopped, it is in the way of the next one,
 * until it is given up by the site's name. */
static void
test_begin (void)
{
  g_autoptr (Harness) harness = start_at_plan (80, 24, FALSE);
  harness_type (harness, "r");
  stop_run (harness);
  harness_expect (harness, "2→0"); /* looks again */
  harness_type (harness, "r");
  harness_expect (harness, "is unfinished at ticket");
  harness_expect (harness, "Type one of   resume | lab | stop");
  harness_type (harness, "\r"); /* an empty field says nothing */
  harness_type (harness, "yes\r");
  harness_expect (harness, "Not taken");
  harness_type (harness, "\025");
  harness_type (harness, "stop\r");
  harness_expect (harness, "Plan: Stop the shop");
  harness_type (harness, "r");
  harness_expect (harness, "is unfinished at ticket");
  harness_type (harness, "\r");
  harness_type (harness, "lab\r");
  stop_run (harness);
}

/* Whether somebody holds the newest run. */
static gboolean
a_run_is_held (void)
{
  g_autofree char *root = g_build_filename (bed.place, "state", "handrail", NULL);
  g_autofree char *path = store_find (root, NULL, NULL);
  g_assert_nonnull (path);
  return store_is_live (path);
}

/* From home, a run that was stopped is looked at, and gone on with from there; one that runs is
 * taken part in. */
static void
test_go_on (void)
{
  g_autoptr (Harness) harness = start_at_plan (80, 24, FALSE);
  harness_type (harness, "r");
  stop_run (harness);
  harness_type (harness, "q");
  harness_type (harness, "q");
  harness_expect (harness, "▸ lab");
  harness_type (harness, "g\r");
  harness_expect (harness, "This run has stopped, unfinished.");
  harness_expect (harness, "Name the ticket: begun, and not confirmed yet");
  harness_type (harness, "\r");
  harness_expect (harness, "Enter changes nothing; r goes on with this run");
  harness_type (harness, "q");
  harness_expect (harness, "▸ lab");
  g_assert_false (a_run_is_held ()); /* nor has a look begun anything */
  harness_type (harness, "\r");
  harness_type (harness, "r");
  harness_expect (harness, "Which ticket is this?");
  harness_type (harness, "\r");
  harness_type (harness, "\033"); /* out of the field */
  harness_type (harness, "d");
  harness_expect (harness, "waits for you");
  g_assert_cmpstr (harness_title (harness), ==, "handrail");
  harness_type (harness, "g\r");
  harness_expect (harness, "Which ticket is this?");
  harness_type (harness, "\r");
  harness_type (harness, "T-1\r");
  harness_expect (harness, "Stop web");
}

/* Somebody else works on the site: refused, and nothing is done. */
static void
test_held (void)
{
  g_autoptr (Harness) harness = start_at_plan (80, 24, FALSE);
  put ("state/handrail/sites/lab.lock", "", 0, 0600);
  g_autofree char *lock =
      g_build_filename (bed.place, "state/handrail/sites/lab.lock", NULL);
  int held = open (lock, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (flock (held, LOCK_EX | LOCK_NB), ==, 0);
  harness_type (harness, "r");
  harness_expect (harness, "Nothing has been done");
  harness_type (harness, "q");
  harness_expect (harness, "Plan: Stop the shop");
  close (held);
}

/* ---- quiet ------------------------------------------------------------------------------- */

/* Few bytes a key; none when a key changes nothing. */
static void
test_bytes (void)
{
  put_files ();
  put_runs ();
  g_autoptr (Harness) harness = start (120, 36);
  g_autofree char *first = harness_take_output (harness);
  g_assert_cmpuint (strlen (first), <=, 6 * 1024);
  harness_type (harness, "k");
  g_autofree char *nothing = harness_take_output (harness);
  g_assert_cmpstr (nothing, ==, "");
}

/* ---- all sizes --------------------------------------------------------------------------- */

static void
test_storm (void)
{
  put_files ();
  put_runs ();
  if (!storm_gather ())
    return;
  g_autoptr (Harness) harness = start (STORM_WIDTH, STORM_HEIGHT);
  storm_blow (harness, 4);
  g_autoptr (Harness) fresh = start (STORM_WIDTH, STORM_HEIGHT);
  storm_compare (harness, fresh);
  storm_end (harness);
}

static void
test_plan_storm (void)
{
  put_files ();
  if (!storm_gather ())
    return;
  g_autoptr (Harness) harness = start_at_plan (STORM_WIDTH, STORM_HEIGHT, TRUE);
  harness_type (harness, "Gk");
  storm_blow (harness, 5);
  g_autoptr (Harness) fresh = start_at_plan (STORM_WIDTH, STORM_HEIGHT, TRUE);
  harness_type (fresh, "Gk");
  storm_compare (harness, fresh);
  storm_end (harness);
}

static void
run_test (const void *test)
{
  open_place ();
  ((void (*) (void))test) ();
  tell_runners_to_end ();
  wait_for_all ();
  close_place ();
}

static void
open_bed (void)
{
  bed.folder = g_dir_make_tmp ("home-XXXXXX", NULL);
  bed.program = g_build_filename (bed.folder, "bin", "handrail", NULL);
  put_program ("handrail");
  put_program ("handrail-runner");
  put_in (bed.folder, "bin/docker", DOCKER, -1, 0700);
}

static void
close_bed (void)
{
  remove_all (bed.folder);
  g_free (bed.folder);
  g_free (bed.program);
}

#define ADD(name, test) g_test_add_data_func ("/home/" name, (const void *)test, run_test)

int
main (int argc, char **argv)
{
  harness_require ();
  g_test_init (&argc, &argv, NULL);
  if (g_access (STORE_SHARED_ROOT, W_OK) == 0) {
    g_print ("runs are shared on this host, and no test may look at them\n");
    return 77;
  }
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), ==, 0);
  open_bed ();
  ADD ("sizes", test_sizes);
  ADD ("looks", test_looks);
  ADD ("nothing", test_nothing);
  ADD ("filter", test_filter);
  ADD ("changes", test_changes);
  ADD ("stories", test_stories);
  ADD ("stopped", test_stopped);
  ADD ("plan", test_plan);
  ADD ("plan-is-read", test_plan_is_read);
  ADD ("values", test_values);
  ADD ("problems", test_problems);
  ADD ("not-ready", test_not_ready);
  ADD ("begin", test_begin);
  ADD ("go-on", test_go_on);
  ADD ("held", test_held);
  ADD ("bytes", test_bytes);
  ADD ("storm", test_storm);
  ADD ("plan-storm", test_plan_storm);
  ADD ("stopped-storm", test_stopped_storm);
  int status = g_test_run ();
  close_bed ();
  return status;
}
