#include "core/runner/server.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/run/wire.h"
#include "core/store/store.h"

#define HISTORY_BYTES (64 * 1024)
#define READ_BYTES 16384
#define LISTEN_BACKLOG 16
/* Lines of one viewer that are handled before the others get their turn. */
#define LINES_A_TURN 32

typedef struct {
  Server *server;
  guint number;
  gint64 uid;
  char *user;
  int descriptor;
  guint in_source, out_source, lines_source, looks_source;
  WireReader *reader;
  GQueue queue; /* GBytes *, whole lines */
  gsize sent;   /* of the first in the queue */
  gsize backlog;
  gint64 history_at; /* how much of the journal has been queued */
  gboolean caught_up;
  gboolean looks;      /* it asked for readings */
  gboolean looks_on;   /* looks() has fired: it has each new one */
  gboolean said_hello; /* came() has fired */
  gboolean gone;
} Viewer;

struct Server {
  int folder; /* borrowed */
  int listener;
  guint listen_source, sweep_source;
  gboolean shared;
  guint first_number, next_number;
  ino_t socket; /* ours, for as long as it listens */
  const ServerCalls *calls;
  void *data;
  int history;
  gint64 history_length;
  json_t *standing;
  GPtrArray *viewers; /* Viewer * */
};

static void viewer_send (Viewer *viewer);

/* ---- the end of a viewer -------------------------------------------------- */

static void
viewer_free (Viewer *viewer)
{
  g_clear_handle_id (&viewer->in_source, g_source_remove);
  g_clear_handle_id (&viewer->out_source, g_source_remove);
  g_clear_handle_id (&viewer->lines_source, g_source_remove);
  g_clear_handle_id (&viewer->looks_source, g_source_remove);
  if (viewer->descriptor >= 0)
    close (viewer->descriptor);
  wire_reader_free (viewer->reader);
  g_queue_clear_full (&viewer->queue, (GDestroyNotify)g_bytes_unref);
  g_free (viewer->user);
  g_free (viewer);
}

/* Frees those that are gone, from the loop, where nobody uses them. */
static gboolean
on_sweep (void *data)
{
  Server *server = data;
  server->sweep_source = 0;
  for (guint i = 0; i < server->viewers->len;) {
    Viewer *viewer = g_ptr_array_index (server->viewers, i);
    if (!viewer->gone) {
      i++;
      continue;
    }
    guint number = viewer->number;
    gboolean said_hello = viewer->said_hello;
    g_ptr_array_remove_index (server->viewers, i);
    viewer_free (viewer);
    if (said_hello)
      server->calls->left (number, server->data);
  }
  return G_SOURCE_REMOVE;
}

static void
viewer_drop (Viewer *viewer)
{
  Server *server = viewer->server;
  viewer->gone = TRUE;
  g_clear_handle_id (&viewer->in_source, g_source_remove);
  g_clear_handle_id (&viewer->out_source, g_source_remove);
  g_clear_handle_id (&viewer->lines_source, g_source_remove);
  g_clear_handle_id (&viewer->looks_source, g_source_remove);
  if (!server->sweep_source)
    server->sweep_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_sweep, server, NULL);
}

/* ---- sending -------------------------------------------------------------- */

static void
viewer_queue (Viewer *viewer, GBytes *bytes)
{
  if (viewer->gone)
    return;
  viewer->backlog += g_bytes_get_size (bytes);
  g_queue_push_tail (&viewer->queue, g_bytes_ref (bytes));
  if (viewer->backlog > WIRE_BACKLOG_BYTES_MAX)
    viewer_drop (viewer);
}

static void
viewer_queue_message (Viewer *viewer, json_t *message)
{
  char *line = wire_line (message);
  g_autoptr (GBytes) bytes = g_bytes_new_take (line, strlen (line));
  viewer_queue (viewer, bytes);
}

/* The next whole lines of the journal, at least one; NULL if it cannot be read. */
static GBytes *
read_history (const Server *server, gint64 at)
{
  gsize left = (gsize)(server->history_length - at);
  for (gsize size = HISTORY_BYTES;; size *= 4) {
    gsize wanted = MIN (size, left);
    g_autofree char *bytes = g_malloc (wanted);
    ssize_t got = pread (server->history, bytes, wanted, (off_t)at);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < (ssize_t)wanted)
      return NULL;
    const char *end = memrchr (bytes, '\n', wanted);
    if (end)
      return g_bytes_new (bytes, (gsize)(end + 1 - bytes));
    if (wanted == left)
      return NULL;
  }
}

static gboolean
on_looks (void *data)
{
  Viewer *viewer = data;
  viewer->looks_source = 0;
  viewer->looks_on = TRUE;
  viewer->server->calls->looks (viewer->number, viewer->server->data);
  return G_SOURCE_REMOVE;
}

/* What was seen so far comes right after the journal, whichever of the two, the end of it
 * or the wish, was there first. */
static void
viewer_look_on (Viewer *viewer)
{
  if (viewer->looks && viewer->caught_up && !viewer->looks_on && !viewer->looks_source &&
      !viewer->gone)
    viewer->looks_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_looks, viewer, NULL);
}

/* Queues more of the journal if all before it is sent. */
static void
viewer_refill (Viewer *viewer)
{
  const Server *server = viewer->server;
  if (viewer->caught_up || !viewer->said_hello || viewer->queue.length > 0)
    return;
  if (viewer->history_at < server->history_length) {
    g_autoptr (GBytes) bytes = read_history (server, viewer->history_at);
    if (!bytes) {
      viewer_drop (viewer);
      return;
    }
    viewer->history_at += (gint64)g_bytes_get_size (bytes);
    viewer_queue (viewer, bytes);
  }
  if (viewer->history_at >= server->history_length) {
    viewer->caught_up = TRUE;
    viewer_queue_message (viewer, json_pack ("{s:s}", "live", "caught-up"));
    if (server->standing)
      viewer_queue_message (viewer, json_incref (server->standing));
    viewer_look_on (viewer);
  }
}

static gboolean
on_writable (gint descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
             void *data)
{
  Viewer *viewer = data;
  viewer->out_source = 0;
  viewer_send (viewer);
  return G_SOURCE_REMOVE;
}

/* Sends the first of the queue. FALSE if the viewer takes no more now. */
static gboolean
send_first (Viewer *viewer)
{
  gsize length;
  GBytes *first = g_queue_peek_head (&viewer->queue);
  const char *bytes = g_bytes_get_data (first, &length);
  ssize_t sent = send (viewer->descriptor, bytes + viewer->sent, length - viewer->sent,
                       MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno == EINTR)
    return TRUE;
  if (sent < 0) {
    if (errno != EAGAIN)
      viewer_drop (viewer);
    return FALSE;
  }
  viewer->sent += (gsize)sent;
  viewer->backlog -= (gsize)sent;
  if (viewer->sent == length) {
    g_bytes_unref (g_queue_pop_head (&viewer->queue));
    viewer->sent = 0;
  }
  return TRUE;
}

static void
viewer_send (Viewer *viewer)
{
  gboolean takes_more = TRUE;
  gsize budget = HISTORY_BYTES * 4;
  viewer_refill (viewer);
  while (takes_more && !viewer->gone && viewer->queue.length > 0 && budget > 0) {
    gsize before = viewer->backlog;
    takes_more = send_first (viewer);
    budget -= MIN (budget, before - viewer->backlog);
    viewer_refill (viewer);
  }
  if (!viewer->gone && viewer->queue.length > 0 && !viewer->out_source)
    viewer->out_source =
        g_unix_fd_add (viewer->descriptor, G_IO_OUT | G_IO_ERR, on_writable, viewer);
}

/* ---- hearing -------------------------------------------------------------- */

static void
viewer_hear (Viewer *viewer, const json_t *message)
{
  Server *server = viewer->server;
  const char *say = json_string_value (json_object_get (message, "say"));
  if (g_strcmp0 (say, "detach") == 0)
    viewer_drop (viewer);
  else if (g_strcmp0 (say, "looks") == 0) {
    viewer->looks = TRUE;
    viewer_look_on (viewer);
  } else
    server->calls->said (viewer->number, viewer->uid, viewer->user, message,
                         server->data);
}

/* Says why the connection ends, as far as the socket takes it at once. */
static void
viewer_turn_away (Viewer *viewer, const char *why)
{
  viewer_queue_message (viewer, json_pack ("{s:s, s:s}", "live", "bye", "text", why));
  while (!viewer->gone && viewer->queue.length > 0 && send_first (viewer))
    ;
  viewer_drop (viewer);
}

static gboolean
on_lines (void *data)
{
  Viewer *viewer = data;
  for (guint i = 0; i < LINES_A_TURN && !viewer->gone; i++) {
    gsize length;
    g_autofree char *line = wire_reader_next (viewer->reader, &length);
    if (!line) {
      viewer->lines_source = 0;
      return G_SOURCE_REMOVE;
    }
    json_t *message = wire_read (line, length);
    if (message)
      viewer_hear (viewer, message);
    else
      viewer_turn_away (viewer, "a line that is no JSON object came; the line is closed");
    json_decref (message);
  }
  return viewer->gone ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static gboolean
on_readable (gint descriptor, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  Viewer *viewer = data;
  char buffer[READ_BYTES];
  /* What has been said is handled before more is read: a flood fills its own socket. */
  if (viewer->lines_source)
    return G_SOURCE_CONTINUE;
  ssize_t got = recv (descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  if (got <= 0) {
    viewer->in_source = 0;
    viewer_drop (viewer);
    return G_SOURCE_REMOVE;
  }
  if (!wire_reader_feed (viewer->reader, buffer, (gsize)got)) {
    viewer->in_source = 0;
    viewer_turn_away (viewer, "a line was too long; the line is closed");
    return G_SOURCE_REMOVE;
  }
  viewer->lines_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_lines, viewer, NULL);
  return G_SOURCE_CONTINUE;
}

/* ---- coming --------------------------------------------------------------- */

char *
server_user_name (uid_t uid)
{
  struct passwd entry, *found = NULL;
  char buffer[4096];
  if (getpwuid_r (uid, &entry, buffer, sizeof buffer, &found) == 0 && found)
    return g_utf8_make_valid (found->pw_name, -1);
  return g_strdup_printf ("%u", uid);
}

static gboolean
on_came (void *data)
{
  Viewer *viewer = data;
  Server *server = viewer->server;
  viewer->lines_source = 0;
  viewer->said_hello = TRUE;
  server->calls->came (viewer->number, viewer->uid, viewer->user, server->data);
  viewer->in_source = g_unix_fd_add (viewer->descriptor, G_IO_IN | G_IO_HUP | G_IO_ERR,
                                     on_readable, viewer);
  viewer_send (viewer);
  return G_SOURCE_REMOVE;
}

static gboolean
may_come (const Server *server, const struct ucred *peer)
{
  return server->shared || peer->uid == 0 || peer->uid == geteuid ();
}

static gboolean
on_connect (gint listener, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  Server *server = data;
  struct ucred peer;
  socklen_t length = sizeof peer;
  int descriptor = accept4 (listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor < 0)
    return G_SOURCE_CONTINUE;
  if (getsockopt (descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 ||
      !may_come (server, &peer) || server->viewers->len >= SERVER_VIEWERS_MAX) {
    close (descriptor);
    return G_SOURCE_CONTINUE;
  }
  Viewer *viewer = g_new0 (Viewer, 1);
  viewer->server = server;
  viewer->number = server->next_number++;
  viewer->uid = peer.uid;
  viewer->user = server_user_name (peer.uid);
  viewer->descriptor = descriptor;
  viewer->reader = wire_reader_new (WIRE_LINE_BYTES_MAX);
  g_queue_init (&viewer->queue);
  g_ptr_array_add (server->viewers, viewer);
  viewer->lines_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_came, viewer, NULL);
  return G_SOURCE_CONTINUE;
}

/* ---- the server ----------------------------------------------------------- */

/* Through /proc: an address has room for 107 bytes, the folder's path may be longer. */
static int
listen_in (int folder, guint mode, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_snprintf (address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder,
              STORE_SOCKET);
  unlinkat (folder, STORE_SOCKET, 0);
  int descriptor = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor >= 0 &&
      bind (descriptor, (const struct sockaddr *)&address, sizeof address) == 0 &&
      fchmodat (folder, STORE_SOCKET, mode, 0) == 0 &&
      listen (descriptor, LISTEN_BACKLOG) == 0)
    return descriptor;
  g_set_error (
      error, G_FILE_ERROR, (int)g_file_error_from_errno (errno),
      "the run's socket cannot be made (%s); its folder must be on a file system "
      "that has sockets",
      g_strerror (errno));
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

/* Which socket the folder has, 0: none. A socket's number is not given to another one
 * while it listens. */
static ino_t
socket_in (int folder)
{
  struct stat status;
  return fstatat (folder, STORE_SOCKET, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino
                                                                           : 0;
}

Server *
server_new (int folder, gboolean shared, guint first_viewer, const ServerCalls *calls,
            void *data, GError **error)
{
  int listener = listen_in (folder, shared ? 0660 : 0600, error);
  if (listener < 0)
    return NULL;
  Server *server = g_new0 (Server, 1);
  server->folder = folder;
  server->listener = listener;
  server->shared = shared;
  server->first_number = server->next_number = first_viewer;
  server->socket = socket_in (folder);
  server->calls = calls;
  server->data = data;
  server->history = -1;
  server->viewers = g_ptr_array_new ();
  server->listen_source = g_unix_fd_add (listener, G_IO_IN, on_connect, server);
  return server;
}

void
server_close_door (Server *server)
{
  if (server->listener < 0)
    return;
  g_clear_handle_id (&server->listen_source, g_source_remove);
  /* Once the locks are given back, the next runner of the run may have its own there. */
  if (socket_in (server->folder) == server->socket)
    unlinkat (server->folder, STORE_SOCKET, 0);
  close (server->listener);
  server->listener = -1;
}

void
server_free (Server *server)
{
  if (!server)
    return;
  g_clear_handle_id (&server->sweep_source, g_source_remove);
  server_close_door (server);
  for (guint i = 0; i < server->viewers->len; i++)
    viewer_free (g_ptr_array_index (server->viewers, i));
  g_ptr_array_unref (server->viewers);
  json_decref (server->standing);
  g_free (server);
}

void
server_set_history (Server *server, int descriptor, gint64 length)
{
  server->history = descriptor;
  server->history_length = length;
}

void
server_publish (Server *server, const char *line)
{
  gsize length = strlen (line);
  g_autoptr (GBytes) bytes = g_bytes_new (line, length);
  server->history_length += (gint64)length;
  for (guint i = 0; i < server->viewers->len; i++) {
    Viewer *viewer = g_ptr_array_index (server->viewers, i);
    if (!viewer->caught_up || viewer->gone)
      continue;
    viewer_queue (viewer, bytes);
    viewer_send (viewer);
  }
}

static gboolean
is_among (const Viewer *viewer, ServerAudience audience)
{
  return viewer->caught_up && !viewer->gone &&
         (viewer->looks_on || audience == SERVER_QUICK) &&
         (viewer->backlog <= WIRE_BACKLOG_PASSING_BYTES_MAX ||
          audience == SERVER_LOOKERS);
}

void
server_pass (Server *server, json_t *message, ServerAudience audience)
{
  g_autofree char *line = wire_line (message);
  g_autoptr (GBytes) bytes = g_bytes_new (line, strlen (line));
  for (guint i = 0; i < server->viewers->len; i++) {
    Viewer *viewer = g_ptr_array_index (server->viewers, i);
    if (!is_among (viewer, audience))
      continue;
    viewer_queue (viewer, bytes);
    viewer_send (viewer);
  }
}

void
server_set_standing (Server *server, json_t *message)
{
  json_decref (server->standing);
  server->standing = message;
}

void
server_tell (Server *server, guint number, json_t *message)
{
  for (guint i = 0; i < server->viewers->len; i++) {
    Viewer *viewer = g_ptr_array_index (server->viewers, i);
    if (viewer->number != number || viewer->gone)
      continue;
    viewer_queue_message (viewer, message);
    /* While it comes, all that it is told goes before the journal. */
    if (viewer->in_source)
      viewer_send (viewer);
    return;
  }
  json_decref (message);
}

gboolean
server_has_lookers (const Server *server)
{
  for (guint i = 0; i < server->viewers->len; i++) {
    const Viewer *viewer = g_ptr_array_index (server->viewers, i);
    if (viewer->looks_on && !viewer->gone)
      return TRUE;
  }
  return FALSE;
}

guint
server_viewers (const Server *server)
{
  guint count = 0;
  for (guint i = 0; i < server->viewers->len; i++)
    count += ((const Viewer *)g_ptr_array_index (server->viewers, i))->gone ? 0 : 1;
  return count;
}

gboolean
server_had_viewers (const Server *server)
{
  return server->next_number != server->first_number;
}

gboolean
server_is_busy (const Server *server)
{
  for (guint i = 0; i < server->viewers->len; i++) {
    const Viewer *viewer = g_ptr_array_index (server->viewers, i);
    if (!viewer->gone && (viewer->queue.length > 0 || !viewer->caught_up))
      return TRUE;
  }
  return FALSE;
}
