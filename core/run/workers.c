#include "core/run/workers.h"

#include <string.h>

#include "core/base/text.h"
#include "core/run/deployment.h"

void
workers_clear (Workers *workers)
{
  g_clear_pointer (&workers->silent, g_free);
  g_clear_pointer (&workers->foreign, g_free);
  g_clear_pointer (&workers->names, g_ptr_array_unref);
  g_clear_pointer (&workers->loud, g_ptr_array_unref);
}

static gboolean
is_loud (const json_t *process)
{
  return !json_is_true (json_object_get (process, "quiet"));
}

guint
workers_count (const json_t *processes, guint *loud)
{
  size_t index;
  json_t *process;
  *loud = 0;
  json_array_foreach (processes, index, process)
  {
    if (is_loud (process))
      *loud += 1;
  }
  return (guint)json_array_size (processes);
}

/* ---- hosts ----------------------------------------------------------------- */

static void
add_hosts (GHashTable *hosts, const json_t *deployment, const char *service)
{
  g_auto (GStrv) names = deployment_hostnames (deployment, service);
  for (guint i = 0; names[i]; i++)
    if (*names[i])
      g_hash_table_add (hosts, g_strdup (names[i]));
}

/* Another service of the same site may work on the same queues. */
static GHashTable *
hosts_of_site (const Site *site, const json_t *deployment)
{
  GHashTable *hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = site->services->pdata[i];
    add_hosts (hosts, deployment, service->name);
  }
  return hosts;
}

static GHashTable *
hosts_of_service (const json_t *deployment, const char *service)
{
  GHashTable *hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_hosts (hosts, deployment, service);
  return hosts;
}

/* ---- who is there ---------------------------------------------------------- */

static char *
host_of (const json_t *process)
{
  const char *host = json_string_value (json_object_get (process, "hostname"));
  const char *name = json_string_value (json_object_get (process, "name"));
  if (host || !name)
    return g_strdup (host ? host : "");
  return g_strndup (name, strcspn (name, ":"));
}

static void
take_process (Workers *workers, const json_t *process, GHashTable *service,
              GHashTable *site, GHashTable *heard)
{
  const char *name = json_string_value (json_object_get (process, "name"));
  g_autofree char *host = host_of (process);
  if (!name)
    return;
  if (g_hash_table_contains (service, host)) {
    g_ptr_array_add (workers->names, (char *)name);
    if (is_loud (process))
      g_ptr_array_add (workers->loud, (char *)name);
  } else if (!workers->foreign && !g_hash_table_contains (site, host)) {
    workers->foreign = text_printable (host, -1);
  }
  g_hash_table_add (heard, g_steal_pointer (&host));
}

static void
take_instance (Workers *workers, const json_t *instance, GHashTable *heard,
               gint64 started_before_us)
{
  const char *name = json_string_value (json_object_get (instance, "name"));
  g_autofree char *host = deployment_hostname (instance);
  if (!json_is_true (json_object_get (instance, "running")))
    return;
  workers->running++;
  if (g_hash_table_contains (heard, host)) {
    workers->reporting++;
    return;
  }
  const char *state = json_string_value (json_object_get (instance, "state"));
  gint64 since_us = json_integer_value (json_object_get (instance, "since_us"));
  workers->overdue |= g_strcmp0 (state, "running") == 0 && since_us < started_before_us;
  if (!workers->silent)
    workers->silent = text_printable (name ? name : workers->service, -1);
}

static WorkersStore
store_of (const json_t *body)
{
  const json_t *queues = json_object_get (body, "queues");
  const json_t *keys = json_object_get (body, "keys");
  size_t index;
  json_t *queue;
  json_array_foreach (queues, index, queue)
  {
    if (json_number_value (json_object_get (queue, "size")) > 0)
      return WORKERS_JOBS;
  }
  if (json_array_size (queues) > 0)
    return WORKERS_QUEUES;
  if (!queues && !keys)
    return WORKERS_UNKNOWN;
  return json_number_value (keys) > 0 ? WORKERS_KEYS : WORKERS_NOTHING;
}

static int
compare_names (const void *left, const void *right)
{
  return strcmp (*(char *const *)left, *(char *const *)right);
}

void
workers_find (Workers *workers, const Site *site, const json_t *deployment,
              const char *service, const json_t *body)
{
  g_autoptr (GHashTable) of_site = hosts_of_site (site, deployment);
  g_autoptr (GHashTable) of_service = hosts_of_service (deployment, service);
  g_autoptr (GHashTable) heard =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const json_t *seen = deployment_service (deployment, service);
  gint64 clock_us = json_integer_value (json_object_get (deployment, "clock_us"));
  size_t index;
  json_t *one;
  *workers = (Workers){ .service = service,
                        .store = store_of (body),
                        .names = g_ptr_array_new (),
                        .loud = g_ptr_array_new () };
  json_array_foreach (json_object_get (body, "processes"), index, one)
  {
    take_process (workers, one, of_service, of_site, heard);
  }
  json_array_foreach (json_object_get (seen, "instances"), index, one)
  {
    take_instance (workers, one, heard, clock_us - WORKERS_START_US);
  }
  g_ptr_array_sort (workers->names, compare_names);
  g_ptr_array_sort (workers->loud, compare_names);
}

/* ---- what that means ------------------------------------------------------- */

gboolean
workers_are_silent (const Workers *workers)
{
  return workers->running > 0 && workers->reporting == 0;
}

/* Both explanations, the likelier one first, and what tells them apart. */
static char *
silent_problem (const Workers *workers, const char *address, const char *section)
{
  static const char *const here[] = {
    [WORKERS_JOBS] = "jobs wait here, and ",
    [WORKERS_QUEUES] = "its queues are known here, and ",
    [WORKERS_KEYS] = "this one is not empty, and ",
    [WORKERS_NOTHING] = "this one is empty, and ",
    [WORKERS_UNKNOWN] = "",
  };
  g_autofree char *correct = g_strdup_printf ("correct %s.url in the site file", section);
  const struct {
    const char *what, *shows, *remedy;
  } rows[] = {
    { "its workers hang", "its log stands still or shows errors",
      "restart it, or add workers" },
    { "it works with another Redis", "its log shows jobs being done", correct },
  };
  guint most = workers->store == WORKERS_NOTHING, less = 1 - most;
  return g_strdup_printf ("%s runs, but no worker of it reports to the Redis at %s. Most "
                          "likely %s: %s%s; %s. "
                          "If %s instead, %s: %s",
                          workers->service, address, rows[most].what,
                          here[workers->store], rows[most].shows, rows[most].remedy,
                          rows[less].shows, rows[less].what, rows[less].remedy);
}

char *
workers_problem (const Workers *workers, const Site *site, const char *section)
{
  g_autofree char *address = site_redis_address (site, section);
  if (workers->foreign)
    return g_strdup_printf ("a worker on %s reports to the Redis at %s and is no "
                            "instance of this site, so it "
                            "is another deployment's, or shared with one; correct %s.url "
                            "in the site file, or "
                            "stop that worker if it is a leftover",
                            workers->foreign, address, section);
  if (!workers_are_silent (workers))
    return NULL;
  if (!workers->overdue)
    return g_strdup_printf ("no worker of %s reports to the Redis at %s yet",
                            workers->service, address);
  return silent_problem (workers, address, section);
}
