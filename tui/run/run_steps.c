#include "tui/run/run_steps.h"

#include <string.h>

#include "core/run/deployment.h"
#include "tui/run/run_words.h"

/* Columns that a count has of its own, however few it needs now ("3", then "3→0"): a title
 * is not cut elsewhere for that. */
#define COUNT_COLUMNS_MIN 3

/* An age moves on so far at a time: the screen is drawn for nothing else meanwhile. */
#define SECOND_US ((gint64)G_USEC_PER_SEC)
#define MINUTE_US (60 * SECOND_US)
#define AGE_STEP_US (5 * SECOND_US)

/* ---- how fresh counts are ------------------------------------------------------- */

static gboolean
is_stale (const RunModel *model, gint64 now_us)
{
  return run_model_deployment (model, NULL) && now_us > run_model_fresh_until_us (model);
}

static gint64
age_step_us (gint64 age_us)
{
  return age_us < AGE_STEP_US ? SECOND_US : age_us < MINUTE_US ? AGE_STEP_US : MINUTE_US;
}

/* As it is shown. */
static gint64
shown_age_us (gint64 age_us)
{
  return age_us - age_us % age_step_us (age_us);
}

gint64
run_steps_stale_us (const RunModel *model, gint64 now_us)
{
  gint64 seen_us = 0;
  if (!run_model_deployment (model, &seen_us))
    return 0;
  if (!is_stale (model, now_us))
    return run_model_fresh_until_us (model) + 1;
  gint64 shown_us = shown_age_us (now_us - seen_us);
  return seen_us + shown_us + age_step_us (shown_us);
}

char *
run_steps_age (const RunModel *model, gint64 now_us)
{
  gint64 seen_us = 0;
  if (!run_model_deployment (model, &seen_us) || !is_stale (model, now_us))
    return NULL;
  g_autofree char *age = run_words_age (shown_age_us (now_us - seen_us));
  return g_strdup_printf ("seen %s ago", age);
}

/* ---- counts ------------------------------------------------------------------------ */

/* The services of which the numbers were planned. Newly allocated, its texts borrowed. */
static const char **
planned_services (const StepState *step)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name = NULL;
  json_t *count = NULL;
  json_object_foreach (json_object_get (step->action, "planned"), name, count)
      g_ptr_array_add (names, (gpointer)name);
  g_ptr_array_add (names, NULL);
  return (const char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* The services that a step is about, NULL-terminated, none as NULL; from the runbook, or
 * where that is not known from what was planned: `*made` is then to be freed. */
static const char *const *
services_of (const RunModel *model, guint index, const StepState *step,
             const char ***made)
{
  const Step *written = run_model_written (model, index);
  const Clause *action = written ? written->action : NULL;
  const char *const *listed = NULL;
  *made = NULL;
  if (action && action->kind && action->kind->services && !action->missing)
    listed = action->kind->services (action->settings);
  else if (!written)
    listed = *made = planned_services (step);
  return listed && listed[0] ? listed : NULL;
}

static gboolean
is_managed (const RunModel *model, const char *service)
{
  const Site *site = run_model_site (model);
  const SiteService *known = site ? site_service (site, service) : NULL;
  const LedgerEntry *entry = ledger_get (run_model_state (model)->ledger, service);
  return (known && known->managed) || (entry && entry->managed);
}

static gboolean
sum_of (const json_t *counts, gint64 *sum)
{
  const char *name = NULL;
  json_t *count = NULL;
  *sum = 0;
  json_object_foreach ((json_t *)counts, name, count) *sum += json_integer_value (count);
  return json_object_size (counts) > 0;
}

/* "2→0": what the step has changed; NULL: nothing. */
static char *
changed_count (const StepState *step)
{
  gint64 before = 0, after = 0;
  gboolean over = step->phase == PHASE_DONE && step->acted && !step->undone;
  if (!over || !sum_of (json_object_get (step->action, "prior"), &before) ||
      !sum_of (json_object_get (step->action, "planned"), &after) || before == after)
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT "→%" G_GINT64_FORMAT, before, after);
}

static char *
running_count (const RunModel *model, const char *const *services)
{
  const json_t *deployment = run_model_deployment (model, NULL);
  guint running = 0;
  for (guint i = 0; services[i]; i++)
    running += deployment_running (deployment, services[i]);
  return deployment ? g_strdup_printf ("%u", running) : NULL;
}

static char *
count_of (const RunModel *model, const StepState *step, const char *const *services,
          gint64 now_us, gboolean *stale)
{
  char *changed = changed_count (step);
  *stale = FALSE;
  if (changed || step->phase == PHASE_SKIPPED || !services)
    return changed;
  if (is_managed (model, services[0]))
    return g_strdup ("managed");
  *stale = is_stale (model, now_us);
  return running_count (model, services);
}

char *
run_steps_count (const RunModel *model, guint index, gint64 now_us, gboolean *stale)
{
  const StepState *step = g_ptr_array_index (run_model_state (model)->steps, index);
  g_autofree const char **made = NULL;
  const char *const *services = services_of (model, index, step, &made);
  return count_of (model, step, services, now_us, stale);
}

/* ---- rows ---------------------------------------------------------------------------- */

static gboolean
is_at_hand (const RunState *state, guint index)
{
  return index == state->current && state_is_unfinished (state);
}

Mark
run_steps_mark (const RunState *state, guint index)
{
  const StepState *step = g_ptr_array_index (state->steps, index);
  switch (step->phase) {
  case PHASE_DONE:
    return MARK_DONE;
  case PHASE_SKIPPED:
    return MARK_SKIPPED;
  case PHASE_FAILED:
    return MARK_FAILED;
  default:
    return is_at_hand (state, index) ? MARK_CURRENT : MARK_NONE;
  }
}

Role
run_steps_role (const RunState *state, guint index)
{
  const StepState *step = g_ptr_array_index (state->steps, index);
  switch (step->phase) {
  case PHASE_DONE:
    return ROLE_GOOD;
  case PHASE_SKIPPED:
    return ROLE_DIM;
  case PHASE_FAILED:
    return ROLE_BAD;
  default:
    return is_at_hand (state, index) ? ROLE_CURRENT : ROLE_TEXT;
  }
}

void
run_steps_draw (const RunModel *model, Canvas *canvas, Area line, guint index,
                gint64 now_us)
{
  const RunState *state = run_model_state (model);
  const StepState *step = g_ptr_array_index (state->steps, index);
  Role role = run_steps_role (state, index);
  gboolean over = step->phase == PHASE_DONE || step->phase == PHASE_SKIPPED;
  gboolean stale = FALSE;
  g_autofree const char **made = NULL;
  const char *const *services = services_of (model, index, step, &made);
  g_autofree char *count = count_of (model, step, services, now_us, &stale);
  Role count_role = stale ? ROLE_STALE : is_at_hand (state, index) ? role : ROLE_DIM;
  canvas_mark (canvas, line, 1, 0, role, run_steps_mark (state, index));
  /* A step that is about no service has its whole row for its title. */
  gboolean counted = services && step->phase != PHASE_SKIPPED;
  int columns = count ? canvas_columns (count) : 0;
  Area title = area_inside (line, 3, 0, 1, 0);
  if (counted)
    title.width -= MAX (columns, COUNT_COLUMNS_MIN) + 1;
  canvas_text (canvas, title, 0, 0, over ? ROLE_DIM : role, step->title);
  if (count)
    canvas_right (canvas, line, line.width - 1, 0, count_role, count);
}
