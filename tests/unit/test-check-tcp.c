#include "core/checks/checks.h"
#include "tests/unit/kinds.h"

static void
test_addresses (void)
{
  static const struct {
    const char *address, *key;
  } rows[] = {
    { "db:5432", "tcp db:5432" },
    { "[::1]:80", "tcp [::1]:80" },
    { "10.0.0.1:1", "tcp 10.0.0.1:1" },
    { "db", NULL },
    { "db:", NULL },
    { ":80", NULL },
    { "db:0", NULL },
    { "db:65536", NULL },
    { "::1:80", NULL },
    { "-x:80", NULL },
    { "[]:80", NULL },
    { "http://db:80", NULL },
    { "db:80x", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    CheckTcpSettings settings = { .address = (char *)rows[i].address,
                                  .port = FIELD_UNSET };
    CheckContext context = { .speed = 1 };
    g_autofree char *problem = check_tcp.spec.complain (&settings);
    g_autoptr (GPtrArray) requests =
        g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
    g_assert_cmpint (problem == NULL, ==, rows[i].key != NULL);
    check_tcp.needs (&settings, &context, requests);
    g_assert_cmpuint (requests->len, ==, rows[i].key ? 1 : 0);
    if (rows[i].key)
      g_assert_cmpstr (((Request *)requests->pdata[0])->key, ==, rows[i].key);
  }
}

static void
test_complain (void)
{
  CheckTcpSettings none = { .port = FIELD_UNSET };
  CheckTcpSettings twice = { .address = (char *)"a:1",
                             .host = (char *)"a",
                             .port = FIELD_UNSET };
  CheckTcpSettings pair = { .host = (char *)"a", .port = 1 };
  g_autofree char *missing = check_tcp.spec.complain (&none);
  g_autofree char *double_said = check_tcp.spec.complain (&twice);
  g_assert_nonnull (strstr (missing, "HOST:PORT"));
  g_assert_nonnull (strstr (double_said, "twice"));
  g_assert_null (check_tcp.spec.complain (&pair));
}

static void
assert_judged (const Evidence *evidence, gint64 now, Verdict verdict, const char *text,
               gint64 wake_us)
{
  CheckTcpSettings settings = { .host = (char *)"db", .port = 5432 };
  CheckContext context = {
    .evidence = evidence, .now = at (now), .since_us = 100 * SECOND, .speed = 1
  };
  g_auto (Judgement) judgement = { 0 };
  check_tcp.judge (&settings, &context, &judgement);
  g_assert_cmpstr (judgement.text, ==, text);
  g_assert_cmpint (judgement.verdict, ==, verdict);
  g_assert_cmpint (judgement.wake_us, ==, wake_us);
}

static void
test_judge (void)
{
  g_autoptr (Evidence) evidence = evidence_new ();
  assert_judged (evidence, 100, VERDICT_UNKNOWN, "not looked at yet", 0);
  evidence_add (evidence,
                reading_new ("tcp db:5432", at (110), at (110), "refused", NULL));
  assert_judged (evidence, 114, VERDICT_NOT_YET, "db:5432 does not answer: refused",
                 115 * SECOND);
  assert_judged (evidence, 115, VERDICT_NEVER, "db:5432 does not answer: refused", 0);
  /* Until the next look has had its time to fail too. */
  assert_judged (evidence, 121, VERDICT_NEVER, "db:5432 does not answer: refused", 0);
  assert_judged (evidence, 122, VERDICT_STALE, "refused", 0);
  evidence_add (evidence, reading_new ("tcp db:5432", at (123), at (123), NULL,
                                       json_pack ("{s:i}", "ms", 1)));
  assert_judged (evidence, 123, VERDICT_HOLDS, "db:5432 takes connections",
                 129 * SECOND + 1);
}

/* Every look fails, at once or after its limit: from 15 s on the verdict is NEVER and
 * stays so, whenever it is asked for. */
static void
test_goes_on_failing (void)
{
  static const struct {
    gint64 takes;
    const char *error;
  } looks[] = { { 0, "db:5432 cannot be connected to (Connection refused)" },
                { 5, "db:5432 did not answer within 5s" } };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    g_autoptr (Evidence) evidence = evidence_new ();
    gint64 began = 100;
    for (gint64 now = 100; now <= 140; now++) {
      if (now == began + looks[i].takes) {
        evidence_add (evidence, reading_new ("tcp db:5432", at (began), at (now),
                                             looks[i].error, NULL));
        began = now + 2;
      }
      if (now < 100 + looks[i].takes)
        continue;
      if (now < 115)
        assert_judged (evidence, now, VERDICT_NOT_YET, looks[i].error, 115 * SECOND);
      else
        assert_judged (evidence, now, VERDICT_NEVER, looks[i].error, 0);
    }
  }
}

/* Of a short time for it to come true half is left for what is offered. */
static void
test_short_time (void)
{
  static const struct {
    gint64 until, now, speed;
    Verdict verdict;
    gint64 wake;
  } rows[] = {
    { 0, 114, 1, VERDICT_NOT_YET, 115 },   { 160, 114, 1, VERDICT_NOT_YET, 115 },
    { 104, 101, 1, VERDICT_NOT_YET, 102 }, { 104, 102, 1, VERDICT_NEVER, 0 },
    { 90, 114, 1, VERDICT_NOT_YET, 115 },  { 160, 103, 5, VERDICT_NEVER, 0 },
    { 160, 102, 5, VERDICT_NOT_YET, 103 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Evidence) evidence = evidence_new ();
    g_auto (Judgement) judgement = { 0 };
    CheckTcpSettings settings = { .host = (char *)"db", .port = 5432 };
    CheckContext context = { .evidence = evidence,
                             .now = at (rows[i].now),
                             .since_us = 100 * SECOND,
                             .until_us = rows[i].until * SECOND,
                             .speed = rows[i].speed };
    evidence_add (evidence, reading_new ("tcp db:5432", at (rows[i].now),
                                         at (rows[i].now), "refused", NULL));
    check_tcp.judge (&settings, &context, &judgement);
    g_assert_cmpint (judgement.verdict, ==, rows[i].verdict);
    g_assert_cmpint (judgement.wake_us, ==, rows[i].wake * SECOND);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-tcp/addresses", test_addresses);
  g_test_add_func ("/check-tcp/complain", test_complain);
  g_test_add_func ("/check-tcp/judge", test_judge);
  g_test_add_func ("/check-tcp/short-time", test_short_time);
  g_test_add_func ("/check-tcp/goes-on-failing", test_goes_on_failing);
  return g_test_run ();
}
