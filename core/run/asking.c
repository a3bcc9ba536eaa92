#include <string.h>

#include "core/base/text.h"
#include "core/run/deciding.h"
#include "core/run/question.h"

/* As much of a log as says why something did not come up, and fits on a screen. */
#define LOG_LINES 20

gboolean
asking_is_empty (const Plan *plan)
{
  return plan->commands->len == 0 && !plan->instruction;
}

/* What must be typed, or NULL where the key y will do. On a production site, and in
 * practice, it names the site too. */
static char *
confirm_word (const Deciding *deciding, const Plan *plan)
{
  const Site *site = deciding->procedure->site;
  const char *word = plan->word ? plan->word : "";
  if (site->production || deciding->procedure->practice)
    return *word ? g_strconcat (site->name, "/", word, NULL) : g_strdup (site->name);
  if (deciding->written->confirm != CONFIRM_TYPE)
    return NULL;
  return g_strdup (*word ? word : site->name);
}

/* The asked event; takes over `details`, which hold the members beyond the common
 * ones. */
static Event *
asked (const Deciding *deciding, QuestionKind kind, Purpose purpose, const char *step,
       const char *text, const char *digest, json_t *details)
{
  const char *word = json_string_value (json_object_get (details, "word"));
  Question shape = { .kind = kind, .word = (char *)word, .details = details };
  g_autofree char *takes = question_takes (deciding->state, &shape);
  json_t *data =
      json_pack ("{s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "question",
                 (json_int_t)deciding->state->questions + 1, "kind",
                 question_kind_name (kind), "step", step, "purpose",
                 purpose_name (purpose), "text", text, "digest", digest, "takes", takes);
  json_object_update (data, details);
  json_decref (details);
  return event_new (EVENT_ASKED, data);
}

static json_t *
command_json (const Command *command)
{
  json_t *argv = json_array ();
  for (guint i = 0; command->argv[i]; i++)
    json_array_append_new (argv, json_string (command->argv[i]));
  json_t *json = json_pack ("{s:o}", "argv", argv);
  if (command->directory)
    json_object_set_new (json, "directory", json_string (command->directory));
  if (command->login)
    json_object_set_new (json, "login", json_string (command->login));
  return json;
}

static json_t *
commands_json (const Plan *plan)
{
  json_t *commands = json_array ();
  for (guint i = 0; i < plan->commands->len; i++)
    json_array_append_new (commands, command_json (plan->commands->pdata[i]));
  return commands;
}

static void
set_text (json_t *object, const char *member, const char *text)
{
  if (text)
    json_object_set_new (object, member, json_string (text));
}

static json_t *
plan_details (const Plan *plan, const char *word)
{
  json_t *details = json_pack ("{s:o, s:b}", "commands", commands_json (plan), "restores",
                               plan->restores);
  set_text (details, "word", word);
  set_text (details, "change", plan->change);
  set_text (details, "way_back", plan->way_back);
  set_text (details, "instruction", plan->instruction);
  if (plan->prior)
    json_object_set (details, "prior", plan->prior);
  if (plan->planned)
    json_object_set (details, "planned", plan->planned);
  return details;
}

/* "Stop the proxy (nginx: 1 → 0)?" */
static char *
plan_question (const char *title, const Plan *plan)
{
  return plan->change ? g_strdup_printf ("%s (%s)?", title, plan->change)
                      : g_strdup_printf ("%s?", title);
}

Event *
asking_confirm (const Deciding *deciding, Purpose purpose, const Plan *plan,
                json_t *holds)
{
  g_autofree char *word = confirm_word (deciding, plan);
  g_autofree char *digest = plan_digest (plan, deciding->procedure->site);
  g_autofree char *title = purpose == PURPOSE_UNDO
                               ? g_strconcat ("Undo: ", deciding->step->title, NULL)
                               : g_strdup (deciding->step->title);
  g_autofree char *text = plan_question (title, plan);
  json_t *details = plan_details (plan, word);
  if (purpose == PURPOSE_DO && deciding->written->undo) {
    g_autofree char *undo = clause_format (deciding->written->undo);
    set_text (details, "undo", undo);
  }
  if (holds)
    json_object_set (details, "holds", holds);
  return asked (deciding, QUESTION_CONFIRM, purpose, deciding->step->id, text, digest,
                details);
}

/* Adds the commands that show the last log lines of what the step acts on. */
static void
set_logs (const Deciding *deciding, json_t *details)
{
  const StepState *step = deciding->step;
  if (step->undone || (!step->acted && !step->commands))
    return;
  const Clause *action = deciding->written->action;
  const Reading *reading = evidence_latest (deciding->evidence, "platform");
  const json_t *deployment = reading ? reading->body : NULL;
  if (!action || !action->kind->services || !deployment || !deciding->platform->log)
    return;
  const char *const *names = action->kind->services (action->settings);
  json_t *logs = json_array ();
  for (guint i = 0; names && names[i]; i++) {
    const SiteService *service = site_service (deciding->procedure->site, names[i]);
    g_autoptr (Command) command =
        service && !service->managed
            ? deciding->platform->log (deciding->procedure->site, deployment, service,
                                       LOG_LINES)
            : NULL;
    if (command)
      json_array_append_new (logs, command_json (command));
  }
  json_object_set_new (details, "logs", logs);
}

/* How often it was accepted already, and has not helped. */
static char *
offer_text (const StepState *step, const char *asks)
{
  if (step->offers == 0)
    return g_strdup (asks);
  return g_strdup_printf (
      "%s Accepted %u of at most %d times, and it has not helped yet.", asks,
      step->offers, NEXT_OFFERS_MAX);
}

Event *
asking_offer (const Deciding *deciding, const char *offer, const Plan *plan,
              const char *missing)
{
  g_autofree char *word = confirm_word (deciding, plan);
  g_autofree char *digest = plan_digest (plan, deciding->procedure->site);
  g_autofree char *asks = plan_question (offer, plan);
  g_autofree char *text = offer_text (deciding->step, asks);
  json_t *details = plan_details (plan, word);
  set_text (details, "reason", missing);
  set_logs (deciding, details);
  return asked (deciding, QUESTION_OFFER, PURPOSE_OTHERWISE, deciding->step->id, text,
                digest, details);
}

Event *
asking_instruction (const Deciding *deciding, const Plan *plan)
{
  return asked (deciding, QUESTION_ASK, PURPOSE_DO, deciding->step->id, plan->instruction,
                "", plan_details (plan, NULL));
}

Event *
asking_ask (const Deciding *deciding)
{
  const Ask *ask = deciding->written->ask;
  json_t *details = json_object ();
  set_text (details, "into", ask->into);
  return asked (deciding, QUESTION_ASK, PURPOSE_DO, deciding->step->id, ask->text, "",
                details);
}

Event *
asking_failed (const Deciding *deciding)
{
  const StepState *step = deciding->step;
  gboolean has_undo =
      deciding->written->undo && !step->undone && (step->acted || step->commands > 0);
  g_autofree char *text =
      step->undone
          ? g_strdup_printf ("%s is undone; what now?", step->title)
          : g_strdup_printf ("%s failed: %s; what now?", step->title,
                             step->reason ? step->reason : "no reason was given");
  json_t *details = json_pack ("{s:b}", "has_undo", has_undo);
  set_text (details, "reason", step->reason);
  set_logs (deciding, details);
  return asked (deciding, QUESTION_FAILED, PURPOSE_DO, step->id, text, "", details);
}

/* The command at hand as it would be typed. */
static char *
command_text (const StepState *step)
{
  const json_t *argv = json_object_get (step->command, "argv");
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (size_t i = 0; i < json_array_size (argv); i++)
    g_ptr_array_add (words, (char *)json_string_value (json_array_get (argv, i)));
  g_ptr_array_add (words, NULL);
  return text_command ((const char *const *)words->pdata);
}

Event *
asking_uncertain (const Deciding *deciding, const Standing *until, const char *supports)
{
  g_autofree char *command = command_text (deciding->step);
  const char *seen = json_array_size (until->holds) == 0 ? "nothing can tell"
                     : until->passes  ? "what it should bring about is true"
                     : until->missing ? until->missing
                                      : "what it should bring about is not true";
  g_autofree char *text =
      g_strdup_printf ("How \"%s\" ended is not known (%s). Count it as "
                       "done, or do it again?",
                       command, seen);
  json_t *details = json_pack ("{s:s}", "supports", supports);
  if (until->holds)
    json_object_set (details, "holds", until->holds);
  return asked (deciding, QUESTION_UNCERTAIN, deciding->step->purpose, deciding->step->id,
                text, "", details);
}

Event *
asking_running (const Deciding *deciding)
{
  g_autofree char *command = command_text (deciding->step);
  gint64 pid = json_integer_value (json_object_get (deciding->step->command, "pid"));
  g_autofree char *text = g_strdup_printf (
      "\"%s\" of the runner that died still runs (process %" G_GINT64_FORMAT
      "). Wait for it, or end it?",
      command, pid);
  return asked (deciding, QUESTION_RUNNING, deciding->step->purpose, deciding->step->id,
                text, "", json_object ());
}

/* "nginx 1, web 2 (version v44.0.1), redis not ours" */
static char *
ledger_words (const Ledger *ledger)
{
  GString *words = g_string_new (NULL);
  for (guint i = 0; i < ledger_size (ledger); i++) {
    const LedgerEntry *entry = ledger_at (ledger, i);
    g_string_append (words, i ? ", " : "");
    if (entry->managed)
      g_string_append_printf (words, "%s not ours", entry->service);
    else
      g_string_append_printf (words, "%s %" G_GINT64_FORMAT "%s", entry->service,
                              entry->count,
                              entry->count == 0 ? " (was not running)" : "");
    if (entry->version)
      g_string_append_printf (words, " (version %s)", entry->version);
  }
  return g_string_free (words, FALSE);
}

/* What belongs to no action is agreed to by the site's name where a key would not do. */
static void
set_site_word (const Deciding *deciding, json_t *details)
{
  const Procedure *procedure = deciding->procedure;
  if (procedure->site->production || procedure->practice)
    set_text (details, "word", procedure->site->name);
}

Event *
asking_adopt (const Deciding *deciding)
{
  const Legacy *legacy = deciding->procedure->legacy;
  g_autofree char *words = ledger_words (legacy->ledger);
  g_autofree char *text = g_strdup_printf ("Take over what %s recorded at %s: %s?",
                                           legacy->run, legacy->when, words);
  json_t *details = json_pack ("{s:o, s:s}", "ledger", ledger_to_json (legacy->ledger),
                               "from", legacy->run);
  set_site_word (deciding, details);
  return asked (deciding, QUESTION_ADOPT, PURPOSE_DO, "adopt", text, "", details);
}

Event *
asking_review (const Deciding *deciding)
{
  g_autoptr (GString) words = g_string_new (NULL);
  const json_t *broken = deciding->state->broken;
  for (size_t i = 0; i < json_array_size (broken); i++) {
    const json_t *item = json_array_get (broken, i);
    g_string_append_printf (words, "%s%s: %s", i ? "; " : "",
                            json_string_value (json_object_get (item, "step")),
                            json_string_value (json_object_get (item, "text")));
  }
  g_autofree char *text = g_strdup_printf ("What earlier steps established is not so any "
                                           "more, or not to be seen (%s). Go on all "
                                           "the same?",
                                           words->str);
  json_t *details = json_object ();
  set_site_word (deciding, details);
  return asked (deciding, QUESTION_REVIEW, PURPOSE_DO, "resume", text, "", details);
}
