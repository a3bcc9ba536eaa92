#include "tests/unit/kinds.h"

#define BODY                                                                             \
  "{'identity':{'engine':'E'},'clock_us':100000000,'tool':'docker compose','services':{" \
  "'app':{'grace_s':10,'instances':["                                                    \
  "{'id':'1','name':'app_1','state':'running','running':true,'settled':true,"            \
  "'restarts':2,'since_us':50000000,'image':'b'},"                                       \
  "{'id':'2','name':'app_2','state':'running','running':true,'settled':false,"           \
  "'health':'starting','since_us':50000000,'image':'a','reason':'waits\\u001b'},"        \
  "{'id':'3','name':'app_3','state':'running','running':true,'settled':true,"            \
  "'health':'healthy','since_us':95000000,'image':'a'},"                                 \
  "{'id':'4','name':'app_4','state':'exited','running':false,'settled':true,"            \
  "'since_us':1,'image':'old','reason':'gone'}]},"                                       \
  "'db':{'single':'one only','instances':["                                              \
  "{'id':'5','state':'exited','running':false,'settled':true,'image':'c'}]}}}"

static void
test_counts (void)
{
  json_t *body = json_of (BODY);
  g_autofree char *reason = deployment_reason (body, "app");
  g_autofree char *images = deployment_images (body, "app");
  g_autofree char *stopped = deployment_images (body, "db");
  g_autofree char *none = deployment_images (body, "nobody");
  g_assert_cmpuint (deployment_instances (body, "app"), ==, 4);
  g_assert_cmpuint (deployment_running (body, "app"), ==, 3);
  g_assert_cmpuint (deployment_running (body, "db"), ==, 0);
  g_assert_cmpuint (deployment_running (body, "nobody"), ==, 0);
  g_assert_false (deployment_settled (body, "app"));
  g_assert_true (deployment_settled (body, "db"));
  g_assert_true (deployment_settled (body, "nobody"));
  g_assert_true (g_str_has_prefix (reason, "app_2 waits"));
  g_assert_null (strchr (reason, '\033'));
  g_assert_cmpstr (images, ==, "a b");
  g_assert_cmpstr (stopped, ==, "c");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpint (deployment_grace_s (body, "app"), ==, 10);
  g_assert_cmpint (deployment_grace_s (body, "db"), ==, -1);
  g_assert_cmpstr (deployment_single (body, "db"), ==, "one only");
  g_assert_null (deployment_single (body, "app"));
  g_assert_cmpstr (deployment_identity (body, "engine"), ==, "E");
  g_assert_null (deployment_identity (body, "project"));
  g_assert_cmpstr (deployment_tool (body), ==, "docker compose");
  json_decref (body);
}

/* Zero of everything that is known is not nothing: only the platform can tell. */
static void
test_empty (void)
{
  json_auto_t *body = json_of (BODY);
  json_auto_t *others = json_of ("{'services':{}}");
  json_auto_t *empty = json_of ("{'services':{},'empty':'nothing of shop'}");
  g_assert_null (deployment_empty (body));
  g_assert_null (deployment_empty (others));
  g_assert_null (deployment_empty (others));
  g_assert_nonnull (deployment_empty (empty));
  g_assert_cmpstr (deployment_empty (empty), ==, "nothing of shop");
}

static void
test_ready (void)
{
  json_t *body = json_of (BODY);
  json_t *before =
      json_of ("{'services':{'app':{'instances':[{'id':'1','restarts':1}]}}}");
  g_assert_cmpuint (deployment_ready (body, "app", NULL, 0), ==, 2);
  g_assert_cmpuint (deployment_ready (body, "app", NULL, 5 * SECOND), ==, 2);
  g_assert_cmpuint (deployment_ready (body, "app", NULL, 5 * SECOND + 1), ==, 1);
  g_assert_cmpuint (deployment_ready (body, "app", before, 0), ==, 1);
  g_assert_cmpuint (deployment_ready (body, "app", body, 0), ==, 2);
  json_decref (before);
  json_decref (body);
}

static void
test_hostnames (void)
{
  json_auto_t *body = json_of (
      "{'services':{'app':{'instances':["
      "{'id':'0123456789abcdef','hostname':'worker-0','running':true},"
      "{'id':'fedcba9876543210','running':true},{'id':'77','running':false},{}]}}}");
  g_auto (GStrv) all = deployment_hostnames (body, "app");
  g_auto (GStrv) none = deployment_hostnames (body, "nobody");
  g_autofree char *all_text = g_strjoinv (" ", all);
  g_assert_cmpstr (all_text, ==, "worker-0 fedcba987654 77 ");
  g_assert_null (none[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deployment/counts", test_counts);
  g_test_add_func ("/deployment/empty", test_empty);
  g_test_add_func ("/deployment/ready", test_ready);
  g_test_add_func ("/deployment/hostnames", test_hostnames);
  return g_test_run ();
}
