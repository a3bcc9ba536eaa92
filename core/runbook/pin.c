/* pin.c: writes the identity into the text of a site file.
 *
 * Only shapes that are understood line by line are edited: `identity` as a block of
 * one-line entries, as {…} on one line, empty, or missing in a file whose top is a
 * block. Whatever was done, the result is read again, and is given up unless it
 * says what the file said, with the new identity. */
#include <string.h>

#include "core/base/tree.h"
#include "core/runbook/site.h"

static GPtrArray *
split_lines (const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  while (*text) {
    gsize length = strcspn (text, "\n");
    length += text[length] == '\n';
    g_ptr_array_add (lines, g_strndup (text, length));
    text += length;
  }
  return lines;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Entries, sorted; always quoted, so that no value can mean anything else. */
static char *
format_entries (GHashTable *identity, const char *indent, const char *ending)
{
  guint count = 0;
  GString *text = g_string_new (NULL);
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (identity, &count);
  qsort (names, count, sizeof *names, compare_names);
  for (guint i = 0; i < count; i++) {
    const char *value = g_hash_table_lookup (identity, names[i]);
    g_string_append_printf (text, "%s%s: \"", indent, (const char *)names[i]);
    for (const char *c = value; *c; c++)
      g_string_append_printf (text, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    g_string_append_printf (text, "\"%s", ending);
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_blank_or_comment (const char *line)
{
  line += strspn (line, " \t\r\n");
  return *line == '\0' || *line == '#';
}

/* The index of the first line after the section that begins at `start`: of the next
 * key, less the comments and blank lines above that key. */
static guint
find_end (const GPtrArray *lines, guint start)
{
  guint end = start + 1, last = start + 1;
  for (; end < lines->len; end++) {
    const char *line = g_ptr_array_index (lines, end);
    if (!is_blank_or_comment (line) && *line != ' ')
      break;
    if (!is_blank_or_comment (line) || *line == ' ')
      last = end + 1;
  }
  return last;
}

static guint
find_line (const TreeNode *root, const char *name)
{
  for (guint i = 0; i < root->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (root->keys, i);
    if (strcmp (key->text, name) == 0 && key->place.column == 1)
      return key->place.line;
  }
  return 0;
}

/* Where the flow mapping that begins at `value` ends on this line, or NULL: at a brace
 * that only a comment follows, for comments have braces too. */
static const char *
find_flow_end (const char *value)
{
  for (const char *at = strchr (value, '}'); at; at = strchr (at + 1, '}'))
    if (strchr ("#\r\n", at[1 + strspn (at + 1, " ")]))
      return at + 1;
  return NULL;
}

/* The line "identity: …" without its value, its comment kept. */
static char *
bare_key (const char *line, const char *ending)
{
  const char *colon = strchr (line, ':');
  const char *rest = colon + 1;
  const char *value = rest + strspn (rest, " ");
  if (*value == '{' && find_flow_end (value))
    value = find_flow_end (value);
  else if (g_str_has_prefix (value, "null") || *value == '~')
    value += *value == '~' ? 1 : 4;
  else if (*value != '#')
    value = rest;
  const char *comment = value + strspn (value, " ");
  g_autofree char *key = g_strndup (line, (gsize)(colon + 1 - line));
  if (*comment == '#')
    return g_strdup_printf ("%s %s", key, comment);
  return g_strdup_printf ("%s%s", key, ending);
}

static gboolean
same (const TreeNode *a, const TreeNode *b, const char *but)
{
  if (a->type != b->type || g_strcmp0 (a->text, b->text) != 0)
    return FALSE;
  guint i = 0, j = 0;
  guint a_count = a->values ? a->values->len : 0,
        b_count = b->values ? b->values->len : 0;
  while (i < a_count || j < b_count) {
    const TreeNode *a_key =
        a->keys && i < a_count ? g_ptr_array_index (a->keys, i) : NULL;
    const TreeNode *b_key =
        b->keys && j < b_count ? g_ptr_array_index (b->keys, j) : NULL;
    gboolean a_skip = but && a_key && strcmp (a_key->text, but) == 0;
    gboolean b_skip = but && b_key && strcmp (b_key->text, but) == 0;
    i += a_skip ? 1 : 0;
    j += b_skip ? 1 : 0;
    if (a_skip || b_skip)
      continue;
    if (i >= a_count || j >= b_count ||
        g_strcmp0 (a_key ? a_key->text : NULL, b_key ? b_key->text : NULL) != 0 ||
        !same (g_ptr_array_index (a->values, i), g_ptr_array_index (b->values, j), NULL))
      return FALSE;
    i++;
    j++;
  }
  return TRUE;
}

static gboolean
says (const TreeNode *node, GHashTable *identity)
{
  GHashTableIter iter;
  gpointer name, value;
  guint count = node && node->keys ? node->keys->len : 0;
  g_hash_table_iter_init (&iter, identity);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    const TreeNode *entry = tree_get (node, name);
    if (!entry || g_strcmp0 (entry->text, value) != 0)
      return FALSE;
  }
  return count == g_hash_table_size (identity);
}

static gboolean
is_right (const TreeNode *before, const char *text, GHashTable *identity)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (TreeDocument) after = tree_read ("pinned", text, strlen (text), problems);
  return after && problems_count (problems) == 0 &&
         same (before, tree_root (after), "identity") &&
         says (tree_get (tree_root (after), "identity"), identity);
}

/* The lines with the identity in place, or NULL for a shape that is not understood. */
static char *
edit (const GPtrArray *lines, const TreeNode *root, GHashTable *identity,
      const char *ending)
{
  guint at = find_line (root, "identity"), platform = find_line (root, "platform");
  g_autofree char *entries = format_entries (identity, "  ", ending);
  GString *text = g_string_new (NULL);
  if (at == 0 && (platform == 0 || tree_get (root, "identity"))) {
    g_string_free (text, TRUE);
    return NULL;
  }
  guint start = at > 0 ? at - 1 : platform - 1;
  guint end = find_end (lines, start);
  for (guint i = 0; i < lines->len; i++) {
    const char *line = g_ptr_array_index (lines, i);
    gboolean within = at > 0 && i > start && i < end;
    if (at > 0 && i == start) {
      g_autofree char *key = bare_key (line, ending);
      g_string_append (text, key);
    } else if (!within || is_blank_or_comment (line))
      g_string_append (text, line);
    if (i + 1 != end)
      continue;
    if (text->len > 0 && text->str[text->len - 1] != '\n')
      g_string_append (text, ending);
    if (at == 0)
      g_string_append_printf (text, "identity:%s", ending);
    g_string_append (text, entries);
  }
  return g_string_free (text, FALSE);
}

char *
site_pin (const Site *site, GHashTable *identity)
{
  gsize length = 0;
  const char *bytes = g_bytes_get_data (site->bytes, &length);
  g_autofree char *text = g_strndup (bytes ? bytes : "", length);
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (TreeDocument) document = tree_read ("site", text, length, problems);
  if (!document || tree_root (document)->type != TREE_MAPPING || strlen (text) != length)
    return NULL;
  g_autoptr (GPtrArray) lines = split_lines (text);
  const char *ending = strstr (text, "\r\n") ? "\r\n" : "\n";
  g_autofree char *edited = edit (lines, tree_root (document), identity, ending);
  if (!edited || !is_right (tree_root (document), edited, identity))
    return NULL;
  return g_steal_pointer (&edited);
}
