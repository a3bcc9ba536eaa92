/* What the commands make of run folders, sound and damaged, under any name. */
#include <jansson.h>
#include <stdlib.h>

#include "tests/unit/program.h"

/* Run folders; the older ones are the stranger ones. */
#define GOOD "20261123T090000Z-shutdown-lab"
#define TORN "20261123T080000Z-torn-lab"
#define DAMAGED "20261123T070000Z-damaged-lab"
#define NEWER "20261123T060000Z-newer-lab"
#define EMPTY "20261123T050000Z-empty-lab"
#define NONE "20261123T040000Z-none-lab"
#define DONE "20261123T030000Z-over-lab"
#define SPACES "20261123T020000Z-a run with spaces-lab"
#define ESCAPE "20261123T010000Z-\033[2J\n? x: sure [y]-lab"
#define BYTES "20261123T000000Z-\xff\xfe-lab"

/* In the year 2100: however late this is run, it was just now. */
#define NEVER_PAST_US G_GINT64_CONSTANT (4102444800000000)

static Home home;

static char *
line_of (JournalChain *chain, EventType type, const char *members)
{
  g_autoptr (Event) event = event_new (type, json_loads (members, 0, NULL));
  event->at.wall_us = NEVER_PAST_US;
  g_autofree char *line = journal_write (chain, event);
  return g_strconcat (line, "\n", NULL);
}

static char *
began (JournalChain *chain, int format)
{
  g_autofree char *members = g_strdup_printf (
      "{\"format\":%d,\"program\":\"0\",\"run\":\"r\",\"runbook\":{\"name\":\"shutdown\","
      "\"title\":\"Shut \\u001b[2Jdown\",\"file\":\"a\",\"digest\":\"d\"},\"sources\":[],"
      "\"site\":{\"name\":\"lab\",\"file\":\"s\",\"digest\":\"d\",\"platform\":"
      "\"compose\",\"production\":false},\"settings\":{},\"practice\":false,\"host\":"
      "\"h\",\"uid\":1,\"user\":\"u\",\"pid\":1,\"boot\":\"b\",\"steps\":[{\"id\":"
      "\"one\",\"title\":\"One\"}]}",
      format);
  return line_of (chain, EVENT_RUN_BEGAN, members);
}

static void
put_journal (const char *run, const char *text)
{
  g_autofree char *name =
      g_build_filename (".local/state/handrail/runs", run, STORE_JOURNAL, NULL);
  home_put (&home, name, text, 0600);
}

static char *
answered (JournalChain *chain)
{
  g_autofree char *asked =
      line_of (chain, EVENT_ASKED,
               "{\"step\":\"one\",\"kind\":\"ask\",\"purpose\":\"do\",\"question\":1,"
               "\"text\":\"Which?\",\"digest\":\"\",\"takes\":\"[TEXT | stop]\",\"into\":"
               "\"backup\"}");
  g_autofree char *said =
      line_of (chain, EVENT_ANSWERED,
               "{\"question\":1,\"kind\":\"ask\",\"step\":\"one\",\"digest\":\"\","
               "\"answer\":\"text\",\"text\":\"nightly-42\",\"viewer\":1,\"uid\":1,"
               "\"user\":\"u\"}");
  return g_strconcat (asked, said, NULL);
}

static void
put_answered (void)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autofree char *first = began (&chain, 1);
  g_autofree char *second =
      line_of (&chain, EVENT_STEP_BEGAN, "{\"step\":\"one\",\"title\":\"One\"}");
  g_autofree char *third = answered (&chain);
  g_autofree char *all = g_strconcat (first, second, third, NULL);
  home_put (&home, "elsewhere/answered/" STORE_JOURNAL, all, 0600);
}

static void
put_runs (void)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  JournalChain newer = JOURNAL_CHAIN_INIT;
  g_autofree char *first = began (&chain, 1);
  g_autofree char *second =
      line_of (&chain, EVENT_STEP_BEGAN, "{\"step\":\"one\",\"title\":\"One\"}");
  g_autofree char *third = line_of (&chain, EVENT_STEP_DONE, "{\"step\":\"one\"}");
  g_autofree char *fourth = line_of (&chain, EVENT_RUN_FINISHED, "{}");
  g_autofree char *future = began (&newer, 99);
  g_autofree char *good = g_strconcat (first, second, NULL);
  g_autofree char *torn = g_strconcat (first, second, "{\"n\":3,\"wal", NULL);
  g_autofree char *damaged = g_strconcat (first, "\033[2J\n", third, NULL);
  g_autofree char *over = g_strconcat (first, second, third, fourth, NULL);
  put_journal (GOOD, good);
  put_journal (TORN, torn);
  put_journal (DAMAGED, damaged);
  put_journal (NEWER, future);
  put_journal (EMPTY, "");
  home_put (&home, ".local/state/handrail/runs/" NONE "/by-hand.txt", "", 0600);
  put_journal (DONE, over);
  put_journal (SPACES, good);
  put_journal (ESCAPE, good);
  put_journal (BYTES, good);
  home_put (&home, ".local/state/handrail/runs/a-file", "", 0600);
  home_put (&home, "elsewhere/x/" STORE_JOURNAL, good, 0600);
  put_answered ();
}

#define LONG                                                         \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
  const char *name, *arguments;
  int status;
  const char *output, *errors; /* NULL: nothing there */
} rows[] = {
  { "newest", "state", 0, "= run " GOOD, NULL },
  { "by-part", "state torn", 0, "= run " TORN, NULL },
  { "torn", "state torn --json", 0, "\"one\"", NULL },
  { "damaged", "state damaged", 1, NULL, "line 2" },
  { "damaged-json", "state damaged --json", 1, NULL, "run " DAMAGED ": " },
  { "newer", "state newer", 1, NULL, "newer" },
  { "empty", "state empty", 1, NULL, "did not begin" },
  { "no-journal", "state none", 1, NULL, "the journal cannot be read" },
  { "over", "state over", 0, "= finished", NULL },
  { "spaces", "state 'a run with spaces'", 0, "= run " SPACES, NULL },
  { "ambiguous", "state lab", 1, NULL, "may mean 10 runs" },
  { "by-path", "state RUNS/" GOOD, 0, "= run " GOOD, NULL },
  { "by-dots", "state RUNS/../runs/" GOOD "/", 0, "= run " GOOD, NULL },
  { "elsewhere", "state HOME/elsewhere/x", 0, "= run x", NULL },
  { "answer", "state HOME/elsewhere/answered", 0,
    "> one: checking\n    answered: nightly-42\n  answered backup: nightly-42\n", NULL },
  { "above", "state ../../../no/such", 1, NULL, "there is no run in ../../../no/such" },
  { "no-folder", "state RUNS/a-file", 1, NULL, "there is no run in " },
  { "unknown", "state nothing", 1, NULL, "there is no run \"nothing\"" },
  { "nothing", "state ''", 1, NULL, "may mean" },
  { "long", "state " LONG, 1, NULL, "there is no run \"aaaa" },
  { "long-path", "state /" LONG, 1, NULL, "there is no run in /aaaa" },
  { "long-runbook", "show " LONG, 1, NULL, "no runbook aaaa" },
  { "hostile", "state \"$(printf '\\033[2J')x\"", 1, NULL, "\\x1B[2Jx" },
  { "hostile-runbook", "show \"$(printf '\\033[2J')x\"", 1, NULL, "\\x1B[2Jx" },
  { "hostile-command", "\"$(printf '\\033[2J')x\"", 2, NULL, "\\x1B[2Jx" },
  { "hostile-site", "show shutdown --site \"$(printf '\\033[2J')x\"", 1, NULL,
    "\\x1B[2Jx" },
  { "hostile-check", "check \"$(printf '/\\033[2J')x.yaml\"", 1, "\\x1B[2Jx", NULL },
  { "bytes", "state \"$(printf '\\377\\376')\"", 0, "\\xFF\\xFE", NULL },

  { "attach-nothing", "attach nothing", 1, NULL, "there is no run \"nothing\"" },
  { "attach-dead", "attach shutdown-lab", 1, NULL, "handrail resume " GOOD },
  { "attach-damaged", "attach damaged", 1, NULL, "line 2" },
  { "attach-over", "attach over", 1, NULL, "is over (finished)" },
  { "resume-nothing", "resume nothing", 1, NULL, "there is no run \"nothing\"" },
  { "resume-damaged", "resume damaged", 1, NULL, "line 2" },
  { "resume-over", "resume over", 1, NULL, "is over (finished)" },
  { "runs", "runs", 0, "\n" GOOD "  ", NULL },
  { "runs-step", "runs", 0, "  lab   shutdown  one      unfinished  ", NULL },
  { "runs-problem", "runs", 0, "! " NEWER ": ", NULL },
  { "runs-last", "runs", 0, "unfinished  0s ago\n", NULL },
  { "runs-heads", "runs", 0, "CONDITION   LAST EVENT\n", NULL },
  { "runs-damaged", "runs", 0, "damaged", NULL },
};

static void
expect_in (const char *text, const char *wanted)
{
  if (wanted ? !strstr (text, wanted) : *text != '\0')
    g_error ("wanted \"%s\", got \"%s\"", wanted ? wanted : "", text);
}

static void
test_row (const void *data)
{
  gsize index = GPOINTER_TO_SIZE (data);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  if (home_is_shared ()) {
    g_test_skip ("this host has a shared state root, whose runs are not the test's");
    return;
  }
  int status = home_call (&home, rows[index].arguments, "", &output, &errors);
  expect_in (output, rows[index].output);
  expect_in (errors, rows[index].errors);
  g_assert_cmpint (status, ==, rows[index].status);
  g_assert_true (g_utf8_validate (output, -1, NULL));
  g_assert_true (g_utf8_validate (errors, -1, NULL));
  g_assert_null (strchr (output, '\033'));
  g_assert_null (strchr (errors, '\033'));
}

/* Every folder is listed, newest first, whatever its name and journal are. */
static void
test_json (void)
{
  static const char *const wanted[][2] = {
    { GOOD, "unfinished" }, { TORN, "unfinished" },   { DAMAGED, "damaged" },
    { NEWER, "damaged" },   { EMPTY, "damaged" },     { NONE, "damaged" },
    { DONE, "done" },       { SPACES, "unfinished" }, { ESCAPE, "unfinished" },
    { NULL, "unfinished" },
  };
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  if (home_is_shared ()) {
    g_test_skip ("this host has a shared state root, whose runs are not the test's");
    return;
  }
  g_assert_cmpint (home_call (&home, "runs --json", "", &output, &errors), ==, 0);
  json_auto_t *list = json_loads (output, 0, NULL);
  g_assert_cmpuint (json_array_size (list), ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    const json_t *run = json_array_get (list, i);
    const char *condition = json_string_value (json_object_get (run, "condition"));
    g_assert_cmpstr (condition, ==, wanted[i][1]);
    g_assert_nonnull (json_string_value (json_object_get (run, "folder")));
    if (wanted[i][0])
      g_assert_cmpstr (json_string_value (json_object_get (run, "run")), ==,
                       wanted[i][0]);
    if (strcmp (condition, "damaged") == 0)
      g_assert_nonnull (json_string_value (json_object_get (run, "problem")));
    else
      g_assert_cmpstr (json_string_value (json_object_get (run, "site")), ==, "lab");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  home_open (&home);
  put_runs ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *name = g_strconcat ("/runs/", rows[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/runs/json", test_json);
  int status = g_test_run ();
  home_close (&home);
  return status;
}
