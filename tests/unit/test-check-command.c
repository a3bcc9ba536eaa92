#include "core/checks/checks.h"
#include "tests/unit/kinds.h"

typedef struct {
  const char *body, *match;
  gint64 status, now;
  Verdict verdict;
  const char *text;
} Row;

static const Row rows[] = {
  { "{'status':0,'output':'fine\\nmore','cut':false}", NULL, 0, 100, VERDICT_HOLDS,
    "probe -x: exit 0, said \"fine\"" },
  { "{'status':0,'output':'','cut':false}", NULL, 0, 100, VERDICT_HOLDS,
    "probe -x: exit 0" },
  { "{'status':3,'output':'no','cut':false}", NULL, 0, 100, VERDICT_NOT_YET,
    "probe -x: exit 3, 0 wanted, said \"no\"" },
  { "{'status':3,'output':'no','cut':false}", NULL, 3, 100, VERDICT_HOLDS,
    "probe -x: exit 3, said \"no\"" },
  { "{'status':3,'output':'','cut':false}", NULL, 0, 115, VERDICT_NEVER,
    "probe -x: exit 3, 0 wanted" },
  { "{'signal':9,'output':'','cut':false}", NULL, 0, 100, VERDICT_NOT_YET,
    "probe -x: ended by signal 9, 0 wanted" },
  { "{'status':0,'output':'a\\nready: yes','cut':false}", "^a$|yes", 0, 100,
    VERDICT_HOLDS, "probe -x: exit 0, said \"a\"" },
  { "{'status':0,'output':'starting','cut':false}", "ready", 0, 100, VERDICT_NOT_YET,
    "probe -x: exit 0, /ready/ not found, said \"starting\"" },
  { "{'status':0,'output':'starting','cut':true}", "ready", 0, 100, VERDICT_NOT_YET,
    "probe -x: exit 0, /ready/ not found in what was kept of its output, said "
    "\"starting\"" },
  { "{'status':0,'output':'\\u001b[2J\\u202ex\\r\\ny'}", "y", 0, 100, VERDICT_HOLDS,
    "probe -x: exit 0, said \"\\x1B[2J\\u{202E}x\"" },
  { "{'status':0,'output':'0123456789012345678901234567890123456789012345678901234567890'"
    "}",
    NULL, 0, 100, VERDICT_HOLDS,
    "probe -x: exit 0, said "
    "\"012345678901234567890123456789…23456789012345678901234567890\"" },
  /* Nothing that lacks its status, or has it in another shape, holds. */
  { "{'status':0,'signal':9,'output':''}", NULL, 0, 100, VERDICT_NOT_YET,
    "probe -x: ended by signal 9, 0 wanted" },
  { "{}", NULL, 0, 100, VERDICT_NOT_YET, "probe -x: ended somehow, 0 wanted" },
  { "{'status':'0','output':[]}", NULL, 0, 100, VERDICT_NOT_YET,
    "probe -x: ended somehow, 0 wanted" },
  { "{'status':false,'output':1}", "^", 0, 100, VERDICT_NOT_YET,
    "probe -x: ended somehow, 0 wanted" },
  { "{'status':0,'output':1}", "^$", 0, 100, VERDICT_HOLDS, "probe -x: exit 0" },
};

static void
test_rows (void)
{
  char *argv[] = { (char *)"probe", (char *)"-x", NULL };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    g_autoptr (Evidence) evidence = evidence_new ();
    g_autoptr (Pattern) match = row->match ? pattern_new (row->match, NULL) : NULL;
    g_autoptr (GPtrArray) requests =
        g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
    g_auto (Judgement) judgement = { 0 };
    CheckCommandSettings settings = { .argv = argv,
                                      .status = row->status,
                                      .match = match,
                                      .every_us = 5 * SECOND,
                                      .limit_us = 30 * SECOND };
    CheckContext context = {
      .evidence = evidence, .now = at (row->now), .since_us = 100 * SECOND, .speed = 1
    };
    check_command.needs (&settings, &context, requests);
    const Request *request = requests->pdata[0];
    g_assert_cmpint (request->interval_us, ==, 5 * SECOND);
    g_assert_cmpint (request->limit_us, ==, 30 * SECOND);
    evidence_add (evidence, reading_new (request->key, at (row->now), at (row->now), NULL,
                                         json_of (row->body)));
    check_command.judge (&settings, &context, &judgement);
    g_assert_cmpstr (judgement.text, ==, row->text);
    g_assert_cmpint (judgement.verdict, ==, row->verdict);
    if (row->verdict == VERDICT_NOT_YET)
      g_assert_cmpint (judgement.wake_us, ==, 115 * SECOND);
  }
}

/* It cannot be run, every 5 s; or it does not end, within 30 s: no reading, and from
 * 15 s on none is to be hoped for. */
static void
test_goes_on_failing (void)
{
  static const struct {
    gint64 takes;
    const char *error, *text;
  } looks[] = {
    { 0, "no program probe", "probe: no program probe" },
    { 30, "probe did not end within 30s", "probe: probe did not end within 30s" },
  };
  char *argv[] = { (char *)"probe", NULL };
  CheckCommandSettings settings = { .argv = argv,
                                    .every_us = 5 * SECOND,
                                    .limit_us = 30 * SECOND };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    g_autoptr (Evidence) evidence = evidence_new ();
    gint64 began = 100;
    for (gint64 now = 100; now <= 200; now++) {
      g_auto (Judgement) judgement = { 0 };
      CheckContext context = {
        .evidence = evidence, .now = at (now), .since_us = 100 * SECOND, .speed = 1
      };
      if (now == began + looks[i].takes) {
        evidence_add (evidence, reading_new ("command \"probe\"", at (began), at (now),
                                             looks[i].error, NULL));
        began = now + 5;
      }
      if (now < 100 + looks[i].takes)
        continue;
      check_command.judge (&settings, &context, &judgement);
      g_assert_cmpstr (judgement.text, ==, looks[i].text);
      g_assert_cmpint (judgement.verdict, ==, now < 115 ? VERDICT_STALE : VERDICT_NEVER);
      g_assert_cmpint (judgement.wake_us, ==, now < 115 ? 115 * SECOND : 0);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check-command/rows", test_rows);
  g_test_add_func ("/check-command/goes-on-failing", test_goes_on_failing);
  return g_test_run ();
}
