#include "core/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A message that lists runs names this many of them. */
#define NAMED_MAX 5

G_DEFINE_QUARK (handrail_store_error, store_error)

/* ---- where ---------------------------------------------------------------- */

char *
store_root_beside (const char *shared_root, gboolean *shared)
{
  gboolean is_shared = g_file_test (shared_root, G_FILE_TEST_IS_DIR) &&
                       access (shared_root, W_OK | X_OK) == 0;
  if (shared)
    *shared = is_shared;
  if (is_shared)
    return g_strdup (shared_root);
  /* Not g_get_user_state_dir(): it remembers its first answer. */
  const char *state = g_getenv ("XDG_STATE_HOME");
  if (state && g_path_is_absolute (state))
    return g_build_filename (state, "handrail", NULL);
  return g_build_filename (g_get_home_dir (), ".local", "state", "handrail", NULL);
}

gboolean
store_is_private (const char *path)
{
  struct stat status;
  return lstat (path, &status) == 0 && S_ISDIR (status.st_mode) &&
         status.st_uid == geteuid () && (status.st_mode & 077) == 0;
}

char *
store_root (gboolean *shared)
{
  return store_root_beside (STORE_SHARED_ROOT, shared);
}

char *
store_site_lock (const char *root, const char *site)
{
  g_autofree char *name = g_strconcat (site, STORE_SITE_LOCK_SUFFIX, NULL);
  return g_build_filename (root, STORE_SITES, name, NULL);
}

gboolean
store_is_live (const char *path)
{
  g_autofree char *lock = g_build_filename (path, STORE_LOCK, NULL);
  int descriptor = open (lock, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0)
    return FALSE;
  gboolean held = flock (descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (descriptor);
  return held;
}

/* ---- one run -------------------------------------------------------------- */

void
store_run_free (StoreRun *run)
{
  if (!run)
    return;
  g_free (run->name);
  g_free (run->path);
  state_free (run->state);
  g_free (run->problem);
  g_free (run);
}

static gboolean
fold_event (const Event *event, void *data, GError **error)
{
  return state_apply (data, event, error);
}

/* The whole journal in memory, or NULL with `error`. */
static char *
read_journal (const char *path, gsize *length, GError **error)
{
  g_autofree char *file = g_build_filename (path, STORE_JOURNAL, NULL);
  struct stat status;
  char *bytes = NULL;
  if (stat (file, &status) == 0 && status.st_size > STORE_JOURNAL_BYTES_MAX) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_READ, "%s is larger than 1 GiB", file);
    return NULL;
  }
  g_autoptr (GError) failure = NULL;
  if (!g_file_get_contents (file, &bytes, length, &failure))
    g_set_error (error, STORE_ERROR,
                 g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                     ? STORE_ERROR_NONE
                     : STORE_ERROR_READ,
                 "the journal cannot be read: %s", failure->message);
  return bytes;
}

static void
fold_journal (StoreRun *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RunState) state = state_new ();
  JournalChain chain = JOURNAL_CHAIN_INIT;
  gsize length = 0, torn_at;
  g_autofree char *bytes = read_journal (run->path, &length, &error);
  if (bytes &&
      journal_read_all (bytes, length, &chain, fold_event, state, &torn_at, &error)) {
    if (state->number > 0)
      run->state = g_steal_pointer (&state);
    else
      run->problem = g_strdup ("the journal holds no event: the run did not begin");
    return;
  }
  run->problem = g_strdup (error->message);
  run->damaged = !g_error_matches (error, STORE_ERROR, STORE_ERROR_NONE);
}

StoreRun *
store_open (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_NONE, "there is no run in %s", path);
    return NULL;
  }
  StoreRun *run = g_new0 (StoreRun, 1);
  run->path = g_canonicalize_filename (path, NULL);
  run->name = g_path_get_basename (run->path);
  run->live = store_is_live (run->path);
  fold_journal (run);
  return run;
}

/* ---- all runs ------------------------------------------------------------- */

/* "-2" to "-N" after a name that was taken: the name's length without it, and N. */
static gsize
split_name (const char *name, guint64 *number)
{
  const char *dash = strrchr (name, '-');
  *number = 1;
  if (dash && dash[1] != '\0' && strspn (dash + 1, "0123456789") == strlen (dash + 1)) {
    *number = g_ascii_strtoull (dash + 1, NULL, 10);
    return (gsize)(dash - name);
  }
  return strlen (name);
}

gboolean
store_name_is_of_site (const char *name, const char *site)
{
  guint64 number;
  g_autofree char *ending = g_strconcat ("-", site, NULL);
  g_autofree char *whole = g_strndup (name, split_name (name, &number));
  return g_str_has_suffix (name, ending) || g_str_has_suffix (whole, ending);
}

/* Newest first: names begin with the time; among runs of one second, -10 is newer
 * than -9. */
static int
compare_names (const void *left, const void *right)
{
  const char *a = *(const char *const *)left, *b = *(const char *const *)right;
  guint64 number_a, number_b;
  gsize length_a = split_name (a, &number_a), length_b = split_name (b, &number_b);
  if (length_a == length_b && strncmp (a, b, length_a) == 0)
    return number_a < number_b ? 1 : number_a > number_b ? -1 : 0;
  return strcmp (b, a);
}

static int
compare_runs (const void *left, const void *right)
{
  const StoreRun *a = *(const StoreRun *const *)left,
                 *b = *(const StoreRun *const *)right;
  return compare_names (&a->name, &b->name);
}

void
store_sort (GPtrArray *runs)
{
  g_ptr_array_sort (runs, compare_runs);
}

GPtrArray *
store_names (const char *root, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_build_filename (root, STORE_RUNS, NULL);
  g_autoptr (GError) failure = NULL;
  g_autoptr (GDir) directory = g_dir_open (folder, 0, &failure);
  if (!directory && !g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_READ, "the runs cannot be listed: %s",
                 failure->message);
    return NULL;
  }
  const char *name;
  while (directory && (name = g_dir_read_name (directory))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (name[0] != '.' && g_file_test (path, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

GPtrArray *
store_list (const char *root, GError **error)
{
  g_autoptr (GPtrArray) names = store_names (root, error);
  if (!names)
    return NULL;
  GPtrArray *runs = g_ptr_array_new_with_free_func ((GDestroyNotify)store_run_free);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *path = g_build_filename (root, STORE_RUNS, name, NULL);
    StoreRun *run = store_open (path, NULL);
    if (run)
      g_ptr_array_add (runs, run);
  }
  return runs;
}

gboolean
store_name_is_beside (const char *root, const char *name)
{
  g_autofree char *all = g_path_get_dirname (root);
  g_autoptr (GDir) folder = g_dir_open (all, 0, NULL);
  const char *other = NULL;
  gboolean found = FALSE;
  while (folder && !found && (other = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (all, other, STORE_RUNS, name, NULL);
    found = g_file_test (path, G_FILE_TEST_IS_DIR);
  }
  return found;
}

/* ---- which one is meant --------------------------------------------------- */

static char *
find_newest_unfinished (const char *root, GError **error)
{
  g_autoptr (GPtrArray) names = store_names (root, error);
  if (!names)
    return NULL;
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *path = g_build_filename (root, STORE_RUNS, name, NULL);
    g_autoptr (StoreRun) run = store_open (path, NULL);
    if (run && run->state && state_is_unfinished (run->state))
      return g_steal_pointer (&path);
  }
  g_set_error (error, STORE_ERROR, STORE_ERROR_NONE,
               "there is no unfinished run in %s; `handrail runs` lists all", root);
  return NULL;
}

/* "A, B and 3 more"; newly allocated. */
static char *
list_words (const GPtrArray *found)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < MIN (found->len, NAMED_MAX); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            (char *)g_ptr_array_index (found, i));
  if (found->len > NAMED_MAX)
    g_string_append_printf (text, " and %u more", found->len - NAMED_MAX);
  return g_string_free (text, FALSE);
}

static void
set_ambiguous (const char *name, const GPtrArray *paths, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (names, g_path_get_basename (g_ptr_array_index (paths, i)));
  g_ptr_array_sort (names, compare_names);
  g_autofree char *words = list_words (names);
  g_set_error (error, STORE_ERROR, STORE_ERROR_AMBIGUOUS,
               "\"%s\" may mean %u runs: %s; say more of the name", name, paths->len,
               words);
}

/* Those that bear just that name: one, but for chance. */
static GPtrArray *
named_so (const GPtrArray *roots, const char *name)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < roots->len && *name; i++) {
    g_autofree char *path =
        g_build_filename (g_ptr_array_index (roots, i), STORE_RUNS, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (paths, g_steal_pointer (&path));
  }
  return paths;
}

/* FALSE with `error` if the root cannot be read. */
static gboolean
add_with_part (GPtrArray *paths, const char *root, const char *part, GError **error)
{
  g_autoptr (GPtrArray) names = store_names (root, error);
  for (guint i = 0; names && i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    if (strstr (name, part))
      g_ptr_array_add (paths, g_build_filename (root, STORE_RUNS, name, NULL));
  }
  return names != NULL;
}

static char *
find_by_part (const GPtrArray *roots, const char *part, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < roots->len; i++)
    if (!add_with_part (paths, g_ptr_array_index (roots, i), part, error))
      return NULL;
  if (paths->len == 1)
    return g_ptr_array_steal_index (paths, 0);
  if (paths->len > 1)
    set_ambiguous (part, paths, error);
  else
    g_set_error (error, STORE_ERROR, STORE_ERROR_NONE,
                 "there is no run \"%s\" in %s; `handrail runs` lists all", part,
                 (const char *)g_ptr_array_index (roots, 0));
  return NULL;
}

char *
store_find_among (const GPtrArray *roots, const char *name, GError **error)
{
  if (strchr (name, '/')) {
    if (g_file_test (name, G_FILE_TEST_IS_DIR))
      return g_canonicalize_filename (name, NULL);
    g_set_error (error, STORE_ERROR, STORE_ERROR_NONE, "there is no run in %s", name);
    return NULL;
  }
  g_autoptr (GPtrArray) named = named_so (roots, name);
  if (named->len == 1)
    return g_ptr_array_steal_index (named, 0);
  if (named->len == 0)
    return find_by_part (roots, name, error);
  g_autofree char *words = list_words (named);
  g_set_error (error, STORE_ERROR, STORE_ERROR_AMBIGUOUS,
               "%u runs are called %s: %s; give the path of the one that is meant",
               named->len, name, words);
  return NULL;
}

char *
store_find (const char *root, const char *name, GError **error)
{
  g_autoptr (GPtrArray) roots = g_ptr_array_new ();
  g_ptr_array_add (roots, (gpointer)root);
  return name ? store_find_among (roots, name, error)
              : find_newest_unfinished (root, error);
}
