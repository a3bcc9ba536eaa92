#include "tui/session.h"

#include <string.h>
#include <unistd.h>

#include "tui/differences.h"
#include "tui/lines.h"
#include "tui/load.h"
#include "tui/plain_io.h"
#include "tui/run_io.h"
#include "tui/terminal.h"

/* Prints lines that lines_add() made. */
static void
print_lines (GString *out)
{
  cli_print (out->str);
  g_string_free (out, TRUE);
}

char *
session_root (void)
{
  gboolean shared = FALSE;
  char *root = store_root (&shared);
  if (shared)
    return root;
  GString *out = g_string_new (NULL);
  lines_add (out, "= ",
             "runs are kept in %s, for you alone; handrail doctor says how to share them",
             root);
  print_lines (out);
  return root;
}

gboolean
session_refuse_pipe (const char *site, gboolean production)
{
  if (!production || isatty (STDIN_FILENO))
    return FALSE;
  GString *out = g_string_new (NULL);
  lines_add (out, "! ",
             "refused: %s is a production site and standard input is no terminal; "
             "run handrail from a terminal",
             site);
  print_lines (out);
  return TRUE;
}

StoreRun *
session_open (const char *root, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = store_find (root, name, &error);
  g_autoptr (StoreRun) run = path ? store_open (path, &error) : NULL;
  if (!run) {
    cli_complain ("%s", error->message);
    return NULL;
  }
  if (!run->state) {
    cli_complain ("run %s: %s", run->name, run->problem);
    return NULL;
  }
  return g_steal_pointer (&run);
}

void
session_print_refusal (const Started *started)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; started->problems && started->problems[i]; i++)
    lines_add (out, "! ", "%s", started->problems[i]);
  lines_add (out, "! ", "%s", started->refused);
  if (started->holder)
    lines_add (out, "! ", "%s", started->holder);
  g_autofree char *masked = load_masked (NULL, NULL, out->str);
  cli_print (masked);
  g_string_free (out, TRUE);
}

/* Where the terminal cannot be drawn on, the run goes on in lines: it has begun. */
static int
join (const CliCall *call, const char *folder, gboolean brief, GError **error)
{
  const AppOptions options = { .ascii = call->ascii };
  g_autoptr (GError) unfit = NULL;
  if (cli_is_full_screen (call)) {
    int status = run_io_join (folder, &options, &unfit);
    if (status >= 0)
      return status;
    if (unfit->domain != TERMINAL_ERROR) {
      g_propagate_error (error, g_steal_pointer (&unfit));
      return -1;
    }
    cli_complain ("%s", unfit->message);
  }
  return plain_io_run (folder, brief, error);
}

int
session_join (const CliCall *call, const char *folder, gboolean brief)
{
  g_autoptr (GError) error = NULL;
  int status = join (call, folder, brief, &error);
  if (status >= 0)
    return status;
  cli_complain ("%s", error->message);
  return CLI_PROBLEMS;
}

/* On a production site the word that agrees is its name. */
static gboolean
accept_differences (const Started *started, const StoreRun *run)
{
  const char *word = run->state->production ? run->state->site : "y";
  g_autofree char *takes = g_strconcat (word, " | stop", NULL);
  GString *out = g_string_new (NULL);
  for (guint i = 0; started->differences[i]; i++)
    lines_add (out, "  ", "differs: %s", started->differences[i]);
  differences_add (out, run);
  print_lines (out);
  for (;;) {
    g_autofree char *answer = plain_io_ask (
        "resume",
        "the files are not what the run began with; go on with what they say now", takes);
    if (!answer || strcmp (answer, "stop") == 0)
      return FALSE;
    if (strcmp (answer, word) == 0)
      return TRUE;
    cli_print ("! not taken: type what the brackets say\n");
  }
}

int
session_resume (const CliCall *call, const char *folder)
{
  gboolean accepted = FALSE;
  for (;;) {
    const char *arguments[] = { "resume", folder, accepted ? "--accept" : NULL, NULL };
    g_autoptr (GError) error = NULL;
    g_autoptr (Started) started = start_runner (arguments, &error);
    if (!started) {
      cli_complain ("%s", error->message);
      return CLI_PROBLEMS;
    }
    if (started->run)
      return session_join (call, started->run, TRUE);
    /* Asked only now: a runner that was killed holds its lock until it is gone, and
     * the new one waits for that. */
    if (!started->differences && store_is_live (folder)) {
      cli_print ("= the run is running; taking part in it\n");
      return session_join (call, folder, TRUE);
    }
    if (accepted || !started->differences) {
      session_print_refusal (started);
      return started->status;
    }
    g_autoptr (StoreRun) run = store_open (folder, NULL);
    if (!run || !run->state || !accept_differences (started, run))
      return CLI_HELD;
    accepted = TRUE;
  }
}
