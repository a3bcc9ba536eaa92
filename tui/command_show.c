#include <stdlib.h>

#include "tui/commands.h"
#include "tui/find.h"
#include "tui/load.h"
#include "tui/showing.h"

static void
print (const CliCall *call, const Runbook *runbook, const Site *site)
{
  json_auto_t *shown = showing_json (runbook, site, call->settings);
  if (call->json) {
    char *text = json_dumps (shown, JSON_INDENT (2));
    g_autofree char *line = g_strconcat (text, "\n", NULL);
    free (text);
    cli_print (line);
    return;
  }
  g_autofree char *text =
      call->markdown ? showing_markdown (shown) : showing_text (shown, cli_columns ());
  cli_print (text);
}

/* The path, or NULL after saying why there is none. */
static char *
find (const FindPlaces *places, FindType type, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *path = find_file (places, type, name, &error);
  if (!path)
    cli_complain ("%s", error->message);
  return path;
}

static int
run (const CliCall *call)
{
  g_autoptr (FindPlaces) places = find_places ();
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = NULL;
  if (call->site) {
    g_autofree char *path = find (places, FIND_SITE, call->site);
    if (!path)
      return CLI_PROBLEMS;
    site = load_site (path, call->settings, problems);
  }
  g_autofree char *path = find (places, FIND_RUNBOOK, call->arguments[0]);
  if (!path)
    return CLI_PROBLEMS;
  g_autoptr (Runbook) runbook = load_runbook (path, site, call->settings, problems);
  if (runbook && problems_count (problems) == 0) {
    print (call, runbook, site);
    return CLI_DONE;
  }
  g_autofree char *text = problems_format (problems);
  g_autofree char *masked = load_masked (site, call->settings, text);
  cli_complain ("nothing is shown of a runbook or site with problems\n%s", masked);
  return CLI_PROBLEMS;
}

const CliCommand command_show = {
  .name = "show",
  .arguments = "RUNBOOK",
  .arguments_min = 1,
  .arguments_max = 1,
  .options = COMMAND_OPTIONS ("site", "set", "json", "markdown"),
  .help = "Show every step with its commands and what is implied",
  .run = run,
};
