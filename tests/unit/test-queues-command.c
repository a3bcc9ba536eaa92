/* `handrail queues` as it is called, with recorded samples. */
#include <jansson.h>
#include <math.h>

#include "tests/unit/program.h"

static Home home; /* made once, before the first test */

/* What the calls below are given on standard input. */
#define QUIET(at) "{\"at\": " at ", \"queues\": [{\"name\": \"a\", \"size\": 3}]}\n"
#define ODD                                                                           \
  "{\"at\": 0.1, \"more\": [1], \"queues\": [{\"name\": \"\\u001b[2J \xd0\xb6\\n\", " \
  "\"size\": 70}, {\"name\": \"b\", \"size\": 0, \"paused\": false}], \"retry\": 2}\n"

/* What a live look knows besides; WORKER is one of them. */
#define WORKER(quiet) "{\"name\": \"h:1:a\", \"quiet\": " quiet "}"
#define LIVE(at, size)                                                                   \
  "{\"at\": " at ", \"queues\": [{\"name\": \"a\", \"size\": " size                      \
  "}, {\"name\": \"b\", \"size\": 7, \"consumed\": false}, {\"name\": \"c\", \"size\": " \
  "0, "                                                                                  \
  "\"consumed\": false, \"paused\": true}], \"busy\": 10, \"threads\": 20, \"retry\": "  \
  "2, "                                                                                  \
  "\"scheduled\": 0, \"dead\": 1, \"processed\": " at ", \"gone\": [\"h:2:b\"], "        \
  "\"processes\": [" WORKER ("true") ", " WORKER ("false") "]}\n"
#define NO_WORKERS                                                          \
  "{\"at\": 0, \"queues\": [{\"name\": \"a\", \"size\": 7}], \"busy\": 0, " \
  "\"threads\": 0, \"processes\": []}\n"
#define FAILED(at) "{\"at\": " at ", \"verdict\": \"stale\", \"error\": \"a\\u001b b\"}\n"

static const struct {
  const char *name;
  const char *arguments; /* DATA is the folder of the series */
  const char *input;
  int status;
  const char *output; /* must be in it; NULL: nothing is printed there */
  const char *errors;
} calls[] = {
  { "passes", "--replay DATA/falling.jsonl", "", 0, "/s  near zero for 2m\n", NULL },
  { "growing", "--replay DATA/growing.jsonl", "", 1,
    "growing: 13 busy threads would drain it in 10m; growing: default (212)\n", NULL },
  { "eta", "--replay DATA/noisy-falling.jsonl", "", 1,
    "shrinking: near zero in about 2m10s (", NULL },
  { "stuck", "--replay DATA/stuck.jsonl", "", 1,
    "stuck: nobody takes jobs; stuck: default", NULL },
  { "not-consumed", "--replay DATA/nobody-takes-one.jsonl", "", 1,
    "; stuck: reports (8)\n", NULL },
  { "gap", "--replay DATA/gap.jsonl", "", 0,
    "stale: no sample for too long before this one", NULL },
  { "drained", "--replay DATA/drains-then-busy.jsonl", "", 1,
    "/s  near zero for 1m38s of 2m\n", NULL },
  { "window", "--replay DATA/drains-then-busy.jsonl --window 90s", "", 1,
    "/s  near zero for 1m30s\n", NULL },
  { "window-long", "--replay DATA/falling.jsonl --window 30m", "", 1, "s of 30m\n",
    NULL },
  { "at-most", "--replay DATA/steady-handful.jsonl --at-most 9", "", 1, "steady", NULL },
  { "at-most-none", "--replay - --at-most 2 --window 30s",
    QUIET ("0") QUIET ("10") QUIET ("20") QUIET ("30"), 1, "unknown: too few samples\n",
    NULL },
  { "input", "--replay - --window 30s",
    QUIET ("0") QUIET ("10") QUIET ("20") QUIET ("30"), 0,
    "30.0s      total 3       busy ?          ?/s  near zero for 30s\n", NULL },
  { "input-later", "--replay - --window 30s", QUIET ("0") QUIET ("10") QUIET ("20"), 1,
    "/s  near zero for 20s of 30s\n", NULL },
  { "no-feed-at-end", "--replay -", "{\"at\": 0, \"queues\": []}", 1, "total 0", NULL },
  { "blank-lines", "--replay -", "\n \r\n" QUIET ("0") "\n", 1, "total 3", NULL },
  { "date", "--replay -", QUIET ("1795335122.77"), 1, "08:12:02Z  total 3", NULL },
  { "printable", "--replay -", ODD, 1, "total 70", NULL },

  { "nothing", "--replay -", "", 1, NULL, "standard input: it holds no sample" },
  { "wrong-line", "--replay -", QUIET ("0") "\n{}\n" QUIET ("2"), 1, "0.0s",
    "standard input:3: \"at\" is missing; give a number" },
  { "wrong-name", "--replay -",
    "{\"at\": 0, \"queues\": [{\"name\": \"\\u001b[2J\", \"size\": -1}]}", 1, NULL,
    "standard input:1: queue 1 (\\x1B[2J): \"size\" is -1" },
  { "back", "--replay -", QUIET ("9") QUIET ("2"), 1, "9.0s",
    "standard input:2: \"at\" is 7.000 s before that of the sample above" },
  { "no-file", "--replay HOME/none.jsonl", "", 1, NULL, "No such file" },
  { "folder", "--replay HOME", "", 1, NULL, "directory" },

  { "workers", "--replay -", LIVE ("0", "3"), 1,
    "0.0s       total 10      2 workers (1 quiet), 10 of 20 busy       ?/s  unknown: "
    "watched for 0s of 2m; nobody consumes b (7); paused: c (0); 1 worker is gone "
    "without a word; 2 to retry, 1 dead\n",
    NULL },
  { "no-workers", "--replay -", NO_WORKERS, 1,
    "0.0s       total 7       no workers                       ?/s  unknown: watched "
    "for 0s of 2m; is this the right Redis, and the right database?\n",
    NULL },
  { "workers-wanted", "--replay - --window 40s",
    LIVE ("0", "20") LIVE ("10", "30") LIVE ("20", "40") LIVE ("30", "50")
        LIVE ("40", "60"),
    1,
    "/s  growing: 22 busy threads (3 workers) would drain it in 10m, there are 20 (2); "
    "growing: a (60); nobody consumes b (7); paused: c (0); 1 worker is gone",
    NULL },
  { "failed", "--replay - --window 30s",
    QUIET ("0") QUIET ("10") QUIET ("20") QUIET ("30") FAILED ("31"), 1,
    "31.0s      ~ stale: a\\x1B b\n", NULL },
  { "failed-between", "--replay - --window 30s",
    QUIET ("0") QUIET ("10") FAILED ("11") QUIET ("20") QUIET ("30"), 0,
    "\n30.0s      total 3 ", NULL },
  { "failed-only", "--replay -", FAILED ("0"), 1, "~ stale: ", "it holds no sample" },
  { "failed-json", "--replay - --json", FAILED ("2"), 1,
    "{\"at\":2.0,\"verdict\":\"stale\",\"slope_per_s\":null,\"eta_s\":null,\"passes\":"
    "false,\"error\":\"a\\\\x1B b\"}\n",
    "it holds no sample" },
  { "too-large", "--replay -",
    "{\"at\": 0, \"queues\": [], \"retry\": 3, \"dead\": 1e300}", 1, "; 3 to retry\n",
    NULL },

  { "no-site", "--site lab", "", 1, NULL, "no site lab in " },
  { "neither", "", "", 2, NULL, "usage: handrail queues --site SITE, or --replay FILE" },
  { "both", "--replay - --site lab", "", 2, NULL, "usage: handrail queues --site SITE" },
  { "interval", "--replay - --interval 2s", "", 2, NULL, "sampled already" },
  { "set", "--replay - --set a=b", "", 2, NULL, "sampled already" },
  { "interval-short", "--site lab --interval 900ms", "", 2, NULL, "from 1s to 1m" },
  { "interval-long", "--site lab --interval 61s", "", 2, NULL, "from 1s to 1m" },
  { "interval-window", "--site lab --interval 10s --window 49s", "", 2, NULL,
    "a window needs 5 samples at least" },
  { "argument", "--replay - more", "", 2, NULL, "usage: handrail queues" },
  { "window-short", "--replay - --window 29s", "", 2, NULL, "from 30s to 30m" },
  { "window-too-long", "--replay - --window 31m", "", 2, NULL, "from 30s to 30m" },
  { "window-wrong", "--replay - --window 5", "", 2, NULL, "from 30s to 30m" },
  { "at-most-wrong", "--replay - --at-most -1", "", 2, NULL, "must be a count of jobs" },
  { "option", "--replya -", "", 2, NULL, "did you mean --replay?" },
  { "help", "--help", "", 0, "--at-most=N", NULL },
};

static int
call (const char *arguments, const char *input, char **output, char **errors)
{
  g_autofree char *data =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "queues", NULL);
  g_autoptr (GString) words = g_string_new ("queues ");
  g_string_append (words, arguments);
  g_string_replace (words, "DATA", data, 0);
  return home_call (&home, words->str, input, output, errors);
}

static void
expect_in (const char *name, const char *text, const char *wanted)
{
  if (wanted ? !strstr (text, wanted) : *text != '\0')
    g_error ("%s: wanted \"%s\", got \"%s\"", name, wanted ? wanted : "", text);
}

static void
test_call (const void *data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *output = NULL, *errors = NULL;
  int status = call (calls[i].arguments, calls[i].input, &output, &errors);
  expect_in (calls[i].name, output, calls[i].output);
  expect_in (calls[i].name, errors, calls[i].errors);
  g_assert_null (strchr (output, '\033'));
  g_assert_null (strchr (errors, '\033'));
  g_assert_cmpint (status, ==, calls[i].status);
}

/* The line comes back as it was, with what is said of it. */
static void
test_json (void)
{
  static const char *const members[] = { "verdict", "slope_per_s", "eta_s", "passes" };
  g_autofree char *output = NULL, *errors = NULL;
  g_assert_cmpint (call ("--json --replay -", ODD, &output, &errors), ==, 1);
  g_assert_cmpstr (errors, ==, "");
  g_assert_nonnull (strstr (output, "{\"at\":0.1,\"more\":[1],"));
  json_auto_t *before = json_loads (ODD, 0, NULL);
  json_auto_t *after = json_loads (output, 0, NULL);
  json_t *queue = json_array_get (json_object_get (after, "queues"), 0);
  json_t *other = json_array_get (json_object_get (after, "queues"), 1);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_assert_nonnull (json_object_get (after, members[i]));
    json_object_del (after, members[i]);
    g_assert_nonnull (json_object_get (queue, members[i]));
    json_object_del (queue, members[i]);
    g_assert_nonnull (json_object_get (other, members[i]));
    json_object_del (other, members[i]);
  }
  g_assert_true (json_equal (before, after));
}

static void
check_members (json_t *object)
{
  const char *verdict = json_string_value (json_object_get (object, "verdict"));
  json_t *eta = json_object_get (object, "eta_s");
  json_t *slope = json_object_get (object, "slope_per_s");
  gboolean shrinking = g_strcmp0 (verdict, "shrinking") == 0;
  gboolean passes = json_is_true (json_object_get (object, "passes"));
  g_assert_true (json_is_boolean (json_object_get (object, "passes")));
  g_assert_true (passes == (g_strcmp0 (verdict, "near-zero") == 0));
  g_assert_true (json_is_number (slope) || json_is_null (slope));
  g_assert_true (shrinking ? json_array_size (eta) == 3 : json_is_null (eta));
  if (!shrinking)
    return;
  double low = json_number_value (json_array_get (eta, 0));
  double middle = json_number_value (json_array_get (eta, 1));
  g_assert_cmpfloat (low, <=, middle);
  g_assert_cmpfloat (middle, <=, json_number_value (json_array_get (eta, 2)));
  g_assert_cmpfloat (json_number_value (slope), <, 0);
}

static void
test_json_series (void)
{
  g_autofree char *output = NULL, *errors = NULL;
  int status =
      call ("--json --replay DATA/one-of-many-growing.jsonl", "", &output, &errors);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (output), "\n", -1);
  g_assert_cmpint (status, ==, 1);
  g_assert_cmpuint (g_strv_length (lines), ==, 121);
  for (guint i = 0; lines[i]; i++) {
    json_auto_t *line = json_loads (lines[i], 0, NULL);
    json_t *queues = json_object_get (line, "queues");
    check_members (line);
    g_assert_cmpuint (json_array_size (queues), ==, 5);
    for (gsize j = 0; j < 5; j++)
      check_members (json_array_get (queues, j));
  }
}

/* A line without an end is given up before it fills the memory. */
static void
test_long_line (void)
{
  g_autofree char *input = g_strnfill (1024 * 1024 + 70000, '[');
  g_autofree char *output = NULL, *errors = NULL;
  g_assert_cmpint (call ("--replay -", input, &output, &errors), ==, 1);
  g_assert_nonnull (strstr (errors, "standard input:1: the line is longer than 1048576"));
  g_assert_cmpuint (strlen (errors), <, 200);
}

/* JSON stays JSON where the locale has no UTF-8. */
static void
test_json_ascii (void)
{
  g_autofree char *output = NULL, *errors = NULL;
  GStrv kept = home.environment;
  home.environment = g_environ_setenv (g_strdupv (kept), "LC_ALL", "C", TRUE);
  call ("--json --replay -", ODD, &output, &errors);
  g_strfreev (home.environment);
  home.environment = kept;
  json_auto_t *line = json_loads (output, 0, NULL);
  const char *name = NULL;
  g_assert_cmpint (json_unpack (line, "{s[{ss}]}", "queues", "name", &name), ==, 0);
  g_assert_cmpstr (name, ==, "\033[2J \xd0\xb6\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  home_open (&home);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autofree char *name = g_strconcat ("/queues-command/", calls[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_call);
  }
  g_test_add_func ("/queues-command/json", test_json);
  g_test_add_func ("/queues-command/json-series", test_json_series);
  g_test_add_func ("/queues-command/json-ascii", test_json_ascii);
  g_test_add_func ("/queues-command/long-line", test_long_line);
  int status = g_test_run ();
  home_close (&home);
  return status;
}
