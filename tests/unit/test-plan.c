#include "tests/unit/kinds.h"

static const char *const names[] = { "engine", "project", NULL };
static const PlatformKind platform = { .spec = { .name = "bench" },
                                       .identity_names = names };

static Plan *
plan_of (const char *const *argv, const char *directory)
{
  Plan *plan = plan_new ();
  plan_add_command (plan, argv, directory);
  json_object_set_new (plan->prior, "app", json_integer (2));
  return plan;
}

/* Every part that is confirmed changes the digest; words about it do not. */
static void
test_digest (void)
{
  static const char *const one[] = { "stop", "app", NULL };
  static const char *const joined[] = { "stopapp", NULL };
  Site *site = make_site (&platform, NULL);
  g_autoptr (Plan) plan = plan_of (one, NULL);
  g_autofree char *digest = plan_digest (plan, site);
  g_autoptr (Plan) same = plan_of (one, NULL);
  same->change = g_strdup ("words");
  g_autofree char *same_digest = plan_digest (same, site);
  g_autoptr (Plan) argv = plan_of (joined, NULL);
  g_autofree char *argv_digest = plan_digest (argv, site);
  g_autoptr (Plan) directory = plan_of (one, "/srv");
  g_autofree char *directory_digest = plan_digest (directory, site);
  json_object_set_new (same->prior, "app", json_integer (1));
  g_autofree char *prior_digest = plan_digest (same, site);
  g_hash_table_insert (site->identity, (void *)"engine", (void *)"E");
  g_autofree char *target_digest = plan_digest (plan, site);
  g_assert_cmpuint (strlen (digest), ==, 64);
  g_assert_cmpstr (digest, ==, same_digest);
  g_assert_cmpstr (digest, !=, argv_digest);
  g_assert_cmpstr (digest, !=, directory_digest);
  g_assert_cmpstr (digest, !=, prior_digest);
  g_assert_cmpstr (digest, !=, target_digest);
  free_site (site);
}

static void
assert_identity (Site *site, const json_t *seen, const char *part)
{
  g_autofree char *problem = platform_identity_problem (site, &platform, seen);
  if (!part)
    g_assert_cmpstr (problem, ==, NULL);
  else
    g_assert_nonnull (strstr (problem ? problem : "", part));
}

static void
test_identity (void)
{
  Site *site = make_site (&platform, NULL);
  json_t *seen = json_of ("{'identity':{'engine':'E','project':'tines'}}");
  assert_identity (site, NULL, "has not been looked at");
  assert_identity (site, seen, "--pin");
  site->production = FALSE;
  assert_identity (site, seen, NULL);
  g_hash_table_insert (site->identity, (void *)"database", (void *)"another's");
  g_hash_table_insert (site->identity, (void *)"engine", (void *)"F");
  assert_identity (site, seen, "engine is E, the site file says F");
  g_hash_table_insert (site->identity, (void *)"engine", (void *)"E");
  site->production = TRUE;
  assert_identity (site, seen, NULL);
  g_hash_table_insert (site->identity, (void *)"project", (void *)"other");
  assert_identity (site, seen, "project is tines");
  g_hash_table_remove (site->identity, "engine");
  g_hash_table_insert (site->identity, (void *)"project", (void *)"tines");
  assert_identity (site, seen, "which engine");
  json_decref (seen);
  free_site (site);
}

static void
test_verdicts (void)
{
  for (Verdict verdict = VERDICT_UNKNOWN; verdict <= VERDICT_NOT_OURS; verdict++) {
    Verdict again = VERDICT_UNKNOWN;
    g_assert_true (verdict_from_name (verdict_name (verdict), &again));
    g_assert_cmpint (verdict, ==, again);
    g_assert_cmpint (verdict_passes (verdict), ==,
                     verdict == VERDICT_HOLDS || verdict == VERDICT_NOT_OURS);
  }
  Verdict untouched = VERDICT_NEVER;
  g_assert_false (verdict_from_name ("green", &untouched));
  g_assert_cmpint (untouched, ==, VERDICT_NEVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plan/digest", test_digest);
  g_test_add_func ("/plan/identity", test_identity);
  g_test_add_func ("/plan/verdicts", test_verdicts);
  return g_test_run ();
}
