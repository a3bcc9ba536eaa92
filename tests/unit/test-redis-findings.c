/* What doctor says of a Redis, from what that says of itself. */
#include "tui/redis_findings.h"

#define WORKER "{\"name\": \"h:1:a\"}"
#define SOUND                                                                       \
  "\"version\": \"7.0.15\", \"role\": \"master\", \"policy\": \"noeviction\", "     \
  "\"aof\": false, \"aof_ok\": true, \"snapshot_ok\": true, \"save\": \"3600 1\", " \
  "\"processes\": [" WORKER ", " WORKER "]"

/* A later member takes the place of an earlier one. */
static const struct {
  const char *name;
  const char *body;
  const char *summary;
  const char *found[4]; /* "fail …", "warn …": how each begins, in order; no others */
} rows[] = {
  { "sound",
    "{" SOUND "}",
    "7.0.15, master, 2 workers report to it, keeps its data: snapshots",
    { NULL } },
  { "append-only",
    "{" SOUND ", \"aof\": true, \"save\": \"\", \"processes\": [" WORKER "]}",
    "7.0.15, master, 1 worker reports to it, keeps its data: append-only file",
    { NULL } },
  { "replica",
    "{" SOUND ", \"role\": \"slave\", \"master\": \"db\\u001b:6379\"}",
    "7.0.15, replica of db\\x1B:6379, 2 workers report to it, keeps its data: snapshots",
    { "fail it is a replica" } },
  { "keeps-nothing",
    "{" SOUND ", \"save\": \"\"}",
    "7.0.15, master, 2 workers report to it, keeps its data: no",
    { "fail keeps nothing across a stop: no append-only file, no save points" } },
  { "no-snapshot-at-the-stop",
    "{" SOUND ", \"on_sigterm\": \"nosave\"}",
    "7.0.15, master, 2 workers report to it, keeps its data: no",
    { "fail writes no snapshot when it is stopped (shutdown-on-sigterm is nosave)" } },
  { "config-not-allowed",
    "{" SOUND ", \"save\": null}",
    "7.0.15, master, 2 workers report to it, keeps its data: not known",
    { "warn cannot see whether it writes a snapshot" } },
  { "failed-writes",
    "{" SOUND ", \"aof\": true, \"aof_ok\": false, \"snapshot_ok\": false}",
    "7.0.15, master, 2 workers report to it, keeps its data: append-only file, "
    "not written",
    { "fail its append-only file", "fail its last snapshot failed" } },
  { "failed-snapshot",
    "{" SOUND ", \"snapshot_ok\": false}",
    "7.0.15, master, 2 workers report to it, keeps its data: snapshots, which fail",
    { "fail its last snapshot failed (a full disk" } },
  { "no-append-only-file-to-fail",
    "{" SOUND ", \"aof_ok\": false}",
    "7.0.15, master, 2 workers report to it, keeps its data: snapshots",
    { NULL } },
  { "drops-jobs-and-nobody-works",
    "{" SOUND ", \"policy\": \"allkeys-lru\", \"processes\": []}",
    "7.0.15, master, 0 workers report to it, keeps its data: snapshots",
    { "fail its maxmemory-policy", "warn no worker reports to it" } },
  { "says-nothing",
    "{}",
    "of an unknown version, of an unknown role, 0 workers report to it, keeps its data: "
    "not known",
    { "warn cannot see whether it writes a snapshot", "warn no worker reports" } },
};

static void
test_row (const void *data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  json_auto_t *body = json_loads (rows[row].body, 0, NULL);
  RedisFinding found[REDIS_FINDINGS_MAX];
  guint count = redis_findings (body, TRUE, found), wanted = 0;
  g_autofree char *summary = redis_findings_summary (body);
  g_assert_nonnull (body);
  g_assert_cmpstr (summary, ==, rows[row].summary);
  while (rows[row].found[wanted])
    wanted++;
  g_assert_cmpuint (count, ==, wanted);
  for (guint i = 0; i < count; i++) {
    g_autofree char *text =
        g_strconcat (found[i].fails ? "fail " : "warn ", found[i].what, NULL);
    if (!g_str_has_prefix (text, rows[row].found[i]))
      g_error ("wanted \"%s…\", got \"%s\"", rows[row].found[i], text);
    g_assert_nonnull (found[i].remedy);
  }
}

/* Nobody works with a Redis that is to be changed to. */
static void
test_not_in_use (void)
{
  json_auto_t *body = json_loads ("{" SOUND ", \"processes\": []}", 0, NULL);
  RedisFinding found[REDIS_FINDINGS_MAX];
  g_assert_cmpuint (redis_findings (body, TRUE, found), ==, 1);
  g_assert_cmpuint (redis_findings (body, FALSE, found), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *name = g_strconcat ("/redis-findings/", rows[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/redis-findings/not-in-use", test_not_in_use);
  return g_test_run ();
}
