#include "core/run/acceptance.h"

#include <string.h>

char *
acceptance_word (const RunState *state, const char *accept)
{
  gboolean named = state->site && (state->production || state->practice);
  return named ? g_strconcat (state->site, "/", accept, NULL) : g_strdup (accept);
}

static gboolean
is_acceptable (const StateVerdict *verdict)
{
  gboolean fails =
      verdict->verdict == VERDICT_NOT_YET || verdict->verdict == VERDICT_NEVER;
  return verdict->accept && fails && strcmp (verdict->section, "require") == 0;
}

/* The same word cannot mean two things: what is offered goes first. */
static gboolean
is_taken (const RunState *state, const Question *question, const StateVerdict *verdict)
{
  g_autofree char *word = acceptance_word (state, verdict->accept);
  return question && g_strcmp0 (question->word, word) == 0;
}

GPtrArray *
acceptance_offers (const RunState *state, const Question *question)
{
  GPtrArray *offers = g_ptr_array_new ();
  const StepState *step = state_current (state);
  gboolean heard = !question || question->kind == QUESTION_OFFER;
  if (!step || step->phase != PHASE_CHECKING || !heard)
    return offers;
  for (guint i = 0; i < step->verdicts->len; i++) {
    StateVerdict *verdict = step->verdicts->pdata[i];
    if (is_acceptable (verdict) && !is_taken (state, question, verdict))
      g_ptr_array_add (offers, verdict);
  }
  return offers;
}

const StateVerdict *
acceptance_find (const RunState *state, const char *typed)
{
  g_autoptr (GPtrArray) offers = acceptance_offers (state, state->question);
  for (guint i = 0; i < offers->len; i++) {
    const StateVerdict *verdict = offers->pdata[i];
    g_autofree char *word = acceptance_word (state, verdict->accept);
    if (strcmp (typed, word) == 0)
      return verdict;
  }
  return NULL;
}

const StateVerdict *
acceptance_named (const RunState *state, const char *accept)
{
  g_autoptr (GPtrArray) offers = acceptance_offers (state, state->question);
  for (guint i = 0; i < offers->len; i++) {
    const StateVerdict *verdict = offers->pdata[i];
    if (strcmp (verdict->accept, accept) == 0)
      return verdict;
  }
  return NULL;
}

gboolean
acceptance_given (const StepState *step, const char *accept)
{
  for (guint i = 0; i < step->accepted->len; i++)
    if (strcmp (step->accepted->pdata[i], accept) == 0)
      return TRUE;
  return FALSE;
}
