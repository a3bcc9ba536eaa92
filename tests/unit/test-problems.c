/* Files with mistakes and the problems that they must give: data/runbook, data/site and
 * data/scenario. A runbook that begins with "# site NAME" is bound to ../site/NAME;
 * "# set NAME=VALUE" lines are settings of the command line. Set
 * HANDRAIL_REGENERATE=1 to write the expected problems anew, and read the
 * difference before committing it. */
#include "core/runbook/scenario.h"
#include "tests/unit/fake_kinds.h"

static char *folder;

static gboolean
fetch (const char *name, void *data, GBytes **bytes, GError **error)
{
  (void)data;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents (path, &text, &length, NULL)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no such file");
    return FALSE;
  }
  *bytes = g_bytes_new_take (text, length);
  return TRUE;
}

static char *
find_directive (const char *text, const char *name)
{
  g_autofree char *start = g_strdup_printf ("# %s ", name);
  const char *at = g_str_has_prefix (text, start) ? text : NULL;
  return at ? g_strndup (at + strlen (start), strcspn (at + strlen (start), "\n")) : NULL;
}

static GHashTable *
find_settings (const char *text)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    if (!g_str_has_prefix (*line, "# set "))
      continue;
    g_auto (GStrv) parts = g_strsplit (*line + strlen ("# set "), "=", 2);
    g_hash_table_insert (settings, g_strdup (parts[0]), g_strdup (parts[1]));
  }
  return settings;
}

static char *
check_runbook (const char *name)
{
  g_autoptr (GBytes) bytes = NULL;
  g_assert_true (fetch (name, NULL, &bytes, NULL));
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (Problems) problems = problems_new ();
  g_autofree char *head = length == 0 ? g_strdup ("") : g_strndup (text, length);
  g_autoptr (GHashTable) settings = find_settings (head);
  g_autofree char *site_name = find_directive (head, "site");
  g_autofree char *site_file =
      site_name ? g_strdup_printf ("../site/%s", site_name) : NULL;
  g_autoptr (GBytes) site_bytes = NULL;
  g_autoptr (Site) site = NULL;
  if (site_file) {
    g_assert_true (fetch (site_file, NULL, &site_bytes, NULL));
    site = site_load (site_name, site_bytes, &fake_vocabulary, settings, problems);
  }
  const RunbookOptions options = {
    .vocabulary = &fake_vocabulary, .site = site, .settings = settings, .fetch = fetch
  };
  runbook_free (runbook_load (name, &options, problems));
  return problems_format (problems);
}

static char *
check_site (const char *name)
{
  g_autoptr (GBytes) bytes = NULL;
  g_assert_true (fetch (name, NULL, &bytes, NULL));
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autofree char *head = length == 0 ? g_strdup ("") : g_strndup (text, length);
  g_autoptr (GHashTable) settings = find_settings (head);
  g_autoptr (Problems) problems = problems_new ();
  site_free (site_load (name, bytes, &fake_vocabulary, settings, problems));
  return problems_format (problems);
}

static GBytes *
read_scenario (const char *name, void *data, GError **error)
{
  g_autofree char *file = g_strconcat (name, ".yaml", NULL);
  GBytes *bytes = NULL;
  return fetch (file, data, &bytes, error) ? bytes : NULL;
}

static char *
check_scenario (const char *name)
{
  g_autoptr (GBytes) bytes = NULL;
  g_assert_true (fetch (name, NULL, &bytes, NULL));
  g_autoptr (Problems) problems = problems_new ();
  scenario_free (scenario_load (name, bytes, read_scenario, NULL, problems));
  return problems_format (problems);
}

static void
check_file (const char *kind, const char *name, char *(*check) (const char *))
{
  g_autofree char *base = g_strndup (name, strlen (name) - strlen (".yaml"));
  g_autofree char *expected_file = g_strdup_printf ("%s/%s.problems", folder, base);
  g_autofree char *found = check (name);
  g_autofree char *expected = NULL;
  if (g_getenv ("HANDRAIL_REGENERATE"))
    g_assert_true (g_file_set_contents (expected_file, found, -1, NULL));
  if (!g_file_get_contents (expected_file, &expected, NULL, NULL))
    g_error ("%s/%s has no expected problems beside it", kind, name);
  if (strcmp (found, expected) != 0)
    g_test_message ("%s/%s gave:\n%s", kind, name, found);
  g_assert_cmpstr (found, ==, expected);
}

/* Where make says the sources are; else here. */
static const char *
source_folder (void)
{
  const char *named = g_getenv ("srcdir");
  return named ? named : g_getenv ("G_TEST_SRCDIR") ? g_getenv ("G_TEST_SRCDIR") : ".";
}

static void
check_folder (const char *kind, char *(*check) (const char *))
{
  guint count = 0;
  folder = g_build_filename (source_folder (), "tests/unit/data", kind, NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (directory);
  const char *name;
  while ((name = g_dir_read_name (directory)))
    if (g_str_has_suffix (name, ".yaml")) {
      check_file (kind, name, check);
      count++;
    }
  g_assert_cmpuint (count, >, 0);
  g_clear_pointer (&folder, g_free);
}

static void
test_runbooks (void)
{
  check_folder ("runbook", check_runbook);
}

static void
test_sites (void)
{
  check_folder ("site", check_site);
}

static void
test_scenarios (void)
{
  check_folder ("scenario", check_scenario);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problems/runbook", test_runbooks);
  g_test_add_func ("/problems/site", test_sites);
  g_test_add_func ("/problems/scenario", test_scenarios);
  return g_test_run ();
}
