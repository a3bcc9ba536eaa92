#include "core/runbook/variables.h"

#include <string.h>

#include "core/base/text.h"

const char *const runbook_variable_types[] = { "text",     "host", "port",
                                               "path",     "word", "count",
                                               "duration", "size", NULL };

static const FieldType field_types[] = {
  [VARIABLE_TEXT] = FIELD_TEXT,         [VARIABLE_HOST] = FIELD_HOST,
  [VARIABLE_PORT] = FIELD_PORT,         [VARIABLE_PATH] = FIELD_PATH,
  [VARIABLE_WORD] = FIELD_WORD,         [VARIABLE_COUNT] = FIELD_COUNT,
  [VARIABLE_DURATION] = FIELD_DURATION, [VARIABLE_SIZE] = FIELD_SIZE,
};

void
variable_free (Variable *variable)
{
  if (!variable)
    return;
  g_free (variable->name);
  g_free (variable->fallback);
  g_free (variable->min);
  g_free (variable->max);
  g_free (variable->about);
  g_free (variable->value);
  g_free (variable);
}

Variables *
variables_new (void)
{
  Variables *variables = g_new0 (Variables, 1);
  variables->list = g_ptr_array_new_with_free_func ((GDestroyNotify)variable_free);
  variables->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return variables;
}

void
variables_free (Variables *variables)
{
  if (!variables)
    return;
  g_ptr_array_unref (variables->list);
  g_hash_table_unref (variables->by_name);
  g_free (variables);
}

void
variables_add (Variables *variables, Variable *variable)
{
  g_ptr_array_add (variables->list, variable);
  g_hash_table_insert (variables->by_name, variable->name, variable);
}

Variable *
variables_get (const Variables *variables, const char *name)
{
  return g_hash_table_lookup (variables->by_name, name);
}

const char *
variables_nearest (const Variables *variables, const char *name)
{
  g_autofree const char **names = g_new0 (const char *, variables->list->len + 1);
  for (guint i = 0; i < variables->list->len; i++)
    names[i] = ((const Variable *)g_ptr_array_index (variables->list, i))->name;
  return text_nearest (name, names);
}

/* ---- values --------------------------------------------------------------- */

static gboolean
is_number (FieldType type)
{
  return type == FIELD_PORT || type == FIELD_COUNT || type == FIELD_DURATION ||
         type == FIELD_SIZE;
}

Field
variable_field (const Variable *variable)
{
  Field field = { .name = variable->name, .type = field_types[variable->type] };
  Field unbounded = field;
  if (!is_number (field.type) || (!variable->min && !variable->max))
    return field;
  field.max = -1; /* below min: no upper bound */
  if (variable->min)
    g_free (field_read_number (&unbounded, variable->min, &field.min));
  if (variable->max)
    g_free (field_read_number (&unbounded, variable->max, &field.max));
  return field;
}

char *
variable_problem (const Variable *variable, const char *text)
{
  Field field = variable_field (variable);
  gint64 number = 0;
  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup ("is not UTF-8; write it in UTF-8");
  for (const char *at = text; *at; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return g_strdup ("holds a control character or line feed; write one line");
  if (is_number (field.type))
    return field_read_number (&field, text, &number);
  return field_text_problem (&field, text);
}

gboolean
variable_fits (const Variable *variable, FieldType type)
{
  guint is = 1u << variable->type;
  const guint whole = 1u << VARIABLE_COUNT | 1u << VARIABLE_PORT;
  const guint word = 1u << VARIABLE_WORD;
  switch (type) {
  case FIELD_COUNT:
  case FIELD_AMOUNT:
  case FIELD_PORT:
    return (is & whole) != 0;
  case FIELD_DURATION:
    return variable->type == VARIABLE_DURATION;
  case FIELD_SIZE:
    return (is & (1u << VARIABLE_SIZE | 1u << VARIABLE_COUNT)) != 0;
  case FIELD_HOST:
    return (is & (word | 1u << VARIABLE_HOST)) != 0;
  case FIELD_PATH:
    return (is & (word | 1u << VARIABLE_PATH)) != 0;
  case FIELD_WORD:
  case FIELD_SERVICE:
  case FIELD_SERVICES:
    return (is & (word | whole)) != 0;
  case FIELD_YES:
  case FIELD_CHOICE:
    return variable->type == VARIABLE_WORD;
  case FIELD_URL:
  case FIELD_REDIS:
    return variable->type == VARIABLE_TEXT;
  default:
    return TRUE;
  }
}

gboolean
variable_equal (const Variable *variable, const char *a, const char *b)
{
  Field field = { .name = variable->name, .type = field_types[variable->type] };
  gint64 first = 0, second = 0;
  if (!is_number (field.type))
    return strcmp (a, b) == 0;
  g_autofree char *wrong = field_read_number (&field, a, &first);
  g_autofree char *wrong_too = field_read_number (&field, b, &second);
  return !wrong && !wrong_too && first == second;
}

/* ---- substitution --------------------------------------------------------- */

void
substituted_clear (Substituted *substituted)
{
  g_clear_pointer (&substituted->text, g_free);
  g_clear_pointer (&substituted->missing, g_ptr_array_unref);
  g_clear_pointer (&substituted->problem, g_free);
}

gboolean
variables_occur (const char *text)
{
  return strstr (text, "${") != NULL;
}

static char *
undefined (const Variables *variables, const char *name)
{
  const char *nearest = variables_nearest (variables, name);
  if (nearest)
    return g_strdup_printf ("undefined variable \"%.60s\"; did you mean \"%s\"?", name,
                            nearest);
  return g_strdup_printf ("undefined variable \"%.60s\"; declare it under vars, or write "
                          "$${ for the characters ${",
                          name);
}

/* One ${name} at `at`, whose closing brace is at `end`. */
static void
replace (const Variables *variables, const char *at, const char *end, gboolean quoted,
         GString *text, Substituted *substituted)
{
  g_autofree char *name = g_strndup (at + 2, (gsize)(end - at - 2));
  const Variable *variable = variables_get (variables, name);
  if (!variable && !substituted->problem)
    substituted->problem = undefined (variables, name);
  if (variable && variable->value) {
    substituted->begins_with_value |= text->len == 0 && variable->value[0];
    g_autofree char *value =
        quoted ? g_regex_escape_string (variable->value, -1) : g_strdup (variable->value);
    g_string_append (text, value);
    return;
  }
  g_string_append_len (text, at, end + 1 - at);
  if (!variable)
    return;
  if (!substituted->missing)
    substituted->missing = g_ptr_array_new ();
  if (!g_ptr_array_find (substituted->missing, variable->name, NULL))
    g_ptr_array_add (substituted->missing, variable->name);
}

static const Variable *
find_sole (const Variables *variables, const char *text)
{
  gsize length = strlen (text);
  if (!g_str_has_prefix (text, "${") || strchr (text, '}') != text + length - 1)
    return NULL;
  g_autofree char *name = g_strndup (text + 2, length - 3);
  return variables_get (variables, name);
}

void
variables_substitute (const Variables *variables, const char *text, gboolean quoted,
                      Substituted *substituted)
{
  GString *out = g_string_new (NULL);
  substituted->sole = find_sole (variables, text);
  while (*text && !substituted->problem) {
    const char *end = g_str_has_prefix (text, "${") ? strchr (text, '}') : NULL;
    if (g_str_has_prefix (text, "$${")) {
      g_string_append (out, "${");
      text += 3;
    } else if (end) {
      replace (variables, text, end, quoted, out, substituted);
      text = end + 1;
    } else if (g_str_has_prefix (text, "${")) {
      substituted->problem =
          g_strdup ("${ without }; write ${name}, or $${ for the characters ${");
    } else
      g_string_append_c (out, *text++);
    /* Values are bounded, but a text may name one again and again. */
    if (out->len > 4 * RUNBOOK_TEXT_CHARACTERS_MAX && !substituted->problem)
      substituted->problem =
          g_strdup_printf ("the text is longer than %d characters with its variables "
                           "written out; shorten it",
                           RUNBOOK_TEXT_CHARACTERS_MAX);
  }
  substituted->text = g_string_free (out, FALSE);
}
