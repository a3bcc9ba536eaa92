/* Told once when something happens in a folder, and not when nothing does. */
#include "tests/unit/program.h"
#include "tui/home/folder_watch.h"

/* Only bounds a hang. */
#define LIMIT_S 30

static Home home;

static void
on_changed (void *data)
{
  ++*(int *)data;
}

static gboolean
on_limit (void *data)
{
  (void)data;
  g_assert_not_reached ();
  return G_SOURCE_REMOVE;
}

static void
wait_for (const int *called, int wanted)
{
  guint limit = g_timeout_add_seconds (LIMIT_S, on_limit, NULL);
  while (*called < wanted)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpint (*called, ==, wanted);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* Once for each time that it listens. */
static void
test_changes (void)
{
  int called = 0;
  g_autoptr (FolderWatch) watch = folder_watch_new (on_changed, &called);
  g_autofree char *one = g_build_filename (home.home, "one", NULL);
  const char *const folders[] = { one, "/no/such/folder", NULL };
  home_put (&home, "one/file", "", 0600);
  g_assert_true (folder_watch_set (watch, folders));
  home_put (&home, "one/file", "more", 0600);
  settle ();
  g_assert_cmpint (called, ==, 0); /* not armed */
  folder_watch_arm (watch);
  wait_for (&called, 1);
  home_put (&home, "one/another", "", 0600); /* before it listens: not lost */
  g_assert_false (folder_watch_set (watch, folders));
  folder_watch_arm (watch);
  folder_watch_arm (watch);
  wait_for (&called, 2);
}

static int asked_ms;

static int
note_timeout (GPollFD *descriptors, guint count, int timeout_ms)
{
  (void)descriptors, (void)count;
  asked_ms = timeout_ms;
  return 0;
}

/* Where nothing happens there is nothing to wake up for, from the beginning. */
static void
test_nothing_happens (void)
{
  int called = 0;
  g_autoptr (FolderWatch) watch = folder_watch_new (on_changed, &called);
  const char *const folders[] = { home.home, NULL };
  folder_watch_set (watch, folders);
  folder_watch_arm (watch);
  settle ();
  g_main_context_set_poll_func (NULL, note_timeout);
  g_main_context_iteration (NULL, TRUE);
  g_main_context_set_poll_func (NULL, NULL);
  g_assert_cmpint (asked_ms, ==, -1);
  g_assert_cmpint (called, ==, 0);
}

/* What is not watched any more takes nothing from what still is. */
static void
test_folders_change (void)
{
  int called = 0;
  g_autoptr (FolderWatch) watch = folder_watch_new (on_changed, &called);
  g_autofree char *one = g_build_filename (home.home, "one", NULL);
  g_autofree char *two = g_build_filename (home.home, "two", NULL);
  const char *const first[] = { one, NULL };
  const char *const both[] = { one, two, NULL };
  const char *const second[] = { two, NULL };
  home_put (&home, "one/file", "", 0600);
  home_put (&home, "two/file", "", 0600);
  g_assert_true (folder_watch_set (watch, first));
  g_assert_true (folder_watch_set (watch, both));
  g_assert_false (folder_watch_set (watch, second));
  home_put (&home, "one/file", "more", 0600);
  folder_watch_arm (watch);
  settle ();
  g_assert_cmpint (called, ==, 0);
  home_put (&home, "two/file", "more", 0600);
  wait_for (&called, 1);
  folder_watch_arm (NULL);
  g_assert_false (folder_watch_set (NULL, second));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  home_open (&home);
  g_test_add_func ("/folder-watch/changes", test_changes);
  g_test_add_func ("/folder-watch/nothing-happens", test_nothing_happens);
  g_test_add_func ("/folder-watch/folders-change", test_folders_change);
  int status = g_test_run ();
  home_close (&home);
  return status;
}
