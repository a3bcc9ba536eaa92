#include "tui/run/way_back.h"

#include <string.h>

#include "core/actions/actions.h"
#include "core/base/text.h"
#include "core/run/deployment.h"
#include "core/run/login.h"
#include "core/run/next.h"

/* Something that was done, in the order of events. */
typedef struct {
  char *step; /* id */
  Purpose purpose;
  json_t *details; /* of the question that was said yes to; or NULL */
  gboolean whole;
  gboolean by_hand;
} Change;

static void
change_free (Change *change)
{
  g_free (change->step);
  json_decref (change->details);
  g_free (change);
}

static void
way_back_free (WayBack *way)
{
  g_free (way->title);
  g_free (way->done);
  g_free (way->text);
  g_strfreev (way->commands);
  g_free (way);
}

/* ---- what was done --------------------------------------------------------------- */

/* Steps come one after the other, and so do their changes. */
static Change *
last_change (const GPtrArray *changes, const char *step, Purpose purpose)
{
  for (guint i = changes->len; i-- > 0;) {
    Change *change = g_ptr_array_index (changes, i);
    if (strcmp (change->step, step) != 0)
      return NULL;
    if (change->purpose == purpose)
      return change;
  }
  return NULL;
}

/* The same again (retried, or its next command) is one change; the first plan says what was
 * before. */
static Change *
begin_change (GPtrArray *changes, const char *step, Purpose purpose,
              const json_t *details)
{
  Change *change = last_change (changes, step, purpose);
  if (change && (purpose == PURPOSE_DO || !change->whole))
    return change;
  change = g_new0 (Change, 1);
  change->step = g_strdup (step);
  change->purpose = purpose;
  change->details = json_incref ((json_t *)details);
  g_ptr_array_add (changes, change);
  return change;
}

static void
end_change (GPtrArray *changes, const char *step, Purpose purpose)
{
  Change *change = last_change (changes, step, purpose);
  Change *done = purpose == PURPOSE_UNDO ? last_change (changes, step, PURPOSE_DO) : NULL;
  if (change)
    change->whole = TRUE;
  if (done)
    g_ptr_array_remove (changes, done);
  if (purpose == PURPOSE_UNDO && change)
    g_ptr_array_remove (changes, change);
}

static Purpose
purpose_of (const Event *event)
{
  Purpose purpose = PURPOSE_DO;
  purpose_from_name (event_text (event, "purpose"), &purpose);
  return purpose;
}

/* An instruction was answered: it counts as done by whoever said so. */
static void
take_answer (GPtrArray *changes, const Event *event, const json_t *asked)
{
  const json_t *instruction = asked ? json_object_get (asked, "instruction") : NULL;
  const char *answer = event_text (event, "answer");
  gboolean yes = strcmp (answer, "text") == 0 || strcmp (answer, "go") == 0;
  if (!instruction || !yes)
    return;
  Change *change = begin_change (changes, event_text (event, "step"), PURPOSE_DO, asked);
  change->whole = change->by_hand = TRUE;
}

static GPtrArray *
changes_of (const RunModel *model)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify)change_free);
  const GPtrArray *events = run_model_events (model);
  const json_t *asked = NULL;
  for (guint i = 0; i < events->len; i++) {
    const Event *event = g_ptr_array_index (events, i);
    const char *step = event_text (event, "step");
    if (event->type == EVENT_ASKED)
      asked = event->data;
    else if (event->type == EVENT_ANSWERED)
      take_answer (changes, event, asked);
    else if (event->type == EVENT_COMMAND_BEGAN)
      begin_change (changes, step, purpose_of (event), asked);
    else if (event->type == EVENT_ACTION_ENDED)
      end_change (changes, step, purpose_of (event));
  }
  return changes;
}

/* ---- the way back of one change ---------------------------------------------------- */

static const char *
member (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

/* Of the step, from `from` on towards the first. */
static guint
index_of (const RunState *state, const char *step, guint from)
{
  for (guint i = MIN (from + 1, state->steps->len); i-- > 0;)
    if (strcmp (((const StepState *)g_ptr_array_index (state->steps, i))->id, step) == 0)
      return i;
  return 0;
}

static GStrv
commands_of (const Site *site, const Plan *plan)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *directory = NULL;
  for (guint i = 0; i < plan->commands->len; i++) {
    const Command *command = g_ptr_array_index (plan->commands, i);
    g_autofree char *line = text_command ((const char *const *)command->argv);
    g_autofree char *login =
        i == 0 && command->login ? login_line (site, command->login) : NULL;
    if (login)
      g_strv_builder_add (builder, login);
    if (command->directory && g_strcmp0 (command->directory, directory) != 0) {
      const char *const cd[] = { "cd", command->directory, NULL };
      g_autofree char *into = text_command (cd);
      g_strv_builder_add (builder, into);
    }
    directory = command->directory;
    g_strv_builder_add (builder, line);
  }
  return g_strv_builder_end (builder);
}

/* What the undo comes to as things stand now; NULL with `error`, or without where what it
 * needs has not been seen. */
static Plan *
plan_undo (const RunModel *model, const Clause *undo, GError **error)
{
  const Site *site = run_model_site (model);
  const ActionKind *kind =
      site && undo->kind && undo->settings ? kind_action (undo) : NULL;
  if (!kind || (undo->missing && undo->missing[0]))
    return NULL;
  g_autoptr (Request) reads = kind->reads ? kind->reads (undo->settings) : NULL;
  const Reading *reading = reads ? run_model_reading (model, reads->key) : NULL;
  PlanContext context = {
    .site = site,
    .platform = kind_platform (site),
    .deployment = run_model_deployment (model, NULL),
    .reading = reading ? reading->body : NULL,
    .ledger = run_model_state (model)->ledger,
  };
  if ((kind->looks && !context.deployment) || (reads && !context.reading))
    return NULL;
  return kind->plan (undo->settings, &context, error);
}

/* Where the runbook says no undo, a number that was changed can be brought back. */
static Plan *
plan_prior (const RunModel *model, const json_t *details)
{
  const Site *site = run_model_site (model);
  const json_t *deployment = run_model_deployment (model, NULL);
  json_t *prior = json_object_get (details, "prior");
  void *only = json_object_size (prior) == 1 ? json_object_iter (prior) : NULL;
  const char *name = only ? json_object_iter_key (only) : NULL;
  const json_t *planned =
      name ? json_object_get (json_object_get (details, "planned"), name) : NULL;
  const SiteService *service = site && planned ? site_service (site, name) : NULL;
  if (!service || service->managed || !deployment)
    return NULL;
  json_int_t before = json_integer_value (json_object_iter_value (only));
  guint now = deployment_running (deployment, name);
  g_autoptr (Plan) plan = plan_new ();
  plan->change = g_strdup_printf ("%s: %u → %d", name, now, (int)before);
  if (before == json_integer_value (planned) || now == before ||
      !kind_platform (site)->scale (site, deployment, service, before, -1, plan, NULL))
    return NULL;
  return g_steal_pointer (&plan);
}

static void
take_plan (WayBack *way, const RunModel *model, const Plan *plan)
{
  way->commands = commands_of (run_model_site (model), plan);
  way->text = g_strdup (plan->instruction ? plan->instruction : plan->change);
  way->kind = plan->instruction         ? WAY_BACK_BY_HAND
              : plan->commands->len > 0 ? WAY_BACK_COMMANDS
                                        : WAY_BACK_NOTHING;
}

/* Known by its words alone. */
static void
take_words (WayBack *way, const char *words, const GError *error)
{
  way->kind = WAY_BACK_WORDS;
  way->text = error ? g_strdup_printf ("%s (not possible now: %s)", words, error->message)
                    : g_strdup (words);
}

static void
find_way (WayBack *way, const RunModel *model, const Change *change, const Step *written)
{
  const Clause *undo = written && change->purpose == PURPOSE_DO ? written->undo : NULL;
  const char *words = member (change->details, "undo");
  const char *said = member (change->details, "way_back");
  g_autoptr (GError) error = NULL;
  g_autoptr (Plan) plan = way->running ? NULL
                          : undo       ? plan_undo (model, undo, &error)
                          : said       ? plan_prior (model, change->details)
                                       : NULL;
  g_autofree char *clause = undo && undo->kind ? clause_format (undo) : NULL;
  if (plan)
    take_plan (way, model, plan);
  else if (clause || words || said)
    take_words (way, clause ? clause : words ? words : said, error);
  else if (change->by_hand)
    take_words (way, "by whoever did it; the runbook has no undo for it", NULL);
  else if (change->purpose == PURPOSE_OTHERWISE) {
    way->kind = WAY_BACK_NOTHING;
    way->text = g_strdup ("nothing takes it back");
  } else {
    way->kind = WAY_BACK_NONE;
    way->text = g_strdup ("it cannot be taken back");
  }
}

static WayBack *
way_of (const RunModel *model, const Change *change, guint from)
{
  const RunState *state = run_model_state (model);
  guint index = index_of (state, change->step, from);
  const StepState *step = state_step (state, change->step);
  WayBack *way = g_new0 (WayBack, 1);
  way->number = index + 1;
  way->title = g_strdup (step ? step->title : change->step);
  way->done = g_strdup (member (change->details, "change"));
  way->partly = !change->whole;
  way->running = way->partly && step && step->command && !step->lost;
  find_way (way, model, change, run_model_written (model, index));
  return way;
}

/* The service that a restart would take the change back with, while none of it runs; or
 * NULL. */
static const char *
not_to_restart (const RunModel *model, const Change *change, const WayBack *way)
{
  const Step *written = run_model_written (model, way->number - 1);
  const Clause *undo = written && change->purpose == PURPOSE_DO ? written->undo : NULL;
  const json_t *deployment = run_model_deployment (model, NULL);
  if (way->kind != WAY_BACK_WORDS || way->running || !deployment || !undo ||
      undo->kind != &action_restart.spec || !undo->settings)
    return NULL;
  const ActionRestartSettings *settings = undo->settings;
  return deployment_running (deployment, settings->service) == 0 ? settings->service
                                                                 : NULL;
}

static gboolean
stopped_all_of (const Change *change, const char *service)
{
  json_t *planned = json_object_get (change->details, "planned");
  json_t *count = json_object_get (planned, service);
  return json_is_integer (count) && json_integer_value (count) == 0;
}

/* What was stopped later and is brought back before begins anew with that: `ways` are of the
 * changes after number `place`, the last first. */
static void
settle_restart (WayBack *way, const RunModel *model, const GPtrArray *changes,
                guint place, const GPtrArray *ways)
{
  const char *service = not_to_restart (model, changes->pdata[place], way);
  for (guint i = 0; service && i < ways->len; i++) {
    const WayBack *later = ways->pdata[i];
    const Change *change = changes->pdata[changes->len - 1 - i];
    if (later->kind != WAY_BACK_COMMANDS || !stopped_all_of (change, service))
      continue;
    g_free (way->text);
    way->kind = WAY_BACK_NOTHING;
    way->text = g_strdup_printf ("%s is started anew by the way back of step %u", service,
                                 later->number);
    return;
  }
}

GPtrArray *
way_back_of (const RunModel *model)
{
  GPtrArray *ways = g_ptr_array_new_with_free_func ((GDestroyNotify)way_back_free);
  g_autoptr (GPtrArray) changes = changes_of (model);
  guint from = run_model_state (model)->steps->len;
  for (guint i = changes->len; i-- > 0;) {
    WayBack *way = way_of (model, g_ptr_array_index (changes, i), from);
    from = way->number - 1;
    settle_restart (way, model, changes, i, ways);
    g_ptr_array_add (ways, way);
  }
  return ways;
}
