#include "core/base/problem.h"

#include <string.h>

#include "core/base/text.h"

struct Problems {
  GPtrArray *kept;
  GPtrArray *files; /* const char *, interned, in order of first mention */
  guint count;
  guint repeated; /* times that one of them was said again */
  gboolean sorted;
};

static void
problem_free (gpointer data)
{
  Problem *problem = data;
  g_free (problem->text);
  g_free (problem);
}

Problems *
problems_new (void)
{
  Problems *problems = g_new0 (Problems, 1);
  problems->kept = g_ptr_array_new_with_free_func (problem_free);
  problems->files = g_ptr_array_new ();
  return problems;
}

void
problems_free (Problems *problems)
{
  if (!problems)
    return;
  g_ptr_array_unref (problems->kept);
  g_ptr_array_unref (problems->files);
  g_free (problems);
}

static gboolean
is_kept (const Problems *problems, Place place, const char *text)
{
  for (guint i = 0; i < problems->kept->len; i++) {
    const Problem *kept = g_ptr_array_index (problems->kept, i);
    if (kept->place.line == place.line && kept->place.column == place.column &&
        kept->place.file == place.file && strcmp (kept->text, text) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Mistakes quote what stands in the file, so every text is made printable here,
 * once for all. */
void
problems_add (Problems *problems, Place place, const char *format, ...)
{
  if (problems->kept->len >= PROBLEMS_KEPT) {
    problems->count++;
    return;
  }
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *said = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *text = text_printable (said, -1);
  if (is_kept (problems, place, text)) {
    problems->repeated++;
    return;
  }
  problems->count++;
  Problem *problem = g_new0 (Problem, 1);
  problem->place = place;
  problem->text = g_steal_pointer (&text);
  g_ptr_array_add (problems->kept, problem);
  if (!g_ptr_array_find (problems->files, place.file, NULL))
    g_ptr_array_add (problems->files, (gpointer)place.file);
  problems->sorted = FALSE;
}

guint
problems_count (const Problems *problems)
{
  return problems->count;
}

guint
problems_mark (const Problems *problems)
{
  return problems->count + problems->repeated;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Problem *first = *(const Problem *const *)a;
  const Problem *second = *(const Problem *const *)b;
  const Problems *problems = data;
  if (first->place.file != second->place.file) {
    guint i = 0, j = 0;
    g_ptr_array_find (problems->files, first->place.file, &i);
    g_ptr_array_find (problems->files, second->place.file, &j);
    return i < j ? -1 : 1;
  }
  if (first->place.line != second->place.line)
    return first->place.line < second->place.line ? -1 : 1;
  if (first->place.column != second->place.column)
    return first->place.column < second->place.column ? -1 : 1;
  return 0;
}

const Problem *
problems_get (Problems *problems, guint index)
{
  if (!problems->sorted)
    g_ptr_array_sort_with_data (problems->kept, compare, problems); /* a stable sort */
  problems->sorted = TRUE;
  return index < problems->kept->len ? g_ptr_array_index (problems->kept, index) : NULL;
}

char *
problem_format (const Problem *problem)
{
  GString *line = g_string_new (NULL);
  if (problem->place.file) {
    g_autofree char *file = text_printable (problem->place.file, -1);
    g_string_append_printf (line, "%s:", file);
  }
  if (problem->place.line > 0)
    g_string_append_printf (line, "%u:", problem->place.line);
  if (problem->place.line > 0 && problem->place.column > 0)
    g_string_append_printf (line, "%u:", problem->place.column);
  g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", problem->text);
  return g_string_free (line, FALSE);
}

char *
problems_format (Problems *problems)
{
  GString *all = g_string_new (NULL);
  const Problem *problem;
  for (guint i = 0; (problem = problems_get (problems, i)); i++) {
    g_autofree char *line = problem_format (problem);
    g_string_append_printf (all, "%s\n", line);
  }
  if (problems->count > problems->kept->len)
    g_string_append_printf (all, "and %u more\n", problems->count - problems->kept->len);
  return g_string_free (all, FALSE);
}
