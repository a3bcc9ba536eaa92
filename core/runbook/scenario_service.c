/* scenario_service.c: the services and queues of a scenario; those of what it is like are
 * there already, and are read over key by key. */
#include <string.h>

#include "core/runbook/scenario_parts.h"

void
scenario_service_free (void *data)
{
  ScenarioService *service = data;
  field_clear (scenario_service_fields, service);
  g_free (service->name);
  g_free (service);
}

void
scenario_queue_free (void *data)
{
  ScenarioQueue *queue = data;
  field_clear (scenario_queue_fields, queue);
  g_free (queue->name);
  g_free (queue);
}

/* ---- services --------------------------------------------------------------- */

/* Keys that mean something to one role only. */
static const struct {
  const char *key;
  ScenarioRole role;
} roles_of_keys[] = {
  { "threads", SCENARIO_WORKERS }, { "hands-back", SCENARIO_WORKERS },
  { "hangs", SCENARIO_WORKERS },   { "recovers-in", SCENARIO_WORKERS },
  { "keeps", SCENARIO_REDIS },     { "version", SCENARIO_APPLICATION },
};

static void
check_roles (ScenarioReading *reading, const ScenarioService *service,
             const TreeNode *node)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles_of_keys); i++) {
    const TreeNode *key = tree_get_key (node, roles_of_keys[i].key);
    const char *role = scenario_roles[roles_of_keys[i].role];
    if (key && (int)roles_of_keys[i].role != service->role)
      problems_add (reading->reader.problems, key->place,
                    "\"%s\" is for the role %s, and %s has the role %s; remove it, or "
                    "write role: %s",
                    key->text, role, service->name, scenario_roles[service->role], role);
  }
}

static ScenarioService *
service_named (Scenario *scenario, const char *name)
{
  return (ScenarioService *)scenario_service (scenario, name);
}

static void
service_read (ScenarioReading *reading, const TreeNode *key, const TreeNode *node)
{
  const Field word = { .name = "services", .type = FIELD_WORD };
  Reader *reader = &reading->reader;
  g_autofree char *wrong = field_text_problem (&word, key->text);
  ScenarioService *service = service_named (reading->scenario, key->text);
  guint before = problems_mark (reader->problems);
  if (wrong)
    problems_add (reader->problems, key->place, "the service %s", wrong);
  if (service) {
    reader_read_over (reader, key->text, scenario_service_fields, node, service);
  } else {
    service = g_new0 (ScenarioService, 1);
    reader_read (reader, key->text, scenario_service_fields, node, service);
    service->name = g_strdup (key->text);
    g_ptr_array_add (reading->scenario->services, service);
  }
  service->place = key->place;
  if (problems_mark (reader->problems) == before)
    check_roles (reading, service, node);
}

void
scenario_read_services (ScenarioReading *reading)
{
  const TreeNode *node =
      scenario_find_section (reading, "services", TREE_MAPPING, SCENARIO_SERVICES_MAX);
  for (guint i = 0; node && i < node->keys->len; i++)
    service_read (reading, g_ptr_array_index (node->keys, i),
                  g_ptr_array_index (node->values, i));
}

gboolean
scenario_check_service (ScenarioReading *reading, const char *name, Place place)
{
  const GPtrArray *services = reading->scenario->services;
  if (reading->lost || scenario_service (reading->scenario, name))
    return TRUE;
  g_autofree const char **names = g_new0 (const char *, services->len + 1);
  for (guint i = 0; i < services->len; i++)
    names[i] = ((const ScenarioService *)g_ptr_array_index (services, i))->name;
  reader_add_unknown (&reading->reader, place, "service", name, names);
  return FALSE;
}

/* ---- queues ----------------------------------------------------------------- */

static ScenarioQueue *
queue_named (Scenario *scenario, const char *name)
{
  for (guint i = 0; i < scenario->queues->len; i++) {
    ScenarioQueue *queue = g_ptr_array_index (scenario->queues, i);
    if (strcmp (queue->name, name) == 0)
      return queue;
  }
  return NULL;
}

static void
check_queue (ScenarioReading *reading, const ScenarioQueue *queue, const TreeNode *key,
             const TreeNode *node)
{
  const TreeNode *from = tree_get (node, "from");
  const TreeNode *longest = tree_get_key (node, "longest");
  if (from)
    scenario_check_service (reading, queue->from, from->place);
  if (queue->least_us > queue->most_us)
    problems_add (reading->reader.problems, longest ? longest->place : key->place,
                  "the longest job of %s is shorter than its shortest; write longest: as "
                  "much as shortest: or more",
                  queue->name);
}

static void
queue_read (ScenarioReading *reading, const TreeNode *key, const TreeNode *node)
{
  /* A queue may be called anything that can be printed. */
  const Field text = { .name = "queues", .type = FIELD_SCALAR };
  Reader *reader = &reading->reader;
  g_autofree char *wrong = *key->text ? field_text_problem (&text, key->text)
                                      : g_strdup ("is empty; give it one");
  ScenarioQueue *queue = queue_named (reading->scenario, key->text);
  guint before = problems_mark (reader->problems);
  if (wrong)
    problems_add (reader->problems, key->place, "the queue's name %s", wrong);
  if (queue) {
    reader_read_over (reader, key->text, scenario_queue_fields, node, queue);
  } else {
    queue = g_new0 (ScenarioQueue, 1);
    reader_read (reader, key->text, scenario_queue_fields, node, queue);
    queue->name = g_strdup (key->text);
    g_ptr_array_add (reading->scenario->queues, queue);
  }
  queue->place = key->place;
  if (problems_mark (reader->problems) == before)
    check_queue (reading, queue, key, node);
}

void
scenario_read_queues (ScenarioReading *reading)
{
  const TreeNode *node =
      scenario_find_section (reading, "queues", TREE_MAPPING, SCENARIO_QUEUES_MAX);
  for (guint i = 0; node && i < node->keys->len; i++)
    queue_read (reading, g_ptr_array_index (node->keys, i),
                g_ptr_array_index (node->values, i));
}
