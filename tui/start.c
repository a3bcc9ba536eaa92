#include "tui/start.h"

#include <errno.h>
#include <glib-unix.h>
#include <jansson.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/text.h"

#define RUNNER "handrail-runner"

/* Descriptor that the runner finds its end at. */
#define CHILD_DESCRIPTOR 3

/* Problems of the largest runbook; a longer answer is none. */
#define ANSWER_BYTES_MAX (4 * 1024 * 1024)

GQuark
start_error_quark (void)
{
  return g_quark_from_static_string ("handrail-start");
}

void
started_free (Started *started)
{
  if (!started)
    return;
  g_free (started->run);
  g_free (started->refused);
  g_strfreev (started->problems);
  g_free (started->unfinished);
  g_free (started->step);
  g_free (started->holder);
  g_strfreev (started->differences);
  g_free (started);
}

/* ---- reading the answer ---------------------------------------------------- */

static char *
text_of (const json_t *object, const char *name)
{
  return g_strdup (json_string_value (json_object_get (object, name)));
}

static GStrv
texts_of (const json_t *object, const char *name)
{
  const json_t *list = json_object_get (object, name);
  if (json_array_size (list) == 0)
    return NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (gsize i = 0; i < json_array_size (list); i++) {
    const char *text = json_string_value (json_array_get (list, i));
    g_strv_builder_add (builder, text ? text : "");
  }
  return g_strv_builder_end (builder);
}

static char *
holder_of (const json_t *object)
{
  const json_t *holder = json_object_get (object, "holder");
  g_autofree char *run = text_of (holder, "run");
  g_autofree char *user = text_of (holder, "user");
  g_autofree char *host = text_of (holder, "host");
  g_autofree char *since = text_of (holder, "since");
  if (!json_is_object (holder))
    return NULL;
  return g_strdup_printf ("%s on %s holds the site since %s with run %s; handrail attach "
                          "%s shows it",
                          user ? user : "somebody", host ? host : "this host",
                          since ? since : "an unknown time", run ? run : "of no name",
                          run ? run : "");
}

Started *
started_read (const char *line, gsize length, GError **error)
{
  json_auto_t *answer = json_loadb (line, length, JSON_REJECT_DUPLICATES, NULL);
  g_autoptr (Started) started = g_new0 (Started, 1);
  started->run = text_of (answer, "run");
  started->refused = text_of (answer, "refused");
  if (!started->run == !started->refused) {
    g_set_error (error, START_ERROR, START_ERROR_RUNNER,
                 "%s ended without saying what happened; look for its messages above or "
                 "in the run's runner.log",
                 RUNNER);
    return NULL;
  }
  json_int_t status = json_integer_value (json_object_get (answer, "status"));
  started->status = status >= 1 && status <= 3 ? (int)status : 1;
  started->problems = texts_of (answer, "problems");
  started->unfinished = text_of (answer, "unfinished");
  started->step = text_of (answer, "step");
  started->holder = holder_of (answer);
  started->differences = texts_of (answer, "differences");
  return g_steal_pointer (&started);
}

/* ---- starting -------------------------------------------------------------- */

static char *
path_of (const char *program)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = folder ? g_build_filename (folder, program, NULL) : NULL;
  if (beside && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_build_filename (LIBEXECDIR, program, NULL);
}

char *
start_runner_path (void)
{
  return path_of (RUNNER);
}

char *
start_practice_path (void)
{
  return path_of (START_PRACTICE);
}

/* The child has `descriptor` as CHILD_DESCRIPTOR and no other but the standard ones; it is
 * not ours to wait for. */
static gboolean
spawn (const char *program, const char *const *arguments, const char *option,
       int descriptor, GError **error)
{
  g_autofree char *path = path_of (program);
  g_autofree char *number = g_strdup_printf ("%d", CHILD_DESCRIPTOR);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, path);
  for (guint i = 0; arguments[i]; i++)
    g_ptr_array_add (argv, (gpointer)arguments[i]);
  g_ptr_array_add (argv, (gpointer)option);
  g_ptr_array_add (argv, number);
  g_ptr_array_add (argv, NULL);
  int target = CHILD_DESCRIPTOR;
  g_autoptr (GError) why = NULL;
  if (g_spawn_async_with_pipes_and_fds (
          NULL, (const char *const *)argv->pdata, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
          NULL, -1, -1, -1, &descriptor, &target, 1, NULL, NULL, NULL, NULL, &why))
    return TRUE;
  g_set_error (error, START_ERROR, START_ERROR_RUNNER, "%s cannot be started: %s", path,
               why->message);
  return FALSE;
}

/* What is more than an answer may be is passed over. */
static void
keep_bytes (GString *answer, const char *bytes, gssize length)
{
  if (answer->len < ANSWER_BYTES_MAX)
    g_string_append_len (answer, bytes, length);
}

static GString *
read_all (int descriptor)
{
  GString *all = g_string_new (NULL);
  char bytes[4096];
  ssize_t got = 0;
  while ((got = read (descriptor, bytes, sizeof bytes)) > 0 ||
         (got < 0 && errno == EINTR))
    if (got > 0)
      keep_bytes (all, bytes, got);
  return all;
}

/* Starts a program; gives the descriptor that its answer comes from, or -1 with `error`. */
static int
open_answer (const char *program, const char *const *arguments, GError **error)
{
  int ends[2];
  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return -1;
  gboolean begun = spawn (program, arguments, "--started-fd", ends[1], error);
  close (ends[1]);
  if (begun)
    return ends[0];
  close (ends[0]);
  return -1;
}

char *
start_program (const char *program, const char *const *arguments, GError **error)
{
  int descriptor = open_answer (program, arguments, error);
  if (descriptor < 0)
    return NULL;
  GString *answer = read_all (descriptor);
  close (descriptor);
  return g_string_free (answer, FALSE);
}

Started *
start_runner (const char *const *arguments, GError **error)
{
  int descriptor = open_answer (RUNNER, arguments, error);
  if (descriptor < 0)
    return NULL;
  g_autoptr (GString) answer = read_all (descriptor);
  close (descriptor);
  return started_read (answer->str, answer->len, error);
}

struct Starting {
  int descriptor;
  guint source; /* 0: it has answered */
  GString *answer;
  StartDone done;
  void *data;
};

void
starting_free (Starting *starting)
{
  if (!starting)
    return;
  g_clear_handle_id (&starting->source, g_source_remove);
  close (starting->descriptor);
  g_string_free (starting->answer, TRUE);
  g_free (starting);
}

static gboolean
on_answer (int descriptor, GIOCondition condition, void *data)
{
  Starting *starting = data;
  char bytes[4096];
  ssize_t got = read (descriptor, bytes, sizeof bytes);
  (void)condition;
  if (got > 0)
    keep_bytes (starting->answer, bytes, got);
  if (got > 0 || (got < 0 && errno == EINTR))
    return G_SOURCE_CONTINUE;
  g_autoptr (GError) error = NULL;
  Started *started = started_read (starting->answer->str, starting->answer->len, &error);
  starting->source = 0;
  starting->done (started, error, starting->data); /* may free it */
  return G_SOURCE_REMOVE;
}

Starting *
start_runner_begin (const char *const *arguments, StartDone done, void *data,
                    GError **error)
{
  int descriptor = open_answer (RUNNER, arguments, error);
  if (descriptor < 0)
    return NULL;
  Starting *starting = g_new0 (Starting, 1);
  starting->descriptor = descriptor;
  starting->answer = g_string_new (NULL);
  starting->done = done;
  starting->data = data;
  starting->source = g_unix_fd_add (descriptor, G_IO_IN | G_IO_HUP, on_answer, starting);
  return starting;
}

/* The runner's arguments of a look at a site. */
static GStrv
look_arguments (const char *site_file, GHashTable *settings)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_strv_builder_add_many (builder, "look", "--site", site_file, NULL);
  GHashTableIter each;
  void *name = NULL;
  void *value = NULL;
  g_hash_table_iter_init (&each, settings);
  while (g_hash_table_iter_next (&each, &name, &value)) {
    g_autofree char *setting = g_strdup_printf ("%s=%s", (char *)name, (char *)value);
    g_strv_builder_add_many (builder, "--set", setting, NULL);
  }
  return g_strv_builder_end (builder);
}

int
start_look (const char *site_file, GHashTable *settings, GError **error)
{
  g_auto (GStrv) arguments = look_arguments (site_file, settings);
  int ends[2];
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
    g_set_error (error, START_ERROR, START_ERROR_RUNNER, "no socket can be made: %s",
                 g_strerror (errno));
    return -1;
  }
  gboolean begun = spawn (RUNNER, (const char *const *)arguments, "--fd", ends[1], error);
  close (ends[1]);
  if (begun)
    return ends[0];
  close (ends[0]);
  return -1;
}
