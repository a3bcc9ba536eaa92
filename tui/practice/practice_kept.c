#include "tui/practice/practice_kept.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tui/practice/practice_world.h"

#define FOLDER "practice"
#define DEPLOYMENTS "deployments"
#define FACTS "practice.json"
#define MODE 0700

/* Below a deployment's folder: the longest name of a socket. */
#define SOCKET "/control"

/* Where a deployment goes that must not stand beside the runs. */
#define SHORT_PLACE "/tmp"

/* Descriptors that nftw() may keep open: these trees are a few folders deep. */
#define DEPTH 16

/* Practices that begin in the same second are told apart by a number up to this. */
#define SAME_NAME_MAX 1000

void
practice_kept_free (PracticeKept *kept)
{
  if (!kept)
    return;
  g_free (kept->root);
  g_free (kept->folder);
  g_free (kept->scenario);
  g_free (kept->scenario_file);
  if (kept->claim >= 0)
    close (kept->claim);
  g_free (kept);
}

/* Always one's own, also where real runs are shared: nobody takes over practice. */
static char *
place_of (const char *what)
{
  g_autofree char *root = store_root_beside ("", NULL);
  return g_build_filename (root, what, NULL);
}

/* ---- one ----------------------------------------------------------------------------- */

static char *
text_of (const json_t *facts, const char *name)
{
  return g_strdup (json_string_value (json_object_get (facts, name)));
}

/* NULL: none was begun there. */
static PracticeKept *
read_root (const char *root)
{
  g_autofree char *path = g_build_filename (root, FACTS, NULL);
  json_auto_t *facts = json_load_file (path, JSON_REJECT_DUPLICATES, NULL);
  g_autoptr (PracticeKept) kept = g_new0 (PracticeKept, 1);
  kept->root = g_strdup (root);
  kept->claim = -1;
  kept->folder = text_of (facts, "folder");
  kept->scenario = text_of (facts, "scenario");
  kept->scenario_file = text_of (facts, "scenario_file");
  kept->speed = json_integer_value (json_object_get (facts, "speed"));
  kept->seed = json_integer_value (json_object_get (facts, "seed"));
  gboolean whole = kept->scenario && kept->scenario_file && kept->speed >= 1 &&
                   kept->speed <= STATE_SPEED_MAX;
  return whole ? g_steal_pointer (&kept) : NULL;
}

PracticeKept *
practice_kept_of (const char *folder)
{
  g_autofree char *path = g_canonicalize_filename (folder, NULL);
  g_autofree char *runs = g_path_get_dirname (path);
  g_autofree char *root = g_path_get_dirname (runs);
  return read_root (root);
}

char *
practice_kept_new_root (const char *scenario, GError **error)
{
  g_autofree char *all = place_of (FOLDER);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  int failure = g_mkdir_with_parents (all, MODE) == 0 ? EEXIST : errno;
  for (guint i = 1; i < SAME_NAME_MAX && failure == EEXIST; i++) {
    g_autofree char *name = i == 1 ? g_strdup_printf ("%s-%s", time, scenario)
                                   : g_strdup_printf ("%s-%s-%u", time, scenario, i);
    g_autofree char *path = g_build_filename (all, name, NULL);
    failure = mkdir (path, MODE) == 0 ? 0 : errno;
    if (failure == 0)
      return g_steal_pointer (&path);
  }
  g_set_error (
      error, STORE_ERROR, STORE_ERROR_READ,
      "practice cannot be kept in %s (%s); correct its permissions, or make room", all,
      g_strerror (failure));
  return NULL;
}

/* A descriptor by which the root is locked; -1: it cannot be. */
static int
lock_root (const char *root)
{
  int file = open (root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file >= 0 && flock (file, LOCK_EX | LOCK_NB) != 0) {
    close (file);
    file = -1;
  }
  return file;
}

gboolean
practice_kept_claim (PracticeKept *kept)
{
  kept->claim = lock_root (kept->root);
  return kept->claim >= 0;
}

gboolean
practice_kept_is_claimed (const PracticeKept *kept)
{
  int file = lock_root (kept->root);
  if (file >= 0)
    close (file);
  return file < 0 && g_file_test (kept->root, G_FILE_TEST_IS_DIR);
}

/* NULL: it can be the folder of a deployment. Else why not, a part of a sentence. The characters
 * mean something in the address of a socket. */
static const char *
unfit (const char *folder)
{
  if (strlen (folder) + strlen (SOCKET) >= sizeof ((struct sockaddr_un){ 0 }).sun_path)
    return "its path is too long for a socket";
  return strpbrk (folder, "\n?#%") ? "its path has ?, # or % in it" : NULL;
}

/* NULL with *why. */
static char *
make_folder (const char *below, const char **why)
{
  g_autofree char *path = g_build_filename (below, PRACTICE_KEPT_FOLDER "XXXXXX", NULL);
  *why = unfit (path);
  if (*why)
    return NULL;
  if (g_mkdir_with_parents (below, MODE) == 0 && mkdtemp (path))
    return g_steal_pointer (&path);
  *why = g_strerror (errno);
  return NULL;
}

/* Not in XDG_RUNTIME_DIR, which goes with whoever logs out. */
char *
practice_kept_new_folder (GError **error)
{
  g_autofree char *own = place_of (DEPLOYMENTS);
  const char *why_not_own = NULL, *why_not = NULL;
  char *folder = make_folder (own, &why_not_own);
  if (!folder)
    folder = make_folder (SHORT_PLACE, &why_not);
  if (!folder)
    g_set_error (error, STORE_ERROR, STORE_ERROR_READ,
                 "there is no room for practice: not in %s (%s), nor in " SHORT_PLACE
                 " (%s); set XDG_STATE_HOME to a folder of yours with a short path",
                 own, why_not_own, why_not);
  return folder;
}

gboolean
practice_kept_write (const PracticeKept *kept, GError **error)
{
  g_autofree char *path = g_build_filename (kept->root, FACTS, NULL);
  json_auto_t *facts =
      json_pack ("{s:s, s:s, s:s?, s:I, s:I}", "scenario", kept->scenario,
                 "scenario_file", kept->scenario_file, "folder", kept->folder, "speed",
                 (json_int_t)kept->speed, "seed", (json_int_t)kept->seed);
  if (facts && json_dump_file (facts, path, JSON_INDENT (2)) == 0)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_READ,
               "%s cannot be written; correct its permissions, or make room", path);
  return FALSE;
}

/* ---- all ----------------------------------------------------------------------------- */

/* Names begin with the time. */
static int
newest_first (const void *left, const void *right)
{
  return strcmp (*(char *const *)right, *(char *const *)left);
}

static GPtrArray *
roots (void)
{
  g_autofree char *all = place_of (FOLDER);
  g_autoptr (GDir) folder = g_dir_open (all, 0, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  const char *name = NULL;
  while (folder && (name = g_dir_read_name (folder)))
    g_ptr_array_add (found, g_build_filename (all, name, NULL));
  g_ptr_array_sort (found, newest_first);
  return found;
}

GPtrArray *
practice_kept_list (void)
{
  g_autoptr (GPtrArray) all = roots ();
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_kept_free);
  for (guint i = 0; i < all->len; i++) {
    PracticeKept *kept = read_root (g_ptr_array_index (all, i));
    if (kept)
      g_ptr_array_add (list, kept);
  }
  return list;
}

GPtrArray *
practice_kept_roots (void)
{
  g_autoptr (GPtrArray) all = practice_kept_list ();
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (found,
                     g_strdup (((const PracticeKept *)g_ptr_array_index (all, i))->root));
  return found;
}

char *
practice_kept_find (const char *name, GError **error)
{
  g_autoptr (GPtrArray) all = practice_kept_roots ();
  g_autoptr (GError) failure = NULL;
  g_autofree char *path = all->len > 0 ? store_find_among (all, name, &failure) : NULL;
  if (path)
    return g_steal_pointer (&path);
  if (failure && !g_error_matches (failure, STORE_ERROR, STORE_ERROR_NONE))
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (error, STORE_ERROR, STORE_ERROR_NONE,
                 "there is no run of practice \"%s\"; `handrail runs` lists all", name);
  return NULL;
}

GPtrArray *
practice_kept_runs (void)
{
  g_autoptr (GPtrArray) all = practice_kept_list ();
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)store_run_free);
  for (guint i = 0; i < all->len; i++) {
    const PracticeKept *kept = g_ptr_array_index (all, i);
    g_autoptr (GPtrArray) of_it = store_list (kept->root, NULL);
    if (of_it)
      g_ptr_array_extend_and_steal (runs, g_steal_pointer (&of_it));
  }
  store_sort (runs);
  return runs;
}

StoreRun *
practice_kept_newest (const PracticeKept *kept)
{
  g_autoptr (GPtrArray) names = store_names (kept->root, NULL);
  if (!names || names->len == 0)
    return NULL;
  g_autofree char *path =
      g_build_filename (kept->root, STORE_RUNS, g_ptr_array_index (names, 0), NULL);
  return store_open (path, NULL);
}

static gboolean
is_to_do (const RunState *state)
{
  return state_is_unfinished (state);
}

gboolean
practice_kept_is_down (const RunState *state)
{
  return state->phase == RUN_FINISHED && ledger_is_open (state->ledger) &&
         state->commands_begun > 0;
}

/* Of each the newest: those before it are over, or it had not begun. */
static GPtrArray *
alive_that (gboolean (*are) (const RunState *state))
{
  g_autoptr (GPtrArray) all = practice_kept_list ();
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)store_run_free);
  for (guint i = 0; i < all->len; i++) {
    const PracticeKept *kept = g_ptr_array_index (all, i);
    g_autoptr (StoreRun) run =
        practice_world_is_alive (kept->folder) ? practice_kept_newest (kept) : NULL;
    if (run && run->state && are (run->state))
      g_ptr_array_add (runs, g_steal_pointer (&run));
  }
  store_sort (runs);
  return runs;
}

GPtrArray *
practice_kept_unfinished (void)
{
  return alive_that (is_to_do);
}

GPtrArray *
practice_kept_down (void)
{
  return alive_that (practice_kept_is_down);
}

const char *
practice_kept_deployment (const StoreRun *run)
{
  gboolean practice = run->state && run->state->practice;
  g_autoptr (PracticeKept) kept = practice ? practice_kept_of (run->path) : NULL;
  if (!kept)
    return NULL;
  if (!practice_world_is_alive (kept->folder))
    return "gone";
  g_autoptr (StoreRun) newest = practice_kept_newest (kept);
  gboolean is_newest = newest && strcmp (newest->name, run->name) == 0;
  return is_newest && practice_kept_is_down (run->state) ? "down" : "there";
}

/* ---- what the deployment told -------------------------------------------------------- */

/* Of the deployment as it lives, or as it was put away. */
static char *
told_by_all (const PracticeKept *kept)
{
  g_autofree char *now =
      kept->folder ? g_build_filename (kept->folder, PRACTICE_WORLD_TOLD, NULL) : NULL;
  if (now && g_file_test (now, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&now);
  return g_build_filename (kept->root, PRACTICE_WORLD_TOLD, NULL);
}

static gboolean
copy_file (const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;
  return g_file_get_contents (from, &bytes, &length, NULL) &&
         g_file_set_contents (to, bytes, (gssize)length, NULL);
}

char *
practice_kept_told (const PracticeKept *kept, const StoreRun *run)
{
  g_autofree char *own = g_build_filename (run->path, PRACTICE_WORLD_TOLD, NULL);
  gboolean over = run->state && !state_is_unfinished (run->state);
  gboolean there = g_file_test (own, G_FILE_TEST_EXISTS);
  if (over && there)
    return g_steal_pointer (&own);
  practice_world_tally (kept->folder);
  g_autofree char *all = told_by_all (kept);
  return copy_file (all, own) || there ? g_steal_pointer (&own) : g_steal_pointer (&all);
}

/* ---- putting away -------------------------------------------------------------------- */

static int
on_file (const char *path, const struct stat *status, int type, struct FTW *where)
{
  (void)status;
  (void)type;
  (void)where;
  remove (path);
  return 0;
}

/* With all that is in it; links are not followed. */
static void
remove_folder (const char *path)
{
  nftw (path, on_file, DEPTH, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* What practice.json names is removed: only what can be such a folder. */
static gboolean
is_our_folder (const char *folder)
{
  g_autofree char *name = g_path_get_basename (folder);
  return g_str_has_prefix (name, PRACTICE_KEPT_FOLDER) && store_is_private (folder);
}

static void
take_over (const PracticeKept *kept)
{
  g_autofree char *from = g_build_filename (kept->folder, PRACTICE_WORLD_TOLD, NULL);
  g_autofree char *to = g_build_filename (kept->root, PRACTICE_WORLD_TOLD, NULL);
  copy_file (from, to);
  remove_folder (kept->folder);
}

void
practice_kept_put_away (const PracticeKept *kept)
{
  PracticeKept without = *kept;
  if (!kept->folder)
    return;
  if (is_our_folder (kept->folder))
    take_over (kept);
  without.folder = NULL;
  practice_kept_write (&without, NULL);
}

void
practice_kept_drop (const PracticeKept *kept)
{
  practice_kept_put_away (kept);
  remove_folder (kept->root);
}

void
practice_kept_tidy (void)
{
  g_autoptr (GPtrArray) all = practice_kept_list ();
  for (guint i = 0; i < all->len; i++) {
    const PracticeKept *kept = g_ptr_array_index (all, i);
    if (practice_world_is_alive (kept->folder) || practice_kept_is_claimed (kept))
      continue;
    if (i >= PRACTICE_KEPT_MAX)
      practice_kept_drop (kept);
    else
      practice_kept_put_away (kept);
  }
}
