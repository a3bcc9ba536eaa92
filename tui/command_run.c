#include <string.h>

#include "core/base/problem.h"
#include "tui/commands.h"
#include "tui/find.h"
#include "tui/load.h"
#include "tui/plain_io.h"
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

static Started *
start (const CliCall *call, const char *runbook, const char *site, const char *root,
       const char *abandon)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  g_strv_builder_add_many (arguments, "run", runbook, "--site", site, "--state", root,
                           NULL);
  GHashTableIter each;
  void *name = NULL;
  void *value = NULL;
  g_hash_table_iter_init (&each, call->settings);
  while (g_hash_table_iter_next (&each, &name, &value)) {
    g_autofree char *setting = g_strdup_printf ("%s=%s", (char *)name, (char *)value);
    g_strv_builder_add_many (arguments, "--set", setting, NULL);
  }
  if (call->from)
    g_strv_builder_add_many (arguments, "--from", call->from, NULL);
  if (call->after)
    g_strv_builder_add_many (arguments, "--after", call->after, NULL);
  if (abandon)
    g_strv_builder_add_many (arguments, "--abandon", abandon, NULL);
  g_auto (GStrv) argv = g_strv_builder_end (arguments);
  g_autoptr (GError) error = NULL;
  Started *started = start_runner ((const char *const *)argv, &error);
  if (!started)
    cli_complain ("%s", error->message);
  return started;
}

typedef enum { UNFINISHED_RESUME, UNFINISHED_ABANDON, UNFINISHED_STOP } Unfinished;

/* What becomes of the site's unfinished run. */
static Unfinished
ask_about_unfinished (const Started *started, const char *site)
{
  g_autofree char *text =
      g_strdup_printf ("%s is unfinished at %s; resume it, or give it up by typing the "
                       "site's name",
                       started->unfinished, started->step ? started->step : "its end");
  g_autofree char *takes = g_strdup_printf ("resume | %s | stop", site);
  for (;;) {
    g_autofree char *answer = plain_io_ask ("unfinished", text, takes);
    if (!answer || strcmp (answer, "stop") == 0)
      return UNFINISHED_STOP;
    if (strcmp (answer, "resume") == 0)
      return UNFINISHED_RESUME;
    if (strcmp (answer, site) == 0)
      return UNFINISHED_ABANDON;
    cli_print ("! not taken: type one of those\n");
  }
}

static int
carry_out (const CliCall *call, const char *runbook, const char *site_file,
           const char *site)
{
  g_autofree char *root = session_root ();
  g_autofree char *abandon = NULL;
  for (;;) {
    g_autoptr (Started) started = start (call, runbook, site_file, root, abandon);
    if (!started)
      return CLI_PROBLEMS;
    if (started->run)
      return session_join (call, started->run, FALSE);
    if (!started->unfinished || abandon) {
      session_print_refusal (started);
      return started->status;
    }
    switch (ask_about_unfinished (started, site)) {
    case UNFINISHED_STOP:
      return CLI_HELD;
    case UNFINISHED_RESUME: {
      g_autofree char *folder =
          g_build_filename (root, STORE_RUNS, started->unfinished, NULL);
      return session_resume (call, folder);
    }
    case UNFINISHED_ABANDON:
      abandon = g_strdup (started->unfinished);
    }
  }
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
  if (session_refuse_pipe (site->name, site->production))
    return CLI_HELD;
  return carry_out (call, runbook, site_file, site->name);
}

const CliCommand command_run = {
  .name = "run",
  .arguments = "RUNBOOK",
  .arguments_min = 1,
  .arguments_max = 1,
  .options =
      COMMAND_OPTIONS ("site", "set", "from", "after", "dry-run", "plain", "ascii"),
  .help = "Carry out a runbook on a site",
  .run = run,
};
