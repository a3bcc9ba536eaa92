/* Who reports to a Redis: whose workers they are, and what speaks against it. */
#include "core/run/workers.h"
#include "tests/unit/fake_kinds.h"
#include "tests/unit/kinds.h"

#define SITE                                                                         \
  "handrail-site: 1\nname: lab\nplatform: { compose: { project: p } }\nservices: { " \
  "work: {}, batch: {} }\nredis: { url: \"redis://u:geheim@r.internal/1\" }\n"

/* Seen at 1000 s, where one that started at 940 has had its minute. */
#define INSTANCE(host, running, since)              \
  "{'id':'0','name':'p_" host "','hostname':'" host \
  "','state':'running','running':" running ",'since_us':" since "}"
#define UP(host) INSTANCE (host, "true", "1")
#define YOUNG(host) INSTANCE (host, "true", "940000000")
#define OLDER(host) INSTANCE (host, "true", "939999999")
#define DOWN(host) INSTANCE (host, "false", "1")
#define LOUD(host) "{'name':'" host ":1:x','hostname':'" host "','quiet':false}"
#define QUIET(host) "{'name':'" host ":1:x','hostname':'" host "','quiet':true}"

#define FOREIGN \
  " reports to the Redis at r.internal:6379/1 and is no instance of this site, so it "
#define NOT_YET "no worker of work reports to the Redis at r.internal:6379/1 yet"
#define OVERDUE                                                                     \
  "work runs, but no worker of it reports to the Redis at r.internal:6379/1. Most " \
  "likely "

static const struct {
  const char *instances, *processes;
  const char *names; /* of the service's workers; the loud ones after "!" */
  guint running, reporting;
  const char *silent;
  const char *problem; /* how it begins; NULL: there is none */
} rows[] = {
  { "", "", "!", 0, 0, NULL, NULL },
  { UP ("a"), LOUD ("a"), "a:1:x!a:1:x", 1, 1, NULL, NULL },
  { UP ("b") "," UP ("a"), LOUD ("b") "," QUIET ("a"), "a:1:x b:1:x!b:1:x", 2, 2, NULL,
    NULL },
  { UP ("a"), "{'name':'a:1:x'}", "a:1:x!a:1:x", 1, 1, NULL, NULL },
  { UP ("a"), LOUD ("a") ",{'hostname':'b'},7", "a:1:x!a:1:x", 1, 1, NULL, NULL },
  { "{'id':'0123456789abcdef','running':true}", LOUD ("0123456789ab"),
    "0123456789ab:1:x!0123456789ab:1:x", 1, 1, NULL, NULL },
  { UP ("a") "," YOUNG ("b") "," UP ("c"), LOUD ("a"), "a:1:x!a:1:x", 3, 1, "p_b", NULL },

  /* Another service's, running or not, is no stranger and proves nothing. */
  { UP ("a"), LOUD ("z") "," LOUD ("a"), "a:1:x!a:1:x", 1, 1, NULL, NULL },
  { DOWN ("a"), LOUD ("z"), "!", 0, 0, NULL, NULL },
  { UP ("a"), LOUD ("z"), "!", 1, 0, "p_a", OVERDUE },

  { UP ("a"), LOUD ("a") "," LOUD ("x\\u001b") "," LOUD ("y"), "a:1:x!a:1:x", 1, 1, NULL,
    "a worker on x\\x1B" FOREIGN },
  { "", QUIET ("x"), "!", 0, 0, NULL, "a worker on x" FOREIGN },
  { "{'id':'','running':true}", "{'name':':1:x'}", "!", 1, 1, NULL,
    "a worker on " FOREIGN },

  { DOWN ("a"), "", "!", 0, 0, NULL, NULL },
  { DOWN ("a"), LOUD ("a"), "a:1:x!a:1:x", 0, 0, NULL, NULL },
  { YOUNG ("a"), "", "!", 1, 0, "p_a", NOT_YET },
  { YOUNG ("a") "," OLDER ("b"), "", "!", 2, 0, "p_a", OVERDUE },
  { "{'name':'p','id':'1','state':'restarting','running':true,'since_us':1}", "", "!", 1,
    0, "p", NOT_YET },
  { DOWN ("a") "," YOUNG ("b"), LOUD ("a"), "a:1:x!a:1:x", 1, 0, "p_b", NOT_YET },
};

static void
add_names (GString *text, const GPtrArray *names)
{
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            (const char *)names->pdata[i]);
}

static void
test_rows (void)
{
  g_autoptr (Site) site = site_of (SITE, &fake_vocabulary);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *seen = g_strdup_printf (
        "{'clock_us':1000000000,'services':{'work':{'instances':[%s]},'batch':{"
        "'instances':[" DOWN ("z") "]}}}",
        rows[i].instances);
    g_autofree char *list = g_strdup_printf ("{'processes':[%s]}", rows[i].processes);
    json_auto_t *deployment = json_of (seen);
    json_auto_t *body = json_of (list);
    g_auto (Workers) workers = { 0 };
    g_autoptr (GString) names = g_string_new (NULL);
    workers_find (&workers, site, deployment, "work", body);
    g_autofree char *problem = workers_problem (&workers, site, "redis");
    add_names (names, workers.names);
    g_string_append_c (names, '!');
    add_names (names, workers.loud);
    g_test_message ("%s reports to %s", rows[i].processes, rows[i].instances);
    g_assert_cmpstr (names->str, ==, rows[i].names);
    g_assert_cmpuint (workers.running, ==, rows[i].running);
    g_assert_cmpuint (workers.reporting, ==, rows[i].reporting);
    g_assert_cmpstr (workers.silent, ==, rows[i].silent);
    if (rows[i].problem ? !problem || !g_str_has_prefix (problem, rows[i].problem)
                        : problem != NULL)
      g_error ("wanted \"%s\", got \"%s\"", rows[i].problem, problem);
  }
}

/* The likelier explanation goes first, by what is in the Redis. */
static void
test_silent (void)
{
  static const struct {
    const char *body, *most, *less;
  } bodies[] = {
    { "{'queues':[{'name':'a','size':0},{'name':'b','size':2}]}",
      "its workers hang: jobs wait here, and its log stands still",
      "works with another Redis: correct redis.url" },
    { "{'queues':[{'name':'a','size':0}]}",
      "its workers hang: its queues are known here, and its log",
      "correct redis.url in the site file" },
    { "{'keys':3}", "its workers hang: this one is not empty, and its log",
      "correct redis.url in the site file" },
    { "{}", "its workers hang: its log stands still", "correct redis.url" },
    { "{'queues':[]}",
      "it works with another Redis: this one is empty, and its log shows jobs being "
      "done; "
      "correct redis.url in the site file. If its log stands still",
      "its workers hang: restart it, or add workers" },
    { "{'keys':0}", "it works with another Redis: this one is empty", "restart it" },
  };
  g_autoptr (Site) site = site_of (SITE, &fake_vocabulary);
  json_auto_t *deployment = json_of (
      "{'clock_us':1000000000,'services':{'work':{'instances':[" UP ("a") "]}}}");
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    json_auto_t *body = json_of (bodies[i].body);
    g_auto (Workers) workers = { 0 };
    workers_find (&workers, site, deployment, "work", body);
    g_autofree char *problem = workers_problem (&workers, site, "redis");
    g_autofree char *most = g_strconcat (". Most likely ", bodies[i].most, NULL);
    const char *less = strstr (problem, ". If ");
    if (!strstr (problem, most) || !less || !strstr (less, bodies[i].less))
      g_error ("wanted \"%s\" and then \"%s\", got \"%s\"", most, bodies[i].less,
               problem);
  }
}

static void
test_count (void)
{
  json_auto_t *processes = json_of ("[" LOUD ("a") "," QUIET ("b") ",{}]");
  guint loud = 7;
  g_assert_cmpuint (workers_count (processes, &loud), ==, 3);
  g_assert_cmpuint (loud, ==, 2);
  g_assert_cmpuint (workers_count (NULL, &loud), ==, 0);
  g_assert_cmpuint (loud, ==, 0);
}

static void
test_address (void)
{
  g_autoptr (Site) site = site_of (SITE, &fake_vocabulary);
  g_autofree char *address = site_redis_address (site, "redis");
  g_autofree char *none = site_redis_address (site, "redis-new");
  g_assert_cmpstr (address, ==, "r.internal:6379/1");
  g_assert_cmpstr (none, ==, "redis-new");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workers/rows", test_rows);
  g_test_add_func ("/workers/silent", test_silent);
  g_test_add_func ("/workers/count", test_count);
  g_test_add_func ("/workers/address", test_address);
  return g_test_run ();
}
