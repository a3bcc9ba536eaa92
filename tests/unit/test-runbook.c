#include "tests/unit/fake_kinds.h"

#define HEAD "handrail: 1\ntitle: T\n"

typedef struct {
  const char *name, *text;
} Source;

/* The files of a test: an array that ends with a NULL name. */
static gboolean
fetch (const char *name, void *data, GBytes **bytes, GError **error)
{
  for (const Source *source = data; source->name; source++)
    if (strcmp (source->name, name) == 0) {
      *bytes = g_bytes_new (source->text, strlen (source->text));
      return TRUE;
    }
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no such file");
  return FALSE;
}

typedef struct {
  GHashTable *settings, *answers;
  const Site *site;
} Bound;

static Runbook *
load (const Source *sources, const Bound *bound, const char *expected)
{
  g_autoptr (Problems) problems = problems_new ();
  const RunbookOptions options = { .vocabulary = &fake_vocabulary,
                                   .site = bound ? bound->site : NULL,
                                   .settings = bound ? bound->settings : NULL,
                                   .answers = bound ? bound->answers : NULL,
                                   .fetch = fetch,
                                   .fetch_data = (void *)sources };
  Runbook *runbook = runbook_load (sources[0].name, &options, problems);
  g_autofree char *found = problems_format (problems);
  g_assert_cmpstr (found, ==, expected);
  return runbook;
}

static Runbook *
load_text (const char *text, const Bound *bound)
{
  const Source sources[] = { { "dir/t.yaml", text }, { 0 } };
  return load (sources, bound, "");
}

static const Step *
step_at (const Runbook *runbook, guint index)
{
  g_assert_cmpuint (index, <, runbook->steps->len);
  return g_ptr_array_index (runbook->steps, index);
}

static void
assert_clause (const Clause *clause, const char *expected)
{
  g_autofree char *text = clause_format (clause);
  g_assert_cmpstr (text, ==, expected);
}

static Site *
make_site (void)
{
  static const char text[] = "handrail-site: 1\nname: prod\n"
                             "platform: { compose: { project: x } }\n"
                             "services: { nginx: {}, app: {} }\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (Problems) problems = problems_new ();
  return site_load ("prod.yaml", bytes, &fake_vocabulary, NULL, problems);
}

static void
test_steps (void)
{
  g_autoptr (Runbook) runbook = load_text (
      HEAD
      "about: A\nsteps:\n"
      "  - { id: a, title: A, do: { scale: { service: nginx, to: 0 } } }\n"
      "  - { id: b, title: B, do: { scale: { service: nginx, to: recorded, grace: 60s } "
      "},"
      " until: { service: nginx }, undo: none, timeout: 1h30m, confirm: type }\n"
      "  - { id: c, title: C, do: { restart: nginx }, undo: { run: [a b, -c, '', "
      "'it''s'] } }\n"
      "  - { id: d, title: D, record: [counts, version],"
      " until: { command: { run: [ls], status: other, output: 1MiB, quiet: true } } }\n",
      NULL);
  g_assert_cmpstr (runbook->name, ==, "t");
  g_assert_cmpuint (runbook->steps->len, ==, 4);
  const Step *a = step_at (runbook, 0), *b = step_at (runbook, 1),
             *c = step_at (runbook, 2), *d = step_at (runbook, 3);
  assert_clause (a->action, "scale: {service: nginx, to: 0}");
  assert_clause (g_ptr_array_index (a->until, 0), "service: {name: nginx, running: 0}");
  assert_clause (a->undo, "scale: {service: nginx, to: recorded}");
  g_assert_true (a->undo->implied);
  g_assert_false (a->action->implied);
  g_assert_true (a->timeout_us == 10 * G_TIME_SPAN_MINUTE);
  g_assert_false (a->confirm_said);
  g_assert_cmpuint (a->place.line, ==, 5);
  assert_clause (b->action, "scale: {service: nginx, to: recorded, grace: 1m}");
  g_assert_cmpuint (b->until->len, ==, 1);
  assert_clause (g_ptr_array_index (b->until, 0), "service: nginx");
  g_assert_null (b->undo);
  g_assert_true (b->timeout_us == 90 * G_TIME_SPAN_MINUTE);
  g_assert_cmpint (b->confirm, ==, CONFIRM_TYPE);
  assert_clause (c->action, "restart: nginx");
  assert_clause (c->undo, "run: [\"a b\", \"-c\", \"\", \"it's\"]");
  g_assert_cmpuint (d->record, ==, RECORD_COUNTS | RECORD_VERSION);
  assert_clause (g_ptr_array_index (d->until, 0),
                 "command: {run: [ls], status: other, output: 1MiB, quiet: true}");
  json_t *json = clause_json (c->action);
  json_t *wanted = json_pack ("{s:{s:s}}", "restart", "service", "nginx");
  g_assert_true (json_equal (json, wanted));
  json_decref (json);
  json_decref (wanted);
  g_assert_cmpint (runbook_step_index (runbook, "c"), ==, 2);
  g_assert_cmpint (runbook_step_index (runbook, "z"), ==, -1);
}

#define VARIABLES                                                                      \
  "vars:\n  n: { type: count, max: 9 }\n  name: { type: word }\n  h: { default: '{a: " \
  "b}' }\n"
#define USES                                                                             \
  "steps:\n"                                                                             \
  "  - { id: ask, title: A, ask: { text: 'Which $${n}?', match: '^\\S+$', into: name } " \
  "}\n"                                                                                  \
  "  - { id: b, title: 'to ${n}', do: { scale: { service: nginx, to: '${n}' } } }\n"     \
  "  - { id: c, title: C, do: { run: [ echo, '${h}', '${name} ${n}' ] } }\n"

static void
test_without_values (void)
{
  g_autoptr (Runbook) runbook = load_text (HEAD VARIABLES USES, NULL);
  g_assert_cmpstr (runbook_missing (runbook)->name, ==, "n");
  g_assert_cmpstr (step_at (runbook, 0)->ask->text, ==, "Which ${n}?");
  g_assert_cmpstr (step_at (runbook, 1)->title, ==, "to ${n}");
  g_assert_cmpstr (step_at (runbook, 1)->action->missing[0], ==, "n");
  assert_clause (step_at (runbook, 2)->action,
                 "run: [echo, \"{a: b}\", \"${name} ${n}\"]");
  g_assert_cmpuint (g_strv_length (step_at (runbook, 2)->action->missing), ==, 2);
}

static void
test_with_values (void)
{
  Bound bound = { .settings = g_hash_table_new (g_str_hash, g_str_equal),
                  .answers = g_hash_table_new (g_str_hash, g_str_equal) };
  g_hash_table_insert (bound.settings, (gpointer) "n", (gpointer) "3");
  g_hash_table_insert (bound.answers, (gpointer) "name", (gpointer) "base");
  g_autoptr (Runbook) runbook = load_text (HEAD VARIABLES USES, &bound);
  g_assert_null (runbook_missing (runbook));
  assert_clause (step_at (runbook, 1)->action, "scale: {service: nginx, to: 3}");
  g_assert_null (step_at (runbook, 1)->action->missing);
  assert_clause (step_at (runbook, 2)->action, "run: [echo, \"{a: b}\", \"base 3\"]");
  g_hash_table_unref (bound.settings);
  g_hash_table_unref (bound.answers);
}

static void
test_answers (void)
{
  g_autoptr (Runbook) runbook = load_text (HEAD VARIABLES USES, NULL);
  static const struct {
    const char *answer, *problem;
  } rows[] = {
    { "snap-1", NULL },
    { "", "the answer is empty; type one" },
    { "-x", "the answer begins with \"-\" like an option; answer without it" },
    { "a\nb", "the answer holds a control character or line feed; write one line" },
    { "a b", "the answer is \"a b\"; write a word of letters, digits, '.', '_' and '-'" },
    { "\xff", "the answer is not UTF-8; type it again" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *found =
        runbook_answer_problem (runbook, step_at (runbook, 0)->ask, rows[i].answer);
    g_assert_cmpstr (found, ==, rows[i].problem);
  }
}

/* What an answer must look like is looked at after what its variable can hold. */
static void
test_answer_matches (void)
{
  static const struct {
    const char *ask, *answer, *problem;
  } rows[] = {
    { "match: '^snap-\\d+$'", "snap-12", NULL },
    { "match: '^snap-\\d+$'", "snap-",
      "the answer does not match ^snap-\\d+$; answer in that form" },
    { "match: '^snap-\\d+$', form: 'snap- and its number'", "snap-",
      "the answer is to be snap- and its number; type it in that form" },
    { "match: '^\\d$', into: n", "7", NULL },
    { "match: '^\\d$', into: n", "11", "the answer is 11, out of bounds; write 1 to 9" },
    { "match: '^\\d$', into: n", "seven",
      "the answer is \"seven\"; write a whole number" },
    { "match: '^[6-9]$', into: n", "5",
      "the answer does not match ^[6-9]$; answer in that form" },
    { "into: free", "anything at all", NULL },
    { "match: x", "a\tb", "the answer holds a control character; remove it" },
    { "match: '(a+)+[bc]'",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "the answer cannot be checked: the pattern (a+)+[bc] takes too long on this text; "
      "write it with fewer repeats inside repeats" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text =
        g_strdup_printf (HEAD "vars: { n: { type: count, min: 1, max: 9 } }\nsteps:\n"
                              "  - { id: a, title: A, ask: { text: x, %s } }\n",
                         rows[i].ask);
    g_autoptr (Runbook) runbook = load_text (text, NULL);
    g_autofree char *found =
        runbook_answer_problem (runbook, step_at (runbook, 0)->ask, rows[i].answer);
    g_assert_cmpstr (found, ==, rows[i].problem);
  }
}

/* Names and texts of a map come out in the order of names. */
static void
test_map (void)
{
  g_autoptr (Runbook) runbook =
      load_text (HEAD "steps:\n  - id: a\n    title: A\n    until: { tcp: { host: db, "
                      "port: 1, headers: { b: x y, a: '$${z}', c: '' } } }\n",
                 NULL);
  assert_clause (
      g_ptr_array_index (step_at (runbook, 0)->until, 0),
      "tcp: {host: db, port: 1, headers: {a: \"$${z}\", b: \"x y\", c: \"\"}}");
}

static void
test_when (void)
{
  g_autoptr (Site) site = make_site ();
  const Bound bound = { .site = site };
  static const struct {
    const char *when, *why;
  } rows[] = {
    { "{ service: nginx }", NULL },
    { "{ service: puma }", "prod has no service puma" },
    { "{ platform: compose }", NULL },
    { "{ platform: ecs }", "prod runs on compose, not ecs" },
    { "{ not: { platform: compose } }", "prod runs on compose" },
    { "{ not: { service: puma } }", NULL },
    { "{ service: nginx, not: { service: app } }", "prod has a service app" },
    { "{ var: { t: 60s } }", NULL },
    { "{ var: { t: 2m } }", "t is 1m, not 2m; --set t=… would change that" },
    { "{ var: { open: 5 } }", NULL }, /* not known yet */
    { "{ not: { var: { open: 5 } } }", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = g_strdup_printf (
        HEAD "vars: { t: { type: duration, default: 1m }, open: {} }\nsteps:"
             "\n  - { id: a, title: A, ask: { text: x }, when: %s }\n",
        rows[i].when);
    g_autoptr (Runbook) runbook = load_text (text, &bound);
    g_assert_cmpstr (step_at (runbook, 0)->applies_not, ==, rows[i].why);
    g_assert_cmpint (step_at (runbook, 0)->applies, ==, rows[i].why == NULL);
  }
}

static void
test_platform (void)
{
  static const char text[] = HEAD "steps:\n  - id: a\n    title: A\n    do: { compose: { "
                                  "restart: nginx }, ecs: { run: "
                                  "[aws] }, kubernetes: { run: [kubectl] } }\n";
  g_autoptr (Site) site = make_site ();
  const Bound bound = { .site = site };
  g_autoptr (Runbook) there = load_text (text, &bound);
  assert_clause (step_at (there, 0)->action, "restart: nginx");
  g_autoptr (Runbook) nowhere = load_text (text, NULL);
  g_assert_null (step_at (nowhere, 0)->action->kind);
  assert_clause (step_at (nowhere, 0)->action,
                 "{compose: {restart: {service: nginx}}, ecs: {run: {argv: [aws]}}, "
                 "kubernetes: {run: {argv: [kubectl]}}}");
}

static void
test_include (void)
{
  static const Source sources[] = {
    { "d/out.yaml",
      HEAD "vars: { w: { type: duration, default: 3m }, x: { default: outer } }\n"
           "steps:\n  - include: { file: sub/in.yaml, except: [b], with: { n: 4 } }\n"
           "  - { id: z, title: '${x}', ask: { text: x } }\n" },
    { "d/sub/in.yaml",
      HEAD "vars: { w: { type: duration, default: 1m }, x: {}, n: { type: "
           "count, default: 1 }, own: { default: mine } }\nsteps:\n"
           "  - { id: a, title: '${w} ${x} ${n} ${own}', ask: { text: x } }\n"
           "  - { id: b, title: B, ask: { text: x } }\n"
           "  - include: { file: ../last.yaml }\n" },
    { "d/last.yaml", HEAD "steps:\n  - { id: c, title: C, ask: { text: x } }\n" },
    { 0 },
  };
  g_autoptr (Runbook) runbook = load (sources, NULL, "");
  g_assert_cmpuint (runbook->steps->len, ==, 3);
  g_assert_cmpstr (step_at (runbook, 0)->title, ==, "3m outer 4 mine");
  g_assert_cmpstr (step_at (runbook, 0)->place.file, ==, "d/sub/in.yaml");
  g_assert_cmpstr (step_at (runbook, 1)->id, ==, "c");
  g_assert_cmpstr (step_at (runbook, 2)->title, ==, "outer");
  g_assert_cmpuint (runbook->variables->len, ==, 2);
  g_assert_cmpuint (runbook->sources->len, ==, 3);
  const RunbookSource *last = g_ptr_array_index (runbook->sources, 2);
  g_assert_cmpstr (last->name, ==, "d/last.yaml");
  g_assert_cmpuint (strlen (last->digest), ==, 64);
}

/* A variable named again and again cannot fill the memory. */
static void
test_expansion (void)
{
  g_autoptr (GString) text = g_string_new (HEAD "vars: { v: { default: ");
  for (guint i = 0; i < 3000; i++)
    g_string_append_c (text, 'x');
  g_string_append (text, " } }\nsteps:\n  - { id: a, title: '");
  for (guint i = 0; i < 2000; i++)
    g_string_append (text, "${v}");
  g_string_append (text, "', ask: { text: x } }\n");
  const Source sources[] = { { "t.yaml", text->str }, { 0 } };
  runbook_free (load (sources, NULL,
                      "t.yaml:5:21: the text is longer than 4000 characters with its "
                      "variables written out; "
                      "shorten it\n"));
}

/* Each file is small, and so is each step; together they are too many. */
static void
test_too_many (void)
{
  g_autoptr (GString) many = g_string_new (HEAD "steps:\n");
  for (guint i = 0; i <= RUNBOOK_STEPS_MAX; i++)
    g_string_append_printf (many, "- { id: s%u, title: S, ask: { text: x } }\n", i);
  const Source one[] = { { "t.yaml", many->str }, { 0 } };
  g_autoptr (Runbook) steps = load (
      one, NULL, "t.yaml:10004:3: the runbook has more than 10000 steps; split it\n");
  g_assert_cmpuint (steps->steps->len, ==, RUNBOOK_STEPS_MAX);
  g_string_assign (many, HEAD "steps:\n");
  for (guint i = 0; i < RUNBOOK_SOURCES_MAX; i++)
    g_string_append (many, "- include: { file: in.yaml, except: [ a ] }\n");
  const Source two[] = {
    { "t.yaml", many->str },
    { "in.yaml", HEAD "steps:\n- { id: a, title: A, ask: { text: x } }\n" },
    { 0 },
  };
  runbook_free (load (two, NULL,
                      "t.yaml:103:20: the runbook includes more than 100 files or 8 MiB; "
                      "include fewer\n"));
}

static char *
make_large (guint steps)
{
  GString *text =
      g_string_new (HEAD "vars: { w: { type: duration, default: 2m } }\nsteps:\n");
  for (guint i = 0; i < steps; i++)
    g_string_append_printf (
        text,
        "  - id: step-%u\n    title: Step number %u of the procedure\n    why: It waits "
        "${w}.\n"
        "    require:\n      - service: { name: [app-%u, nginx], running: 0 }\n"
        "      - tcp: { host: db.internal, port: 5432 }\n"
        "    do: { scale: { service: nginx, to: 0 } }\n"
        "    until: [ { service: { name: nginx, running: 0, for: \"${w}\" } } ]\n",
        i, i, i % 7);
  return g_string_free (text, FALSE);
}

static void
test_large (void)
{
  g_autofree char *text = make_large (5000);
  g_test_timer_start ();
  g_autoptr (Runbook) runbook = load_text (text, NULL);
  g_test_message ("5000 steps in %.1f ms", g_test_timer_elapsed () * 1000);
  g_assert_cmpuint (runbook->steps->len, ==, 5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runbook/steps", test_steps);
  g_test_add_func ("/runbook/without-values", test_without_values);
  g_test_add_func ("/runbook/with-values", test_with_values);
  g_test_add_func ("/runbook/answers", test_answers);
  g_test_add_func ("/runbook/answer-matches", test_answer_matches);
  g_test_add_func ("/runbook/map", test_map);
  g_test_add_func ("/runbook/when", test_when);
  g_test_add_func ("/runbook/platform", test_platform);
  g_test_add_func ("/runbook/include", test_include);
  g_test_add_func ("/runbook/expansion", test_expansion);
  g_test_add_func ("/runbook/too-many", test_too_many);
  g_test_add_func ("/runbook/large", test_large);
  return g_test_run ();
}
