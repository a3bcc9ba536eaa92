/* Run folders on a real disk: listed, opened, found. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/store/glance.h"

typedef struct {
  char *folder; /* the root */
} Root;

static void
root_init (Root *root, const void *data G_GNUC_UNUSED)
{
  root->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    remove_all (inner);
  }
  g_remove (path);
}

static void
root_finish (Root *root, const void *data G_GNUC_UNUSED)
{
  remove_all (root->folder);
  g_free (root->folder);
}

static char *
run_path (const Root *root, const char *name)
{
  return g_build_filename (root->folder, STORE_RUNS, name, NULL);
}

static void
add_event (GString *lines, JournalChain *chain, EventType type, json_t *data)
{
  g_autoptr (Event) event = event_new (type, data);
  event->at = (Moment){ .wall_us = 1795400000000000, .boot_us = 1000000 };
  g_autofree char *line = journal_write (chain, event);
  g_string_append_printf (lines, "%s\n", line);
}

/* The journal of a run without steps, finished or not. */
static char *
journal_text (const char *name, gboolean finished)
{
  GString *lines = g_string_new (NULL);
  JournalChain chain = JOURNAL_CHAIN_INIT;
  add_event (
      lines, &chain, EVENT_RUN_BEGAN,
      json_pack ("{s:i, s:s, s:s, s:{s:s, s:s, s:s, s:s}, s:[], s:{s:s, s:s, s:s, s:s, "
                 "s:b}, s:{}, s:b, s:s, s:i, s:s, s:i, s:s, s:[]}",
                 "format", 1, "program", "0", "run", name, "runbook", "name", "small",
                 "title", "Small", "file", "/small.yaml", "digest", "d", "sources",
                 "site", "name", "here", "file", "/here.yaml", "digest", "d", "platform",
                 "compose", "production", 0, "settings", "practice", 0, "host", "h",
                 "uid", 0, "user", "ada", "pid", 1, "boot", "b", "steps"));
  if (finished)
    add_event (lines, &chain, EVENT_RUN_FINISHED, NULL);
  return g_string_free (lines, FALSE);
}

static void
add_run (const Root *root, const char *name, gboolean finished)
{
  g_autofree char *path = run_path (root, name);
  g_autofree char *file = g_build_filename (path, STORE_JOURNAL, NULL);
  g_autofree char *text = journal_text (name, finished);
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
}

static void
test_list (Root *root, const void *data G_GNUC_UNUSED)
{
  static const char *const sorted[] = {
    "20261124T000000Z-a-x",   "20261123T000000Z-b-x-10", "20261123T000000Z-b-x-9",
    "20261123T000000Z-b-x-2", "20261123T000000Z-b-x",    "20261123T000000Z-a-x",
  };
  static const guint order[] = { 3, 0, 5, 1, 4, 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) none = store_list (root->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    add_run (root, sorted[order[i]], i % 2 == 0);
  g_autofree char *hidden = run_path (root, ".being-made");
  g_autofree char *file = run_path (root, "README");
  g_assert_cmpint (g_mkdir (hidden, 0755), ==, 0);
  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_autoptr (GPtrArray) runs = store_list (root->folder, &error);
  g_assert_cmpuint (runs->len, ==, G_N_ELEMENTS (sorted));
  for (guint i = 0; i < runs->len; i++) {
    const StoreRun *run = g_ptr_array_index (runs, i);
    g_assert_cmpstr (run->name, ==, sorted[i]);
    g_assert_null (run->problem);
    g_assert_cmpstr (run->state->site, ==, "here");
    g_assert_false (run->live);
  }
}

static void
test_problems (Root *root, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *whole = journal_text ("run", TRUE);
  g_autofree char *changed = g_strdup (whole);
  memcpy (strstr (changed, "Small"), "Smell", 5);
  g_autofree char *impossible = g_strdup (strchr (whole, '\n') + 1);
  const struct {
    const char *text;
    const char *problem; /* or NULL: it can be read */
    gboolean damaged;
  } rows[] = {
    { whole, NULL, FALSE },
    { "", "*did not begin*", FALSE },
    { changed, "*line 2*", TRUE },
    { impossible, "*line 1*", TRUE },
    { "{\"n\":1", "*did not begin*", FALSE },
    { NULL, "*cannot be read*", FALSE },
  };
  g_autofree char *path = run_path (root, "run");
  g_autofree char *file = g_build_filename (path, STORE_JOURNAL, NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_unlink (file);
    if (rows[i].text)
      g_assert_true (g_file_set_contents (file, rows[i].text, -1, NULL));
    g_autoptr (StoreRun) run = store_open (path, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (run->path, ==, path);
    g_assert_true (!run->problem == !rows[i].problem);
    g_assert_true (!run->state == !!rows[i].problem);
    g_assert_cmpint (run->damaged, ==, rows[i].damaged);
    if (rows[i].problem)
      g_assert_true (g_pattern_match_simple (rows[i].problem, run->problem));
  }
  g_assert_null (store_open ("/no/such/run", &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NONE);
}

static void
test_site_of_name (Root *root G_GNUC_UNUSED, const void *data G_GNUC_UNUSED)
{
  static const struct {
    const char *name, *site;
    gboolean is_of;
  } rows[] = {
    { "20261121T000000Z-down-prod", "prod", TRUE },
    { "20261121T000000Z-down-prod-12", "prod", TRUE },
    { "20261121T000000Z-down-prod-2", "prod-2", TRUE },
    { "20261121T000000Z-down-prod", "lab", FALSE },
    { "20261121T000000Z-down-prod", "rod", FALSE },
    { "20261121T000000Z-prod-lab", "prod", FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (store_name_is_of_site (rows[i].name, rows[i].site), ==,
                     rows[i].is_of);
}

static void
test_live (Root *root, const void *data G_GNUC_UNUSED)
{
  add_run (root, "run", FALSE);
  g_autofree char *path = run_path (root, "run");
  g_autofree char *lock = g_build_filename (path, STORE_LOCK, NULL);
  g_assert_false (store_is_live (path));
  int descriptor = open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_false (store_is_live (path));
  g_assert_cmpint (flock (descriptor, LOCK_EX), ==, 0);
  g_assert_true (store_is_live (path));
  g_autoptr (StoreRun) run = store_open (path, NULL);
  g_assert_true (run->live);
  close (descriptor);
  g_assert_false (store_is_live (path));
}

static void
test_find (Root *root, const void *data G_GNUC_UNUSED)
{
  add_run (root, "20261121T000000Z-down-prod", FALSE);
  add_run (root, "20261122T000000Z-down-prod", FALSE);
  add_run (root, "20261122T000000Z-down-prod-2", TRUE);
  add_run (root, "20261123T000000Z-up-prod", TRUE);
  g_autofree char *path = run_path (root, "20261121T000000Z-down-prod");
  const struct {
    const char *name, *found;
    int code;
    const char *message;
  } rows[] = {
    { NULL, "20261122T000000Z-down-prod", 0, NULL }, /* the newest unfinished */
    { "up", "20261123T000000Z-up-prod", 0, NULL },
    { "20261122T000000Z-down-prod", "20261122T000000Z-down-prod", 0, NULL },
    { "20261121", "20261121T000000Z-down-prod", 0, NULL },
    { "down", NULL, STORE_ERROR_AMBIGUOUS, "*may mean 3 runs: 2026*say more*" },
    { "sideways", NULL, STORE_ERROR_NONE, "*no run \"sideways\"*" },
    { "/no/such/folder", NULL, STORE_ERROR_NONE, "*/no/such/folder*" },
    { path, "20261121T000000Z-down-prod", 0, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *found = store_find (root->folder, rows[i].name, &error);
    g_autofree char *wanted = rows[i].found ? run_path (root, rows[i].found) : NULL;
    g_assert_cmpstr (found, ==, wanted);
    if (rows[i].message) {
      g_assert_error (error, STORE_ERROR, rows[i].code);
      g_assert_true (g_pattern_match_simple (rows[i].message, error->message));
    }
  }
}

/* Of several roots: one whole name before all parts, and no part that two have. */
static void
test_find_among (Root *root, const void *data G_GNUC_UNUSED)
{
  Root other = { .folder = g_build_filename (root->folder, "other", NULL) };
  add_run (root, "20261121T000000Z-down-prod", TRUE);
  add_run (&other, "20261122T000000Z-down-practice", TRUE);
  add_run (&other, "20261121T000000Z-down-prod-2", TRUE);
  add_run (&other, "20261123T000000Z-up-practice", TRUE);
  g_autoptr (GPtrArray) roots = g_ptr_array_new ();
  g_ptr_array_add (roots, root->folder);
  g_ptr_array_add (roots, other.folder);
  const struct {
    const char *name;
    const Root *root;
    const char *found, *message;
  } rows[] = {
    { "up", &other, "20261123T000000Z-up-practice", NULL },
    { "20261121T000000Z-down-prod", root, "20261121T000000Z-down-prod", NULL },
    { "down", NULL, NULL,
      "\"down\" may mean 3 runs: 20261122T000000Z-down-practice, "
      "20261121T000000Z-down-prod-2, 20261121T000000Z-down-prod; say more of the name" },
    { "sideways", NULL, NULL, "*no run \"sideways\"*" },
    { "", NULL, NULL, "*may mean 4 runs*" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *found = store_find_among (roots, rows[i].name, &error);
    g_autofree char *wanted =
        rows[i].found ? run_path (rows[i].root, rows[i].found) : NULL;
    g_assert_cmpstr (found, ==, wanted);
    g_assert_true (!error == !rows[i].message);
    if (error)
      g_assert_true (g_pattern_match_simple (rows[i].message, error->message));
  }
  add_run (&other, "20261121T000000Z-down-prod", TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_null (store_find_among (roots, "20261121T000000Z-down-prod", &error));
  g_assert_true (g_str_has_prefix (error->message, "2 runs are called "));
  g_free (other.folder);
}

static void
test_sort (Root *root, const void *data G_GNUC_UNUSED)
{
  static const char *const wanted[] = { "20261123T000000Z-up-here",
                                        "20261122T000000Z-down-here-10",
                                        "20261122T000000Z-down-here-9",
                                        "20261121T000000Z-down-here" };
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    add_run (root, wanted[i], TRUE);
  g_autoptr (GPtrArray) runs = store_list (root->folder, NULL);
  g_ptr_array_add (runs, g_ptr_array_steal_index (runs, 0)); /* the newest is last */
  store_sort (runs);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpstr (((const StoreRun *)g_ptr_array_index (runs, i))->name, ==,
                     wanted[i]);
}

static void
test_find_nothing (Root *root, const void *data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  add_run (root, "20261123T000000Z-up-prod", TRUE);
  g_assert_null (store_find (root->folder, NULL, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NONE);
}

static void
test_root (Root *root, const void *data G_GNUC_UNUSED)
{
  gboolean shared = FALSE;
  g_autofree char *common = store_root_beside (root->folder, &shared);
  g_assert_cmpstr (common, ==, root->folder);
  g_assert_true (shared);
  g_setenv ("XDG_STATE_HOME", "/xdg/state", TRUE);
  g_autofree char *own = store_root_beside ("/no/such/folder", &shared);
  g_assert_cmpstr (own, ==, "/xdg/state/handrail");
  g_assert_false (shared);
  g_setenv ("XDG_STATE_HOME", "relative",
            TRUE); /* as the specification has it: ignored */
  g_autofree char *home = store_root_beside ("/no/such/folder", NULL);
  g_assert_true (g_str_has_suffix (home, "/.local/state/handrail"));
  g_autofree char *lock = store_site_lock ("/root", "prod");
  g_assert_cmpstr (lock, ==, "/root/sites/prod.lock");
}

/* What the two lines of a journal say, and what is not told from them alone. */
static void
test_glance (Root *root, const void *data G_GNUC_UNUSED)
{
  g_autofree char *whole = journal_text ("run", TRUE);
  g_autofree char *going = journal_text ("run", FALSE);
  g_autofree char *torn = g_strndup (whole, strlen (whole) - 1);
  g_autofree char *headless = g_strdup (strchr (whole, '\n') + 1);
  g_autofree char *changed = g_strdup (whole);
  memcpy (strstr (changed, "{"), "[", 1);
  const struct {
    const char *text;
    GlanceEnding ending;
  } rows[] = {
    { whole, GLANCE_FINISHED }, { going, GLANCE_OPEN },   { torn, GLANCE_OPEN },
    { headless, GLANCE_OPEN },  { changed, GLANCE_OPEN }, { "", GLANCE_OPEN },
    { "\n", GLANCE_OPEN },      { NULL, GLANCE_OPEN },
  };
  g_autofree char *path = run_path (root, "run");
  g_autofree char *file = g_build_filename (path, STORE_JOURNAL, NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_unlink (file);
    if (rows[i].text)
      g_assert_true (g_file_set_contents (file, rows[i].text, -1, NULL));
    g_autoptr (Glance) glance = glance_take (path);
    g_assert_cmpint (glance->ending, ==, rows[i].ending);
    g_assert_cmpint (glance_stamp (path).bytes, ==,
                     rows[i].text ? (gint64)strlen (rows[i].text) : -1);
    if (glance->ending == GLANCE_OPEN)
      continue;
    g_assert_cmpstr (glance->site, ==, "here");
    g_assert_cmpstr (glance->title, ==, "Small");
    g_assert_false (glance->production);
    g_assert_cmpint (glance->ended_us, ==, 1795400000000000);
  }
}

static void
test_private (Root *root, const void *data G_GNUC_UNUSED)
{
  g_autofree char *link = g_build_filename (root->folder, "link", NULL);
  g_autofree char *inner = g_build_filename (root->folder, "inner", NULL);
  g_assert_false (store_is_private (inner));
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  g_assert_true (store_is_private (inner));
  g_assert_cmpint (symlink (inner, link), ==, 0);
  g_assert_false (store_is_private (link));
  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_cmpint (g_chmod (inner, 0750), ==, 0);
  g_assert_false (store_is_private (inner));
  g_assert_cmpint (g_chmod (inner, 0701), ==, 0);
  g_assert_false (store_is_private (inner));
  if (geteuid () != 0)
    return;
  g_assert_cmpint (g_chmod (inner, 0700), ==, 0);
  g_assert_cmpint (chown (inner, 65534, 65534), ==, 0);
  g_assert_false (store_is_private (inner));
}

#define ADD(name, test) \
  g_test_add ("/store/" name, Root, NULL, root_init, test, root_finish)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("list", test_list);
  ADD ("problems", test_problems);
  ADD ("site-of-name", test_site_of_name);
  ADD ("live", test_live);
  ADD ("find", test_find);
  ADD ("find-among", test_find_among);
  ADD ("sort", test_sort);
  ADD ("find-nothing", test_find_nothing);
  ADD ("root", test_root);
  ADD ("glance", test_glance);
  ADD ("private", test_private);
  return g_test_run ();
}
