/* One holder at a time, across processes. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/runner/lock.h"

typedef struct {
  char *folder, *path;
} Place;

static void
place_init (Place *place, const void *data G_GNUC_UNUSED)
{
  place->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "lock", NULL);
}

static void
place_finish (Place *place, const void *data G_GNUC_UNUSED)
{
  g_unlink (place->path);
  g_rmdir (place->folder);
  g_free (place->path);
  g_free (place->folder);
}

static void
test_held (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  struct stat status;
  int first = lock_take (place->path, 0660, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fstat (first, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0660);
  /* A longer text is replaced whole by a shorter one. */
  json_t *wordy = json_pack ("{s:s}", "user", "a name that is longer than the other one");
  json_t *holder = json_pack ("{s:s, s:i}", "user", "ada", "pid", 7);
  g_assert_true (lock_sign (first, wordy, &error));
  g_assert_true (lock_sign (first, holder, &error));
  json_t *found = NULL;
  g_assert_cmpint (lock_take (place->path, 0660, &found, &error), ==, -1);
  g_assert_error (error, LOCK_ERROR, LOCK_ERROR_HELD);
  g_assert_true (json_equal (found, holder));
  json_decref (found);
  json_decref (holder);
  json_decref (wordy);
  close (first);
  g_clear_error (&error);
  int again = lock_take (place->path, 0660, NULL, &error);
  g_assert_no_error (error);
  close (again);
}

static void
test_unreadable_holder (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  json_t *found = NULL;
  g_file_set_contents (place->path, "{\"user", -1, NULL);
  int first = lock_take (place->path, 0600, NULL, NULL);
  g_assert_cmpint (lock_take (place->path, 0600, &found, &error), ==, -1);
  g_assert_error (error, LOCK_ERROR, LOCK_ERROR_HELD);
  g_assert_null (found);
  close (first);
}

/* Somebody who only looks whether it is held, in the very moment. */
static void
test_a_look_is_no_holder (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  int ready[2];
  char byte;
  g_assert_cmpint (pipe (ready), ==, 0);
  pid_t child = fork ();
  if (child == 0) {
    int descriptor = open (place->path, O_RDWR | O_CREAT, 0600);
    flock (descriptor, LOCK_SH);
    if (write (ready[1], "x", 1) != 1)
      _exit (1);
    g_usleep (5000);
    _exit (0);
  }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  int descriptor = lock_take (place->path, 0600, NULL, &error);
  g_assert_no_error (error);
  close (descriptor);
  close (ready[0]);
  close (ready[1]);
  waitpid (child, NULL, 0);
}

static void
test_dies_with_its_holder (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  pid_t child = fork ();
  if (child == 0)
    _exit (lock_take (place->path, 0600, NULL, NULL) < 0);
  int how;
  waitpid (child, &how, 0);
  g_assert_true (WIFEXITED (how) && WEXITSTATUS (how) == 0);
  int descriptor = lock_take (place->path, 0600, NULL, &error);
  g_assert_no_error (error);
  close (descriptor);
}

static void
test_no_file (Place *place, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *target = g_build_filename (place->folder, "elsewhere", NULL);
  g_assert_cmpint (lock_take ("/no/such/folder/lock", 0600, NULL, &error), ==, -1);
  g_assert_error (error, LOCK_ERROR, LOCK_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "/no/such/folder/lock"));
  g_clear_error (&error);
  /* A link that somebody put there is not followed. */
  g_assert_cmpint (symlink (target, place->path), ==, 0);
  g_assert_cmpint (lock_take (place->path, 0600, NULL, &error), ==, -1);
  g_assert_error (error, LOCK_ERROR, LOCK_ERROR_FILE);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

#define ADD(name, test) \
  g_test_add ("/lock/" name, Place, NULL, place_init, test, place_finish)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("held", test_held);
  ADD ("unreadable-holder", test_unreadable_holder);
  ADD ("a-look-is-no-holder", test_a_look_is_no_holder);
  ADD ("dies-with-its-holder", test_dies_with_its_holder);
  ADD ("no-file", test_no_file);
  return g_test_run ();
}
