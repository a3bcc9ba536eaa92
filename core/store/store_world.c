#include "core/store/store_world.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CONTROL "control"

/* How long an answer is waited for: it has little to do, but the machine may have much. */
#define ANSWER_US (10 * G_TIME_SPAN_SECOND)

/* All that is answered here is a line of facts. */
#define ANSWER_BYTES_MAX 65536

/* ---- who is there ------------------------------------------------------------------ */

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
store_world_connect (const char *folder, pid_t *pid)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = g_build_filename (folder, CONTROL, NULL);
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

/* ---- what it says ------------------------------------------------------------------ */

static gboolean
say (int line, json_t *message)
{
  char *text = json_dumps (message, JSON_COMPACT);
  g_autofree char *whole = g_strconcat (text, "\n", NULL);
  free (text);
  return send (line, whole, strlen (whole), MSG_NOSIGNAL) == (ssize_t)strlen (whole);
}

/* Until the other end closes it, or has had its time. */
static GString *
hear (int line)
{
  char bytes[4096];
  GString *all = g_string_new (NULL);
  gint64 until_us = g_get_monotonic_time () + ANSWER_US;
  gint64 left_us;
  while ((left_us = until_us - g_get_monotonic_time ()) > 0) {
    struct pollfd waits = { .fd = line, .events = POLLIN };
    if (poll (&waits, 1, (int)(left_us / G_TIME_SPAN_MILLISECOND) + 1) <= 0)
      continue;
    ssize_t got = read (line, bytes, sizeof bytes);
    if (got == 0 || (got < 0 && errno != EINTR))
      break;
    if (got > 0 && all->len < ANSWER_BYTES_MAX)
      g_string_append_len (all, bytes, got);
  }
  return all;
}

json_t *
store_world_ask (int line, json_t *message)
{
  g_autoptr (GString) answer = line >= 0 && say (line, message) ? hear (line) : NULL;
  json_decref (message);
  if (line >= 0)
    close (line);
  return answer ? json_loadb (answer->str, strcspn (answer->str, "\n"),
                              JSON_REJECT_DUPLICATES, NULL)
                : NULL;
}
