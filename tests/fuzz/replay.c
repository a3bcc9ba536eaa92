/* Runs a fuzz target over the files of its corpus, one subtest a file: the main() of
 * tests/fuzz/fuzz-NAME where there is no libFuzzer. The corpus is that of the program's
 * own name. */
#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static void
test_file (const void *path)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  /* As long as the input and no longer, so that reading on is seen. */
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  g_assert_cmpint (LLVMFuzzerTestOneInput (copy, length), ==, 0);
}

static int
compare_names (const void *one, const void *other)
{
  return strcmp (*(const char *const *)one, *(const char *const *)other);
}

static GPtrArray *
list_names (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  if (!dir)
    g_error ("there is no corpus in %s", folder);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = g_dir_read_name (dir); name; name = g_dir_read_name (dir))
    g_ptr_array_add (names, g_strdup (name));
  if (names->len == 0)
    g_error ("the corpus in %s is empty", folder);
  g_ptr_array_sort (names, compare_names);
  return names;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autofree char *program = g_path_get_basename (argv[0]);
  const char *name = program + strlen ("fuzz-");
  g_assert_true (g_str_has_prefix (program, "fuzz-"));
  g_autofree char *folder =
      g_test_build_filename (G_TEST_DIST, "tests", "fuzz", "corpus", name, NULL);
  g_autoptr (GPtrArray) names = list_names (folder);
  for (guint i = 0; i < names->len; i++) {
    const char *file = g_ptr_array_index (names, i);
    g_autofree char *test = g_strdup_printf ("/fuzz/%s/%s", name, file);
    char *path = g_build_filename (folder, file, NULL);
    g_test_add_data_func_full (test, path, test_file, g_free);
  }
  return g_test_run ();
}
