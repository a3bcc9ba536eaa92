#include "core/run/reading.h"

static Moment
at (gint64 us)
{
  return (Moment){ us + 1000, us };
}

static void
test_keys (void)
{
  static const char *const one[] = { "a b", "c", NULL };
  static const char *const other[] = { "a", "b c", NULL };
  static const char *const quoted[] = { "a b\" \"c", NULL };
  g_autoptr (Request) tcp = request_tcp ("db", 5432, 2, 5);
  g_autoptr (Request) six = request_tcp ("::1", 80, 2, 5);
  g_autoptr (Request) first = request_command (one, 2, 5);
  g_autoptr (Request) second = request_command (other, 2, 5);
  g_autoptr (Request) third = request_command (quoted, 2, 5);
  g_assert_cmpstr (tcp->key, ==, "tcp db:5432");
  g_assert_cmpstr (six->key, ==, "tcp [::1]:80");
  g_assert_cmpstr (first->key, !=, second->key);
  g_assert_cmpstr (first->key, !=, third->key);
  g_assert_cmpint (tcp->interval_us, ==, 2);
  g_assert_cmpint (tcp->limit_us, ==, 5);
}

static void
test_json (void)
{
  g_autoptr (Reading) reading =
      reading_new ("platform", at (5), at (9), NULL, json_pack ("{s:i}", "a", 1));
  json_t *json = reading_to_json (reading);
  g_autoptr (Reading) again = reading_from_json (json);
  g_assert_nonnull (again);
  g_assert_cmpint (again->began.wall_us, ==, 1005);
  g_assert_cmpint (again->ended.boot_us, ==, 9);
  g_assert_true (json_equal (reading->body, again->body));
  json_object_set_new (json, "error", json_string ("and an error"));
  g_assert_null (reading_from_json (json));
  json_object_del (json, "body");
  g_autoptr (Reading) failed = reading_from_json (json);
  g_assert_cmpstr (failed->error, ==, "and an error");
  json_object_del (json, "began");
  g_assert_null (reading_from_json (json));
  json_decref (json);
}

static void
test_evidence (void)
{
  g_autoptr (Evidence) evidence = evidence_new ();
  g_assert_null (evidence_latest (evidence, "x"));
  for (gint64 i = 1; i <= EVIDENCE_KEPT + 10; i++)
    evidence_add (evidence, reading_new ("x", at (i), at (i), i == 40 ? "down" : NULL,
                                         i == 40 ? NULL : json_object ()));
  g_assert_cmpint (evidence_latest (evidence, "x")->began.boot_us, ==,
                   EVIDENCE_KEPT + 10);
  g_assert_cmpint (evidence_first_since (evidence, "x", 0)->began.boot_us, ==, 11);
  g_assert_cmpint (evidence_first_since (evidence, "x", 40)->began.boot_us, ==, 41);
  g_assert_null (evidence_first_since (evidence, "x", 1000));
  g_assert_null (evidence_latest (evidence, "y"));
}

/* Of job queues all that is kept, of all else the last good one and the last one, as they
 * came. */
static void
test_so_far (void)
{
  static const struct {
    const char *key;
    gboolean failed;
  } came[] = {
    { "platform", FALSE }, { "queues redis", FALSE }, { "platform", FALSE },
    { "tcp a:1", TRUE },   { "queues redis", TRUE },  { "platform", TRUE },
    { "tcp a:1", FALSE },  { "platform", TRUE },      { "queues redis", FALSE },
    { "tcp b:1", TRUE },   { "tcp b:1", TRUE },
  };
  g_autoptr (Evidence) evidence = evidence_new ();
  g_autoptr (GString) seen = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (came); i++)
    evidence_add (evidence, reading_new (came[i].key, at (i), at (i + 1),
                                         came[i].failed ? "down" : NULL,
                                         came[i].failed ? NULL : json_object ()));
  g_autoptr (GPtrArray) so_far = evidence_so_far (evidence);
  for (guint i = 0; i < so_far->len; i++)
    g_string_append_printf (
        seen, "%d ",
        (int)((const Reading *)g_ptr_array_index (so_far, i))->began.boot_us);
  g_assert_cmpstr (seen->str, ==, "1 2 4 6 7 8 10 ");
}

/* A memory that lists when what it took began, and who finished. */
static void *
list_begin (const void *settings)
{
  return g_string_new (settings);
}

static void
list_take (void *memory, const Reading *reading)
{
  g_string_append_printf (memory, " %d%s", (int)reading->began.boot_us,
                          reading->error ? "!" : "");
}

static void
list_finish (void *memory)
{
  g_string_free (memory, TRUE);
}

static void
test_fold (void)
{
  static const EvidenceFold list = { list_begin, list_take, list_finish };
  g_autoptr (Evidence) evidence = evidence_new ();
  const GString *memory;
  for (gint64 i = 1; i <= EVIDENCE_KEPT + 2; i++)
    evidence_add (evidence, reading_new ("x", at (i), at (i), NULL, json_object ()));
  memory = evidence_fold (evidence, "x", "a", &list, "a:", EVIDENCE_KEPT);
  g_assert_cmpstr (memory->str, ==, "a: 64 65 66");
  evidence_add (evidence, reading_new ("x", at (70), at (70), "down", NULL));
  evidence_add (evidence, reading_new ("y", at (71), at (71), NULL, json_object ()));
  memory = evidence_fold (evidence, "x", "a", &list, "a:", EVIDENCE_KEPT);
  g_assert_cmpstr (memory->str, ==, "a: 64 65 66 70!");
  memory = evidence_fold (evidence, "x", "b", &list, "b:", 66);
  g_assert_cmpstr (memory->str, ==, "b: 66 70!");
  memory = evidence_fold (evidence, "x", "a", &list, "anew:", 70);
  g_assert_cmpstr (memory->str, ==, "anew: 70!");
  for (int i = 0; i <= EVIDENCE_FOLDS_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("%d", i);
    evidence_fold (evidence, "x", name, &list, "", 0);
  }
  memory = evidence_fold (evidence, "x", "a", &list, "forgotten:", 70);
  g_assert_cmpstr (memory->str, ==, "forgotten: 70!");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reading/keys", test_keys);
  g_test_add_func ("/reading/json", test_json);
  g_test_add_func ("/reading/evidence", test_evidence);
  g_test_add_func ("/reading/so-far", test_so_far);
  g_test_add_func ("/reading/fold", test_fold);
  return g_test_run ();
}
