#include "core/base/problem.h"
#include "tui/commands.h"
#include "tui/find.h"
#include "tui/lines.h"
#include "tui/load.h"
#include "tui/session.h"
#include "tui/showing.h"

/* Absolute: the journal keeps it, and a resume may come from another folder. */
static char *
find_absolute (const FindPlaces *places, FindType type, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_file (places, type, name, &error);
  if (path)
    return g_canonicalize_filename (path, NULL);
  cli_complain ("%s", error->message);
  return NULL;
}

static int
carry_out (const CliCall *call, const char *runbook, const char *site_file,
           const char *site)
{
  g_autofree char *root = session_root ();
  const LaunchRun what = { .runbook = runbook,
                           .site_file = site_file,
                           .site = site,
                           .root = root,
                           .settings = call->settings,
                           .from = call->from,
                           .after = call->after };
  g_autoptr (Launch) launch = launch_run (&what);
  return session_launch (call, launch);
}

/* TRUE, having said so in the words of the plan: nothing could be done there, and the first
 * question would be in vain. */
static gboolean
refuses_unproved (const Site *site)
{
  g_autofree char *unproved = showing_unproved (site);
  g_autoptr (GString) out = g_string_new (NULL);
  if (!unproved)
    return FALSE;
  lines_add (out, "! ", "refused: missing is %s", unproved);
  g_autofree char *broken = lines_broken (out->str, cli_columns ());
  cli_print (broken);
  return TRUE;
}

static int
run (const CliCall *call)
{
  g_autoptr (FindPlaces) places = find_places ();
  g_autofree char *runbook = find_absolute (places, FIND_RUNBOOK, call->arguments[0]);
  g_autofree char *site_file =
      runbook ? find_absolute (places, FIND_SITE, call->site) : NULL;
  if (!site_file)
    return CLI_PROBLEMS;
  if (call->dry_run)
    return showing_dry_run (runbook, site_file, call->settings);
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = load_site (site_file, call->settings, problems);
  if (!site) {
    g_autofree char *text = problems_format (problems);
    g_autofree char *masked = load_masked (NULL, call->settings, text);
    cli_complain ("the site cannot be used\n%s", masked);
    return CLI_PROBLEMS;
  }
  g_autofree char *practice = site_practice_problem (site);
  if (practice) {
    cli_complain ("%s", practice);
    return CLI_USAGE;
  }
  if (session_refuse_pipe (site->name, site->production) || refuses_unproved (site))
    return CLI_HELD;
  return carry_out (call, runbook, site_file, site->name);
}

const CliCommand command_run = {
  .name = "run",
  .arguments = "RUNBOOK",
  .arguments_min = 1,
  .arguments_max = 1,
  .options = COMMAND_OPTIONS ("site", "set", "from", "after", "dry-run", "plain",
                              COMMAND_SCREEN_OPTIONS),
  .help = "Carry out a runbook on a site",
  .run = run,
};
