/* handrail-runner: holds a run. Started by handrail, told nothing by people. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/run/wire.h"
#include "core/runner/looking.h"
#include "core/runner/refusal.h"
#include "core/runner/runner.h"
#include "core/store/store.h"

typedef struct {
  char *site, *state, *from, *after, *abandon;
  char *practice; /* folder of the simulated deployment */
  int speed;      /* procedure time per machine time */
  char **set;
  char **rest; /* the command and its argument */
  int started; /* descriptor to tell on, -1: none */
  int look;
  gboolean accept;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  char *texts[] = { options->site,  options->state,   options->from,
                    options->after, options->abandon, options->practice };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_strfreev (options->set);
  g_strfreev (options->rest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
options_parse (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "site", 0, 0, G_OPTION_ARG_FILENAME, &options->site, "The site file", "FILE" },
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->set, "A variable's value",
      "K=V" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options->from, "Begin at this step", "STEP" },
    { "after", 0, 0, G_OPTION_ARG_STRING, &options->after, "Take over its counts",
      "RUN" },
    { "abandon", 0, 0, G_OPTION_ARG_STRING, &options->abandon, "Give it up", "RUN" },
    { "practice", 0, 0, G_OPTION_ARG_FILENAME, &options->practice,
      "A simulated deployment", "FOLDER" },
    { "speed", 0, 0, G_OPTION_ARG_INT, &options->speed, "How fast practice goes", "N" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &options->state, "Where runs are", "FOLDER" },
    { "started-fd", 0, 0, G_OPTION_ARG_INT, &options->started, "Told once", "N" },
    { "fd", 0, 0, G_OPTION_ARG_INT, &options->look, "look: the socket", "N" },
    { "accept", 0, 0, G_OPTION_ARG_NONE, &options->accept, "Differences are known",
      NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->rest, "", NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (
      "run RUNBOOK | resume RUN | look  (handrail starts this; type `handrail` instead)");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

/* {name: text} of --set NAME=TEXT; NULL with *refusal. */
static GHashTable *
read_settings (const Options *options, json_t **refusal)
{
  g_autoptr (GHashTable) settings =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; options->set && options->set[i]; i++) {
    const char *text = options->set[i];
    const char *equals = strchr (text, '=');
    if (!equals || equals == text || !g_utf8_validate (text, -1, NULL)) {
      *refusal = refusal_new (REFUSED_USAGE, "--set %s: write --set NAME=VALUE", text);
      return NULL;
    }
    g_hash_table_insert (settings, g_strndup (text, (gsize)(equals - text)),
                         g_strdup (equals + 1));
  }
  return g_steal_pointer (&settings);
}

/* ---- becoming a process of one's own -------------------------------------- */

/* Those that it was started without: what is opened next is not to stand in for them. */
static void
open_standard (void)
{
  int file;
  do
    file = open ("/dev/null", O_RDWR);
  while (file >= 0 && file <= STDERR_FILENO);
  if (file > STDERR_FILENO)
    close (file);
}

/* Keeps the one descriptor that was handed over; moves it to 3. */
static int
keep_only (int descriptor)
{
  if (descriptor != 3 && dup2 (descriptor, 3) < 0)
    return -1;
  close_range (4, ~0U, 0);
  fcntl (3, F_SETFD, FD_CLOEXEC);
  return 3;
}

static void
standard_to (int file)
{
  for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
    dup2 (file, i);
}

/* Away from the terminal: its own session, nothing of it left open. */
static void
settle (void)
{
  int nothing = open ("/dev/null", O_RDWR);
  signal (SIGHUP, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  if (setsid () < 0 && getsid (0) != getpid () && fork () > 0)
    _exit (0);
  setsid ();
  standard_to (nothing);
  if (nothing > STDERR_FILENO)
    close (nothing);
  prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  if (chdir ("/") != 0)
    return;
}

static void
log_to (const Hold *hold)
{
  int log = openat (hold->folder, STORE_RUNNER_LOG,
                    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                    hold_kept_mode (hold));
  if (log < 0)
    return;
  fchmod (log, hold_kept_mode (hold));
  dup2 (log, STDERR_FILENO);
  close (log);
}

/* ---- telling -------------------------------------------------------------- */

/* One line, then nothing more; takes over `message`. */
static void
tell (int descriptor, json_t *message)
{
  g_autofree char *line = wire_line (message);
  gsize length = strlen (line), done = 0;
  while (done < length) {
    ssize_t written = write (descriptor, line + done, length - done);
    if (written < 0 && errno != EINTR)
      break;
    done += written > 0 ? (gsize)written : 0;
  }
  close (descriptor);
}

static int
tell_refused (int descriptor, json_t *refusal)
{
  int status = (int)json_integer_value (json_object_get (refusal, "status"));
  tell (descriptor, refusal);
  return status;
}

/* ---- the three commands --------------------------------------------------- */

static int
hold_a_run (Hold *hold, int descriptor)
{
  g_autoptr (GError) error = NULL;
  log_to (hold);
  g_autoptr (Runner) runner = runner_new (hold, &error);
  if (!runner)
    return tell_refused (descriptor, refusal_new (REFUSED_FAILED, "%s", error->message));
  tell (descriptor, json_pack ("{s:s}", "run", hold->path));
  runner_run (runner);
  return 0;
}

static int
run (const Options *options, int descriptor)
{
  json_t *refusal = NULL;
  Order order = { .root = options->state,
                  .runbook = options->rest[1],
                  .site = options->site,
                  .from = options->from,
                  .after = options->after,
                  .abandon = options->abandon,
                  .practice = options->practice,
                  .speed = options->speed };
  order.settings = read_settings (options, &refusal);
  Hold *hold = order.settings ? hold_begin (&order, &refusal) : NULL;
  return hold ? hold_a_run (hold, descriptor) : tell_refused (descriptor, refusal);
}

static int
resume (const Options *options, int descriptor)
{
  json_t *refusal = NULL;
  Order order = { .run = options->rest[1], .accept = options->accept };
  Hold *hold = hold_resume (&order, &refusal);
  return hold ? hold_a_run (hold, descriptor) : tell_refused (descriptor, refusal);
}

static int
look (const Options *options, int descriptor)
{
  json_t *refusal = NULL;
  GHashTable *settings = read_settings (options, &refusal);
  const InputsFrom from = { .site_file = options->site,
                            .settings = settings,
                            .practice = options->practice };
  g_autoptr (Inputs) inputs = settings ? inputs_load (&from, &refusal) : NULL;
  if (!inputs)
    return tell_refused (descriptor, refusal);
  looking_run (inputs, options->speed, descriptor);
  return 0;
}

typedef struct {
  const char *name;
  guint arguments;
  gboolean wants_site, wants_state, looks;
  int (*function) (const Options *options, int descriptor);
} CommandRow;

static const CommandRow commands[] = {
  { "run", 1, TRUE, TRUE, FALSE, run },
  { "resume", 1, FALSE, FALSE, FALSE, resume },
  { "look", 0, TRUE, FALSE, TRUE, look },
};

/* Only practice can be made to go faster. */
static gboolean
is_speed (const Options *options)
{
  return options->speed == 1 ||
         (options->practice && options->speed >= 1 && options->speed <= STATE_SPEED_MAX);
}

static const CommandRow *
find_command (const Options *options)
{
  guint given = options->rest ? g_strv_length (options->rest) : 0;
  for (guint i = 0; given > 0 && i < G_N_ELEMENTS (commands); i++) {
    const CommandRow *row = &commands[i];
    if (strcmp (row->name, options->rest[0]) == 0 && given == row->arguments + 1 &&
        (!row->wants_site || options->site) && (!row->wants_state || options->state) &&
        is_speed (options) && (row->looks ? options->look : options->started) >= 0)
      return row;
  }
  return NULL;
}

/* Paths are as the caller means them, which may be relative to where it is. */
static void
make_absolute (char **path)
{
  char *absolute = *path ? g_canonicalize_filename (*path, NULL) : NULL;
  g_free (*path);
  *path = absolute;
}

int
main (int argc, char **argv)
{
  open_standard ();
  g_auto (Options) options = { .speed = 1, .started = -1, .look = -1 };
  g_autoptr (GError) error = NULL;
  gboolean parsed = options_parse (&options, &argc, &argv, &error);
  if (parsed && options.version) {
    printf ("handrail-runner %s\n", PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }
  const CommandRow *command = parsed ? find_command (&options) : NULL;
  if (!command) {
    fprintf (stderr, "handrail-runner: %s\n",
             error ? error->message : "handrail starts this program; type `handrail`");
    return REFUSED_USAGE;
  }
  make_absolute (&options.site);
  make_absolute (&options.state);
  make_absolute (&options.practice);
  if (command->arguments > 0)
    make_absolute (&options.rest[1]);
  int descriptor = keep_only (command->looks ? options.look : options.started);
  if (descriptor < 0)
    return REFUSED_FAILED;
  settle ();
  return command->function (&options, descriptor);
}
