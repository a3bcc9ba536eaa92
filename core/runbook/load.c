/* load.c: the files of a runbook, and their steps. */
#include "core/runbook/load.h"

#include <string.h>

#include "core/runbook/step.h"

#define FORMAT_TEXT G_STRINGIFY (RUNBOOK_FORMAT)

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
  if (first && first->place.file == step->place.file &&
      first->place.line == step->place.line && first->place.column == step->place.column)
    problems_add (load->problems, file->place,
                  "the steps of %s come a second time here; leave \"%s\" out with except",
                  file->name, step->id);
  else if (first && first->place.file == place.file)
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
    /* That of the runbook itself is where the problem is. */
    problems_add (load->problems, file->place, "%s cannot be read: %s; check the name",
                  file->parent ? file->name : "it",
                  error ? error->message : "there is no such file");
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

static const ReaderFormat runbook_format = { "handrail", FORMAT_TEXT, "a runbook",
                                             "handrail-site", "a site" };

static void
special (Reader *reader, const Field *field, const TreeNode *node, void *settings)
{
  /* `vars` comes before `steps`, whatever their order in the file: see load_file(). */
  (void)reader, (void)field, (void)node, (void)settings;
}

void
load_file (File *file, RunbookHead *head)
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
  if (!document ||
      !reader_check_format (load->problems, tree_root (document), whole, &runbook_format))
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
