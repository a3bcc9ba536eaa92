/* Which looks at the deployment viewers are told. */
#include "core/run/wire.h"
#include "core/runner/sights.h"

#define INTERVAL_US (100 * (gint64)G_TIME_SPAN_MILLISECOND)

typedef struct {
  GString *told; /* "2 running @3;" per telling, "late" before it where it is */
  Sights *sights;
} Desk;

static void
on_told (const Reading *reading, gboolean late, void *data)
{
  Desk *desk = data;
  const json_t *running = json_object_get (reading->body, "running");
  g_string_append_printf (desk->told, "%s", late ? "late " : "");
  if (reading->error)
    g_string_append (desk->told, reading->error);
  else
    g_string_append_printf (desk->told, "%d", (int)json_integer_value (running));
  g_string_append_printf (desk->told, "@%d;",
                          (int)(reading->ended.boot_us / (gint64)G_USEC_PER_SEC));
}

static void
desk_init (Desk *desk, const void *data G_GNUC_UNUSED)
{
  desk->told = g_string_new (NULL);
  desk->sights = sights_new (INTERVAL_US, on_told, desk);
}

static void
desk_finish (Desk *desk, const void *data G_GNUC_UNUSED)
{
  sights_free (desk->sights);
  g_string_free (desk->told, TRUE);
}

/* A look that ended at that second; the engine's clock is another one at each. */
static void
look (Desk *desk, int second, int running, const char *error)
{
  Moment at = { .boot_us = second * (gint64)G_USEC_PER_SEC };
  json_t *body =
      error ? NULL : json_pack ("{s:i, s:i}", "clock_us", second, "running", running);
  g_autoptr (Reading) reading = reading_new ("platform", at, at, error, body);
  sights_take (desk->sights, reading);
}

static void
expect (Desk *desk, const char *told)
{
  g_assert_cmpstr (desk->told->str, ==, told);
  g_string_truncate (desk->told, 0);
}

static void
test_same (Desk *desk, const void *data G_GNUC_UNUSED)
{
  look (desk, 1, 3, NULL);
  expect (desk, "3@1;");
  look (desk, 2, 3, NULL);
  look (desk, 3, 3, NULL);
  expect (desk, "");
}

static void
test_change (Desk *desk, const void *data G_GNUC_UNUSED)
{
  look (desk, 1, 3, NULL);
  look (desk, 2, 3, NULL);
  look (desk, 3, 2, NULL);
  expect (desk, "3@1;3@2;2@3;");
  look (desk, 4, 1, NULL);
  expect (desk, "1@4;");
}

static void
test_failure (Desk *desk, const void *data G_GNUC_UNUSED)
{
  look (desk, 1, 3, NULL);
  look (desk, 2, 3, NULL);
  look (desk, 3, 0, "gone");
  expect (desk, "3@1;3@2;gone@3;");
  look (desk, 4, 0, "gone");
  expect (desk, "");
  look (desk, 5, 3, NULL);
  expect (desk, "gone@4;3@5;");
}

static void
test_once_a_minute (Desk *desk, const void *data G_GNUC_UNUSED)
{
  int minute = (int)(WIRE_REPEAT_US / (gint64)G_USEC_PER_SEC);
  look (desk, 1, 3, NULL);
  look (desk, minute, 3, NULL);
  expect (desk, "3@1;");
  look (desk, minute + 1, 3, NULL);
  expect (desk, "3@61;");
  look (desk, minute + 2, 3, NULL);
  expect (desk, "");
}

static void
wait_for_late (Desk *desk)
{
  while (!sights_are_late (desk->sights))
    g_main_context_iteration (NULL, TRUE);
}

/* It says so once, and that another look has come, though that sees the same. */
static void
test_late (Desk *desk, const void *data G_GNUC_UNUSED)
{
  look (desk, 1, 3, NULL);
  look (desk, 2, 3, NULL);
  g_assert_false (sights_are_late (desk->sights));
  wait_for_late (desk);
  expect (desk, "3@1;late 3@2;");
  look (desk, 3, 0, "gone");
  g_assert_true (sights_are_late (desk->sights));
  look (desk, 4, 3, NULL);
  g_assert_false (sights_are_late (desk->sights));
  g_string_truncate (desk->told, 0);
  look (desk, 5, 3, NULL);
  wait_for_late (desk);
  g_string_truncate (desk->told, 0);
  look (desk, 6, 3, NULL);
  expect (desk, "3@6;");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(NAME, FUNCTION) \
  g_test_add (NAME, Desk, NULL, desk_init, FUNCTION, desk_finish)
  TEST ("/sights/same", test_same);
  TEST ("/sights/change", test_change);
  TEST ("/sights/failure", test_failure);
  TEST ("/sights/once-a-minute", test_once_a_minute);
  TEST ("/sights/late", test_late);
  return g_test_run ();
}
