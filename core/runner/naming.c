#include "core/runner/naming.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runner/refusal.h"
#include "core/store/store.h"

/* Runs that begin in the same second are told apart by a number up to this. */
#define SAME_NAME_MAX 1000

/* Whoever names a run looks at some folders meanwhile: two seconds at the most, then it has been
 * stopped, and two runs of one name are better than none. */
#define TURN_TRIES 2000
#define TURN_TRY_US 1000

/* One practice after another gives its run a name. A descriptor to be closed after that; -1: there
 * is nobody to be waited for. */
static int
take_turn (const Hold *hold)
{
  g_autofree char *all = g_path_get_dirname (hold->root);
  int turn = hold->practice ? open (all, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  for (guint i = 0; turn >= 0 && i < TURN_TRIES; i++) {
    if (flock (turn, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
      break;
    g_usleep (TURN_TRY_US);
  }
  return turn;
}

/* Where nobody but mkdir() says so. */
static gboolean
is_taken (const Hold *hold, const char *name)
{
  g_autofree char *real = hold->practice ? store_root (NULL) : NULL;
  g_autofree char *path = real ? g_build_filename (real, STORE_RUNS, name, NULL) : NULL;
  return hold->practice && (g_file_test (path, G_FILE_TEST_EXISTS) ||
                            store_name_is_beside (hold->root, name));
}

/* 0, or what went wrong. */
static int
make_folder (Hold *hold, const char *runs)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *base = g_strdup_printf ("%s-%s-%s", time, hold->inputs->runbook->name,
                                           hold->inputs->site->name);
  int failure = EEXIST;
  for (guint i = 1; i < SAME_NAME_MAX && failure == EEXIST; i++) {
    g_autofree char *name = i == 1 ? g_strdup (base) : g_strdup_printf ("%s-%u", base, i);
    g_autofree char *path = g_build_filename (runs, name, NULL);
    if (is_taken (hold, name))
      continue;
    failure = mkdir (path, hold_folder_mode (hold)) == 0 ? 0 : errno;
    if (failure == 0) {
      hold->name = g_steal_pointer (&name);
      hold->path = g_steal_pointer (&path);
    }
  }
  return failure;
}

gboolean
naming_make_run (Hold *hold, json_t **refusal)
{
  g_autofree char *runs = g_build_filename (hold->root, STORE_RUNS, NULL);
  int turn = take_turn (hold);
  int failure = make_folder (hold, runs);
  if (turn >= 0)
    close (turn);
  if (hold->path) {
    /* The mode that mkdir() gives loses the group's bit on some file systems. */
    chmod (hold->path, hold_folder_mode (hold));
    hold->folder = open (hold->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  int parent = open (runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = parent >= 0 && fsync (parent) == 0;
  if (parent >= 0)
    close (parent);
  if (hold->folder >= 0 && synced)
    return TRUE;
  *refusal = refusal_new (REFUSED_FAILED, "the run's folder cannot be made in %s (%s)",
                          runs, g_strerror (failure ? failure : errno));
  return FALSE;
}
