#include "tui/run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/environment.h"
#include "core/base/quantity.h"

/* One read; keys are answered in between. */
#define READ_BYTES 65536

struct Child {
  GPid pid; /* 0: ended; leader of its group */
  int output_end;
  guint output_source, end_source, limit_source; /* 0: none */
  GString *output;
  gint64 began_us, ended_us, limit_us; /* monotonic */
  gboolean late;
  int status; /* of waitpid() */
  ChildNews news;
  void *data;
};

/* ---- its end ------------------------------------------------------------------- */

/* It can have ended with another process holding its output, and have closed its output
 * without having ended. */
static void
finish (Child *child)
{
  if (child->pid || child->output_source)
    return;
  g_clear_handle_id (&child->limit_source, g_source_remove);
  child->ended_us = g_get_monotonic_time ();
  child->news (child->data);
}

static void
stop_reading (Child *child)
{
  g_clear_handle_id (&child->output_source, g_source_remove);
  if (child->output_end >= 0)
    close (child->output_end);
  child->output_end = -1;
}

static void
on_ended (GPid pid, int status, gpointer data)
{
  Child *child = data;
  (void)pid;
  child->pid = 0;
  child->end_source = 0;
  child->status = status;
  finish (child);
}

/* What holds its output and has left its group is not waited for. */
static gboolean
on_late (gpointer data)
{
  Child *child = data;
  child->limit_source = 0;
  child->late = TRUE;
  if (child->pid)
    kill (-child->pid, SIGKILL);
  stop_reading (child);
  finish (child);
  return G_SOURCE_REMOVE;
}

/* ---- what it prints -------------------------------------------------------------- */

static void
keep (Child *child, const char *bytes, gsize length)
{
  g_string_append_len (child->output, bytes, (gssize)length);
  if (child->output->len <= CHILD_OUTPUT_BYTES_MAX)
    return;
  gsize over = child->output->len - CHILD_OUTPUT_BYTES_MAX / 2;
  const char *feed = memchr (child->output->str + over, '\n', child->output->len - over);
  gsize end = feed ? (gsize)(feed + 1 - child->output->str) : over;
  g_string_erase (child->output, 0, (gssize)end);
}

static gboolean
on_output (int descriptor, GIOCondition condition, gpointer data)
{
  Child *child = data;
  char bytes[READ_BYTES];
  (void)condition;
  ssize_t got = read (descriptor, bytes, sizeof bytes);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (got > 0) {
    keep (child, bytes, (gsize)got);
    child->news (child->data);
    return G_SOURCE_CONTINUE;
  }
  child->output_source = 0;
  close (child->output_end);
  child->output_end = -1;
  finish (child);
  return G_SOURCE_REMOVE;
}

/* ---- its beginning ----------------------------------------------------------------- */

/* Between fork and exec: only what is safe in a signal handler. */
static void
leave_terminal (gpointer data)
{
  struct sigaction action = { .sa_handler = SIG_DFL };
  (void)data;
  setsid ();
  sigaction (SIGPIPE, &action, NULL);
}

static gboolean
is_same_file (const char *path, const char *other)
{
  struct stat one, two;
  return stat (path, &one) == 0 && stat (other, &two) == 0 && one.st_dev == two.st_dev &&
         one.st_ino == two.st_ino;
}

/* The path in `bin` that `name` stands for: its first word then; NULL with `error`. */
static char *
name_within (const ChildBounds *bounds, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (bounds->bin, name, NULL);
  if (*name && !strchr (name, '/') && is_same_file (path, bounds->program))
    return g_steal_pointer (&path);
  g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT,
               "in practice programs come from %s alone, as they were put there",
               bounds->bin);
  return NULL;
}

static gboolean
spawn (Child *child, const ChildBounds *bounds, const char *const *argv,
       const char *directory, GError **error)
{
  int ends[2];
  GStrv clean = environment_clean ((const char *const *)environ);
  g_auto (GStrv) environment =
      bounds ? g_environ_setenv (clean, "PATH", bounds->bin, TRUE) : clean;
  g_autofree char *first =
      bounds ? name_within (bounds, argv[0], error) : g_strdup (argv[0]);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  if (!first)
    return FALSE;
  g_ptr_array_add (words, (gpointer)(bounds ? bounds->program : argv[0]));
  g_ptr_array_add (words, first); /* then argv as it is */
  for (guint i = 1; argv[i]; i++)
    g_ptr_array_add (words, (gpointer)argv[i]);
  g_ptr_array_add (words, NULL);
  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;
  gboolean begun = g_spawn_async_with_pipes_and_fds (
      directory, (const char *const *)words->pdata, (const char *const *)environment,
      G_SPAWN_FILE_AND_ARGV_ZERO | G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
      leave_terminal, NULL, -1, ends[1], ends[1], NULL, NULL, 0, &child->pid, NULL, NULL,
      NULL, error);
  close (ends[1]);
  child->output_end = ends[0];
  return begun && g_unix_set_fd_nonblocking (ends[0], TRUE, error);
}

Child *
child_new (const ChildBounds *bounds, const char *const *argv, const char *directory,
           gint64 limit_us, ChildNews news, void *data, GError **error)
{
  Child *child = g_new0 (Child, 1);
  child->output = g_string_new (NULL);
  child->output_end = -1;
  child->began_us = g_get_monotonic_time ();
  child->limit_us = limit_us;
  child->news = news;
  child->data = data;
  if (!spawn (child, bounds, argv, directory, error)) {
    child_free (child);
    return NULL;
  }
  child->output_source =
      g_unix_fd_add (child->output_end, G_IO_IN | G_IO_HUP | G_IO_ERR, on_output, child);
  child->end_source = g_child_watch_add (child->pid, on_ended, child);
  child->limit_source = g_timeout_add ((guint)(limit_us / 1000), on_late, child);
  return child;
}

static void
on_reaped (GPid pid, int status, gpointer data)
{
  (void)status;
  (void)data;
  g_spawn_close_pid (pid);
}

void
child_free (Child *child)
{
  if (!child)
    return;
  stop_reading (child);
  g_clear_handle_id (&child->limit_source, g_source_remove);
  g_clear_handle_id (&child->end_source, g_source_remove);
  if (child->pid) {
    kill (-child->pid, SIGKILL);
    g_child_watch_add (child->pid, on_reaped, NULL);
  }
  g_string_free (child->output, TRUE);
  g_free (child);
}

/* ---- what there is --------------------------------------------------------------- */

gboolean
child_is_running (const Child *child)
{
  return child->ended_us == 0;
}

const char *
child_output (const Child *child, gsize *length)
{
  *length = child->output->len;
  return child->output->str;
}

gint64
child_took_us (const Child *child, gint64 now_us)
{
  return (child->ended_us ? child->ended_us : now_us) - child->began_us;
}

char *
child_trouble (const Child *child)
{
  if (child->late) {
    g_autofree char *limit = quantity_format_duration (child->limit_us);
    return g_strdup_printf ("killed after %s", limit);
  }
  if (WIFSIGNALED (child->status))
    return g_strdup_printf ("died of signal %d", WTERMSIG (child->status));
  if (WEXITSTATUS (child->status) != 0)
    return g_strdup_printf ("ended with status %d", WEXITSTATUS (child->status));
  return NULL;
}
