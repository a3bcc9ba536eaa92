/* What may be answered, and what is made of it. */
#include <string.h>

#include "core/run/question.h"

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
  { "text that begins with skip", QUESTION_ASK, FALSE, NULL, "{}", NULL, "skip it",
    NULL, "answers other questions" },
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
};

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
test_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (RunState) state = state_new ();
  static StepState step = { .phase = PHASE_CHECKING };
  g_ptr_array_set_free_func (state->steps, NULL);
  g_ptr_array_add (state->steps, &step);
  state->question = one->waits ? NULL : question_of (one);
  if (one->takes) {
    g_autofree char *takes = question_takes (state->question);
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
}

static void
test_not_while_acting (void)
{
  g_autoptr (RunState) state = state_new ();
  static StepState step = { .phase = PHASE_ACTING };
  g_ptr_array_set_free_func (state->steps, NULL);
  g_ptr_array_add (state->steps, &step);
  const char *answer = NULL;
  g_autofree char *argument = NULL, *wrong = NULL;
  g_assert_false (question_read (state, NULL, "stop", &answer, &argument, &wrong));
  g_assert_nonnull (strstr (wrong, "not interrupted"));
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
  g_test_add_func ("/question/not-while-acting", test_not_while_acting);
  g_test_add_func ("/question/too-long", test_too_long);
  return g_test_run ();
}
