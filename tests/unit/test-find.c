/* Finding runbooks and sites by name, in folders made for it. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tui/find.h"

typedef struct {
  char *top;
  FindPlaces places;
} Fixture;

static void
put_text (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->top, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
put (Fixture *fixture, const char *name)
{
  put_text (fixture, name,
            strstr (name, "sites")      ? "handrail-site: 1\n"
            : strstr (name, "themes")   ? "handrail-theme: 1\n"
            : strstr (name, "practice") ? "handrail-practice: 1\n"
                                        : "handrail: 1\n");
}

static GStrv
folders (const Fixture *fixture, const char *type)
{
  const char *const tops[] = { "own", "system" };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; i < G_N_ELEMENTS (tops); i++) {
    g_autofree char *path = g_build_filename (fixture->top, tops[i], type, NULL);
    g_strv_builder_add (builder, path);
  }
  return g_strv_builder_end (builder);
}

static void
set_up (Fixture *fixture, const void *data)
{
  (void)data;
  fixture->top = g_dir_make_tmp ("find-XXXXXX", NULL);
  fixture->places.runbooks = folders (fixture, "runbooks");
  fixture->places.sites = folders (fixture, "sites");
  fixture->places.themes = folders (fixture, "themes");
  fixture->places.scenarios = folders (fixture, "practice");
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;
  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    remove_tree (inner);
  }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, const void *data)
{
  (void)data;
  remove_tree (fixture->top);
  g_free (fixture->top);
  g_strfreev (fixture->places.runbooks);
  g_strfreev (fixture->places.sites);
  g_strfreev (fixture->places.themes);
  g_strfreev (fixture->places.scenarios);
}

static void
expect (Fixture *fixture, FindType type, const char *name, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_file (&fixture->places, type, name, &error);
  g_autofree char *full = g_build_filename (fixture->top, wanted, NULL);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, full);
}

static void
expect_none (Fixture *fixture, FindType type, const char *name, int code,
             const char *says)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (find_file (&fixture->places, type, name, &error));
  g_assert_error (error, FIND_ERROR, code);
  if (!strstr (error->message, says))
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
}

static void
test_order (Fixture *fixture, const void *data)
{
  (void)data;
  put (fixture, "system/runbooks/shutdown.yaml");
  expect (fixture, FIND_RUNBOOK, "shutdown", "system/runbooks/shutdown.yaml");
  put (fixture, "own/runbooks/shutdown.yaml");
  expect (fixture, FIND_RUNBOOK, "shutdown", "own/runbooks/shutdown.yaml");
}

static void
test_path (Fixture *fixture, const void *data)
{
  (void)data;
  const char *const paths[] = { "there.yaml", "./x", "a/b", "/no/such.yaml" };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *path = find_file (&fixture->places, FIND_RUNBOOK, paths[i], NULL);
    g_assert_cmpstr (path, ==, paths[i]);
  }
}

static void
test_none (Fixture *fixture, const void *data)
{
  (void)data;
  expect_none (fixture, FIND_RUNBOOK, "shutdown", FIND_ERROR_NONE, "there is none yet");
  put (fixture, "own/runbooks/shutdown.yaml");
  put (fixture, "own/runbooks/startup.yaml");
  expect_none (fixture, FIND_RUNBOOK, "shutdwon", FIND_ERROR_NONE,
               "did you mean shutdown?");
  expect_none (fixture, FIND_RUNBOOK, "migrate", FIND_ERROR_NONE,
               "there is shutdown and startup");
  expect_none (fixture, FIND_RUNBOOK, "migrate", FIND_ERROR_NONE, "own/runbooks");
}

static void
test_only_site (Fixture *fixture, const void *data)
{
  (void)data;
  expect_none (fixture, FIND_SITE, NULL, FIND_ERROR_NONE, "no site is configured");
  put (fixture, "system/sites/lab.yaml");
  put (fixture, "own/sites/lab.yaml");
  expect (fixture, FIND_SITE, NULL, "own/sites/lab.yaml");
  put (fixture, "system/sites/prod.yaml");
  expect_none (fixture, FIND_SITE, NULL, FIND_ERROR_AMBIGUOUS, "lab or prod");
}

static void
test_names (Fixture *fixture, const void *data)
{
  (void)data;
  put (fixture, "system/sites/prod.yaml");
  put (fixture, "own/sites/prod.yaml");
  put (fixture, "own/sites/lab.yaml");
  put (fixture, "own/sites/lab.yaml~");
  put (fixture, "own/sites/.lab.yaml");
  g_auto (GStrv) names = find_names (&fixture->places, FIND_SITE);
  g_autofree char *joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "lab prod");
}

static void
test_themes (Fixture *fixture, const void *data)
{
  (void)data;
  put (fixture, "system/themes/dark.yaml");
  put (fixture, "own/themes/dark.yaml");
  put_text (fixture, "own/themes/not-theme.yaml", "handrail: 1\n");
  expect (fixture, FIND_THEME, "dark", "own/themes/dark.yaml");
  expect_none (fixture, FIND_THEME, "drak", FIND_ERROR_NONE, "did you mean dark?");
  expect_none (fixture, FIND_RUNBOOK, "dark", FIND_ERROR_NONE, "no runbook dark");
  g_auto (GStrv) names = find_names (&fixture->places, FIND_THEME);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
}

static void
test_scenarios (Fixture *fixture, const void *data)
{
  (void)data;
  put (fixture, "system/practice/calm.yaml");
  put (fixture, "own/practice/calm.yaml");
  put (fixture, "system/practice/backlog.yaml");
  put_text (fixture, "own/practice/not-scenario.yaml", "handrail: 1\n");
  expect (fixture, FIND_SCENARIO, "calm", "own/practice/calm.yaml");
  expect (fixture, FIND_SCENARIO, "backlog", "system/practice/backlog.yaml");
  expect_none (fixture, FIND_SCENARIO, "clam", FIND_ERROR_NONE, "did you mean calm?");
  expect_none (fixture, FIND_RUNBOOK, "calm", FIND_ERROR_NONE, "no runbook calm");
  g_auto (GStrv) names = find_names (&fixture->places, FIND_SCENARIO);
  g_autofree char *joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "backlog calm");
}

/* Only runbooks are runbooks, and only sites sites, whatever lies beside them. */
static void
test_types (Fixture *fixture, const void *data)
{
  (void)data;
  static const char *const files[][2] = {
    { "own/runbooks/plain.yaml", "handrail: 1\n" },
    { "own/runbooks/comment.yaml", "# handrail-site: 1\n\n---\nhandrail : 1\n" },
    { "own/runbooks/late.yaml", "title: T\nhandrail: 1\n" },
    { "own/runbooks/marked.yaml", "\xEF\xBB\xBFhandrail: 1\n" },
    { "own/runbooks/quoted.yaml", "\"handrail\": 1\n" },
    { "own/runbooks/broken.yaml", "handrail: 1\nsteps: [\n" },
    { "own/runbooks/dos.yaml", "# x\r\nhandrail: 1\r\n" },
    { "own/runbooks/not-site.yaml", "handrail-site: 1\n" },
    { "own/runbooks/not-inner.yaml", "a:\n  handrail: 1\n" },
    { "own/runbooks/not-comment.yaml", "# handrail: 1\n" },
    { "own/runbooks/not-word.yaml", "handrails: 1\nhandrail\n" },
    { "own/runbooks/not-half.yaml", "\"handrail: 1\n" },
    { "own/runbooks/not-empty.yaml", "" },
    { "own/runbooks/not-folder.yaml/x", "handrail: 1\n" },
    { "own/sites/lab.yaml", "# mine\nhandrail-site: 1\n" },
    { "own/sites/runbook.yaml", "handrail: 1\n" },
    { "own/sites/values.yaml", "replicas: 1\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    put_text (fixture, files[i][0], files[i][1]);
  g_autofree char *pipe =
      g_build_filename (fixture->top, "own/runbooks/not-pipe.yaml", NULL);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_auto (GStrv) names = find_names (&fixture->places, FIND_RUNBOOK);
  g_autofree char *joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "broken comment dos late marked plain quoted");
  /* With one real site there is nothing to choose. */
  expect (fixture, FIND_SITE, NULL, "own/sites/lab.yaml");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/find/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("order", test_order);
  ADD ("path", test_path);
  ADD ("none", test_none);
  ADD ("only-site", test_only_site);
  ADD ("names", test_names);
  ADD ("themes", test_themes);
  ADD ("scenarios", test_scenarios);
  ADD ("types", test_types);
  return g_test_run ();
}
