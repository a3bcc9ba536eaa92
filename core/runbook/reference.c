#include "core/runbook/reference.h"

#include "core/runbook/scenario.h"
#include "core/runbook/step.h"

static void
append_cell (GString *page, const char *text)
{
  for (; *text; text++) {
    if (*text == '|')
      g_string_append_c (page, '\\');
    g_string_append_c (page, *text == '\n' ? ' ' : *text);
  }
}

static void
append_type (GString *page, const Field *field)
{
  g_autofree char *bounds = field_bounds_words (field);
  g_autofree char *choices = field->choices ? field_choice_words (field) : NULL;
  if (field->type == FIELD_CHOICE)
    append_cell (page, choices);
  else if (field->type == FIELD_SPECIAL)
    append_cell (page, "see the meaning");
  else
    append_cell (page, field_type_words (field));
  if (bounds && field->type != FIELD_PORT)
    g_string_append_printf (page, ", %s", bounds);
  if (choices && field->type == FIELD_TEXTMAP)
    g_string_append_printf (page, "; names: %s", choices);
  else if (choices && field->type != FIELD_CHOICE)
    g_string_append_printf (page, ", or %s", choices);
}

static void
append_table (GString *page, const Field *table)
{
  if (!table || !table->name) {
    g_string_append (page, "It has no keys: write {}.\n\n");
    return;
  }
  g_string_append (page, "| key | type | default | meaning |\n|---|---|---|---|\n");
  for (const Field *field = table; field->name; field++) {
    g_string_append_printf (page, "| `%s` | ", field->name);
    append_type (page, field);
    g_string_append (page, " | ");
    append_cell (page, field->flags & FIELD_REQUIRED ? "required"
                       : field->fallback             ? field->fallback
                                                     : "");
    g_string_append (page, " | ");
    append_cell (page, field->help ? field->help : "");
    if (field->flags & FIELD_LATER)
      g_string_append (page, " (not in this version)");
    g_string_append (page, " |\n");
  }
  g_string_append_c (page, '\n');
}

static void
append_section (GString *page, const char *title, const char *help, const Field *table)
{
  g_string_append_printf (page, "### %s\n\n", title);
  if (help)
    g_string_append_printf (page, "%s.\n\n", help);
  append_table (page, table);
}

static void
append_kinds (GString *page, const char *what, const KindSpec *const *kinds)
{
  g_autoptr (GString) later = g_string_new (NULL);
  for (; *kinds; kinds++) {
    const KindSpec *kind = *kinds;
    if (kind->later) {
      g_string_append_printf (later, "%s`%s`", later->len > 0 ? ", " : "", kind->name);
      continue;
    }
    g_autofree char *title = g_strdup_printf ("%s: %s", what, kind->name);
    append_section (page, title, kind->help, kind->fields);
    if (kind->shorthand)
      g_string_append_printf (page, "`%s: …` alone means `%s: {%s: …}`.\n\n", kind->name,
                              kind->name, kind->shorthand);
  }
  if (later->len > 0)
    g_string_append_printf (page, "Not in this version: %s.\n\n", later->str);
}

/* A file's own table, then what its keys hold. */
static void
append_file (GString *page, const char *what, const char *help, const Field *table)
{
  append_section (page, what, help, table);
  for (const Field *field = table; field->name; field++)
    if (field->fields) {
      g_autofree char *title = g_strdup_printf ("%s: %s", what, field->name);
      append_section (page, title, field->help, field->fields);
    }
}

char *
reference_markdown (const Vocabulary *vocabulary)
{
  GString *page = g_string_new (NULL);
  append_section (page, "Runbook", "A runbook file is a mapping", runbook_fields);
  append_section (page, "Variable", "Under `vars`, by name", runbook_variable_fields);
  append_section (page, "Step", "An item of `steps`", runbook_step_fields);
  append_section (page, "Include", "An item of `steps` instead of a step: `include: {…}`",
                  runbook_include_fields);
  append_section (page, "When", "All keys must hold", runbook_when_fields);
  append_section (page, "Require", "Beside the kind of a check under `require`",
                  runbook_require_fields);
  append_section (page, "Ask", NULL, runbook_ask_fields);
  append_section (page, "Otherwise", NULL, runbook_otherwise_fields);
  append_kinds (page, "Check", vocabulary->checks);
  append_kinds (page, "Action", vocabulary->actions);
  append_file (page, "Site", "A site file is a mapping", site_fields);
  append_kinds (page, "Platform", vocabulary->platforms);
  append_file (page, "Scenario", "A practice scenario is a mapping", scenario_fields);
  append_section (page, "Scenario: after", "In an event, one of these",
                  scenario_after_fields);
  return g_string_free (page, FALSE);
}
