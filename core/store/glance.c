#include "core/store/glance.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The events that end a run say little, so they are within the last bytes. */
#define TAIL_BYTES 4096

/* The first line names every step: most are shorter, and the rest is read when it is not. */
#define HEAD_BYTES 16384

GlanceStamp
glance_stamp (const char *path)
{
  g_autofree char *file = g_build_filename (path, STORE_JOURNAL, NULL);
  struct stat status;
  if (stat (file, &status) != 0)
    return (GlanceStamp){ -1, 0 };
  return (GlanceStamp){ status.st_size, status.st_mtim.tv_sec * G_USEC_PER_SEC +
                                            status.st_mtim.tv_nsec / 1000 };
}

/* Bytes of the journal from `offset` on, NUL-terminated; fewer at its end. */
static char *
read_part (int journal, gint64 offset, gsize bytes, gsize *length)
{
  char *part = g_malloc (bytes + 1);
  ssize_t got = pread (journal, part, bytes, offset);
  *length = got > 0 ? (gsize)got : 0;
  part[*length] = '\0';
  return part;
}

/* The run-began event of the first line, or NULL. */
static Event *
read_first (int journal)
{
  for (gsize bytes = HEAD_BYTES; bytes <= JOURNAL_LINE_BYTES_MAX; bytes *= 4) {
    gsize length = 0;
    g_autofree char *part = read_part (journal, 0, bytes, &length);
    const char *end = memchr (part, '\n', length);
    JournalChain chain = JOURNAL_CHAIN_INIT;
    if (end)
      return journal_read (&chain, part, (gsize)(end - part), NULL);
    if (length < bytes)
      break;
  }
  return NULL;
}

/* The last line, if it is whole, as JSON; else NULL. */
static json_t *
read_last (int journal)
{
  gsize length = 0;
  gint64 size = lseek (journal, 0, SEEK_END);
  g_autofree char *part =
      read_part (journal, MAX (size - TAIL_BYTES, 0), TAIL_BYTES, &length);
  if (length == 0 || part[length - 1] != '\n')
    return NULL;
  part[length - 1] = '\0';
  const char *before = strrchr (part, '\n');
  return before ? json_loads (before + 1, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

static GlanceEnding
ending_of (const json_t *last)
{
  EventType type = EVENT_NOTE;
  const char *name = json_string_value (json_object_get (last, "event"));
  if (!name || !event_type_from_name (name, &type))
    return GLANCE_OPEN;
  return type == EVENT_RUN_FINISHED    ? GLANCE_FINISHED
         : type == EVENT_RUN_ABANDONED ? GLANCE_ABANDONED
                                       : GLANCE_OPEN;
}

static void
read_lines (Glance *glance, int journal)
{
  json_auto_t *last = read_last (journal);
  GlanceEnding ending = ending_of (last);
  const char *wall = json_string_value (json_object_get (last, "wall"));
  if (ending == GLANCE_OPEN || !wall || !moment_parse_wall (wall, &glance->ended_us))
    return;
  g_autoptr (Event) first = read_first (journal);
  if (!first || first->type != EVENT_RUN_BEGAN)
    return;
  const json_t *site = event_json (first, "site");
  const json_t *runbook = event_json (first, "runbook");
  glance->ending = ending;
  glance->began_us = first->at.wall_us;
  glance->site = g_strdup (json_string_value (json_object_get (site, "name")));
  glance->title = g_strdup (json_string_value (json_object_get (runbook, "title")));
  glance->production = json_is_true (json_object_get (site, "production"));
}

Glance *
glance_take (const char *path)
{
  Glance *glance = g_new0 (Glance, 1);
  glance->path = g_strdup (path);
  g_autofree char *file = g_build_filename (path, STORE_JOURNAL, NULL);
  int journal = open (file, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (journal < 0)
    return glance;
  read_lines (glance, journal);
  close (journal);
  if (!glance->site || !glance->title)
    glance->ending = GLANCE_OPEN;
  return glance;
}

void
glance_free (Glance *glance)
{
  if (!glance)
    return;
  g_free (glance->path);
  g_free (glance->site);
  g_free (glance->title);
  g_free (glance);
}
