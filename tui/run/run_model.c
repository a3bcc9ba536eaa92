#include "tui/run/run_model.h"

#include <string.h>

#include "core/base/text.h"
#include "core/run/question.h"
#include "core/run/wire.h"
#include "tui/widgets/keys.h"

/* Kinds of reading that are kept; a runbook has a few. */
#define READINGS_MAX 256

/* The runner says at least once in WIRE_REPEAT_US that it still looks. */
#define SILENT_US (WIRE_REPEAT_US * 3 / 2)

/* Readings of job queues that are kept: as many as the runner keeps. Those before, whoever
 * has heard them, are in a file (run_samples.h). */
#define QUEUES_KEPT EVIDENCE_KEPT
#define QUEUES_BYTES_MAX (2 * 1024 * 1024)

typedef struct {
  char *key;
  gint64 began_us;
  char *text; /* reading_to_json() */
} Kept;

struct RunModel {
  const RunState *state;
  char *folder;
  Runbook *runbook;
  Site *site;

  GHashTable *readings; /* key → Reading *, the latest */
  char *queues_key;     /* of the latest reading of job queues, or NULL */
  GQueue queues;        /* of Kept *, the oldest at the head */
  gsize queues_bytes;
  json_t *deployment; /* as seen last */
  gint64 deployment_us;
  gint64 deployment_told_us; /* 0: it is late */
  char *waiting;             /* what is missing, or NULL */
  char *waiting_section;
  json_t *waiting_checks; /* [{verdict, text}] of that section, or NULL */
  GString *output;
  gint64 output_us;
  GPtrArray *events;

  guint viewer; /* who we are, from "hello" */
  gboolean caught_up, has_seen;
  guint sent;             /* question that an answer is under way to */
  gboolean wait_answered; /* an answer to the wait is under way */
  char *refusal;          /* why the last answer was not taken, or NULL */
  char *held_back;
  char *remark;
  gboolean over;
  int status;
  char *why;

  GQueue messages; /* json_t * */
  void (*wants_sending) (void *data);
  void *sender;
};

static void
kept_free (void *data)
{
  Kept *kept = data;
  g_free (kept->key);
  g_free (kept->text);
  g_free (kept);
}

RunModel *
run_model_new (const RunState *state, const char *folder)
{
  RunModel *model = g_new0 (RunModel, 1);
  model->state = state;
  model->folder = g_strdup (folder);
  model->readings =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)reading_free);
  model->output = g_string_new (NULL);
  model->events = g_ptr_array_new_with_free_func ((GDestroyNotify)event_free);
  g_queue_init (&model->messages);
  g_queue_init (&model->queues);
  return model;
}

void
run_model_free (RunModel *model)
{
  if (!model)
    return;
  char *texts[] = { model->folder,          model->queues_key, model->waiting,
                    model->waiting_section, model->refusal,    model->held_back,
                    model->remark,          model->why };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  runbook_free (model->runbook);
  site_free (model->site);
  g_hash_table_unref (model->readings);
  g_queue_clear_full (&model->queues, kept_free);
  json_decref (model->deployment);
  json_decref (model->waiting_checks);
  g_string_free (model->output, TRUE);
  g_ptr_array_unref (model->events);
  g_queue_clear_full (&model->messages, (GDestroyNotify)json_decref);
  g_free (model);
}

void
run_model_set_written (RunModel *model, Runbook *runbook, Site *site)
{
  runbook_free (model->runbook);
  site_free (model->site);
  model->runbook = runbook;
  model->site = site;
}

static void
set_text (char **text, const char *with)
{
  char *copy = g_strdup (with);
  g_free (*text);
  *text = copy;
}

static void
end (RunModel *model, int status, const char *why)
{
  if (model->over)
    return;
  model->over = TRUE;
  model->status = status;
  set_text (&model->why, why);
}

/* ---- events ---------------------------------------------------------------- */

static const ViewerState *
viewer_of (const RunModel *model, guint number)
{
  const GPtrArray *viewers = model->state->viewers;
  for (guint i = 0; i < viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (viewers, i);
    if (viewer->viewer == number)
      return viewer;
  }
  return NULL;
}

char *
run_model_controller (const RunModel *model)
{
  guint number = model->state->controls;
  const ViewerState *viewer = viewer_of (model, number);
  if (number == 0)
    return g_strdup ("nobody");
  return g_strdup_printf ("%s (viewer %u)", viewer ? viewer->user : "somebody", number);
}

/* "; c takes them" */
static char *
how_to_take (void)
{
  g_autofree char *key = keys_name_of (ACTION_TAKE);
  return g_strdup_printf ("; %s takes them", key);
}

char *
run_model_who_leads (const RunModel *model)
{
  g_autofree char *who = run_model_controller (model);
  g_autofree char *how = how_to_take ();
  return g_strdup_printf ("%s has the controls%s", who, how);
}

static void
remark_on_controls (RunModel *model, const Event *event)
{
  gboolean ours = model->viewer && model->state->controls == model->viewer;
  g_free (model->remark);
  if (ours && strcmp (event_text (event, "how"), "first") == 0)
    model->remark = NULL;
  else if (ours)
    model->remark = g_strdup ("You have the controls now");
  else
    model->remark = run_model_who_leads (model);
}

/* Of what was before we came nothing is news. */
static void
remark_on (RunModel *model, const Event *event)
{
  if (!model->caught_up)
    return;
  switch (event->type) {
  case EVENT_CONTROLS:
    remark_on_controls (model, event);
    break;
  case EVENT_WITHDRAWN:
    g_free (model->remark);
    model->remark =
        g_strdup_printf ("The question is withdrawn: %s", event_text (event, "why"));
    break;
  case EVENT_VIEWER_CAME:
    g_free (model->remark);
    model->remark = g_strdup_printf ("%s looks on now", event_text (event, "user"));
    break;
  default:
    break;
  }
}

gboolean
run_model_event (RunModel *model, const Event *event)
{
  Event *kept = event_new (event->type, json_incref (event->data));
  kept->number = event->number;
  kept->at = event->at;
  g_ptr_array_add (model->events, kept);
  switch (event->type) {
  case EVENT_ANSWERED:
  case EVENT_STEP_BEGAN:
    model->wait_answered = FALSE;
    set_text (&model->held_back, NULL);
    set_text (&model->refusal, NULL);
    break;
  case EVENT_REFUSED:
    set_text (&model->held_back, event_text (event, "why"));
    break;
  case EVENT_COMMAND_BEGAN:
    g_string_truncate (model->output, 0);
    model->output_us = 0;
    break;
  default:
    break;
  }
  remark_on (model, event);
  return model->caught_up;
}

/* ---- passing messages ------------------------------------------------------ */

static const char *
member (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

static gboolean
live_hello (RunModel *model, const json_t *message, gint64 now_us)
{
  (void)now_us;
  json_int_t protocol = json_integer_value (json_object_get (message, "protocol"));
  if (protocol == WIRE_PROTOCOL) {
    model->viewer = (guint)json_integer_value (json_object_get (message, "viewer"));
    return model->caught_up;
  }
  g_autofree char *why =
      g_strdup_printf ("the runner speaks protocol %" JSON_INTEGER_FORMAT
                       " and this program %d; use the handrail that began the run",
                       protocol, WIRE_PROTOCOL);
  end (model, 1, why);
  return TRUE;
}

static gboolean
live_caught_up (RunModel *model, const json_t *message, gint64 now_us)
{
  (void)message;
  (void)now_us;
  model->caught_up = TRUE;
  return TRUE;
}

/* As text: a tenth of what it takes to have it at hand, and it seldom is wanted again. */
static void
keep_queues (RunModel *model, const Reading *reading)
{
  json_auto_t *json = reading_to_json (reading);
  Kept *kept = g_new0 (Kept, 1);
  kept->key = g_strdup (reading->key);
  kept->began_us = reading->began.boot_us;
  kept->text = json_dumps (json, JSON_COMPACT);
  model->queues_bytes += strlen (kept->text);
  g_queue_push_tail (&model->queues, kept);
  while (model->queues.length > 1 &&
         (model->queues.length > QUEUES_KEPT || model->queues_bytes > QUEUES_BYTES_MAX)) {
    Kept *first = g_queue_pop_head (&model->queues);
    model->queues_bytes -= strlen (first->text);
    kept_free (first);
  }
}

static gboolean
live_reading (RunModel *model, const json_t *message, gint64 now_us)
{
  Reading *reading = reading_from_json (json_object_get (message, "reading"));
  if (!reading)
    return FALSE;
  if (reading_is_of_platform (reading) && reading->body) {
    gboolean late = json_is_true (json_object_get (message, "late"));
    json_decref (model->deployment);
    model->deployment = json_incref (reading->body);
    model->deployment_us = reading->began.boot_us;
    model->deployment_told_us = late ? 0 : now_us;
  }
  if (reading_queues_section (reading))
    set_text (&model->queues_key, reading->key);
  if (g_hash_table_size (model->readings) >= READINGS_MAX &&
      !g_hash_table_contains (model->readings, reading->key))
    g_hash_table_remove_all (model->readings);
  g_hash_table_replace (model->readings, reading->key, reading);
  if (reading_queues_section (reading))
    keep_queues (model, reading);
  return TRUE;
}

static gboolean
live_waiting (RunModel *model, const json_t *message, gint64 now_us)
{
  (void)now_us;
  json_t *checks = json_object_get (message, "checks");
  set_text (&model->waiting, member (message, "text"));
  set_text (&model->waiting_section, member (message, "section"));
  json_decref (model->waiting_checks);
  model->waiting_checks = json_is_array (checks) ? json_incref (checks) : NULL;
  return TRUE;
}

static gboolean
live_output (RunModel *model, const json_t *message, gint64 now_us)
{
  const char *text = member (message, "text");
  const json_t *seen = json_object_get (message, "boot_us");
  text_keep_end (model->output, text ? text : "", RUN_MODEL_OUTPUT_BYTES_MAX);
  model->output_us = json_is_integer (seen) ? json_integer_value (seen) : now_us;
  return TRUE;
}

/* What the runner says, with how to get what it lacks. Newly allocated. */
static char *
said (const json_t *message, const char *otherwise)
{
  const char *text = member (message, "text");
  gboolean controls = g_strcmp0 (member (message, "needs"), "controls") == 0;
  g_autofree char *how = controls ? how_to_take () : g_strdup ("");
  return g_strconcat (text ? text : otherwise, how, NULL);
}

static gboolean
live_refused (RunModel *model, const json_t *message, gint64 now_us)
{
  (void)now_us;
  g_free (model->refusal);
  model->refusal = said (message, "not taken");
  model->sent = 0;
  model->wait_answered = FALSE;
  return TRUE;
}

static gboolean
live_told (RunModel *model, const json_t *message, gint64 now_us)
{
  (void)now_us;
  g_free (model->remark);
  model->remark = said (message, "");
  return TRUE;
}

/* The end of the run has told of itself; anything else has to say why. */
static gboolean
live_bye (RunModel *model, const json_t *message, gint64 now_us)
{
  (void)now_us;
  const char *text = member (message, "text");
  gboolean says = text && *text && model->state->phase == RUN_GOING;
  end (model, state_exit_status (model->state), says ? text : NULL);
  return TRUE;
}

static gboolean
live_seen (RunModel *model, const json_t *message, gint64 now_us)
{
  (void)message;
  (void)now_us;
  model->has_seen = TRUE;
  return FALSE;
}

static const struct {
  const char *name;
  gboolean (*hear) (RunModel *model, const json_t *message, gint64 now_us);
} lives[] = {
  { "hello", live_hello },     { "caught-up", live_caught_up },
  { "reading", live_reading }, { "waiting", live_waiting },
  { "output", live_output },   { "refused", live_refused },
  { "told", live_told },       { "seen", live_seen },
  { "bye", live_bye },
};

gboolean
run_model_live (RunModel *model, const json_t *message, gint64 now_us)
{
  const char *name = member (message, "live");
  for (gsize i = 0; name && i < G_N_ELEMENTS (lives) && !model->over; i++)
    if (strcmp (lives[i].name, name) == 0)
      return lives[i].hear (model, message, now_us);
  return FALSE;
}

void
run_model_broken (RunModel *model, const char *problem)
{
  if (model->state->phase != RUN_GOING)
    end (model, state_exit_status (model->state), NULL);
  else
    end (model, 1, problem ? problem : "the runner died without a word");
}

/* ---- what there is --------------------------------------------------------- */

const RunState *
run_model_state (const RunModel *model)
{
  return model->state;
}

const char *
run_model_folder (const RunModel *model)
{
  return model->folder;
}

const Site *
run_model_site (const RunModel *model)
{
  return model->site;
}

const Step *
run_model_written (const RunModel *model, guint index)
{
  const GPtrArray *steps = model->state->steps;
  if (!model->runbook || index >= model->runbook->steps->len || index >= steps->len)
    return NULL;
  const Step *written = g_ptr_array_index (model->runbook->steps, index);
  const StepState *step = g_ptr_array_index (steps, index);
  return strcmp (written->id, step->id) == 0 ? written : NULL;
}

const Reading *
run_model_reading (const RunModel *model, const char *key)
{
  return g_hash_table_lookup (model->readings, key);
}

void
run_model_queues_since (const RunModel *model, gint64 after_us,
                        void (*take) (const Reading *reading, gboolean last, void *data),
                        void *data)
{
  const GList *from = model->queues.tail;
  while (from && from->prev && ((const Kept *)from->prev->data)->began_us > after_us)
    from = from->prev;
  for (; from; from = from->next) {
    const Kept *kept = from->data;
    if (kept->began_us <= after_us || g_strcmp0 (kept->key, model->queues_key) != 0)
      continue;
    json_auto_t *json = json_loads (kept->text, 0, NULL);
    g_autoptr (Reading) reading = reading_from_json (json);
    if (reading)
      take (reading, !from->next, data);
  }
}

const json_t *
run_model_deployment (const RunModel *model, gint64 *seen_us)
{
  if (seen_us)
    *seen_us = model->deployment_us;
  return model->deployment;
}

gint64
run_model_fresh_until_us (const RunModel *model)
{
  gint64 told_us = model->deployment_told_us;
  gboolean holds = told_us > 0 && !run_model_is_over (model, NULL, NULL);
  return holds ? told_us + SILENT_US : model->deployment_us;
}

const char *
run_model_waiting (const RunModel *model)
{
  return model->waiting;
}

gboolean
run_model_check_now (const RunModel *model, const char *section, guint index,
                     Verdict *verdict, const char **text)
{
  const json_t *check = json_array_get (model->waiting_checks, index);
  const char *name = member (check, "verdict");
  if (!check || g_strcmp0 (model->waiting_section, section) != 0 || !name ||
      !verdict_from_name (name, verdict))
    return FALSE;
  *text = member (check, "text");
  return *text != NULL;
}

gboolean
run_model_caught_up (const RunModel *model)
{
  return model->caught_up;
}

gboolean
run_model_has_seen (const RunModel *model)
{
  return model->has_seen;
}

guint
run_model_viewer (const RunModel *model)
{
  return model->viewer;
}

gboolean
run_model_has_controls (const RunModel *model)
{
  return model->viewer && model->state->controls == model->viewer;
}

gint64
run_model_output_us (const RunModel *model)
{
  return model->output_us;
}

const char *
run_model_output (const RunModel *model)
{
  return model->output->str;
}

char *
run_model_take_remark (RunModel *model)
{
  return g_steal_pointer (&model->remark);
}

const char *
run_model_refusal (const RunModel *model)
{
  return model->refusal;
}

const char *
run_model_held_back (const RunModel *model)
{
  return model->held_back;
}

gboolean
run_model_is_over (const RunModel *model, int *status, const char **why)
{
  if (model->over && status)
    *status = model->status;
  if (why)
    *why = model->over ? model->why : NULL;
  return model->over;
}

const GPtrArray *
run_model_events (const RunModel *model)
{
  return model->events;
}

/* ---- what may be said ------------------------------------------------------ */

/* Something that stands takes words from whoever has the controls. */
static gboolean
is_asked (const RunModel *model)
{
  return model->caught_up && !model->over && (model->state->question || model->waiting);
}

gboolean
run_model_is_under_way (const RunModel *model)
{
  const Question *question = model->state->question;
  return question ? question->number == model->sent : model->wait_answered;
}

gboolean
run_model_wants_answer (const RunModel *model)
{
  return is_asked (model) && run_model_has_controls (model) &&
         !run_model_is_under_way (model);
}

char *
run_model_check (const RunModel *model, const char *text)
{
  const char *answer = NULL;
  char *wrong = NULL;
  g_autofree char *argument = NULL;
  if (model->over)
    return g_strdup ("the connection to the run is over");
  if (!run_model_has_controls (model))
    return run_model_who_leads (model);
  if (is_asked (model) && run_model_is_under_way (model))
    return g_strdup ("the answer before is being looked at");
  question_read (model->state, model->runbook, text, &answer, &argument, &wrong);
  return wrong;
}

static void
say (RunModel *model, json_t *message)
{
  g_queue_push_tail (&model->messages, message);
  if (model->wants_sending)
    model->wants_sending (model->sender);
}

void
run_model_answer (RunModel *model, const char *text)
{
  const Question *question = model->state->question;
  model->sent = question ? question->number : 0;
  model->wait_answered = !question;
  set_text (&model->refusal, NULL);
  say (model, json_pack ("{ss si ss ss}", "say", "answer", "question", (int)model->sent,
                         "digest", question && question->digest ? question->digest : "",
                         "text", text));
}

void
run_model_note (RunModel *model, const char *text)
{
  say (model, json_pack ("{ss ss}", "say", "note", "text", text));
}

void
run_model_take (RunModel *model)
{
  say (model, json_pack ("{ss}", "say", "take"));
}

void
run_model_give (RunModel *model, guint viewer)
{
  say (model, json_pack ("{ss si}", "say", "give", "viewer", (int)viewer));
}

/* The status is that of a run that was not completed. */
void
run_model_detach (RunModel *model)
{
  if (model->over)
    return;
  say (model, json_pack ("{ss}", "say", "detach"));
  end (model, 1, NULL);
}

void
run_model_set_sender (RunModel *model, void (*wants_sending) (void *data), void *data)
{
  model->wants_sending = wants_sending;
  model->sender = data;
}

json_t *
run_model_take_message (RunModel *model)
{
  return g_queue_pop_head (&model->messages);
}
