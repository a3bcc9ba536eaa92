#include "core/run/question.h"

#include <string.h>

#include "core/base/text.h"
#include "core/run/acceptance.h"

/* What can be said, and what of it needs words after it. */
typedef struct {
  const char *word;
  const char *answer;
  const char *argument; /* what it is called in "skip REASON", or NULL */
} Form;

static const Form form_yes = { "y", "go", NULL };
static const Form form_wait = { "wait", "wait", NULL };
static const Form form_end = { "end", "end", NULL };
static const Form form_retry = { "retry", "retry", NULL };
static const Form form_undo = { "undo", "undo", NULL };
static const Form form_again = { "again", "again", NULL };
static const Form form_done = { "done", "done", "REASON" };
static const Form form_skip = { "skip", "skip", "REASON" };
static const Form form_stop = { "stop", "stop", NULL };

#define FORMS_MAX 6

/* The forms that `question` takes (NULL: a wait), the one that goes on first;
 * NULL-terminated. What is typed whole (a word, a text) is not among them. */
static void
question_forms (const Question *question, const Form *forms[FORMS_MAX])
{
  guint count = 0;
  gboolean has_skip = TRUE;
  if (question)
    switch (question->kind) {
    case QUESTION_ADOPT:
    case QUESTION_CONFIRM:
      if (!question->word)
        forms[count++] = &form_yes;
      break;
    case QUESTION_ASK:
      has_skip = FALSE;
      break;
    case QUESTION_OFFER:
      if (!question->word)
        forms[count++] = &form_yes;
      forms[count++] = &form_wait;
      break;
    case QUESTION_FAILED:
      forms[count++] = &form_retry;
      if (json_is_true (json_object_get (question->details, "has_undo")))
        forms[count++] = &form_undo;
      break;
    case QUESTION_UNCERTAIN: {
      const char *supports =
          json_string_value (json_object_get (question->details, "supports"));
      gboolean again_first = g_strcmp0 (supports, "again") == 0;
      forms[count++] = again_first ? &form_again : &form_done;
      forms[count++] = again_first ? &form_done : &form_again;
      has_skip = FALSE;
      break;
    }
    case QUESTION_REVIEW:
      if (!question->word)
        forms[count++] = &form_yes;
      has_skip = FALSE;
      break;
    case QUESTION_RUNNING:
      forms[count++] = &form_wait;
      forms[count++] = &form_end;
      has_skip = FALSE;
      break;
    }
  if (has_skip)
    forms[count++] = &form_skip;
  forms[count++] = &form_stop;
  forms[count] = NULL;
}

/* "y", "skip REASON" */
static char *
form_text (const Form *form)
{
  return form->argument ? g_strconcat (form->word, " ", form->argument, NULL)
                        : g_strdup (form->word);
}

/* They go on, but not as what was wanted: after that, before what leaves the step. */
static void
add_accept_words (GPtrArray *words, const RunState *state, const Question *question)
{
  g_autoptr (GPtrArray) offers = acceptance_offers (state, question);
  for (guint i = 0; i < offers->len; i++) {
    const StateVerdict *verdict = offers->pdata[i];
    g_ptr_array_add (words, acceptance_word (state, verdict->accept));
  }
}

GPtrArray *
question_words (const RunState *state, const Question *question)
{
  const Form *forms[FORMS_MAX];
  question_forms (question, forms);
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  if (question && question->word)
    g_ptr_array_add (words, g_strdup (question->word));
  else if (question && question->kind == QUESTION_ASK)
    g_ptr_array_add (words, g_strdup ("TEXT"));
  for (guint i = 0; forms[i]; i++) {
    if (forms[i] == &form_skip)
      add_accept_words (words, state, question);
    g_ptr_array_add (words, form_text (forms[i]));
  }
  return words;
}

/* "[y | skip REASON | stop]", without the first `without` of them. */
static char *
words_from (const RunState *state, const Question *question, guint without)
{
  g_autoptr (GPtrArray) words = question_words (state, question);
  g_ptr_array_add (words, NULL);
  g_autofree char *joined = g_strjoinv (" | ", (char **)words->pdata + without);
  return g_strdup_printf ("[%s]", joined);
}

char *
question_takes (const RunState *state, const Question *question)
{
  return words_from (state, question, 0);
}

/* ---- reading -------------------------------------------------------------- */

static const Form *
form_find (const Question *question, const char *word, gsize length)
{
  const Form *forms[FORMS_MAX];
  question_forms (question, forms);
  for (guint i = 0; forms[i]; i++)
    if (strlen (forms[i]->word) == length && strncmp (forms[i]->word, word, length) == 0)
      return forms[i];
  return NULL;
}

static char *
not_taken (const RunState *state, const char *typed)
{
  const Question *question = state->question;
  /* The word that goes on stands first, and is named already. */
  g_autofree char *takes =
      words_from (state, question, question && question->word && *typed);
  g_autofree char *shown = text_printable (typed, -1);
  g_autofree char *cut = text_cut_middle (shown, 40);
  if (!*typed)
    return g_strdup_printf ("an empty line changes nothing; type one of %s", takes);
  if (!question)
    return g_strdup_printf ("\"%s\" is not taken while waiting; type one of %s", cut,
                            takes);
  if (question->word)
    return g_strdup_printf ("\"%s\" is not \"%s\"; type it exactly, or one of %s", cut,
                            question->word, takes);
  return g_strdup_printf ("\"%s\" is not taken here; type one of %s", cut, takes);
}

/* The runbook's `ask` behind the question, or NULL. */
static const Ask *
question_ask (const Runbook *runbook, const Question *question)
{
  int index = runbook ? runbook_step_index (runbook, question->step) : -1;
  if (index < 0 || json_object_get (question->details, "instruction"))
    return NULL;
  return ((const Step *)runbook->steps->pdata[index])->ask;
}

/* They answer other questions, and are hardly meant as a text. */
static gboolean
looks_like_an_answer (const char *typed)
{
  static const char *const alone[] = { "retry", "undo", "wait", NULL };
  gboolean skips = g_str_has_prefix (typed, "skip") &&
                   (typed[4] == '\0' || g_ascii_isspace (typed[4]));
  return skips || g_strv_contains (alone, typed);
}

static gboolean
read_text (const RunState *state, const Runbook *runbook, const char *typed,
           const char **answer, char **argument, char **wrong)
{
  const Ask *ask = question_ask (runbook, state->question);
  g_autofree char *problem = NULL;
  if (!*typed)
    problem = not_taken (state, typed);
  else if (looks_like_an_answer (typed))
    problem =
        g_strdup_printf ("\"%s\" answers other questions; this one wants a text, or "
                         "stop; if it is meant, say it in other words",
                         typed);
  else if (ask)
    problem = runbook_answer_problem (runbook, ask, typed);
  if (problem) {
    *wrong = g_steal_pointer (&problem);
    return FALSE;
  }
  *answer = "text";
  *argument = g_strdup (typed);
  return TRUE;
}

static gboolean
read_form (const Form *form, const char *rest, const char **answer, char **argument,
           char **wrong)
{
  if (form->argument && !*rest) {
    *wrong = g_strdup_printf ("%s wants a reason, which the journal keeps: %s %s",
                              form->word, form->word, form->argument);
    return FALSE;
  }
  *answer = form->answer;
  *argument = form->argument ? g_strdup (rest) : NULL;
  return TRUE;
}

static char *
outside_problem (const char *typed)
{
  if (strlen (typed) > ANSWER_BYTES_MAX)
    return g_strdup_printf ("that is longer than %d bytes; say it shorter",
                            ANSWER_BYTES_MAX);
  if (!g_utf8_validate (typed, -1, NULL))
    return g_strdup ("that is not valid UTF-8 text; type it again");
  for (const char *at = typed; *at; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return g_strdup ("that has a control character in it; type it again");
  return NULL;
}

/* Why nothing can be said now, or NULL. */
static const char *
deaf_because (const RunState *state)
{
  const StepState *step = state_current (state);
  if (state->question)
    return NULL;
  if (state->phase != RUN_GOING || !step || step->phase == PHASE_PENDING)
    return "nothing waits for an answer now";
  if (step->phase == PHASE_ACTING)
    return "a command is running and is not interrupted; answer when it has ended";
  return NULL;
}

gboolean
question_read (const RunState *state, const Runbook *runbook, const char *typed,
               const char **answer, char **argument, char **wrong)
{
  const Question *question = state->question;
  *argument = NULL;
  const char *deaf = deaf_because (state);
  *wrong = deaf ? g_strdup (deaf) : outside_problem (typed);
  if (*wrong)
    return FALSE;
  g_autofree char *said = g_strstrip (g_strdup (typed));
  if (question && question->word && strcmp (typed, question->word) == 0) {
    *answer = "go";
    return TRUE;
  }
  if (acceptance_find (state, typed)) {
    *answer = "accept";
    *argument = g_strdup (typed);
    return TRUE;
  }
  gsize length = strcspn (said, " \t");
  const Form *form = form_find (question, said, length);
  const char *rest = said + length + strspn (said + length, " \t");
  gboolean uncertain = !question && state_current (state)->phase == PHASE_UNCERTAIN;
  if (form == &form_skip && uncertain) {
    *wrong = g_strdup ("its command still runs: wait until it has ended, or type stop");
    return FALSE;
  }
  if (form && (form->argument || !*rest))
    return read_form (form, rest, answer, argument, wrong);
  if (question && question->kind == QUESTION_ASK)
    return read_text (state, runbook, said, answer, argument, wrong);
  *wrong = not_taken (state, said);
  return FALSE;
}
