#include "tui/viewer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/run/journal.h"
#include "core/run/wire.h"
#include "core/store/store.h"

/* One read; enough for some hundred events, small enough to answer keys in between. */
#define READ_BYTES 65536

struct Viewer {
  char *folder;             /* of the run, or NULL */
  int descriptor;           /* -1: nobody answered, the run was over already */
  guint incoming, outgoing; /* source ids, 0: none */
  WireReader *reader;
  JournalChain chain;
  RunState *state;
  GString *unsent;
  ViewerHooks hooks;
  void *data;
  gboolean said_bye; /* the runner */
  gboolean over;
};

GQuark
viewer_error_quark (void)
{
  return g_quark_from_static_string ("handrail-viewer");
}

/* ---- receiving ------------------------------------------------------------- */

static void
end (Viewer *viewer, const char *problem)
{
  if (viewer->over)
    return;
  viewer->over = TRUE;
  viewer->hooks.ended (problem, viewer->data);
}

static gboolean
take_event (Viewer *viewer, const char *line, gsize length, GError **error)
{
  g_autoptr (Event) event = journal_read (&viewer->chain, line, length, error);
  if (!event || !state_apply (viewer->state, event, error))
    return FALSE;
  viewer->hooks.event (event, viewer->data);
  return TRUE;
}

static gboolean
take_line (Viewer *viewer, const char *line, gsize length, GError **error)
{
  json_auto_t *message = wire_read (line, length);
  if (message && json_object_get (message, "n"))
    return take_event (viewer, line, length, error);
  if (message && json_object_get (message, "live")) {
    const char *live = json_string_value (json_object_get (message, "live"));
    viewer->said_bye = viewer->said_bye || g_strcmp0 (live, "bye") == 0;
    viewer->hooks.live (message, viewer->data);
    return TRUE;
  }
  g_set_error (error, VIEWER_ERROR, VIEWER_ERROR_CONNECT,
               "the runner sent a line that is neither an event nor a message");
  return FALSE;
}

static void
take_lines (Viewer *viewer)
{
  gsize length = 0;
  char *next = NULL;
  while (!viewer->over && (next = wire_reader_next (viewer->reader, &length))) {
    g_autofree char *line = next;
    g_autoptr (GError) error = NULL;
    if (!take_line (viewer, line, length, &error)) {
      g_autofree char *problem =
          g_strdup_printf ("what the runner sent cannot be followed: %s", error->message);
      end (viewer, problem);
    }
  }
}

/* ---- the rest of a run whose runner has left --------------------------------- */

/* A runner that came to the end may be gone before all it wrote was fetched. */
static gboolean
is_over_on_disk (const char *folder)
{
  g_autoptr (StoreRun) run = folder ? store_open (folder, NULL) : NULL;
  return run && run->state && run->state->phase != RUN_GOING;
}

static gboolean
take_from_disk (const Event *event, void *data, GError **error)
{
  Viewer *viewer = data;
  if (event->number <= viewer->state->number)
    return TRUE;
  if (!state_apply (viewer->state, event, error))
    return FALSE;
  viewer->hooks.event (event, viewer->data);
  return TRUE;
}

static void
say_bye (Viewer *viewer)
{
  const RunState *state = viewer->state;
  g_autofree char *text = g_strdup_printf (
      "the run is %s%s%s", run_phase_name (state->phase), state->stopped_why ? ": " : "",
      state->stopped_why ? state->stopped_why : "");
  json_auto_t *bye = json_pack ("{ss ss}", "live", "bye", "text", text);
  viewer->hooks.live (bye, viewer->data);
}

/* Tells what has not come yet, and the good-bye in the runner's place. FALSE if the
 * journal cannot be followed to an end. */
static gboolean
end_from_disk (Viewer *viewer)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  gsize length = 0, torn_at = 0;
  g_autofree char *bytes = NULL;
  if (viewer->over || viewer->said_bye || !is_over_on_disk (viewer->folder))
    return FALSE;
  g_autofree char *path = g_build_filename (viewer->folder, STORE_JOURNAL, NULL);
  if (!g_file_get_contents (path, &bytes, &length, NULL) ||
      !journal_read_all (bytes, length, &chain, take_from_disk, viewer, &torn_at, NULL) ||
      viewer->state->phase == RUN_GOING)
    return FALSE;
  say_bye (viewer);
  return TRUE;
}

static void
closed (Viewer *viewer)
{
  end_from_disk (viewer);
  end (viewer, NULL);
}

static gboolean
on_nobody (gpointer data)
{
  Viewer *viewer = data;
  viewer->incoming = 0;
  closed (viewer);
  viewer->hooks.settled (viewer->data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_incoming (int descriptor, GIOCondition condition, gpointer data)
{
  (void)condition;
  Viewer *viewer = data;
  char bytes[READ_BYTES];
  ssize_t got = read (descriptor, bytes, sizeof bytes);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (got <= 0)
    closed (viewer);
  else if (!wire_reader_feed (viewer->reader, bytes, (gsize)got))
    end (viewer, "what the runner sent cannot be followed: a line without an end");
  else
    take_lines (viewer);
  viewer->hooks.settled (viewer->data);
  if (!viewer->over)
    return G_SOURCE_CONTINUE;
  viewer->incoming = 0;
  return G_SOURCE_REMOVE;
}

/* ---- sending --------------------------------------------------------------- */

/* An error here is seen by the receiving side soon after. */
static void
write_unsent (Viewer *viewer)
{
  ssize_t put = send (viewer->descriptor, viewer->unsent->str, viewer->unsent->len,
                      MSG_NOSIGNAL | MSG_DONTWAIT);
  if (put > 0)
    g_string_erase (viewer->unsent, 0, put);
  else if (put < 0 && errno != EAGAIN && errno != EINTR)
    g_string_truncate (viewer->unsent, 0);
}

static gboolean
on_outgoing (int descriptor, GIOCondition condition, gpointer data)
{
  (void)descriptor;
  (void)condition;
  Viewer *viewer = data;
  write_unsent (viewer);
  if (viewer->unsent->len > 0)
    return G_SOURCE_CONTINUE;
  viewer->outgoing = 0;
  return G_SOURCE_REMOVE;
}

void
viewer_send (Viewer *viewer, json_t *message)
{
  g_autofree char *line = wire_line (message);
  if (viewer->over || viewer->descriptor < 0)
    return;
  g_string_append (viewer->unsent, line);
  if (viewer->outgoing)
    return;
  write_unsent (viewer);
  if (viewer->unsent->len > 0)
    viewer->outgoing =
        g_unix_fd_add (viewer->descriptor, G_IO_OUT | G_IO_ERR, on_outgoing, viewer);
}

/* ---- connecting ------------------------------------------------------------ */

/* The path of a socket's address holds 107 bytes; a folder's path may be longer. */
static int
connect_in (int folder)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_snprintf (address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder,
              STORE_SOCKET);
  int descriptor = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return -1;
  if (connect (descriptor, (struct sockaddr *)&address, sizeof address) == 0)
    return descriptor;
  int saved = errno;
  close (descriptor);
  errno = saved;
  return -1;
}

Viewer *
viewer_new (const char *folder, const ViewerHooks *hooks, void *data, GError **error)
{
  int directory = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int descriptor = directory < 0 ? -1 : connect_in (directory);
  int saved = errno;
  if (directory >= 0)
    close (directory);
  if (descriptor >= 0 || is_over_on_disk (folder)) {
    Viewer *viewer = viewer_new_on (descriptor, hooks, data);
    viewer->folder = g_strdup (folder);
    return viewer;
  }
  g_autofree char *name = g_path_get_basename (folder);
  g_set_error (error, VIEWER_ERROR, VIEWER_ERROR_CONNECT,
               "no runner answers for run %s (%s); if it is unfinished, handrail resume "
               "%s goes on",
               name, g_strerror (saved), name);
  return NULL;
}

Viewer *
viewer_new_on (int descriptor, const ViewerHooks *hooks, void *data)
{
  Viewer *viewer = g_new0 (Viewer, 1);
  viewer->descriptor = descriptor;
  viewer->reader = wire_reader_new (JOURNAL_LINE_BYTES_MAX);
  viewer->chain = (JournalChain)JOURNAL_CHAIN_INIT;
  viewer->state = state_new ();
  viewer->unsent = g_string_new (NULL);
  viewer->hooks = *hooks;
  viewer->data = data;
  if (descriptor < 0) {
    viewer->incoming = g_idle_add (on_nobody, viewer);
    return viewer;
  }
  g_unix_set_fd_nonblocking (descriptor, TRUE, NULL);
  viewer->incoming =
      g_unix_fd_add (descriptor, G_IO_IN | G_IO_HUP | G_IO_ERR, on_incoming, viewer);
  return viewer;
}

void
viewer_free (Viewer *viewer)
{
  if (!viewer)
    return;
  if (viewer->incoming)
    g_source_remove (viewer->incoming);
  if (viewer->outgoing)
    g_source_remove (viewer->outgoing);
  if (viewer->descriptor >= 0)
    close (viewer->descriptor);
  g_free (viewer->folder);
  wire_reader_free (viewer->reader);
  state_free (viewer->state);
  g_string_free (viewer->unsent, TRUE);
  g_free (viewer);
}

const RunState *
viewer_state (const Viewer *viewer)
{
  return viewer->state;
}
