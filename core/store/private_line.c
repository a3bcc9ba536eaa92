#include "core/store/private_line.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/store/store.h"

static gboolean
is_ours (int line, pid_t *pid)
{
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt (line, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 ||
      peer.uid != geteuid ())
    return FALSE;
  if (pid)
    *pid = peer.pid;
  return TRUE;
}

static gboolean
is_socket_of_ours (const char *path)
{
  struct stat status;
  return lstat (path, &status) == 0 && S_ISSOCK (status.st_mode) &&
         status.st_uid == geteuid ();
}

int
private_line_open (const char *folder, const char *name, pid_t *pid)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = g_build_filename (folder, name, NULL);
  if (!store_is_private (folder) || strlen (path) >= sizeof address.sun_path ||
      !is_socket_of_ours (path))
    return -1;
  strcpy (address.sun_path, path);
  int line = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (line >= 0 &&
      connect (line, (const struct sockaddr *)&address, sizeof address) == 0 &&
      is_ours (line, pid))
    return line;
  if (line >= 0)
    close (line);
  return -1;
}

/* FALSE: it is closed, or late, or says too much. */
static gboolean
hear (int line, GString *heard, gint64 until_us)
{
  char bytes[4096];
  gint64 left_us = until_us - g_get_monotonic_time ();
  struct pollfd waits = { .fd = line, .events = POLLIN };
  if (left_us <= 0 || heard->len > PRIVATE_LINE_BYTES_MAX)
    return FALSE;
  if (poll (&waits, 1, (int)(left_us / G_TIME_SPAN_MILLISECOND) + 1) <= 0)
    return TRUE; /* interrupted, or late: the next time says */
  ssize_t got = read (line, bytes, sizeof bytes);
  if (got > 0)
    g_string_append_len (heard, bytes, got);
  return got > 0 || (got < 0 && errno == EINTR);
}

char *
private_line_ask (int line, const char *request, int limit_ms)
{
  g_autofree char *said = g_strconcat (request, "\n", NULL);
  g_autoptr (GString) heard = g_string_new (NULL);
  gint64 until_us = g_get_monotonic_time () + limit_ms * G_TIME_SPAN_MILLISECOND;
  if (send (line, said, strlen (said), MSG_NOSIGNAL) != (ssize_t)strlen (said))
    return NULL;
  while (hear (line, heard, until_us))
    continue;
  const char *end = memchr (heard->str, '\n', heard->len);
  return end ? g_strndup (heard->str, (gsize)(end - heard->str)) : NULL;
}
