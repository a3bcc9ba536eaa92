#include <string.h>

#include "core/base/tree.h"
#include "tui/commands.h"
#include "tui/find.h"
#include "tui/load.h"

/* What a file that is no runbook says that it is: the key that it begins with. */
static gboolean
begins_with (const char *path, const char *key)
{
  GBytes *bytes = NULL;
  if (!load_bytes (path, NULL, &bytes, NULL))
    return FALSE;
  g_autoptr (Problems) unwanted = problems_new ();
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (TreeDocument) document = tree_read (path, text, length, unwanted);
  gboolean begins = document && tree_get (tree_root (document), key) != NULL;
  g_bytes_unref (bytes);
  return begins;
}

/* Prints what is wrong with one file; FALSE if anything is. Files of other kinds are
 * small: no harm in reading one twice. */
static gboolean
check_file (const char *path, const Site *site, const FindPlaces *places,
            const CliCall *call)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Problems) others = problems_new ();
  g_autoptr (Site) checked = NULL;
  Problems *found = others;
  runbook_free (load_runbook (path, site, call->settings, problems));
  gboolean wrong = problems_count (problems) > 0;
  if (wrong && begins_with (path, "handrail-site"))
    checked = load_site (path, call->settings, others);
  else if (wrong && begins_with (path, "handrail-theme"))
    theme_free (load_theme (path, others));
  else if (wrong && begins_with (path, "handrail-practice"))
    scenario_free (load_scenario (path, places, others));
  else
    found = problems;
  g_autofree char *text = problems_count (found) > 0
                              ? problems_format (found)
                              : g_strdup_printf ("%s: no problems", path);
  g_autofree char *masked =
      load_masked (checked ? checked : site, call->settings, g_strchomp (text));
  g_autofree char *line = g_strconcat (masked, "\n", NULL);
  cli_print (line);
  return problems_count (found) == 0;
}

/* A file that is there is meant as it is; else a runbook's name. */
static char *
find (const FindPlaces *places, const char *name)
{
  g_autoptr (GError) error = NULL;
  if (g_file_test (name, G_FILE_TEST_EXISTS))
    return g_strdup (name);
  char *path = find_file (places, FIND_RUNBOOK, name, &error);
  if (!path)
    cli_complain ("%s", error->message);
  return path;
}

/* FALSE after saying what is wrong with the site. */
static gboolean
read_site (const FindPlaces *places, const CliCall *call, Site **site)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Problems) problems = problems_new ();
  if (!call->site)
    return TRUE;
  g_autofree char *path = find_file (places, FIND_SITE, call->site, &error);
  if (path)
    *site = load_site (path, call->settings, problems);
  if (*site && problems_count (problems) == 0)
    return TRUE;
  g_autofree char *text = path ? problems_format (problems) : g_strdup (error->message);
  g_autofree char *masked = load_masked (*site, call->settings, text);
  cli_complain ("%s", masked);
  return FALSE;
}

static int
run (const CliCall *call)
{
  g_autoptr (FindPlaces) places = find_places ();
  g_autoptr (Site) site = NULL;
  gboolean good = read_site (places, call, &site);
  if (!good)
    return CLI_PROBLEMS;
  for (guint i = 0; call->arguments[i]; i++) {
    g_autofree char *path = find (places, call->arguments[i]);
    good &= path && check_file (path, site, places, call);
  }
  return good ? CLI_DONE : CLI_PROBLEMS;
}

const CliCommand command_check = {
  .name = "check",
  .arguments = "FILE…",
  .arguments_min = 1,
  .arguments_max = G_MAXUINT,
  .options = COMMAND_OPTIONS ("site", "set"),
  .help = "Name every problem of runbook, site, theme and practice files",
  .run = run,
};
