/* Preloaded into the runner by test-killed.py: ends it with SIGKILL at an exact line of
 * its journal, which no one who watches from outside could hit.
 *
 *   HANDRAIL_KILL=torn:N    with half of line N written
 *   HANDRAIL_KILL=after:N   when line N is written and synced, before anything follows
 * Lines are those that this process writes, from 1. Several may come in one write: then
 * those before line N are written, as a crash in the middle of it would leave them. */
#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static long lines;

static int
is_journal (int descriptor)
{
  char link[64], path[PATH_MAX];
  snprintf (link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink (link, path, sizeof path - 1);
  static const char name[] = "/journal.jsonl";
  if (length < (ssize_t)strlen (name))
    return 0;
  path[length] = '\0';
  return strcmp (path + length - strlen (name), name) == 0;
}

/* The line at which to die in that way, or -1. */
static long
wanted (const char *way)
{
  const char *kill_at = getenv ("HANDRAIL_KILL");
  size_t length = strlen (way);
  if (!kill_at || strncmp (kill_at, way, length) != 0 || kill_at[length] != ':')
    return -1;
  return strtol (kill_at + length + 1, NULL, 10);
}

static void
die (void)
{
  kill (getpid (), SIGKILL);
  for (;;)
    pause ();
}

/* Where line `number` of this process ends in `bytes`, of which the first is number
 * lines + 1; 0 if it is not there. *start: where it begins. */
static size_t
find_line (const char *bytes, size_t length, long number, size_t *start)
{
  long line = lines;
  *start = 0;
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] != '\n')
      continue;
    if (++line == number)
      return i + 1;
    *start = i + 1;
  }
  return 0;
}

ssize_t
write (int descriptor, const void *bytes, size_t length)
{
  ssize_t (*real) (int, const void *, size_t) = dlsym (RTLD_NEXT, "write");
  if (!is_journal (descriptor))
    return real (descriptor, bytes, length);
  size_t start, end = find_line (bytes, length, wanted ("torn"), &start);
  if (end) {
    real (descriptor, bytes, start + (end - start) / 2);
    die ();
  }
  end = find_line (bytes, length, wanted ("after"), &start);
  if (end && end < length) {
    real (descriptor, bytes, end);
    die ();
  }
  for (size_t i = 0; i < length; i++)
    lines += ((const char *)bytes)[i] == '\n';
  return real (descriptor, bytes, length);
}

ssize_t
writev (int descriptor, const struct iovec *parts, int count)
{
  ssize_t (*real) (int, const struct iovec *, int) = dlsym (RTLD_NEXT, "writev");
  if (!is_journal (descriptor))
    return real (descriptor, parts, count);
  ssize_t all = 0;
  for (int i = 0; i < count; i++)
    all += write (descriptor, parts[i].iov_base, parts[i].iov_len);
  return all;
}

static int
sync_with (const char *name, int descriptor)
{
  int (*real) (int) = dlsym (RTLD_NEXT, name);
  int result = real (descriptor);
  if (is_journal (descriptor) && wanted ("after") > 0 && lines >= wanted ("after"))
    die ();
  return result;
}

int
fsync (int descriptor)
{
  return sync_with ("fsync", descriptor);
}

int
fdatasync (int descriptor)
{
  return sync_with ("fdatasync", descriptor);
}
