/* variables_read.c: the variables that a runbook declares, and what gives them values. */
#include <string.h>

#include "core/runbook/load.h"

const Field runbook_variable_fields[] = {
  { .name = "type",
    .type = FIELD_CHOICE,
    .offset = G_STRUCT_OFFSET (Variable, type),
    .choices = runbook_variable_types,
    .fallback = "text",
    .help = "What a value is" },
  { .name = "default",
    .type = FIELD_SCALAR,
    .offset = G_STRUCT_OFFSET (Variable, fallback),
    .help = "The value unless --set, an answer or an include gives another" },
  { .name = "min",
    .type = FIELD_SCALAR,
    .offset = G_STRUCT_OFFSET (Variable, min),
    .help = "The least value of a number, duration or size" },
  { .name = "max",
    .type = FIELD_SCALAR,
    .offset = G_STRUCT_OFFSET (Variable, max),
    .help = "The greatest value of a number, duration or size" },
  { .name = "about",
    .type = FIELD_TEXT,
    .offset = G_STRUCT_OFFSET (Variable, about),
    .help = "What it is for" },
  { 0 },
};

static gboolean
is_bounded (const Variable *variable)
{
  return variable->type == VARIABLE_PORT || variable->type == VARIABLE_COUNT ||
         variable->type == VARIABLE_DURATION || variable->type == VARIABLE_SIZE;
}

static void
check_value (File *file, const Variable *variable, Place place, const char *what,
             const char *text)
{
  g_autofree char *wrong = text ? variable_problem (variable, text) : NULL;
  if (wrong)
    problems_add (file->load->problems, place, "%s %s", what, wrong);
}

static void
check_bounds (File *file, Variable *variable, const TreeNode *node)
{
  char **bounds[] = { &variable->min, &variable->max };
  static const char *const names[] = { "min", "max" };
  const Variable unbounded = { .name = variable->name, .type = variable->type };
  for (guint i = 0; i < 2; i++) {
    if (!*bounds[i])
      continue;
    Place place = tree_get (node, names[i])->place;
    g_autofree char *wrong = variable_problem (&unbounded, *bounds[i]);
    if (!is_bounded (variable))
      problems_add (file->load->problems, place,
                    "\"%s\" means nothing for a %s; remove it", names[i],
                    runbook_variable_types[variable->type]);
    else if (wrong)
      problems_add (file->load->problems, place, "\"%s\" %s", names[i], wrong);
    if (!is_bounded (variable) || wrong)
      g_clear_pointer (bounds[i], g_free);
  }
  Field field = variable_field (variable);
  if (variable->min && variable->max && field.max < field.min) {
    problems_add (file->load->problems, tree_get (node, "max")->place,
                  "\"max\" is below \"min\"; write a greater one");
    g_clear_pointer (&variable->max, g_free);
  }
}

/* The value that holds here, by rank: given by the include, answered, set on the
 * command line or held by the including file, the default. */
static void
find_value (File *file, Variable *variable)
{
  const RunbookOptions *options = file->load->options;
  const Place set = { g_intern_static_string ("--set"), 0, 0 };
  const Place answer = { g_intern_static_string ("answer"), 0, 0 };
  const Given *given =
      file->with ? g_hash_table_lookup (file->with, variable->name) : NULL;
  const Variable *outer =
      file->parent ? variables_get (file->parent->variables, variable->name) : NULL;
  const char *value = variable->fallback;
  const char *text;
  Place place = variable->place;
  if (given) {
    value = given->text;
    place = given->place;
  } else if (options->answers &&
             (text = g_hash_table_lookup (options->answers, variable->name))) {
    value = text;
    place = answer;
  } else if (outer && (outer->value || outer->asked)) {
    value = outer->value;
    place = file->place;
  } else if (!file->parent && options->settings &&
             (text = g_hash_table_lookup (options->settings, variable->name))) {
    value = text;
    place = set;
  }
  gboolean answered =
      options->answers && g_hash_table_contains (options->answers, variable->name);
  variable->settable =
      !given && !answered && (file->parent ? outer && outer->settable : TRUE);
  if (value != variable->fallback)
    check_value (file, variable, place, variable->name, value);
  variable->value = g_strdup (value);
}

static void
variable_read (File *file, Reader *reader, const TreeNode *key, const TreeNode *node)
{
  static const Field word = { .name = "vars", .type = FIELD_WORD };
  Variable *variable = g_new0 (Variable, 1);
  g_autofree char *wrong = field_text_problem (&word, key->text);
  if (wrong || strchr (key->text, '.'))
    problems_add (
        file->load->problems, key->place,
        "\"%.60s\" is no name of a variable; write letters, digits, \"_\" and \"-\"",
        key->text);
  reader_read (reader, key->text, runbook_variable_fields, node, variable);
  variable->name = g_strdup (key->text);
  variable->place = key->place;
  check_bounds (file, variable, node);
  const TreeNode *fallback = tree_get (node, "default");
  if (fallback && variable->fallback)
    check_value (file, variable, fallback->place, "\"default\"", variable->fallback);
  find_value (file, variable);
  variables_add (file->variables, variable);
}

void
variables_read (File *file, const TreeNode *node)
{
  Reader reader = { .problems = file->load->problems,
                    .vocabulary = file->load->options->vocabulary };
  if (tree_is_null (node))
    return;
  if (node->type != TREE_MAPPING) {
    problems_add (file->load->problems, node->place,
                  "\"vars\" is %s; write a mapping of names", tree_type_name (node));
    return;
  }
  for (guint i = 0; i < node->keys->len; i++)
    variable_read (file, &reader, g_ptr_array_index (node->keys, i),
                   g_ptr_array_index (node->values, i));
}

/* A variable that an `ask` fills need not be declared: it is a text then. A name that is
 * nearly a declared one is a slip, which check_into() names. */
static void
variable_declare_asked (File *file, const TreeNode *step)
{
  const TreeNode *into = tree_get (tree_get (step, "ask"), "into");
  static const Field word = { .name = "into", .type = FIELD_WORD };
  if (!into || into->type != TREE_SCALAR || variables_get (file->variables, into->text))
    return;
  g_autofree char *wrong = field_text_problem (&word, into->text);
  const char *nearest = variables_nearest (file->variables, into->text);
  gboolean slip = nearest && !variables_get (file->variables, nearest)->asked;
  if (wrong || slip || strchr (into->text, '.'))
    return;
  Variable *variable = g_new0 (Variable, 1);
  variable->name = g_strdup (into->text);
  variable->type = VARIABLE_TEXT;
  variable->asked = TRUE;
  variable->place = into->place;
  find_value (file, variable);
  variables_add (file->variables, variable);
}

void
variables_declare_asked (File *file, const TreeNode *steps)
{
  for (guint i = 0; steps->type == TREE_SEQUENCE && i < steps->values->len; i++)
    variable_declare_asked (file, g_ptr_array_index (steps->values, i));
}
