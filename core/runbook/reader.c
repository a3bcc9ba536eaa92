#include "core/runbook/reader.h"

#include <string.h>

#include "core/base/text.h"

#define AT(type, settings, field) \
  ((type *)((void *)((char *)(settings) + (field)->offset)))

/* A scalar on its way into a field. */
typedef struct {
  const char *text; /* in `substituted` or in the tree */
  gboolean put_off; /* uses a variable without value: cannot be judged yet */
  Substituted substituted;
} Scalar;

static void
scalar_clear (Scalar *scalar)
{
  substituted_clear (&scalar->substituted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scalar, scalar_clear)

/* ---- problems ------------------------------------------------------------- */

void
reader_add_unknown (Reader *reader, Place place, const char *what, const char *word,
                    const char *const *candidates)
{
  const char *nearest = text_nearest (word, candidates);
  g_autofree char *known = text_list (candidates, "or");
  if (nearest)
    problems_add (reader->problems, place, "unknown %s \"%.60s\"; did you mean \"%s\"?",
                  what, word, nearest);
  else if (candidates[0])
    problems_add (reader->problems, place, "unknown %s \"%.60s\"; write %s", what, word,
                  known);
  else
    problems_add (reader->problems, place, "unknown %s \"%.60s\"; remove it", what, word);
}

const char **
reader_names (const Field *table)
{
  GPtrArray *names = g_ptr_array_new ();
  for (const Field *field = table; field->name; field++)
    g_ptr_array_add (names, (gpointer)field->name);
  g_ptr_array_add (names, NULL);
  return (const char **)g_ptr_array_free (names, FALSE);
}

static void
add_wrong_type (Reader *reader, const Field *field, const TreeNode *node)
{
  g_autofree char *choices = field->choices ? field_choice_words (field) : NULL;
  const char *words = field->type == FIELD_CHOICE ? choices : field_type_words (field);
  problems_add (reader->problems, node->place, "\"%s\" is %s; write %s", field->name,
                tree_type_name (node), words);
}

/* ---- scalars -------------------------------------------------------------- */

static void
add_missing (Reader *reader, const char *name)
{
  if (reader->missing &&
      !g_ptr_array_find_with_equal_func (reader->missing, name, g_str_equal, NULL))
    g_ptr_array_add (reader->missing, g_strdup (name));
}

static void
count_missing (Reader *reader, const Substituted *substituted)
{
  for (guint i = 0; i < substituted->missing->len; i++)
    add_missing (reader, g_ptr_array_index (substituted->missing, i));
}

/* FALSE, with a problem, when `node` is no scalar or uses variables wrongly. */
static gboolean
scalar_read (Reader *reader, const Field *field, const TreeNode *node, Scalar *scalar)
{
  if (node->type != TREE_SCALAR || tree_is_null (node)) {
    add_wrong_type (reader, field, node);
    return FALSE;
  }
  scalar->text = node->text;
  if (!reader->variables || !variables_occur (node->text))
    return TRUE;
  Substituted *substituted = &scalar->substituted;
  variables_substitute (reader->variables, node->text, field->type == FIELD_PATTERN,
                        substituted);
  if (substituted->problem) {
    problems_add (reader->problems, node->place, "%s", substituted->problem);
    return FALSE;
  }
  const Variable *sole = substituted->sole;
  if (sole && !variable_fits (sole, field->type)) {
    problems_add (reader->problems, node->place,
                  "the variable \"%s\" is a %s, which does not fit \"%s\"; it takes %s",
                  sole->name, runbook_variable_types[sole->type], field->name,
                  field_type_words (field));
    return FALSE;
  }
  if (substituted->missing)
    count_missing (reader, substituted);
  scalar->put_off = substituted->missing != NULL;
  scalar->text = substituted->text;
  return TRUE;
}

static void
check_service (Reader *reader, const char *name, Place place)
{
  const Site *site = reader->site;
  if (!site || reader->elsewhere || site_service (site, name))
    return;
  g_autofree const char **names = g_new0 (const char *, site->services->len + 1);
  for (guint i = 0; i < site->services->len; i++)
    names[i] = ((const SiteService *)g_ptr_array_index (site->services, i))->name;
  const char *nearest = text_nearest (name, names);
  if (nearest)
    problems_add (reader->problems, place,
                  "%s has no service \"%s\"; did you mean \"%s\"?", site->name, name,
                  nearest);
  else
    problems_add (reader->problems, place,
                  "%s has no service \"%s\"; add it to the site file, or give the step "
                  "when: {service: %s}",
                  site->name, name, name);
}

/* A text as `field` wants it, newly allocated, or NULL with a problem. */
static char *
text_read (Reader *reader, const Field *field, const TreeNode *node)
{
  g_auto (Scalar) scalar = { 0 };
  if (!scalar_read (reader, field, node, &scalar))
    return NULL;
  if (scalar.put_off)
    return g_strdup (scalar.text);
  g_autofree char *wrong = field_text_problem (field, scalar.text);
  /* A step that is left out when a variable says "none" has no use for that value. */
  const Variable *sole = scalar.substituted.sole;
  if (wrong && reader->elsewhere && sole) {
    add_missing (reader, sole->name);
    return g_strdup (scalar.text);
  }
  if (!wrong && field->type == FIELD_ARGV && *scalar.text == '-' &&
      scalar.substituted.begins_with_value)
    wrong =
        g_strdup_printf ("would get the option \"%.60s\" out of a variable; write the "
                         "option itself here, or another value",
                         scalar.text);
  if (wrong) {
    problems_add (reader->problems, node->place, "\"%s\" %s", field->name, wrong);
    return NULL;
  }
  gboolean may_lack = field->type == FIELD_SERVICES && reader->optional &&
                      g_hash_table_contains (reader->optional, scalar.text);
  if (field->type == FIELD_SERVICE || (field->type == FIELD_SERVICES && !may_lack))
    check_service (reader, scalar.text, node->place);
  return g_strdup (scalar.text);
}

static void
number_read (Reader *reader, const Field *field, const TreeNode *node, gint64 *number)
{
  g_auto (Scalar) scalar = { 0 };
  if (!scalar_read (reader, field, node, &scalar) || scalar.put_off)
    return;
  g_autofree char *wrong = field_read_number (field, scalar.text, number);
  if (wrong)
    problems_add (reader->problems, node->place, "\"%s\" %s", field->name, wrong);
}

static void
yes_read (Reader *reader, const Field *field, const TreeNode *node, gboolean *yes)
{
  g_auto (Scalar) scalar = { 0 };
  if (!scalar_read (reader, field, node, &scalar) || scalar.put_off)
    return;
  if (strcmp (scalar.text, "true") != 0 && strcmp (scalar.text, "false") != 0)
    problems_add (reader->problems, node->place,
                  "\"%s\" is \"%.60s\"; write true or false", field->name, scalar.text);
  else
    *yes = scalar.text[0] == 't';
}

static void
choice_read (Reader *reader, const Field *field, const TreeNode *node, int *choice)
{
  g_auto (Scalar) scalar = { 0 };
  if (!scalar_read (reader, field, node, &scalar) || scalar.put_off)
    return;
  for (int i = 0; field->choices[i]; i++)
    if (strcmp (scalar.text, field->choices[i]) == 0) {
      *choice = i;
      return;
    }
  g_autofree char *words = field_choice_words (field);
  problems_add (reader->problems, node->place, "\"%s\" is \"%.60s\"; write %s",
                field->name, scalar.text, words);
}

static void
amount_read (Reader *reader, const Field *field, const TreeNode *node, Amount *amount)
{
  g_auto (Scalar) scalar = { 0 };
  if (!scalar_read (reader, field, node, &scalar) || scalar.put_off)
    return;
  if (reader->implied && strcmp (scalar.text, "planned") == 0) {
    amount->type = AMOUNT_PLANNED;
    return;
  }
  gboolean word = field->choices && g_strv_contains (field->choices, scalar.text);
  if (word && strcmp (scalar.text, "recorded") == 0) {
    amount->type = AMOUNT_RECORDED;
    return;
  }
  gint64 number = 0;
  g_autofree char *wrong = field_read_number (field, scalar.text, &number);
  if (!wrong)
    *amount = (Amount){ AMOUNT_NUMBER, number };
  else
    problems_add (reader->problems, node->place, "\"%s\" %s%s", field->name, wrong,
                  field->choices ? " or recorded" : "");
}

static void
pattern_read (Reader *reader, const Field *field, const TreeNode *node, Pattern **pattern)
{
  g_auto (Scalar) scalar = { 0 };
  g_autoptr (GError) error = NULL;
  if (!scalar_read (reader, field, node, &scalar) || scalar.put_off)
    return;
  g_clear_pointer (pattern, pattern_free);
  *pattern = pattern_new (scalar.text, &error);
  if (!*pattern)
    problems_add (reader->problems, node->place, "\"%s\" is no regular expression: %s",
                  field->name, error->message);
}

/* ---- collections ---------------------------------------------------------- */

static void
list_read (Reader *reader, const Field *field, const TreeNode *node, GStrv *list)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);
  gboolean one = node->type == TREE_SCALAR && field->type != FIELD_ARGV;
  if (!one && node->type != TREE_SEQUENCE) {
    add_wrong_type (reader, field, node);
    return;
  }
  guint count = one ? 1 : node->values->len;
  if (count == 0)
    problems_add (reader->problems, node->place, "\"%s\" is empty; write %s", field->name,
                  field_type_words (field));
  for (guint i = 0; i < count; i++) {
    const TreeNode *item = one ? node : g_ptr_array_index (node->values, i);
    char *text = text_read (reader, field, item);
    if (text && i == 0 && field->type == FIELD_ARGV && (*text == '\0' || *text == '-'))
      problems_add (
          reader->problems, item->place,
          "\"%s\" begins with \"%.60s\", which is no program; write the program "
          "first",
          field->name, text);
    if (text)
      g_ptr_array_add (items, text);
  }
  if (items->len == 0)
    return;
  g_ptr_array_add (items, NULL);
  g_strfreev (*list);
  *list = (GStrv)g_ptr_array_steal (items, NULL);
}

static void
textmap_read (Reader *reader, const Field *field, const TreeNode *node, GHashTable **map)
{
  if (node->type != TREE_MAPPING) {
    if (!tree_is_null (node))
      add_wrong_type (reader, field, node);
    return;
  }
  const Field text = { .name = field->name, .type = FIELD_TEXT };
  for (guint i = 0; i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    if (field->choices && !g_strv_contains (field->choices, key->text)) {
      reader_add_unknown (reader, key->place, "key", key->text, field->choices);
      continue;
    }
    Field named = text;
    named.name = key->text;
    char *value = text_read (reader, &named, g_ptr_array_index (node->values, i));
    if (!*map)
      *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    if (value)
      g_hash_table_insert (*map, g_strdup (key->text), value);
  }
}

static void
object_read (Reader *reader, const Field *field, const TreeNode *node, void **object)
{
  if (*object)
    field_clear (field->fields, *object);
  g_free (*object);
  *object = g_malloc0 (field->size);
  reader_read (reader, field->name, field->fields, node, *object);
}

static void
clause_read (Reader *reader, const Field *field, const TreeNode *node, Clause **clause)
{
  if (field->choices && node->type == TREE_SCALAR &&
      g_strv_contains (field->choices, node->text))
    return;
  clause_free (*clause);
  *clause = reader_read_clause (reader, TRUE, node);
}

static void
checks_read (Reader *reader, const Field *field, const TreeNode *node, GPtrArray **checks)
{
  Reader inner = *reader;
  inner.accepts = (field->flags & FIELD_ACCEPTS) != 0;
  g_clear_pointer (checks, g_ptr_array_unref);
  *checks = reader_read_checks (&inner, field->name, node);
}

void
reader_read_value (Reader *reader, const Field *field, const TreeNode *node,
                   void *settings)
{
  char *text;
  switch (field->type) {
  case FIELD_TEXT:
  case FIELD_WORD:
  case FIELD_HOST:
  case FIELD_PATH:
  case FIELD_URL:
  case FIELD_REDIS:
  case FIELD_SERVICE:
  case FIELD_SCALAR:
    text = text_read (reader, field, node);
    if (text) {
      g_free (*AT (char *, settings, field));
      *AT (char *, settings, field) = text;
    }
    break;
  case FIELD_PORT:
  case FIELD_COUNT:
  case FIELD_DURATION:
  case FIELD_SIZE:
    number_read (reader, field, node, AT (gint64, settings, field));
    break;
  case FIELD_YES:
    yes_read (reader, field, node, AT (gboolean, settings, field));
    break;
  case FIELD_CHOICE:
    choice_read (reader, field, node, AT (int, settings, field));
    break;
  case FIELD_PATTERN:
    pattern_read (reader, field, node, AT (Pattern *, settings, field));
    break;
  case FIELD_AMOUNT:
    amount_read (reader, field, node, AT (Amount, settings, field));
    break;
  case FIELD_SERVICES:
  case FIELD_WORDS:
  case FIELD_ARGV:
    list_read (reader, field, node, AT (GStrv, settings, field));
    break;
  case FIELD_TEXTMAP:
    textmap_read (reader, field, node, AT (GHashTable *, settings, field));
    break;
  case FIELD_OBJECT:
    object_read (reader, field, node, AT (void *, settings, field));
    break;
  case FIELD_CLAUSE:
    clause_read (reader, field, node, AT (Clause *, settings, field));
    break;
  case FIELD_CLAUSES:
    checks_read (reader, field, node, AT (GPtrArray *, settings, field));
    break;
  case FIELD_SPECIAL:
    reader->special (reader, field, node, settings);
    break;
  }
}

/* ---- mappings ------------------------------------------------------------- */

static void
set_unset (const Field *field, void *settings)
{
  switch (field->type) {
  case FIELD_PORT:
  case FIELD_COUNT:
  case FIELD_DURATION:
  case FIELD_SIZE:
    *AT (gint64, settings, field) = FIELD_UNSET;
    break;
  case FIELD_CHOICE:
    *AT (int, settings, field) = -1;
    break;
  case FIELD_CLAUSES:
    *AT (GPtrArray *, settings, field) =
        g_ptr_array_new_with_free_func ((GDestroyNotify)clause_free);
    break;
  default:
    break;
  }
}

void
reader_set_defaults (Reader *reader, const Field *table, void *settings)
{
  for (const Field *field = table; field->name; field++) {
    if (field->flags & FIELD_LATER)
      continue;
    set_unset (field, settings);
    if (!field->fallback || field->type == FIELD_SPECIAL)
      continue;
    char *text = (char *)field->fallback;
    TreeNode node = { .type = TREE_SCALAR, .plain = TRUE, .text = text };
    Site *const no_site = NULL;
    Reader plain = *reader;
    plain.variables = NULL;
    plain.site = no_site;
    reader_read_value (&plain, field, &node, settings);
  }
}

static void
read_key (Reader *reader, const Field *field, const TreeNode *key, const TreeNode *value,
          void *settings)
{
  if (field->flags & FIELD_LATER)
    problems_add (reader->problems, key->place,
                  "\"%s\" is not in this version of handrail; remove it", field->name);
  else
    reader_read_value (reader, field, value, settings);
}

/* Reads the keys that are there; bit n of what it returns: the n-th of the table was. */
static guint64
read_keys (Reader *reader, const Field *table, const TreeNode *node, void *settings)
{
  guint64 seen = 0;
  for (guint i = 0; node->keys && i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    const Field *field = field_find (table, key->text);
    if (field) {
      seen |= G_GUINT64_CONSTANT (1) << (field - table);
      read_key (reader, field, key, g_ptr_array_index (node->values, i), settings);
      continue;
    }
    g_autofree const char **names = reader_names (table);
    reader_add_unknown (reader, key->place, "key", key->text, names);
  }
  return seen;
}

/* FALSE with a problem where it is none; nothing at all is one without keys. */
static gboolean
is_mapping (Reader *reader, const char *what, const TreeNode *node)
{
  if (node->type == TREE_MAPPING || tree_is_null (node))
    return TRUE;
  problems_add (reader->problems, node->place, "\"%s\" is %s; write a mapping of keys",
                what, tree_type_name (node));
  return FALSE;
}

void
reader_read_over (Reader *reader, const char *what, const Field *table,
                  const TreeNode *node, void *settings)
{
  if (is_mapping (reader, what, node))
    read_keys (reader, table, node, settings);
}

void
reader_read (Reader *reader, const char *what, const Field *table, const TreeNode *node,
             void *settings)
{
  reader_set_defaults (reader, table, settings);
  if (!is_mapping (reader, what, node))
    return;
  guint64 seen = read_keys (reader, table, node, settings);
  for (const Field *field = table; field->name; field++)
    if ((field->flags & FIELD_REQUIRED) && !(seen >> (field - table) & 1))
      problems_add (reader->problems, node->place,
                    "\"%s\" lacks the key \"%s\"; add it: %s", what, field->name,
                    field->type == FIELD_SPECIAL ? field->help
                                                 : field_type_words (field));
}

gboolean
reader_check_format (Problems *problems, const TreeNode *root, Place whole,
                     const ReaderFormat *format)
{
  const TreeNode *said = tree_get (root, format->key);
  if (root->type != TREE_MAPPING)
    problems_add (problems, root->place,
                  "%s is a mapping, not %s; begin it with \"%s: %s\"", format->what,
                  tree_type_name (root), format->key, format->format);
  else if (!said && tree_get (root, format->other_key))
    problems_add (problems, whole, "this is %s, not %s; %s begins with \"%s: %s\"",
                  format->other, format->what, format->what, format->key, format->format);
  else if (said && said->type == TREE_SCALAR && strcmp (said->text, format->format) != 0)
    problems_add (
        problems, said->place,
        "the format is \"%.20s\", and this version of handrail reads format %s; "
        "write %s, or use a newer handrail",
        said->text, format->format, format->format);
  else
    return TRUE;
  return FALSE;
}
