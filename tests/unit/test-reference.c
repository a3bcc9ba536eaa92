#include "core/runbook/reference.h"
#include "core/runbook/scenario.h"
#include "tests/unit/fake_kinds.h"

static void
test_markdown (void)
{
  g_autofree char *page = reference_markdown (&fake_vocabulary);
  static const char *const parts[] = {
    "### Step\n",
    "### Require\n",
    "### Check: service\n",
    "### Action: scale\n",
    "### Site\n",
    "### Platform: compose\n",
    "### Site: redis-new\n",
    "### Scenario\n",
    "### Scenario: queues\n",
    "### Scenario: after\n",
    "| `hands-back` | a duration such as 90s or 2m, 0 to 1h | 25s |",
    "| `timeout` | a duration such as 90s or 2m, 1s to 7d | 10m |",
    "| `confirm` | key, type or none | key |",
    "| `title` | text | required |",
    "Not in this version: `queues`, `redis`",
    "`restart: …` alone means `restart: {service: …}`",
  };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!strstr (page, parts[i]))
      g_error ("the reference lacks: %s\n%s", parts[i], page);
}

/* Every key of a table is in its schema, and nothing else is allowed. */
static void
check_object (const json_t *schema, const Field *table)
{
  const json_t *properties = json_object_get (schema, "properties");
  guint count = 0;
  for (const Field *field = table; field->name; field++, count++)
    g_assert_cmpstr (json_string_value (json_object_get (
                         json_object_get (properties, field->name), "description")),
                     ==, field->help);
  g_assert_cmpuint (json_object_size (properties), ==, count);
  g_assert_true (json_is_false (json_object_get (schema, "additionalProperties")));
}

/* What "#/$defs/check/anyOf/0" stands for, or NULL. */
static const json_t *
follow (const json_t *root, const char *target)
{
  g_auto (GStrv) parts = g_strsplit (target, "/", -1);
  const json_t *at = root;
  g_assert_cmpstr (parts[0], ==, "#");
  for (guint i = 1; parts[i]; i++)
    at = json_is_array (at) ? json_array_get (at, (gsize)atoi (parts[i]))
                            : json_object_get (at, parts[i]);
  return at;
}

/* Every reference leads somewhere. */
static void
check_references (const json_t *root, const json_t *schema)
{
  const char *name;
  json_t *member;
  gsize index;
  const char *target = json_string_value (json_object_get (schema, "$ref"));
  if (target)
    g_assert_nonnull (follow (root, target));
  json_object_foreach ((json_t *)schema, name, member) check_references (root, member);
  json_array_foreach (schema, index, member) check_references (root, member);
}

static void
test_schemas (void)
{
  json_t *runbook = reference_runbook_schema (&fake_vocabulary);
  json_t *site = reference_site_schema (&fake_vocabulary);
  g_assert_nonnull (runbook);
  g_assert_nonnull (site);
  check_object (runbook, runbook_fields);
  check_object (json_object_get (json_object_get (runbook, "$defs"), "step"),
                runbook_step_fields);
  check_object (site, site_fields);
  check_references (runbook, runbook);
  check_references (site, site);
  const char *folder = g_getenv ("HANDRAIL_SCHEMAS"); /* to try them in a validator */
  if (folder) {
    g_autofree char *one = g_build_filename (folder, "runbook.schema.json", NULL);
    g_autofree char *two = g_build_filename (folder, "site.schema.json", NULL);
    json_dump_file (runbook, one, JSON_INDENT (2));
    json_dump_file (site, two, JSON_INDENT (2));
  }
  json_decref (runbook);
  json_decref (site);
}

static const json_t *
property (const json_t *schema, const char *name)
{
  return json_object_get (json_object_get (schema, "properties"), name);
}

static void
test_scenario_schema (void)
{
  json_t *scenario = reference_scenario_schema ();
  g_assert_nonnull (scenario);
  check_object (scenario, scenario_fields);
  const json_t *services = property (scenario, "services");
  const json_t *queues = property (scenario, "queues");
  const json_t *event = json_object_get (property (scenario, "events"), "items");
  check_object (json_object_get (services, "additionalProperties"),
                scenario_service_fields);
  check_object (json_object_get (queues, "additionalProperties"), scenario_queue_fields);
  check_object (event, scenario_event_fields);
  check_object (property (event, "after"), scenario_after_fields);
  json_decref (scenario);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reference/markdown", test_markdown);
  g_test_add_func ("/reference/schemas", test_schemas);
  g_test_add_func ("/reference/scenario-schema", test_scenario_schema);
  return g_test_run ();
}
