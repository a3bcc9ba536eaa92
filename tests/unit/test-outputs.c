/* The files that commands print into: which there are, and that only they are read. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/run/outputs.h"
#include "tui/widgets/pager.h"

typedef struct {
  char *folder;
  RunState *state;
  RunModel *model;
  OutputFile file;
} Fixture;

static char *
path_of (const Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
put_file (const Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = path_of (fixture, name);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture *fixture, const void *data)
{
  (void)data;
  fixture->folder = g_dir_make_tmp ("outputs-XXXXXX", NULL);
  g_autofree char *inner = path_of (fixture, "output");
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  fixture->state = state_new ();
  fixture->model = run_model_new (fixture->state, fixture->folder);
  fixture->file = (OutputFile){ .descriptor = -1 };
}

static void
tear_down (Fixture *fixture, const void *data)
{
  static const char *const made[] = { "output/a.log",
                                      "output/a.log.new",
                                      "output/link.log",
                                      "output/pipe.log",
                                      "output",
                                      "secret",
                                      "" };
  (void)data;
  output_file_close (&fixture->file);
  run_model_free (fixture->model);
  state_free (fixture->state);
  for (gsize i = 0; i < G_N_ELEMENTS (made); i++) {
    g_autofree char *path = path_of (fixture, made[i]);
    g_remove (path);
  }
  g_free (fixture->folder);
}

static gboolean
look (Fixture *fixture, const char *name)
{
  return output_file_look (&fixture->file, fixture->folder, name);
}

/* It grows under us; another one takes its place, as when secrets were masked. */
static void
test_look (Fixture *fixture, const void *data)
{
  (void)data;
  put_file (fixture, "output/a.log", "one\n");
  g_assert_true (look (fixture, "output/a.log"));
  g_assert_cmpuint (fixture->file.bytes, ==, 4);
  g_assert_cmpint (fixture->file.written_us, >, 0);
  g_autofree char *path = path_of (fixture, "output/a.log");
  int writer = open (path, O_WRONLY | O_APPEND);
  g_assert_cmpint (write (writer, "two\n", 4), ==, 4);
  close (writer);
  g_assert_false (look (fixture, "output/a.log"));
  g_assert_cmpuint (fixture->file.bytes, ==, 8);
  put_file (fixture, "output/a.log.new", "***\ntwo and more\n");
  g_autofree char *new = path_of (fixture, "output/a.log.new");
  g_assert_cmpint (g_rename (new, path), ==, 0);
  g_assert_true (look (fixture, "output/a.log"));
  char bytes[4] = "";
  gsize got =
      pager_read_descriptor (GINT_TO_POINTER (fixture->file.descriptor), 0, bytes, 3);
  g_assert_cmpuint (got, ==, 3);
  g_assert_cmpstr (bytes, ==, "***");
}

/* The journal names the file, and others may write the journal. */
static void
test_nothing_else (Fixture *fixture, const void *data)
{
  static const char *const names[] = {
    "secret", "output/../secret", "output/",         "output",          "output/..",
    "",       "/etc/passwd",      "output/link.log", "output/pipe.log", "output/none.log"
  };
  (void)data;
  put_file (fixture, "secret", "secret");
  g_autofree char *link = path_of (fixture, "output/link.log");
  g_autofree char *pipe = path_of (fixture, "output/pipe.log");
  g_assert_cmpint (symlink ("../secret", link), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_test_message ("%s", names[i]);
    g_assert_false (look (fixture, names[i]));
    g_assert_cmpint (fixture->file.descriptor, <, 0);
    g_assert_nonnull (fixture->file.problem);
  }
}

/* While the command of another user's run runs. */
static void
test_not_ours (Fixture *fixture, const void *data)
{
  (void)data;
  put_file (fixture, "output/a.log", "secret");
  g_autofree char *path = path_of (fixture, "output/a.log");
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  if (geteuid () == 0) {
    g_assert_cmpint (seteuid (65534), ==, 0);
    g_assert_cmpint (seteuid (0), ==, 0);
    g_assert_cmpint (g_chmod (fixture->folder, 0711), ==, 0);
    g_autofree char *inner = path_of (fixture, "output");
    g_assert_cmpint (g_chmod (inner, 0711), ==, 0);
    g_assert_cmpint (seteuid (65534), ==, 0);
  }
  gboolean read = look (fixture, "output/a.log");
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_false (read);
  g_assert_true (
      g_str_has_suffix (fixture->file.problem, " alone while the command runs"));
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_true (look (fixture, "output/a.log"));
  g_assert_null (fixture->file.problem);
}

static void
tell (Fixture *fixture, EventType type, const char *members)
{
  g_autoptr (Event) event = event_new (type, json_loads (members, 0, NULL));
  g_assert_nonnull (event->data);
  run_model_event (fixture->model, event);
}

#define BEGAN(step, purpose, output)                                                 \
  "{\"step\":\"" step "\",\"purpose\":\"" purpose "\",\"index\":0,\"count\":1,"      \
  "\"argv\":[\"pg_dump\",\"a b\"],\"pid\":1,\"group\":1,\"start\":1,\"boot\":\"b\"," \
  "\"output\":\"" output "\"}"

static const struct {
  EventType type;
  const char *members, *end;
  OutputStanding standing;
} endings[] = {
  { EVENT_COMMAND_ENDED,
    "{\"step\":\"a\",\"status\":0,\"signal\":0,\"took_us\":90000000}",
    "ended well after 1m30s", OUTPUT_ENDED },
  { EVENT_COMMAND_ENDED, "{\"step\":\"a\",\"status\":2,\"signal\":0,\"took_us\":9000000}",
    "ended with status 2 after 9s", OUTPUT_FAILED },
  { EVENT_COMMAND_ENDED,
    "{\"step\":\"a\",\"status\":-1,\"signal\":9,\"took_us\":9000000}",
    "died of signal 9 after 9s", OUTPUT_FAILED },
  { EVENT_COMMAND_ENDED,
    "{\"step\":\"a\",\"status\":-1,\"signal\":0,\"took_us\":0,\"problem\":\"no\"}",
    "could not be run", OUTPUT_FAILED },
  { EVENT_COMMAND_LOST, "{\"step\":\"a\",\"alive\":true}", NULL, OUTPUT_RUNNING },
  { EVENT_COMMAND_LOST, "{\"step\":\"a\",\"alive\":false}",
    "is gone; nobody saw how it ended", OUTPUT_LOST },
};

static void
test_events (Fixture *fixture, const void *data)
{
  (void)data;
  g_autoptr (Outputs) outputs = outputs_new (fixture->model);
  g_assert_null (outputs_latest (outputs));
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++) {
    tell (fixture, EVENT_COMMAND_BEGAN, BEGAN ("a", "undo", "output/a.log"));
    outputs_update (outputs);
    const OutputOf *output = outputs_latest (outputs);
    g_assert_cmpint (output->standing, ==, OUTPUT_RUNNING);
    g_assert_null (output->end);
    g_assert_cmpstr (output->command, ==, "pg_dump 'a b'");
    g_assert_cmpint (output->purpose, ==, PURPOSE_UNDO);
    tell (fixture, endings[i].type, endings[i].members);
    outputs_update (outputs);
    g_assert_cmpint (output->standing, ==, endings[i].standing);
    g_assert_cmpstr (output->end, ==, endings[i].end);
  }
  tell (fixture, EVENT_COMMAND_BEGAN, BEGAN ("b", "do", "output/b.log"));
  outputs_update (outputs);
  g_assert_cmpuint (outputs_count (outputs), ==, 2);
  g_assert_true (outputs_at (outputs, 1) == outputs_latest (outputs));
  g_assert_true (outputs_named (outputs, "output/a.log") == outputs_at (outputs, 0));
  g_assert_null (outputs_named (outputs, "output/c.log"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/outputs/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("look", test_look);
  ADD ("nothing-else", test_nothing_else);
  ADD ("not-ours", test_not_ours);
  ADD ("events", test_events);
  return g_test_run ();
}
