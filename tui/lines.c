#include "tui/lines.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/run/acceptance.h"
#include "core/run/question.h"

void
lines_add (GString *out, const char *prefix, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *printable = text_printable (text, -1);
  g_string_append_printf (out, "%s%s\n", prefix, printable);
}

void
lines_add_text (GString *out, const char *prefix, const char *text)
{
  g_autofree char *printable = text_printable_lines (text, -1);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (printable), "\n", -1);
  for (guint i = 0; lines[i]; i++)
    g_string_append_printf (out, "%s%s\n", prefix, lines[i]);
}

const char *
lines_verdict_words (Verdict verdict)
{
  static const char *const words[] = {
    [VERDICT_UNKNOWN] = "not known yet", [VERDICT_STALE] = "no fresh reading",
    [VERDICT_NOT_YET] = "not yet",       [VERDICT_NEVER] = "will not come true by itself",
    [VERDICT_HOLDS] = "holds",           [VERDICT_NOT_OURS] = "not ours",
    [VERDICT_ACCEPTED] = "accepted",
  };
  return words[verdict];
}

static const char *
member (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

/* What is accepted says so itself. */
static void
add_verdict (GString *out, Verdict verdict, const char *text)
{
  if (verdict == VERDICT_ACCEPTED)
    lines_add (out, "  ", "%s", text);
  else
    lines_add (out, "  ", "%s: %s", lines_verdict_words (verdict), text);
}

/* An argv of the journal as a person would type it. */
static char *
command_text (const json_t *argv)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (gsize i = 0; i < json_array_size (argv); i++) {
    const char *word = json_string_value (json_array_get (argv, i));
    g_ptr_array_add (words, (gpointer)(word ? word : ""));
  }
  g_ptr_array_add (words, NULL);
  return text_command ((const char *const *)words->pdata);
}

static void
add_command (GString *out, const char *prefix, const json_t *argv, const char *directory)
{
  g_autofree char *text = command_text (argv);
  if (directory)
    lines_add (out, "  ", "in %s:", directory);
  g_string_append_printf (out, "%s$ %s\n", prefix, text);
}

/* `unread`: why versions are not known, where they were wanted; or NULL. */
static void
add_ledger (GString *out, const json_t *ledger, const json_t *unread)
{
  const char *service = NULL;
  json_t *entry = NULL;
  gboolean asked = json_object_size (unread) > 0;
  json_object_foreach ((json_t *)ledger, service, entry)
  {
    const char *version = json_string_value (json_object_get (entry, "version"));
    const char *why = json_string_value (json_object_get (unread, service));
    g_autofree char *count =
        json_is_true (json_object_get (entry, "managed"))
            ? g_strdup ("not ours")
            : g_strdup_printf ("%" JSON_INTEGER_FORMAT " running",
                               json_integer_value (json_object_get (entry, "count")));
    asked |= version != NULL;
    lines_add (out, "  ", "recorded %s: %s%s%s", service, count,
               version ? ", version " : (why ? ", version not known: " : ""),
               version ? version : (why ? why : ""));
  }
  if (unread && !asked)
    lines_add (out, "  ",
               "no version: the site file has no service with a health address");
}

/* With the path whole, to be copied. */
static void
add_byhand (GString *out, const LinesContext *context, const char *words)
{
  g_autofree char *line = g_strdup_printf ("%s %s", words, context->byhand);
  g_autofree char *printable = text_printable (line, -1);
  lines_add_broken (out, context->columns, "= ", 2, printable);
}

/* ---- one function for each type of event ----------------------------------- */

static void
tell_run_began (GString *out, const LinesContext *context, const Event *event)
{
  const json_t *runbook = event_json (event, "runbook");
  const json_t *site = event_json (event, "site");
  gboolean practice = event_flag (event, "practice");
  gboolean production = json_is_true (json_object_get (site, "production"));
  lines_add (out, "= ", "run %s", event_text (event, "run"));
  lines_add (out, "= ", "runbook %s: %s", member (runbook, "name"),
             member (runbook, "title"));
  lines_add (out, "= ", "site %s on %s", member (site, "name"),
             member (site, "platform"));
  if (practice)
    lines_add (out, "= ", "PRACTICE ×%" G_GINT64_FORMAT " · nothing real is changed",
               MAX (event_number (event, "speed"), 1));
  else if (production)
    lines_add (out, "= ", "PRODUCTION: what is confirmed here changes the real thing");
  else
    lines_add (out, "= ", "not a production site");
  if (context->byhand)
    add_byhand (out, context, "should this tool be gone, go on by hand with");
}

static void
tell_run_resumed (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "= ", "resumed by %s on %s", event_text (event, "user"),
             event_text (event, "host"));
  const json_t *differences = event_json (event, "differences");
  for (gsize i = 0; i < json_array_size (differences); i++)
    lines_add (out, "= ", "accepted difference: %s",
               json_string_value (json_array_get (differences, i)));
}

static void
tell_run_stopped (GString *out, const LinesContext *context, const Event *event)
{
  lines_add (out, "= ", "stopped, unfinished: %s", event_text (event, "why"));
  if (context->byhand && !state_is_refused (context->state))
    add_byhand (out, context, "what remains, to be done by hand:");
  if (state_is_resumable (context->state))
    lines_add (out, "= ", "to go on: handrail resume %s", context->state->name);
}

static void
tell_run_abandoned (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "= ", "given up by %s: %s", event_text (event, "user"),
             event_text (event, "why"));
}

/* What the next run on the site is for. */
static void
add_not_brought_back (GString *out, const RunState *state)
{
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint i = 0; i < ledger_size (state->ledger); i++) {
    const LedgerEntry *entry = ledger_at (state->ledger, i);
    if (!entry->managed && !entry->restored && entry->count > 0)
      g_string_append_printf (words, "%s%s %" G_GINT64_FORMAT, words->len ? ", " : "",
                              entry->service, entry->count);
  }
  if (words->len > 0)
    lines_add (
        out, "= ",
        "recorded, and to be brought back by the next run on %s (such as startup): %s",
        state->site, words->str);
}

static void
tell_run_finished (GString *out, const LinesContext *context, const Event *event)
{
  (void)event;
  g_autofree char *steps = state_steps_words (context->state);
  g_autofree char *line = g_strconcat ("finished: ", steps, NULL);
  g_autofree char *printable = text_printable (line, -1);
  lines_add_broken (out, context->columns, "= ", 2, printable);
  add_not_brought_back (out, context->state);
}

static void
tell_ledger_adopted (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  const json_t *run = event_json (event, "run");
  if (!run)
    return;
  lines_add (out, "= ", "recorded counts taken over from run %s",
             json_string_value (run));
  add_ledger (out, event_json (event, "ledger"), NULL);
}

static void
tell_viewer_came (GString *out, const LinesContext *context, const Event *event)
{
  gint64 viewer = event_number (event, "viewer");
  if (viewer != context->viewer && context->viewer)
    lines_add (out, "= ", "%s looks on as viewer %" G_GINT64_FORMAT,
               event_text (event, "user"), viewer);
}

static void
tell_viewer_left (GString *out, const LinesContext *context, const Event *event)
{
  gint64 viewer = event_number (event, "viewer");
  if (viewer != context->viewer && context->viewer)
    lines_add (out, "= ", "viewer %" G_GINT64_FORMAT " has left", viewer);
}

static const ViewerState *
viewer_state_of (const RunState *state, gint64 number)
{
  for (guint i = 0; i < state->viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (state->viewers, i);
    if (viewer->viewer == number)
      return viewer;
  }
  return NULL;
}

static void
tell_controls (GString *out, const LinesContext *context, const Event *event)
{
  gint64 number = event_number (event, "viewer");
  gboolean ours = number == context->viewer;
  const ViewerState *viewer = viewer_state_of (context->state, number);
  if (!context->viewer || (ours && strcmp (event_text (event, "how"), "first") == 0))
    return;
  if (number == 0)
    lines_add (out, "= ", "nobody has the controls; take takes them");
  else if (ours)
    lines_add (out, "= ", "you have the controls");
  else
    lines_add (out, "= ",
               "%s (viewer %" G_GINT64_FORMAT ") has the controls; take takes them",
               viewer ? viewer->user : "somebody", number);
}

static void
add_why (GString *out, guint columns, const char *why)
{
  g_autofree char *printable = text_printable_lines (why, -1);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (printable), "\n", -1);
  for (guint i = 0; lines[i]; i++)
    lines_add_broken (out, columns, "  ", 2, lines[i]);
}

static void
tell_step_began (GString *out, const LinesContext *context, const Event *event)
{
  const RunState *state = context->state;
  lines_add (out, "> ", "%s: %s (%u of %u)", event_text (event, "step"),
             event_text (event, "title"), state->current + 1, state->steps->len);
  if (event_json (event, "why"))
    add_why (out, context->columns, event_text (event, "why"));
}

static void
tell_step_skipped (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "- ", "%s: left out: %s", event_text (event, "step"),
             event_text (event, "reason"));
}

/* A name that is missing, or misspelt, would go unnoticed to the end. */
static void
add_unlisted (GString *out, const json_t *unlisted)
{
  const char *service;
  json_t *running;
  json_object_foreach ((json_t *)unlisted, service, running)
      lines_add (out, "! ",
                 "%s: %" JSON_INTEGER_FORMAT
                 " running there, and not in the site file: this run neither sees nor "
                 "stops it; to add it, stop now",
                 service, json_integer_value (running));
}

static void
tell_step_recorded (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  add_ledger (out, event_json (event, "ledger"), event_json (event, "unread"));
  add_unlisted (out, event_json (event, "unlisted"));
}

/* A time of the machine as the procedure's, which the runbook's are. */
static char *
procedure_time (const LinesContext *context, const Event *event, const char *member)
{
  return quantity_format_duration (event_number (event, member) * context->state->speed);
}

static void
tell_step_settling (GString *out, const LinesContext *context, const Event *event)
{
  g_autofree char *limit = procedure_time (context, event, "limit_us");
  lines_add (out, "  ", "now its checks must come true, within %s", limit);
}

static void
tell_step_done (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "+ ", "%s: done", event_text (event, "step"));
}

static void
tell_step_failed (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "! ", "%s: failed: %s", event_text (event, "step"),
             event_text (event, "reason"));
}

static void
tell_verdict (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  Verdict verdict = VERDICT_UNKNOWN;
  verdict_from_name (event_text (event, "verdict"), &verdict);
  gboolean alarm = strcmp (event_text (event, "section"), "during") == 0 &&
                   (verdict == VERDICT_NOT_YET || verdict == VERDICT_NEVER);
  if (alarm)
    lines_add (out, "! ", "%s: alarm: %s", event_text (event, "step"),
               event_text (event, "text"));
  else
    add_verdict (out, verdict, event_text (event, "text"));
}

static void
tell_withdrawn (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "! ", "the question is withdrawn: %s", event_text (event, "why"));
}

gboolean
lines_skips_step (const Event *event)
{
  if (event->type == EVENT_STEP_SKIPPED)
    return TRUE;
  return event->type == EVENT_ANSWERED &&
         strcmp (event_text (event, "answer"), "skip") == 0 &&
         strcmp (event_text (event, "kind"), "adopt") != 0;
}

static void
tell_answered (GString *out, const LinesContext *context, const Event *event)
{
  gboolean ours = event_number (event, "viewer") == context->viewer;
  const char *text = event_text (event, "text");
  if (lines_skips_step (event)) {
    lines_add (out, "- ", "%s: skipped by %s: %s", event_text (event, "step"),
               event_text (event, "user"), text);
    return;
  }
  if (ours && context->echoed)
    return;
  const char *answer = event_text (event, "answer");
  gboolean bare = strcmp (answer, "text") == 0;
  lines_add (out, "= ", "%s answers: %s%s%s", event_text (event, "user"),
             bare ? "" : answer, *text && !bare ? " " : "", text);
}

static void
tell_note (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "= ", "note by %s: %s", event_text (event, "user"),
             event_text (event, "text"));
}

static void
tell_refused (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  lines_add (out, "! ", "%s: refused: %s", event_text (event, "step"),
             event_text (event, "why"));
}

static void
tell_command_began (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  const json_t *directory = event_json (event, "directory");
  add_command (out, "", event_json (event, "argv"), json_string_value (directory));
}

static void
tell_command_ended (GString *out, const LinesContext *context, const Event *event)
{
  const char *step = event_text (event, "step");
  gint64 status = event_number (event, "status");
  g_autofree char *took = procedure_time (context, event, "took_us");
  if (event_json (event, "problem"))
    lines_add (out, "! ", "%s: the command could not be run: %s", step,
               event_text (event, "problem"));
  else if (status == 0)
    lines_add (out, "  ", "the command ended well after %s", took);
  else if (status > 0)
    lines_add (out, "! ",
               "%s: the command ended with status %" G_GINT64_FORMAT " after %s", step,
               status, took);
  else
    lines_add (out, "! ", "%s: the command died of signal %" G_GINT64_FORMAT " after %s",
               step, event_number (event, "signal"), took);
}

static void
tell_command_lost (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  if (event_flag (event, "alive"))
    lines_add (out, "! ", "%s: the command of the earlier runner still runs",
               event_text (event, "step"));
  else
    lines_add (out, "! ", "%s: the command is gone and nobody saw how it ended",
               event_text (event, "step"));
}

static void
tell_action_ended (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  Purpose purpose = PURPOSE_DO;
  purpose_from_name (event_text (event, "purpose"), &purpose);
  if (purpose == PURPOSE_UNDO)
    lines_add (out, "  ", "undone");
  else if (purpose == PURPOSE_OTHERWISE)
    lines_add (out, "  ", "what was offered is done");
}

static void
tell_reviewed (GString *out, const LinesContext *context, const Event *event)
{
  (void)context;
  const json_t *broken = event_json (event, "broken");
  if (json_array_size (broken) == 0)
    lines_add (out, "  ", "what earlier steps established still holds");
  for (gsize i = 0; i < json_array_size (broken); i++) {
    const json_t *item = json_array_get (broken, i);
    lines_add (out, "! ", "%s: no longer so: %s",
               json_string_value (json_object_get (item, "step")),
               json_string_value (json_object_get (item, "text")));
  }
}

static void
tell_nothing (GString *out, const LinesContext *context, const Event *event)
{
  (void)out;
  (void)context;
  (void)event;
}

typedef void (*Tell) (GString *out, const LinesContext *context, const Event *event);
static const Tell tells[EVENT_TYPES] = {
  [EVENT_RUN_BEGAN] = tell_run_began,
  [EVENT_RUN_RESUMED] = tell_run_resumed,
  [EVENT_RUN_STOPPED] = tell_run_stopped,
  [EVENT_RUN_ABANDONED] = tell_run_abandoned,
  [EVENT_RUN_FINISHED] = tell_run_finished,
  [EVENT_LEDGER_ADOPTED] = tell_ledger_adopted,
  [EVENT_VIEWER_CAME] = tell_viewer_came,
  [EVENT_VIEWER_LEFT] = tell_viewer_left,
  [EVENT_CONTROLS] = tell_controls,
  [EVENT_STEP_BEGAN] = tell_step_began,
  [EVENT_STEP_SKIPPED] = tell_step_skipped,
  [EVENT_STEP_RECORDED] = tell_step_recorded,
  [EVENT_STEP_SETTLING] = tell_step_settling,
  [EVENT_STEP_DONE] = tell_step_done,
  [EVENT_STEP_FAILED] = tell_step_failed,
  [EVENT_VERDICT] = tell_verdict,
  [EVENT_ASKED] = tell_nothing,
  [EVENT_WITHDRAWN] = tell_withdrawn,
  [EVENT_ANSWERED] = tell_answered,
  [EVENT_NOTE] = tell_note,
  [EVENT_REFUSED] = tell_refused,
  [EVENT_REVIEWED] = tell_reviewed,
  [EVENT_COMMAND_BEGAN] = tell_command_began,
  [EVENT_COMMAND_ENDED] = tell_command_ended,
  [EVENT_COMMAND_LOST] = tell_command_lost,
  [EVENT_ACTION_ENDED] = tell_action_ended,
};

gboolean
lines_knows (EventType type)
{
  return tells[type] != NULL;
}

void
lines_event (GString *out, const LinesContext *context, const Event *event)
{
  tells[event->type](out, context, event);
}

/* ---- questions ------------------------------------------------------------- */

static void
add_plan (GString *out, const RunState *state, const json_t *details)
{
  const json_t *commands = json_object_get (details, "commands");
  const char *instruction = member (details, "instruction");
  const char *change = member (details, "change");
  const char *way_back = member (details, "way_back");
  const char *undo = member (details, "undo");
  lines_add (out, "  ", "site: %s%s", state->site,
             state->production ? " (PRODUCTION)" : "");
  if (change)
    lines_add (out, "  ", "change: %s", change);
  for (gsize i = 0; i < json_array_size (commands); i++) {
    const json_t *command = json_array_get (commands, i);
    add_command (out, "  ", json_object_get (command, "argv"),
                 member (command, "directory"));
  }
  if (instruction)
    lines_add (out, "  ", "to be done by you: %s", instruction);
  const json_t *holds = json_object_get (details, "holds");
  for (gsize i = 0; i < json_array_size (holds); i++) {
    const json_t *hold = json_array_get (holds, i);
    const char *name = member (hold, "verdict");
    const char *text = member (hold, "text");
    Verdict verdict = VERDICT_UNKNOWN;
    verdict_from_name (name ? name : "", &verdict);
    add_verdict (out, verdict, text ? text : "");
  }
  if (way_back)
    lines_add (out, "  ", "way back: %s", way_back);
  else if (undo)
    lines_add (out, "  ", "way back: undo (%s)", undo);
  else
    lines_add (out, "  ", "there is no way back");
}

/* As it is to be typed; in practice, where its name alone would mean a real program, with the
 * folder of that. */
static json_t *
typed_argv (const RunState *state, const json_t *argv)
{
  json_t *typed = json_copy ((json_t *)argv);
  const char *name = json_string_value (json_array_get (argv, 0));
  if (!state->practice_folder || !name)
    return typed;
  g_autofree char *program = g_build_filename (state->practice_folder, "bin", name, NULL);
  json_array_set_new (typed, 0, json_string (program));
  return typed;
}

/* What shows why a service is not up, to be typed elsewhere. */
static void
add_logs (GString *out, const RunState *state, const json_t *details)
{
  const json_t *logs = json_object_get (details, "logs");
  for (gsize i = 0; i < json_array_size (logs); i++) {
    const json_t *command = json_array_get (logs, i);
    json_auto_t *argv = typed_argv (state, json_object_get (command, "argv"));
    lines_add (out, "  ", "its last log lines, from another terminal:");
    add_command (out, "  ", argv, member (command, "directory"));
  }
}

/* What else goes on, and without what. */
static void
add_acceptable (GString *out, const RunState *state)
{
  g_autoptr (GPtrArray) offers = acceptance_offers (state, state->question);
  for (guint i = 0; i < offers->len; i++) {
    const StateVerdict *verdict = offers->pdata[i];
    g_autofree char *word = acceptance_word (state, verdict->accept);
    lines_add (out, "  ", "type %s to go on without this: %s", word,
               verdict->text ? verdict->text : "");
  }
}

void
lines_question_details (GString *out, const RunState *state)
{
  const Question *question = state->question;
  if (!question)
    return;
  const json_t *details = question->details;
  const json_t *ledger = json_object_get (details, "ledger");
  const char *supports = member (details, "supports");
  if (question->kind == QUESTION_CONFIRM || question->kind == QUESTION_OFFER)
    add_plan (out, state, details);
  add_acceptable (out, state);
  add_logs (out, state, details);
  if (ledger)
    add_ledger (out, ledger, NULL);
  if (supports)
    lines_add (out, "  ", "what is seen now supports: %s", supports);
}

void
lines_question (GString *out, const RunState *state)
{
  const Question *question = state->question;
  if (!question)
    return;
  g_autofree char *takes = question_takes (state, question);
  lines_add (out, "? ", "%s: %s %s", question->step, question->text, takes);
}

/* ---- without UTF-8 --------------------------------------------------------- */

static const struct {
  gunichar character;
  const char *ascii;
} plain_forms[] = {
  { 0x2192, "->" }, { 0x2190, "<-" }, { 0x2026, "..." }, { 0x2013, "-" },
  { 0x2014, "-" },  { 0x2018, "'" },  { 0x2019, "'" },   { 0x201c, "\"" },
  { 0x201d, "\"" }, { 0x00d7, "x" },  { 0x00b7, "-" },   { 0x00a0, " " },
};

char *
lines_ascii (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *at = text; *at; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);
    const char *form = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS (plain_forms) && !form; i++)
      if (plain_forms[i].character == character)
        form = plain_forms[i].ascii;
    if (character < 0x80)
      g_string_append_c (out, (char)character);
    else if (form)
      g_string_append (out, form);
    else
      g_string_append_printf (out, "\\u{%04X}", character);
  }
  return g_string_free (out, FALSE);
}
