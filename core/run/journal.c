#include "core/run/journal.h"

#include <string.h>

#include "core/run/spelling.h"

G_DEFINE_QUARK (handrail_journal_error, journal_error)

/* 285 years, and what JSON carries exactly: a longer time since boot is none. */
#define BOOT_US_MAX (G_GINT64_CONSTANT (1) << 53)

static gboolean damaged (const JournalChain *chain, GError **error, const char *format,
                         ...) G_GNUC_PRINTF (3, 4);

static gboolean
damaged (const JournalChain *chain, GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, JOURNAL_ERROR, JOURNAL_ERROR_DAMAGED,
               "journal line %" G_GUINT64_FORMAT ": %s", chain->number + 1, text);
  return FALSE;
}

/* `checksum` is one to use again, whatever it was used for before. */
static void
chain_move (JournalChain *chain, GChecksum *checksum, const char *line, gsize length)
{
  g_checksum_reset (checksum);
  g_checksum_update (checksum, (const guint8 *)line, (gssize)length);
  memcpy (chain->digest, g_checksum_get_string (checksum), sizeof chain->digest);
  chain->number++;
}

char *
journal_write (JournalChain *chain, Event *event)
{
  event->number = chain->number + 1;
  g_autofree char *wall = moment_format_wall (event->at.wall_us);
  json_t *object =
      json_pack ("{sI ss sI ss}", "n", (json_int_t)event->number, "wall", wall, "boot_us",
                 (json_int_t)event->at.boot_us, "event", event_type_name (event->type));
  json_object_update (object, event->data);
  json_object_set_new (object, "prev", json_string (chain->digest));
  char *line = json_dumps (object, JSON_COMPACT);
  json_decref (object);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  chain_move (chain, checksum, line, strlen (line));
  return line;
}

/* Moves the members that every line has out of `object` and into `event`. */
static gboolean
take_common (const JournalChain *chain, json_t *object, Event *event, GError **error)
{
  const json_t *number = json_object_get (object, "n");
  const char *wall = json_string_value (json_object_get (object, "wall"));
  const json_t *boot = json_object_get (object, "boot_us");
  const char *name = json_string_value (json_object_get (object, "event"));
  const char *prev = json_string_value (json_object_get (object, "prev"));
  if (!json_is_integer (number) ||
      json_integer_value (number) != (json_int_t)(chain->number + 1))
    return damaged (chain, error, "its number n is not that of its place");
  if (!prev || strcmp (prev, chain->digest) != 0)
    return damaged (chain, error, "it does not follow from the line before it");
  if (!wall || !moment_parse_wall (wall, &event->at.wall_us))
    return damaged (chain, error, "its wall time is none");
  if (!json_is_integer (boot))
    return damaged (chain, error, "its boot time is none");
  if (!name || !event_type_from_name (name, &event->type))
    return damaged (chain, error, "no event of this handrail is called so");
  event->number = chain->number + 1;
  event->at.boot_us = json_integer_value (boot);
  json_object_del (object, "n");
  json_object_del (object, "wall");
  json_object_del (object, "boot_us");
  json_object_del (object, "event");
  json_object_del (object, "prev");
  return TRUE;
}

/* The format comes first: what a newer one holds is not ours to call damage. */
static gboolean
check_format (const json_t *object, gboolean is_first, GError **error)
{
  json_int_t format = json_integer_value (json_object_get (object, "format"));
  if (!is_first || format <= JOURNAL_FORMAT)
    return TRUE;
  g_set_error (error, JOURNAL_ERROR, JOURNAL_ERROR_FORMAT,
               "the journal has format %" JSON_INTEGER_FORMAT
               " and this handrail reads up to %d; use the handrail that wrote it",
               format, JOURNAL_FORMAT);
  return FALSE;
}

/* The object of a line, or NULL with what is wrong. */
static json_t *
parse_line (const JournalChain *chain, const char *line, gsize length, GError **error)
{
  json_error_t problem;
  if (length > JOURNAL_LINE_BYTES_MAX) {
    damaged (chain, error, "it is longer than %d bytes", JOURNAL_LINE_BYTES_MAX);
    return NULL;
  }
  json_t *object = json_loadb (line, length, JSON_REJECT_DUPLICATES, &problem);
  if (json_is_object (object))
    return object;
  damaged (chain, error, "it is no JSON object (%s)",
           object ? "something else" : problem.text);
  json_decref (object);
  return NULL;
}

static Event *
read_any_spelling (const JournalChain *chain, const char *line, gsize length,
                   GError **error)
{
  json_t *object = parse_line (chain, line, length, error);
  if (!object)
    return NULL;
  g_autoptr (Event) event = event_new (EVENT_NOTE, object);
  const char *name = json_string_value (json_object_get (object, "event"));
  gboolean first = g_strcmp0 (name, event_type_name (EVENT_RUN_BEGAN)) == 0;
  if (!check_format (object, first, error) || !take_common (chain, object, event, error))
    return NULL;
  return g_steal_pointer (&event);
}

static Event *
read_line (JournalChain *chain, GChecksum *checksum, const char *line, gsize length,
           GError **error)
{
  g_autoptr (Event) event = NULL;
  if (length <= JOURNAL_LINE_BYTES_MAX)
    event = spelling_read (chain, line, length);
  if (!event)
    event = read_any_spelling (chain, line, length, error);
  if (!event || !check_format (event->data, event->type == EVENT_RUN_BEGAN, error))
    return NULL;
  g_autofree char *problem = event_problem (event);
  if (!problem && (event->at.boot_us < 0 || event->at.boot_us > BOOT_US_MAX))
    problem = g_strdup ("its boot time is none");
  if (problem) {
    damaged (chain, error, "%s", problem);
    return NULL;
  }
  chain_move (chain, checksum, line, length);
  return g_steal_pointer (&event);
}

Event *
journal_read (JournalChain *chain, const char *line, gsize length, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  return read_line (chain, checksum, line, length, error);
}

/* Whether a line that ends the file is one that was being written when its writer
 * died. */
static gboolean
is_torn (const char *line, gsize length)
{
  json_t *object = json_loadb (line, length, 0, NULL);
  gboolean torn = !json_is_object (object);
  json_decref (object);
  return torn;
}

gboolean
journal_read_all (const char *bytes, gsize length, JournalChain *chain, JournalEach each,
                  void *data, gsize *torn_at, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize at = 0;
  while (at < length) {
    const char *line = bytes + at;
    const char *feed = memchr (line, '\n', length - at);
    if (!feed)
      break;
    gsize size = (gsize)(feed - line);
    gboolean ends_file = at + size + 1 == length;
    if (ends_file && size <= JOURNAL_LINE_BYTES_MAX && is_torn (line, size))
      break;
    g_autoptr (Event) event = read_line (chain, checksum, line, size, error);
    if (!event || !each (event, data, error))
      return FALSE;
    at += size + 1;
  }
  *torn_at = at;
  return TRUE;
}
