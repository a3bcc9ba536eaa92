#include "tui/session.h"

#include <unistd.h>

#include "tui/lines.h"
#include "tui/load.h"
#include "tui/plain/plain_io.h"
#include "tui/practice/practice.h"
#include "tui/practice/practice_world.h"
#include "tui/run/run_io.h"
#include "tui/widgets/terminal.h"

static void
print_broken (const char *lines)
{
  g_autofree char *broken = lines_broken (lines, cli_columns ());
  cli_print (broken);
}

/* Prints lines that lines_add() made. */
static void
print_lines (GString *out)
{
  print_broken (out->str);
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

/* The path of the run that is meant: one that bears just that name, be it real or of practice;
 * else a real one; else one of practice. */
static char *
find (const char *root, const char *name, GError **error)
{
  g_autoptr (GPtrArray) named = practice_kept_named (name);
  g_autoptr (GError) none = NULL;
  store_add_named (named, root, name);
  if (named->len > 0)
    return store_take_named (named, name, error);
  char *path = store_find (root, name, &none);
  if (!path && g_error_matches (none, STORE_ERROR, STORE_ERROR_NONE))
    path = practice_kept_find (name, NULL);
  if (!path)
    g_propagate_error (error, g_steal_pointer (&none));
  return path;
}

/* How likely it is that a run is meant where none is named; 0: it is over. Real ones go
 * before those of practice. */
static guint
likeliness (const StoreRun *run, SessionWants wants)
{
  const RunState *state = run->state;
  if (!state || (!run->live && !state_is_unfinished (state)))
    return 0;
  gboolean stopped = !run->live && state_is_resumable (state);
  guint fits = wants == SESSION_WANTS_STOPPED ? (stopped     ? 3
                                                 : run->live ? 2
                                                             : 1)
                                              : (run->live ? 3
                                                 : stopped ? 2
                                                           : 1);
  return 2 * fits + (state->practice ? 0 : 1);
}

static void
take_likeliest (const GPtrArray *runs, SessionWants wants, guint *most, char **path)
{
  for (guint i = 0; runs && i < runs->len; i++) { /* the newest first */
    const StoreRun *run = g_ptr_array_index (runs, i);
    guint fits = likeliness (run, wants);
    if (fits <= *most)
      continue;
    *most = fits;
    g_free (*path);
    *path = g_strdup (run->path);
  }
}

/* The path of the run that is most likely meant where none is named; NULL with `error`. */
static char *
find_likeliest (const char *root, SessionWants wants, GError **error)
{
  g_autoptr (GPtrArray) real = store_list (root, error);
  g_autoptr (GPtrArray) practised = real ? practice_kept_runs () : NULL;
  char *path = NULL;
  guint most = 0;
  take_likeliest (real, wants, &most, &path);
  take_likeliest (practised, wants, &most, &path);
  return path || !real ? path : store_find (root, NULL, error); /* there is none */
}

StoreRun *
session_open (const char *root, const char *name, SessionWants wants)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      name ? find (root, name, &error) : find_likeliest (root, wants, &error);
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
  print_broken (masked);
  g_string_free (out, TRUE);
}

AppOptions
session_screen (const CliCall *call)
{
  return (AppOptions){ .theme = call->theme, .ascii = call->ascii };
}

/* Where the terminal cannot be drawn on, the run goes on in lines: it has begun. */
static int
join (const CliCall *call, const char *folder, gboolean brief, GError **error)
{
  const AppOptions options = session_screen (call);
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

/* Somebody is at it: who comes now only looks, and it is not his line that drops. */
static gboolean
is_watched (const char *folder)
{
  g_autoptr (StoreRun) run = store_open (folder, NULL);
  return run && run->live && run->state && state_is_watched (run->state);
}

int
session_join (const CliCall *call, const char *folder, gboolean brief)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeKept) practice = practice_kept_of (folder);
  if (practice && !is_watched (folder))
    practice_world_take_viewer (practice->folder);
  int status = join (call, folder, brief, &error);
  if (practice && status >= 0)
    practice_after (call, practice, folder);
  if (status >= 0)
    return status;
  cli_complain ("%s", error->message);
  return CLI_PROBLEMS;
}

/* Shows what is asked, and has it answered. */
static void
ask (Launch *launch)
{
  g_autofree char *details = launch_details (launch);
  g_autofree char *question = launch_question (launch);
  g_autofree char *takes = launch_takes (launch);
  print_broken (details);
  for (;;) {
    g_autofree char *answer = plain_io_ask (launch_subject (launch), question, takes);
    if (launch_take (launch, answer))
      return;
    cli_print ("! not taken: type what the brackets say\n");
  }
}

/* FALSE, having said why, if there is no runner. */
static gboolean
start (Launch *launch)
{
  g_auto (GStrv) arguments = launch_arguments (launch);
  g_autoptr (GError) error = NULL;
  Started *started = start_runner ((const char *const *)arguments, &error);
  if (started)
    launch_answered (launch, started);
  else
    cli_complain ("%s", error->message);
  return started != NULL;
}

int
session_launch (const CliCall *call, Launch *launch)
{
  for (;;) {
    switch (launch_state (launch)) {
    case LAUNCH_START:
      if (!start (launch))
        return CLI_PROBLEMS;
      break;
    case LAUNCH_ASK:
      ask (launch);
      break;
    case LAUNCH_JOIN:
      if (launch_is_joined (launch))
        cli_print ("= the run is running; taking part in it\n");
      return session_join (call, launch_folder (launch), launch_is_resumed (launch));
    case LAUNCH_LEFT:
      return CLI_HELD;
    case LAUNCH_REFUSED:
      session_print_refusal (launch_refusal (launch));
      return launch_refusal (launch)->status;
    }
  }
}

int
session_resume (const CliCall *call, const char *folder)
{
  g_autoptr (Launch) launch = launch_resume (folder);
  return session_launch (call, launch);
}
