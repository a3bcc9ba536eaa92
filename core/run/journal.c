#include "core/run/journal.h"

#include <string.h>

G_DEFINE_QUARK (handrail - journal - error - quark, journal_error)

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

static void
chain_move (JournalChain *chain, const char *line, gsize length)
{
  g_autofree char *digest =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *)line, length);
  memcpy (chain->digest, digest, sizeof chain->digest);
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
  chain_move (chain, line, strlen (line));
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

/* Moves past `text` if it stands at *at. */
static gboolean
pass_text (const char **at, const char *end, const char *text)
{
  gsize length = strlen (text);
  if ((gsize)(end - *at) < length || memcmp (*at, text, length) != 0)
    return FALSE;
  *at += length;
  return TRUE;
}

/* The common members of a line just as journal_write() puts them; *at moves past them.
 * A comma stands at `end`, where reading a number stops. */
static gboolean
pass_common (const JournalChain *chain, const char **at, const char *end, Event *event)
{
  char wall[sizeof "2026-11-23T03:25:26.128000Z"] = "", name[32] = "", number[48];
  g_snprintf (number, sizeof number, "{\"n\":%" G_GUINT64_FORMAT ",\"wall\":\"",
              chain->number + 1);
  if (!pass_text (at, end, number) || (gsize)(end - *at) < sizeof wall)
    return FALSE;
  memcpy (wall, *at, sizeof wall - 1);
  *at += sizeof wall - 1;
  if (!moment_parse_wall (wall, &event->at.wall_us) ||
      !pass_text (at, end, "\",\"boot_us\":") || !g_ascii_isdigit (**at) || **at == '0')
    return FALSE;
  char *after;
  event->at.boot_us = g_ascii_strtoll (*at, &after, 10);
  *at = after;
  if (event->at.boot_us == G_MAXINT64 || !pass_text (at, end, ",\"event\":\""))
    return FALSE;
  const char *quote = memchr (*at, '"', (gsize)(end - *at));
  if (!quote || (gsize)(quote - *at) >= sizeof name)
    return FALSE;
  memcpy (name, *at, (gsize)(quote - *at));
  *at = quote + 1;
  return event_type_from_name (name, &event->type);
}

/* A line as journal_write() spells it, without building the common members,
 * which take longer to read than the event's own. NULL says nothing but that the long way
 * has to be taken. */
static Event *
read_own_spelling (const JournalChain *chain, const char *line, gsize length)
{
  char last[sizeof ",\"prev\":\"\"}" + sizeof chain->digest];
  g_snprintf (last, sizeof last, ",\"prev\":\"%s\"}", chain->digest);
  gsize last_length = strlen (last);
  const char *end = line + length;
  if (length < last_length || memcmp (end - last_length, last, last_length) != 0)
    return NULL;
  end -= last_length;
  g_autoptr (Event) event = g_new0 (Event, 1);
  if (!pass_common (chain, &line, end, event) || (line < end && *line != ','))
    return NULL;
  event->number = chain->number + 1;
  gsize size = (gsize)(end - line);
  g_autofree char *own = g_malloc (size + 2);
  memcpy (own, line, size);
  own[0] = '{';
  own[size + (size == 0)] = '}';
  event->data = json_loadb (own, size + 1 + (size == 0), JSON_REJECT_DUPLICATES, NULL);
  return event->data && json_object_size (event->data) + (size == 0) > 0
             ? g_steal_pointer (&event)
             : NULL;
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

Event *
journal_read (JournalChain *chain, const char *line, gsize length, GError **error)
{
  g_autoptr (Event) event = NULL;
  if (length <= JOURNAL_LINE_BYTES_MAX)
    event = read_own_spelling (chain, line, length);
  if (!event)
    event = read_any_spelling (chain, line, length, error);
  if (!event || !check_format (event->data, event->type == EVENT_RUN_BEGAN, error))
    return NULL;
  g_autofree char *problem = event_problem (event);
  if (problem) {
    damaged (chain, error, "%s", problem);
    return NULL;
  }
  chain_move (chain, line, length);
  return g_steal_pointer (&event);
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
    g_autoptr (Event) event = journal_read (chain, line, size, error);
    if (!event || !each (event, data, error))
      return FALSE;
    at += size + 1;
  }
  *torn_at = at;
  return TRUE;
}
