/* A command run beside the screen: what it prints, how it ends, and that nothing of it stays. */
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "tui/run/child.h"

#define PATIENT_US (60 * (gint64)G_USEC_PER_SEC)

typedef struct {
  Child *child;
  guint news;
} Fixture;

static void
on_news (void *data)
{
  ((Fixture *)data)->news++;
}

static void
start (Fixture *fixture, const char *script, gint64 limit_us)
{
  const char *const argv[] = { "sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;
  fixture->child = child_new (NULL, argv, "/", limit_us, on_news, fixture, &error);
  g_assert_no_error (error);
  g_assert_true (child_is_running (fixture->child));
}

static void
await_end (Fixture *fixture)
{
  while (child_is_running (fixture->child))
    g_main_context_iteration (NULL, TRUE);
}

static const char *
output (const Fixture *fixture)
{
  gsize length = 0;
  const char *text = child_output (fixture->child, &length);
  g_assert_cmpuint (strlen (text), ==, length);
  return text;
}

static void
set_up (Fixture *fixture, const void *data)
{
  (void)fixture;
  (void)data;
  g_setenv ("HANDRAIL_TEST_ONLY", "1", TRUE);
}

static void
tear_down (Fixture *fixture, const void *data)
{
  (void)data;
  child_free (fixture->child);
}

/* Both outputs in one order, in its directory, with nothing to read, no terminal and a small
 * environment. */
static void
test_prints (Fixture *fixture, const void *data)
{
  (void)data;
  start (fixture,
         "echo one; echo two >&2; pwd; cat; echo \"$HANDRAIL_TEST_ONLY$LC_ALL\"; "
         "(: </dev/tty) 2>/dev/null || echo no terminal",
         PATIENT_US);
  await_end (fixture);
  g_assert_cmpstr (output (fixture), ==, "one\ntwo\n/\nC\nno terminal\n");
  g_assert_null (child_trouble (fixture->child));
  g_assert_cmpint (child_took_us (fixture->child, 0), >, 0);
}

static void
test_troubles (Fixture *fixture, const void *data)
{
  (void)data;
  static const char *const ends[][2] = {
    { "exit 3", "ended with status 3" },
    { "kill -9 $$", "died of signal 9" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    start (fixture, ends[i][0], PATIENT_US);
    await_end (fixture);
    g_autofree char *trouble = child_trouble (fixture->child);
    g_assert_cmpstr (trouble, ==, ends[i][1]);
    g_clear_pointer (&fixture->child, child_free);
  }
}

/* It would print for ever: its last lines are kept, whole ones. */
static void
test_much (Fixture *fixture, const void *data)
{
  (void)data;
  start (fixture, "i=0; while [ $i -lt 300000 ]; do echo line $i; i=$((i+1)); done",
         PATIENT_US);
  await_end (fixture);
  gsize length = 0;
  const char *text = child_output (fixture->child, &length);
  g_assert_cmpuint (length, <=, CHILD_OUTPUT_BYTES_MAX);
  g_assert_cmpuint (length, >, CHILD_OUTPUT_BYTES_MAX / 4);
  g_assert_true (g_str_has_prefix (text, "line "));
  g_assert_true (g_str_has_suffix (text, "\nline 299999\n"));
}

/* Until it has printed its process number. */
static int
await_pid (Fixture *fixture)
{
  while (!strchr (output (fixture), '\n'))
    g_main_context_iteration (NULL, TRUE);
  return (int)g_ascii_strtoll (output (fixture), NULL, 10);
}

/* It has ended, whether somebody has asked how or not. */
static void
await_gone (int pid)
{
  struct pollfd ended = { .fd = pidfd_open (pid, 0), .events = POLLIN };
  if (ended.fd < 0)
    return;
  g_assert_cmpint (poll (&ended, 1, PATIENT_US / 1000), ==, 1);
  close (ended.fd);
}

/* With what it has begun, which would hold its output open. */
static void
test_late (Fixture *fixture, const void *data)
{
  (void)data;
  start (fixture, "sleep 1000 & echo $!; wait", 300 * 1000);
  int pid = await_pid (fixture);
  await_end (fixture);
  g_autofree char *trouble = child_trouble (fixture->child);
  g_assert_cmpstr (trouble, ==, "killed after 300ms");
  await_gone (pid);
}

/* The command is over, and what it left behind holds its output: that is not waited for. */
static void
test_left_behind (Fixture *fixture, const void *data)
{
  (void)data;
  start (fixture, "setsid sleep 1000 & echo $!", 300 * 1000);
  int pid = await_pid (fixture);
  await_end (fixture);
  kill (pid, SIGKILL);
}

static void
test_freed (Fixture *fixture, const void *data)
{
  (void)data;
  start (fixture, "echo $$; exec sleep 1000", PATIENT_US);
  int pid = await_pid (fixture);
  guint news = fixture->news;
  g_clear_pointer (&fixture->child, child_free);
  await_gone (pid);
  g_assert_cmpuint (fixture->news, ==, news);
}

static void
test_no_program (Fixture *fixture, const void *data)
{
  (void)data;
  static const char *const argv[] = { "handrail-no-such-program", NULL };
  static const char *const here[] = { "true", NULL };
  g_autoptr (GError) error = NULL;
  g_assert_null (child_new (NULL, argv, NULL, PATIENT_US, on_news, fixture, &error));
  g_assert_nonnull (error);
  g_assert_null (
      child_new (NULL, here, "/no/such/folder", PATIENT_US, on_news, fixture, NULL));
  g_assert_cmpuint (fixture->news, ==, 0);
}

/* Confined, it runs the one program by the names that the folder has for it, and nothing
 * else: neither what is not there nor what has been put there. */
static void
test_confined (Fixture *fixture, const void *data)
{
  (void)data;
  static const char *const refused[] = { "sh", "/bin/sh", "../bin/sh", "", "other" };
  static const char *const argv[] = { "here", "-c", "echo \"$0 by $PATH\"", NULL };
  g_autofree char *bin = g_dir_make_tmp ("handrail-child-XXXXXX", NULL);
  g_autofree char *here = g_build_filename (bin, "here", NULL);
  g_autofree char *other = g_build_filename (bin, "other", NULL);
  const ChildBounds bounds = { bin, "/bin/sh" };
  g_assert_cmpint (symlink ("/bin/sh", here), ==, 0);
  g_assert_cmpint (symlink ("/bin/true", other), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    const char *const outside[] = { refused[i], "-c", "exit 0", NULL };
    g_autoptr (GError) error = NULL;
    g_assert_null (
        child_new (&bounds, outside, NULL, PATIENT_US, on_news, fixture, &error));
    g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  }
  fixture->child = child_new (&bounds, argv, NULL, PATIENT_US, on_news, fixture, NULL);
  g_assert_nonnull (fixture->child);
  while (child_is_running (fixture->child))
    g_main_context_iteration (NULL, TRUE);
  gsize length = 0;
  g_autofree char *wanted = g_strdup_printf ("%s by %s\n", here, bin);
  g_assert_cmpstr (child_output (fixture->child, &length), ==, wanted);
  g_remove (here);
  g_remove (other);
  g_remove (bin);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/child/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("prints", test_prints);
  ADD ("troubles", test_troubles);
  ADD ("much", test_much);
  ADD ("late", test_late);
  ADD ("left-behind", test_left_behind);
  ADD ("freed", test_freed);
  ADD ("no-program", test_no_program);
  ADD ("confined", test_confined);
  return g_test_run ();
}
