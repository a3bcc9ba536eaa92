/* handrail-practice: plays a deployment. Under the name of a program of that deployment it
 * is that program. Started by handrail, told nothing by people. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <jansson.h>

#include "core/practice/redis/redis_cli.h"
#include "core/practice/serve/client.h"
#include "core/practice/serve/serve.h"
#include "core/practice/serve/serve_folder.h"

#define STATUS_FAILED 1
#define STATUS_USAGE 2

/* ---- the stand-ins -------------------------------------------------------------------- */

static gboolean
is_stand_in (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  return g_strv_contains (serve_folder_stand_ins, name);
}

/* F/bin/NAME: by which the kernel was asked to run this, whose environment may have been
 * emptied, and argv[0] be anything. Handrail asks for this program itself, whatever stands in
 * F/bin, and says with argv[0], a path from /, which of them it is to be. NULL: none. */
static char *
own_path (const char *argv0)
{
  const char *path = (const char *)getauxval (AT_EXECFN); /* NOLINT: an address */
  if (path && is_stand_in (path))
    return g_canonicalize_filename (path, NULL);
  return g_path_is_absolute (argv0) && is_stand_in (argv0) ? g_strdup (argv0) : NULL;
}

/* TRUE with *status: this was run as one of them. */
static gboolean
run_stand_in (char **argv, int *status)
{
  const RedisCliStreams streams = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
  const char *const *words = (const char *const *)argv;
  g_autofree char *path = own_path (argv[0]);
  if (!path)
    return FALSE;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *bin = g_path_get_dirname (path);
  g_autofree char *folder = g_path_get_dirname (bin);
  argv[0] = name;
  if (strcmp (name, "redis-cli") == 0)
    *status = redis_cli_run (words, folder, client_world (folder),
                             g_getenv ("REDISCLI_AUTH"), &streams);
  else
    *status = client_run (folder, words);
  return TRUE;
}

/* ---- serving ------------------------------------------------------------------------------ */

typedef struct {
  char *folder, *scenario;
  char **places, **rest;
  gint64 speed, seed;
  int viewer, started;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->folder);
  g_free (options->scenario);
  g_strfreev (options->places);
  g_strfreev (options->rest);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
options_parse (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &options->folder, "Where it stands", "F" },
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &options->scenario, "What happens",
      "FILE" },
    { "scenarios", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->places,
      "Where one that it is like may be", "FOLDER" },
    { "speed", 0, 0, G_OPTION_ARG_INT64, &options->speed, "How fast its clock goes",
      "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "The same gives the same", "N" },
    { "viewer-pid", 0, 0, G_OPTION_ARG_INT, &options->viewer, "Whose line may be cut",
      "P" },
    { "started-fd", 0, 0, G_OPTION_ARG_INT, &options->started, "Told once", "N" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->rest, "", NULL },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (
      "serve  (handrail starts this; type `handrail practice` instead)");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
is_serve (const Options *options)
{
  return options->rest && options->rest[0] && strcmp (options->rest[0], "serve") == 0 &&
         !options->rest[1] && options->folder && options->scenario &&
         options->started >= 0;
}

/* Keeps the one descriptor that was handed over, as 3; -1 if that cannot be. */
static int
keep_only (int descriptor)
{
  if (descriptor != 3 && dup2 (descriptor, 3) < 0)
    return -1;
  close_range (4, ~0U, 0);
  fcntl (3, F_SETFD, FD_CLOEXEC);
  return 3;
}

/* Away from the terminal: its own session, nothing of it left open. */
static void
settle (void)
{
  int nothing = open ("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0)
    return;
  signal (SIGHUP, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  if (setsid () < 0 && getsid (0) != getpid () && fork () > 0)
    _exit (0);
  setsid ();
  for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
    dup2 (nothing, i);
  if (chdir ("/") != 0)
    return;
}

/* One line, then nothing more. */
static void
tell (int descriptor, const char *line)
{
  gsize length = strlen (line);
  while (length > 0) {
    ssize_t written = write (descriptor, line, length);
    if (written < 0 && errno != EINTR)
      break;
    line += MAX (written, 0);
    length -= (gsize)MAX (written, 0);
  }
  close (descriptor);
}

static int
tell_refused (int descriptor, const char *why)
{
  json_auto_t *refusal = json_pack ("{s:s}", "refused", why);
  char *text = json_dumps (refusal, JSON_COMPACT);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  free (text);
  tell (descriptor, line);
  return STATUS_FAILED;
}

static int
serve (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", &error);
  g_autofree char *folder = g_canonicalize_filename (options->folder, NULL);
  g_autofree char *scenario = g_canonicalize_filename (options->scenario, NULL);
  const ServeOrder order = { .folder = folder,
                             .scenario = scenario,
                             .places = (const char *const *)options->places,
                             .speed = options->speed,
                             .seed = (guint64)options->seed,
                             .viewer = options->viewer,
                             .program = program };
  int started = keep_only (options->started);
  if (started < 0)
    return STATUS_FAILED;
  settle ();
  if (order.speed < 1 || order.speed > SERVE_SPEED_MAX)
    return tell_refused (started, "the speed must be 1 to 1000");
  g_autoptr (Serve) served = program ? serve_new (&order, &error) : NULL;
  if (!served)
    return tell_refused (started, error->message);
  g_autofree char *hello = serve_hello (served);
  tell (started, hello);
  serve_run (served);
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  int status;
  if (argc > 0 && run_stand_in (argv, &status))
    return status;
  g_auto (Options) options = { .started = -1, .speed = 1 };
  g_autoptr (GError) error = NULL;
  gboolean parsed = options_parse (&options, &argc, &argv, &error);
  if (parsed && options.version) {
    printf ("handrail-practice %s\n", PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }
  if (parsed && is_serve (&options))
    return serve (&options);
  fprintf (stderr, "handrail-practice: %s\n",
           error ? error->message
                 : "handrail starts this program; type `handrail practice`");
  return STATUS_USAGE;
}
