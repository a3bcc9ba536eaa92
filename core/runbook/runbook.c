#include "core/runbook/runbook.h"

#include <string.h>

#include "core/runbook/load.h"
#include "core/runbook/step.h"

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
  load_file (&file, &head);
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
  if (!found && ask->form)
    return g_strdup_printf ("the answer is to be %s; type it in that form", ask->form);
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
