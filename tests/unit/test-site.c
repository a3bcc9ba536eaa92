#include "tests/unit/fake_kinds.h"

#define HEAD "handrail-site: 1\nname: prod\n"
#define PLATFORM "platform:\n  compose: { project: tines, password: hush-hush }\n"

static Site *
load (const char *text, Problems *problems)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return site_load ("prod.yaml", bytes, &fake_vocabulary, NULL, problems);
}

static Site *
load_good (const char *text)
{
  g_autoptr (Problems) problems = problems_new ();
  Site *site = load (text, problems);
  g_autofree char *found = problems_format (problems);
  g_assert_cmpstr (found, ==, "");
  return site;
}

static void
test_site (void)
{
  g_autoptr (Site) site = load_good (
      HEAD PLATFORM "identity: { engine: E }\nservices:\n  nginx: { deployment: web }\n"
                    "  app:\n  redis: { managed: Elsewhere, replicas: 2 }\n"
                    "redis: { url: \"redis://u:geheim@h:1/1\" }\n");
  g_assert_cmpstr (site->name, ==, "prod");
  g_assert_true (site->production);
  g_assert_cmpstr (site_platform (site), ==, "compose");
  g_assert_cmpstr (((FakeCompose *)site->platform->settings)->project, ==, "tines");
  g_assert_cmpstr (g_hash_table_lookup (site->identity, "engine"), ==, "E");
  g_assert_cmpuint (site->identity_place.line, ==, 5);
  g_assert_cmpuint (site->services->len, ==, 3);
  g_assert_cmpstr (site_service (site, "nginx")->service, ==, "web");
  g_assert_cmpstr (site_service (site, "app")->service, ==, "app");
  g_assert_true (site_service (site, "app")->replicas == FIELD_UNSET);
  g_assert_cmpint (site_service (site, "redis")->replicas, ==, 2);
  g_assert_null (site_service (site, "gone"));
  g_assert_cmpuint (strlen (site->digest), ==, 64);
  g_autoptr (Mask) mask = mask_new ();
  site_mask (site, mask);
  g_autofree char *text = mask_apply (mask, "geheim and hush-hush", -1);
  g_assert_cmpstr (text, ==, "*** and ***");
}

/* URLs hold secrets wherever they stand in a site. */
static void
test_mask (void)
{
  g_autoptr (Site) site = load_good (
      HEAD PLATFORM "services:\n  app: { health: \"https://u:inhealth@h/\" }\n"
                    "postgres: { host: db, user: nobody }\n"
                    "config: { apply: [ helm, --set, \"url=redis://:inapply@h\" ] }\n"
                    "# was redis://:incomment@h\n");
  static const char *const rows[][2] = {
    { "inhealth", "***" },      { "inapply", "***" }, { "a incomment b", "a *** b" },
    { "hush-hush", "***" },     { "tines", "tines" }, { "nobody", "nobody" },
    { "hush-hus", "hush-hus" },
  };
  g_autoptr (Mask) mask = mask_new ();
  site_mask (site, mask);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = mask_apply (mask, rows[i][0], -1);
    g_assert_cmpstr (text, ==, rows[i][1]);
  }
}

/* before, after ("" : refused); the new identity is engine: E2, project: p"q. */
static const char *const pins[][2] = {
  { HEAD PLATFORM "\n# mine\nservices: { a: {} }\n",
    HEAD PLATFORM "identity:\n  engine: \"E2\"\n  project: \"p\\\"q\"\n"
                  "\n# mine\nservices: { a: {} }\n" },
  { HEAD "identity: { engine: E } # proof\nservices: { a: {} } # s\n" PLATFORM, HEAD
    "identity: # proof\n  engine: \"E2\"\n  project: \"p\\\"q\"\nservices: { a: {} } # "
    "s\n" PLATFORM },
  { HEAD
    "identity:   # proof\n  # kept\n  engine: E\n  database: x\n\n# s\nservices: { a: "
    "{} }\n" PLATFORM,
    HEAD "identity: # proof\n  # kept\n  engine: \"E2\"\n  project: \"p\\\"q\"\n\n# "
         "s\nservices: { a: {} }\n" PLATFORM },
  { HEAD PLATFORM "services: { a: {} }\nidentity:", HEAD PLATFORM
    "services: { a: {} }\nidentity:\n  engine: \"E2\"\n  project: \"p\\\"q\"\n" },
  { "handrail-site: 1\r\nname: p\r\nplatform: { compose: { project: x } } # "
    "c\r\nservices: { "
    "a: {} }\r\n",
    "handrail-site: 1\r\nname: p\r\nplatform: { compose: { project: x } } # "
    "c\r\nidentity:\r\n  engine: \"E2\"\r\n  project: \"p\\\"q\"\r\nservices: { a: {} "
    "}\r\n" },
  { "{ handrail-site: 1, name: p, platform: { compose: { project: x } }, services: { a: "
    "{} } "
    "}\n",
    "" },
  { HEAD PLATFORM "services: { a: {} }\nidentity: { engine: E,\n   project: b }\n",
    HEAD PLATFORM
    "services: { a: {} }\nidentity:\n  engine: \"E2\"\n  project: \"p\\\"q\"\n" },
  { HEAD PLATFORM "services: { a: {} }\nidentity: &i\n  engine: E\n", HEAD PLATFORM
    "services: { a: {} }\nidentity:\n  engine: \"E2\"\n  project: \"p\\\"q\"\n" },
};

static void
test_pin (void)
{
  g_autoptr (GHashTable) identity = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (identity, (gpointer) "project", (gpointer) "p\"q");
  g_hash_table_insert (identity, (gpointer) "engine", (gpointer) "E2");
  for (guint i = 0; i < G_N_ELEMENTS (pins); i++) {
    g_autoptr (Site) site = load_good (pins[i][0]);
    g_autofree char *pinned = site_pin (site, identity);
    g_assert_cmpstr (pinned ? pinned : "", ==, pins[i][1]);
    if (!pinned)
      continue;
    g_autoptr (Site) again = load_good (pinned);
    g_autofree char *twice = site_pin (again, identity);
    g_assert_cmpstr (twice, ==, pinned);
    g_assert_cmpuint (g_hash_table_size (again->identity), ==, 2);
  }
}

/* What a simulated deployment says of itself: it is no real site, and is not to be pinned. */
static void
test_practice (void)
{
  g_autoptr (Site) real = load_good (HEAD PLATFORM "services: { a: {} }\n");
  g_autoptr (Site) played =
      load_good (HEAD PLATFORM "practice: true\nservices: { a: {} }\n");
  g_assert_false (real->practice);
  g_assert_null (site_practice_problem (real));
  g_assert_true (played->practice);
  g_autofree char *problem = site_practice_problem (played);
  g_assert_nonnull (
      strstr (problem, "prod.yaml is the simulated deployment of a practice"));
  g_assert_nonnull (strstr (problem, "`handrail practice`"));
  g_autofree char *pins_it = site_wrong_target_remedy (real);
  g_autofree char *stops = site_wrong_target_remedy (played);
  g_assert_nonnull (strstr (pins_it, "handrail doctor --site prod --pin"));
  g_assert_null (strstr (stops, "--pin"));
  g_assert_true (g_str_has_prefix (stops, "stop here"));
}

static void
test_unusable (void)
{
  static const char *const texts[] = { "", "a: [", "- x", "handrail-site: 1\n",
                                       "handrail-site: 9\nname: x\n" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (Problems) problems = problems_new ();
    g_assert_null (load (texts[i], problems));
    g_assert_cmpuint (problems_count (problems), >, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/site/site", test_site);
  g_test_add_func ("/site/mask", test_mask);
  g_test_add_func ("/site/pin", test_pin);
  g_test_add_func ("/site/practice", test_practice);
  g_test_add_func ("/site/unusable", test_unusable);
  return g_test_run ();
}
