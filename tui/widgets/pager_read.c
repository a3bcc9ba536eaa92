/* Where a pager (pager.h) has its bytes from. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tui/widgets/pager.h"

gsize
pager_read_descriptor (void *descriptor, guint64 offset, char *bytes, gsize size)
{
  ssize_t got;
  do
    got = pread (GPOINTER_TO_INT (descriptor), bytes, size, (off_t)offset);
  while (got < 0 && errno == EINTR);
  return got > 0 ? (gsize)got : 0;
}

gsize
pager_read_bytes (void *gbytes, guint64 offset, char *bytes, gsize size)
{
  gsize length = 0;
  const char *all = g_bytes_get_data (gbytes, &length);
  gsize got = offset < length ? MIN (size, length - offset) : 0;
  if (got > 0)
    memcpy (bytes, all + offset, got);
  return got;
}
