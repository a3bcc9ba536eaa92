#include "tui/showing.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/run/login.h"
#include "core/run/next.h"
#include "tui/cli.h"
#include "tui/lines.h"
#include "tui/load.h"

/* ---- a deployment as the site file describes it ---------------------------- */

static gint64
count_of (const SiteService *service)
{
  return service->replicas != FIELD_UNSET ? service->replicas : 1;
}

static json_t *
example_service (const SiteService *service, gboolean up)
{
  json_t *instances = json_array ();
  gint64 count = MAX (count_of (service), 1);
  for (gint64 i = 0; i < count; i++) {
    g_autofree char *name =
        g_strdup_printf ("%s-%" G_GINT64_FORMAT, service->service, i + 1);
    json_array_append_new (instances,
                           json_pack ("{ss ss ss sb sb si}", "id", name, "name", name,
                                      "state", up ? "running" : "exited", "running", up,
                                      "settled", TRUE, "restarts", 0));
  }
  return json_pack ("{so}", "instances", instances);
}

/* A look's body with everything up, or everything stopped. */
static json_t *
example_deployment (const Site *site, gboolean up)
{
  json_t *services = json_object ();
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    if (!service->managed)
      json_object_set_new (services, service->name, example_service (service, up));
  }
  return json_pack ("{s{} so}", "identity", "services", services);
}

static Ledger *
example_ledger (const Site *site)
{
  Ledger *ledger = ledger_new ();
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    ledger_record (ledger, service->name, count_of (service), NULL,
                   service->managed != NULL);
  }
  return ledger;
}

/* ---- parts ----------------------------------------------------------------- */

/* As a runbook has it; chosen by platform, all of them. */
static char *
clause_text (const Clause *clause)
{
  return clause->kind ? clause_format (clause) : clause_words (clause);
}

static json_t *
show_clause (const Clause *clause)
{
  g_autofree char *text = clause_text (clause);
  g_autofree char *words = clause_words (clause);
  json_t *shown =
      json_pack ("{ss ss sb}", "text", text, "words", words, "implied", clause->implied);
  for (guint i = 0; clause->missing && clause->missing[i]; i++) {
    if (i == 0)
      json_object_set_new (shown, "missing", json_array ());
    json_array_append_new (json_object_get (shown, "missing"),
                           json_string (clause->missing[i]));
  }
  return shown;
}

static json_t *
show_clauses (const GPtrArray *clauses)
{
  json_t *list = json_array ();
  for (guint i = 0; i < clauses->len; i++)
    json_array_append_new (list, show_clause (g_ptr_array_index (clauses, i)));
  return list;
}

/* What is required; with what is typed to go on without it. */
static json_t *
show_required (const Step *step, const Site *site)
{
  json_t *list = show_clauses (step->require);
  for (guint i = 0; i < step->require->len; i++) {
    const Clause *clause = g_ptr_array_index (step->require, i);
    gboolean named = site && site->production;
    g_autofree char *word =
        g_strconcat (named ? site->name : "", named ? "/" : "", clause->accept, NULL);
    if (clause->accept)
      json_object_set_new (json_array_get (list, i), "accept", json_string (word));
  }
  return list;
}

/* Where steps are shown. */
typedef struct {
  const Site *site;         /* or NULL */
  const json_t *deployment; /* as it was seen, or NULL */
  gboolean counts;          /* tell what instances there are and are to be */
} View;

static Plan *
plan_on (const Clause *clause, const Site *site, const json_t *deployment, GError **error)
{
  const ActionKind *kind = kind_action (clause);
  g_autoptr (Ledger) ledger = example_ledger (site);
  PlanContext context = {
    .site = site,
    .platform = kind_platform (site),
    .deployment = deployment,
    .ledger = ledger,
  };
  return kind->plan (clause->settings, &context, error);
}

static gboolean
is_idle (const Plan *plan)
{
  return plan->commands->len == 0 && !plan->instruction;
}

/* As things are, where they let it be done now. */
static Plan *
plan_as_seen (const Clause *clause, const View *view)
{
  g_autoptr (Plan) plan = view->deployment && kind_action (clause)->looks
                              ? plan_on (clause, view->site, view->deployment, NULL)
                              : NULL;
  return plan && !is_idle (plan) ? g_steal_pointer (&plan) : NULL;
}

static Plan *
plan_for (const Clause *clause, const Site *site, gboolean up, GError **error)
{
  json_auto_t *deployment =
      kind_action (clause)->looks ? example_deployment (site, up) : NULL;
  return plan_on (clause, site, deployment, error);
}

/* As the site file says, with everything up; down, where up there is nothing to do. */
static Plan *
plan_as_written (const Clause *clause, const Site *site, GError **error)
{
  g_autoptr (Plan) plan = plan_for (clause, site, TRUE, error);
  if (!plan || !is_idle (plan))
    return g_steal_pointer (&plan);
  return plan_for (clause, site, FALSE, error);
}

static void
set_text (json_t *object, const char *name, const char *text)
{
  if (text)
    json_object_set_new (object, name, json_string (text));
}

/* What a person has to type first. */
static void
show_login (json_t *shown, const Site *site, const Plan *plan)
{
  const Command *first =
      plan->commands->len ? g_ptr_array_index (plan->commands, 0) : NULL;
  g_autofree char *line = first && first->login ? login_line (site, first->login) : NULL;
  set_text (shown, "login", line);
}

static void
show_plan (json_t *shown, const View *view, const Plan *plan)
{
  json_t *commands = json_array ();
  for (guint i = 0; i < plan->commands->len; i++) {
    const Command *command = g_ptr_array_index (plan->commands, i);
    json_t *argv = json_array ();
    for (guint j = 0; command->argv[j]; j++)
      json_array_append_new (argv, json_string (command->argv[j]));
    g_autofree char *text = text_command ((const char *const *)command->argv);
    json_t *one = json_pack ("{so ss}", "argv", argv, "text", text);
    set_text (one, "directory", command->directory);
    json_array_append_new (commands, one);
  }
  show_login (shown, view->site, plan);
  json_object_set_new (shown, "commands", commands);
  set_text (shown, "instruction", plan->instruction);
  set_text (shown, "change", plan->change);
  set_text (shown, "way_back", plan->way_back);
  set_text (shown, "word", plan->word);
  if (!view->counts)
    return;
  json_object_set (shown, "prior", plan->prior);
  json_object_set (shown, "planned", plan->planned);
}

/* An action and, for a site, what it comes to there. */
static json_t *
show_action (const Clause *clause, const View *view)
{
  json_t *shown = show_clause (clause);
  if (!view->site || !clause->kind || clause->missing)
    return shown;
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) seen = plan_as_seen (clause, view);
  g_autoptr (Plan) written = seen ? NULL : plan_as_written (clause, view->site, &error);
  const Plan *plan = seen ? seen : written;
  if (seen)
    json_object_set_new (shown, "seen", json_true ());
  if (plan)
    show_plan (shown, view, plan);
  else
    set_text (shown, "problem", error->message);
  return shown;
}

static char *
when_words (const When *when)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  if (when->service)
    g_ptr_array_add (parts, g_strdup_printf ("the site has %s", when->service));
  if (when->platform)
    g_ptr_array_add (parts, g_strdup_printf ("the platform is %s", when->platform));
  GHashTableIter each;
  void *name = NULL;
  void *value = NULL;
  if (when->variables)
    g_hash_table_iter_init (&each, when->variables);
  while (when->variables && g_hash_table_iter_next (&each, &name, &value))
    g_ptr_array_add (parts, g_strdup_printf ("%s is %s", (char *)name, (char *)value));
  if (when->not_this) {
    g_autofree char *inner = when_words (when->not_this);
    g_ptr_array_add (parts, g_strdup_printf ("not (%s)", inner));
  }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" and ", (char **)parts->pdata);
}

static void
show_record (json_t *shown, RecordFlags flags)
{
  static const struct {
    RecordFlags flag;
    const char *word;
  } rows[] = { { RECORD_COUNTS, "counts" },
               { RECORD_IMAGES, "images" },
               { RECORD_VERSION, "version" } };
  json_t *record = json_array ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (flags & rows[i].flag)
      json_array_append_new (record, json_string (rows[i].word));
  json_object_set_new (shown, "record", record);
}

/* What going on takes: the word, where it must be typed. */
static void
show_confirm (json_t *shown, const Step *step, const Site *site)
{
  const char *word =
      json_string_value (json_object_get (json_object_get (shown, "do"), "word"));
  gboolean typed = step->confirm == CONFIRM_TYPE || (site && site->production);
  g_autofree char *takes = NULL;
  if (step->confirm == CONFIRM_NONE || !step->action)
    return;
  if (!typed)
    takes = g_strdup ("y");
  else if (word && site && site->production)
    takes = g_strdup_printf ("%s/%s", site->name, word);
  else
    takes = g_strdup (word ? word : "a word that is then shown");
  json_object_set_new (
      shown, "confirm",
      json_pack ("{ss sb}", "takes", takes, "implied", !step->confirm_said));
}

static json_t *
show_step (const Step *step, const View *view)
{
  const Site *site = view->site;
  View here = *view;
  if (!step->applies) /* what is left out here has no commands here */
    here.site = NULL;
  json_t *shown = json_pack ("{ss ss}", "id", step->id, "title", step->title);
  set_text (shown, "why", step->why);
  if (step->when) {
    g_autofree char *words = when_words (step->when);
    set_text (shown, "when", words);
  }
  json_object_set_new (shown, "applies", json_boolean (step->applies));
  set_text (shown, "applies_not", step->applies_not);
  show_record (shown, step->record);
  json_object_set_new (shown, "require", show_required (step, site));
  if (step->ask) {
    json_t *ask = json_pack ("{ss}", "text", step->ask->text);
    set_text (ask, "match",
              step->ask->match ? pattern_expression (step->ask->match) : NULL);
    set_text (ask, "form", step->ask->form);
    set_text (ask, "into", step->ask->into);
    json_object_set_new (shown, "ask", ask);
  }
  if (step->action)
    json_object_set_new (shown, "do", show_action (step->action, &here));
  show_confirm (shown, step, site);
  json_object_set_new (shown, "during", show_clauses (step->during));
  json_object_set_new (shown, "until", show_clauses (step->until));
  if (step->until->len > 0) {
    g_autofree char *limit = quantity_format_duration (step->timeout_us);
    set_text (shown, "timeout", limit);
  }
  if (step->otherwise) {
    json_t *action = show_action (step->otherwise->action, &here);
    json_object_set_new (
        shown, "otherwise",
        json_pack ("{ss so}", "offer", step->otherwise->offer, "do", action));
  }
  if (step->undo)
    json_object_set_new (shown, "undo", show_action (step->undo, &here));
  return shown;
}

static json_t *
show_variables (const Runbook *runbook)
{
  json_t *list = json_array ();
  for (guint i = 0; i < runbook->variables->len; i++) {
    const Variable *variable = g_ptr_array_index (runbook->variables, i);
    json_t *shown =
        json_pack ("{ss ss sb}", "name", variable->name, "type",
                   runbook_variable_types[variable->type], "asked", variable->asked);
    set_text (shown, "value", variable->value);
    set_text (shown, "about", variable->about);
    json_array_append_new (list, shown);
  }
  return list;
}

/* Calls `change` for every text below `value`; what it gives takes the text's place. */
static void
each_text (json_t *value, void *mask, char *(*change) (void *mask, const char *text))
{
  const char *name;
  size_t index;
  json_t *inner;
  json_object_foreach (value, name, inner) each_text (inner, mask, change);
  json_array_foreach (value, index, inner) each_text (inner, mask, change);
  if (!json_is_string (value))
    return;
  g_autofree char *changed = change (mask, json_string_value (value));
  if (changed)
    json_string_set (value, changed);
}

static char *
learn (void *mask, const char *text)
{
  mask_add_urls (mask, text);
  return NULL;
}

static char *
hide (void *mask, const char *text)
{
  g_autofree char *masked = mask_apply (mask, text, -1);
  return g_utf8_make_valid (masked, -1);
}

/* A password that stands in one text may be an argument of its own in another. */
static void
hide_secrets (json_t *shown, const Site *site, GHashTable *settings)
{
  g_autoptr (Mask) mask = load_mask (site, settings);
  each_text (shown, mask, learn);
  if (!mask_is_empty (mask))
    each_text (shown, mask, hide);
}

json_t *
showing_json (const Runbook *runbook, const Site *site, GHashTable *settings)
{
  json_t *shown =
      json_pack ("{ss ss}", "runbook", runbook->name, "title", runbook->title);
  set_text (shown, "about", runbook->about);
  if (site)
    json_object_set_new (shown, "site",
                         json_pack ("{ss ss sb sb}", "name", site->name, "platform",
                                    site_platform (site), "production", site->production,
                                    "practice", site->practice));
  json_object_set_new (shown, "variables", show_variables (runbook));
  const View view = { .site = site };
  json_t *steps = json_array ();
  for (guint i = 0; i < runbook->steps->len; i++)
    json_array_append_new (steps,
                           show_step (g_ptr_array_index (runbook->steps, i), &view));
  json_object_set_new (shown, "steps", steps);
  hide_secrets (shown, site, settings);
  return shown;
}

/* ---- one step -------------------------------------------------------------- */

Mask *
showing_mask (const Runbook *runbook, const Site *site, GHashTable *settings)
{
  Mask *mask = load_mask (site, settings);
  for (guint i = 0; i < runbook->sources->len; i++) {
    const RunbookSource *source = g_ptr_array_index (runbook->sources, i);
    gsize length = 0;
    const char *bytes = g_bytes_get_data (source->bytes, &length);
    g_autofree char *text = g_strndup (bytes, length);
    mask_add_urls (mask, text);
  }
  return mask;
}

json_t *
showing_step_json (const Runbook *runbook, const Site *site, guint index,
                   const json_t *deployment, const Mask *mask)
{
  const View view = { site, deployment, TRUE };
  json_t *shown = show_step (g_ptr_array_index (runbook->steps, index), &view);
  if (!mask_is_empty (mask))
    each_text (shown, (void *)mask, hide);
  return shown;
}

/* ---- dry run --------------------------------------------------------------- */

char *
showing_unproved (const Site *site)
{
  const char *proof = kind_platform (site)->identity_names[0];
  if (!site->production || g_hash_table_contains (site->identity, proof))
    return NULL;
  return g_strdup_printf (
      "the identity of %s, without which nothing is done to a production site; handrail "
      "doctor --site %s --pin writes it",
      site->name, site->name);
}

GPtrArray *
showing_missing (const Runbook *runbook, const Site *site)
{
  GPtrArray *missing = g_ptr_array_new_with_free_func (g_free);
  const Variable *variable = runbook_missing (runbook);
  char *unproved = showing_unproved (site);
  if (variable)
    g_ptr_array_add (missing, g_strdup_printf ("--set %s=VALUE%s%s", variable->name,
                                               variable->about ? ": " : "",
                                               variable->about ? variable->about : ""));
  if (unproved)
    g_ptr_array_add (missing, unproved);
  return missing;
}

/* Says what the run would be refused for. FALSE: nothing is missing. */
static gboolean
tell_missing (const Runbook *runbook, const Site *site)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GPtrArray) missing = showing_missing (runbook, site);
  for (guint i = 0; i < missing->len; i++)
    lines_add (out, "! ", "missing: %s", (char *)g_ptr_array_index (missing, i));
  cli_print (out->str);
  return out->len > 0;
}

int
showing_dry_run (const char *runbook_file, const char *site_file, GHashTable *settings)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = load_site (site_file, settings, problems);
  g_autoptr (Runbook) runbook =
      site ? load_runbook (runbook_file, site, settings, problems) : NULL;
  if (runbook && problems_count (problems) == 0) {
    json_auto_t *shown = showing_json (runbook, site, settings);
    g_autofree char *text = showing_text (shown, cli_columns ());
    cli_print (text);
  }
  gboolean missing = runbook && tell_missing (runbook, site);
  if (problems_count (problems) > 0) {
    g_autofree char *text = problems_format (problems);
    g_autofree char *masked = load_masked (site, settings, text);
    cli_print (masked);
  }
  return missing || problems_count (problems) > 0 ? CLI_PROBLEMS : CLI_DONE;
}
