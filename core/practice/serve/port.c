#include "core/practice/serve/port.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define READ_BYTES 16384

/* Of those who wait to be let in: on a Unix socket, one more is told to try again. */
#define BACKLOG 128

struct PortLine {
  Port *port;
  int descriptor;
  guint in_source, out_source;
  void *what;
  GString *out;
  gsize sent;      /* of `out` */
  gboolean ending; /* when all is sent */
  gboolean gone;
};

struct Port {
  const PortCalls *calls;
  void *owner;
  char *path;   /* of a Unix socket, or NULL */
  int reserved; /* holds the number of a TCP port, or -1 */
  guint16 number;
  int listener; /* -1: closed */
  guint listen_source, sweep_source;
  GPtrArray *lines; /* PortLine * */
};

static void line_write (PortLine *line);

/* ---- the end of a line --------------------------------------------------------------- */

static void
line_stop (PortLine *line)
{
  g_clear_handle_id (&line->in_source, g_source_remove);
  g_clear_handle_id (&line->out_source, g_source_remove);
}

static void
line_free (PortLine *line)
{
  line_stop (line);
  close (line->descriptor);
  line->port->calls->close (line->what);
  g_string_free (line->out, TRUE);
  g_free (line);
}

/* Frees those that are gone, from the loop, where nobody uses them. */
static gboolean
on_sweep (void *data)
{
  Port *port = data;
  port->sweep_source = 0;
  for (guint i = port->lines->len; i > 0; i--) {
    PortLine *line = port->lines->pdata[i - 1];
    if (line->gone) {
      g_ptr_array_remove_index_fast (port->lines, i - 1);
      line_free (line);
    }
  }
  return G_SOURCE_REMOVE;
}

/* The other end sees it at once, whoever still uses the line here. */
static void
line_drop (PortLine *line)
{
  Port *port = line->port;
  if (line->gone)
    return;
  line->gone = TRUE;
  line_stop (line);
  shutdown (line->descriptor, SHUT_RDWR);
  if (!port->sweep_source)
    port->sweep_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_sweep, port, NULL);
}

/* ---- reading and writing ----------------------------------------------------------------- */

static gboolean
on_readable (gint descriptor, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  PortLine *line = data;
  const PortCalls *calls = line->port->calls;
  char buffer[READ_BYTES];
  ssize_t got = recv (descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  if (got <= 0) {
    line->in_source = 0;
    line_drop (line);
    return G_SOURCE_REMOVE;
  }
  calls->before (line->port->owner);
  if (line->gone) /* its source with it */
    return G_SOURCE_REMOVE;
  if (!calls->take (line->what, buffer, (gsize)got, line->out))
    line->ending = TRUE;
  /* What it has said is answered before more is read; writing looks again. */
  line->in_source = 0;
  line_write (line);
  return G_SOURCE_REMOVE;
}

static gboolean
on_writable (gint descriptor G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED,
             void *data)
{
  PortLine *line = data;
  line->out_source = 0;
  line_write (line);
  return G_SOURCE_REMOVE;
}

/* Sends what the line takes now. FALSE: it takes no more. */
static gboolean
send_some (PortLine *line)
{
  ssize_t sent = send (line->descriptor, line->out->str + line->sent,
                       line->out->len - line->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno == EINTR)
    return TRUE;
  if (sent < 0 && errno != EAGAIN)
    line_drop (line);
  if (sent <= 0)
    return FALSE;
  line->sent += (gsize)sent;
  return TRUE;
}

static void
line_write (PortLine *line)
{
  while (!line->gone && line->sent < line->out->len && send_some (line))
    ;
  if (line->gone)
    return;
  if (line->out->len - line->sent > PORT_WAITING_BYTES_MAX) {
    line_drop (line);
    return;
  }
  if (line->sent < line->out->len) {
    if (!line->out_source)
      line->out_source = g_unix_fd_add (line->descriptor, G_IO_OUT | G_IO_ERR | G_IO_HUP,
                                        on_writable, line);
    return;
  }
  g_string_truncate (line->out, 0);
  line->sent = 0;
  if (line->ending)
    line_drop (line);
  else if (!line->in_source)
    line->in_source = g_unix_fd_add (line->descriptor, G_IO_IN | G_IO_ERR | G_IO_HUP,
                                     on_readable, line);
}

void
port_line_send (PortLine *line, const char *text, gsize length)
{
  g_string_append_len (line->out, text, (gssize)length);
  line_write (line);
}

void
port_line_end (PortLine *line)
{
  line->ending = TRUE;
  line_write (line);
}

/* ---- coming --------------------------------------------------------------------------------- */

/* Whoever is not of this user has no business here; who is on a TCP port is not asked. */
static gboolean
may_come (const Port *port, int descriptor)
{
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (port->lines->len >= PORT_LINES_MAX)
    return FALSE;
  if (!port->path)
    return TRUE;
  return getsockopt (descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
         (peer.uid == geteuid () || peer.uid == 0);
}

static gboolean
on_connect (gint listener, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  Port *port = data;
  port->calls->before (port->owner);
  if (port->listener != listener) /* closed meanwhile, and its source with it */
    return G_SOURCE_REMOVE;
  int descriptor = accept4 (listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor < 0)
    return G_SOURCE_CONTINUE;
  if (!may_come (port, descriptor)) {
    close (descriptor);
    return G_SOURCE_CONTINUE;
  }
  PortLine *line = g_new0 (PortLine, 1);
  line->port = port;
  line->descriptor = descriptor;
  line->out = g_string_new (NULL);
  line->what = port->calls->open (port->owner, line);
  g_ptr_array_add (port->lines, line);
  line_write (line);
  return G_SOURCE_CONTINUE;
}

/* ---- the port ------------------------------------------------------------------------------- */

Port *
port_new (const PortCalls *calls, void *owner)
{
  Port *port = g_new0 (Port, 1);
  port->calls = calls;
  port->owner = owner;
  port->listener = port->reserved = -1;
  port->lines = g_ptr_array_new ();
  return port;
}

static void
stop_listening (Port *port)
{
  g_clear_handle_id (&port->listen_source, g_source_remove);
  if (port->listener >= 0)
    close (port->listener);
  if (port->listener >= 0 && port->path)
    g_unlink (port->path);
  port->listener = -1;
}

void
port_free (Port *port)
{
  if (!port)
    return;
  stop_listening (port);
  g_clear_handle_id (&port->sweep_source, g_source_remove);
  for (guint i = 0; i < port->lines->len; i++)
    line_free (port->lines->pdata[i]);
  g_ptr_array_unref (port->lines);
  if (port->reserved >= 0)
    close (port->reserved);
  g_free (port->path);
  g_free (port);
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (errno),
               "%s cannot be listened on (%s); look whether this host's limits allow it",
               what, g_strerror (errno));
  return FALSE;
}

gboolean
port_set_path (Port *port, const char *path, GError **error)
{
  struct sockaddr_un address;
  if (strlen (path) < sizeof address.sun_path) {
    port->path = g_strdup (path);
    return TRUE;
  }
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG,
               "the path %s is too long for a socket; give a folder with a shorter one",
               path);
  return FALSE;
}

/* A socket on the loopback address; `number` 0: of the kernel's choice. -1 with errno. */
static int
bind_loopback (guint16 number)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (number),
                                 .sin_addr = { .s_addr = htonl (INADDR_LOOPBACK) } };
  int yes = 1;
  int descriptor = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor >= 0 &&
      setsockopt (descriptor, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) == 0 &&
      bind (descriptor, (const struct sockaddr *)&address, sizeof address) == 0)
    return descriptor;
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

gboolean
port_set_loopback (Port *port, guint16 *number, GError **error)
{
  struct sockaddr_in address = { 0 };
  socklen_t length = sizeof address;
  port->reserved = bind_loopback (0);
  if (port->reserved < 0 ||
      getsockname (port->reserved, (struct sockaddr *)&address, &length) != 0)
    return fail (error, "the loopback address");
  *number = port->number = ntohs (address.sin_port);
  return TRUE;
}

static int
bind_path (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int descriptor = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_unlink (path);
  if (descriptor >= 0 &&
      bind (descriptor, (const struct sockaddr *)&address, sizeof address) == 0 &&
      chmod (path, 0600) == 0)
    return descriptor;
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

static gboolean
listen_again (Port *port, GError **error)
{
  int descriptor = port->path ? bind_path (port->path) : bind_loopback (port->number);
  if (descriptor < 0 || listen (descriptor, BACKLOG) != 0) {
    fail (error, port->path ? port->path : "the loopback address");
    if (descriptor >= 0)
      close (descriptor);
    return FALSE;
  }
  port->listener = descriptor;
  port->listen_source = g_unix_fd_add (descriptor, G_IO_IN, on_connect, port);
  return TRUE;
}

gboolean
port_set_open (Port *port, gboolean open, GError **error)
{
  if (open == (port->listener >= 0))
    return TRUE;
  if (open)
    return listen_again (port, error);
  stop_listening (port);
  for (guint i = 0; i < port->lines->len; i++)
    line_drop (port->lines->pdata[i]);
  return TRUE;
}
