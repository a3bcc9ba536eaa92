/* Rules about how questions were answered. */
#include <math.h>
#include <string.h>

#include "core/checks/checks.h"
#include "core/debrief/debrief_rules.h"

/* Nobody reads what a question shows faster; machine time. */
#define LOOKING_US (3 * G_USEC_PER_SEC)
#define READING_US (2 * G_USEC_PER_SEC)

/* A reason of fewer words tells the next reader nothing. */
#define REASON_WORDS_MIN 3

/* ---- what an answer was about ------------------------------------------------------ */

static gboolean
is_answer (const DebriefQuestion *question, const char *kind, const char *answer)
{
  return (!kind || strcmp (question->kind, kind) == 0) &&
         g_strcmp0 (question->answer, answer) == 0;
}

/* When it was answered. */
static DebriefTime
answered (const Debrief *debrief, const DebriefQuestion *question)
{
  gint64 took_us = MAX (question->took_us, 0);
  return (DebriefTime){ question->asked.at_us + took_us * debrief->speed,
                        question->asked.wall_us + took_us };
}

static double
took_s (const DebriefQuestion *question)
{
  return (double)question->took_us / G_USEC_PER_SEC;
}

/* When something was last done to those that work off jobs; G_MININT64: never. */
static gint64
workers_changed (const Debrief *debrief, gint64 before_us)
{
  const GPtrArray *changes = debrief->parts->changes;
  for (guint i = changes->len; i > 0; i--) {
    const DebriefChange *change = g_ptr_array_index (changes, i - 1);
    if (change->at_us < before_us &&
        g_hash_table_contains (debrief->parts->workers, change->service))
      return change->at_us;
  }
  return G_MININT64;
}

/* Neither what was before the workers were last changed nor what the run's own check found
 * to be well is held against whoever goes on. */
static gboolean
rises_at (const Debrief *debrief, const DebriefQuestion *question, double *rate)
{
  gint64 at_us = answered (debrief, question).at_us;
  gint64 from_us = MAX (workers_changed (debrief, at_us), question->fine_us);
  return debrief_queues_rise (debrief, from_us, at_us, rate);
}

/* The service that the question's plan takes something from: stops it, has fewer of it, or
 * has its workers take no new jobs; or NULL. */
static const char *
service_lessened (const DebriefQuestion *question)
{
  const json_t *prior = json_object_get (question->details, "prior");
  const json_t *planned = json_object_get (question->details, "planned");
  const char *service;
  json_t *before;
  json_object_foreach ((json_t *)prior, service, before)
  {
    const json_t *after = json_object_get (planned, service);
    if (json_is_array (before) ||
        (after && json_integer_value (after) < json_integer_value (before)))
      return service;
  }
  return NULL;
}

static const char *
title_of (const Debrief *debrief, const char *id)
{
  const DebriefStep *step = g_hash_table_lookup (debrief->parts->steps, id);
  return step ? step->title : id;
}

static const char *
or_nothing (const char *text)
{
  return text && *text ? text : "nothing is noted";
}

/* ---- the rules ----------------------------------------------------------------------- */

/* A word in the same step already says so. */
static gboolean
was_accepted_in (const Debrief *debrief, const char *step)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    if (is_answer (question, NULL, "accept") && strcmp (question->step, step) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_found (const Debrief *debrief, const DebriefRule *rule, const char *step)
{
  for (guint i = 0; i < debrief->findings->len; i++) {
    const DebriefFinding *finding = g_ptr_array_index (debrief->findings, i);
    if (finding->rule == rule->name && g_strcmp0 (finding->step, step) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Said once of a step, however often it was confirmed; of services that work nothing off
 * the first one tells enough. */
void
debrief_look_rising (Debrief *debrief, const DebriefRule *rule)
{
  gboolean told = FALSE;
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    const char *service = service_lessened (question);
    double rate = 0;
    if (!service || !is_answer (question, "confirm", "go") ||
        question->purpose != PURPOSE_DO || was_accepted_in (debrief, question->step) ||
        !rises_at (debrief, question, &rate))
      continue;
    gboolean works = g_hash_table_contains (debrief->parts->workers, service);
    if ((!works && told) || is_found (debrief, rule, question->step))
      continue;
    told = TRUE;
    DebriefTime at = answered (debrief, question);
    debrief_rule_found (
        debrief, rule, works ? DEBRIEF_DANGER : DEBRIEF_CARELESS, at, question->step,
        "“%s” was confirmed for %s while the queues grew by about %.0f jobs a minute, to "
        "%.0f.%s%s%s",
        title_of (debrief, question->step), service, fmax (rate, 1),
        debrief_queues_total (debrief, at.at_us),
        question->queues ? " The last check of them had said “" : "",
        question->queues ? question->queues : "", question->queues ? "”." : "");
  }
}

/* What the deployment says of it afterwards; newly allocated. */
static char *
cost_since (const Debrief *debrief, gint64 at_us, gint64 *lost)
{
  *lost = debrief_world_lost_since (debrief, at_us);
  if (*lost < 0)
    return g_strdup ("");
  if (*lost == 0)
    return g_strdup (" Nothing was lost after it.");
  return g_strdup_printf (" After it %" G_GINT64_FORMAT " job%s lost.", *lost,
                          *lost == 1 ? " was" : "s were");
}

void
debrief_look_accepted (Debrief *debrief, const DebriefRule *rule)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    if (!is_answer (question, NULL, "accept"))
      continue;
    DebriefTime at = answered (debrief, question);
    double rate = 0;
    gint64 lost = 0;
    gboolean rises = rises_at (debrief, question, &rate);
    g_autofree char *cost = cost_since (debrief, at.at_us, &lost);
    g_autofree char *grew =
        rises ? g_strdup_printf (" The queues grew by about %.0f jobs a minute.",
                                 fmax (rate, 1))
              : g_strdup ("");
    debrief_rule_found (
        debrief, rule, rises || lost > 0 ? DEBRIEF_DANGER : DEBRIEF_CARELESS, at,
        question->step,
        "“%s” was typed to go on without a check that did not hold: "
        "%s.%s%s",
        or_nothing (question->accept), or_nothing (question->unmet), grew, cost);
  }
}

static guint
count_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text ? text : "", " \t", -1);
  guint count = 0;
  for (guint i = 0; words[i]; i++)
    count += *words[i] != '\0';
  return count;
}

/* What is wrong with how it was skipped, or NULL. While nothing has been seen of the checks
 * that are waited for, nothing can have been looked at. */
static const char *
careless_skip (const DebriefQuestion *question)
{
  gboolean unseen = question->number == 0 && question->verdicts == 0;
  if (question->took_us < LOOKING_US)
    return "without looking";
  if (unseen)
    return "before any of its checks had been seen";
  return count_words (question->said) < REASON_WORDS_MIN ? "with hardly a reason" : NULL;
}

void
debrief_look_skipped (Debrief *debrief, const DebriefRule *rule)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    gboolean of_step =
        strcmp (question->kind, "adopt") != 0 && strcmp (question->kind, "failed") != 0;
    if (!of_step || !is_answer (question, NULL, "skip"))
      continue;
    const char *how = careless_skip (question);
    double rate = 0;
    gboolean rises = rises_at (debrief, question, &rate);
    g_autofree char *unmet =
        question->unmet
            ? g_strdup_printf (" What did not hold then: %s.", question->unmet)
            : g_strdup ("");
    debrief_rule_found (debrief, rule, how || rises ? DEBRIEF_CARELESS : DEBRIEF_REMARK,
                        answered (debrief, question), question->step,
                        "“%s” was skipped%s%s%s, %.1f s after it stood there: “%s”.%s",
                        title_of (debrief, question->step), how ? " " : "",
                        how ? how : "", rises ? " while the queues grew" : "",
                        took_s (question), or_nothing (question->said), unmet);
  }
}

void
debrief_look_hasty (Debrief *debrief, const DebriefRule *rule)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    if (is_answer (question, "confirm", "go") && question->took_us < READING_US &&
        question->untrue > 0)
      debrief_rule_found (
          debrief, rule, DEBRIEF_CARELESS, answered (debrief, question), question->step,
          "“%s” was confirmed %.1f s after it was asked, with %u of the checks that "
          "it rests on not shown to hold.",
          title_of (debrief, question->step), took_s (question), question->untrue);
  }
}

void
debrief_look_failure_skipped (Debrief *debrief, const DebriefRule *rule)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    const char *reason =
        json_string_value (json_object_get (question->details, "reason"));
    if (is_answer (question, "failed", "skip"))
      debrief_rule_found (debrief, rule, DEBRIEF_CARELESS, answered (debrief, question),
                          question->step, "“%s” had failed (%s) and was skipped: “%s”.",
                          title_of (debrief, question->step), or_nothing (reason),
                          or_nothing (question->said));
  }
}

/* What is offered for something else may well wait for another remedy. */
static gboolean
is_for_queues (const DebriefQuestion *question)
{
  const char *reason = json_string_value (json_object_get (question->details, "reason"));
  return !reason || strstr (reason, CHECK_QUEUES_SAYS);
}

void
debrief_look_offer_declined (Debrief *debrief, const DebriefRule *rule)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    double rate = 0;
    if (is_answer (question, "offer", "wait") && is_for_queues (question) &&
        rises_at (debrief, question, &rate))
      debrief_rule_found (
          debrief, rule, DEBRIEF_CARELESS, answered (debrief, question), question->step,
          "“%s” was answered with “wait” while the queues grew by about %.0f jobs a "
          "minute.",
          question->text, fmax (rate, 1));
  }
}

void
debrief_look_reviewed (Debrief *debrief, const DebriefRule *rule)
{
  for (guint i = 0; i < debrief->questions->len; i++) {
    const DebriefQuestion *question = g_ptr_array_index (debrief->questions, i);
    if (is_answer (question, "review", "go"))
      debrief_rule_found (
          debrief, rule, DEBRIEF_CARELESS, answered (debrief, question), NULL,
          "The run went on although something had changed meanwhile: %s", question->text);
  }
}
