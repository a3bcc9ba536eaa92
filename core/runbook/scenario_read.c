/* scenario_read.c: from the bytes of a scenario, and of those that it is like, to the
 * scenario. */
#include <string.h>

#include "core/runbook/scenario_parts.h"

#define SCENARIO_FORMAT "1"
#define ENDING ".yaml"

/* One load, with all the files that it takes. */
typedef struct {
  ScenarioRead read;
  void *data;
  Problems *problems;
  GPtrArray *names; /* of the scenarios that are being read, each like the next */
} Loading;

static const ReaderFormat scenario_format = { "handrail-practice", SCENARIO_FORMAT,
                                              "a practice scenario", "handrail",
                                              "a runbook" };

const TreeNode *
scenario_find_section (ScenarioReading *reading, const char *name, TreeType type,
                       guint most)
{
  Problems *problems = reading->reader.problems;
  const TreeNode *node = tree_get (reading->root, name);
  if (!node || tree_is_null (node))
    return NULL;
  if (node->type != type)
    problems_add (problems, node->place, "\"%s\" is %s; write %s", name,
                  tree_type_name (node),
                  type == TREE_MAPPING ? "a mapping of names, each with its keys or {}"
                                       : "a list of events, each a mapping");
  else if (node->values->len > most)
    problems_add (problems, node->place, "there are %u %s, more than %u; leave some out",
                  node->values->len, name, most);
  else
    return node;
  return NULL;
}

/* ---- like ------------------------------------------------------------------- */

static Scenario *load (Loading *loading, const char *file, GBytes *bytes);

static gboolean
is_being_read (const Loading *loading, const char *name)
{
  return g_ptr_array_find_with_equal_func (loading->names, name, g_str_equal, NULL);
}

/* NULL with a problem. */
static Scenario *
load_base (Loading *loading, const char *name, Place place)
{
  g_autoptr (GError) error = NULL;
  if (g_str_has_suffix (name, ENDING)) {
    problems_add (loading->problems, place,
                  "\"like\" is \"%s\"; write the name without " ENDING, name);
    return NULL;
  }
  if (is_being_read (loading, name)) {
    problems_add (loading->problems, place,
                  "\"like\" comes back to %s, which is like this one; say there or here "
                  "what is meant",
                  name);
    return NULL;
  }
  if (loading->names->len > SCENARIO_LIKE_MAX) {
    problems_add (
        loading->problems, place,
        "more than %d scenarios are like one another; let this one be like what "
        "%s is like",
        SCENARIO_LIKE_MAX, name);
    return NULL;
  }
  g_autoptr (GBytes) bytes = loading->read (name, loading->data, &error);
  if (!bytes) {
    problems_add (loading->problems, place, "the scenario \"%s\" cannot be read: %s",
                  name, error->message);
    return NULL;
  }
  g_autofree char *file = g_strconcat (name, ENDING, NULL);
  Scenario *base = load (loading, file, bytes);
  if (!base)
    problems_add (loading->problems, place,
                  "the scenario \"%s\" cannot be used; its own problems say why", name);
  return base;
}

static void
take_text (char **to, char **from)
{
  if (!*to)
    *to = g_steal_pointer (from);
}

/* Everything that the file does not say. */
static void
take_over (Scenario *scenario, Scenario *base)
{
  take_text (&scenario->about, &base->about);
  take_text (&scenario->runbook, &base->runbook);
  take_text (&scenario->elsewhere, &base->elsewhere);
  if (!scenario->careful)
    scenario->careful = g_steal_pointer (&base->careful);
  g_ptr_array_unref (scenario->services);
  g_ptr_array_unref (scenario->queues);
  scenario->services = g_steal_pointer (&base->services);
  scenario->queues = g_steal_pointer (&base->queues);
}

/* ---- the whole -------------------------------------------------------------- */

static void
check_redis (const Scenario *scenario, Problems *problems)
{
  const ScenarioService *redis = scenario_redis (scenario);
  const ScenarioQueue *queue =
      scenario->queues->len > 0 ? g_ptr_array_index (scenario->queues, 0) : NULL;
  if (queue && !redis)
    problems_add (problems, queue->place,
                  "the queue %s has no Redis that holds it; give a service role: redis",
                  queue->name);
  for (guint i = 0; i < scenario->services->len; i++) {
    const ScenarioService *service = g_ptr_array_index (scenario->services, i);
    if (service->role == SCENARIO_REDIS && service != redis)
      problems_add (
          problems, service->place,
          "%s is a second Redis beside %s, and a scenario has one at most; give "
          "one of them another role",
          service->name, redis->name);
  }
}

static gint64
threads_of (const ScenarioService *service)
{
  gint64 instances =
      service->running == FIELD_UNSET ? service->replicas : service->running;
  return service->role == SCENARIO_WORKERS ? instances * service->threads : 0;
}

static void
check_in_work (const Scenario *scenario, Problems *problems)
{
  gint64 threads = 0, jobs = 0;
  for (guint i = 0; i < scenario->services->len; i++)
    threads += threads_of (g_ptr_array_index (scenario->services, i));
  for (guint i = 0; i < scenario->queues->len; i++) {
    const ScenarioQueue *queue = g_ptr_array_index (scenario->queues, i);
    gboolean fits = jobs <= threads;
    jobs += queue->in_work;
    if (fits && jobs > threads)
      problems_add (problems, queue->place,
                    "%" G_GINT64_FORMAT
                    " jobs are in work up to %s, and the workers that "
                    "run have %" G_GINT64_FORMAT " threads; write less in-work, or more "
                    "threads or replicas",
                    jobs, queue->name, threads);
  }
}

static void
check_hangs (const Scenario *scenario, Problems *problems)
{
  for (guint i = 0; i < scenario->services->len; i++) {
    const ScenarioService *service = g_ptr_array_index (scenario->services, i);
    if (service->recovers_us != FIELD_UNSET && !service->hangs)
      problems_add (problems, service->place,
                    "%s does not hang, so it recovers from nothing; add hangs: true, or "
                    "remove recovers-in",
                    service->name);
  }
}

/* What could not be read has its problems already. */
static void
check_whole (const ScenarioReading *reading, Problems *problems)
{
  const Scenario *scenario = reading->scenario;
  const TreeNode *root = reading->root, *services = tree_get (root, "services");
  gboolean tried = services && (!services->values || services->values->len > 0);
  if (scenario->services->len == 0 && !tried)
    problems_add (
        problems, root->place,
        "there is no service; add services: {NAME: {…}}, or like: with the name "
        "of a scenario that has some");
  if (!scenario->runbook && !tree_get (root, "runbook"))
    problems_add (problems, root->place,
                  "it is not said what is practised; add runbook: with the name of one");
  check_redis (scenario, problems);
  check_in_work (scenario, problems);
  check_hangs (scenario, problems);
}

static void
special (Reader *reader, const Field *field, const TreeNode *node, void *settings)
{
  /* Services come before what names them, whatever their order in the file: see load(). */
  (void)reader, (void)field, (void)node, (void)settings;
}

static char *
name_of (const char *file)
{
  char *name = g_path_get_basename (file);
  if (g_str_has_suffix (name, ENDING))
    name[strlen (name) - strlen (ENDING)] = '\0';
  return name;
}

static Scenario *
scenario_new (const char *file)
{
  ScenarioFile *read = g_new0 (ScenarioFile, 1);
  Scenario *scenario = &read->scenario;
  scenario->file = g_strdup (file);
  scenario->name = name_of (file);
  scenario->services = g_ptr_array_new_with_free_func (scenario_service_free);
  scenario->queues = g_ptr_array_new_with_free_func (scenario_queue_free);
  scenario->events = g_ptr_array_new_with_free_func (scenario_event_free);
  return scenario;
}

/* Takes over what the file's scenario is like. */
static void
like_read (Loading *loading, ScenarioReading *reading)
{
  const TreeNode *like = tree_get (reading->root, "like");
  ScenarioFile *file = (ScenarioFile *)reading->scenario;
  g_autoptr (Scenario) base =
      file->like ? load_base (loading, file->like, like->place) : NULL;
  file->lost = like && (!base || ((ScenarioFile *)base)->lost);
  reading->lost = file->lost;
  if (base)
    take_over (reading->scenario, base);
}

/* NULL with problems. */
static Scenario *
load (Loading *loading, const char *file, GBytes *bytes)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autoptr (TreeDocument) document =
      tree_read (file, data ? data : "", length, loading->problems);
  const Place whole = { g_intern_string (file), 0, 0 };
  if (!document || !reader_check_format (loading->problems, tree_root (document), whole,
                                         &scenario_format))
    return NULL;
  ScenarioReading reading = {
    .reader = { .problems = loading->problems, .special = special },
    .scenario = scenario_new (file),
    .root = tree_root (document),
  };
  reader_read (&reading.reader, "the scenario", scenario_fields, reading.root,
               reading.scenario);
  g_ptr_array_add (loading->names, reading.scenario->name);
  like_read (loading, &reading);
  scenario_read_services (&reading);
  scenario_read_queues (&reading);
  scenario_read_events (&reading);
  if (loading->names->len == 1 && !reading.lost)
    check_whole (&reading, loading->problems);
  g_ptr_array_set_size (loading->names, (int)loading->names->len - 1);
  return reading.scenario;
}

Scenario *
scenario_load (const char *file, GBytes *bytes, ScenarioRead read, void *data,
               Problems *problems)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  Loading loading = { .read = read, .data = data, .problems = problems, .names = names };
  g_autoptr (Scenario) scenario = load (&loading, file, bytes);
  gboolean usable =
      scenario && scenario->title && scenario->runbook && scenario->services->len > 0;
  return usable ? g_steal_pointer (&scenario) : NULL;
}
