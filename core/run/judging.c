#include <string.h>

#include "core/run/acceptance.h"
#include "core/run/deciding.h"
#include "core/run/skipped.h"

void
standing_clear (Standing *standing)
{
  g_clear_pointer (&standing->missing, g_free);
  g_clear_pointer (&standing->waiting, g_free);
  g_clear_pointer (&standing->gist, g_free);
  g_clear_pointer (&standing->holds, json_decref);
  g_clear_pointer (&standing->event, event_free);
}

void
judging_wake (Deciding *deciding, gint64 boot_us)
{
  if (boot_us && (!deciding->wake_us || boot_us < deciding->wake_us))
    deciding->wake_us = boot_us;
}

gint64
judging_machine_us (const Deciding *deciding, gint64 procedure_us)
{
  return procedure_us / deciding->procedure->speed;
}

/* What was seen before the last command ended is never gone by. */
static gint64
fresh_after (const Deciding *deciding, gint64 wanted_us)
{
  return MAX (wanted_us, deciding->state->acted_us);
}

static CheckContext
check_context (const Deciding *deciding, gint64 fresh_after_us, gint64 since_us)
{
  const json_t *action = deciding->step->action;
  CheckContext context = {
    .site = deciding->procedure->site,
    .platform = deciding->platform,
    .evidence = deciding->evidence,
    .ledger = deciding->state->ledger,
    .planned = action ? json_object_get (action, "planned") : NULL,
    .proofs = deciding->state->proofs,
    .now = deciding->now,
    .fresh_after_us = fresh_after (deciding, fresh_after_us),
    .acted_us = deciding->state->acted_us,
    .since_us = since_us,
    .speed = deciding->procedure->speed,
  };
  return context;
}

static const StateVerdict *
verdict_before (const StepState *step, const char *section, guint index)
{
  for (guint i = 0; i < step->verdicts->len; i++) {
    const StateVerdict *verdict = step->verdicts->pdata[i];
    if (verdict->index == index && strcmp (verdict->section, section) == 0)
      return verdict;
  }
  return NULL;
}

/* Whether the journal's last verdict says the same; numbers that move all the time do
 * not count. */
static gboolean
says_the_same (const StateVerdict *before, const Judgement *judgement, const char *accept)
{
  const char *gist = judgement->gist ? judgement->gist : judgement->text;
  return before->verdict == judgement->verdict &&
         g_strcmp0 (before->gist ? before->gist : before->text, gist) == 0 &&
         g_strcmp0 (before->accept, accept) == 0;
}

/* Whether the journal has it that this is proved. */
static gboolean
is_proved_already (const RunState *state, const json_t *proves)
{
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *)proves, name, value)
  {
    if (!json_equal (json_object_get (state->proofs, name), value))
      return FALSE;
  }
  return TRUE;
}

/* The verdict event, if this is news. Not having looked (again) yet is none, unless it
 * ends that something can be accepted. `accept`: the word that goes on without it. */
static Event *
verdict_event (const Deciding *deciding, const char *section, guint index,
               const Judgement *judgement, const char *accept)
{
  const StateVerdict *before = verdict_before (deciding->step, section, index);
  if (judgement->verdict == VERDICT_UNKNOWN && !(before && before->accept))
    return NULL;
  if (before && says_the_same (before, judgement, accept) &&
      is_proved_already (deciding->state, judgement->proves))
    return NULL;
  json_t *data = json_pack ("{s:s, s:s, s:I, s:s, s:s}", "step", deciding->step->id,
                            "section", section, "index", (json_int_t)index, "verdict",
                            verdict_name (judgement->verdict), "text", judgement->text);
  if (judgement->gist)
    json_object_set_new (data, "gist", json_string (judgement->gist));
  if (accept)
    json_object_set_new (data, "accept", json_string (accept));
  if (judgement->proves)
    json_object_set (data, "proves", judgement->proves);
  return event_new (EVENT_VERDICT, data);
}

/* What is required and seen not to hold, but may be gone on without: it passes if the
 * operator has said so. Returns the runbook's word if it can be said now, else NULL. */
static const char *
accept_apply (const Deciding *deciding, const char *section, const Clause *clause,
              Judgement *judgement)
{
  gboolean fails =
      judgement->verdict == VERDICT_NOT_YET || judgement->verdict == VERDICT_NEVER;
  if (!clause->accept || clause->missing || !fails || strcmp (section, "require") != 0)
    return NULL;
  if (!acceptance_given (deciding->step, clause->accept))
    return clause->accept;
  char *text = g_strconcat ("accepted by the operator: ", judgement->text, NULL);
  g_free (judgement->text);
  judgement->text = text;
  judgement->verdict = VERDICT_ACCEPTED;
  return NULL;
}

static void
clause_judge (Deciding *deciding, const Clause *clause, const CheckContext *context,
              Judgement *judgement)
{
  if (clause->missing && clause->missing[0]) {
    judgement_set (judgement, VERDICT_NEVER, "the variable %s has no value yet",
                   clause->missing[0]);
    return;
  }
  const CheckKind *kind = kind_check (clause);
  if (kind->needs)
    kind->needs (clause->settings, context, deciding->watch);
  kind->judge (clause->settings, context, judgement);
  judging_wake (deciding, judgement->wake_us);
}

/* What the step offers is about something else than the check. */
static gboolean
offers_elsewhere (const Step *written, const Clause *clause)
{
  return !written || !written->otherwise ||
         !skipped_share (written->otherwise->action, clause);
}

static void
add_words (char **text, const char *words)
{
  char *longer = g_strconcat (*text, "; ", words, NULL);
  g_free (*text);
  *text = longer;
}

/* A step that should have brought it about was left out: says so, and what can be done. */
static void
tell_skipped (const Deciding *deciding, const Clause *clause, const CheckContext *context,
              Judgement *judgement)
{
  gboolean never = judgement->verdict == VERDICT_NEVER;
  if ((!never && judgement->verdict != VERDICT_NOT_YET) ||
      deciding->step != state_current (deciding->state))
    return;
  const Step *cause =
      skipped_cause (deciding->procedure->runbook, deciding->state, clause, context);
  if (!cause)
    return;
  gboolean elsewhere = offers_elsewhere (deciding->written, clause);
  g_autofree char *words =
      g_strdup_printf ("“%s”, which brings this about, was skipped%s%s", cause->title,
                       never ? ", so it will not come true by itself" : "",
                       elsewhere ? ": do that by hand, skip this step too, or stop" : "");
  add_words (&judgement->text, words);
  if (judgement->gist)
    add_words (&judgement->gist, words);
  judgement->vain |= never && elsewhere;
}

/* From a change until the check tells whether it helped; procedure time. */
static gint64
shows_us (const Clause *clause)
{
  const CheckKind *kind = kind_check (clause);
  return kind->shows_us && clause->settings ? kind->shows_us (clause->settings) : 0;
}

/* One more of what does not pass. */
static void
append (char **list, const char *before, const char *item, const char *after)
{
  char *longer = g_strconcat (*list ? *list : "", *list ? before : "", item, after, NULL);
  g_free (*list);
  *list = longer;
}

/* `word`: what is typed to go on without it, or NULL. */
static void
standing_add (Standing *standing, const Judgement *judgement, const char *word)
{
  json_array_append_new (standing->holds, json_pack ("{s:s, s:s}", "verdict",
                                                     verdict_name (judgement->verdict),
                                                     "text", judgement->text));
  if (verdict_passes (judgement->verdict))
    return;
  standing->passes = FALSE;
  standing->known &= judgement->verdict != VERDICT_UNKNOWN;
  standing->stale |= judgement->verdict == VERDICT_STALE;
  standing->never |= judgement->verdict == VERDICT_NEVER && !judgement->vain;
  standing->fails |=
      judgement->verdict == VERDICT_NEVER || judgement->verdict == VERDICT_NOT_YET;
  g_autofree char *hint =
      word ? g_strdup_printf (" (type %s to go on without it)", word) : g_strdup ("");
  append (&standing->missing, "; ", judgement->text, "");
  append (&standing->waiting, "; ", judgement->text, hint);
  append (&standing->gist, "; ", judgement->gist ? judgement->gist : judgement->text,
          hint);
}

void
judging_stand (Deciding *deciding, const char *section, const GPtrArray *clauses,
               gint64 fresh_after_us, gint64 since_us, Standing *standing)
{
  *standing = (Standing){
    .section = section, .passes = TRUE, .known = TRUE, .holds = json_array ()
  };
  CheckContext context = check_context (deciding, fresh_after_us, since_us);
  if (strcmp (section, "until") == 0 && deciding->step->phase == PHASE_SETTLING)
    context.until_us = deciding->step->deadline_us;
  if (clauses->len)
    deciding->fresh_after_us =
        MAX (deciding->fresh_after_us, fresh_after (deciding, fresh_after_us));
  for (guint i = 0; i < clauses->len; i++) {
    g_auto (Judgement) judgement = { 0 };
    /* Once it has a verdict, that is not to stand when its readings get too old. */
    context.unseen_us = verdict_before (deciding->step, section, i) ? 0 : since_us;
    clause_judge (deciding, clauses->pdata[i], &context, &judgement);
    if (strcmp (section, "during") != 0)
      tell_skipped (deciding, clauses->pdata[i], &context, &judgement);
    const char *accept = accept_apply (deciding, section, clauses->pdata[i], &judgement);
    g_autofree char *word = accept ? acceptance_word (deciding->state, accept) : NULL;
    standing_add (standing, &judgement, word);
    if (!verdict_passes (judgement.verdict))
      standing->shows_us = MAX (standing->shows_us, shows_us (clauses->pdata[i]));
    if (!standing->event)
      standing->event = verdict_event (deciding, section, i, &judgement, accept);
  }
}

void
judging_watch (Deciding *deciding, const GPtrArray *clauses)
{
  CheckContext context = check_context (deciding, 0, 0);
  for (guint i = 0; i < clauses->len; i++) {
    const Clause *clause = clauses->pdata[i];
    const CheckKind *kind = kind_check (clause);
    if (kind && kind->needs && !(clause->missing && clause->missing[0]))
      kind->needs (clause->settings, &context, deciding->watch);
  }
}

const json_t *
judging_deployment (Deciding *deciding, gint64 fresh_after_us, char **why)
{
  return judging_body (deciding, request_platform (deciding->platform->interval_us),
                       fresh_after_us, why);
}

const json_t *
judging_body (Deciding *deciding, Request *request, gint64 fresh_after_us, char **why)
{
  g_ptr_array_add (deciding->watch, request);
  deciding->fresh_after_us =
      MAX (deciding->fresh_after_us, fresh_after (deciding, fresh_after_us));
  CheckContext context = check_context (deciding, fresh_after_us, 0);
  g_auto (Judgement) judgement = { 0 };
  const Reading *reading = check_reading (&context, request, &judgement);
  if (reading)
    return reading->body;
  *why = judgement.verdict == VERDICT_UNKNOWN ? NULL : g_steal_pointer (&judgement.text);
  return NULL;
}
