#include "core/runner/runner.h"

#include <string.h>

#include "core/run/question.h"
#include "core/run/wire.h"

/* Who says something. */
typedef struct {
  Runner *runner;
  guint number;
  gint64 uid;
  const char *user;
} Speaker;

guint
hear_first_number (const RunState *state)
{
  guint highest = 0;
  for (guint i = 0; i < state->viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (state->viewers, i);
    highest = MAX (highest, viewer->viewer);
  }
  return highest + 1;
}

static const ViewerState *
viewer_find (const RunState *state, gint64 number)
{
  for (guint i = 0; i < state->viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (state->viewers, i);
    if ((gint64)viewer->viewer == number && viewer->here)
      return viewer;
  }
  return NULL;
}

/* What would help where somebody else, or nobody, has the controls (wire.h). */
#define CONTROLS "controls"

/* `needs`: CONTROLS, or NULL. */
static void
tell_what (Runner *runner, guint number, const char *text, const char *needs)
{
  server_tell (
      runner->server, number,
      json_pack ("{s:s, s:s, s:s*}", "live", "told", "text", text, "needs", needs));
}

static void
tell (Runner *runner, guint number, const char *text)
{
  tell_what (runner, number, text, NULL);
}

static void
refuse (const Speaker *speaker, json_int_t question, const char *text, const char *needs)
{
  server_tell (speaker->runner->server, speaker->number,
               json_pack ("{s:s, s:I, s:s, s:s*}", "live", "refused", "question",
                          question, "text", text, "needs", needs));
}

static void
record_controls (Runner *runner, guint number, const char *how)
{
  record_event (runner,
                event_new (EVENT_CONTROLS, json_pack ("{s:I, s:s}", "viewer",
                                                      (json_int_t)number, "how", how)));
}

/* ---- coming and going ----------------------------------------------------- */

static void
on_came (guint number, gint64 uid, const char *user, void *data)
{
  Runner *runner = data;
  const RunState *state = runner->hold->state;
  if (!runner->over) {
    record_event (runner,
                  event_new (EVENT_VIEWER_CAME,
                             json_pack ("{s:I, s:I, s:s}", "viewer", (json_int_t)number,
                                        "uid", (json_int_t)uid, "user", user)));
    if (state->controls == 0)
      record_controls (runner, number, "first");
    record_sync (runner);
  }
  server_tell (runner->server, number,
               json_pack ("{s:s, s:i, s:s, s:I, s:b}", "live", "hello", "protocol",
                          WIRE_PROTOCOL, "run", runner->hold->name, "viewer",
                          (json_int_t)number, "controls", state->controls == number));
  for (guint i = 0; i < runner->hold->warnings->len; i++)
    tell (runner, number, g_ptr_array_index (runner->hold->warnings, i));
  g_ptr_array_set_size (runner->hold->warnings, 0);
}

/* What was seen before somebody came is sent in as many bytes at most, the latest of it:
 * with a hundred queues a reading of them has some 10 KB, and 64 are kept. */
#define SO_FAR_BYTES_MAX (2 * 1024 * 1024)

json_t *
hear_reading_message (const Runner *runner, const Reading *reading)
{
  json_auto_t *plain = reading_to_json (reading);
  return json_pack ("{s:s, s:o}", "live", "reading", "reading",
                    event_mask_json (plain, runner->hold->inputs->mask));
}

json_t *
hear_output_message (const char *step, const char *text, gint64 boot_us)
{
  return json_pack ("{s:s, s:s, s:s, s:I}", "live", "output", "step", step, "text", text,
                    "boot_us", (json_int_t)boot_us);
}

/* From the latest back as far as there is room; the last one of each kind in any case.
 * They are told in the order in which they came. */
static void
tell_readings (Runner *runner, guint number)
{
  g_autoptr (GPtrArray) readings = evidence_so_far (runner->evidence);
  g_autoptr (GPtrArray) messages = g_ptr_array_new ();
  gsize bytes = 0;
  for (guint i = readings->len; i-- > 0;) {
    const Reading *reading = g_ptr_array_index (readings, i);
    json_t *message = hear_reading_message (runner, reading);
    bytes += json_dumpb (message, NULL, 0, JSON_COMPACT);
    if (bytes <= SO_FAR_BYTES_MAX ||
        evidence_latest (runner->evidence, reading->key) == reading)
      g_ptr_array_add (messages, message);
    else
      json_decref (message);
  }
  while (messages->len > 0)
    server_tell (runner->server, number,
                 g_ptr_array_remove_index (messages, messages->len - 1));
}

static void
on_looks (guint number, void *data)
{
  Runner *runner = data;
  const StepState *step = state_current (runner->hold->state);
  tell_readings (runner, number);
  if (runner->tail->len > 0)
    server_tell (
        runner->server, number,
        hear_output_message (step ? step->id : "", runner->tail->str, runner->tail_us));
  server_tell (runner->server, number, json_pack ("{s:s}", "live", "seen"));
}

/* Who has the controls when a viewer of `uid` has left with them: the same person's
 * other terminal (a line that dropped is often missed only after the next one has
 * come), if that is the only viewer; else nobody. */
static guint
heir (const RunState *state, gint64 uid)
{
  const ViewerState *only = NULL;
  for (guint i = 0; i < state->viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (state->viewers, i);
    if (viewer->here && only)
      return 0;
    if (viewer->here)
      only = viewer;
  }
  return only && only->uid == uid ? only->viewer : 0;
}

static void
on_left (guint number, void *data)
{
  Runner *runner = data;
  const RunState *state = runner->hold->state;
  gboolean had_controls = state->controls == number;
  const ViewerState *leaver = viewer_find (state, number);
  if (runner->over || !leaver)
    return;
  gint64 uid = leaver->uid;
  record_event (runner, event_new (EVENT_VIEWER_LEFT,
                                   json_pack ("{s:I}", "viewer", (json_int_t)number)));
  if (had_controls)
    record_controls (runner, heir (state, uid), "left");
  runner->byhand_wanted = runner->byhand_wanted || server_viewers (runner->server) == 0;
  record_sync (runner);
  runner_go_on (runner);
}

/* ---- answers -------------------------------------------------------------- */

/* Why this viewer may not answer, newly allocated, or NULL. */
static char *
controls_problem (const Speaker *speaker)
{
  const RunState *state = speaker->runner->hold->state;
  if (state->controls == speaker->number)
    return NULL;
  const ViewerState *holder = viewer_find (state, state->controls);
  if (!holder)
    return g_strdup ("nobody has the controls");
  return g_strdup_printf ("%s (viewer %u) has the controls", holder->user,
                          holder->viewer);
}

static gboolean
answers_what_stands (const RunState *state, json_int_t question, const char *digest)
{
  if (!state->question)
    return question == 0;
  return question == (json_int_t)state->question->number &&
         g_strcmp0 (digest, state->question->digest) == 0;
}

/* An answer that gives a variable its value: the runbook with it, or what is wrong. */
static gboolean
bind_answer (Runner *runner, const char *text, GError **error)
{
  const RunState *state = runner->hold->state;
  const char *into =
      json_string_value (json_object_get (state->question->details, "into"));
  if (!into)
    return TRUE;
  json_t *answers = json_copy (state->answers);
  json_object_set_new (answers, into, json_string (text));
  gboolean good = inputs_answer (runner->hold->inputs, answers, error);
  json_decref (answers);
  runner->procedure.runbook = runner->hold->inputs->runbook;
  return good;
}

static void
take_answer (const Speaker *speaker, json_int_t question, const char *answer,
             const char *argument)
{
  Runner *runner = speaker->runner;
  const RunState *state = runner->hold->state;
  g_autoptr (GError) error = NULL;
  g_autofree char *cannot =
      strcmp (answer, "end") == 0 ? carry_end_problem (runner) : NULL;
  if (cannot) {
    refuse (speaker, question, cannot, NULL);
    return;
  }
  mask_add_urls (runner->hold->inputs->mask, argument);
  if (strcmp (answer, "text") == 0 && state->question &&
      !bind_answer (runner, argument, &error)) {
    refuse (speaker, question, error->message, NULL);
    return;
  }
  if (!record_event (runner, next_answered (state, answer, argument, speaker->number,
                                            speaker->uid, speaker->user)) ||
      !record_sync (runner))
    return;
  if (strcmp (answer, "end") == 0)
    carry_end (runner);
  runner_go_on (runner);
}

static void
hear_answer (const Speaker *speaker, const json_t *message)
{
  const Hold *hold = speaker->runner->hold;
  json_int_t question = json_integer_value (json_object_get (message, "question"));
  const char *digest = json_string_value (json_object_get (message, "digest"));
  const char *text = json_string_value (json_object_get (message, "text"));
  const char *answer = NULL;
  g_autofree char *argument = NULL;
  g_autofree char *lacking = controls_problem (speaker);
  g_autofree char *problem = NULL;
  if (lacking) {
    refuse (speaker, question, lacking, CONTROLS);
    return;
  }
  if (!answers_what_stands (hold->state, question, digest ? digest : ""))
    problem = g_strdup ("the question has changed; read it again before you answer");
  if (problem || !question_read (hold->state, hold->inputs->runbook, text ? text : "",
                                 &answer, &argument, &problem)) {
    refuse (speaker, question, problem, NULL);
    return;
  }
  take_answer (speaker, question, answer, argument);
}

/* ---- notes and controls --------------------------------------------------- */

static void
hear_note (const Speaker *speaker, const json_t *message)
{
  Runner *runner = speaker->runner;
  const StepState *step = state_current (runner->hold->state);
  const char *said = json_string_value (json_object_get (message, "text"));
  g_autofree char *text = said ? g_strstrip (g_strdup (said)) : NULL;
  if (!text || !*text) {
    tell (runner, speaker->number, "a note needs words: note TEXT");
    return;
  }
  if (strlen (text) > ANSWER_BYTES_MAX) {
    tell (runner, speaker->number, "the note is longer than 1000 bytes; say it shorter");
    return;
  }
  json_t *data = json_pack ("{s:s, s:I, s:s}", "text", text, "uid",
                            (json_int_t)speaker->uid, "user", speaker->user);
  if (step)
    json_object_set_new (data, "step", json_string (step->id));
  record_event (runner, event_new (EVENT_NOTE, data));
  record_sync (runner);
}

static void
hear_take (const Speaker *speaker)
{
  Runner *runner = speaker->runner;
  guint former = runner->hold->state->controls;
  if (former == speaker->number) {
    tell (runner, speaker->number, "you have the controls already");
    return;
  }
  record_controls (runner, speaker->number, "taken");
  if (!record_sync (runner) || former == 0)
    return;
  g_autofree char *text = g_strdup_printf ("%s (viewer %u) has taken the controls",
                                           speaker->user, speaker->number);
  tell_what (runner, former, text, CONTROLS);
}

static void
hear_give (const Speaker *speaker, const json_t *message)
{
  Runner *runner = speaker->runner;
  json_int_t to = json_integer_value (json_object_get (message, "viewer"));
  g_autofree char *lacking = controls_problem (speaker);
  if (lacking) {
    tell_what (runner, speaker->number, lacking, CONTROLS);
    return;
  }
  if (!viewer_find (runner->hold->state, to)) {
    g_autofree char *problem =
        g_strdup_printf ("there is no viewer %" JSON_INTEGER_FORMAT " here", to);
    tell (runner, speaker->number, problem);
    return;
  }
  if (to == speaker->number)
    return;
  record_controls (runner, (guint)to, "given");
  if (!record_sync (runner))
    return;
  g_autofree char *text = g_strdup_printf ("%s (viewer %u) has given you the controls",
                                           speaker->user, speaker->number);
  tell (runner, (guint)to, text);
}

static void
on_said (guint number, gint64 uid, const char *user, const json_t *message, void *data)
{
  Speaker speaker = { .runner = data, .number = number, .uid = uid, .user = user };
  const char *say = json_string_value (json_object_get (message, "say"));
  if (speaker.runner->over)
    return;
  if (g_strcmp0 (say, "answer") == 0)
    hear_answer (&speaker, message);
  else if (g_strcmp0 (say, "note") == 0)
    hear_note (&speaker, message);
  else if (g_strcmp0 (say, "take") == 0)
    hear_take (&speaker);
  else if (g_strcmp0 (say, "give") == 0)
    hear_give (&speaker, message);
  else
    tell (speaker.runner, number,
          "that was not understood; is this viewer newer than the "
          "runner? attach with the runner's own version");
}

const ServerCalls hear_calls = {
  .came = on_came, .left = on_left, .said = on_said, .looks = on_looks
};
