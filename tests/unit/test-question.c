/* What may be answered, and what is made of it. */
#include <string.h>

#include "core/run/question.h"
#include "core/runbook/runbook.h"

typedef struct {
  const char *name;
  QuestionKind kind;
  gboolean waits; /* no question stands */
  const char *word;
  const char *details;
  const char *takes;
  const char *typed;
  const char *answer;   /* NULL: refused */
  const char *argument; /* or what the refusal contains */
} Case;

/* Where checks do not hold that can be accepted. */
typedef struct {
  const char *accept; /* their words, a space between */
  const char *site;   /* the name of a production site, or NULL */
  Case one;
} AcceptCase;

static const Case cases[] = {
  { "typed", QUESTION_CONFIRM, FALSE, "tines-app", "{}",
    "[tines-app | skip REASON | stop]", "tines-app", "go", NULL },
  { "typed but not exactly", QUESTION_CONFIRM, FALSE, "tines-app", "{}", NULL, "tines-ap",
    NULL, "is not \"tines-app\"" },
  { "typed with a space", QUESTION_CONFIRM, FALSE, "tines-app", "{}", NULL, "tines-app ",
    NULL, "type it exactly" },
  { "y where a word is wanted", QUESTION_CONFIRM, FALSE, "tines-app", "{}", NULL, "y",
    NULL, "type it exactly" },
  { "key", QUESTION_CONFIRM, FALSE, NULL, "{}", "[y | skip REASON | stop]", "y", "go",
    NULL },
  { "enter", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "", NULL,
    "an empty line changes nothing" },
  { "yes", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "yes", NULL,
    "\"yes\" is not taken" },
  { "skip", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "skip it is down already", "skip",
    "it is down already" },
  { "skip without a reason", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "skip", NULL,
    "wants a reason" },
  { "skip with an empty reason", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "skip   ",
    NULL, "wants a reason" },
  { "stop", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "stop", "stop", NULL },
  { "stop and more", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "stop it", NULL,
    "is not taken" },
  { "escape", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "skip \033[2J", NULL,
    "control character" },
  { "bad bytes", QUESTION_CONFIRM, FALSE, NULL, "{}", NULL, "skip \xff", NULL, "UTF-8" },
  { "text", QUESTION_ASK, FALSE, NULL, "{}", "[TEXT | stop]", "snapshot 7", "text",
    "snapshot 7" },
  { "text that begins with skip", QUESTION_ASK, FALSE, NULL, "{}", NULL, "skip it", NULL,
    "answers other questions" },
  { "text that is wait", QUESTION_ASK, FALSE, NULL, "{}", NULL, "wait", NULL,
    "\"wait\" answers other questions" },
  { "text that begins with wait", QUESTION_ASK, FALSE, NULL, "{}", NULL, "wait-7", "text",
    "wait-7" },
  { "no text", QUESTION_ASK, FALSE, NULL, "{}", NULL, "", NULL, "changes nothing" },
  { "offer", QUESTION_OFFER, FALSE, NULL, "{}", "[y | wait | skip REASON | stop]", "wait",
    "wait", NULL },
  { "offer in production", QUESTION_OFFER, FALSE, "prod/x", "{}",
    "[prod/x | wait | skip REASON | stop]", "prod/x", "go", NULL },
  { "failed", QUESTION_FAILED, FALSE, NULL, "{\"has_undo\":true}",
    "[retry | undo | skip REASON | stop]", "undo", "undo", NULL },
  { "failed without undo", QUESTION_FAILED, FALSE, NULL, "{\"has_undo\":false}",
    "[retry | skip REASON | stop]", "undo", NULL, "not taken" },
  { "uncertain", QUESTION_UNCERTAIN, FALSE, NULL, "{\"supports\":\"done\"}",
    "[done REASON | again | stop]", "done I saw it", "done", "I saw it" },
  { "uncertain the other way", QUESTION_UNCERTAIN, FALSE, NULL,
    "{\"supports\":\"again\"}", "[again | done REASON | stop]", "again", "again", NULL },
  { "done without a reason", QUESTION_UNCERTAIN, FALSE, NULL, "{\"supports\":\"done\"}",
    NULL, "done", NULL, "wants a reason" },
  { "running", QUESTION_RUNNING, FALSE, NULL, "{}", "[wait | end | stop]", "end", "end",
    NULL },
  { "adopt", QUESTION_ADOPT, FALSE, NULL, "{}", "[y | skip REASON | stop]", "y", "go",
    NULL },
  { "waiting", 0, TRUE, NULL, NULL, NULL, "skip enough", "skip", "enough" },
  { "waiting, y", 0, TRUE, NULL, NULL, NULL, "y", NULL, "not taken while waiting" },
  { "waiting takes", 0, TRUE, NULL, NULL, "[skip REASON | stop]", "stop", "stop", NULL },
};

static const AcceptCase accept_cases[] = {
  { "lose-queues",
    NULL,
    { "accepted", 0, TRUE, NULL, NULL, "[lose-queues | skip REASON | stop]",
      "lose-queues", "accept", "lose-queues" } },
  { "lose-queues",
    NULL,
    { "not exactly", 0, TRUE, NULL, NULL, NULL, "lose-queue", NULL,
      "[lose-queues | skip REASON | stop]" } },
  { "lose-queues",
    NULL,
    { "with a space", 0, TRUE, NULL, NULL, NULL, "lose-queues ", NULL, "not taken" } },
  { "one two",
    NULL,
    { "one of two", 0, TRUE, NULL, NULL, "[one | two | skip REASON | stop]", "two",
      "accept", "two" } },
  { "lose-queues",
    "prod",
    { "in production", 0, TRUE, NULL, NULL, "[prod/lose-queues | skip REASON | stop]",
      "prod/lose-queues", "accept", "prod/lose-queues" } },
  { "lose-queues",
    "prod",
    { "the bare word in production", 0, TRUE, NULL, NULL, NULL, "lose-queues", NULL,
      "not taken" } },
  { "lose-queues",
    NULL,
    { "at an offer", QUESTION_OFFER, FALSE, NULL, "{}",
      "[y | wait | lose-queues | skip REASON | stop]", "lose-queues", "accept",
      "lose-queues" } },
  { "lose-queues",
    NULL,
    { "an offer all the same", QUESTION_OFFER, FALSE, NULL, "{}", NULL, "y", "go",
      NULL } },
  { "redis",
    "prod",
    { "an offer of the same word", QUESTION_OFFER, FALSE, "prod/redis", "{}",
      "[prod/redis | wait | skip REASON | stop]", "prod/redis", "go", NULL } },
  { "lose-queues",
    NULL,
    { "at a confirmation", QUESTION_CONFIRM, FALSE, NULL, "{}",
      "[y | skip REASON | stop]", "lose-queues", NULL, "not taken" } },
  { "lose-queues",
    NULL,
    { "as a text", QUESTION_ASK, FALSE, NULL, "{}", "[TEXT | stop]", "lose-queues",
      "text", "lose-queues" } },
  { "lose-queues",
    NULL,
    { "after a failure", QUESTION_FAILED, FALSE, NULL, "{}",
      "[retry | skip REASON | stop]", "lose-queues", NULL, "not taken" } },
};

static void
free_verdict (void *data)
{
  StateVerdict *verdict = data;
  g_free (verdict->accept);
  g_free (verdict);
}

/* A state at a step in that phase, with a verdict for each of the words. */
static RunState *
state_at (StepState *step, const char *accept, const char *site)
{
  RunState *state = state_new ();
  g_auto (GStrv) words = accept ? g_strsplit (accept, " ", -1) : g_new0 (char *, 1);
  step->verdicts = g_ptr_array_new_with_free_func (free_verdict);
  for (guint i = 0; words[i]; i++) {
    StateVerdict *verdict = g_new0 (StateVerdict, 1);
    verdict->section = (char *)"require";
    verdict->verdict = VERDICT_NEVER;
    verdict->accept = g_strdup (words[i]);
    g_ptr_array_add (step->verdicts, verdict);
  }
  g_ptr_array_set_free_func (state->steps, NULL);
  g_ptr_array_add (state->steps, step);
  state->site = g_strdup (site ? site : "dev");
  state->production = site != NULL;
  return state;
}

static Question *
question_of (const Case *one)
{
  Question *question = g_new0 (Question, 1);
  question->kind = one->kind;
  question->word = g_strdup (one->word);
  question->step = g_strdup ("one");
  question->text = g_strdup ("?");
  question->digest = g_strdup ("");
  question->details = json_loads (one->details, 0, NULL);
  return question;
}

static void
play (const Case *one, const char *accept, const char *site)
{
  StepState step = { .phase = PHASE_CHECKING };
  g_autoptr (RunState) state = state_at (&step, accept, site);
  state->question = one->waits ? NULL : question_of (one);
  if (one->takes) {
    g_autofree char *takes = question_takes (state, state->question);
    g_assert_cmpstr (takes, ==, one->takes);
  }
  const char *answer = NULL;
  g_autofree char *argument = NULL, *wrong = NULL;
  gboolean read = question_read (state, NULL, one->typed, &answer, &argument, &wrong);
  g_assert_cmpint (read, ==, one->answer != NULL);
  if (read) {
    g_assert_cmpstr (answer, ==, one->answer);
    g_assert_cmpstr (argument, ==, one->argument);
  } else if (!strstr (wrong, one->argument))
    g_error ("\"%s\" does not contain \"%s\"", wrong, one->argument);
  g_ptr_array_unref (step.verdicts);
}

static void
test_case (gconstpointer data)
{
  play (data, NULL, NULL);
}

static void
test_accept (gconstpointer data)
{
  const AcceptCase *one = data;
  play (&one->one, one->accept, one->site);
}

/* No accept word may mean something else. */
static void
test_own_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    if (cases[i].waits || cases[i].word)
      continue;
    StepState step = { .phase = PHASE_CHECKING };
    g_autoptr (RunState) state = state_at (&step, NULL, NULL);
    state->question = question_of (&cases[i]);
    g_autofree char *takes = question_takes (state, state->question);
    g_auto (GStrv) words = g_strsplit (g_strdelimit (takes, "[]", ' '), "|", -1);
    for (guint j = 0; words[j]; j++) {
      g_auto (GStrv) parts = g_strsplit (g_strstrip (words[j]), " ", 2);
      if (strcmp (parts[0], "TEXT") != 0 &&
          !g_strv_contains (clause_answer_words, parts[0]))
        g_error ("\"%s\" could be an accept word", parts[0]);
    }
    g_ptr_array_unref (step.verdicts);
  }
}

static void
test_not_while_acting (void)
{
  StepState step = { .phase = PHASE_ACTING };
  g_autoptr (RunState) state = state_at (&step, "lose-queues", NULL);
  const char *answer = NULL;
  g_autofree char *argument = NULL, *wrong = NULL;
  g_assert_false (question_read (state, NULL, "stop", &answer, &argument, &wrong));
  g_assert_nonnull (strstr (wrong, "not interrupted"));
  /* What does not hold was seen before the step acted. */
  step.phase = PHASE_PROVING;
  g_clear_pointer (&wrong, g_free);
  g_assert_false (question_read (state, NULL, "lose-queues", &answer, &argument, &wrong));
  g_ptr_array_unref (step.verdicts);
}

static void
test_too_long (void)
{
  g_autoptr (RunState) state = state_new ();
  state->question = question_of (&cases[0]);
  g_autofree char *typed = g_strnfill (ANSWER_BYTES_MAX + 1, 'x');
  const char *answer = NULL;
  g_autofree char *argument = NULL, *wrong = NULL;
  g_assert_false (question_read (state, NULL, typed, &answer, &argument, &wrong));
  g_assert_nonnull (strstr (wrong, "longer than"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/question/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  for (guint i = 0; i < G_N_ELEMENTS (accept_cases); i++) {
    g_autofree char *path =
        g_strconcat ("/question/accept/", accept_cases[i].one.name, NULL);
    g_test_add_data_func (path, &accept_cases[i], test_accept);
  }
  g_test_add_func ("/question/own-words", test_own_words);
  g_test_add_func ("/question/not-while-acting", test_not_while_acting);
  g_test_add_func ("/question/too-long", test_too_long);
  return g_test_run ();
}
