/* writer.c: settings back into the words of a runbook, by the same tables. */
#include <string.h>

#include "core/base/quantity.h"
#include "core/runbook/runbook.h"

#define AT(type, settings, field) \
  ((const type *)((const void *)((const char *)(settings) + (field)->offset)))

static json_t *fields_json (const Field *table, const void *settings, gboolean settled);

/* `settled`: no variable is left in the texts, so that ${ in one means these characters. */
static json_t *
text_json (const char *text, gboolean settled)
{
  g_autoptr (GString) escaped = g_string_new (text);
  if (settled)
    g_string_replace (escaped, "${", "$${", 0);
  return json_string (escaped->str);
}

/* Exactly: what people are told is rounded to seconds, what they may copy is not. */
static char *
duration_text (gint64 duration_us)
{
  if (duration_us % G_USEC_PER_SEC == 0)
    return quantity_format_duration (duration_us);
  return g_strdup_printf ("%" G_GINT64_FORMAT "ms", duration_us / 1000);
}

static json_t *
number_json (const Field *field, gint64 number)
{
  if (number == FIELD_UNSET)
    return NULL;
  g_autofree char *text = field->type == FIELD_DURATION ? duration_text (number)
                          : field->type == FIELD_SIZE
                              ? quantity_format_size ((guint64)number)
                              : NULL;
  return text ? json_string (text) : json_integer (number);
}

static json_t *
list_json (const Field *field, char *const *list, gboolean settled)
{
  if (!list)
    return NULL;
  if (field->type != FIELD_ARGV && list[0] && !list[1])
    return text_json (list[0], settled);
  json_t *array = json_array ();
  for (; *list; list++)
    json_array_append_new (array, text_json (*list, settled));
  return array;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static json_t *
map_json (GHashTable *map, gboolean settled)
{
  if (!map)
    return NULL;
  guint count = 0;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (map, &count);
  qsort (names, count, sizeof *names, compare_names);
  json_t *object = json_object ();
  for (guint i = 0; i < count; i++)
    json_object_set_new (object, names[i],
                         text_json (g_hash_table_lookup (map, names[i]), settled));
  return object;
}

static json_t *
clauses_json (const GPtrArray *clauses)
{
  if (!clauses || clauses->len == 0)
    return NULL;
  json_t *array = json_array ();
  for (guint i = 0; i < clauses->len; i++)
    json_array_append_new (array, clause_json (g_ptr_array_index (clauses, i)));
  return array;
}

static json_t *
amount_json (const Amount *amount)
{
  switch (amount->type) {
  case AMOUNT_NUMBER:
    return json_integer (amount->number);
  case AMOUNT_RECORDED:
    return json_string ("recorded");
  case AMOUNT_PLANNED:
    return json_string ("planned");
  default:
    return NULL;
  }
}

/* NULL: nothing was given. */
static json_t *
value_json (const Field *field, const void *settings, gboolean settled)
{
  const char *text;
  int choice;
  switch (field->type) {
  case FIELD_PORT:
  case FIELD_COUNT:
  case FIELD_DURATION:
  case FIELD_SIZE:
    return number_json (field, *AT (gint64, settings, field));
  case FIELD_YES:
    return json_boolean (*AT (gboolean, settings, field));
  case FIELD_CHOICE:
    choice = *AT (int, settings, field);
    return choice < 0 ? NULL : json_string (field->choices[choice]);
  case FIELD_PATTERN:
    return *AT (Pattern *, settings, field)
               ? text_json (pattern_expression (*AT (Pattern *, settings, field)),
                            settled)
               : NULL;
  case FIELD_AMOUNT:
    return amount_json (AT (Amount, settings, field));
  case FIELD_SERVICES:
  case FIELD_WORDS:
  case FIELD_ARGV:
    return list_json (field, *AT (GStrv, settings, field), settled);
  case FIELD_TEXTMAP:
    return map_json ((GHashTable *)*AT (GHashTable *, settings, field), settled);
  case FIELD_OBJECT:
    return *AT (void *, settings, field)
               ? fields_json (field->fields, *AT (void *, settings, field), settled)
               : NULL;
  case FIELD_CLAUSE:
    return *AT (Clause *, settings, field) ? clause_json (*AT (Clause *, settings, field))
                                           : NULL;
  case FIELD_CLAUSES:
    return clauses_json (*AT (GPtrArray *, settings, field));
  case FIELD_SPECIAL:
    return NULL;
  default:
    text = *AT (char *, settings, field);
    if (!text)
      return NULL;
    return text_json (field->flags & FIELD_SECRET ? "***" : text, settled);
  }
}

/* Whether `value` is what the field has when nothing is said. */
static gboolean
is_default (const Field *field, const json_t *value)
{
  gint64 number = 0;
  if (field->type == FIELD_YES)
    return json_is_true (value) == (g_strcmp0 (field->fallback, "true") == 0);
  if (!field->fallback)
    return FALSE;
  if (json_is_string (value) && strcmp (json_string_value (value), field->fallback) == 0)
    return TRUE;
  if (json_is_integer (value)) {
    g_autofree char *text =
        g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value));
    return strcmp (text, field->fallback) == 0;
  }
  /* "60s" and "1m" are the same. */
  if (field->type == FIELD_DURATION &&
      quantity_parse_duration (field->fallback, &number)) {
    g_autofree char *text = duration_text (number);
    return g_strcmp0 (json_string_value (value), text) == 0;
  }
  return FALSE;
}

static json_t *
fields_json (const Field *table, const void *settings, gboolean settled)
{
  json_t *object = json_object ();
  for (const Field *field = table; field && field->name; field++) {
    json_t *value =
        field->flags & FIELD_LATER ? NULL : value_json (field, settings, settled);
    if (value && !is_default (field, value))
      json_object_set (object, field->name, value);
    json_decref (value);
  }
  return object;
}

static json_t *
branches_json (const Clause *clause)
{
  json_t *object = json_object ();
  for (guint i = 0; i < clause->by_platform->len; i++) {
    const PlatformClause *branch = g_ptr_array_index (clause->by_platform, i);
    if (branch->clause)
      json_object_set_new (object, branch->platform->name, clause_json (branch->clause));
  }
  return object;
}

json_t *
clause_json (const Clause *clause)
{
  if (clause->by_platform)
    return branches_json (clause);
  json_t *object = json_object ();
  json_object_set_new (
      object, clause->kind->name,
      fields_json (clause->kind->fields, clause->settings, !clause->missing));
  if (clause->accept)
    json_object_set_new (object, "accept", json_string (clause->accept));
  return object;
}

/* ---- text ----------------------------------------------------------------- */

static gboolean
stands_plain (const char *text)
{
  static const char *const others[] = { "null", "Null", "NULL", "true", "false", NULL };
  if (!g_ascii_isalnum (*text) && *text != '/' && *text != '_')
    return FALSE;
  if (g_strv_contains (others, text))
    return FALSE;
  for (const char *c = text; *c; c++)
    if (!g_ascii_isalnum (*c) && !strchr ("._/+@-", *c))
      return FALSE;
  return TRUE;
}

static void
append_value (GString *line, const json_t *value, gboolean braces)
{
  const char *name;
  json_t *member;
  gsize index;
  if (json_is_object (value)) {
    const char *before = "";
    g_string_append (line, braces ? "{" : "");
    json_object_foreach ((json_t *)value, name, member)
    {
      g_string_append_printf (line, "%s%s: ", before, name);
      append_value (line, member, TRUE);
      before = ", ";
    }
    g_string_append (line, braces ? "}" : "");
  } else if (json_is_array (value)) {
    g_string_append_c (line, '[');
    json_array_foreach (value, index, member)
    {
      g_string_append (line, index > 0 ? ", " : "");
      append_value (line, member, TRUE);
    }
    g_string_append_c (line, ']');
  } else if (json_is_string (value) && stands_plain (json_string_value (value))) {
    g_string_append (line, json_string_value (value));
  } else {
    char *text = json_dumps (value, JSON_ENCODE_ANY);
    g_string_append (line, text);
    free (text);
  }
}

/* {"restart": {"service": "nginx"}} as {"restart": "nginx"} where that says it all. */
static void
shorten (const KindSpec *kind, json_t *whole)
{
  json_t *settings = json_object_get (whole, kind->name);
  if (kind->shorthand && json_object_size (settings) == 1 &&
      json_object_get (settings, kind->shorthand))
    json_object_set (whole, kind->name, json_object_get (settings, kind->shorthand));
}

char *
clause_format (const Clause *clause)
{
  json_t *whole = clause_json (clause);
  GString *line = g_string_new (NULL);
  if (clause->kind)
    shorten (clause->kind, whole);
  append_value (line, whole, clause->kind == NULL);
  json_decref (whole);
  return g_string_free (line, FALSE);
}

char *
clause_words (const Clause *clause)
{
  if (clause->kind && clause->kind->words && !clause->missing)
    return clause->kind->words (clause->settings);
  if (clause->kind)
    return clause_format (clause);
  GString *words = g_string_new (NULL);
  for (guint i = 0; clause->by_platform && i < clause->by_platform->len; i++) {
    const PlatformClause *choice = g_ptr_array_index (clause->by_platform, i);
    g_autofree char *text = clause_words (choice->clause);
    g_string_append_printf (words, "%s%s: %s", i ? "; " : "", choice->platform->name,
                            text);
  }
  return g_string_free (words, FALSE);
}
