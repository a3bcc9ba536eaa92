/* include.c: another runbook's steps in the place of an `include`. */
#include <string.h>

#include "core/runbook/load.h"

typedef struct {
  char *file;
  GStrv except;
} Include;

const Field runbook_include_fields[] = {
  { .name = "file",
    .type = FIELD_PATH,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (Include, file),
    .help = "The other runbook, beside this one" },
  { .name = "except",
    .type = FIELD_WORDS,
    .offset = G_STRUCT_OFFSET (Include, except),
    .help = "Ids of steps to leave out" },
  { .name = "with",
    .type = FIELD_SPECIAL,
    .help = "Values for the other runbook's variables; those of the same name are passed "
            "on" },
  { 0 },
};

static void
given_free (gpointer data)
{
  Given *given = data;
  g_free (given->text);
  g_free (given);
}

static void
with_read (Reader *reader, const Field *field, const TreeNode *node, void *settings)
{
  const File *file = reader->data;
  (void)settings;
  if (node->type != TREE_MAPPING) {
    problems_add (reader->problems, node->place, "\"%s\" is %s; write a mapping of names",
                  field->name, tree_type_name (node));
    return;
  }
  for (guint i = 0; i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    const TreeNode *value = g_ptr_array_index (node->values, i);
    g_auto (Substituted) text = { 0 };
    if (value->type == TREE_SCALAR && !tree_is_null (value))
      variables_substitute (reader->variables, value->text, FALSE, &text);
    else
      text.problem = g_strdup_printf ("\"%.60s\" is %s; write a single value", key->text,
                                      tree_type_name (value));
    if (text.problem)
      problems_add (reader->problems, value->place, "%s", text.problem);
    Given *given = g_new0 (Given, 1);
    given->place = value->place;
    given->text = text.missing || text.problem ? NULL : g_steal_pointer (&text.text);
    g_hash_table_insert (file->with, g_strdup (key->text), given);
  }
}

/* The name of `other` as seen from where `name` is, without "x/.." in it, so that
 * one file has one name. */
static char *
beside (const char *name, const char *other)
{
  g_autofree char *folder = g_path_get_dirname (name);
  g_autofree char *path = g_path_is_absolute (other) || !strchr (name, '/')
                              ? g_strdup (other)
                              : g_build_filename (folder, other, NULL);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  for (guint i = 0; parts[i]; i++) {
    const char *last = kept->len > 0 ? g_ptr_array_index (kept, kept->len - 1) : "..";
    gboolean back = strcmp (parts[i], "..") == 0 && *last && strcmp (last, "..") != 0;
    if (back)
      g_ptr_array_set_size (kept, (int)kept->len - 1);
    else if (strcmp (parts[i], ".") != 0 && (*parts[i] || i == 0))
      g_ptr_array_add (kept, parts[i]);
  }
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **)kept->pdata);
}

/* FALSE, with a problem, when `name` must not be read from here. */
static gboolean
may_include (const File *file, const char *name, Place place)
{
  guint depth = 0;
  for (const File *outer = file; outer; outer = outer->parent, depth++)
    if (strcmp (outer->name, name) == 0) {
      problems_add (
          file->load->problems, place,
          "including %s makes a circle: it includes this file again; remove one of "
          "the two",
          name);
      return FALSE;
    }
  if (depth > RUNBOOK_INCLUDE_DEPTH_MAX) {
    problems_add (
        file->load->problems, place,
        "includes nest deeper than %d files; include %s from a file further out",
        RUNBOOK_INCLUDE_DEPTH_MAX, name);
    return FALSE;
  }
  return TRUE;
}

static void
check_except (const File *file, const TreeNode *node)
{
  for (guint i = 0; file->except && i < file->except->len; i++) {
    const char *id = g_ptr_array_index (file->except, i);
    const TreeNode *list = tree_get (node, "except");
    const TreeNode *item = list->type == TREE_SEQUENCE && i < list->values->len
                               ? g_ptr_array_index (list->values, i)
                               : list;
    if (!g_hash_table_contains (file->left_out, id))
      problems_add (file->load->problems, item->place,
                    "%s has no step \"%s\"; name one of its ids, or remove this",
                    file->name, id);
  }
}

static void
check_with (const File *file)
{
  GHashTableIter iter;
  gpointer name, given;
  g_hash_table_iter_init (&iter, file->with);
  while (g_hash_table_iter_next (&iter, &name, &given)) {
    if (variables_get (file->variables, name))
      continue;
    const char *nearest = variables_nearest (file->variables, name);
    Place place = ((const Given *)given)->place;
    if (nearest)
      problems_add (file->load->problems, place,
                    "%s has no variable \"%s\"; did you mean \"%s\"?", file->name,
                    (const char *)name, nearest);
    else
      problems_add (file->load->problems, place, "%s has no variable \"%s\"; remove it",
                    file->name, (const char *)name);
  }
}

/* What the included file leaves open must come from somewhere. */
static void
check_values (const File *file)
{
  for (guint i = 0; i < file->variables->list->len; i++) {
    const Variable *variable = g_ptr_array_index (file->variables->list, i);
    Variable *outer = variables_get (file->parent->variables, variable->name);
    if (outer && variable->asked)
      outer->asked = TRUE;
    if (!variable->value && !variable->asked && !outer &&
        !g_hash_table_contains (file->with, variable->name))
      problems_add (file->load->problems, file->place,
                    "%s needs a value for its variable \"%s\"; add with: {%s: …}",
                    file->name, variable->name, variable->name);
  }
}

static void
splice (File *parent, const Include *include, GHashTable *with, const TreeNode *node)
{
  g_autofree char *name = beside (parent->name, include->file);
  Place place = tree_get (node, "file")->place;
  if (!may_include (parent, name, place))
    return;
  File file = {
    .load = parent->load, .parent = parent, .name = name, .place = place, .with = with
  };
  file.variables = variables_new ();
  file.left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (include->except) {
    file.except = g_ptr_array_new ();
    for (char **id = include->except; *id; id++)
      g_ptr_array_add (file.except, *id);
  }
  RunbookHead head = { 0 };
  load_file (&file, &head);
  if (head.format == RUNBOOK_FORMAT) { /* it was read: what is said of it can be judged */
    check_except (&file, node);
    check_with (&file);
    check_values (&file);
  }
  field_clear (runbook_fields, &head);
  g_hash_table_unref (file.left_out);
  g_clear_pointer (&file.except, g_ptr_array_unref);
  variables_free (file.variables);
}

void
include_read (File *file, Reader *reader, const TreeNode *item, const TreeNode *node)
{
  Include include = { 0 };
  g_autoptr (GHashTable) with =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, given_free);
  File scratch = { .load = file->load, .with = with };
  Reader inner = *reader;
  inner.special = with_read;
  inner.data = &scratch;
  if (item->keys->len > 1)
    problems_add (reader->problems, item->place,
                  "\"include\" stands alone; make the other keys a step of their own");
  reader_read (&inner, "include", runbook_include_fields, node, &include);
  if (include.file)
    splice (file, &include, with, node);
  field_clear (runbook_include_fields, &include);
}
