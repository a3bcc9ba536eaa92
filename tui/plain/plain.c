#include "tui/plain/plain.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/run/acceptance.h"
#include "core/run/question.h"
#include "core/run/wire.h"
#include "tui/lines.h"
#include "tui/plain/plain_holds.h"

struct Plain {
  const RunState *state;
  char *byhand;
  gboolean terminal, utf8, brief;
  guint columns;

  guint viewer;       /* who we are, from "hello" */
  gboolean caught_up; /* what happened before has been told */
  GString *held;      /* brief: the step at hand, told once caught up */
  GString *ending;    /* brief: how the run ended, told then or with the "bye" */
  PlainHolds *holds;
  char *waiting;          /* what the last "waiting" said, or NULL */
  char *waiting_gist;     /* what of it is news, with its step; or NULL */
  gint64 waiting_told_us; /* when a line of it was last printed */
  gboolean waiting_held;  /* its numbers have moved since */
  gint64 now_us;
  guint shown;            /* question that was printed */
  guint sent;             /* question that an answer is under way to */
  guint ended_on;         /* question that the end of the input was sent to */
  gboolean wait_answered; /* an answer to the wait is under way */
  GQueue kept;            /* lines of a pipe, char * */
  gboolean ended;         /* the pipe has ended */
  gint64 interrupt_us;    /* the last ^C, or 0 */

  GString *out;
  GQueue messages; /* json_t * */
  gboolean flush;
  gboolean over;
  int status;
};

Plain *
plain_new (const PlainOptions *options)
{
  Plain *plain = g_new0 (Plain, 1);
  plain->state = options->state;
  plain->byhand = g_strdup (options->byhand);
  plain->terminal = options->terminal;
  plain->utf8 = options->utf8;
  plain->columns = options->columns;
  plain->brief = options->brief;
  plain->holds = plain_holds_new ();
  plain->held = g_string_new (NULL);
  plain->ending = g_string_new (NULL);
  plain->out = g_string_new (NULL);
  g_queue_init (&plain->kept);
  g_queue_init (&plain->messages);
  return plain;
}

void
plain_free (Plain *plain)
{
  if (!plain)
    return;
  g_free (plain->byhand);
  plain_holds_free (plain->holds);
  g_free (plain->waiting);
  g_free (plain->waiting_gist);
  g_string_free (plain->held, TRUE);
  g_string_free (plain->ending, TRUE);
  g_string_free (plain->out, TRUE);
  g_queue_clear_full (&plain->kept, g_free);
  g_queue_clear_full (&plain->messages, (GDestroyNotify)json_decref);
  g_free (plain);
}

static void
send (Plain *plain, json_t *message)
{
  g_queue_push_tail (&plain->messages, message);
}

static void
end (Plain *plain, int status)
{
  if (plain->over)
    return;
  plain->over = TRUE;
  plain->status = status;
}

static void
detach (Plain *plain)
{
  if (plain->over)
    return;
  send (plain, json_pack ("{ss}", "say", "detach"));
  lines_add (plain->out, "= ",
             "detached: what runs goes on to the next question; to come back: handrail "
             "attach %s",
             plain->state->name ? plain->state->name : "");
  end (plain, 1);
}

static gboolean
has_controls (const Plain *plain)
{
  return plain->viewer && plain->state->controls == plain->viewer;
}

/* ---- answers --------------------------------------------------------------- */

static void
send_answer (Plain *plain, const char *line)
{
  const Question *question = plain->state->question;
  plain->sent = question ? question->number : 0;
  plain->wait_answered = !question;
  send (plain, json_pack ("{ss si ss ss}", "say", "answer", "question", (int)plain->sent,
                          "digest", question && question->digest ? question->digest : "",
                          "text", line));
}

/* A question is there for us, and no answer to it is under way. */
static gboolean
stands (const Plain *plain)
{
  const Question *question = plain->state->question;
  return plain->caught_up && question && question->number != plain->sent;
}

static gboolean
waits (const Plain *plain)
{
  return plain->caught_up && plain->waiting && !plain->state->question &&
         !plain->wait_answered;
}

static gboolean
is_word (const char *line, const char *word)
{
  gsize length = strlen (word);
  return strncmp (line, word, length) == 0 &&
         (line[length] == '\0' || line[length] == ' ');
}

/* ---- words that are taken everywhere --------------------------------------- */

static void
word_note (Plain *plain, const char *rest)
{
  if (*rest)
    send (plain, json_pack ("{ss ss}", "say", "note", "text", rest));
  else
    lines_add (plain->out, "! ", "a note needs a text; type note TEXT");
}

static void
word_take (Plain *plain, const char *rest)
{
  (void)rest;
  send (plain, json_pack ("{ss}", "say", "take"));
}

static void
word_give (Plain *plain, const char *rest)
{
  guint64 viewer = 0;
  if (quantity_parse_count (rest, &viewer) && viewer > 0 && viewer <= G_MAXINT)
    send (plain, json_pack ("{ss si}", "say", "give", "viewer", (int)viewer));
  else
    lines_add (plain->out, "! ", "give needs the number of a viewer; type give N");
}

static void
word_detach (Plain *plain, const char *rest)
{
  (void)rest;
  detach (plain);
}

static void word_help (Plain *plain, const char *rest);

/* `bare`: only alone on its line; else it may have something after it. */
static const struct {
  const char *word;
  gboolean bare;
  void (*say) (Plain *plain, const char *rest);
  const char *help;
} words[] = {
  { "note", FALSE, word_note, "note TEXT: write a note into the journal" },
  { "take", TRUE, word_take, "take: take the controls" },
  { "give", FALSE, word_give, "give N: give the controls to viewer N" },
  { "detach", TRUE, word_detach, "detach: leave; the run goes on to its next question" },
  { "help", TRUE, word_help, "help: this" },
};

static void
help_waiting (Plain *plain)
{
  g_autoptr (GString) goes_on = g_string_new (NULL);
  g_autoptr (GPtrArray) offers = acceptance_offers (plain->state, NULL);
  for (guint i = 0; i < offers->len; i++) {
    const StateVerdict *verdict = g_ptr_array_index (offers, i);
    g_autofree char *word = acceptance_word (plain->state, verdict->accept);
    g_string_append_printf (goes_on, "%s: go on without what it stands at; ", word);
  }
  lines_add (plain->out, "  ",
             "while it waits: %sskip REASON: leave this step out; stop: stop the run",
             goes_on->str);
}

static void
word_help (Plain *plain, const char *rest)
{
  (void)rest;
  if (stands (plain))
    lines_add (plain->out, "  ", "the question takes what its brackets say");
  else if (waits (plain))
    help_waiting (plain);
  else
    lines_add (plain->out, "  ", "nothing is asked now");
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    lines_add (plain->out, "  ", "%s", words[i].help);
}

/* TRUE if the line was one of those words. */
static gboolean
take_word (Plain *plain, const char *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize length = strlen (words[i].word);
    if (!is_word (line, words[i].word) || (words[i].bare && line[length]))
      continue;
    words[i].say (plain, line + length + strspn (line + length, " "));
    return TRUE;
  }
  return FALSE;
}

/* ---- typed lines ----------------------------------------------------------- */

/* TRUE if the line was used up. */
static gboolean
use_line (Plain *plain, const char *line)
{
  if (take_word (plain, line))
    return TRUE;
  if (stands (plain)) {
    send_answer (plain, line);
    return TRUE;
  }
  if (waits (plain) && (is_word (line, "skip") || is_word (line, "stop") ||
                        acceptance_find (plain->state, line))) {
    send_answer (plain, line);
    return TRUE;
  }
  return FALSE;
}

static void
explain_unused (Plain *plain)
{
  if (plain->state->question)
    lines_add (plain->out, "! ", "the answer before is being looked at; not taken");
  else if (waits (plain)) {
    g_autofree char *takes = question_takes (plain->state, NULL);
    lines_add (plain->out, "! ", "not taken: while it waits, %s and note TEXT are",
               takes);
  } else
    lines_add (plain->out, "! ",
               "not taken: nothing is asked now; note TEXT, detach and help are");
}

/* The end of a pipe means stop, said to the question that stands, or to a wait that
 * comes before anything was done. Said once to each: where it is refused, somebody
 * else has the controls, and we leave. */
static void
stop_at_end (Plain *plain)
{
  const StepState *step = state_current (plain->state);
  gboolean before_acting = step && (step->phase == PHASE_CHECKING ||
                                    (step->phase == PHASE_SETTLING && !step->acted));
  if (!stands (plain) && !(waits (plain) && before_acting))
    return;
  guint question = plain->state->question ? plain->state->question->number : 0;
  if (!has_controls (plain) || (question && question == plain->ended_on)) {
    detach (plain);
    return;
  }
  plain->ended_on = question;
  send_answer (plain, "stop");
}

/* Uses the lines of a pipe in order, as far as they can be. */
static void
use_kept (Plain *plain)
{
  while (!plain->over && !g_queue_is_empty (&plain->kept)) {
    if (!use_line (plain, g_queue_peek_head (&plain->kept)))
      return;
    g_free (g_queue_pop_head (&plain->kept));
  }
  if (!plain->over && plain->ended)
    stop_at_end (plain);
}

void
plain_not_taken (Plain *plain, const char *why)
{
  if (plain->over)
    return;
  lines_add (plain->out, "! ", "not taken: %s", why);
  lines_question (plain->out, plain->state);
}

void
plain_typed (Plain *plain, const char *line)
{
  g_autofree char *text = g_strstrip (g_utf8_make_valid (line, -1));
  if (plain->over)
    return;
  if (strlen (text) > ANSWER_BYTES_MAX) {
    g_autofree char *why = g_strdup_printf ("longer than %d bytes", ANSWER_BYTES_MAX);
    plain_not_taken (plain, why);
    return;
  }
  if (!plain->terminal) {
    char *kept = g_steal_pointer (&text);
    g_queue_push_tail (&plain->kept, kept);
    use_kept (plain);
    if (waits (plain) && g_queue_peek_tail (&plain->kept) == kept)
      lines_add (plain->out, "= ", "kept for the next question: %s", kept);
  } else if (!use_line (plain, text)) {
    explain_unused (plain);
  }
}

void
plain_input_ended (Plain *plain)
{
  if (plain->terminal) {
    detach (plain);
    return;
  }
  plain->ended = TRUE;
  use_kept (plain);
}

void
plain_hung_up (Plain *plain)
{
  detach (plain);
}

void
plain_interrupted (Plain *plain, gint64 now_us)
{
  if (plain->interrupt_us && now_us - plain->interrupt_us <= PLAIN_INTERRUPT_US) {
    detach (plain);
    return;
  }
  plain->interrupt_us = now_us;
  lines_add (plain->out, "! ",
             "interrupt: type stop to stop, detach to leave it running");
}

/* ---- what the runner says -------------------------------------------------- */

/* Once for every question, when all that came before has been told. */
static void
show_question (Plain *plain)
{
  const Question *question = plain->state->question;
  if (!plain->caught_up || !question || question->number == plain->shown)
    return;
  plain->shown = question->number;
  plain->flush = plain->terminal;
  g_autoptr (GString) details = g_string_new (NULL);
  lines_question_details (details, plain->state);
  plain_holds_tell (plain->holds, details->str, plain->out);
  g_string_append (plain->out, details->str);
  lines_question (plain->out, plain->state);
}

/* To who has just got the controls: it may stand far above by now. */
static void
repeat_question (Plain *plain)
{
  const Question *question = plain->state->question;
  if (plain->caught_up && has_controls (plain) && question &&
      question->number == plain->shown)
    lines_question (plain->out, plain->state);
}

static void
show_waiting (Plain *plain)
{
  plain->waiting_held = FALSE;
  if (!plain->caught_up || !plain->waiting || plain->state->question)
    return;
  plain_holds_tell (plain->holds, NULL, plain->out);
  lines_add (plain->out, "~ ", "%s", plain->waiting);
  plain->waiting_told_us = plain->now_us;
}

static gboolean
waiting_is_due (const Plain *plain)
{
  return plain->now_us - plain->waiting_told_us >= PLAIN_WAITING_US;
}

void
plain_time (Plain *plain, gint64 now_us)
{
  plain->now_us = now_us;
  if (!plain->over && plain->waiting_held && waiting_is_due (plain))
    show_waiting (plain);
}

gint64
plain_due (const Plain *plain)
{
  return plain->over || !plain->waiting_held ? 0
                                             : plain->waiting_told_us + PLAIN_WAITING_US;
}

/* What is told of the time before in a brief account. */
static void
tell_brief (Plain *plain, const LinesContext *context, const Event *event)
{
  gboolean ends = event->type == EVENT_STEP_DONE || lines_skips_step (event);
  if (ends || event->type == EVENT_STEP_BEGAN)
    g_string_truncate (plain->held, 0);
  if (ends || event->type == EVENT_RUN_BEGAN)
    lines_event (plain->out, context, event);
  else if (event->type == EVENT_STEP_BEGAN)
    lines_event (plain->held, context, event);
  /* A run that was resumed has not ended yet. */
  g_string_truncate (plain->ending, 0);
  if (plain->state->phase != RUN_GOING)
    lines_event (plain->ending, context, event);
}

static void
tell_ending (Plain *plain)
{
  g_string_append_len (plain->out, plain->ending->str, (gssize)plain->ending->len);
  g_string_truncate (plain->ending, 0);
}

/* What holds may be said by the question that follows. */
static void
tell_event (Plain *plain, const LinesContext *context, const Event *event)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  lines_event (lines, context, event);
  if (plain_holds_take (plain->holds, event, lines->str))
    return;
  if (event->type != EVENT_ASKED)
    plain_holds_tell (plain->holds, NULL, plain->out);
  g_string_append (plain->out, lines->str);
}

void
plain_event (Plain *plain, const Event *event)
{
  LinesContext context = {
    .state = plain->state,
    .byhand = plain->byhand,
    .viewer = plain->viewer,
    .columns = plain->columns,
    .echoed = plain->terminal,
  };
  if (plain->over)
    return;
  if (plain->brief && !plain->caught_up)
    tell_brief (plain, &context, event);
  else
    tell_event (plain, &context, event);
  if (event->type == EVENT_ANSWERED || event->type == EVENT_STEP_BEGAN)
    plain->wait_answered = FALSE;
  if (event->type == EVENT_CONTROLS)
    repeat_question (plain);
  show_question (plain);
  use_kept (plain);
}

static void
live_hello (Plain *plain, const json_t *message)
{
  json_int_t protocol = json_integer_value (json_object_get (message, "protocol"));
  if (protocol == WIRE_PROTOCOL) {
    plain->viewer = (guint)json_integer_value (json_object_get (message, "viewer"));
    return;
  }
  lines_add (plain->out, "! ",
             "the runner speaks protocol %" JSON_INTEGER_FORMAT
             " and this program %d; use the handrail that began the run",
             protocol, WIRE_PROTOCOL);
  end (plain, 1);
}

static void
live_caught_up (Plain *plain, const json_t *message)
{
  (void)message;
  plain->caught_up = TRUE;
  g_string_append_len (plain->out, plain->held->str, (gssize)plain->held->len);
  g_string_truncate (plain->held, 0);
  tell_ending (plain);
  if (!has_controls (plain) && plain->state->controls)
    lines_add (plain->out, "= ", "viewer %u has the controls; take takes them",
               plain->state->controls);
  show_question (plain);
  show_waiting (plain);
}

static void
live_waiting (Plain *plain, const json_t *message)
{
  const char *step = json_string_value (json_object_get (message, "step"));
  const char *text = json_string_value (json_object_get (message, "text"));
  const char *gist = json_string_value (json_object_get (message, "gist"));
  g_autofree char *waiting = NULL;
  g_autofree char *news = NULL;
  if (text) {
    waiting = g_strdup_printf ("%s: %s", step ? step : "run", text);
    news = g_strdup_printf ("%s: %s", step ? step : "run", gist ? gist : text);
  }
  if (g_strcmp0 (waiting, plain->waiting) == 0)
    return;
  gboolean same = waiting && g_strcmp0 (news, plain->waiting_gist) == 0;
  g_free (plain->waiting);
  g_free (plain->waiting_gist);
  plain->waiting = g_steal_pointer (&waiting);
  plain->waiting_gist = g_steal_pointer (&news);
  plain->waiting_held = same;
  if (!same || waiting_is_due (plain))
    show_waiting (plain);
}

static void
live_output (Plain *plain, const json_t *message)
{
  const char *text = json_string_value (json_object_get (message, "text"));
  lines_add_text (plain->out, "| ", text ? text : "");
}

/* What helps, as it is said here. */
static const char *
remedy (const json_t *message)
{
  const char *needs = json_string_value (json_object_get (message, "needs"));
  return g_strcmp0 (needs, "controls") == 0 ? "; take takes them" : "";
}

static void
live_refused (Plain *plain, const json_t *message)
{
  const char *text = json_string_value (json_object_get (message, "text"));
  lines_add (plain->out, "! ", "%s%s", text ? text : "not taken", remedy (message));
  plain->sent = 0;
  plain->wait_answered = FALSE;
  /* Without the controls no other answer would be taken either. */
  if (has_controls (plain))
    lines_question (plain->out, plain->state);
  if (!plain->state->question)
    show_waiting (plain);
}

static void
live_told (Plain *plain, const json_t *message)
{
  const char *text = json_string_value (json_object_get (message, "text"));
  lines_add (plain->out, "= ", "%s%s", text ? text : "", remedy (message));
}

static void
live_bye (Plain *plain, const json_t *message)
{
  const char *text = json_string_value (json_object_get (message, "text"));
  plain_holds_tell (plain->holds, NULL, plain->out);
  tell_ending (plain);
  /* The end of the run has told of itself; anything else has to say why. */
  if (text && *text && plain->state->phase == RUN_GOING)
    lines_add (plain->out, "= ", "%s", text);
  end (plain, state_exit_status (plain->state));
}

static const struct {
  const char *name;
  void (*hear) (Plain *plain, const json_t *message);
} lives[] = {
  { "hello", live_hello },   { "caught-up", live_caught_up }, { "waiting", live_waiting },
  { "output", live_output }, { "refused", live_refused },     { "told", live_told },
  { "bye", live_bye },
};

void
plain_live (Plain *plain, const json_t *message)
{
  const char *name = json_string_value (json_object_get (message, "live"));
  for (gsize i = 0; name && i < G_N_ELEMENTS (lives) && !plain->over; i++)
    if (strcmp (lives[i].name, name) == 0)
      lives[i].hear (plain, message);
  use_kept (plain);
}

void
plain_broken (Plain *plain, const char *problem)
{
  if (plain->over)
    return;
  plain_holds_tell (plain->holds, NULL, plain->out);
  if (plain->state->phase != RUN_GOING) {
    end (plain, state_exit_status (plain->state));
    return;
  }
  if (problem)
    lines_add (plain->out, "! ", "%s", problem);
  else
    lines_add (plain->out, "! ", "the runner died without a word");
  if (plain->state->name)
    lines_add (plain->out, "! ", "to go on: handrail resume %s", plain->state->name);
  end (plain, 1);
}

/* ---- out ------------------------------------------------------------------- */

char *
plain_take_output (Plain *plain)
{
  if (plain->out->len == 0)
    return NULL;
  char *text = plain->utf8 ? g_strdup (plain->out->str) : lines_ascii (plain->out->str);
  g_string_truncate (plain->out, 0);
  return text;
}

json_t *
plain_take_message (Plain *plain)
{
  return g_queue_pop_head (&plain->messages);
}

gboolean
plain_take_flush (Plain *plain)
{
  gboolean flush = plain->flush;
  plain->flush = FALSE;
  return flush;
}

gboolean
plain_wants_input (const Plain *plain)
{
  return !plain->over && !plain->ended && plain->kept.length < PLAIN_KEPT_MAX;
}

gboolean
plain_is_over (const Plain *plain, int *status)
{
  if (plain->over)
    *status = plain->status;
  return plain->over;
}
