#include "core/checks/queues_memory.h"

#include "core/checks/queues_words.h"
#include "core/run/workers.h"

typedef struct {
  CheckQueuesSettings settings; /* `of` is not asked for */
  gint64 speed;
} Begin;

static void *
memory_begin (const void *data)
{
  const Begin *begin = data;
  const CheckQueuesSettings *settings = &begin->settings;
  QueuesMemory *memory = g_new0 (QueuesMemory, 1);
  memory->speed = begin->speed;
  memory->busy_most = settings->busy;
  memory->quiet = settings->quiet >= 0;
  memory->each = g_array_new (FALSE, FALSE, sizeof (QueuesJudgement));
  memory->judge = queues_judge_new ((double)settings->window_us / G_USEC_PER_SEC,
                                    (double)settings->at_most);
  queues_judge_set_gap_floor (memory->judge, QUEUES_GAP_FLOOR_S * (double)begin->speed);
  return memory;
}

static void
memory_finish (void *data)
{
  QueuesMemory *memory = data;
  queues_judge_free (memory->judge);
  g_array_unref (memory->each);
  g_free (memory->problem);
  g_free (memory);
}

gint64
queues_memory_count (const json_t *body, const char *member)
{
  const json_t *value = json_object_get (body, member);
  return json_is_number (value) ? (gint64)json_number_value (value) : FIELD_UNSET;
}

static gboolean
few_are_busy (gint64 busy_most, const json_t *body)
{
  gint64 busy = queues_memory_count (body, "busy");
  return busy_most == FIELD_UNSET || (busy != FIELD_UNSET && busy <= busy_most);
}

static gboolean
all_are_quiet (const json_t *body)
{
  guint loud = 0;
  workers_count (json_object_get (body, "processes"), &loud);
  return loud == 0;
}

static void
lasting_note (QueuesLasting *lasting, gboolean so, gboolean gap, gint64 at_us)
{
  if (!so)
    *lasting = 0;
  else if (!*lasting || gap)
    *lasting = at_us;
}

/* What was not seen for three intervals may have been otherwise meanwhile. */
static void
note_lasting (QueuesMemory *memory, const Reading *reading)
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
  QueuesMemory *memory = data;
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

const QueuesMemory *
queues_memory_of (const CheckQueuesSettings *settings, const CheckContext *context,
                  const Request *request, const json_t *body)
{
  Begin begin = { .settings = *settings, .speed = MAX (context->speed, 1) };
  g_autofree char *name =
      g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                       " %d %d %" G_GINT64_FORMAT,
                       settings->window_us, settings->at_most, settings->busy,
                       settings->quiet, settings->state >= 0, begin.speed);
  QueuesMemory *memory = evidence_fold (context->evidence, request->key, name,
                                        &samples_fold, &begin, context->acted_us);
  if (!memory->judged && memory->seen_us) {
    double at_s = (double)memory->seen_us * (double)memory->speed / G_USEC_PER_SEC;
    memory->whole = queues_judge_whole (memory->judge, at_s);
    if (settings->state >= 0)
      queues_judge_each (memory->judge, json_object_get (body, "queues"), at_s,
                         memory->each);
    memory->judged = TRUE;
  }
  return memory;
}

gint64
queues_memory_lasts_us (const QueuesMemory *memory, QueuesLasting lasting)
{
  return lasting ? (memory->seen_us - lasting) * memory->speed : 0;
}
