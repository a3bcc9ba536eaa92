#include "tui/home/plan_model.h"

#include "core/run/deployment.h"
#include "core/run/next.h"
#include "core/runbook/variables.h"
#include "tui/load.h"
#include "tui/showing.h"

/* What is known of a step, once somebody has asked. */
typedef struct {
  json_t *shown;
  char *change;
  int so; /* whether it is so already; -1: not judged yet */
} Known;

struct PlanModel {
  char *runbook_file, *site_file;
  GHashTable *settings;
  Runbook *runbook;
  Site *site;
  GPtrArray *problems, *missing; /* char * */
  Mask *mask;
  GArray *steps; /* Known, one for each */
  Evidence *evidence;
  Ledger *ledger; /* empty: nothing is recorded yet */
  json_t *deployment;
  Moment seen;
  char *trouble;
};

static void
forget (void *data)
{
  Known *known = data;
  json_decref (known->shown);
  g_free (known->change);
  *known = (Known){ .so = -1 };
}

PlanModel *
plan_model_new (const char *runbook_file, const char *site_file)
{
  PlanModel *model = g_new0 (PlanModel, 1);
  model->runbook_file = g_strdup (runbook_file);
  model->site_file = g_strdup (site_file);
  model->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  model->problems = g_ptr_array_new_with_free_func (g_free);
  model->missing = g_ptr_array_new_with_free_func (g_free);
  model->steps = g_array_new (FALSE, FALSE, sizeof (Known));
  g_array_set_clear_func (model->steps, forget);
  model->evidence = evidence_new ();
  model->ledger = ledger_new ();
  return model;
}

static void
unload (PlanModel *model)
{
  g_clear_pointer (&model->runbook, runbook_free);
  g_clear_pointer (&model->site, site_free);
  g_clear_pointer (&model->mask, mask_free);
  g_array_set_size (model->steps, 0);
  g_ptr_array_set_size (model->problems, 0);
  g_ptr_array_set_size (model->missing, 0);
}

void
plan_model_free (PlanModel *model)
{
  if (!model)
    return;
  unload (model);
  g_ptr_array_unref (model->problems);
  g_ptr_array_unref (model->missing);
  g_array_unref (model->steps);
  g_hash_table_unref (model->settings);
  evidence_free (model->evidence);
  ledger_free (model->ledger);
  json_decref (model->deployment);
  g_free (model->runbook_file);
  g_free (model->site_file);
  g_free (model->trouble);
  g_free (model);
}

/* ---- the files ---------------------------------------------------------------------- */

static void
keep_problems (PlanModel *model, Problems *problems)
{
  const Problem *problem = NULL;
  for (guint i = 0; (problem = problems_get (problems, i)); i++) {
    g_autofree char *text = problem_format (problem);
    g_ptr_array_add (model->problems, load_masked (model->site, model->settings, text));
  }
}

static void
forget_steps (PlanModel *model)
{
  static const Known unknown = { .so = -1 };
  guint count = model->runbook ? model->runbook->steps->len : 0;
  g_array_set_size (model->steps, 0);
  for (guint i = 0; i < count; i++)
    g_array_append_val (model->steps, unknown);
}

void
plan_model_load (PlanModel *model)
{
  g_autoptr (Problems) problems = problems_new ();
  unload (model);
  model->site = load_site (model->site_file, model->settings, problems);
  if (model->site)
    model->runbook =
        load_runbook (model->runbook_file, model->site, model->settings, problems);
  keep_problems (model, problems);
  forget_steps (model);
  if (!model->runbook)
    return;
  model->mask = showing_mask (model->runbook, model->site, model->settings);
  if (model->problems->len > 0)
    return;
  g_ptr_array_unref (model->missing);
  model->missing = showing_missing (model->runbook, model->site);
}

const char *
plan_model_runbook_file (const PlanModel *model)
{
  return model->runbook_file;
}

const char *
plan_model_site_file (const PlanModel *model)
{
  return model->site_file;
}

const Runbook *
plan_model_runbook (const PlanModel *model)
{
  return model->runbook;
}

const Site *
plan_model_site (const PlanModel *model)
{
  return model->site;
}

const GPtrArray *
plan_model_problems (const PlanModel *model)
{
  return model->problems;
}

const GPtrArray *
plan_model_missing (const PlanModel *model)
{
  return model->missing;
}

gboolean
plan_model_is_fit (const PlanModel *model)
{
  return model->runbook && model->problems->len == 0 && model->missing->len == 0;
}

const Mask *
plan_model_mask (const PlanModel *model)
{
  return model->mask;
}

GHashTable *
plan_model_settings (const PlanModel *model)
{
  return model->settings;
}

static const Variable *
variable_of (const PlanModel *model, const char *name)
{
  const GPtrArray *variables = model->runbook->variables;
  for (guint i = 0; i < variables->len; i++) {
    const Variable *variable = g_ptr_array_index (variables, i);
    if (g_str_equal (variable->name, name))
      return variable;
  }
  return NULL;
}

char *
plan_model_set (PlanModel *model, const char *name, const char *value)
{
  const Variable *variable = variable_of (model, name);
  g_autofree char *problem = *value ? variable_problem (variable, value) : NULL;
  if (problem)
    return g_strdup_printf ("%s %s", name, problem);
  if (*value)
    g_hash_table_replace (model->settings, g_strdup (name), g_strdup (value));
  else
    g_hash_table_remove (model->settings, name);
  plan_model_load (model);
  return NULL;
}

static Known *
known_of (PlanModel *model, guint index)
{
  return &g_array_index (model->steps, Known, index);
}

const json_t *
plan_model_step (PlanModel *model, guint index)
{
  Known *known = known_of (model, index);
  if (!known->shown)
    known->shown = showing_step_json (model->runbook, model->site, index,
                                      model->deployment, model->mask);
  return known->shown;
}

/* ---- how things stand --------------------------------------------------------------- */

/* But for the clock, which always moves. */
static gboolean
is_same_deployment (const json_t *before, const json_t *now)
{
  static const char *const members[] = { "services", "tool", "empty", "unlisted",
                                         "identity" };
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    const json_t *a = json_object_get (before, members[i]);
    const json_t *b = json_object_get (now, members[i]);
    if (a != b && !json_equal (a, b))
      return FALSE;
  }
  return before != NULL;
}

gboolean
plan_model_saw (PlanModel *model, Reading *reading)
{
  gboolean was_well = !model->trouble;
  gboolean same_trouble = g_strcmp0 (model->trouble, reading->error) == 0;
  g_free (model->trouble);
  model->trouble = g_strdup (reading->error);
  if (reading->error) {
    reading_free (reading);
    return !same_trouble;
  }
  gboolean same = is_same_deployment (model->deployment, reading->body);
  if (!same) {
    json_decref (model->deployment);
    model->deployment = json_incref (reading->body);
    forget_steps (model);
  }
  model->seen = reading->ended;
  evidence_add (model->evidence, reading);
  return !same || !was_well;
}

void
plan_model_blind (PlanModel *model, const char *why)
{
  g_free (model->trouble);
  model->trouble = g_strdup (why);
}

const json_t *
plan_model_deployment (const PlanModel *model)
{
  return model->deployment;
}

Moment
plan_model_seen (const PlanModel *model)
{
  return model->seen;
}

const char *
plan_model_trouble (const PlanModel *model)
{
  return model->trouble;
}

/* Judged at the instant of the look: how old it is, is shown beside all of it. */
static CheckContext
context_of (PlanModel *model, guint index)
{
  const json_t *action = json_object_get (plan_model_step (model, index), "do");
  return (CheckContext){
    .site = model->site,
    .platform = kind_platform (model->site),
    .evidence = model->evidence,
    .ledger = model->ledger,
    .planned = json_object_get (action, "planned"),
    .now = model->seen,
    .speed = 1,
  };
}

/* Whether a look at the platform is all that it takes. */
static gboolean
is_seen (const PlanModel *model, const Clause *clause, const CheckContext *context)
{
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  const CheckKind *kind = kind_check (clause);
  if (kind->needs)
    kind->needs (clause->settings, context, requests);
  for (guint i = 0; i < requests->len; i++) {
    const Request *request = g_ptr_array_index (requests, i);
    if (request->type != REQUEST_PLATFORM)
      return FALSE;
  }
  return requests->len == 0 || model->deployment;
}

gboolean
plan_model_judge (PlanModel *model, guint index, const Clause *clause,
                  Judgement *judgement)
{
  if (!clause->kind || clause->missing)
    return FALSE;
  const CheckContext context = context_of (model, index);
  if (!is_seen (model, clause, &context))
    return FALSE;
  kind_check (clause)->judge (clause->settings, &context, judgement);
  return TRUE;
}

static gboolean
judge_so (PlanModel *model, guint index)
{
  const Step *step = g_ptr_array_index (model->runbook->steps, index);
  gboolean holds = FALSE;
  for (guint i = 0; i < step->until->len; i++) {
    g_auto (Judgement) judgement = { 0 };
    const Clause *clause = g_ptr_array_index (step->until, i);
    if (!plan_model_judge (model, index, clause, &judgement) ||
        !verdict_passes (judgement.verdict))
      return FALSE;
    holds = holds || judgement.verdict == VERDICT_HOLDS;
  }
  return holds;
}

gboolean
plan_model_is_so (PlanModel *model, guint index)
{
  Known *known = known_of (model, index);
  if (known->so < 0)
    known->so = judge_so (model, index);
  return known->so;
}

/* ---- what a step changes ------------------------------------------------------------- */

static char *
make_change (PlanModel *model, guint index)
{
  const json_t *action = json_object_get (plan_model_step (model, index), "do");
  const json_t *planned = json_object_get (action, "planned");
  const json_t *prior = json_object_get (action, "prior");
  const json_t *seen = model->deployment;
  if (json_object_get (action, "instruction"))
    return g_strdup ("by hand");
  const json_t *named = json_object_size (planned) == 1 ? planned : prior;
  void *first = json_object_size (named) == 1 ? json_object_iter ((json_t *)named) : NULL;
  if (!first)
    return g_strdup ("");
  const char *service = json_object_iter_key (first);
  g_autofree char *now =
      seen ? g_strdup_printf ("%u", deployment_running (seen, service)) : g_strdup ("");
  if (named == prior)
    return g_steal_pointer (&now);
  return g_strdup_printf ("%s→%" JSON_INTEGER_FORMAT, now,
                          json_integer_value (json_object_iter_value (first)));
}

const char *
plan_model_change (PlanModel *model, guint index)
{
  Known *known = known_of (model, index);
  if (!known->change)
    known->change = make_change (model, index);
  return known->change;
}
