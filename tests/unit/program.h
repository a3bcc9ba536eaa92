/* program.h: handrail as it is called, with a home of its own. */
#ifndef HANDRAIL_TESTS_PROGRAM_H
#define HANDRAIL_TESTS_PROGRAM_H

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/store.h"

typedef struct {
  char *home;
  char *runs; /* where runs are kept */
  GStrv environment;
} Home;

static inline void
home_open (Home *home)
{
  home->home = g_dir_make_tmp ("home-XXXXXX", NULL);
  home->runs =
      g_build_filename (home->home, ".local", "state", "handrail", STORE_RUNS, NULL);
  home->environment = g_get_environ ();
  home->environment = g_environ_setenv (home->environment, "HOME", home->home, TRUE);
  home->environment = g_environ_setenv (home->environment, "LC_ALL", "C.UTF-8", TRUE);
  home->environment = g_environ_unsetenv (home->environment, "XDG_CONFIG_HOME");
  home->environment = g_environ_unsetenv (home->environment, "XDG_STATE_HOME");
}

static inline void
home_remove (const char *path)
{
  gboolean link = g_file_test (path, G_FILE_TEST_IS_SYMLINK);
  g_autoptr (GDir) folder = link ? NULL : g_dir_open (path, 0, NULL);
  const char *name = NULL;
  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    home_remove (inner);
  }
  g_remove (path);
}

static inline void
home_close (Home *home)
{
  home_remove (home->home);
  g_free (home->home);
  g_free (home->runs);
  g_strfreev (home->environment);
}

/* A file below the home, with its folders. */
static inline void
home_put (const Home *home, const char *name, const char *text, guint mode)
{
  g_autofree char *path = g_build_filename (home->home, name, NULL);
  g_autofree char *above = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

/* Calls `handrail ARGUMENTS`, which a shell's rules split, with `input` typed; HOME and
 * RUNS in them mean the folders. Returns the exit status. */
static inline int
home_call (const Home *home, const char *arguments, const char *input, char **output,
           char **errors)
{
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "handrail", NULL);
  g_autoptr (GString) words = g_string_new (arguments);
  g_string_replace (words, "HOME", home->home, 0);
  g_string_replace (words, "RUNS", home->runs, 0);
  home_put (home, "typed", input, 0600);
  g_autofree char *line =
      g_strdup_printf ("exec '%s' %s < '%s/typed'", program, words->str, home->home);
  const char *argv[] = { "/bin/sh", "-c", line, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_spawn_sync (NULL, (char **)argv, home->environment, G_SPAWN_DEFAULT, NULL, NULL,
                output, errors, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* Whether runs are kept for everybody here, so that no test may look at them. */
static inline gboolean
home_is_shared (void)
{
  return g_access (STORE_SHARED_ROOT, W_OK) == 0;
}

#endif
