#include "core/runner/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A program that lists runs holds each lock for an instant to see whether it can, and
 * a process that was killed holds its locks until the kernel has taken it apart: half a
 * second, of which a free lock costs nothing. */
#define TRIES 100
#define BETWEEN_TRIES_US 5000
#define HOLDER_BYTES_MAX 4096

G_DEFINE_QUARK (handrail_lock_error, lock_error)

static json_t *
read_holder (int descriptor)
{
  char text[HOLDER_BYTES_MAX];
  ssize_t got = pread (descriptor, text, sizeof text, 0);
  return got > 0 ? json_loadb (text, (gsize)got, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
}

static gboolean
try_lock (int descriptor)
{
  for (guint i = 0; i < TRIES; i++) {
    if (flock (descriptor, LOCK_EX | LOCK_NB) == 0)
      return TRUE;
    if (errno != EWOULDBLOCK && errno != EINTR)
      return FALSE;
    g_usleep (BETWEEN_TRIES_US);
  }
  errno = EWOULDBLOCK;
  return FALSE;
}

int
lock_take (const char *path, guint mode, json_t **holder, GError **error)
{
  int descriptor = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
  if (descriptor >= 0 && try_lock (descriptor)) {
    /* Where it is a colleague's file this fails, and the mode is right already. */
    fchmod (descriptor, mode);
    return descriptor;
  }
  if (descriptor >= 0 && errno == EWOULDBLOCK) {
    if (holder)
      *holder = read_holder (descriptor);
    g_set_error (error, LOCK_ERROR, LOCK_ERROR_HELD, "%s is held by another process",
                 path);
  } else {
    g_set_error (error, LOCK_ERROR, LOCK_ERROR_FILE,
                 "the lock %s cannot be taken (%s); correct its owner or its permissions",
                 path, g_strerror (errno));
  }
  if (descriptor >= 0)
    close (descriptor);
  return -1;
}

gboolean
lock_sign (int descriptor, const json_t *holder, GError **error)
{
  g_autofree char *text = json_dumps (holder, JSON_COMPACT);
  gsize length = strlen (text);
  if (ftruncate (descriptor, 0) == 0 &&
      pwrite (descriptor, text, length, 0) == (ssize_t)length)
    return TRUE;
  g_set_error (error, LOCK_ERROR, LOCK_ERROR_FILE,
               "the lock cannot be written (%s); free space on the disk",
               g_strerror (errno));
  return FALSE;
}
