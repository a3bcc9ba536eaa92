/* The table of rules, and those about what came of a run. */
#include <string.h>

#include "core/base/text.h"
#include "core/debrief/debrief_rules.h"

void
debrief_rule_found (Debrief *debrief, const DebriefRule *rule, DebriefSeverity severity,
                    DebriefTime at, const char *step, const char *format, ...)
{
  DebriefFinding *finding = g_new0 (DebriefFinding, 1);
  va_list arguments;
  va_start (arguments, format);
  finding->done = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  finding->rule = rule->name;
  finding->severity = severity;
  finding->at = at;
  finding->step = step && *step ? g_strdup (step) : NULL;
  finding->why = rule->why;
  finding->careful = rule->careful;
  g_ptr_array_add (debrief->findings, finding);
}

/* ---- what came of it ------------------------------------------------------------------ */

static void
look_refused (Debrief *debrief, const DebriefRule *rule)
{
  for (guint i = 0; i < debrief->refusals->len; i++) {
    const DebriefRemark *refusal = g_ptr_array_index (debrief->refusals, i);
    debrief_rule_found (debrief, rule, DEBRIEF_REMARK, refusal->at, refusal->step,
                        "A safety rule said no, and nothing was done: %s.",
                        refusal->text);
  }
}

static void
add_name (GPtrArray *names, const char *name)
{
  g_ptr_array_add (names, (char *)name);
}

static char *
list_of (GPtrArray *names)
{
  g_ptr_array_add (names, NULL);
  return text_list ((const char *const *)names->pdata, "and");
}

/* Services of the run's own counts: some that it took down, and others that it did not come
 * to; or some that it brought back, and others that it did not. */
static void
look_half_down (Debrief *debrief, const DebriefRule *rule)
{
  const RunState *state = debrief->state;
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  gboolean starts = state->adopted_from != NULL;
  for (guint i = 0; i < ledger_size (state->ledger); i++) {
    const LedgerEntry *entry = ledger_at (state->ledger, i);
    void *count = NULL;
    gboolean acted = g_hash_table_lookup_extended (debrief->parts->counts, entry->service,
                                                   NULL, &count);
    if (entry->managed || entry->count == 0)
      continue;
    gboolean over = starts ? entry->restored : acted && GPOINTER_TO_INT (count) == 0;
    add_name (over ? changed : left, entry->service);
  }
  if (state->phase == RUN_FINISHED || changed->len == 0 || left->len == 0)
    return;
  g_autofree char *over = list_of (changed);
  g_autofree char *rest = list_of (left);
  const char *step = state_current (state) ? state_current (state)->id : NULL;
  debrief_rule_found (debrief, rule,
                      state->phase == RUN_ABANDONED ? DEBRIEF_CARELESS : DEBRIEF_REMARK,
                      debrief->end, step,
                      starts ? "The run was left with %s up and %s still down."
                             : "The run was left with %s down and %s still running.",
                      over, rest);
}

/* When its events began, or the end of the run where only counts are told. */
static const DebriefHappening *
first_of (const Debrief *debrief, const char *kind, const char *other)
{
  for (guint i = 0; i < debrief->happenings->len; i++) {
    const DebriefHappening *happening = g_ptr_array_index (debrief->happenings, i);
    if (strcmp (happening->event, kind) == 0 || g_strcmp0 (happening->event, other) == 0)
      return happening;
  }
  return NULL;
}

static void
look_lost (Debrief *debrief, const DebriefRule *rule)
{
  const DebriefHappening *first = first_of (debrief, "jobs-lost", "queues-lost");
  gint64 lost = debrief->jobs.lost;
  if (lost <= 0)
    return;
  DebriefTime at = first ? first->at : debrief->end;
  const DebriefStep *step = debrief_step_at (debrief, at.at_us);
  const char *name = first ? first->name : NULL;
  debrief_rule_found (debrief, rule, DEBRIEF_DANGER, at, step ? step->id : NULL,
                      "%" G_GINT64_FORMAT " job%s lost%s%s.", lost,
                      lost == 1 ? " was" : "s were", name ? ", first by " : "",
                      name ? name : "");
}

static void
look_interrupted (Debrief *debrief, const DebriefRule *rule)
{
  const DebriefHappening *first = first_of (debrief, "handed-back", NULL);
  gint64 count = debrief->jobs.handed_back;
  if (count <= 0)
    return;
  DebriefTime at = first ? first->at : debrief->end;
  const DebriefStep *step = debrief_step_at (debrief, at.at_us);
  debrief_rule_found (debrief, rule, DEBRIEF_DANGER, at, step ? step->id : NULL,
                      "%" G_GINT64_FORMAT " job%s interrupted and handed back.", count,
                      count == 1 ? " was" : "s were");
}

/* ---- the table ---------------------------------------------------------------------- */

static const DebriefRule rules[] = {
  { "rising",
    "What arrives faster than it is worked off is a backlog that the maintenance leaves "
    "behind, and that grows while everything is down.",
    "Has more workers work it off first, and stops nothing until the total falls or is "
    "near "
    "zero.",
    debrief_look_rising },
  { "accepted",
    "The check stood for something that cannot be had back once the step is done.",
    "Waits, mends what keeps the check from holding, or stops; goes on without it only "
    "when "
    "the cost is known, agreed with whoever owns the work, and written down.",
    debrief_look_accepted },
  { "skipped", "What a step would have checked or done is what later steps rely on.",
    "Reads what does not hold, finds out why, and skips only what somebody else has done "
    "or "
    "seen, with words that the next reader can act on.",
    debrief_look_skipped },
  { "hasty", "What is confirmed unread is confirmed by nobody.",
    "Reads target, change and checks before typing, and looks for another proof where "
    "one "
    "is missing.",
    debrief_look_hasty },
  { "failure-skipped",
    "A failed step may have done its work in part, and the next one builds on it.",
    "Reads the command's output, sees what is true now, and tries again, undoes or "
    "stops.",
    debrief_look_failure_skipped },
  { "offer-declined", "Growing queues do not get less by waiting.",
    "Takes the offer and watches whether it helps; stops and asks for the cause if it "
    "does "
    "not.",
    debrief_look_offer_declined },
  { "reviewed", "Later steps rest on what earlier ones established.",
    "Finds out who or what changed it, and brings it back before going on.",
    debrief_look_reviewed },
  { "lost",
    "A lost job never ends and is not tried again: whoever waits for it waits for "
    "nothing.",
    "Lets workers take no new jobs, waits until nobody is busy, gives them more time to "
    "stop "
    "than they need, and stops their Redis only once it keeps its data.",
    look_lost },
  { "interrupted",
    "A job that is handed back begins anew after the start, and does again what it had "
    "done "
    "already.",
    "Waits until nobody is busy before stopping the workers, however long the last job "
    "takes.",
    look_interrupted },
  { "refused",
    "What the step rests on had changed since it was shown, or is not what it seems.",
    "Takes the refusal as news: reads it, finds the cause, and does not go round it by "
    "hand.",
    look_refused },
  { "half-down",
    "Services that run without those they need fail in their own ways, and the next one "
    "on "
    "call does not know.",
    "Goes on as soon as the cause is mended, or brings back what was stopped; leaves a "
    "note "
    "that says which.",
    look_half_down },
};

static int
compare_findings (const void *a, const void *b)
{
  const DebriefFinding *left = *(DebriefFinding *const *)a;
  const DebriefFinding *right = *(DebriefFinding *const *)b;
  int order = (int)right->severity - (int)left->severity;
  return order ? order
               : (left->at.at_us > right->at.at_us) - (left->at.at_us < right->at.at_us);
}

/* Sorting keeps the order of those that are equal. */
void
debrief_findings_finish (Debrief *debrief)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    rules[i].look (debrief, &rules[i]);
  g_ptr_array_sort (debrief->findings, compare_findings);
}
