#include "tui/run/run_words.h"

#include <string.h>

#include "core/base/text.h"
#include "core/run/acceptance.h"
#include "core/run/question.h"

#define ANY_KIND (-1)
#define WAITING (-2) /* no question stands */

/* What an answer comes to; the first row that fits. */
static const struct {
  const char *answer;
  int kind; /* QuestionKind */
  const char *means;
} meanings[] = {
  { "go", QUESTION_ADOPT, "take the counts over" },
  { "go", QUESTION_REVIEW, "go on all the same" },
  { "go", ANY_KIND, "do it" },
  { "text", ANY_KIND, "answer with this" },
  { "skip", QUESTION_ADOPT, "go on without them" },
  { "skip", ANY_KIND, "leave this step out; the journal keeps the reason" },
  { "stop", ANY_KIND, "stop the run; it can be resumed" },
  { "wait", QUESTION_RUNNING, "wait until the command has ended" },
  { "wait", ANY_KIND, "do nothing; it is offered again after a while" },
  { "retry", ANY_KIND, "begin this step again" },
  { "undo", ANY_KIND, "take back what this step did" },
  { "done", ANY_KIND, "count it as done; the journal keeps the reason" },
  { "again", ANY_KIND, "run the command again" },
  { "end", ANY_KIND, "end the command that still runs" },
};

static char *
accept_meaning (const RunModel *model, const StateVerdict *accepted)
{
  const char *text = accepted ? accepted->text : NULL;
  Verdict verdict = VERDICT_UNKNOWN;
  if (accepted)
    run_model_check_now (model, accepted->section, accepted->index, &verdict, &text);
  return g_strconcat ("go on without: ", text ? text : "", NULL);
}

static char *
meaning (const RunModel *model, const char *answer, const char *argument)
{
  const RunState *state = run_model_state (model);
  int kind = state->question ? (int)state->question->kind : WAITING;
  if (strcmp (answer, "accept") == 0) {
    return accept_meaning (model, acceptance_find (state, argument ? argument : ""));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (strcmp (meanings[i].answer, answer) == 0 &&
        (meanings[i].kind == ANY_KIND || meanings[i].kind == kind))
      return g_strdup (meanings[i].means);
  return g_strdup (answer);
}

static void
word_free (RunWord *word)
{
  g_free (word->word);
  g_free (word->means);
  g_free (word);
}

GPtrArray *
run_words (const RunModel *model)
{
  const RunState *state = run_model_state (model);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)word_free);
  if (!state->question && !run_model_waiting (model))
    return list;
  g_autoptr (GPtrArray) words = question_words (state, state->question);
  for (guint i = 0; i < words->len; i++) {
    const char *text = g_ptr_array_index (words, i);
    const char *answer = NULL;
    g_autofree char *argument = NULL;
    g_autofree char *wrong = NULL;
    if (!question_read (state, NULL, text, &answer, &argument, &wrong))
      continue;
    RunWord *word = g_new0 (RunWord, 1);
    word->word = g_strdup (text);
    word->means = meaning (model, answer, argument);
    g_ptr_array_add (list, word);
  }
  return list;
}

char *
run_words_enter (const RunModel *model, const char *typed)
{
  const RunState *state = run_model_state (model);
  const char *answer = NULL;
  g_autofree char *argument = NULL;
  g_autofree char *wrong = run_model_check (model, typed);
  g_autofree char *unread = NULL;
  if (wrong || !question_read (state, NULL, typed, &answer, &argument, &unread))
    return NULL;
  return meaning (model, answer, argument);
}

char *
run_words_prompt (const RunModel *model)
{
  const Question *question = run_model_state (model)->question;
  if (!question)
    return g_strdup ("Type one of these");
  switch (question->kind) {
  case QUESTION_ASK:
    return g_strdup ("Your answer");
  case QUESTION_FAILED:
  case QUESTION_UNCERTAIN:
  case QUESTION_RUNNING:
    return g_strdup ("Type one of these");
  default:
    return g_strdup_printf ("Type %s", question->word ? question->word : "y");
  }
}

/* ---- commands ---------------------------------------------------------------- */

char *
run_words_command (const json_t *command)
{
  const json_t *argv = json_object_get (command, "argv");
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (gsize i = 0; i < json_array_size (argv); i++) {
    const char *word = json_string_value (json_array_get (argv, i));
    g_ptr_array_add (words, (gpointer)(word ? word : ""));
  }
  g_ptr_array_add (words, NULL);
  return text_command ((const char *const *)words->pdata);
}

char *
run_words_commands (const json_t *plan)
{
  const json_t *commands = json_object_get (plan, "commands");
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < json_array_size (commands); i++) {
    g_autofree char *line = run_words_command (json_array_get (commands, i));
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
  }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* ---- times ------------------------------------------------------------------- */

char *
run_words_age (gint64 age_us)
{
  gint64 seconds = MAX (age_us, 0) / G_USEC_PER_SEC;
  gint64 minutes = seconds / 60;
  if (minutes == 0)
    return g_strdup_printf ("%d s", (int)seconds);
  if (minutes < 120)
    return g_strdup_printf ("%d min", (int)minutes);
  return g_strdup_printf ("%" G_GINT64_FORMAT " h %d min", minutes / 60,
                          (int)(minutes % 60));
}

char *
run_words_clock (gint64 elapsed_us)
{
  gint64 seconds = MAX (elapsed_us, 0) / G_USEC_PER_SEC;
  int minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);
  if (seconds < 3600)
    return g_strdup_printf ("%d:%02d", minutes, rest);
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600, minutes,
                          rest);
}

char *
run_words_banner (const RunState *state, gboolean room)
{
  if (!state->practice)
    return state->production ? g_strdup (" PRODUCTION ") : NULL;
  const char *means = room ? " · nothing real is changed " : " ";
  if (state->speed == 1)
    return g_strconcat (" PRACTICE", means, NULL);
  return g_strdup_printf (" PRACTICE ×%" G_GINT64_FORMAT "%s", state->speed, means);
}
