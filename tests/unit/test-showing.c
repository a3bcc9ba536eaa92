/* What `show` prints of the shipped runbooks on the example site, in all its forms, held
 * against tests/unit/data/showing/; HANDRAIL_REGENERATE=1 writes these files anew, to be
 * read before they are kept. And how long lines are broken. */
#include <string.h>

#include "tui/load.h"
#include "tui/showing.h"

static char *
source_file (const char *folder, const char *name)
{
  return g_test_build_filename (G_TEST_DIST, folder, name, NULL);
}

static json_t *
shown_from (const char *folder, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".yaml", NULL);
  g_autofree char *path = source_file (folder, file);
  g_autofree char *site_path = source_file ("runbooks/sites", "example.yaml");
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = load_site (site_path, NULL, problems);
  g_autoptr (Runbook) runbook = load_runbook (path, site, NULL, problems);
  g_autofree char *text = problems_format (problems);
  g_assert_cmpstr (text, ==, "");
  return showing_json (runbook, site, NULL);
}

static json_t *
shown (const char *name)
{
  return shown_from ("runbooks", name);
}

static char *
json_text (const json_t *value)
{
  char *text = json_dumps (value, JSON_INDENT (1));
  char *copy = g_strconcat (text, "\n", NULL);
  free (text);
  return copy;
}

static void
assert_file (const char *name, const char *ending, const char *text)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);
  g_autofree char *path = source_file ("tests/unit/data/showing", file);
  g_autofree char *wanted = NULL;
  if (g_getenv ("HANDRAIL_REGENERATE"))
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (g_file_get_contents (path, &wanted, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto (GStrv) wanted_lines = g_strsplit (wanted, "\n", -1);
  for (guint i = 0; lines[i] || wanted_lines[i]; i++)
    if (g_strcmp0 (lines[i], wanted_lines[i]) != 0)
      g_error ("%s:%u: wanted \"%s\", got \"%s\"; HANDRAIL_REGENERATE=1 writes it anew",
               file, i + 1, wanted_lines[i] ? wanted_lines[i] : "(the end)",
               lines[i] ? lines[i] : "(the end)");
}

static void
assert_shown (const json_t *json, const char *data)
{
  g_autofree char *as_json = json_text (json);
  g_autofree char *as_text = showing_text (json, 79);
  g_autofree char *as_paper = showing_markdown (json);
  assert_file (data, ".json", as_json);
  assert_file (data, ".txt", as_text);
  assert_file (data, ".md", as_paper);
}

static void
test_shipped (const void *data)
{
  json_auto_t *json = shown (data);
  assert_shown (json, data);
}

static void
test_accept (void)
{
  json_auto_t *json = shown_from ("tests/unit/data/showing", "accept");
  assert_shown (json, "accept");
}

/* What stands between the white space, in order: breaking must not change it. */
static char *
words_of (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
  GString *out = g_string_new (NULL);
  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_string_append_printf (out, "%s ", words[i]);
  return g_string_free (out, FALSE);
}

/* What is to be copied out of the text: commands and clauses. */
static gboolean
is_whole (const char *line)
{
  static const char *const starts[] = { "$ ",       "do:",    "undo:", "require:",
                                        "during:",  "until:", "in /",  "otherwise do:",
                                        "confirm:", "when:" };
  while (*line == ' ')
    line++;
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (line, starts[i]))
      return TRUE;
  return FALSE;
}

/* Titles, patterns and a single long word stay on their line. */
static gboolean
is_breakable (const char *line)
{
  return !g_ascii_isdigit (line[0]) && !strstr (line, "must match ") &&
         strchr (line + strspn (line, " "), ' ');
}

static void
test_widths (const void *data)
{
  json_auto_t *json = shown (data);
  g_autofree char *unbroken = showing_text (json, 0);
  g_autofree char *unbroken_words = words_of (unbroken);
  for (guint columns = 40; columns <= 200; columns += 13) {
    g_autofree char *text = showing_text (json, columns);
    g_autofree char *words = words_of (text);
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
    g_assert_cmpstr (words, ==, unbroken_words);
    for (guint i = 0; lines[i]; i++) {
      g_autofree char *unbroken_line = g_strdup_printf ("%s\n", lines[i]);
      if (is_whole (lines[i]))
        g_assert_nonnull (strstr (unbroken, unbroken_line));
      else if (g_utf8_strlen (lines[i], -1) > columns && is_breakable (lines[i]))
        g_error ("%u columns: \"%s\"", columns, lines[i]);
    }
  }
}

/* An `about` and what is made of it. */
static const struct {
  guint columns;
  const char *about, *wanted;
} breaks[] = {
  { 0, "one two three", "one two three" },
  { 7, "one two three", "one two\nthree" },
  { 6, "one two three", "one\ntwo\nthree" },
  { 8, "one two three", "one two\nthree" },
  { 4, "a breathtakingly b", "a\nbreathtakingly\nb" },
  { 8, "one  two   three", "one  two\nthree" },
  { 8, "  one two three", "  one\ntwo\nthree" },
  { 5, "one\n\ntwo three\n\n", "one\n\ntwo\nthree" },
  { 5, "\xe6\xbc\xa2\xe5\xad\x97 \xe6\xbc\xa2",
    "\xe6\xbc\xa2\xe5\xad\x97\n\xe6\xbc\xa2" },
  { 5,
    "e\xcc\x81"
    "e ab",
    "e\xcc\x81"
    "e ab" }, /* an accent takes no cell */
  { 9, "a\x1b[2J b c", "a\\x1B[2J\nb c" },
  { 9, "\t", "\\t" },
};

static void
test_breaks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (breaks); i++) {
    json_auto_t *json = json_pack ("{ss ss ss s[] s[]}", "title", "T", "runbook", "r",
                                   "about", breaks[i].about, "variables", "steps");
    g_autofree char *text = showing_text (json, breaks[i].columns);
    g_autofree char *wanted = g_strdup_printf ("T (r)\n%s\n", breaks[i].wanted);
    g_assert_cmpstr (text, ==, wanted);
  }
}

/* Names and texts that would be something else to Markdown, or to a terminal. */
static void
test_hostile (void)
{
  json_auto_t *json = json_pack (
      "{ss ss ss s[] s[{ss ss ss sb s[] s[] s[] s[] s{ss sb s[{s[s] ss ss}]}}]}", "title",
      "# *T* <b>", "runbook", "r", "about", "| a |\n# b\033[2J", "variables", "steps",
      "id", "x", "title", "`t` [l](u)", "why", "1. no\n? x: sure [y]", "applies", 1,
      "record", "require", "during", "until", "do", "text", "run: a", "implied", 0,
      "commands", "argv", "a", "text", "echo '````'", "directory", "/a b");
  g_assert_nonnull (json);
  g_autofree char *paper = showing_markdown (json);
  g_autofree char *text = showing_text (json, 79);
  g_assert_nonnull (strstr (paper, "# \\# \\*T\\* \\<b\\>\n"));
  g_assert_nonnull (strstr (paper, "**\\`t\\` \\[l\\](u)**"));
  g_assert_nonnull (
      strstr (paper, "\n   `````\n   cd '/a b'\n   echo '````'\n   `````\n"));
  g_assert_null (strchr (paper, '\033'));
  g_assert_null (strchr (text, '\033'));
  /* Only a question begins with "? ". */
  g_assert_null (strstr (text, "\n? "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/showing/shutdown", "shutdown", test_shipped);
  g_test_add_data_func ("/showing/startup", "startup", test_shipped);
  g_test_add_func ("/showing/accept", test_accept);
  g_test_add_data_func ("/showing/widths-shutdown", "shutdown", test_widths);
  g_test_add_data_func ("/showing/widths-startup", "startup", test_widths);
  g_test_add_func ("/showing/breaks", test_breaks);
  g_test_add_func ("/showing/hostile", test_hostile);
  return g_test_run ();
}
