/* Runbooks (.yaml) and sites (.site) of the real kinds, and what is read from them:
 * data/read; of a site also the file with an identity pinned. Comments at a file's head
 * bind it: "# site NAME" (beside it), "# set NAME=VALUE" for the command
 * line, "# answer NAME=VALUE" for what `ask` has given: then it is loaded without, and
 * again with the answers. Set HANDRAIL_REGENERATE=1 to write the expected models anew,
 * and read the difference before committing it. */
#include <stdlib.h>
#include <string.h>

#include "core/actions/actions.h"
#include "core/base/quantity.h"
#include "core/checks/checks.h"
#include "core/platforms/platforms.h"
#include "core/runbook/runbook.h"

static const Vocabulary vocabulary = { check_kinds, action_kinds, platform_kinds };

/* Where make says the sources are; else here. */
static char *
data_path (const char *name)
{
  const char *named = g_getenv ("srcdir");
  const char *source = named ? named : g_getenv ("G_TEST_SRCDIR");
  return g_build_filename (source ? source : ".", "tests/unit/data/read", name, NULL);
}

static gboolean
fetch_file (const char *name, void *data, GBytes **bytes, GError **error)
{
  (void)data;
  g_autofree char *path = data_path (name);
  char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents (path, &text, &length, NULL)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "no such file");
    return FALSE;
  }
  *bytes = g_bytes_new_take (text, length);
  return TRUE;
}

static gboolean
fetch_text (const char *name, void *data, GBytes **bytes, GError **error)
{
  (void)name, (void)error;
  *bytes = g_bytes_new (data, strlen (data));
  return TRUE;
}

/* ---- the model as text ----------------------------------------------------- */

static void
add_words (GString *out, const char *before, const char *const *words)
{
  g_autofree char *joined = words ? g_strjoinv (" ", (char **)words) : NULL;
  if (joined)
    g_string_append_printf (out, "%s%s", before, joined);
}

static void
add_clause (GString *out, const char *what, const Clause *clause)
{
  if (!clause)
    return;
  g_autofree char *text = clause_format (clause);
  g_string_append_printf (out, "  %s%s %s", clause->implied ? "implied " : "", what,
                          text);
  add_words (out, "   # waits for ", (const char *const *)clause->missing);
  g_string_append_c (out, '\n');
}

static void
add_clauses (GString *out, const char *what, const GPtrArray *clauses)
{
  for (guint i = 0; i < clauses->len; i++)
    add_clause (out, what, g_ptr_array_index (clauses, i));
}

static void
add_text (GString *out, const char *what, const char *text)
{
  g_autofree char *escaped = text ? g_strescape (text, "") : NULL;
  if (escaped)
    g_string_append_printf (out, "  %s %s\n", what, escaped);
}

static void
add_ask (GString *out, const Ask *ask)
{
  if (!ask)
    return;
  add_text (out, "ask", ask->text);
  add_text (out, "match", ask->match ? pattern_expression (ask->match) : NULL);
  add_text (out, "into", ask->into);
}

static void
add_record (GString *out, RecordFlags record)
{
  static const char *const names[] = { "counts", "images", "version" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (record & 1u << i)
      add_text (out, "record", names[i]);
}

static void
add_step (GString *out, const Step *step)
{
  static const char *const confirms[] = { "key", "type", "none" };
  g_autofree char *timeout = quantity_format_duration (step->timeout_us);
  g_string_append_printf (out, "%s (%s:%u) %s\n", step->id, step->place.file,
                          step->place.line, step->title);
  add_text (out, "why", step->why);
  add_text (out, "not here:", step->applies ? NULL : step->applies_not);
  add_record (out, step->record);
  add_clauses (out, "require", step->require);
  add_ask (out, step->ask);
  add_text (out, "confirm", step->confirm_said ? confirms[step->confirm] : NULL);
  add_clause (out, "do", step->action);
  add_clauses (out, "during", step->during);
  add_clauses (out, "until", step->until);
  if (step->otherwise) {
    add_text (out, "offer", step->otherwise->offer);
    add_clause (out, "otherwise", step->otherwise->action);
  }
  add_clause (out, "undo", step->undo);
  if (step->timeout_us != 10 * G_TIME_SPAN_MINUTE)
    add_text (out, "timeout", timeout);
}

static void
add_variable (GString *out, const Variable *variable)
{
  g_string_append_printf (out, "%s: %s %s%s\n", variable->name,
                          runbook_variable_types[variable->type],
                          variable->value ? variable->value : "without value",
                          variable->asked ? ", asked" : "");
}

static void
add_runbook (GString *out, const Runbook *runbook)
{
  for (guint i = 0; i < runbook->sources->len; i++) {
    const RunbookSource *source = g_ptr_array_index (runbook->sources, i);
    g_string_append_printf (out, "source %s\n", source->name);
  }
  for (guint i = 0; i < runbook->variables->len; i++)
    add_variable (out, g_ptr_array_index (runbook->variables, i));
  const Variable *missing = runbook_missing (runbook);
  if (missing)
    g_string_append_printf (out, "cannot run without %s\n", missing->name);
  for (guint i = 0; i < runbook->steps->len; i++)
    add_step (out, g_ptr_array_index (runbook->steps, i));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_map (GString *out, const char *what, GHashTable *map)
{
  guint count = 0;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (map, &count);
  qsort (names, count, sizeof *names, compare_names);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (out, "%s %s is %s\n", what, (char *)names[i],
                            (char *)g_hash_table_lookup (map, names[i]));
}

static void
add_site (GString *out, const Site *site)
{
  g_autofree char *platform = clause_format (site->platform);
  g_string_append_printf (out, "%s%s on %s\n", site->name,
                          site->production ? ", production," : "", platform);
  add_map (out, "identity", site->identity);
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    g_string_append_printf (out, "service %s is %s\n", service->name, service->service);
    add_text (out, "managed by", service->managed);
    add_text (out, "answers at", service->health);
    if (service->replicas != FIELD_UNSET)
      g_string_append_printf (out, "  replicas %d\n", (int)service->replicas);
  }
}

/* The file with a new identity in it, or that it cannot be edited. */
static void
add_pinned (GString *out, const Site *site)
{
  g_autoptr (GHashTable) identity = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (identity, (gpointer) "engine", (gpointer) "ABCD:EFGH");
  g_hash_table_insert (identity, (gpointer) "project", (gpointer) "tines");
  g_autofree char *pinned = site_pin (site, identity);
  g_string_append_printf (out, "\n=== pinned\n%s", pinned ? pinned : "must be written\n");
}

/* ---- there and back -------------------------------------------------------- */

/* What is said of `text`, when it stands alone in a step. */
static char *
say_alone (gboolean action, const char *text, char *(*say) (const Clause *clause))
{
  g_autofree char *file = g_strdup_printf (
      "handrail: 1\ntitle: T\nsteps:\n- id: a\n  title: A\n  %s: { %s }\n",
      action ? "do" : "require", text);
  g_autoptr (Problems) problems = problems_new ();
  const RunbookOptions options = { .vocabulary = &vocabulary,
                                   .fetch = fetch_text,
                                   .fetch_data = file };
  g_autoptr (Runbook) runbook = runbook_load ("alone.yaml", &options, problems);
  g_autofree char *found = problems_format (problems);
  g_assert_cmpstr (found, ==, "");
  const Step *step = g_ptr_array_index (runbook->steps, 0);
  return say (action ? step->action : g_ptr_array_index (step->require, 0));
}

/* What it is read as. */
static char *
read_alone (gboolean action, const char *text)
{
  return say_alone (action, text, clause_format);
}

/* Checks say what they want in the words that their verdicts have. */
static void
test_words (void)
{
  static const char *const rows[][2] = {
    { "service: { name: nginx, running: 0 }", "nginx has none running" },
    { "service: { name: [a, b], running: 2, ready: 1 }",
      "a and b have 2 running and 1 ready" },
    { "service: { name: a, ready: recorded, images: recorded }",
      "a has as many ready as were recorded and the images that were recorded" },
    { "queues: { state: near-zero, window: 5m, at-most: 3 }",
      "queues: near zero (at most 3 queued) for 5m" },
    { "queues: { state: shrinking, busy: 2 }",
      "queues: shrinking over 2m; at most 2 busy" },
    { "queues: { busy: 0, quiet: all, for: 15s, of: web }",
      "queues: nobody busy, every worker quiet for 15s; workers of web" },
    { "queues: { quiet: all }", "queues: every worker quiet" },
    { "redis: { keeps-data: true, of: web }",
      "redis: answers; keeps its data; is the one of web" },
    { "redis: { server: new, empty: true, version: 7, role: slave, policy: noeviction }",
      "redis-new: answers; is version 7; is a replica; maxmemory-policy is noeviction; "
      "holds no key" },
    { "http: { url: \"https://u:p@h/x?k\", within: 2s, json: { b: t, a.c: 1 } }",
      "https://h/x answers 200 within 2s, a.c is 1, b is t" },
    { "http: { service: web, status: 302, version: recorded, match: ok }",
      "the health address of web answers 302, version as recorded, with /ok/ in it" },
    { "tcp: \"[::1]:80\"", "[::1]:80 takes connections" },
    { "command: [test, -d, /tmp]", "test -d /tmp: exit 0" },
    { "command: { run: [ls], status: 2, match: x }", "ls: exit 2, said /x/" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *words = say_alone (FALSE, rows[i][0], clause_words);
    g_assert_cmpstr (words, ==, rows[i][1]);
  }
}

/* A clause is written as it can be read again, in the words of a runbook and in JSON's. */
static void
check_again (gboolean action, const Clause *clause)
{
  if (!clause || clause->missing || !clause->kind)
    return;
  g_autofree char *text = clause_format (clause);
  if (strstr (text, "planned")) /* only what a kind implies says so */
    return;
  json_t *json = clause_json (clause);
  char *dumped = json_dumps (json, JSON_ENCODE_ANY);
  g_autofree char *inner = g_strndup (dumped + 1, strlen (dumped) - 2);
  g_autofree char *again = read_alone (action, text);
  g_autofree char *from_json = read_alone (action, inner);
  g_assert_cmpstr (again, ==, text);
  g_assert_cmpstr (from_json, ==, text);
  free (dumped);
  json_decref (json);
}

static void
check_all_again (const Runbook *runbook)
{
  for (guint i = 0; i < runbook->steps->len; i++) {
    const Step *step = g_ptr_array_index (runbook->steps, i);
    const GPtrArray *lists[] = { step->require, step->during, step->until };
    for (guint list = 0; list < G_N_ELEMENTS (lists); list++)
      for (guint j = 0; j < lists[list]->len; j++)
        check_again (FALSE, g_ptr_array_index (lists[list], j));
    check_again (TRUE, step->action);
    check_again (TRUE, step->undo);
    check_again (TRUE, step->otherwise ? step->otherwise->action : NULL);
  }
}

/* ---- files ----------------------------------------------------------------- */

/* The lines "# WORD NAME=VALUE" of a file, or NULL. */
static GHashTable *
find_values (const char *text, const char *word)
{
  g_autofree char *start = g_strdup_printf ("# %s ", word);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GHashTable *values = NULL;
  for (char **line = lines; *line; line++) {
    if (!g_str_has_prefix (*line, start))
      continue;
    g_auto (GStrv) parts = g_strsplit (*line + strlen (start), "=", 2);
    if (!values)
      values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert (values, g_strdup (parts[0]), g_strdup (parts[1]));
  }
  return values;
}

static Site *
find_site (const char *text, GHashTable *settings, Problems *problems)
{
  g_autoptr (GBytes) bytes = NULL;
  if (!g_str_has_prefix (text, "# site "))
    return NULL;
  const char *name = text + strlen ("# site ");
  g_autofree char *file = g_strndup (name, strcspn (name, "\n"));
  g_assert_true (fetch_file (file, NULL, &bytes, NULL));
  return site_load (file, bytes, &vocabulary, settings, problems);
}

static void
add_loaded (GString *out, const char *name, const char *text, GHashTable *answers)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GHashTable) settings = find_values (text, "set");
  g_autoptr (Site) site = find_site (text, settings, problems);
  const RunbookOptions options = { .vocabulary = &vocabulary,
                                   .site = site,
                                   .settings = settings,
                                   .answers = answers,
                                   .fetch = fetch_file };
  g_autoptr (Runbook) runbook = runbook_load (name, &options, problems);
  g_autofree char *wrong = problems_format (problems);
  g_string_append (out, wrong);
  if (!runbook)
    return;
  add_runbook (out, runbook);
  if (problems_count (problems) == 0)
    check_all_again (runbook);
}

static void
read_site (GString *out, const char *name, const char *text)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GHashTable) settings = find_values (text, "set");
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (Site) site = site_load (name, bytes, &vocabulary, settings, problems);
  g_autofree char *wrong = problems_format (problems);
  g_string_append (out, wrong);
  if (!site)
    return;
  add_site (out, site);
  add_pinned (out, site);
}

static char *
read_any (const char *name)
{
  GString *out = g_string_new (NULL);
  g_autofree char *path = data_path (name);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  if (g_str_has_suffix (name, ".site")) {
    read_site (out, name, text);
    return g_string_free (out, FALSE);
  }
  g_autoptr (GHashTable) answers = find_values (text, "answer");
  add_loaded (out, name, text, NULL);
  if (answers) {
    g_string_append (out, "\n=== answered\n");
    add_loaded (out, name, text, answers);
  }
  return g_string_free (out, FALSE);
}

static void
test_file (gconstpointer data)
{
  const char *name = data;
  g_autofree char *expected_name = g_strdup_printf ("%s.read", name);
  g_autofree char *expected_path = data_path (expected_name);
  g_autofree char *found = read_any (name);
  g_autofree char *expected = NULL;
  if (g_getenv ("HANDRAIL_REGENERATE"))
    g_assert_true (g_file_set_contents (expected_path, found, -1, NULL));
  if (!g_file_get_contents (expected_path, &expected, NULL, NULL))
    g_error ("%s has no expected model beside it", name);
  if (strcmp (found, expected) != 0)
    g_test_message ("%s gave:\n%s", name, found);
  g_assert_cmpstr (found, ==, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/read/words", test_words);
  g_autofree char *folder = data_path ("");
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (directory);
  const char *name;
  while ((name = g_dir_read_name (directory)))
    if (g_str_has_suffix (name, ".yaml") || g_str_has_suffix (name, ".site")) {
      g_autofree char *path = g_strdup_printf ("/read/%s", name);
      g_test_add_data_func_full (path, g_strdup (name), test_file, g_free);
    }
  return g_test_run ();
}
