#include "core/runbook/field.h"

#include <string.h>

#include "core/base/pattern.h"
#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/runbook/redis_address.h"
#include "core/runbook/runbook.h"

const Field *
field_find (const Field *table, const char *name)
{
  for (const Field *field = table; field && field->name; field++)
    if (strcmp (field->name, name) == 0)
      return field;
  return NULL;
}

static const char *const type_words[] = {
  [FIELD_TEXT] = "text",
  [FIELD_WORD] = "a word of letters, digits, '.', '_' and '-'",
  [FIELD_HOST] = "a host name or address",
  [FIELD_PORT] = "a port from 1 to 65535",
  [FIELD_PATH] = "a path",
  [FIELD_URL] = "a URL such as https://host/path",
  [FIELD_REDIS] = "a URL such as redis://host:6379/1",
  [FIELD_COUNT] = "a whole number",
  [FIELD_DURATION] = "a duration such as 90s or 2m",
  [FIELD_SIZE] = "a size such as 512MiB",
  [FIELD_YES] = "true or false",
  [FIELD_CHOICE] = "one of the words allowed here",
  [FIELD_PATTERN] = "a regular expression",
  [FIELD_AMOUNT] = "a whole number",
  [FIELD_SERVICE] = "the name of a service",
  [FIELD_SERVICES] = "the name of a service, or a list of names",
  [FIELD_WORDS] = "a text or a list of texts",
  [FIELD_ARGV] = "a list: the program, then its arguments",
  [FIELD_TEXTMAP] = "a mapping of names to texts",
  [FIELD_SCALAR] = "a single value",
  [FIELD_OBJECT] = "a mapping",
  [FIELD_CLAUSE] = "an action",
  [FIELD_CLAUSES] = "a check or a list of checks",
  [FIELD_SPECIAL] = "see its own section",
};

const char *
field_type_words (const Field *field)
{
  return type_words[field->type];
}

char *
field_choice_words (const Field *field)
{
  return text_list (field->choices, "or");
}

static char *
format_number (FieldType type, gint64 number)
{
  if (type == FIELD_DURATION)
    return quantity_format_duration (number);
  if (type == FIELD_SIZE)
    return quantity_format_size ((guint64)number);
  return g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

char *
field_bounds_words (const Field *field)
{
  gint64 min = field->type == FIELD_PORT ? 1 : field->min;
  gint64 max = field->type == FIELD_PORT ? 65535 : field->max;
  if (min == 0 && max == 0)
    return NULL;
  g_autofree char *low = format_number (field->type, min);
  g_autofree char *high = format_number (field->type, max);
  if (max < min)
    return g_strdup_printf ("at least %s", low);
  return g_strdup_printf ("%s to %s", low, high);
}

char *
field_read_number (const Field *field, const char *text, gint64 *number)
{
  guint64 size = 0;
  gint64 read = 0;
  gboolean good;
  if (field->type == FIELD_DURATION)
    good = quantity_parse_duration (text, &read);
  else {
    good = field->type == FIELD_SIZE ? quantity_parse_size (text, &size)
                                     : quantity_parse_count (text, &size);
    read = (gint64)size;
  }
  if (!good)
    return g_strdup_printf ("is \"%.60s\"; write %s", text, field_type_words (field));
  gint64 min = field->type == FIELD_PORT ? 1 : field->min;
  gint64 max = field->type == FIELD_PORT ? 65535 : field->max;
  gboolean bounded = min != 0 || max != 0;
  if (bounded && (read < min || (max >= min && read > max))) {
    g_autofree char *bounds = field_bounds_words (field);
    return g_strdup_printf ("is %.60s, out of bounds; write %s", text, bounds);
  }
  *number = read;
  return NULL;
}

/* ---- texts ---------------------------------------------------------------- */

static gboolean
is_made_of (const char *text, const char *others)
{
  for (const char *c = text; *c; c++)
    if (!g_ascii_isalnum (*c) && !strchr (others, *c))
      return FALSE;
  return *text != '\0' && *text != '-';
}

static gboolean
has_control (const char *text, const char *allowed)
{
  for (const char *at = text; *at; at = g_utf8_next_char (at)) {
    if (*at >= 0x20 && *at < 0x7f)
      continue;
    gunichar c = g_utf8_get_char (at);
    if (g_unichar_iscntrl (c) && !(c < 0x80 && strchr (allowed, (int)c)))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_url (const char *text)
{
  const char *colon = strstr (text, "://");
  if (!colon || colon == text || colon[3] == '\0' || !g_ascii_isalpha (*text))
    return FALSE;
  g_autofree char *scheme = g_strndup (text, (gsize)(colon - text));
  return is_made_of (scheme, "+.-") && !strpbrk (text, " \t\n");
}

char *
field_text_problem (const Field *field, const char *text)
{
  gboolean lines = field->type == FIELD_TEXT || field->type == FIELD_ARGV ||
                   field->type == FIELD_WORDS || field->type == FIELD_PATTERN;
  if (has_control (text, lines ? "\n\t" : ""))
    return g_strdup ("holds a control character; remove it");
  if (strlen (text) > RUNBOOK_TEXT_CHARACTERS_MAX &&
      g_utf8_strlen (text, -1) > RUNBOOK_TEXT_CHARACTERS_MAX)
    return g_strdup_printf ("is longer than %d characters; shorten it",
                            RUNBOOK_TEXT_CHARACTERS_MAX);
  gboolean good = TRUE;
  switch (field->type) {
  case FIELD_WORD:
  case FIELD_SERVICE:
  case FIELD_SERVICES:
    good = is_made_of (text, "._-");
    break;
  case FIELD_HOST:
    good = is_made_of (text, "._-:[]%");
    break;
  case FIELD_PATH:
    good = *text != '\0' && *text != '-';
    break;
  case FIELD_URL:
    good = is_url (text);
    break;
  case FIELD_REDIS:
    return redis_address_read (text, NULL);
  default:
    break;
  }
  if (good)
    return NULL;
  if (*text == '-')
    return g_strdup_printf (
        "is \"%.60s\", which begins with \"-\" like an option; write %s", text,
        field_type_words (field));
  return g_strdup_printf ("is \"%.60s\"; write %s", text, field_type_words (field));
}

/* ---- freeing -------------------------------------------------------------- */

static void
clear_value (const Field *field, gpointer *at)
{
  switch (field->type) {
  case FIELD_TEXT:
  case FIELD_WORD:
  case FIELD_HOST:
  case FIELD_PATH:
  case FIELD_URL:
  case FIELD_REDIS:
  case FIELD_SERVICE:
  case FIELD_SCALAR:
    g_clear_pointer (at, g_free);
    break;
  case FIELD_SERVICES:
  case FIELD_WORDS:
  case FIELD_ARGV:
    g_strfreev (g_steal_pointer (at));
    break;
  case FIELD_PATTERN:
    pattern_free (g_steal_pointer (at));
    break;
  case FIELD_TEXTMAP:
    g_clear_pointer ((GHashTable **)at, g_hash_table_unref);
    break;
  case FIELD_OBJECT:
    if (*at)
      field_clear (field->fields, *at);
    g_clear_pointer (at, g_free);
    break;
  case FIELD_CLAUSE:
    clause_free (g_steal_pointer (at));
    break;
  case FIELD_CLAUSES:
    g_clear_pointer ((GPtrArray **)at, g_ptr_array_unref);
    break;
  default: /* numbers; what is read by hand is freed by hand */
    break;
  }
}

void
field_clear (const Field *table, void *settings)
{
  for (const Field *field = table; field && field->name; field++)
    clear_value (field, (gpointer *)((char *)settings + field->offset));
}
