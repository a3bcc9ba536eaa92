#include "tui/run/run_samples.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/run/wire.h"
#include "core/store/store.h"

/* The member that the runner adds to a sample, the last of its line. What is in a name has
 * its quotes escaped, and is never taken for it. */
#define SEEN "\"seen\":"

/* Seconds in JSON are no better; what is as near is the same sample. */
#define SAME_US 1000

/* ---- the file ------------------------------------------------------------------ */

/* Reads up to `length` bytes at `offset`; returns how many. */
static gsize
read_at (int file, char *bytes, gsize length, off_t offset)
{
  gsize done = 0;
  while (done < length) {
    ssize_t got = pread (file, bytes + done, length - done, offset + (off_t)done);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    done += (gsize)got;
  }
  return done;
}

/* Puts the end of the file before `text`, as far as there is room: whole lines. */
static void
prepend_end (GString *text, const char *folder, const char *name)
{
  struct stat status = { 0 };
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int file = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0)
    return;
  if (fstat (file, &status) == 0 && S_ISREG (status.st_mode)) {
    gsize room = RUN_SAMPLES_BYTES_MAX - MIN (text->len, RUN_SAMPLES_BYTES_MAX);
    gsize length = MIN ((gsize)status.st_size, room);
    g_autofree char *bytes = g_malloc (length + 1);
    length = read_at (file, bytes, length, status.st_size - (off_t)length);
    gboolean cut = length < (gsize)status.st_size;
    const char *whole = cut ? memchr (bytes, '\n', length) : bytes;
    if (whole)
      g_string_prepend_len (text, whole + cut,
                            (gssize)(length - (gsize)(whole - bytes)) - cut);
  }
  close (file);
}

/* "samples.jsonl", or that of another section of the site. */
static char *
file_name (const char *section)
{
  gsize stem = strcspn (STORE_SAMPLES, ".");
  if (strcmp (section, "redis") == 0)
    return g_strdup (STORE_SAMPLES);
  return g_strdup_printf ("%.*s-%s%s", (int)stem, STORE_SAMPLES, section,
                          &STORE_SAMPLES[stem]);
}

/* ---- its lines ------------------------------------------------------------------ */

/* When the sample of a line had come, by the clock on the wall; 0: the line has none. */
static gint64
seen_us (const char *line, gsize length)
{
  const char *at = g_strrstr_len (line, (gssize)length, SEEN);
  double seen_s = at ? g_ascii_strtod (at + strlen (SEEN), NULL) : 0;
  return seen_s > 0 && seen_s < (double)(G_MAXINT64 / G_USEC_PER_SEC)
             ? (gint64)(seen_s * G_USEC_PER_SEC)
             : 0;
}

/* Where the line begins that ends before `end`, at or after `begin`. */
static const char *
line_before (const char *begin, const char *end)
{
  const char *feed =
      end - 1 > begin ? memrchr (begin, '\n', (gsize)(end - 1 - begin)) : NULL;
  return feed ? feed + 1 : begin;
}

/* Where the first line begins whose sample came at or after `since_us`. */
static const char *
find_since (const GString *text, gint64 since_us)
{
  const char *from = text->str + text->len;
  while (from > text->str) {
    const char *line = line_before (text->str, from);
    gint64 at_us = seen_us (line, (gsize)(from - line));
    if (at_us > 0 && at_us < since_us)
      break;
    from = line;
  }
  return from;
}

static Reading *
reading_of (const char *line, gsize length, const Reading *first)
{
  gint64 at_us = seen_us (line, length);
  gboolean before = at_us > 0 && at_us < first->ended.wall_us - SAME_US;
  json_t *body = before ? wire_read (line, length) : NULL;
  Moment at = { at_us, first->ended.boot_us - (first->ended.wall_us - at_us) };
  return body ? reading_new (first->key, at, at, NULL, body) : NULL;
}

void
run_samples_before (const char *folder, const Reading *first, gint64 span_us,
                    void (*take) (const Reading *reading, void *data), void *data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *section = reading_queues_section (first);
  g_autofree char *name = section ? file_name (section) : NULL;
  if (!section)
    return;
  prepend_end (text, folder, name);
  if (strcmp (name, STORE_SAMPLES) == 0 && text->len < RUN_SAMPLES_BYTES_MAX)
    prepend_end (text, folder, STORE_SAMPLES_BEFORE);
  const char *end = text->str + text->len;
  for (const char *at = find_since (text, first->ended.wall_us - span_us); at < end;) {
    const char *feed = memchr (at, '\n', (gsize)(end - at));
    const char *stop = feed ? feed : end;
    g_autoptr (Reading) reading = reading_of (at, (gsize)(stop - at), first);
    if (reading)
      take (reading, data);
    at = feed ? feed + 1 : end;
  }
}
