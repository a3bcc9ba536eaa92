#include "tests/unit/kinds.h"

static void
test_first_wins (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_assert_false (ledger_is_open (ledger));
  ledger_record (ledger, "redis", 0, NULL, TRUE);
  ledger_record (ledger, "idle", 0, "", FALSE);
  g_assert_false (ledger_is_open (ledger));
  ledger_record (ledger, "app", 2, "i", FALSE);
  ledger_record (ledger, "app", 0, "j", FALSE);
  g_assert_cmpint (ledger_get (ledger, "app")->count, ==, 2);
  g_assert_cmpstr (ledger_at (ledger, 2)->images, ==, "i");
  g_assert_cmpuint (ledger_size (ledger), ==, 3);
  g_assert_null (ledger_at (ledger, 3));
  g_assert_null (ledger_get (ledger, "nobody"));
  g_assert_true (ledger_is_open (ledger));
  ledger_set_restored (ledger, "app", TRUE);
  g_assert_false (ledger_is_open (ledger));
}

static void
test_json (void)
{
  g_autoptr (Ledger) ledger = ledger_new ();
  g_autoptr (Ledger) other = ledger_new ();
  ledger_record (ledger, "app", 2, "i", FALSE);
  ledger_record (ledger, "redis", 0, NULL, TRUE);
  ledger_set_restored (ledger, "app", TRUE);
  ledger_record (other, "redis", 1, "own", FALSE);
  json_t *json = ledger_to_json (ledger);
  g_assert_true (ledger_merge_json (other, json));
  g_assert_cmpint (ledger_get (other, "redis")->count, ==, 1);
  g_assert_true (ledger_get (other, "app")->restored);
  g_assert_cmpstr (ledger_get (other, "app")->images, ==, "i");
  json_decref (json);
}

static void
test_foreign (void)
{
  static const char *const wrong[] = {
    "[]",
    "{'new':{'count':1,'images':'x','managed':false,'restored':false},'a':{}}",
    "{'a':{'count':-1,'images':null,'managed':false,'restored':false}}",
    "{'a':{'count':1,'images':3,'managed':false,'restored':false}}",
    "{'a':{'count':'1','images':null,'managed':false,'restored':false}}",
    "{'a':{'count':1,'images':null,'managed':0,'restored':false}}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (Ledger) ledger = ledger_new ();
    json_t *json = json_of (wrong[i]);
    g_assert_false (ledger_merge_json (ledger, json));
    g_assert_cmpuint (ledger_size (ledger), ==, 0);
    json_decref (json);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger/first-wins", test_first_wins);
  g_test_add_func ("/ledger/json", test_json);
  g_test_add_func ("/ledger/foreign", test_foreign);
  return g_test_run ();
}
