#include "tui/load.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/actions/actions.h"
#include "core/base/tree.h"
#include "core/checks/checks.h"
#include "core/platforms/platforms.h"

/* Where the steps of a runbook begin that is written line by line. */
#define STEPS "\nsteps:"

/* What stands before them is shorter, or it is no head. */
#define HEAD_BYTES 32768

const Vocabulary load_vocabulary = {
  .checks = check_kinds,
  .actions = action_kinds,
  .platforms = platform_kinds,
};

gboolean
load_bytes (const char *path, void *data, GBytes **bytes, GError **error)
{
  (void)data;
  char *contents = NULL;
  gsize length = 0;
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no such file");
    return FALSE;
  }
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s is no file", path);
    return FALSE;
  }
  if (!g_file_get_contents (path, &contents, &length, error))
    return FALSE;
  *bytes = g_bytes_new_take (contents, length);
  return TRUE;
}

/* A file that is given by itself, `what`; NULL with a problem. */
static GBytes *
bytes_of (const char *path, const char *what, Problems *problems)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = NULL;
  Place place = { g_intern_string (path), 0, 0 };
  if (!load_bytes (path, NULL, &bytes, &error))
    problems_add (problems, place, "%s; give the name of a %s file", error->message,
                  what);
  return bytes;
}

Site *
load_site (const char *path, GHashTable *settings, Problems *problems)
{
  GBytes *bytes = bytes_of (path, "site", problems);
  if (!bytes)
    return NULL;
  Site *site = site_load (path, bytes, &load_vocabulary, settings, problems);
  g_bytes_unref (bytes);
  return site;
}

Runbook *
load_runbook (const char *path, const Site *site, GHashTable *settings,
              Problems *problems)
{
  RunbookOptions options = {
    .vocabulary = &load_vocabulary,
    .site = site,
    .settings = settings,
    .fetch = load_bytes,
  };
  return runbook_load (path, &options, problems);
}

/* The bytes of a file up to its steps, which mostly stand last; all of them where those do
 * not begin soon. */
static gboolean
load_head_bytes (const char *path, void *data, GBytes **bytes, GError **error)
{
  g_autofree char *text = g_malloc (HEAD_BYTES);
  int descriptor = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ssize_t got = descriptor < 0 ? -1 : read (descriptor, text, HEAD_BYTES);
  const char *steps = got > 0 ? memmem (text, (gsize)got, STEPS, strlen (STEPS)) : NULL;
  if (descriptor >= 0)
    close (descriptor);
  if (!steps)
    return load_bytes (path, data, bytes, error);
  *bytes = g_bytes_new (text, (gsize)(steps - text) + 1);
  return TRUE;
}

Runbook *
load_runbook_head (const char *path)
{
  const RunbookOptions options = { .vocabulary = &load_vocabulary,
                                   .fetch = load_head_bytes };
  g_autoptr (Problems) problems = problems_new ();
  return runbook_load (path, &options, problems);
}

Theme *
load_theme (const char *path, Problems *problems)
{
  GBytes *bytes = bytes_of (path, "theme", problems);
  if (!bytes)
    return NULL;
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  Theme *theme = theme_read (path, text, length, problems);
  g_bytes_unref (bytes);
  return theme;
}

typedef struct {
  const char *path;
  const FindPlaces *places;
} Beside;

/* A ScenarioRead; `data` is a Beside. */
static GBytes *
read_beside (const char *name, void *data, GError **error)
{
  const Beside *beside = data;
  g_autofree char *folder = g_path_get_dirname (beside->path);
  g_autofree char *file = g_strconcat (name, ".yaml", NULL);
  g_autofree char *near = g_build_filename (folder, file, NULL);
  g_autofree char *path = g_file_test (near, G_FILE_TEST_EXISTS)
                              ? g_steal_pointer (&near)
                              : find_file (beside->places, FIND_SCENARIO, name, error);
  GBytes *bytes = NULL;
  return path && load_bytes (path, NULL, &bytes, error) ? bytes : NULL;
}

Scenario *
load_scenario (const char *path, const FindPlaces *places, Problems *problems)
{
  Beside beside = { path, places };
  g_autoptr (GBytes) bytes = bytes_of (path, "scenario", problems);
  return bytes ? scenario_load (path, bytes, read_beside, &beside, problems) : NULL;
}

Mask *
load_mask (const Site *site, GHashTable *settings)
{
  Mask *mask = mask_new ();
  GHashTableIter each;
  void *value = NULL;
  if (site)
    site_mask (site, mask);
  if (settings)
    g_hash_table_iter_init (&each, settings);
  while (settings && g_hash_table_iter_next (&each, NULL, &value))
    mask_add_urls (mask, value);
  return mask;
}

char *
load_masked (const Site *site, GHashTable *settings, const char *text)
{
  g_autoptr (Mask) mask = load_mask (site, settings);
  mask_add_urls (mask, text);
  return mask_apply (mask, text, -1);
}
