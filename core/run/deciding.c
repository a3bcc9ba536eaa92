/* What next_decide() may answer, and the proof that the target is the right one. */
#include "core/run/deciding.h"

/* ---- answers -------------------------------------------------------------- */

Next *
deciding_over (void)
{
  Next *next = g_new0 (Next, 1);
  next->type = NEXT_OVER;
  return next;
}

Next *
deciding_event (Event *event)
{
  Next *next = g_new0 (Next, 1);
  next->type = NEXT_EVENT;
  next->event = event;
  return next;
}

Next *
deciding_take (Event **event)
{
  return deciding_event (g_steal_pointer (event));
}

/* Takes over `waiting`. */
Next *
deciding_rest (Deciding *deciding, char *waiting)
{
  Next *next = g_new0 (Next, 1);
  next->type = NEXT_REST;
  next->watch = g_ptr_array_ref (deciding->watch);
  next->fresh_after_us = deciding->fresh_after_us;
  next->wake_us = deciding->wake_us;
  next->waiting = waiting;
  return next;
}

static void
tell_checks (Next *next, const Standing *standing)
{
  next->waiting_section = standing->section;
  next->waiting_checks = json_incref (standing->holds);
}

Next *
deciding_stand (Deciding *deciding, const Standing *standing)
{
  Next *next = deciding_rest (deciding, NULL);
  tell_checks (next, standing);
  return next;
}

Next *
deciding_wait (Deciding *deciding, const Standing *standing)
{
  Next *next = deciding_rest (deciding, g_strdup (standing->waiting));
  if (g_strcmp0 (standing->gist, standing->waiting) != 0)
    next->waiting_gist = g_strdup (standing->gist);
  tell_checks (next, standing);
  return next;
}

Next *
deciding_step_event (const Deciding *deciding, EventType type, const char *member,
                     const char *text)
{
  json_t *data = json_pack ("{s:s}", "step", deciding->step->id);
  if (member)
    json_object_set_new (data, member, json_string (text));
  return deciding_event (event_new (type, data));
}

Next *
deciding_withdraw (const Deciding *deciding, const char *why)
{
  return deciding_event (
      event_new (EVENT_WITHDRAWN,
                 json_pack ("{s:I, s:s}", "question",
                            (json_int_t)deciding->state->question->number, "why", why)));
}

Next *
deciding_run_stopped (const char *why, gboolean held)
{
  return deciding_event (
      event_new (EVENT_RUN_STOPPED, json_pack ("{s:s, s:b}", "why", why, "held", held)));
}

/* A safety rule says no: status 3. */
Next *
deciding_run_refused (const char *why)
{
  g_autofree char *text = g_strconcat ("refused: ", why, NULL);
  return deciding_event (
      event_new (EVENT_RUN_STOPPED, json_pack ("{s:s, s:b, s:b}", "why", text, "held",
                                               TRUE, "refused", TRUE)));
}

Next *
deciding_action_ended (const Deciding *deciding, Purpose purpose, const json_t *planned,
                       gboolean restores)
{
  json_t *data = json_pack ("{s:s, s:s, s:b}", "step", deciding->step->id, "purpose",
                            purpose_name (purpose), "restores", restores);
  if (planned)
    json_object_set (data, "planned", (json_t *)planned);
  return deciding_event (event_new (EVENT_ACTION_ENDED, data));
}

/* ---- the right target ----------------------------------------------------- */

static gboolean
site_is_pinned (const Deciding *deciding)
{
  const Site *site = deciding->procedure->site;
  return site->production || g_hash_table_size (site->identity) > 0;
}

/* A look at the platform that is fresh enough and proves to be the site's. Otherwise
 * NULL, and *next says what to do: rest, or stop because it is another target. */
const json_t *
deciding_proved_deployment (Deciding *deciding, gint64 fresh_after_us, Next **next)
{
  g_autofree char *why = NULL;
  const json_t *deployment = judging_deployment (deciding, fresh_after_us, &why);
  if (!deployment) {
    *next = deciding_rest (deciding, g_steal_pointer (&why));
    return NULL;
  }
  g_autofree char *problem = platform_identity_problem (deciding->procedure->site,
                                                        deciding->platform, deployment);
  if (!problem)
    return deployment;
  *next = deciding_run_refused (problem);
  return NULL;
}

/* ---- plans ---------------------------------------------------------------- */

/* Both are asked for before either is waited for, so that they are looked at at once. */
static gboolean
look_for_plan (Deciding *deciding, const Clause *clause, gint64 fresh_after_us,
               PlanContext *context, Next **next)
{
  const ActionKind *kind = kind_action (clause);
  g_autofree char *why = NULL;
  if (kind->reads)
    context->reading =
        judging_body (deciding, kind->reads (clause->settings), fresh_after_us, &why);
  if (kind->looks || site_is_pinned (deciding))
    context->deployment = deciding_proved_deployment (deciding, fresh_after_us, next);
  if (!*next && kind->reads && !context->reading)
    *next = deciding_rest (deciding, g_steal_pointer (&why));
  return !*next;
}

Plan *
deciding_plan (Deciding *deciding, const Clause *clause, gint64 fresh_after_us,
               Next **next, GError **error)
{
  if (clause->missing && clause->missing[0]) {
    g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE, "the variable %s has no value",
                 clause->missing[0]);
    return NULL;
  }
  PlanContext context = {
    .site = deciding->procedure->site,
    .platform = deciding->platform,
    .ledger = deciding->state->ledger,
  };
  if (!look_for_plan (deciding, clause, fresh_after_us, &context, next))
    return NULL;
  return kind_action (clause)->plan (clause->settings, &context, error);
}
