#include "core/runner/samples.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/run/event.h"
#include "core/runner/file.h"
#include "core/store/store.h"

/* Looked through at a time for the end of the last whole line. */
#define PIECE_BYTES 4096

/* `aside`: what the file is called when it is full. Newly allocated. */
static char *
file_name (const char *section, gboolean aside)
{
  g_autofree char *stem = g_strndup (STORE_SAMPLES, strcspn (STORE_SAMPLES, "."));
  gboolean usual = strcmp (section, "redis") == 0;
  return g_strconcat (stem, usual ? "" : "-", usual ? "" : section, aside ? "-1" : "",
                      &STORE_SAMPLES[strlen (stem)], NULL);
}

/* Where the last whole line ends: a runner that was killed, or a full disk, may have left
 * a part of one. -1 with errno set if it cannot be read. */
static off_t
whole_lines (int file, off_t size)
{
  char piece[PIECE_BYTES];
  while (size > 0) {
    gsize length = (gsize)MIN (size, PIECE_BYTES);
    ssize_t got = pread (file, piece, length, size - (off_t)length);
    if (got != (ssize_t)length) {
      errno = got < 0 ? errno : EIO;
      return -1;
    }
    const char *feed = memrchr (piece, '\n', length);
    if (feed)
      return size - (off_t)length + (feed + 1 - piece);
    size -= (off_t)length;
  }
  return 0;
}

/* Writes all of the line at the end of the whole ones, or nothing. */
static gboolean
append_line (int file, off_t size, const char *line)
{
  off_t whole = whole_lines (file, size);
  if (whole < 0 || (whole < size && ftruncate (file, whole) != 0))
    return FALSE;
  if (file_write_all (file, line, strlen (line)))
    return TRUE;
  int failure = errno;
  if (ftruncate (file, whole) == 0)
    errno = failure; /* else the next one cuts it off */
  return FALSE;
}

static int
open_samples (int folder, const char *name, guint kept_mode)
{
  return openat (folder, name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                 kept_mode);
}

/* Opens the file that has room for `length` bytes more. -1 with errno set. */
static int
open_with_room (int folder, const char *section, guint kept_mode, gsize length,
                off_t *size)
{
  struct stat status = { 0 };
  g_autofree char *name = file_name (section, FALSE);
  int file = open_samples (folder, name, kept_mode);
  if (file >= 0 && fstat (file, &status) != 0) {
    close (file);
    return -1;
  }
  if (file < 0)
    return -1;
  if (status.st_size > 0 && status.st_size + (off_t)length > SAMPLES_BYTES_MAX) {
    g_autofree char *aside = file_name (section, TRUE);
    close (file);
    if (renameat (folder, name, folder, aside) != 0)
      return -1;
    file = open_samples (folder, name, kept_mode);
    status.st_size = 0;
  }
  if (file >= 0 && status.st_size == 0)
    fchmod (file, kept_mode); /* the umask takes the group's bits */
  *size = status.st_size;
  return file;
}

gboolean
samples_add (int folder, guint kept_mode, const Mask *mask, const Reading *reading,
             GError **error)
{
  const char *section = reading_queues_section (reading);
  if (!section || !reading->body)
    return TRUE;
  json_auto_t *masked = event_mask_json (reading->body, mask);
  double seen_s = (double)reading->ended.wall_us / G_USEC_PER_SEC;
  json_object_set_new (masked, "seen", json_real (seen_s));
  char *text = json_dumps (masked, JSON_COMPACT);
  g_autofree char *line = g_strconcat (text ? text : "{}", "\n", NULL);
  free (text);
  off_t size = 0;
  int file = open_with_room (folder, section, kept_mode, strlen (line), &size);
  gboolean good = file >= 0 && append_line (file, size, line);
  int failure = errno;
  if (file >= 0)
    close (file);
  if (!good)
    g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (failure),
                 "the samples of the queues cannot be kept (%s); free space on the disk "
                 "or correct the permissions of the run's folder",
                 g_strerror (failure));
  return good;
}
