/* queues.c: job queues run dry, and their workers have come to rest. */
#include "core/checks/checks.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/checks/queues_judge.h"
#include "core/checks/queues_words.h"
#include "core/checks/redis_proof.h"

#define QUEUES_SECTION "redis"
#define QUEUES_INTERVAL_US (2 * G_USEC_PER_SEC)
#define QUEUES_LIMIT_US (5 * G_USEC_PER_SEC)

/* Shorter shows a burst, longer is no maintenance any more. */
#define QUEUES_WINDOW_MIN_US (30 * G_USEC_PER_SEC)
#define QUEUES_WINDOW_MAX_US (30 * 60 * G_USEC_PER_SEC)
#define QUEUES_WINDOW_US (2 * 60 * G_USEC_PER_SEC)
#define QUEUES_WINDOW "2m"
#define QUEUES_AT_MOST 5
#define QUEUES_AT_MOST_TEXT "5"

#define QUEUES_JOBS_MAX 1000000

/* A worker that restarts leaves its queues alone for about so long. */
#define QUEUES_UNCONSUMED_US (30 * G_USEC_PER_SEC)

static const char *const state_words[] = { "near-zero", "shrinking", NULL };
static const char *const quiet_words[] = { "all", NULL };

static const Field fields[] = {
  { .name = "state",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckQueuesSettings, state),
    .choices = state_words,
    .help =
        "How all queues together must be over the window; as good as shrinking is near "
        "zero, and what keeps coming down to at-most; growing is neither" },
  { .name = "window",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckQueuesSettings, window_us),
    .min = QUEUES_WINDOW_MIN_US,
    .max = QUEUES_WINDOW_MAX_US,
    .fallback = QUEUES_WINDOW,
    .help = "How long they are watched; the run's last change begins it anew" },
  { .name = "at-most",
    .type = FIELD_COUNT,
    .offset = offsetof (CheckQueuesSettings, at_most),
    .max = QUEUES_JOBS_MAX,
    .fallback = QUEUES_AT_MOST_TEXT,
    .help = "How many queued jobs count as near zero, while nobody is busy" },
  { .name = "busy",
    .type = FIELD_COUNT,
    .offset = offsetof (CheckQueuesSettings, busy),
    .max = QUEUES_JOBS_MAX,
    .help = "How many jobs may be being worked on" },
  { .name = "quiet",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckQueuesSettings, quiet),
    .choices = quiet_words,
    .help = "Every worker that is alive takes no new jobs" },
  { .name = "for",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckQueuesSettings, for_us),
    .min = G_USEC_PER_SEC,
    .max = QUEUES_WINDOW_MAX_US,
    .help = "How long busy and quiet must have been so; at once unless said" },
  { .name = "of",
    .type = FIELD_SERVICE,
    .offset = offsetof (CheckQueuesSettings, of),
    .help = "The service whose instances the workers must be: it proves that this is its "
            "Redis" },
  { 0 },
};

static char *
complain (const void *data)
{
  const CheckQueuesSettings *settings = data;
  gboolean workers = settings->busy != FIELD_UNSET || settings->quiet >= 0;
  gboolean window = settings->window_us != QUEUES_WINDOW_US;
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

/* ---- what is kept of the samples ------------------------------------------- */

/* Since when something has been so in every sample without a gap, boot time; 0: is not. */
typedef gint64 Lasting;

typedef struct {
  CheckQueuesSettings settings; /* `of` is not asked for */
  gint64 speed;
} Begin;

typedef struct {
  gint64 speed;
  QueuesJudge *judge; /* on the axis of procedure time, in seconds since boot */
  gint64 busy_most;   /* FIELD_UNSET: any number */
  gboolean quiet;
  Lasting rests;      /* busy and quiet as they should be */
  Lasting unconsumed; /* more than at-most that nobody takes */
  gint64 seen_us;     /* boot time of the last sample */
  char *problem;      /* why the last reading is none; or NULL */
  gboolean judged;
  QueuesJudgement whole;
} Memory;

static void *
memory_begin (const void *data)
{
  const Begin *begin = data;
  const CheckQueuesSettings *settings = &begin->settings;
  Memory *memory = g_new0 (Memory, 1);
  memory->speed = begin->speed;
  memory->busy_most = settings->busy;
  memory->quiet = settings->quiet >= 0;
  memory->judge = queues_judge_new ((double)settings->window_us / G_USEC_PER_SEC,
                                    (double)settings->at_most);
  queues_judge_set_gap_floor (memory->judge, QUEUES_GAP_FLOOR_S * (double)begin->speed);
  return memory;
}

static void
memory_finish (void *data)
{
  Memory *memory = data;
  queues_judge_free (memory->judge);
  g_free (memory->problem);
  g_free (memory);
}

static gint64
count_of (const json_t *body, const char *member)
{
  const json_t *value = json_object_get (body, member);
  return json_is_number (value) ? (gint64)json_number_value (value) : FIELD_UNSET;
}

/* How many workers are alive; *loud of them take new jobs. */
static guint
count_workers (const json_t *body, guint *loud)
{
  const json_t *processes = json_object_get (body, "processes");
  size_t index;
  json_t *process;
  *loud = 0;
  json_array_foreach (processes, index, process)
  {
    if (!json_is_true (json_object_get (process, "quiet")))
      *loud += 1;
  }
  return (guint)json_array_size (processes);
}

static gboolean
few_are_busy (gint64 busy_most, const json_t *body)
{
  gint64 busy = count_of (body, "busy");
  return busy_most == FIELD_UNSET || (busy != FIELD_UNSET && busy <= busy_most);
}

static gboolean
all_are_quiet (const json_t *body)
{
  guint loud = 0;
  count_workers (body, &loud);
  return loud == 0;
}

static void
lasting_note (Lasting *lasting, gboolean so, gboolean gap, gint64 at_us)
{
  if (!so)
    *lasting = 0;
  else if (!*lasting || gap)
    *lasting = at_us;
}

/* What was not seen for three intervals may have been otherwise meanwhile. */
static void
note_lasting (Memory *memory, const Reading *reading)
{
  const json_t *body = reading->body;
  gint64 gap_us = MAX (3 * QUEUES_INTERVAL_US / memory->speed, G_USEC_PER_SEC);
  gboolean gap = reading->began.boot_us - memory->seen_us > gap_us;
  gboolean rests =
      few_are_busy (memory->busy_most, body) && (!memory->quiet || all_are_quiet (body));
  gboolean unconsumed =
      queues_words_unconsumed (body) > queues_judge_at_most (memory->judge);
  memory->seen_us = reading->ended.boot_us;
  lasting_note (&memory->rests, rests, gap, memory->seen_us);
  lasting_note (&memory->unconsumed, unconsumed, gap, memory->seen_us);
}

/* A failed look is a gap if it lasts, and else nothing. */
static void
memory_take (void *data, const Reading *reading)
{
  Memory *memory = data;
  g_autoptr (GError) error = NULL;
  if (reading->error)
    return;
  g_clear_pointer (&memory->problem, g_free);
  g_autoptr (QueuesSample) sample =
      queues_sample_take (json_incref (reading->body), &error);
  if (sample)
    sample->at_s =
        (double)reading->ended.boot_us * (double)memory->speed / G_USEC_PER_SEC;
  if (!sample || !queues_judge_add (memory->judge, sample, &error)) {
    memory->problem = g_strdup (error->message);
    return;
  }
  memory->judged = FALSE;
  note_lasting (memory, reading);
}

static const EvidenceFold samples_fold = {
  .begin = memory_begin,
  .take = memory_take,
  .finish = memory_finish,
};

static Memory *
memory_of (const CheckQueuesSettings *settings, const CheckContext *context,
           const Request *request)
{
  Begin begin = { .settings = *settings, .speed = MAX (context->speed, 1) };
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                                           " %" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT,
                                           settings->window_us, settings->at_most,
                                           settings->busy, settings->quiet, begin.speed);
  Memory *memory = evidence_fold (context->evidence, request->key, name, &samples_fold,
                                  &begin, context->acted_us);
  if (!memory->judged && memory->seen_us) {
    double at_s = (double)memory->seen_us * (double)memory->speed / G_USEC_PER_SEC;
    memory->whole = queues_judge_whole (memory->judge, at_s);
    memory->judged = TRUE;
  }
  return memory;
}

/* How long it has been so, procedure time. */
static gint64
lasts_us (const Memory *memory, Lasting lasting)
{
  return lasting ? (memory->seen_us - lasting) * memory->speed : 0;
}

/* ---- conditions ------------------------------------------------------------ */

/* What `one` says, beside what is there already: only what does not pass is told where
 * something does not. Takes over the texts. */
static void
add_condition (Judgement *all, Judgement *one)
{
  gboolean passes = verdict_passes (one->verdict);
  if (all->text && verdict_passes (all->verdict) && !passes)
    judgement_clear (all);
  if (all->text && passes && !verdict_passes (all->verdict)) {
    judgement_clear (one);
    return;
  }
  gboolean worse = !all->text || one->verdict == VERDICT_NEVER;
  g_autofree char *text = all->text;
  g_autofree char *gist = all->gist;
  g_autofree char *one_text = one->text;
  g_autofree char *one_gist = one->gist;
  all->verdict = worse ? one->verdict : all->verdict;
  all->text = g_strdup_printf ("%s%s%s", text ? text : "", text ? "; " : "", one_text);
  all->gist = g_strdup_printf ("%s%s%s", gist ? gist : "", gist ? "; " : "",
                               one_gist ? one_gist : one_text);
  one->text = one->gist = NULL;
}

/* Somebody has to act: what is queued will not become few by itself. */
static gboolean
never_few (const Memory *memory)
{
  double least = 0, most = 0;
  if (lasts_us (memory, memory->unconsumed) >= QUEUES_UNCONSUMED_US)
    return TRUE;
  if (!queues_judge_is_full (memory->judge) || memory->unconsumed)
    return FALSE;
  switch (memory->whole.verdict) {
  case QUEUES_GROWING:
    return TRUE;
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
is_worked_off (const Memory *memory)
{
  double least = 0, most = 0;
  return memory->whole.verdict == QUEUES_SHRINKING ||
         (memory->whole.verdict == QUEUES_STEADY &&
          queues_judge_is_full (memory->judge) &&
          queues_judge_range (memory->judge, &least, &most) &&
          least <= queues_judge_at_most (memory->judge));
}

static void
judge_state (const CheckQueuesSettings *settings, const Memory *memory,
             const json_t *body, Judgement *one)
{
  gboolean holds = memory->whole.verdict == QUEUES_NEAR_ZERO ||
                   (settings->state == QUEUES_STATE_SHRINKING && is_worked_off (memory));
  one->verdict = VERDICT_NOT_YET;
  if (never_few (memory))
    one->verdict = VERDICT_NEVER;
  else if (holds && !memory->unconsumed)
    one->verdict = VERDICT_HOLDS;
  one->text = queues_words (memory->judge, memory->whole, body);
  one->gist = queues_words_gist (memory->judge, memory->whole, body);
}

/* "3 jobs still busy", "2 of 3 workers quiet": what keeps it from coming to rest; or
 * nothing. */
static void
add_unrest (const CheckQueuesSettings *settings, const json_t *body, GString *text,
            GString *gist)
{
  gint64 busy = count_of (body, "busy");
  guint loud = 0, workers = count_workers (body, &loud);
  if (settings->busy != FIELD_UNSET && busy == FIELD_UNSET) {
    g_string_append (text, "how many jobs are busy is not known");
    g_string_append (gist, "busy is not known");
  } else if (!few_are_busy (settings->busy, body)) {
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

/* An instance of which nothing is heard may be busy, or about to take jobs. */
static void
add_silent (const RedisProof *proof, const char *service, GString *text)
{
  if (!proof->looked || proof->running <= proof->reporting)
    return;
  g_string_append_printf (text, "%s%u of %u instances of %s report (not %s)",
                          text->len > 0 ? "; " : "", proof->reporting, proof->running,
                          service, proof->silent);
}

/* "nobody is busy, 3 of 3 workers quiet". */
static char *
rest_text (const CheckQueuesSettings *settings, const json_t *body)
{
  gint64 busy = count_of (body, "busy");
  guint loud = 0, workers = count_workers (body, &loud);
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
judge_rest (const CheckQueuesSettings *settings, const Memory *memory,
            const RedisProof *proof, const json_t *body, Judgement *one)
{
  gint64 for_us = settings->for_us == FIELD_UNSET ? 0 : settings->for_us;
  gint64 lasts = lasts_us (memory, memory->rests);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) gist = g_string_new (NULL);
  add_unrest (settings, body, text, gist);
  if (settings->of) {
    add_silent (proof, settings->of, text);
    add_silent (proof, settings->of, gist);
  }
  one->verdict = VERDICT_NOT_YET;
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
judge_memory (const CheckQueuesSettings *settings, const Memory *memory,
              const RedisProof *proof, const json_t *body, Judgement *judgement)
{
  g_auto (Judgement) all = { 0 };
  if (settings->state >= 0) {
    g_auto (Judgement) one = { 0 };
    judge_state (settings, memory, body, &one);
    add_condition (&all, &one);
  }
  if (settings->busy != FIELD_UNSET || settings->quiet >= 0) {
    g_auto (Judgement) one = { 0 };
    judge_rest (settings, memory, proof, body, &one);
    add_condition (&all, &one);
  }
  const char *note = proof->note ? proof->note : "";
  judgement_set (judgement, all.verdict, "queues: %s%s%s", all.text, *note ? "; " : "",
                 note);
  judgement->gist = g_strdup_printf ("%s%s%s", all.gist, *note ? "; " : "", note);
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
  const Memory *memory = memory_of (settings, context, request);
  const json_t *processes = json_object_get (reading->body, "processes");
  if (memory->problem)
    judgement_set (judgement, VERDICT_STALE, "queues: the sample cannot be read: %s",
                   memory->problem);
  else if (!settings->of || redis_proof_judge (context, QUEUES_SECTION, settings->of,
                                               processes, &proof, judgement))
    judge_memory (settings, memory, &proof, reading->body, judgement);
}

const CheckKind check_queues = {
  .spec = { .name = "queues",
            .help = "Job queues are near zero or shrinking, or their workers are at rest",
            .fields = fields,
            .size = sizeof (CheckQueuesSettings),
            .shorthand = "state",
            .complain = complain,
            .section = section },
  .needs = needs,
  .judge = judge,
};
