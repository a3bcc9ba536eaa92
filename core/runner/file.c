#include "core/runner/file.h"

#include <errno.h>
#include <unistd.h>

gboolean
file_write_all (int descriptor, const char *bytes, gsize length)
{
  while (length > 0) {
    ssize_t written = write (descriptor, bytes, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return FALSE;
    bytes += written;
    length -= (gsize)written;
  }
  return TRUE;
}
