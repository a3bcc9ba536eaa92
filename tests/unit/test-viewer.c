/* The viewer's end of the connection, with the test as the runner. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/run/journal.h"
#include "core/run/wire.h"
#include "core/store/store.h"
#include "tui/viewer.h"

typedef struct {
  int runner; /* our end */
  Viewer *viewer;
  JournalChain chain;
  GString *heard; /* what the hooks were told, a word each */
  guint settled;
} Fixture;

static void
on_event (const Event *event, void *data)
{
  Fixture *fixture = data;
  g_string_append_printf (fixture->heard, "%s ", event_type_name (event->type));
}

static void
on_live (const json_t *message, void *data)
{
  Fixture *fixture = data;
  g_string_append_printf (fixture->heard, "live:%s ",
                          json_string_value (json_object_get (message, "live")));
}

static void
on_ended (const char *problem, void *data)
{
  Fixture *fixture = data;
  g_string_append_printf (fixture->heard, "ended:%s ", problem ? problem : "closed");
}

static void
on_settled (void *data)
{
  Fixture *fixture = data;
  fixture->settled++;
}

static const ViewerHooks hooks = {
  .event = on_event, .live = on_live, .ended = on_ended, .settled = on_settled
};

static void
set_up (Fixture *fixture, const void *data)
{
  (void)data;
  int ends[2];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  fixture->runner = ends[0];
  fixture->chain = (JournalChain)JOURNAL_CHAIN_INIT;
  fixture->heard = g_string_new (NULL);
  fixture->viewer = viewer_new_on (ends[1], &hooks, fixture);
}

static void
tear_down (Fixture *fixture, const void *data)
{
  (void)data;
  viewer_free (fixture->viewer);
  if (fixture->runner >= 0)
    close (fixture->runner);
  g_string_free (fixture->heard, TRUE);
}

static void
say (Fixture *fixture, const char *bytes, gsize length)
{
  g_assert_cmpint (write (fixture->runner, bytes, length), ==, (ssize_t)length);
}

/* Until the viewer has told something more. */
static void
turn (Fixture *fixture)
{
  guint before = fixture->settled;
  while (fixture->settled == before)
    g_main_context_iteration (NULL, TRUE);
}

static char *
line_of (Fixture *fixture, EventType type, const char *members)
{
  g_autoptr (Event) event = event_new (type, json_loads (members, 0, NULL));
  g_autofree char *line = journal_write (&fixture->chain, event);
  return g_strconcat (line, "\n", NULL);
}

static char *
began (Fixture *fixture)
{
  return line_of (fixture, EVENT_RUN_BEGAN,
                  "{\"format\":1,\"program\":\"0\",\"run\":\"r1\",\"runbook\":{\"name\":"
                  "\"a\",\"title\":\"A\",\"file\":\"a\",\"digest\":\"d\"},\"sources\":[],"
                  "\"site\":{\"name\":\"s\",\"file\":\"s\",\"digest\":\"d\",\"platform\":"
                  "\"compose\",\"production\":false},\"settings\":{},\"practice\":false,"
                  "\"host\":\"h\",\"uid\":1,\"user\":\"u\",\"pid\":1,\"boot\":\"b\","
                  "\"steps\":[{\"id\":\"one\",\"title\":\"One\"}]}");
}

static void
test_folds (Fixture *fixture, const void *data)
{
  (void)data;
  g_autofree char *first = began (fixture);
  g_autofree char *second =
      line_of (fixture, EVENT_STEP_BEGAN, "{\"step\":\"one\",\"title\":\"One\"}");
  g_autofree char *all = g_strconcat (first, "{\"live\":\"caught-up\"}\n", second, NULL);
  /* In two pieces that break a line. */
  say (fixture, all, strlen (first) + 5);
  turn (fixture);
  g_assert_cmpstr (fixture->heard->str, ==, "run-began ");
  say (fixture, all + strlen (first) + 5, strlen (all) - strlen (first) - 5);
  turn (fixture);
  g_assert_cmpstr (fixture->heard->str, ==, "run-began live:caught-up step-began ");
  g_assert_cmpstr (viewer_state (fixture->viewer)->name, ==, "r1");
  g_assert_cmpstr (state_current (viewer_state (fixture->viewer))->id, ==, "one");
}

/* An event that is missing is noticed by the next one's chain. */
static void
test_gap (Fixture *fixture, const void *data)
{
  (void)data;
  g_autofree char *first = began (fixture);
  /* Numbered and chained, but never sent. */
  g_free (line_of (fixture, EVENT_STEP_BEGAN, "{\"step\":\"one\",\"title\":\"One\"}"));
  g_autofree char *third = line_of (fixture, EVENT_STEP_DONE, "{\"step\":\"one\"}");
  say (fixture, first, strlen (first));
  say (fixture, third, strlen (third));
  turn (fixture);
  g_assert_true (g_str_has_prefix (fixture->heard->str,
                                   "run-began ended:what the runner sent cannot be "));
}

/* The chain is right, but the story is not. */
static void
test_impossible (Fixture *fixture, const void *data)
{
  (void)data;
  g_autofree char *first = began (fixture);
  g_autofree char *second = line_of (fixture, EVENT_STEP_DONE, "{\"step\":\"one\"}");
  say (fixture, first, strlen (first));
  say (fixture, second, strlen (second));
  turn (fixture);
  g_assert_true (g_str_has_prefix (fixture->heard->str, "run-began ended:"));
}

static void
test_nonsense (Fixture *fixture, const void *data)
{
  (void)data;
  say (fixture, "hello\n", 6);
  turn (fixture);
  g_assert_true (g_str_has_prefix (fixture->heard->str, "ended:what the runner sent"));
}

static void
test_closed (Fixture *fixture, const void *data)
{
  (void)data;
  close (fixture->runner);
  fixture->runner = -1;
  turn (fixture);
  g_assert_cmpstr (fixture->heard->str, ==, "ended:closed ");
  viewer_send (fixture->viewer, json_pack ("{ss}", "say", "take"));
}

static void
test_sends (Fixture *fixture, const void *data)
{
  (void)data;
  char got[64] = "";
  viewer_send (fixture->viewer, json_pack ("{ss}", "say", "take"));
  g_assert_cmpint (read (fixture->runner, got, sizeof got - 1), >, 0);
  g_assert_cmpstr (got, ==, "{\"say\":\"take\"}\n");
}

/* More than the socket holds is sent as the other end reads. */
static void
test_sends_much (Fixture *fixture, const void *data)
{
  (void)data;
  gsize wanted = 0;
  gsize got = 0;
  g_autofree char *text = g_strnfill (1000, 'x');
  for (guint i = 0; i < 2000; i++) {
    g_autofree char *line =
        wire_line (json_pack ("{ss ss}", "say", "note", "text", text));
    wanted += strlen (line);
    viewer_send (fixture->viewer, json_pack ("{ss ss}", "say", "note", "text", text));
  }
  g_autofree char *bytes = g_malloc (65536);
  while (got < wanted) {
    ssize_t count = recv (fixture->runner, bytes, 65536, MSG_DONTWAIT);
    if (count > 0)
      got += (gsize)count;
    else
      g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpuint (got, ==, wanted);
}

static int
listen_in (const char *folder)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
  g_autofree char *before = g_get_current_dir ();
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (chdir (folder), ==, 0);
  g_assert_cmpint (bind (listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  g_assert_cmpint (chdir (before), ==, 0);
  return listener;
}

/* The folder's path alone is longer than an address may be. */
static void
test_long_path (void)
{
  g_autofree char *top = g_dir_make_tmp ("viewer-XXXXXX", NULL);
  g_autofree char *filler = g_strnfill (150, 'a');
  g_autofree char *folder = g_build_filename (top, filler, NULL);
  g_autofree char *socket_path = g_build_filename (folder, "socket", NULL);
  g_autoptr (GError) error = NULL;
  Fixture fixture = { .heard = g_string_new (NULL) };
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_null (viewer_new (folder, &hooks, &fixture, &error));
  g_assert_error (error, VIEWER_ERROR, VIEWER_ERROR_CONNECT);
  g_assert_nonnull (strstr (error->message, "handrail resume aaa"));
  int listener = listen_in (folder);
  g_autoptr (Viewer) viewer = viewer_new (folder, &hooks, &fixture, NULL);
  g_assert_nonnull (viewer);
  close (listener);
  g_unlink (socket_path);
  g_rmdir (folder);
  g_rmdir (top);
  g_string_free (fixture.heard, TRUE);
}

/* Nobody answers any more, but the journal tells how it ended. */
static void
test_over_already (void)
{
  g_autofree char *folder = g_dir_make_tmp ("viewer-XXXXXX", NULL);
  g_autofree char *journal = g_build_filename (folder, STORE_JOURNAL, NULL);
  Fixture fixture = { .heard = g_string_new (NULL), .chain = JOURNAL_CHAIN_INIT };
  g_autofree char *first = began (&fixture);
  g_autofree char *second =
      line_of (&fixture, EVENT_RUN_STOPPED, "{\"why\":\"told to\",\"held\":false}");
  g_autofree char *all = g_strconcat (first, second, NULL);
  g_assert_true (g_file_set_contents (journal, first, -1, NULL));
  g_assert_null (viewer_new (folder, &hooks, &fixture, NULL));
  g_assert_true (g_file_set_contents (journal, all, -1, NULL));
  g_autoptr (Viewer) viewer = viewer_new (folder, &hooks, &fixture, NULL);
  g_assert_nonnull (viewer);
  viewer_send (viewer, json_pack ("{ss}", "say", "take"));
  turn (&fixture);
  g_assert_cmpstr (fixture.heard->str, ==,
                   "run-began run-stopped live:bye ended:closed ");
  g_assert_cmpint (viewer_state (viewer)->phase, ==, RUN_STOPPED);
  g_unlink (journal);
  g_rmdir (folder);
  g_string_free (fixture.heard, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) \
  g_test_add ("/viewer/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("folds", test_folds);
  ADD ("gap", test_gap);
  ADD ("impossible", test_impossible);
  ADD ("nonsense", test_nonsense);
  ADD ("closed", test_closed);
  ADD ("sends", test_sends);
  ADD ("sends-much", test_sends_much);
  g_test_add_func ("/viewer/over-already", test_over_already);
  g_test_add_func ("/viewer/long-path", test_long_path);
  return g_test_run ();
}
