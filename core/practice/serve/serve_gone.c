/* serve_gone.c: without its folder nobody finds this world again, so that it has no reason to go
 * on. Folders go at a logout, by cleaners of temporary files, and by hand. */
#include "core/practice/serve/serve_inside.h"

#include <errno.h>
#include <sys/stat.h>

gboolean
serve_folder_is_gone (const Serve *serve)
{
  struct stat status;
  if (lstat (serve->order->folder, &status) != 0)
    return errno == ENOENT; /* what cannot be seen for a while may still be there */
  return status.st_dev != serve->device || status.st_ino != serve->inode;
}

void
serve_know_folder (Serve *serve)
{
  struct stat status;
  if (lstat (serve->order->folder, &status) != 0)
    return;
  serve->device = status.st_dev;
  serve->inode = status.st_ino;
}
