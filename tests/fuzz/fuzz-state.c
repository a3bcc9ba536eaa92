#include <string.h>

#include "core/run/next.h"
#include "core/run/question.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* The event of a line like a journal's without number, times and digest; or NULL. */
static Event *
event_of (const char *line, gsize length)
{
  json_t *data = json_loadb (line, length, JSON_REJECT_DUPLICATES, NULL);
  const char *name = json_string_value (json_object_get (data, "event"));
  EventType type;
  if (!name || !event_type_from_name (name, &type)) {
    json_decref (data);
    return NULL;
  }
  json_object_del (data, "event");
  Event *event = event_new (type, data);
  g_autofree char *problem = event_problem (event);
  if (!problem)
    return event;
  event_free (event);
  return NULL;
}

/* What is heard as going on without a check, the fold takes, once. */
static void
check_accepted (RunState *state, const char *typed)
{
  g_autoptr (Event) event = next_answered (state, "accept", typed, 1, 0, "u");
  g_autofree char *problem = event_problem (event);
  g_assert_null (problem);
  g_assert_true (state_apply (state, event, NULL));
  g_assert_false (state_apply (state, event, NULL));
}

/* Whatever was typed: it is an answer, or it is said what would be one. */
static void
check_question (RunState *state, const char *typed)
{
  const char *answer = NULL;
  g_autofree char *argument = NULL, *wrong = NULL;
  gboolean right = question_read (state, NULL, typed, &answer, &argument, &wrong);
  g_assert_true (right ? answer && !wrong : wrong != NULL);
  g_autofree char *takes = question_takes (state, state->question);
  g_assert_true (*takes == '[');
  if (right && strcmp (answer, "accept") == 0)
    check_accepted (state, argument);
}

/* A refused event leaves no trace. */
static void
apply (RunState *state, const Event *event)
{
  json_t *before = state_to_json (state);
  g_autoptr (GError) error = NULL;
  gboolean applied = state_apply (state, event, &error);
  g_assert_true (applied == (error == NULL));
  json_t *after = state_to_json (state);
  g_assert_true (after && (applied || json_equal (before, after)));
  json_decref (before);
  json_decref (after);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autoptr (RunState) state = state_new ();
  const char *line = (const char *)bytes, *end = line + length;
  for (guint64 second = 1; line < end; second++) {
    const char *feed = memchr (line, '\n', (gsize)(end - line));
    gsize size = feed ? (gsize)(feed - line) : (gsize)(end - line);
    g_autoptr (Event) event = event_of (line, size);
    if (event) {
      event->number = second;
      event->at = (Moment){ (gint64)second * G_USEC_PER_SEC, (gint64)second * 1000 };
      apply (state, event);
    } else {
      g_autofree char *typed = g_strndup (line, size);
      check_question (state, typed);
    }
    line += size + 1;
  }
  g_assert_true (state_exit_status (state) >= 0);
  return 0;
}
