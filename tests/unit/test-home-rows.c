/* What home lists: of runs in each state, of runbooks and sites with and without mistakes,
 * and of nothing at all. */
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <utime.h>

#include "tests/unit/program.h"
#include "tui/home/home_files.h"

#define WALL_US G_GINT64_CONSTANT (1795400000000000)

static Home home;
static char *folders[2];
static FindPlaces places;
static char *none[] = { NULL };

static void
put_line (GString *lines, JournalChain *chain, EventType type, const char *members)
{
  g_autoptr (Event) event =
      event_new (type, members ? json_loads (members, 0, NULL) : NULL);
  event->at.wall_us = WALL_US + (gint64)chain->number * G_USEC_PER_SEC;
  g_autofree char *line = journal_write (chain, event);
  g_string_append_printf (lines, "%s\n", line);
}

static void
put_began (GString *lines, JournalChain *chain, const char *site, gboolean production)
{
  g_autofree char *members = g_strdup_printf (
      "{\"format\":1,\"program\":\"0\",\"run\":\"r\",\"runbook\":{\"name\":\"a\","
      "\"title\":"
      "\"Stop the shop\",\"file\":\"/a\",\"digest\":\"d\"},\"sources\":[],\"site\":{"
      "\"name\":\"%s\",\"file\":\"/s\",\"digest\":\"d\",\"platform\":\"compose\","
      "\"production\":%s},\"settings\":{},\"practice\":false,\"host\":\"h\",\"uid\":1,"
      "\"user\":\"ann\",\"pid\":1,\"boot\":\"b\",\"steps\":[{\"id\":\"one\",\"title\":"
      "\"Stop web\"}]}",
      site, production ? "true" : "false");
  put_line (lines, chain, EVENT_RUN_BEGAN, members);
}

typedef enum { GOING, ASKING, STOPPED, REFUSED, GIVEN_UP, NOTED, HELD } Story;

static char *
journal_of (Story story, gboolean production)
{
  GString *lines = g_string_new (NULL);
  JournalChain chain = JOURNAL_CHAIN_INIT;
  put_began (lines, &chain, production ? "prod" : "lab", production);
  put_line (lines, &chain, EVENT_STEP_BEGAN, "{\"step\":\"one\",\"title\":\"Stop web\"}");
  if (story == HELD) {
    put_line (lines, &chain, EVENT_VIEWER_CAME,
              "{\"viewer\":1,\"uid\":1,\"user\":\"bob\"}");
    put_line (lines, &chain, EVENT_CONTROLS, "{\"viewer\":1,\"how\":\"first\"}");
  }
  if (story == ASKING)
    put_line (lines, &chain, EVENT_ASKED,
              "{\"question\":1,\"kind\":\"confirm\",\"step\":\"one\",\"purpose\":\"do\","
              "\"text\":\"stop it\",\"digest\":\"d1\",\"takes\":\"[y | stop]\"}");
  if (story == STOPPED)
    put_line (lines, &chain, EVENT_RUN_STOPPED,
              "{\"why\":\"ann said stop\",\"held\":true}");
  if (story == REFUSED)
    put_line (lines, &chain, EVENT_RUN_STOPPED,
              "{\"why\":\"no identity\",\"held\":true,\"refused\":true}");
  if (story == GIVEN_UP || story == NOTED)
    put_line (lines, &chain, EVENT_RUN_ABANDONED,
              "{\"why\":\"given up\",\"uid\":1,\"user\":\"ann\"}");
  if (story == NOTED)
    put_line (lines, &chain, EVENT_NOTE, "{\"text\":\"n\",\"uid\":1,\"user\":\"ann\"}");
  return g_string_free (lines, FALSE);
}

static char *
file_of (const char *run, const char *file)
{
  return g_build_filename (STORE_RUNS, run, file, NULL);
}

static void
put_run (const char *run, Story story, gboolean production)
{
  g_autofree char *file = file_of (run, STORE_JOURNAL);
  g_autofree char *text = journal_of (story, production);
  home_put (&home, file, text, 0600);
}

static int
hold (const char *run)
{
  g_autofree char *name = file_of (run, STORE_LOCK);
  home_put (&home, name, "", 0600);
  g_autofree char *lock = g_build_filename (home.home, name, NULL);
  int held = open (lock, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (flock (held, LOCK_EX | LOCK_NB), ==, 0);
  return held;
}

static void
clear (void)
{
  static const char *const parts[] = { "runs", "books", "sites" };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_build_filename (home.home, parts[i], NULL);
    home_remove (path);
  }
}

/* Every row as "part|mark|name|site|title|state". */
static char *
told (const HomeRows *rows)
{
  static const char marks[] = "+!>~-? ";
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < home_rows_count (rows); i++) {
    const HomeRow *row = home_rows_get (rows, i);
    if (row->kind == HOME_GAP)
      g_string_append (out, "\n");
    else
      g_string_append_printf (out, "%s|%c|%s|%s|%s|%s%s\n", row->part, marks[row->mark],
                              row->name, row->site ? row->site : "", row->title,
                              row->state ? row->state : "",
                              row->production ? "|red" : "");
  }
  return g_string_free (out, FALSE);
}

static const char *
about_of (const HomeRows *rows, HomeKind kind, const char *name)
{
  guint index = home_rows_find (rows, kind, name);
  g_assert_cmpuint (index, !=, G_MAXUINT);
  return home_rows_get (rows, index)->about;
}

static void
test_nothing (void)
{
  clear ();
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_autofree char *seen = told (rows);
  g_assert_cmpstr (seen, ==,
                   "Runbooks| |runbook||There is no runbook yet|\n"
                   "\n"
                   "Sites| |site||There is no site yet|\n"
                   "\n"
                   "History| |runs||No run on a site is over yet|\n");
}

/* What is to be done first: unfinished runs, then damaged ones, then all that is over. */
static void
test_runs (void)
{
  clear ();
  put_run ("20260101T000001Z-a-lab", STOPPED, FALSE);
  put_run ("20260101T000002Z-a-prod", ASKING, TRUE);
  put_run ("20260101T000003Z-a-lab", GOING, FALSE);
  put_run ("20260101T000004Z-a-lab", GIVEN_UP, FALSE);
  put_run ("20260101T000005Z-a-prod", NOTED, TRUE);
  put_run ("20260101T000006Z-a-lab", REFUSED, FALSE);
  put_run ("20260101T000008Z-a-prod", HELD, TRUE);
  home_put (&home, "runs/20260101T000007Z-a-lab/journal.jsonl", "[]\n{}\n", 0600);
  int asking = hold ("20260101T000002Z-a-prod");
  int held = hold ("20260101T000008Z-a-prod");
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_autofree char *seen = told (rows);
  close (asking);
  close (held);
  const char *end = strstr (seen, "\n\nRunbooks");
  g_assert_nonnull (end);
  g_autofree char *first = g_strndup (seen, (gsize)(end - seen));
  g_assert_cmpstr (
      first, ==,
      "Unfinished|>|20260101T000002Z-a-prod|prod|Stop the shop|waits for you|red\n"
      "Unfinished|~|20260101T000008Z-a-prod|prod|Stop the shop|held by bob|red\n"
      "Unfinished|>|20260101T000003Z-a-lab|lab|Stop the shop|its runner died\n"
      "Unfinished|>|20260101T000001Z-a-lab|lab|Stop the shop|stopped\n"
      "Damaged|!|20260101T000007Z-a-lab||20260101T000007Z-a-lab|damaged");
  const HomeRow *row = home_rows_get (rows, 0);
  g_assert_cmpstr (row->step, ==, "Stop web");
  g_assert_cmpuint (row->number, ==, 1);
  g_assert_cmpuint (row->steps, ==, 1);
  g_assert_cmpint (row->began_us, ==, WALL_US);
  const char *history = strstr (seen, "History");
  g_assert_cmpstr (history, ==,
                   "History|-|20260101T000006Z-a-lab|lab|Stop the shop|refused\n"
                   "History|-|20260101T000005Z-a-prod|prod|Stop the shop|given up|red\n"
                   "History|-|20260101T000004Z-a-lab|lab|Stop the shop|given up\n");
  g_assert_nonnull (strstr (about_of (rows, HOME_UNFINISHED, "20260101T000001Z-a-lab"),
                            "step 1 of 1, Stop web: ann said stop"));
  g_assert_nonnull (
      strstr (about_of (rows, HOME_BROKEN, "20260101T000007Z-a-lab"), "line 1"));
}

/* A journal that has grown is read again, one that has not is not, and a runner that is
 * gone is seen to be. */
static void
test_again (void)
{
  clear ();
  put_run ("20260101T000001Z-a-lab", GOING, FALSE);
  int held = hold ("20260101T000001Z-a-lab");
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_assert_true (home_rows_get (rows, 0)->live);
  close (held);
  home_rows_again (rows);
  g_assert_false (home_rows_get (rows, 0)->live);
  g_assert_cmpstr (home_rows_get (rows, 0)->state, ==, "its runner died");
  put_run ("20260101T000001Z-a-lab", STOPPED, FALSE);
  put_run ("20260101T000002Z-a-lab", STOPPED, FALSE);
  home_rows_again (rows);
  g_assert_cmpuint (home_rows_count_of (rows, HOME_UNFINISHED), ==, 2);
  g_assert_cmpstr (home_rows_get (rows, 1)->state, ==, "stopped");
}

static void
test_files (void)
{
  clear ();
  home_put (&home, "books/good.yaml",
            "handrail: 1\ntitle: Good\nabout: One sentence. Another.\nsteps:\n"
            "  - id: a\n    title: A\n    ask: { text: Who? }\n",
            0600);
  home_put (&home, "books/bad.yaml", "handrail: 1\ntitle: Bad\nstep: []\n", 0600);
  home_put (&home, "sites/prod.yaml",
            "handrail-site: 1\nname: prod\nplatform: { compose: { project: shop } }\n"
            "services: { web: {} }\n",
            0600);
  home_put (&home, "sites/lab.yaml", "handrail-site: 1\nname: [\n", 0600);
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_autofree char *seen = told (rows);
  g_assert_nonnull (strstr (seen, "Runbooks| |good||Good|\n"));
  g_assert_nonnull (strstr (seen, "Runbooks|!|bad||Bad|"));
  g_assert_nonnull (strstr (seen, "Sites| |prod|prod|compose shop|PRODUCTION|red\n"));
  g_assert_nonnull (strstr (seen, "Sites|!|lab|lab|lab|"));
  g_assert_cmpstr (about_of (rows, HOME_RUNBOOK, "good"), ==, "One sentence.");
  g_assert_nonnull (strstr (about_of (rows, HOME_RUNBOOK, "bad"), "bad.yaml:"));
  g_assert_nonnull (strstr (about_of (rows, HOME_SITE, "prod"), "has to prove"));
}

/* So that its time says when it was written, to whoever looks now. */
static void
put_earlier (const char *name, const char *text, time_t time)
{
  struct utimbuf times = { time, time };
  g_autofree char *path = g_build_filename (home.home, name, NULL);
  home_put (&home, name, text, 0600);
  g_assert_cmpint (utime (path, &times), ==, 0);
}

#define STEP "steps:\n  - id: a\n    title: A\n    ask: { text: Who? }\n"

static const char *
title_of (HomeRows *rows, const char *runbook)
{
  home_rows_again (rows);
  return home_rows_get (rows, home_rows_find (rows, HOME_RUNBOOK, runbook))->title;
}

/* A file that is as it was is not read again, also where its bytes tell otherwise; one that
 * has changed is, and so is one whose include has. */
static void
test_files_again (void)
{
  clear ();
  put_earlier ("books/one.yaml", "handrail: 1\ntitle: One\n" STEP, 1000);
  put_earlier ("books/two.yaml",
               "handrail: 1\ntitle: Two\nsteps: [ { include: { file: part.inc } } ]\n",
               1000);
  put_earlier ("books/part.inc", "handrail: 1\ntitle: Part\n" STEP, 1000);
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_autofree char *path = g_build_filename (home.home, "books/one.yaml", NULL);
  int file = open (path, O_WRONLY);
  g_assert_cmpint (pwrite (file, "title: Two", 10, 12), ==, 10);
  close (file);
  struct utimbuf before = { 1000, 1000 };
  g_assert_cmpint (utime (path, &before), ==, 0);
  g_assert_cmpstr (title_of (rows, "one"), ==, "One");
  put_earlier ("books/one.yaml", "handrail: 1\ntitle: Two\n" STEP, 2000);
  g_assert_cmpstr (title_of (rows, "one"), ==, "Two");
  g_assert_cmpint (home_rows_get (rows, home_rows_find (rows, HOME_RUNBOOK, "two"))->mark,
                   ==, MARK_NONE);
  put_earlier ("books/part.inc", "handrail: 1\ntitle: Part\n", 2000);
  home_rows_again (rows);
  g_assert_cmpint (home_rows_get (rows, home_rows_find (rows, HOME_RUNBOOK, "two"))->mark,
                   ==, MARK_FAILED);
}

/* What was written just now may be written once more at the same time. */
static void
test_file_of_now (void)
{
  clear ();
  home_put (&home, "books/one.yaml", "handrail: 1\ntitle: One\n" STEP, 0600);
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_autofree char *path = g_build_filename (home.home, "books/one.yaml", NULL);
  GStatBuf status;
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  int file = open (path, O_WRONLY);
  g_assert_cmpint (pwrite (file, "title: Two", 10, 12), ==, 10);
  struct timespec times[] = { status.st_atim, status.st_mtim };
  g_assert_cmpint (futimens (file, times), ==, 0);
  close (file);
  g_assert_cmpstr (title_of (rows, "one"), ==, "Two");
}

/* Of a very large one the list reads what it shows. */
static void
test_large_file (void)
{
  clear ();
  g_autoptr (GString) text =
      g_string_new ("handrail: 1\ntitle: Large\nabout: It is. Very.\nsteps:\n");
  for (guint i = 0; text->len <= HOME_FILES_CHECKED_BYTES_MAX; i++)
    g_string_append_printf (text, "  - id: s%u\n    title: S\n    mistake: yes\n", i);
  home_put (&home, "books/large.yaml", text->str, 0600);
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_assert_cmpstr (title_of (rows, "large"), ==, "Large");
  g_assert_cmpstr (about_of (rows, HOME_RUNBOOK, "large"), ==, "It is.");
  g_assert_cmpint (
      home_rows_get (rows, home_rows_find (rows, HOME_RUNBOOK, "large"))->mark, ==,
      MARK_NONE);
}

static void
test_many (void)
{
  clear ();
  for (guint i = 0; i < HOME_OVER_MAX + 12; i++) {
    g_autofree char *name = g_strdup_printf ("20260101T%06uZ-a-lab", i);
    put_run (name, GIVEN_UP, FALSE);
  }
  put_run ("20250101T000000Z-a-lab", STOPPED, FALSE); /* the oldest of all */
  g_autoptr (HomeRows) rows = home_rows_new (home.home, &places);
  g_assert_cmpuint (home_rows_count_of (rows, HOME_OVER), ==, HOME_OVER_MAX);
  g_assert_cmpint (home_rows_get (rows, 0)->kind, ==, HOME_UNFINISHED);
  const HomeRow *last = home_rows_get (rows, home_rows_count (rows) - 1);
  g_assert_cmpstr (last->title, ==, "and 12 older");
}

static void
test_ages (void)
{
  static const struct {
    gint64 age_s;
    const char *text;
    gint64 next_s; /* after which it is another */
  } rows[] = {
    { 0, "0m", 60 },         { 59, "0m", 1 },      { 60, "1m", 60 },
    { 7199, "119m", 1 },     { 7200, "2h", 3600 }, { 172799, "47h", 1 },
    { 172800, "2d", 86400 }, { -100, "0m", 60 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    gint64 next_us = 0, now_us = WALL_US + rows[i].age_s * G_USEC_PER_SEC;
    g_autofree char *age = home_rows_age (WALL_US, now_us, &next_us);
    g_assert_cmpstr (age, ==, rows[i].text);
    if (rows[i].age_s >= 0)
      g_assert_cmpint ((next_us - now_us) / G_USEC_PER_SEC, ==, rows[i].next_s);
    g_assert_cmpint (next_us, >, now_us);
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("XDG_STATE_HOME", "/nonexistent", TRUE); /* no practice of whoever runs this */
  g_test_init (&argc, &argv, NULL);
  home_open (&home);
  folders[0] = g_build_filename (home.home, "books", NULL);
  folders[1] = g_build_filename (home.home, "sites", NULL);
  char *books[] = { folders[0], NULL };
  char *sites[] = { folders[1], NULL };
  places = (FindPlaces){ .runbooks = books, .sites = sites, .scenarios = none };
  g_test_add_func ("/home-rows/nothing", test_nothing);
  g_test_add_func ("/home-rows/runs", test_runs);
  g_test_add_func ("/home-rows/again", test_again);
  g_test_add_func ("/home-rows/files", test_files);
  g_test_add_func ("/home-rows/files-again", test_files_again);
  g_test_add_func ("/home-rows/file-of-now", test_file_of_now);
  g_test_add_func ("/home-rows/large-file", test_large_file);
  g_test_add_func ("/home-rows/many", test_many);
  g_test_add_func ("/home-rows/ages", test_ages);
  int status = g_test_run ();
  home_close (&home);
  g_free (folders[0]);
  g_free (folders[1]);
  return status;
}
