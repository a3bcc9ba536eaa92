#include "core/runner/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/runner/file.h"
#include "core/store/store.h"

#define FOLLOW_MS 100
/* A line that has not ended is held back up to this length. */
#define LINE_BYTES_MAX 4096
/* Masked in one go: long enough to be quick, short enough that an answer waits little. */
#define PIECE_BYTES (128 * 1024)

struct Output {
  char *step;
  char *name;
  int folder, file;
  guint kept_mode;
  const Mask *mask;
  gint64 seen; /* how much of the file has been shown */
  guint follow_source, keep_source;
  OutputLines lines;
  OutputKept kept;
  void *data;
  /* Masking: a copy is made; if nothing was masked it is thrown away. */
  int copy;
  gint64 copied;
  gboolean changed;
};

static void
set_error (GError **error, const char *what, const char *name)
{
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (errno),
               "%s %s (%s); free space on the disk or correct the folder's permissions",
               what, name, g_strerror (errno));
}

/* A colleague's runner may have left a file that is not ours to write: then another. */
static int
open_file (int folder, const char *step, char **name)
{
  for (guint i = 1; i < 100; i++) {
    g_autofree char *number = i == 1 ? g_strdup ("") : g_strdup_printf ("-%u", i);
    g_autofree char *tried = g_strdup_printf (STORE_OUTPUT "/%s%s.log", step, number);
    int file = openat (folder, tried,
                       O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file >= 0)
      *name = g_steal_pointer (&tried);
    if (file >= 0 || (errno != EACCES && errno != EPERM))
      return file;
  }
  return -1;
}

Output *
output_open (int folder, const char *step, guint kept_mode, const Mask *mask,
             GError **error)
{
  char *name = NULL;
  guint mode = kept_mode & S_IWGRP ? 02770 : 0750;
  gboolean made = mkdirat (folder, STORE_OUTPUT, mode) == 0;
  if (made ? fchmodat (folder, STORE_OUTPUT, mode, 0) != 0 : errno != EEXIST) {
    set_error (error, "cannot make the folder", STORE_OUTPUT);
    return NULL;
  }
  int file = open_file (folder, step, &name);
  if (file < 0) {
    set_error (error, "cannot open the output file of", step);
    return NULL;
  }
  Output *output = g_new0 (Output, 1);
  output->step = g_strdup (step);
  output->name = name;
  output->folder = folder;
  output->file = file;
  output->kept_mode = kept_mode;
  output->mask = mask;
  output->copy = -1;
  return output;
}

static char *
copy_name (const Output *output)
{
  return g_strconcat (output->name, ".new", NULL);
}

static void
drop_copy (Output *output)
{
  g_autofree char *name = copy_name (output);
  if (output->copy < 0)
    return;
  close (output->copy);
  output->copy = -1;
  unlinkat (output->folder, name, 0);
}

void
output_free (Output *output)
{
  if (!output)
    return;
  g_clear_handle_id (&output->follow_source, g_source_remove);
  g_clear_handle_id (&output->keep_source, g_source_remove);
  drop_copy (output);
  close (output->file);
  g_free (output->step);
  g_free (output->name);
  g_free (output);
}

int
output_descriptor (const Output *output)
{
  return output->file;
}

const char *
output_name (const Output *output)
{
  return output->name;
}

static gint64
file_size (int file)
{
  struct stat status;
  return fstat (file, &status) == 0 ? status.st_size : 0;
}

gboolean
output_write_command (Output *output, const char *const *argv, GError **error)
{
  g_autofree char *command = text_command (argv);
  g_autofree char *masked = mask_apply (output->mask, command, -1);
  g_autofree char *line = g_strdup_printf ("$ %s\n", masked);
  gsize length = strlen (line);
  if (file_write_all (output->file, line, length))
    return TRUE;
  set_error (error, "cannot write to", output->name);
  return FALSE;
}

/* ---- following ------------------------------------------------------------ */

/* How much of `bytes` are whole lines; all of it if `last` or too long to hold back. */
static gsize
whole_lines (const char *bytes, gsize length, gboolean last)
{
  const char *end = memrchr (bytes, '\n', length);
  gsize whole = end ? (gsize)(end + 1 - bytes) : 0;
  return last || length - whole > LINE_BYTES_MAX ? length : whole;
}

/* NUL bytes would end a C string: they become spaces. */
static void
replace_nul (char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = bytes[i] == '\0' ? ' ' : bytes[i];
}

static void
show (Output *output, const char *bytes, gsize length, gint64 left_out)
{
  g_autofree char *masked = mask_apply (output->mask, bytes, (gssize)length);
  g_autofree char *printable = text_printable_lines (masked, -1);
  gsize end = strlen (printable);
  if (end > 0 && printable[end - 1] == '\n')
    printable[end - 1] = '\0';
  if (left_out == 0) {
    output->lines (output->step, printable, output->data);
    return;
  }
  g_autofree char *text =
      g_strdup_printf ("(%" G_GINT64_FORMAT " bytes left out here; %s has them)\n%s",
                       left_out, output->name, printable);
  output->lines (output->step, text, output->data);
}

static void
look (Output *output, gboolean last)
{
  gint64 size = file_size (output->file);
  gint64 left_out = MAX (0, size - output->seen - OUTPUT_SHOWN_BYTES_MAX);
  gsize wanted = (gsize)(size - output->seen - left_out);
  if (size <= output->seen)
    return;
  g_autofree char *bytes = g_malloc (wanted);
  ssize_t got = pread (output->file, bytes, wanted, (off_t)(output->seen + left_out));
  if (got <= 0)
    return;
  const char *from = bytes;
  gsize length = (gsize)got;
  /* After a gap, begin with a whole line: the rest of a cut secret is not known as one. */
  const char *feed = left_out > 0 ? memchr (bytes, '\n', length) : NULL;
  if (feed) {
    left_out += feed + 1 - bytes;
    length -= (gsize)(feed + 1 - bytes);
    from = feed + 1;
  }
  gsize shown = whole_lines (from, length, last);
  if (shown == 0)
    return;
  output->seen += left_out + (gint64)shown;
  show (output, from, shown, left_out);
}

char *
output_tail (const Output *output, gint64 *written_us)
{
  struct stat status;
  if (fstat (output->file, &status) != 0 || status.st_size <= 0)
    return NULL;
  gsize wanted = (gsize)MIN (status.st_size, OUTPUT_TAIL_BYTES_MAX / 2);
  g_autofree char *bytes = g_malloc (wanted);
  off_t at = status.st_size - (off_t)wanted;
  ssize_t got = pread (output->file, bytes, wanted, at);
  /* Not from within a line: the rest of a cut secret is not known as one. */
  const char *feed = got > 0 && at > 0 ? memchr (bytes, '\n', (gsize)got) : NULL;
  const char *from = feed ? feed + 1 : bytes;
  if (got <= 0 || (at > 0 && !feed))
    return NULL;
  *written_us = status.st_mtim.tv_sec * (gint64)G_USEC_PER_SEC;
  g_autofree char *masked = mask_apply (output->mask, from, bytes + got - from);
  return text_printable_lines (masked, -1);
}

static gboolean
on_follow (void *data)
{
  look (data, FALSE);
  return G_SOURCE_CONTINUE;
}

void
output_follow (Output *output, OutputLines lines, void *data)
{
  output->seen = file_size (output->file);
  output->lines = lines;
  output->data = data;
  output->follow_source = g_timeout_add (FOLLOW_MS, on_follow, output);
}

/* ---- masking -------------------------------------------------------------- */

/* Where `bytes` can be cut without cutting a secret: far enough from the end for a secret
 * across the cut to be seen whole; after a line if there is one; and where masking both
 * parts gives what masking the whole gives. */
static gsize
safe_cut (const Mask *mask, const char *bytes, gsize length)
{
  g_autofree char *whole = mask_apply (mask, bytes, (gssize)length);
  gsize held_back = MIN (mask_longest (mask), length - 1);
  const char *feed = memrchr (bytes, '\n', length - held_back);
  gsize cut = feed ? (gsize)(feed + 1 - bytes) : length - held_back;
  for (gsize i = 0; i <= held_back && cut > i; i++) {
    g_autofree char *first = mask_apply (mask, bytes, (gssize)(cut - i));
    g_autofree char *second =
        mask_apply (mask, bytes + cut - i, (gssize)(length - cut + i));
    gsize first_length = strlen (first);
    if (strncmp (whole, first, first_length) == 0 &&
        strcmp (whole + first_length, second) == 0)
      return cut - i;
  }
  return length;
}

static void
replace_by_copy (Output *output)
{
  g_autofree char *name = copy_name (output);
  if (fchmod (output->copy, output->kept_mode) == 0 && fsync (output->copy) == 0)
    renameat (output->folder, name, output->folder, output->name);
  close (output->copy);
  output->copy = -1;
}

/* The file is as far copied as it can be. Without a whole copy it keeps mode 0600. */
static gboolean
finish_keeping (Output *output, gboolean whole)
{
  output->keep_source = 0;
  if (whole && output->copy >= 0 && output->changed)
    replace_by_copy (output);
  else if (whole)
    fchmod (output->file, output->kept_mode);
  drop_copy (output);
  output->kept (output->data);
  return G_SOURCE_REMOVE;
}

/* One piece of the file masked into the copy. */
static gboolean
on_keep (void *data)
{
  Output *output = data;
  g_autofree char *piece = g_malloc (PIECE_BYTES);
  ssize_t got = pread (output->file, piece, PIECE_BYTES, (off_t)output->copied);
  if (got <= 0)
    return finish_keeping (output, got == 0);
  gsize length = (gsize)got;
  replace_nul (piece, length);
  gsize cut = length < PIECE_BYTES ? length : safe_cut (output->mask, piece, length);
  g_autofree char *masked = mask_apply (output->mask, piece, (gssize)cut);
  gsize masked_length = strlen (masked);
  output->copied += (gint64)cut;
  output->changed =
      output->changed || masked_length != cut || memcmp (masked, piece, cut) != 0;
  if (!file_write_all (output->copy, masked, masked_length))
    return finish_keeping (output, FALSE);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_keep_as_it_is (void *data)
{
  return finish_keeping (data, TRUE);
}

void
output_keep (Output *output, OutputKept kept, void *data)
{
  g_autofree char *name = copy_name (output);
  g_clear_handle_id (&output->follow_source, g_source_remove);
  if (output->lines)
    look (output, TRUE);
  output->kept = kept;
  output->data = data;
  if (!mask_is_empty (output->mask)) {
    unlinkat (output->folder, name, 0);
    output->copy = openat (output->folder, name,
                           O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  }
  output->keep_source =
      g_idle_add (output->copy >= 0 ? on_keep : on_keep_as_it_is, output);
}
