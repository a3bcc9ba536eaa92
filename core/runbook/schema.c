/* schema.c: JSON Schemas (draft 2020-12) of the file formats, from their tables.
 *
 * Editors use them while a file is being written; the reader says more, and has
 * the last word. */
#include <string.h>

#include "core/runbook/reference.h"
#include "core/runbook/scenario.h"
#include "core/runbook/step.h"

/* A number may also be a variable: "${name}". Not in site files. */
#define VARIABLE_PATTERN "\\$\\{"

typedef struct {
  const Vocabulary *vocabulary;
  gboolean variables;
} Writer;

static json_t *object_schema (const Writer *writer, const Field *table);

static json_t *
scalar_schema (void)
{
  return json_pack ("{s:[sss]}", "type", "string", "number", "boolean");
}

static json_t *
reference_to (const char *name)
{
  g_autofree char *path = g_strdup_printf ("#/$defs/%s", name);
  return json_pack ("{s:s}", "$ref", path);
}

static json_t *
or_variable (const Writer *writer, json_t *schema)
{
  if (!writer->variables)
    return schema;
  return json_pack ("{s:[o{s:s,s:s}]}", "anyOf", schema, "type", "string", "pattern",
                    VARIABLE_PATTERN);
}

static json_t *
words_schema (const char *const *words)
{
  json_t *list = json_array ();
  for (; *words; words++)
    json_array_append_new (list, json_string (*words));
  return json_pack ("{s:o}", "enum", list);
}

static json_t *
whole_schema (const Field *field)
{
  json_t *schema = json_pack ("{s:s,s:I}", "type", "integer", "minimum",
                              (json_int_t)(field->type == FIELD_PORT ? 1 : field->min));
  gint64 max = field->type == FIELD_PORT ? 65535 : field->max;
  if (max > 0 && max >= field->min)
    json_object_set_new (schema, "maximum", json_integer (max));
  return schema;
}

static json_t *
list_schema (gboolean or_one)
{
  json_t *list = json_pack ("{s:s,s:i,s:o}", "type", "array", "minItems", 1, "items",
                            scalar_schema ());
  return or_one ? json_pack ("{s:[oo]}", "anyOf", scalar_schema (), list) : list;
}

/* One of these definitions or a list of them. */
static json_t *
clauses_schema (const char *name)
{
  return json_pack ("{s:[o{s:s,s:i,s:o}]}", "anyOf", reference_to (name), "type", "array",
                    "minItems", 1, "items", reference_to (name));
}

/* What runbook.c, clause.c, step.c, site.c and scenario*.c read by hand. */
static json_t *
special_schema (const Writer *writer, const Field *field)
{
  const char *name = field->name;
  if (strcmp (name, "id") == 0)
    return json_pack ("{s:[ss],s:s}", "type", "string", "integer", "pattern",
                      "^[A-Za-z0-9][A-Za-z0-9-]{0,63}$");
  if (strcmp (name, "when") == 0 || strcmp (name, "not") == 0)
    return reference_to ("when");
  if (strcmp (name, "platform") == 0)
    return reference_to ("platform");
  if (strcmp (name, "steps") == 0)
    return json_pack ("{s:s,s:i,s:{s:[oo]}}", "type", "array", "minItems", 1, "items",
                      "anyOf", reference_to ("step"), reference_to ("include"));
  if (strcmp (name, "accept") == 0)
    return json_pack ("{s:[ss],s:s,s:o}", "type", "string", "integer", "pattern",
                      "^[A-Za-z0-9][A-Za-z0-9-]{0,63}$", "not",
                      words_schema (clause_answer_words));
  if (strcmp (name, "record") == 0)
    return json_pack ("{s:[o{s:s,s:i,s:o}]}", "anyOf", words_schema (runbook_records),
                      "type", "array", "minItems", 1, "items",
                      words_schema (runbook_records));
  if (strcmp (name, "with") == 0)
    return json_pack ("{s:s,s:o}", "type", "object", "additionalProperties",
                      scalar_schema ());
  json_t *entry = object_schema (writer, field->fields);
  if (strcmp (name, "events") == 0)
    return json_pack ("{s:s,s:o}", "type", "array", "items", entry);
  /* vars, services, queues */
  json_object_set_new (entry, "type", json_pack ("[ss]", "object", "null"));
  return json_pack ("{s:s,s:o}", "type", "object", "additionalProperties", entry);
}

static json_t *
map_schema (const Field *field)
{
  json_t *schema =
      json_pack ("{s:s,s:o}", "type", "object", "additionalProperties", scalar_schema ());
  if (field->choices)
    json_object_set_new (schema, "propertyNames", words_schema (field->choices));
  return schema;
}

static json_t *
value_schema (const Writer *writer, const Field *field)
{
  switch (field->type) {
  case FIELD_PORT:
  case FIELD_COUNT:
    return or_variable (writer, whole_schema (field));
  case FIELD_AMOUNT:
    if (!field->choices)
      return or_variable (writer, whole_schema (field));
    return json_pack ("{s:[oo]}", "anyOf", words_schema (field->choices),
                      or_variable (writer, whole_schema (field)));
  case FIELD_SIZE:
    return json_pack ("{s:[ss]}", "type", "string", "integer");
  case FIELD_DURATION:
    return json_pack ("{s:[ss],s:s}", "type", "string", "integer", "pattern",
                      "^([0-9]+(d|h|m|s|ms))+$|^0$|" VARIABLE_PATTERN);
  case FIELD_YES:
    return or_variable (writer, json_pack ("{s:s}", "type", "boolean"));
  case FIELD_CHOICE:
    return or_variable (writer, words_schema (field->choices));
  case FIELD_SERVICES:
  case FIELD_WORDS:
    return list_schema (TRUE);
  case FIELD_ARGV:
    return list_schema (FALSE);
  case FIELD_TEXTMAP:
    return map_schema (field);
  case FIELD_OBJECT:
    return object_schema (writer, field->fields);
  case FIELD_CLAUSE:
    if (!field->choices)
      return reference_to ("action");
    return json_pack ("{s:[oo]}", "anyOf", words_schema (field->choices),
                      reference_to ("action"));
  case FIELD_CLAUSES:
    return clauses_schema (field->flags & FIELD_ACCEPTS ? "required-check" : "check");
  case FIELD_SPECIAL:
    return special_schema (writer, field);
  default:
    return scalar_schema ();
  }
}

static json_t *
object_schema (const Writer *writer, const Field *table)
{
  json_t *properties = json_object (), *required = json_array ();
  for (const Field *field = table; field && field->name; field++) {
    if (field->flags & FIELD_LATER)
      continue;
    json_t *schema = value_schema (writer, field);
    if (field->help)
      json_object_set_new (schema, "description", json_string (field->help));
    if (field->fallback)
      json_object_set_new (schema, "default", json_string (field->fallback));
    json_object_set_new (properties, field->name, schema);
    if (field->flags & FIELD_REQUIRED)
      json_array_append_new (required, json_string (field->name));
  }
  return json_pack ("{s:s,s:o,s:o,s:b}", "type", "object", "properties", properties,
                    "required", required, "additionalProperties", FALSE);
}

/* The settings of one kind: its mapping, its shorthand, or nothing. */
static json_t *
kind_schema (const Writer *writer, const KindSpec *kind)
{
  json_t *whole = object_schema (writer, kind->fields);
  const Field *shorthand =
      kind->shorthand ? field_find (kind->fields, kind->shorthand) : NULL;
  gboolean needs = json_array_size (json_object_get (whole, "required")) > 0;
  json_t *forms = json_pack ("[o]", whole);
  if (shorthand)
    json_array_append_new (forms, value_schema (writer, shorthand));
  if (!needs)
    json_array_append_new (forms, json_pack ("{s:s}", "type", "null"));
  return json_pack ("{s:o,s:s}", "anyOf", forms, "description", kind->help);
}

/* A mapping of platforms; `branches` names what may stand under each. */
static json_t *
platforms_schema (const Writer *writer, const char *branches)
{
  json_t *platforms = json_object ();
  for (const KindSpec *const *kind = writer->vocabulary->platforms; *kind; kind++)
    json_object_set_new (platforms, (*kind)->name, reference_to (branches));
  return json_pack ("{s:s,s:o,s:b,s:i}", "type", "object", "properties", platforms,
                    "additionalProperties", FALSE, "minProperties", 1);
}

/* A mapping of one kind; `branches` names what may stand under a platform. */
static json_t *
kinds_schema (const Writer *writer, const KindSpec *const *kinds, const char *branches)
{
  json_t *properties = json_object ();
  for (; *kinds; kinds++)
    if (!(*kinds)->later)
      json_object_set_new (properties, (*kinds)->name, kind_schema (writer, *kinds));
  json_t *one =
      json_pack ("{s:s,s:o,s:b,s:i,s:i}", "type", "object", "properties", properties,
                 "additionalProperties", FALSE, "minProperties", 1, "maxProperties", 1);
  if (!branches)
    return one;
  return json_pack ("{s:[oo]}", "anyOf", one, platforms_schema (writer, branches));
}

/* A check as it may stand under require: alone, with its accept word beside it, or that
 * for each platform. */
static json_t *
required_check_schema (const Writer *writer)
{
  const Field *accept = field_find (runbook_require_fields, "accept");
  json_t *word = special_schema (writer, accept);
  json_object_set_new (word, "description", json_string (accept->help));
  json_t *properties = json_pack ("{s:o}", accept->name, word);
  for (const KindSpec *const *kind = writer->vocabulary->checks; *kind; kind++) {
    g_autofree char *path =
        g_strdup_printf ("check/anyOf/0/properties/%s", (*kind)->name);
    if (!(*kind)->later)
      json_object_set_new (properties, (*kind)->name, reference_to (path));
  }
  json_t *accepted =
      json_pack ("{s:s,s:o,s:b,s:[s],s:i,s:i}", "type", "object", "properties",
                 properties, "additionalProperties", FALSE, "required", accept->name,
                 "minProperties", 2, "maxProperties", 2);
  return json_pack ("{s:[ooo]}", "anyOf", reference_to ("check"), accepted,
                    platforms_schema (writer, "required-check"));
}

static json_t *
finish (json_t *schema, const char *title, json_t *definitions)
{
  json_object_set_new (schema, "$schema",
                       json_string ("https://json-schema.org/draft/2020-12/schema"));
  json_object_set_new (schema, "title", json_string (title));
  json_object_set_new (schema, "$defs", definitions);
  return schema;
}

json_t *
reference_runbook_schema (const Vocabulary *vocabulary)
{
  const Writer writer = { vocabulary, TRUE };
  json_t *include = object_schema (&writer, runbook_include_fields);
  json_t *definitions =
      json_pack ("{s:o,s:o,s:o,s:o,s:o,s:{s:s,s:{s:o},s:[s],s:b}}", "step",
                 object_schema (&writer, runbook_step_fields), "when",
                 object_schema (&writer, runbook_when_fields), "check",
                 kinds_schema (&writer, vocabulary->checks, "check"), "required-check",
                 required_check_schema (&writer), "action",
                 kinds_schema (&writer, vocabulary->actions, "action"), "include", "type",
                 "object", "properties", "include", include, "required", "include",
                 "additionalProperties", FALSE);
  return finish (object_schema (&writer, runbook_fields), "A handrail runbook",
                 definitions);
}

json_t *
reference_site_schema (const Vocabulary *vocabulary)
{
  const Writer writer = { vocabulary, FALSE };
  json_t *definitions = json_pack ("{s:o}", "platform",
                                   kinds_schema (&writer, vocabulary->platforms, NULL));
  return finish (object_schema (&writer, site_fields), "A handrail site", definitions);
}

json_t *
reference_scenario_schema (void)
{
  const Writer writer = { NULL, FALSE };
  return finish (object_schema (&writer, scenario_fields), "A handrail practice scenario",
                 json_object ());
}
