/* scenario_event.c: what happens in a scenario by itself, and when. */
#include <string.h>

#include "core/runbook/scenario_parts.h"

/* The key that says what happens; in the order of ScenarioEventKind. */
static const char *const kind_keys[] = {
  [SCENARIO_START] = "start",
  [SCENARIO_KILL] = "kill",
  [SCENARIO_REFUSE] = "refuse",
  [SCENARIO_FLAP] = "flap",
  [SCENARIO_JOBS] = "jobs",
  [SCENARIO_DROP_LINE] = "drop-line",
  NULL,
};

/* Keys that say more of one kind. */
static const struct {
  const char *key;
  ScenarioEventKind kind;
  gboolean required;
} kinds_of_keys[] = {
  { "times", SCENARIO_REFUSE, FALSE },
  { "says", SCENARIO_REFUSE, FALSE },
  { "queue", SCENARIO_JOBS, TRUE },
  { "takes", SCENARIO_JOBS, TRUE },
};

void
scenario_event_free (void *data)
{
  ScenarioEvent *event = data;
  g_free (event->of);
  g_free (event->service);
  g_free (event->queue);
  g_free (event->says);
  g_free (event->story);
  g_free (event);
}

static void
entry_clear (ScenarioEntry *entry)
{
  field_clear (scenario_event_fields, entry);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScenarioEntry, entry_clear)

/* ---- what happens ------------------------------------------------------------ */

/* FALSE with a problem unless the event is one thing. */
static gboolean
kind_read (Problems *problems, const TreeNode *node, int *kind)
{
  *kind = -1;
  for (int i = 0; kind_keys[i]; i++) {
    const TreeNode *key = tree_get_key (node, kind_keys[i]);
    if (key && *kind >= 0) {
      problems_add (
          problems, key->place,
          "an event is one thing, and this one is \"%s\" and \"%s\"; make it two",
          kind_keys[*kind], key->text);
      return FALSE;
    }
    if (key)
      *kind = i;
  }
  if (*kind < 0)
    problems_add (problems, node->place,
                  "it is not said what happens; add start, kill, refuse, flap, jobs or "
                  "drop-line");
  return *kind >= 0;
}

static void
check_companions (Problems *problems, const TreeNode *node, int kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds_of_keys); i++) {
    const char *name = kinds_of_keys[i].key;
    const TreeNode *key = tree_get_key (node, name);
    gboolean belongs = (int)kinds_of_keys[i].kind == kind;
    if (key && !belongs)
      problems_add (problems, key->place,
                    "\"%s\" belongs to \"%s\", not to \"%s\"; remove it", name,
                    kind_keys[kinds_of_keys[i].kind], kind_keys[kind]);
    else if (!key && belongs && kinds_of_keys[i].required)
      problems_add (problems, node->place, "\"%s\" lacks the key \"%s\"; add it: %s",
                    kind_keys[kind], name,
                    field_find (scenario_event_fields, name)->help);
  }
}

static void
check_queue (ScenarioReading *reading, const char *name, Place place)
{
  const GPtrArray *queues = reading->scenario->queues;
  g_autofree const char **names = g_new0 (const char *, queues->len + 1);
  for (guint i = 0; i < queues->len; i++) {
    names[i] = ((const ScenarioQueue *)g_ptr_array_index (queues, i))->name;
    if (strcmp (names[i], name) == 0)
      return;
  }
  if (!reading->lost)
    reader_add_unknown (&reading->reader, place, "queue", name, names);
}

/* Names that the event needs, and what else goes across its keys. */
static void
check_kind (ScenarioReading *reading, const TreeNode *node, const ScenarioEntry *entry)
{
  Problems *problems = reading->reader.problems;
  int kind = entry->event.kind;
  const TreeNode *value = tree_get (node, kind_keys[kind]);
  const TreeNode *queue = tree_get (node, "queue");
  const char *service = kind == SCENARIO_START    ? entry->start
                        : kind == SCENARIO_KILL   ? entry->kill
                        : kind == SCENARIO_REFUSE ? entry->refuse
                                                  : NULL;
  if (service)
    scenario_check_service (reading, service, value->place);
  if (kind == SCENARIO_JOBS && queue)
    check_queue (reading, entry->event.queue, queue->place);
  if (kind == SCENARIO_FLAP && !reading->lost && !scenario_redis (reading->scenario))
    problems_add (problems, value->place,
                  "there is no Redis that could flap; give a service role: redis");
  if (kind == SCENARIO_FLAP && entry->event.every_us != FIELD_UNSET &&
      entry->event.every_us <= entry->flap_us)
    problems_add (
        problems, value->place,
        "it is to flap for longer than until it flaps again; write less than every:");
  if (kind == SCENARIO_DROP_LINE && !entry->drop_line)
    problems_add (problems, value->place,
                  "\"drop-line\" is false, which says nothing; write true, or remove the "
                  "event");
}

/* ---- when -------------------------------------------------------------------- */

static void
after_read (ScenarioReading *reading, const TreeNode *node, ScenarioEntry *entry)
{
  const char *const services[] = { entry->after->stopping, entry->after->stopped,
                                   entry->after->up };
  const TreeNode *after = tree_get (node, "after");
  guint said = 0;
  for (guint i = 0; i < G_N_ELEMENTS (services); i++) {
    if (!services[i])
      continue;
    said++;
    const TreeNode *value = tree_get (after, scenario_after_fields[i].name);
    scenario_check_service (reading, services[i], value->place);
    g_free (entry->event.of);
    entry->event.of = g_strdup (services[i]);
    entry->event.trigger = SCENARIO_STOPPING + (int)i;
  }
  if (said != 1)
    problems_add (reading->reader.problems, after->place,
                  "\"after\" is %s; write one of stopping, stopped or up, with a service",
                  said == 0 ? "empty" : "more than one thing");
}

static void
trigger_read (ScenarioReading *reading, const TreeNode *node, ScenarioEntry *entry)
{
  Problems *problems = reading->reader.problems;
  const TreeNode *at = tree_get_key (node, "at"), *after = tree_get_key (node, "after");
  const TreeNode *delay = tree_get_key (node, "delay");
  if (at && after)
    problems_add (problems, after->place,
                  "\"at\" and \"after\" both say when; keep one of them");
  else if (!at && !after)
    problems_add (problems, node->place,
                  "it is not said when; add at: 30s, or after: {stopped: SERVICE}");
  else if (at && delay)
    problems_add (problems, delay->place,
                  "\"delay\" belongs to \"after\"; add it to at: instead");
  else if (after)
    after_read (reading, node, entry);
  else
    entry->event.delay_us = entry->at_us;
}

/* ---- events ------------------------------------------------------------------ */

static ScenarioEvent *
event_of (ScenarioEntry *entry, Place place)
{
  ScenarioEvent *event = g_memdup2 (&entry->event, sizeof entry->event);
  int kind = event->kind;
  event->place = place;
  event->service = kind == SCENARIO_START    ? g_steal_pointer (&entry->start)
                   : kind == SCENARIO_KILL   ? g_steal_pointer (&entry->kill)
                   : kind == SCENARIO_REFUSE ? g_steal_pointer (&entry->refuse)
                                             : NULL;
  event->lasts_us = kind == SCENARIO_FLAP   ? entry->flap_us
                    : kind == SCENARIO_JOBS ? entry->takes_us
                                            : 0;
  if (kind != SCENARIO_JOBS)
    event->count = 0;
  if (kind != SCENARIO_REFUSE)
    event->times = 0;
  entry->event = (ScenarioEvent){ 0 }; /* what it owned is the event's now */
  return event;
}

static void
event_read (ScenarioReading *reading, const TreeNode *node)
{
  g_auto (ScenarioEntry) entry = { 0 };
  Problems *problems = reading->reader.problems;
  guint before = problems_mark (problems);
  reader_read (&reading->reader, "the event", scenario_event_fields, node, &entry);
  if (problems_mark (problems) != before)
    return;
  if (kind_read (problems, node, &entry.event.kind)) {
    check_companions (problems, node, entry.event.kind);
    check_kind (reading, node, &entry);
  }
  trigger_read (reading, node, &entry);
  if (problems_mark (problems) == before)
    g_ptr_array_add (reading->scenario->events, event_of (&entry, node->place));
  else
    g_clear_pointer (&entry.event.of, g_free);
}

void
scenario_read_events (ScenarioReading *reading)
{
  const TreeNode *node =
      scenario_find_section (reading, "events", TREE_SEQUENCE, SCENARIO_EVENTS_MAX);
  for (guint i = 0; node && i < node->values->len; i++)
    event_read (reading, g_ptr_array_index (node->values, i));
}
