#include "core/runbook/runbook.h"

#include <string.h>

#include "core/base/text.h"
#include "core/runbook/reader.h"
#include "core/runbook/step.h"

#define FORMAT_TEXT G_STRINGIFY (RUNBOOK_FORMAT)

/* The keys of a runbook file that are read into a struct. */
typedef struct {
  gint64 format;
  char *title;
  char *about;
} RunbookHead;

const Field runbook_fields[] = {
  { .name = "handrail",
    .type = FIELD_COUNT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (RunbookHead, format),
    .min = RUNBOOK_FORMAT,
    .max = RUNBOOK_FORMAT,
    .help = "Format of the file" },
  { .name = "title",
    .type = FIELD_TEXT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (RunbookHead, title),
    .help = "What the procedure does" },
  { .name = "about",
    .type = FIELD_TEXT,
    .offset = G_STRUCT_OFFSET (RunbookHead, about),
    .help = "A sentence or two about it" },
  { .name = "vars",
    .type = FIELD_SPECIAL,
    .fields = runbook_variable_fields,
    .help = "Variables by name; ${name} stands for the value in any text below" },
  { .name = "steps",
    .type = FIELD_SPECIAL,
    .flags = FIELD_REQUIRED,
    .fields = runbook_step_fields,
    .help =
        "A list of steps; include: {file, except, with} stands for another runbook's" },
  { 0 },
};

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

/* One load: what its files have in common. */
typedef struct {
  const RunbookOptions *options;
  Problems *problems;
  Runbook *runbook;
  GHashTable *ids;           /* id → Step * */
  GHashTable *sources;       /* name → RunbookSource * */
  GHashTable *implied_texts; /* for Reader */
  guint files;               /* read so far, each include counted anew */
  gsize bytes;
  gboolean full; /* too many steps, said once */
} Load;

/* One file being read. */
typedef struct File File;
struct File {
  Load *load;
  const File *parent; /* the including one, or NULL */
  const char *name;
  Place place;          /* of the include; of the file for the outermost */
  GHashTable *with;     /* name → Given *, or NULL */
  GPtrArray *except;    /* char *; or NULL */
  GHashTable *left_out; /* those of `except` that were met */
  Variables *variables;
};

/* A value that an include gives: NULL text when it waits for an answer. */
typedef struct {
  char *text;
  Place place;
} Given;

static void file_read (File *file, RunbookHead *head);

static void
given_free (gpointer data)
{
  Given *given = data;
  g_free (given->text);
  g_free (given);
}

/* ---- variables ------------------------------------------------------------ */

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

static void
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

static void
variables_declare_asked (File *file, const TreeNode *steps)
{
  for (guint i = 0; steps->type == TREE_SEQUENCE && i < steps->values->len; i++)
    variable_declare_asked (file, g_ptr_array_index (steps->values, i));
}

/* ---- steps ---------------------------------------------------------------- */

static gboolean
is_left_out (File *file, const char *id)
{
  if (!id || !file->except ||
      !g_ptr_array_find_with_equal_func (file->except, id, g_str_equal, NULL))
    return FALSE;
  g_hash_table_add (file->left_out, g_strdup (id));
  return TRUE;
}

static void
add_step (File *file, const TreeNode *node, Step *step)
{
  Load *load = file->load;
  const Step *first = step->id ? g_hash_table_lookup (load->ids, step->id) : NULL;
  Place place = step->id ? tree_get (node, "id")->place : step->place;
  if (first && first->place.file == place.file)
    problems_add (load->problems, place,
                  "the id \"%s\" stands here twice, first on line %u; choose another",
                  step->id, first->place.line);
  else if (first)
    problems_add (
        load->problems, place,
        "the id \"%s\" is taken by line %u of %s; choose another, or leave that "
        "step out with except",
        step->id, first->place.line, first->place.file);
  if (step->id && !first)
    g_hash_table_insert (load->ids, step->id, step);
  if (step->id)
    g_ptr_array_add (load->runbook->steps, step);
  else
    step_free (step);
}

/* ---- includes ------------------------------------------------------------- */

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
  file_read (&file, &head);
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

static void
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

/* The services that the steps' `when` name: a site may lack them. */
static GHashTable *
optional_services (const TreeNode *steps)
{
  GHashTable *services = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; steps->values && i < steps->values->len; i++) {
    const TreeNode *when = tree_get (g_ptr_array_index (steps->values, i), "when");
    const TreeNode *service = when ? tree_get (when, "service") : NULL;
    if (service && service->type == TREE_SCALAR)
      g_hash_table_add (services, service->text);
  }
  return services;
}

static void
steps_read (File *file, const TreeNode *node)
{
  Load *load = file->load;
  g_autoptr (GHashTable) optional = optional_services (node);
  Reader reader = { .problems = load->problems,
                    .vocabulary = load->options->vocabulary,
                    .variables = file->variables,
                    .site = load->options->site,
                    .implied_texts = load->implied_texts,
                    .optional = optional };
  if (node->type != TREE_SEQUENCE) {
    problems_add (load->problems, node->place,
                  "\"steps\" is %s; write a list, each item "
                  "beginning with \"- id: …\"",
                  tree_type_name (node));
    return;
  }
  if (node->values->len == 0)
    problems_add (load->problems, node->place, "\"steps\" is empty; add a step");
  for (guint i = 0; i < node->values->len && !load->full; i++) {
    const TreeNode *item = g_ptr_array_index (node->values, i);
    const TreeNode *include = tree_get (item, "include");
    const TreeNode *id = tree_get (item, "id");
    if (include)
      include_read (file, &reader, item, include);
    else if (load->runbook->steps->len >= RUNBOOK_STEPS_MAX) {
      load->full = TRUE;
      problems_add (load->problems, item->place,
                    "the runbook has more than %d steps; split it", RUNBOOK_STEPS_MAX);
    } else if (!is_left_out (file, id ? id->text : NULL))
      add_step (file, item, step_read (&reader, item));
  }
}

/* ---- files ---------------------------------------------------------------- */

static RunbookSource *
fetch (File *file)
{
  Load *load = file->load;
  g_autoptr (GError) error = NULL;
  GBytes *bytes = NULL;
  RunbookSource *source = g_hash_table_lookup (load->sources, file->name);
  if (source)
    return source;
  if (!load->options->fetch (file->name, load->options->fetch_data, &bytes, &error)) {
    problems_add (load->problems, file->place, "%s cannot be read: %s; check the name",
                  file->name, error ? error->message : "there is no such file");
    return NULL;
  }
  source = g_new0 (RunbookSource, 1);
  source->name = g_strdup (file->name);
  source->bytes = bytes;
  source->digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_ptr_array_add (load->runbook->sources, source);
  g_hash_table_insert (load->sources, source->name, source);
  return source;
}

/* FALSE when the file is of another kind or format: reading on would mislead. */
static gboolean
check_format (Problems *problems, const TreeNode *root, Place whole)
{
  const TreeNode *format = tree_get (root, "handrail");
  if (root->type != TREE_MAPPING)
    problems_add (problems, root->place,
                  "a runbook is a mapping, not %s; begin it with \"handrail: 1\"",
                  tree_type_name (root));
  else if (!format && tree_get (root, "handrail-site"))
    problems_add (problems, whole,
                  "this is a site, not a runbook; a runbook begins with \"handrail: 1\"");
  else if (format && format->type == TREE_SCALAR &&
           strcmp (format->text, FORMAT_TEXT) != 0)
    problems_add (problems, format->place,
                  "the format is \"%.20s\", and this version of handrail reads format 1; "
                  "write 1, or use a newer handrail",
                  format->text);
  else
    return TRUE;
  return FALSE;
}

static void
special (Reader *reader, const Field *field, const TreeNode *node, void *settings)
{
  /* `vars` comes before `steps`, whatever their order in the file: see file_read(). */
  (void)reader, (void)field, (void)node, (void)settings;
}

static void
file_read (File *file, RunbookHead *head)
{
  Load *load = file->load;
  RunbookSource *source = fetch (file);
  gsize length = 0;
  if (!source)
    return;
  const char *bytes = g_bytes_get_data (source->bytes, &length);
  load->bytes += length;
  if (++load->files > RUNBOOK_SOURCES_MAX || load->bytes > TREE_BYTES_MAX) {
    problems_add (load->problems, file->place,
                  "the runbook includes more than %d files or 8 MiB; include fewer",
                  RUNBOOK_SOURCES_MAX);
    return;
  }
  g_autoptr (TreeDocument) document =
      tree_read (file->name, bytes ? bytes : "", length, load->problems);
  const Place whole = { g_intern_string (file->name), 0, 0 };
  if (!document || !check_format (load->problems, tree_root (document), whole))
    return;
  const TreeNode *root = tree_root (document);
  Reader reader = { .problems = load->problems, .special = special };
  reader_read (&reader, "the runbook", runbook_fields, root, head);
  head->format = RUNBOOK_FORMAT;
  const TreeNode *vars = tree_get (root, "vars");
  const TreeNode *steps = tree_get (root, "steps");
  if (vars)
    variables_read (file, vars);
  if (steps) {
    variables_declare_asked (file, steps);
    steps_read (file, steps);
  }
}

/* ---- runbooks ------------------------------------------------------------- */

static void
source_free (gpointer data)
{
  RunbookSource *source = data;
  g_free (source->name);
  g_free (source->digest);
  g_bytes_unref (source->bytes);
  g_free (source);
}

static char *
short_name (const char *file)
{
  char *name = g_path_get_basename (file);
  if (g_str_has_suffix (name, ".yaml"))
    name[strlen (name) - strlen (".yaml")] = '\0';
  return name;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
check_settings (Load *load, const Variables *variables)
{
  guint count = 0;
  const Place place = { g_intern_static_string ("--set"), 0, 0 };
  if (!load->options->settings)
    return;
  g_autofree gpointer *names =
      g_hash_table_get_keys_as_array (load->options->settings, &count);
  qsort (names, count, sizeof *names, compare_names);
  for (guint i = 0; i < count; i++) {
    if (strchr (names[i], '.') || variables_get (variables, names[i]))
      continue;
    const char *nearest = variables_nearest (variables, names[i]);
    if (nearest)
      problems_add (load->problems, place,
                    "unknown variable \"%s\"; did you mean \"%s\"?",
                    (const char *)names[i], nearest);
    else
      problems_add (load->problems, place,
                    "unknown variable \"%s\"; the runbook's vars say which there are",
                    (const char *)names[i]);
  }
}

Runbook *
runbook_load (const char *name, const RunbookOptions *options, Problems *problems)
{
  g_autoptr (Runbook) runbook = g_new0 (Runbook, 1);
  runbook->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_free);
  runbook->sources = g_ptr_array_new_with_free_func (source_free);
  Load load = { .options = options, .problems = problems, .runbook = runbook };
  load.ids = g_hash_table_new (g_str_hash, g_str_equal);
  load.sources = g_hash_table_new (g_str_hash, g_str_equal);
  load.implied_texts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tree_free);
  File file = { .load = &load, .name = name, .place = { g_intern_string (name), 0, 0 } };
  RunbookHead head = { 0 };
  file.variables = variables_new ();
  file_read (&file, &head);
  gboolean read = head.format == RUNBOOK_FORMAT;
  if (read)
    check_settings (&load, file.variables);
  runbook->name = short_name (name);
  runbook->title = g_steal_pointer (&head.title);
  runbook->about = g_steal_pointer (&head.about);
  runbook->variables = g_ptr_array_ref (file.variables->list);
  variables_free (file.variables);
  g_hash_table_unref (load.ids);
  g_hash_table_unref (load.sources);
  g_hash_table_unref (load.implied_texts);
  return read ? g_steal_pointer (&runbook) : NULL;
}

void
runbook_free (Runbook *runbook)
{
  if (!runbook)
    return;
  g_free (runbook->name);
  g_free (runbook->title);
  g_free (runbook->about);
  g_clear_pointer (&runbook->variables, g_ptr_array_unref);
  g_ptr_array_unref (runbook->steps);
  g_ptr_array_unref (runbook->sources);
  g_free (runbook);
}

const Variable *
runbook_missing (const Runbook *runbook)
{
  for (guint i = 0; i < runbook->variables->len; i++) {
    const Variable *variable = g_ptr_array_index (runbook->variables, i);
    if (!variable->value && !variable->asked)
      return variable;
  }
  return NULL;
}

int
runbook_step_index (const Runbook *runbook, const char *id)
{
  for (guint i = 0; i < runbook->steps->len; i++) {
    const Step *step = g_ptr_array_index (runbook->steps, i);
    if (strcmp (step->id, id) == 0)
      return (int)i;
  }
  return -1;
}

static char *
match_problem (const Ask *ask, const char *text)
{
  g_autoptr (GError) error = NULL;
  gboolean found = FALSE;
  if (!ask->match)
    return NULL;
  if (!pattern_search (ask->match, text, strlen (text), &found, &error))
    return g_strdup_printf ("the answer cannot be checked: %s", error->message);
  if (!found)
    return g_strdup_printf ("the answer does not match %s; answer in that form",
                            pattern_expression (ask->match));
  return NULL;
}

char *
runbook_answer_problem (const Runbook *runbook, const Ask *ask, const char *text)
{
  static const Field answer = { .name = "answer", .type = FIELD_SCALAR };
  g_autofree char *wrong = NULL;
  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup ("the answer is not UTF-8; type it again");
  if (!*text)
    return g_strdup ("the answer is empty; type one");
  if (*text == '-')
    return g_strdup ("the answer begins with \"-\" like an option; answer without it");
  for (guint i = 0; ask->into && i < runbook->variables->len; i++) {
    const Variable *variable = g_ptr_array_index (runbook->variables, i);
    if (strcmp (variable->name, ask->into) == 0)
      wrong = variable_problem (variable, text);
  }
  if (!wrong)
    wrong = field_text_problem (&answer, text);
  return wrong ? g_strdup_printf ("the answer %s", wrong) : match_problem (ask, text);
}
