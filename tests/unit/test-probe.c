/* Short questions to programs of this host, and replacing a file. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/probe.h"

static void
test_program (void)
{
  static const struct {
    const char *script;
    const char *line; /* NULL: none */
    const char *why;
  } rows[] = {
    { "echo one; echo two", "one", NULL },
    { "printf 'a\\033[2Jb'", "a\\x1B[2Jb", NULL },
    { "true", "", NULL },
    { "echo one; i=0; while [ $i -lt 9999 ]; do echo more; i=$((i+1)); done", "one",
      NULL },
    { "echo one; exec >&-; true", "one", NULL },
    { "echo one; exit 1", NULL, "it fails when asked for its version" },
    { "kill -9 $$", NULL, "it fails when asked for its version" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const char *argv[] = { "/bin/sh", "-c", rows[i].script, NULL };
    g_autofree char *why = NULL;
    g_autofree char *line = probe_program (argv, 60 * G_USEC_PER_SEC, &why);
    g_assert_cmpstr (line, ==, rows[i].line);
    g_assert_cmpstr (why, ==, rows[i].why);
  }
}

static void
test_program_is_late (void)
{
  /* The second one says all it has, and stays. */
  static const char *const scripts[] = { "exec sleep 60", "echo 1; exec sleep 60 >&-",
                                         "while :; do echo more; done" };
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    const char *argv[] = { "/bin/sh", "-c", scripts[i], NULL };
    g_autofree char *why = NULL;
    g_assert_null (probe_program (argv, 100000, &why));
    g_assert_cmpstr (why, ==, "no answer within the time limit");
  }
}

static void
test_program_is_not_there (void)
{
  const char *argv[] = { "no-such-program-here", NULL };
  g_autofree char *why = NULL;
  g_assert_null (probe_program (argv, G_USEC_PER_SEC, &why));
  g_assert_cmpstr (why, ==, "not found");
}

/* The mode stays, and a link still points to the file. */
static void
test_replace (void)
{
  g_autofree char *folder = g_dir_make_tmp ("probe-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "site.yaml", NULL);
  g_autofree char *link = g_build_filename (folder, "link.yaml", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  struct stat after;
  g_assert_true (g_file_set_contents (file, "old", -1, NULL));
  g_assert_cmpint (g_chmod (file, 0640), ==, 0);
  g_assert_cmpint (symlink ("site.yaml", link), ==, 0);
  g_assert_true (probe_replace (link, "new\n", &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "new\n");
  g_assert_cmpint (lstat (link, &after), ==, 0);
  g_assert_true (S_ISLNK (after.st_mode));
  g_assert_cmpint (stat (file, &after), ==, 0);
  g_assert_cmpuint (after.st_mode & 07777, ==, 0640);
  g_unlink (link);
  g_unlink (file);
  g_rmdir (folder);
}

static void
test_replace_fails (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (probe_replace ("/no/such/folder/site.yaml", "new", &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/program", test_program);
  g_test_add_func ("/probe/program-is-late", test_program_is_late);
  g_test_add_func ("/probe/program-is-not-there", test_program_is_not_there);
  g_test_add_func ("/probe/replace", test_replace);
  g_test_add_func ("/probe/replace-fails", test_replace_fails);
  return g_test_run ();
}
