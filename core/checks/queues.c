/* queues.c: job queues run dry, and their workers have come to rest. */
#include "core/checks/checks.h"

#include <stddef.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/checks/queues_memory.h"
#include "core/checks/queues_words.h"
#include "core/checks/redis_proof.h"
#include "core/run/redis_cli.h"

#define QUEUES_SECTION "redis"
#define QUEUES_LIMIT_US (5 * G_USEC_PER_SEC)

#define QUEUES_JOBS_MAX 1000000 /* more is a slip of the hand */

/* A worker that restarts leaves its queues alone for about so long. */
#define QUEUES_UNCONSUMED_US (30 * G_USEC_PER_SEC)

/* Sidekiq looks for signals every 5 s, and writes down what it is as often: who has heard
 * one is quiet within 10 s. Who is not much later was frozen, or began after it. */
#define QUEUES_QUIET_US (30 * G_USEC_PER_SEC)
#define QUEUES_HOSTS_MAX 3 /* named in a line; the others are counted */

static const char *const state_words[] = { "near-zero", "shrinking", NULL };
static const char *const quiet_words[] = { "all", NULL };

static const Field fields[] = {
  { .name = "state",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckQueuesSettings, state),
    .choices = state_words,
    .help =
        "What all queues together must be over the window; near zero passes for "
        "shrinking, too, and so do queues that come down to at-most again and again" },
  { .name = "window",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckQueuesSettings, window_us),
    .min = QUEUES_WINDOW_MIN_S * G_USEC_PER_SEC,
    .max = QUEUES_WINDOW_MAX_S * G_USEC_PER_SEC,
    .fallback = "2m",
    .help = "How long they are watched; each change that the run makes begins it anew" },
  { .name = "at-most",
    .type = FIELD_COUNT,
    .offset = offsetof (CheckQueuesSettings, at_most),
    .max = QUEUES_JOBS_MAX,
    .fallback = G_STRINGIFY (QUEUES_AT_MOST),
    .help = "How many queued jobs count as near zero, while nobody is busy" },
  { .name = "busy",
    .type = FIELD_COUNT,
    .offset = offsetof (CheckQueuesSettings, busy),
    .max = QUEUES_JOBS_MAX,
    .help = "How many jobs may be in progress" },
  { .name = "quiet",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckQueuesSettings, quiet),
    .choices = quiet_words,
    .help = "Every worker that is alive takes no new jobs; none being alive passes" },
  { .name = "for",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckQueuesSettings, for_us),
    .min = G_USEC_PER_SEC,
    .max = QUEUES_WINDOW_MAX_S * G_USEC_PER_SEC,
    .help =
        "How long busy and quiet must have held without a break; now is enough unless "
        "said" },
  { .name = "of",
    .type = FIELD_SERVICE,
    .offset = offsetof (CheckQueuesSettings, of),
    .help =
        "The service whose instances the workers must be, so that this is proved to be "
        "its Redis" },
  { 0 },
};

static char *
complain (const void *data)
{
  const CheckQueuesSettings *settings = data;
  gboolean workers = settings->busy != FIELD_UNSET || settings->quiet >= 0;
  gboolean window = settings->window_us != QUEUES_WINDOW_S * G_USEC_PER_SEC;
  if (settings->state < 0 && !workers)
    return g_strdup ("nothing is checked of the queues; say `state: near-zero` or "
                     "`shrinking`, how many jobs may be `busy:`, or `quiet: all`");
  if (settings->state < 0 && (window || settings->at_most != QUEUES_AT_MOST))
    return g_strdup_printf ("`%s` belongs to `state`, which is not there; say `state: "
                            "near-zero` or `shrinking`%s",
                            window ? "window" : "at-most",
                            window ? ", or `for:` where busy or quiet is meant" : "");
  if (settings->for_us != FIELD_UNSET && !workers)
    return g_strdup ("`for` says how long `busy` or `quiet` must have been so, and "
                     "neither is there; the time of `state` is its `window`");
  return NULL;
}

static const char *const *
services (const void *data)
{
  const CheckQueuesSettings *settings = data;
  return (const char *const *)&settings->of;
}

static const char *
section (const void *data)
{
  (void)data;
  return QUEUES_SECTION;
}

static Request *
request_of (void)
{
  return request_queues (QUEUES_SECTION, QUEUES_INTERVAL_US, QUEUES_LIMIT_US);
}

static void
needs (const void *data, const CheckContext *context, GPtrArray *requests)
{
  const CheckQueuesSettings *settings = data;
  g_ptr_array_add (requests, request_of ());
  if (settings->of)
    redis_proof_needs (context, settings->of, requests);
}

/* ---- conditions ------------------------------------------------------------ */

/* "some; more", but nothing twice. Takes over `some`, which may be NULL. */
static char *
joined (char *some, const char *more)
{
  if (some && strstr (some, more))
    return some;
  char *both = some ? g_strconcat (some, "; ", more, NULL) : g_strdup (more);
  g_free (some);
  return both;
}

/* What `one` says, beside what is there already: only what does not pass is told where
 * something does not. */
static void
add_condition (Judgement *all, const Judgement *one)
{
  gboolean passes = verdict_passes (one->verdict);
  if (all->text && verdict_passes (all->verdict) && !passes)
    judgement_clear (all);
  if (all->text && passes && !verdict_passes (all->verdict))
    return;
  if (!all->text || one->verdict == VERDICT_NEVER)
    all->verdict = one->verdict;
  all->text = joined (all->text, one->text);
  all->gist = joined (all->gist, one->gist ? one->gist : one->text);
}

/* Somebody has to act: what is queued will not become few by itself. */
static gboolean
never_few (const QueuesMemory *memory)
{
  double least = 0, most = 0;
  if (queues_memory_lasts_us (memory, memory->unconsumed) >= QUEUES_UNCONSUMED_US)
    return TRUE;
  if (!queues_judge_is_full (memory->judge) || memory->unconsumed)
    return FALSE;
  switch (memory->whole.verdict) {
  case QUEUES_GROWING: /* what has just begun may end as soon */
    return !memory->whole.lately;
  case QUEUES_STUCK:
    return memory->whole.size > queues_judge_at_most (memory->judge);
  case QUEUES_STEADY: /* bursts come down again and again */
    return queues_judge_range (memory->judge, &least, &most) &&
           least > queues_judge_at_most (memory->judge);
  default:
    return FALSE;
  }
}

/* Nothing piles up. A deployment at its daily work is never near zero, for somebody is
 * always busy, and does not shrink, for there is nothing to shrink. */
static gboolean
is_worked_off (const QueuesMemory *memory)
{
  const QueuesJudge *judge = memory->judge;
  return memory->whole.verdict == QUEUES_SHRINKING ||
         (memory->whole.verdict == QUEUES_STEADY && queues_judge_is_full (judge) &&
          queues_judge_was_few (judge));
}

static void
judge_state (const CheckQueuesSettings *settings, const QueuesMemory *memory,
             const json_t *body, Judgement *one)
{
  gboolean holds = memory->whole.verdict == QUEUES_NEAR_ZERO ||
                   (settings->state == QUEUES_STATE_SHRINKING && is_worked_off (memory));
  one->verdict = VERDICT_NOT_YET;
  if (never_few (memory))
    one->verdict = VERDICT_NEVER;
  else if (holds && !memory->unconsumed)
    one->verdict = VERDICT_HOLDS;
  QueuesSaid said = { .judge = memory->judge,
                      .whole = memory->whole,
                      .each = memory->each,
                      .body = body,
                      .worked_off = one->verdict == VERDICT_HOLDS &&
                                    memory->whole.verdict != QUEUES_NEAR_ZERO };
  one->text = queues_words (&said);
  one->gist = queues_words_gist (&said);
}

static guint
workers_in (const json_t *body, guint *loud)
{
  return workers_count (json_object_get (body, "processes"), loud);
}

/* "3 jobs still busy", "2 of 3 workers quiet": what keeps it from coming to rest; or
 * nothing. */
static void
add_unrest (const CheckQueuesSettings *settings, const json_t *body, GString *text,
            GString *gist)
{
  gint64 busy = queues_memory_count (body, "busy");
  guint loud = 0, workers = workers_in (body, &loud);
  if (settings->busy != FIELD_UNSET && busy == FIELD_UNSET) {
    g_string_append (text, "how many jobs are busy is not known");
    g_string_append (gist, "busy is not known");
  } else if (settings->busy != FIELD_UNSET && busy > settings->busy) {
    g_string_append_printf (text, "%" G_GINT64_FORMAT " job%s still busy", busy,
                            busy == 1 ? "" : "s");
    if (settings->busy > 0)
      g_string_append_printf (text, ", %" G_GINT64_FORMAT " may be", settings->busy);
    g_string_append (gist, "busy");
  }
  if (settings->quiet >= 0 && loud > 0) {
    const char *before = text->len > 0 ? "; " : "";
    g_string_append_printf (text, "%s%u of %u worker%s quiet", before, workers - loud,
                            workers, workers == 1 ? "" : "s");
    g_string_append_printf (gist, "%s%u of %u quiet", before, workers - loud, workers);
  }
}

static int
compare_texts (const void *one, const void *other)
{
  return strcmp (*(char *const *)one, *(char *const *)other);
}

/* The hosts of workers that take new jobs, each once, printable, in the order of their
 * names: Redis gives workers in any. */
static GPtrArray *
loud_hosts (const json_t *body)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (g_free);
  size_t index;
  json_t *worker;
  json_array_foreach (json_object_get (body, "processes"), index, worker)
  {
    const char *host = json_string_value (json_object_get (worker, "hostname"));
    g_autofree char *printable = text_printable (host ? host : "an unknown host", -1);
    g_autofree char *shown = text_cut_middle (printable, QUEUES_NAME_CHARACTERS_MAX);
    if (!json_is_true (json_object_get (worker, "quiet")) &&
        !g_ptr_array_find_with_equal_func (hosts, shown, g_str_equal, NULL))
      g_ptr_array_add (hosts, g_steal_pointer (&shown));
  }
  g_ptr_array_sort (hosts, compare_texts);
  return hosts;
}

/* Somebody takes new jobs, long after all were told not to. */
static gboolean
never_quiet (const CheckQueuesSettings *settings, const CheckContext *context,
             const json_t *body)
{
  guint loud = 0;
  workers_in (body, &loud);
  return settings->quiet >= 0 && loud > 0 &&
         context->now.boot_us >= check_patience_end (context, QUEUES_QUIET_US);
}

static void
add_loud (const json_t *body, GString *text)
{
  g_autoptr (GPtrArray) hosts = loud_hosts (body);
  for (guint i = 0; i < hosts->len && i < QUEUES_HOSTS_MAX; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : " (not on ",
                            (char *)hosts->pdata[i]);
  if (hosts->len > QUEUES_HOSTS_MAX)
    g_string_append_printf (text, " and %u more", hosts->len - QUEUES_HOSTS_MAX);
  g_string_append (text, ": there the signal was missed, or came before the start; give "
                         "it again)");
}

/* An instance of which nothing is heard may be busy, or about to take jobs. */
static void
add_silent (const RedisProof *proof, const char *service, GString *text)
{
  const Workers *workers = &proof->workers;
  if (!proof->looked || workers->running <= workers->reporting)
    return;
  g_string_append_printf (text, "%s%u of %u instances of %s report (not %s)",
                          text->len > 0 ? "; " : "", workers->reporting, workers->running,
                          service, workers->silent);
}

/* "nobody is busy, 3 of 3 workers quiet". */
static char *
rest_text (const CheckQueuesSettings *settings, const json_t *body)
{
  gint64 busy = queues_memory_count (body, "busy");
  guint loud = 0, workers = workers_in (body, &loud);
  g_autoptr (GString) text = g_string_new (NULL);
  if (settings->busy != FIELD_UNSET && busy == 0)
    g_string_append (text, "nobody is busy");
  else if (settings->busy != FIELD_UNSET)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " busy", busy);
  if (settings->quiet >= 0) {
    const char *before = text->len > 0 ? ", " : "";
    if (workers == 0)
      g_string_append_printf (text, "%sno worker is there", before);
    else
      g_string_append_printf (text, "%s%u of %u worker%s quiet", before, workers, workers,
                              workers == 1 ? "" : "s");
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
judge_rest (const CheckQueuesSettings *settings, const CheckContext *context,
            const QueuesMemory *memory, const RedisProof *proof, const json_t *body,
            Judgement *one)
{
  gint64 for_us = settings->for_us == FIELD_UNSET ? 0 : settings->for_us;
  gint64 lasts = queues_memory_lasts_us (memory, memory->rests);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) gist = g_string_new (NULL);
  one->verdict = VERDICT_NOT_YET;
  add_unrest (settings, body, text, gist);
  if (never_quiet (settings, context, body)) {
    one->verdict = VERDICT_NEVER;
    add_loud (body, text);
  }
  if (settings->of) {
    add_silent (proof, settings->of, text);
    add_silent (proof, settings->of, gist);
  }
  if (text->len > 0) {
    one->text = g_strdup (text->str);
    one->gist = g_strdup (gist->str);
    return;
  }
  g_autofree char *now = rest_text (settings, body);
  g_autofree char *wanted = quantity_format_duration (for_us);
  g_autofree char *part = quantity_format_duration (lasts - lasts % G_USEC_PER_SEC);
  if (lasts >= for_us) {
    one->verdict = VERDICT_HOLDS;
    one->text = for_us ? g_strdup_printf ("%s for %s", now, wanted) : g_strdup (now);
  } else {
    one->text =
        g_strdup_printf ("%s for %s%s of %s", now, part, lasts ? "" : "s", wanted);
    one->gist = g_strdup (now);
  }
}

/* ---- judging --------------------------------------------------------------- */

static void
judge_memory (const CheckQueuesSettings *settings, const CheckContext *context,
              const QueuesMemory *memory, const RedisProof *proof, const json_t *body,
              Judgement *judgement)
{
  g_auto (Judgement) all = { 0 };
  if (settings->state >= 0) {
    g_auto (Judgement) one = { 0 };
    judge_state (settings, memory, body, &one);
    add_condition (&all, &one);
  }
  if (settings->busy != FIELD_UNSET || settings->quiet >= 0) {
    g_auto (Judgement) one = { 0 };
    judge_rest (settings, context, memory, proof, body, &one);
    add_condition (&all, &one);
  }
  if (proof->note) {
    all.text = joined (all.text, proof->note);
    all.gist = joined (all.gist, proof->note);
  }
  judgement_set (judgement, all.verdict, CHECK_QUEUES_SAYS "%s", all.text);
  judgement->gist = g_steal_pointer (&all.gist);
}

static void
judge (const void *data, const CheckContext *context, Judgement *judgement)
{
  const CheckQueuesSettings *settings = data;
  g_autoptr (Request) request = request_of ();
  g_auto (RedisProof) proof = { 0 };
  const Reading *reading = check_reading (context, request, judgement);
  if (!reading)
    return;
  const QueuesMemory *memory =
      queues_memory_of (settings, context, request, reading->body);
  if (memory->problem)
    judgement_set (judgement, VERDICT_STALE, "queues: the sample cannot be read: %s",
                   memory->problem);
  else if (!settings->of || redis_proof_judge (context, QUEUES_SECTION, settings->of,
                                               reading->body, &proof, judgement))
    judge_memory (settings, context, memory, &proof, reading->body, judgement);
}

static void
add_state_words (GString *text, const CheckQueuesSettings *settings)
{
  g_autofree char *window = quantity_format_duration (settings->window_us);
  if (settings->state == QUEUES_STATE_SHRINKING)
    g_string_append_printf (text, "shrinking over %s", window);
  else
    g_string_append_printf (text,
                            "near zero (at most %" G_GINT64_FORMAT " queued) for %s",
                            settings->at_most, window);
}

/* "nobody busy, every worker quiet for 15s". */
static void
add_rest_words (GString *text, const CheckQueuesSettings *settings)
{
  const char *before = "";
  if (settings->busy == 0)
    g_string_append (text, "nobody busy");
  else if (settings->busy != FIELD_UNSET)
    g_string_append_printf (text, "at most %" G_GINT64_FORMAT " busy", settings->busy);
  if (settings->busy != FIELD_UNSET)
    before = ", ";
  if (settings->quiet >= 0)
    g_string_append_printf (text, "%severy worker quiet", before);
  if (settings->for_us == FIELD_UNSET)
    return;
  g_autofree char *lasts = quantity_format_duration (settings->for_us);
  g_string_append_printf (text, " for %s", lasts);
}

static char *
words (const void *data)
{
  const CheckQueuesSettings *settings = data;
  GString *text = g_string_new ("queues: ");
  gboolean rests = settings->busy != FIELD_UNSET || settings->quiet >= 0;
  if (settings->state >= 0)
    add_state_words (text, settings);
  if (settings->state >= 0 && rests)
    g_string_append (text, "; ");
  if (rests)
    add_rest_words (text, settings);
  if (settings->of)
    g_string_append_printf (text, "; workers of %s", settings->of);
  return g_string_free (text, FALSE);
}

/* Each change begins the window anew; workers that begin are seen at their first sign of
 * life. */
static gint64
shows_us (const void *data)
{
  const CheckQueuesSettings *settings = data;
  gint64 window_us = settings->state >= 0 ? settings->window_us : 0;
  gint64 rest_us = settings->quiet >= 0 ? QUEUES_QUIET_US : 0;
  return MAX (MAX (window_us, rest_us), QUEUES_UNCONSUMED_US);
}

/* ---- by hand --------------------------------------------------------------- */

static void
add_look (GPtrArray *plans, const Site *site, const char *says, const char *const *first,
          const char *const *each)
{
  g_autoptr (Plan) plan = plan_new ();
  plan->change = g_strdup (says);
  if (redis_cli_add (plan, site, QUEUES_SECTION, first, NULL) &&
      redis_cli_add (plan, site, QUEUES_SECTION, each, NULL))
    g_ptr_array_add (plans, g_steal_pointer (&plan));
}

/* Near zero is more than empty queues: nobody may be busy, either. */
static void
by_hand (const void *data, const Site *site, GPtrArray *plans)
{
  static const char *const queues[] = { "SMEMBERS", "queues", NULL };
  static const char *const size[] = { "LLEN", "queue:NAME", NULL };
  static const char *const workers[] = { "SMEMBERS", "processes", NULL };
  static const char *const rest[] = { "HMGET", "WORKER", "busy", "quiet", NULL };
  const CheckQueuesSettings *settings = data;
  if (settings->state >= 0)
    add_look (plans, site,
              "how many jobs wait in each queue, for every NAME that the first lists",
              queues, size);
  add_look (plans, site,
            "how many jobs each worker has in hand and whether it is quiet, for every "
            "WORKER that the first lists; one that gives nothing is long gone",
            workers, rest);
}

const CheckKind check_queues = {
  .spec = { .name = "queues",
            .help = "Job queues are near zero or shrinking, or their workers are at rest",
            .fields = fields,
            .size = sizeof (CheckQueuesSettings),
            .shorthand = "state",
            .complain = complain,
            .services = services,
            .section = section,
            .words = words },
  .needs = needs,
  .judge = judge,
  .shows_us = shows_us,
  .by_hand = by_hand,
};
