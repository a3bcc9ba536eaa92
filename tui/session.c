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

/* The path of the run that is meant, be it real or of practice. */
static char *
find (const char *root, const char *name, GError **error)
{
  g_autoptr (GPtrArray) roots = practice_kept_roots ();
  g_ptr_array_insert (roots, 0, g_strdup (root));
  return store_find_among (roots, name, error);
}

/* What there is to be done with a run, for what one is looked for where none is named. */
typedef enum { USE_NONE, USE_UNFINISHED, USE_STOPPED, USE_LIVE } Use;

static Use
use_of (const StoreRun *run)
{
  if (!run->state || (!run->live && !state_is_unfinished (run->state)))
    return USE_NONE;
  if (run->live)
    return USE_LIVE;
  /* Without its deployment no practice is gone on with. */
  return state_is_resumable (run->state) &&
                 g_strcmp0 (practice_kept_deployment (run), "gone") != 0
             ? USE_STOPPED
             : USE_UNFINISHED;
}

/* How likely it is that a run of that use is meant; 0: not at all. */
static guint
likeliness (Use use, SessionWants wants)
{
  static const guint likely[][USE_LIVE + 1] = {
    [SESSION_WANTS_LIVE] = { [USE_UNFINISHED] = 1, [USE_STOPPED] = 2, [USE_LIVE] = 3 },
    [SESSION_WANTS_STOPPED] = { [USE_UNFINISHED] = 1, [USE_LIVE] = 2, [USE_STOPPED] = 3 },
  };
  return likely[wants][use];
}

/* Of what is to be done: the run that is most likely meant, and how many are alike. */
typedef struct {
  const StoreRun *run; /* borrowed; NULL: none */
  Use use;
  guint count;
} Likeliest;

/* Of those of one use: real ones first, then what went on last. */
static gboolean
goes_before (const StoreRun *run, const StoreRun *other)
{
  if (run->state->practice != other->state->practice)
    return other->state->practice;
  return run->state->last.wall_us > other->state->last.wall_us;
}

static void
consider (Likeliest *likeliest, const StoreRun *run, SessionWants wants)
{
  Use use = use_of (run);
  guint before = likeliness (likeliest->use, wants), now = likeliness (use, wants);
  if (now == 0 || now < before)
    return;
  likeliest->count = now > before ? 1 : likeliest->count + 1;
  if (now > before || goes_before (run, likeliest->run))
    likeliest->run = run;
  likeliest->use = use;
}

/* What is told of it where there are others like it; or NULL. The name, which may be long, comes
 * last. */
static char *
remark_of (const Likeliest *likeliest)
{
  static const char *const words[] = {
    [USE_UNFINISHED] = "are unfinished",
    [USE_STOPPED] = "can be resumed",
    [USE_LIVE] = "are running",
  };
  if (likeliest->count < 2)
    return NULL;
  return g_strdup_printf ("%u runs %s (handrail runs lists them); this is %s",
                          likeliest->count, words[likeliest->use], likeliest->run->name);
}

/* The path of the run that is most likely meant where none is named; NULL with `error`. */
static char *
find_likeliest (const char *root, SessionWants wants, char **remark, GError **error)
{
  g_autoptr (GPtrArray) runs = store_list (root, error);
  Likeliest likeliest = { 0 };
  if (!runs)
    return NULL;
  g_ptr_array_extend_and_steal (runs, practice_kept_runs ());
  for (guint i = 0; i < runs->len; i++)
    consider (&likeliest, g_ptr_array_index (runs, i), wants);
  if (!likeliest.run)
    return store_find (root, NULL, error); /* there is none */
  if (remark)
    *remark = remark_of (&likeliest);
  return g_strdup (likeliest.run->path);
}

StoreRun *
session_open (const char *root, const char *name, SessionWants wants, char **remark)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      name ? find (root, name, &error) : find_likeliest (root, wants, remark, &error);
  g_autoptr (StoreRun) run = path ? store_open (path, &error) : NULL;
  if (!run) {
    cli_complain ("%s", error->message);
    return NULL;
  }
  if (!run->state) {
    cli_complain ("run %s: %s", run->name, run->problem);
    return NULL;
  }
  if (remark && *remark)
    cli_complain ("%s", *remark);
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
  return (
      AppOptions){ .theme = call->theme, .ascii = call->ascii, .remark = call->remark };
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
