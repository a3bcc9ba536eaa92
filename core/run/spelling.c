#include "core/run/spelling.h"

#include <string.h>

/* Fewer than can overflow 64 bits. */
#define DIGITS_MAX 18

/* Where a line is being read. Its closing part stands at `end`, a comma first, so that a
 * number needs no look at where it ends. */
typedef struct {
  const char *at;
  const char *end;
} Cursor;

/* Moves past `text` if it stands there. */
static gboolean
pass_text (Cursor *cursor, const char *text)
{
  gsize length = strlen (text);
  if ((gsize)(cursor->end - cursor->at) < length ||
      memcmp (cursor->at, text, length) != 0)
    return FALSE;
  cursor->at += length;
  return TRUE;
}

/* Moves past "…" if no escape and no control character is in it. */
static gboolean
pass_string (Cursor *cursor, const char **text, gsize *length)
{
  const char *at = cursor->at;
  if (at == cursor->end || *at++ != '"')
    return FALSE;
  *text = at;
  while (at < cursor->end && *at != '"' && *at != '\\' && (guchar)*at >= ' ')
    at++;
  if (at == cursor->end || *at != '"')
    return FALSE;
  *length = (gsize)(at - *text);
  cursor->at = at + 1;
  return TRUE;
}

/* Moves past a whole number that is spelled in the one way. */
static gboolean
pass_number (Cursor *cursor, gint64 *number)
{
  const char *at = cursor->at;
  gboolean minus = at < cursor->end && *at == '-';
  at += minus;
  const char *digits = at;
  gint64 sum = 0;
  while (at < cursor->end && at - digits < DIGITS_MAX && g_ascii_isdigit (*at))
    sum = sum * 10 + (*at++ - '0');
  if (at == digits || (*digits == '0' && (at - digits > 1 || minus)) || *at != ',')
    return FALSE;
  *number = minus ? -sum : sum;
  cursor->at = at;
  return TRUE;
}

/* Moves past any JSON value, which jansson reads. */
static json_t *
pass_any (Cursor *cursor)
{
  json_error_t place;
  json_t *value = json_loadb (
      cursor->at, (gsize)(cursor->end - cursor->at),
      JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &place);
  if (value)
    cursor->at += place.position;
  return value;
}

static json_t *
pass_value (Cursor *cursor)
{
  const char *text;
  gsize length;
  gint64 number;
  if (pass_string (cursor, &text, &length))
    return json_stringn (text, length);
  if (pass_number (cursor, &number))
    return json_integer (number);
  return pass_any (cursor);
}

/* `,"name":value` as often as it stands there, up to the end. */
static json_t *
pass_members (Cursor *cursor)
{
  json_auto_t *members = json_object ();
  gsize count = 0;
  for (; cursor->at < cursor->end; count++) {
    const char *name;
    gsize length;
    if (!pass_text (cursor, ",") || !pass_string (cursor, &name, &length) ||
        !pass_text (cursor, ":"))
      return NULL;
    json_t *value = pass_value (cursor);
    if (!value || json_object_setn_new (members, name, length, value) != 0)
      return NULL;
  }
  /* Fewer: one name stood there twice. */
  return json_object_size (members) == count ? json_incref (members) : NULL;
}

static gboolean
pass_wall (Cursor *cursor, gint64 *wall_us)
{
  char wall[sizeof "2026-11-23T03:25:26.128000Z"] = "";
  const gsize length = sizeof wall - 1;
  if ((gsize)(cursor->end - cursor->at) < length)
    return FALSE;
  memcpy (wall, cursor->at, length);
  cursor->at += length;
  return moment_parse_wall (wall, wall_us);
}

static gboolean
pass_type (Cursor *cursor, EventType *type)
{
  const char *text;
  gsize length;
  char name[32] = "";
  if (!pass_string (cursor, &text, &length) || length >= sizeof name)
    return FALSE;
  memcpy (name, text, length);
  return event_type_from_name (name, type);
}

/* Whether the line closes with the digest of the one before it; `length` is then that of
 * what comes first. */
static gboolean
cut_closing (const JournalChain *chain, const char *line, gsize *length)
{
  const gsize closing = strlen (",\"prev\":\"\"}") + strlen (chain->digest);
  if (*length < closing)
    return FALSE;
  Cursor cursor = { line + *length - closing, line + *length };
  *length -= closing;
  return pass_text (&cursor, ",\"prev\":\"") && pass_text (&cursor, chain->digest) &&
         pass_text (&cursor, "\"}");
}

Event *
spelling_read (const JournalChain *chain, const char *line, gsize length)
{
  if (!cut_closing (chain, line, &length))
    return NULL;
  Cursor cursor = { line, line + length };
  g_autoptr (Event) event = g_new0 (Event, 1);
  gint64 number;
  if (!pass_text (&cursor, "{\"n\":") || !pass_number (&cursor, &number) ||
      number != (gint64)chain->number + 1 || !pass_text (&cursor, ",\"wall\":\"") ||
      !pass_wall (&cursor, &event->at.wall_us) ||
      !pass_text (&cursor, "\",\"boot_us\":") ||
      !pass_number (&cursor, &event->at.boot_us) || !pass_text (&cursor, ",\"event\":") ||
      !pass_type (&cursor, &event->type))
    return NULL;
  event->number = chain->number + 1;
  event->data = pass_members (&cursor);
  return event->data ? g_steal_pointer (&event) : NULL;
}
