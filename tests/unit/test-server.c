/* The run's socket, with viewers on the other end of real connections. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/run/wire.h"
#include "core/runner/server.h"
#include "core/store/store.h"

typedef struct {
  char *folder, *journal;
  int descriptor, history;
  Server *server;
  GString *said; /* "came 1 left 1 note 2 " */
} Desk;

static void
on_came (guint viewer, gint64 uid, const char *user, void *data)
{
  Desk *desk = data;
  g_assert_cmpint (uid, ==, getuid ());
  g_assert_cmpstr (user, ==, g_get_user_name ());
  g_string_append_printf (desk->said, "came %u ", viewer);
  server_tell (desk->server, viewer, json_pack ("{s:s}", "live", "hello"));
}

static void
on_left (guint viewer, void *data)
{
  g_string_append_printf (((Desk *)data)->said, "left %u ", viewer);
}

static void
on_said (guint viewer, gint64 uid G_GNUC_UNUSED, const char *user G_GNUC_UNUSED,
         const json_t *message, void *data)
{
  const char *say = json_string_value (json_object_get (message, "say"));
  g_string_append_printf (((Desk *)data)->said, "%s %u ", say ? say : "?", viewer);
}

static void
on_looks (guint viewer, void *data)
{
  Desk *desk = data;
  g_string_append_printf (desk->said, "looks %u ", viewer);
  server_tell (desk->server, viewer, json_pack ("{s:s}", "live", "so-far"));
}

static const ServerCalls calls = {
  .came = on_came, .left = on_left, .said = on_said, .looks = on_looks
};

/* `lines` is the journal so far. */
static void
desk_init (Desk *desk, const char *lines)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  /* Longer than what a socket's address has room for. */
  g_autofree char *deep = g_strnfill (200, 'd');
  desk->folder = g_build_filename (top, deep, NULL);
  g_assert_cmpint (g_mkdir (desk->folder, 0700), ==, 0);
  desk->journal = g_build_filename (desk->folder, "journal", NULL);
  g_assert_true (g_file_set_contents (desk->journal, lines, -1, NULL));
  desk->descriptor = open (desk->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  desk->history = open (desk->journal, O_RDONLY | O_CLOEXEC);
  desk->said = g_string_new (NULL);
  desk->server = server_new (desk->descriptor, FALSE, 1, &calls, desk, &error);
  g_assert_no_error (error);
  server_set_history (desk->server, desk->history, (gint64)strlen (lines));
}

static void
desk_finish (Desk *desk)
{
  g_autofree char *top = g_path_get_dirname (desk->folder);
  server_free (desk->server);
  close (desk->history);
  close (desk->descriptor);
  g_unlink (desk->journal);
  g_assert_cmpint (g_rmdir (desk->folder), ==, 0); /* the socket is gone */
  g_rmdir (top);
  g_string_free (desk->said, TRUE);
  g_free (desk->journal);
  g_free (desk->folder);
}

static int
connect_to (const Desk *desk)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int viewer = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_snprintf (address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" STORE_SOCKET,
              desk->descriptor);
  g_assert_cmpint (connect (viewer, (const struct sockaddr *)&address, sizeof address),
                   ==, 0);
  return viewer;
}

/* Reads until `end` has come, or until the connection is over (NULL). */
static char *
read_until (int viewer, const char *end)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  while (!end || !strstr (text->str, end)) {
    g_main_context_iteration (NULL, FALSE);
    ssize_t got = recv (viewer, buffer, sizeof buffer, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN))
      break;
    if (got > 0)
      g_string_append_len (text, buffer, got);
  }
  return g_strdup (text->str);
}

static void
say (int viewer, const char *text)
{
  gssize length = (gssize)strlen (text);
  g_assert_cmpint (send (viewer, text, (gsize)length, MSG_NOSIGNAL), ==, length);
}

static void
until_said (const Desk *desk, const char *text)
{
  while (!strstr (desk->said->str, text))
    g_main_context_iteration (NULL, TRUE);
}

#define HELLO "{\"live\":\"hello\"}\n"
#define CAUGHT_UP "{\"live\":\"caught-up\"}\n"

static void
test_history_then_live (void)
{
  Desk desk;
  desk_init (&desk, "{\"n\":1}\n{\"n\":2}\n");
  server_set_standing (desk.server, json_pack ("{s:s}", "live", "waiting"));
  int viewer = connect_to (&desk);
  g_autofree char *before = read_until (viewer, "waiting\"}\n");
  g_assert_cmpstr (before, ==,
                   HELLO "{\"n\":1}\n{\"n\":2}\n" CAUGHT_UP "{\"live\":\"waiting\"}\n");
  server_publish (desk.server, "{\"n\":3}\n");
  server_pass (desk.server, json_pack ("{s:s}", "live", "output"), SERVER_QUICK);
  server_pass (desk.server, json_pack ("{s:s}", "live", "reading"), SERVER_QUICK_LOOKERS);
  server_publish (desk.server, "{\"n\":4}\n");
  g_autofree char *after = read_until (viewer, "4}\n");
  g_assert_cmpstr (after, ==, "{\"n\":3}\n{\"live\":\"output\"}\n{\"n\":4}\n");
  g_assert_false (server_has_lookers (desk.server));
  say (viewer, "{\"say\":\"looks\"}\n{\"say\":\"note\"}\n");
  until_said (&desk, "note 1");
  server_pass (desk.server, json_pack ("{s:s}", "live", "too early"),
               SERVER_QUICK_LOOKERS);
  until_said (&desk, "looks 1");
  g_assert_true (server_has_lookers (desk.server));
  server_pass (desk.server, json_pack ("{s:s}", "live", "reading"), SERVER_QUICK_LOOKERS);
  g_autofree char *reading = read_until (viewer, "reading\"}\n");
  g_assert_cmpstr (reading, ==, "{\"live\":\"so-far\"}\n{\"live\":\"reading\"}\n");
  g_assert_cmpuint (server_viewers (desk.server), ==, 1);
  close (viewer);
  until_said (&desk, "left 1");
  g_assert_cmpuint (server_viewers (desk.server), ==, 0);
  desk_finish (&desk);
}

/* A history of many pieces, with a line longer than a piece. */
static void
test_long_history (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (lines, "{\"n\":%u,\"text\":\"%0*d\"}\n", i + 1,
                            i == 1000 ? 300000 : 100, 0);
  Desk desk;
  desk_init (&desk, lines->str);
  int viewer = connect_to (&desk);
  until_said (&desk, "came 1");
  g_assert_true (server_is_busy (desk.server));
  g_autofree char *got = read_until (viewer, CAUGHT_UP);
  g_autofree char *wanted = g_strconcat (HELLO, lines->str, CAUGHT_UP, NULL);
  g_assert_true (strcmp (got, wanted) == 0);
  g_assert_false (server_is_busy (desk.server));
  close (viewer);
  desk_finish (&desk);
}

/* Lines that are written while a viewer still reads the history come in their place. */
static void
test_published_while_catching_up (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  while (lines->len < 2 * 1024 * 1024)
    g_string_append (lines, "{\"n\":0}\n");
  Desk desk;
  desk_init (&desk, lines->str);
  int viewer = connect_to (&desk);
  until_said (&desk, "came 1");
  g_string_append (lines, "{\"n\":1}\n");
  g_assert_true (g_file_set_contents (desk.journal, lines->str, -1, NULL));
  close (desk.history);
  desk.history = open (desk.journal, O_RDONLY | O_CLOEXEC);
  server_set_history (desk.server, desk.history, (gint64)lines->len - 8);
  server_publish (desk.server, "{\"n\":1}\n");
  server_pass (desk.server, json_pack ("{s:s}", "live", "output"), SERVER_QUICK);
  g_autofree char *got = read_until (viewer, CAUGHT_UP);
  g_assert_true (g_str_has_suffix (got, "{\"n\":0}\n{\"n\":1}\n" CAUGHT_UP));
  g_assert_null (strstr (got, "output"));
  close (viewer);
  desk_finish (&desk);
}

static void
test_garbage (void)
{
  g_autofree char *long_line = g_strnfill (WIRE_LINE_BYTES_MAX + 1, 'x');
  const char *const rows[] = { "[1]\n", "{\"say\"\n", "\xff\xfe\n", "\n", long_line };
  Desk desk;
  desk_init (&desk, "");
  int good = connect_to (&desk);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    int bad = connect_to (&desk);
    g_free (read_until (bad, CAUGHT_UP));
    ssize_t sent G_GNUC_UNUSED = send (bad, rows[i], strlen (rows[i]), MSG_NOSIGNAL);
    g_autofree char *rest = read_until (bad, NULL);
    g_assert_nonnull (strstr (rest, "\"bye\""));
    close (bad);
  }
  say (good, "{\"say\":\"note\"}\n");
  until_said (&desk, "note 1");
  close (good);
  desk_finish (&desk);
}

/* Lines in pieces, many in one piece, and one after which the viewer is gone. */
static void
test_pieces (void)
{
  Desk desk;
  desk_init (&desk, "");
  int viewer = connect_to (&desk);
  say (viewer, "{\"say\":\"a\"}\n{\"say");
  until_said (&desk, "a 1");
  say (viewer, "\":\"b\"}\n{\"say\":\"c\"}\n{}\n{\"say\":\"detach\"}\n{\"say\":\"d\"}\n");
  until_said (&desk, "left 1");
  g_assert_cmpstr (desk.said->str, ==, "came 1 a 1 b 1 c 1 ? 1 left 1 ");
  close (viewer);
  desk_finish (&desk);
}

/* Output is left out for a viewer that is slow; one that never reads is dropped. */
static void
test_slow_viewer (void)
{
  g_autofree char *text = g_strnfill (1024 * 1024, 'x');
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  Desk desk;
  desk_init (&desk, "");
  int slow = connect_to (&desk), quick = connect_to (&desk);
  g_free (read_until (slow, CAUGHT_UP));
  g_free (read_until (quick, CAUGHT_UP));
  for (guint i = 0; i < 50; i++)
    server_pass (desk.server, json_pack ("{s:s}", "live", text), SERVER_QUICK);
  g_assert_cmpuint (server_viewers (desk.server), ==, 2);
  g_assert_true (server_is_busy (desk.server));
  g_free (read_until (quick, "\n"));
  while (server_is_busy (desk.server) && server_viewers (desk.server) == 2) {
    server_publish (desk.server, line);
    g_free (read_until (quick, "\n"));
  }
  until_said (&desk, "left 1");
  g_assert_cmpuint (server_viewers (desk.server), ==, 1);
  close (slow);
  close (quick);
  desk_finish (&desk);
}

static void
test_too_many (void)
{
  int viewers[SERVER_VIEWERS_MAX];
  Desk desk;
  desk_init (&desk, "");
  for (guint i = 0; i < SERVER_VIEWERS_MAX; i++) {
    viewers[i] = connect_to (&desk);
    g_free (read_until (viewers[i], CAUGHT_UP));
  }
  int more = connect_to (&desk);
  g_autofree char *nothing = read_until (more, NULL);
  g_assert_cmpstr (nothing, ==, "");
  close (more);
  for (guint i = 0; i < SERVER_VIEWERS_MAX; i++)
    close (viewers[i]);
  until_said (&desk, "left 32");
  desk_finish (&desk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/history-then-live", test_history_then_live);
  g_test_add_func ("/server/long-history", test_long_history);
  g_test_add_func ("/server/published-while-catching-up",
                   test_published_while_catching_up);
  g_test_add_func ("/server/garbage", test_garbage);
  g_test_add_func ("/server/pieces", test_pieces);
  g_test_add_func ("/server/slow-viewer", test_slow_viewer);
  g_test_add_func ("/server/too-many", test_too_many);
  return g_test_run ();
}
