#include "tui/home/plan_page.h"

#include "core/base/text.h"
#include "core/run/deployment.h"

#define WRITTEN                                                                          \
  "Commands are those for what was seen just now; where that leaves nothing to do yet, " \
  "for what the site file says. The run looks again, and asks before each."

static const char *
member (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

/* ---- all of it ------------------------------------------------------------------------- */

char *
plan_page_shell (const PlanModel *model)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  const Runbook *runbook = plan_model_runbook (model);
  const Site *site = plan_model_site (model);
  GHashTableIter each;
  void *name = NULL;
  void *value = NULL;
  g_ptr_array_add (argv, g_strdup ("handrail"));
  g_ptr_array_add (argv, g_strdup ("run"));
  g_ptr_array_add (argv, g_strdup (runbook->name));
  g_ptr_array_add (argv, g_strdup ("--site"));
  g_ptr_array_add (argv, g_strdup (site->name));
  g_hash_table_iter_init (&each, plan_model_settings (model));
  while (g_hash_table_iter_next (&each, &name, &value)) {
    g_ptr_array_add (argv, g_strdup ("--set"));
    g_ptr_array_add (argv, g_strdup_printf ("%s=%s", (char *)name, (char *)value));
  }
  g_ptr_array_add (argv, NULL);
  return text_command ((const char *const *)argv->pdata);
}

static void
add_sentences (Page *page, const GPtrArray *sentences, Role role)
{
  for (guint i = 0; i < sentences->len; i++)
    page_add_labelled (page, NULL, MARK_FAILED, role, g_ptr_array_index (sentences, i));
  if (sentences->len > 0)
    page_add_gap (page);
}

static void
add_seen (Page *page, const PlanModel *model)
{
  if (plan_model_trouble (model))
    page_printf (page, ROLE_STALE, "How things stand is not known: %s",
                 plan_model_trouble (model));
  else if (deployment_empty (plan_model_deployment (model)))
    page_add (page, ROLE_BAD, deployment_empty (plan_model_deployment (model)));
  else
    page_add (page, ROLE_DIM, WRITTEN);
}

void
plan_page_about (Page *page, const PlanModel *model)
{
  const Runbook *runbook = plan_model_runbook (model);
  const GPtrArray *problems = plan_model_problems (model);
  if (runbook && runbook->title)
    page_add (page, ROLE_TITLE, runbook->title);
  if (runbook && runbook->about)
    page_add (page, ROLE_TEXT, runbook->about);
  page_add_gap (page);
  if (problems->len > 0)
    page_add (page, ROLE_BAD,
              "It cannot be run: this is wrong in the files. Enter reads them again.");
  add_sentences (page, problems, ROLE_BAD);
  if (plan_model_missing (model)->len > 0)
    page_add (page, ROLE_WAITING, "It cannot be run yet, for this is missing:");
  add_sentences (page, plan_model_missing (model), ROLE_WAITING);
  if (!runbook || !plan_model_site (model))
    return;
  add_seen (page, model);
  page_add_gap (page);
  g_autofree char *shell = plan_page_shell (model);
  page_add_labelled (page, "shell", MARK_NONE, ROLE_COMMAND, shell);
}

void
plan_page_variable (Page *page, const Variable *variable)
{
  page_add (page, ROLE_TITLE, variable->name);
  page_add (page, ROLE_TEXT, variable->about ? variable->about : "");
  page_add_gap (page);
  page_add_labelled (page, "value", MARK_NONE,
                     variable->value ? ROLE_CURRENT : ROLE_WAITING,
                     variable->value   ? variable->value
                     : variable->asked ? "asked for in the run"
                                       : "missing; Enter gives it one");
  page_add_labelled (page, "type", MARK_NONE, ROLE_TEXT,
                     runbook_variable_types[variable->type]);
  if (variable->fallback)
    page_add_labelled (page, "default", MARK_NONE, ROLE_TEXT, variable->fallback);
  if (variable->min)
    page_add_labelled (page, "at least", MARK_NONE, ROLE_TEXT, variable->min);
  if (variable->max)
    page_add_labelled (page, "at most", MARK_NONE, ROLE_TEXT, variable->max);
}

/* ---- a step ---------------------------------------------------------------------------- */

/* How a check stands that is judged before the run: what does not hold yet is no failure,
 * for the steps before may bring it about. */
static void
add_judgement (Page *page, const Judgement *judgement)
{
  gboolean passes = verdict_passes (judgement->verdict);
  gboolean known =
      judgement->verdict != VERDICT_UNKNOWN && judgement->verdict != VERDICT_STALE;
  g_autofree char *text =
      g_strdup_printf ("%s%s", passes || !known ? "" : "now ", judgement->text);
  page_add_labelled (page, "",
                     passes  ? MARK_DONE
                     : known ? MARK_WAITING
                             : MARK_STALE,
                     passes  ? ROLE_GOOD
                     : known ? ROLE_WAITING
                             : ROLE_STALE,
                     text);
}

/* `shown` and `clauses` are the same list, as JSON and as read. What holds while the step
 * acts is no matter of now. */
static void
add_checks (Page *page, PlanModel *model, guint index, const char *label,
            const json_t *shown, const GPtrArray *clauses, const char *tail)
{
  const Step *step = g_ptr_array_index (plan_model_runbook (model)->steps, index);
  for (guint i = 0; i < clauses->len; i++) {
    const json_t *one = json_array_get (shown, i);
    gboolean implied = json_is_true (json_object_get (one, "implied"));
    g_auto (Judgement) judgement = { 0 };
    g_autofree char *text =
        g_strconcat (member (one, "words"), tail, implied ? " (implied)" : "", NULL);
    page_add_labelled (page, i == 0 ? label : "", MARK_NONE, ROLE_TEXT, text);
    if (clauses != step->during &&
        plan_model_judge (model, index, g_ptr_array_index (clauses, i), &judgement))
      add_judgement (page, &judgement);
    if (!member (one, "accept"))
      continue;
    g_autofree char *accept = g_strdup_printf (
        "or type %s, to go on although it does not hold", member (one, "accept"));
    page_add_labelled (page, "", MARK_NONE, ROLE_DIM, accept);
  }
}

static void
add_commands (Page *page, const json_t *action)
{
  const json_t *commands = json_object_get (action, "commands");
  if (member (action, "login"))
    page_add_command (page, member (action, "login"));
  for (gsize i = 0; i < json_array_size (commands); i++) {
    const json_t *command = json_array_get (commands, i);
    g_autofree char *place =
        member (command, "directory")
            ? g_strdup_printf ("in %s:", member (command, "directory"))
            : NULL;
    if (place)
      page_add_labelled (page, "", MARK_NONE, ROLE_DIM, place);
    page_add_command (page, member (command, "text"));
  }
}

static void
add_action (Page *page, const char *label, const json_t *action)
{
  const json_t *missing = json_object_get (action, "missing");
  if (!action)
    return;
  gboolean implied = json_is_true (json_object_get (action, "implied"));
  g_autofree char *text =
      g_strconcat (member (action, "text"), implied ? " (implied)" : "", NULL);
  page_add_labelled (page, label, MARK_NONE, ROLE_TEXT, text);
  for (gsize i = 0; i < json_array_size (missing); i++) {
    g_autofree char *waits = g_strdup_printf (
        "waits for the value of %s", json_string_value (json_array_get (missing, i)));
    page_add_labelled (page, "", MARK_WAITING, ROLE_WAITING, waits);
  }
  if (member (action, "change"))
    page_add_labelled (page, "", MARK_NONE, ROLE_CURRENT, member (action, "change"));
  add_commands (page, action);
  if (member (action, "instruction"))
    page_add_labelled (page, "", MARK_NONE, ROLE_CURRENT, member (action, "instruction"));
  if (member (action, "problem"))
    page_add_labelled (page, "", MARK_FAILED, ROLE_BAD, member (action, "problem"));
}

static void
add_ask (Page *page, const json_t *ask)
{
  if (!ask)
    return;
  page_add_labelled (page, "ask", MARK_NONE, ROLE_TEXT, member (ask, "text"));
  g_autofree char *match =
      member (ask, "form")
          ? g_strdup_printf ("the answer is to be %s", member (ask, "form"))
      : member (ask, "match")
          ? g_strdup_printf ("the answer must match %s", member (ask, "match"))
          : NULL;
  if (match)
    page_add_labelled (page, "", MARK_NONE, ROLE_DIM, match);
}

static void
add_confirm (Page *page, const json_t *confirm)
{
  if (!confirm)
    return;
  g_autofree char *text = g_strdup_printf ("type %s", member (confirm, "takes"));
  page_add_labelled (page, "confirm", MARK_NONE, ROLE_TEXT, text);
}

static void
add_record (Page *page, const json_t *record)
{
  const char *words[4] = { NULL };
  for (gsize i = 0; i < json_array_size (record) && i < G_N_ELEMENTS (words) - 1; i++)
    words[i] = json_string_value (json_array_get (record, i));
  g_autofree char *text = text_list (words, "and");
  if (words[0])
    page_add_labelled (page, "record", MARK_NONE, ROLE_TEXT, text);
}

static void
add_way_back (Page *page, const json_t *shown)
{
  const json_t *undo = json_object_get (shown, "undo");
  if (undo)
    add_action (page, "undo", undo);
  else if (json_object_get (shown, "do"))
    page_add_labelled (page, "undo", MARK_NONE, ROLE_DIM, "there is no way back");
}

void
plan_page_step (Page *page, PlanModel *model, guint index)
{
  const json_t *shown = plan_model_step (model, index);
  const Step *step = g_ptr_array_index (plan_model_runbook (model)->steps, index);
  const json_t *otherwise = json_object_get (shown, "otherwise");
  g_autofree char *within = g_strdup_printf (
      ", within %s", member (shown, "timeout") ? member (shown, "timeout") : "");
  page_printf (page, ROLE_TITLE, "%u. %s", index + 1, member (shown, "title"));
  if (member (shown, "why"))
    page_add (page, ROLE_TEXT, member (shown, "why"));
  page_add_gap (page);
  if (member (shown, "applies_not"))
    page_printf (page, ROLE_WAITING, "Left out here: %s", member (shown, "applies_not"));
  page_add_labelled (page, "id", MARK_NONE, ROLE_DIM, step->id);
  if (member (shown, "when"))
    page_add_labelled (page, "when", MARK_NONE, ROLE_TEXT, member (shown, "when"));
  add_record (page, json_object_get (shown, "record"));
  add_checks (page, model, index, "require", json_object_get (shown, "require"),
              step->require, "");
  add_ask (page, json_object_get (shown, "ask"));
  add_confirm (page, json_object_get (shown, "confirm"));
  add_action (page, "do", json_object_get (shown, "do"));
  add_checks (page, model, index, "during", json_object_get (shown, "during"),
              step->during, "");
  add_checks (page, model, index, "until", json_object_get (shown, "until"), step->until,
              within);
  if (otherwise)
    page_add_labelled (page, "otherwise", MARK_NONE, ROLE_TEXT,
                       member (otherwise, "offer"));
  add_action (page, "", json_object_get (otherwise, "do"));
  add_way_back (page, shown);
}

char *
plan_page_commands (PlanModel *model, guint index)
{
  const json_t *action = json_object_get (plan_model_step (model, index), "do");
  const json_t *commands = json_object_get (action, "commands");
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (commands); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            member (json_array_get (commands, i), "text"));
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* ---- in the list ----------------------------------------------------------------------- */
