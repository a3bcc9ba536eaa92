#include "tui/plain/plain_io.h"

#include <errno.h>
#include <glib-unix.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/run/wire.h"
#include "core/store/store.h"
#include "tui/cli.h"
#include "tui/lines.h"
#include "tui/plain/plain.h"
#include "tui/viewer.h"

/* A line without an end longer than this is dropped: no answer is that long. */
#define LINE_BYTES_MAX WIRE_LINE_BYTES_MAX

typedef struct {
  GMainLoop *loop;
  Viewer *viewer;
  Plain *plain;
  GString *line;   /* typed so far, without its line feed */
  gboolean spoilt; /* what is typed holds a NUL byte */
  guint input;     /* source id, 0: not reading */
  guint due;       /* source id: tells what time it is */
  gboolean terminal;
  int status;
} Session;

gboolean
plain_io_utf8 (void)
{
  return strcmp (nl_langinfo (CODESET), "UTF-8") == 0;
}

/* FALSE if nobody reads any more. A terminal is shared, and another program may have
 * left it so that it does not wait: then the waiting is done here. */
static gboolean
write_all (const char *text)
{
  gsize left = strlen (text);
  while (left > 0) {
    ssize_t put = write (STDOUT_FILENO, text, left);
    struct pollfd room = { STDOUT_FILENO, POLLOUT, 0 };
    if (put < 0 && errno == EAGAIN)
      poll (&room, 1, -1);
    if (put < 0 && (errno == EINTR || errno == EAGAIN))
      continue;
    if (put < 0)
      return FALSE;
    text += put;
    left -= (gsize)put;
  }
  return TRUE;
}

static gboolean on_input (int descriptor, GIOCondition condition, gpointer data);

static void
clear_line (Session *session)
{
  g_string_truncate (session->line, 0);
  session->spoilt = FALSE;
}

static void
tell_time (Session *session)
{
  plain_time (session->plain, g_get_monotonic_time ());
}

static gboolean on_due (gpointer data);

/* Brings out what the front end has to say; after everything that goes in. */
static void
pump (Session *session)
{
  if (plain_take_flush (session->plain)) {
    tcflush (STDIN_FILENO, TCIFLUSH);
    clear_line (session);
  }
  for (char *text = NULL; (text = plain_take_output (session->plain));) {
    if (!write_all (text))
      plain_hung_up (session->plain);
    g_free (text);
    if (plain_is_over (session->plain, &session->status))
      break;
  }
  for (json_t *message = NULL; (message = plain_take_message (session->plain));)
    viewer_send (session->viewer, message);
  gint64 due_us = plain_due (session->plain);
  g_clear_handle_id (&session->due, g_source_remove);
  if (due_us) {
    gint64 wait_us = MAX (0, due_us - g_get_monotonic_time ());
    session->due = g_timeout_add ((guint)(wait_us / 1000 + 1), on_due, session);
  }
  if (plain_is_over (session->plain, &session->status))
    g_main_loop_quit (session->loop);
  else if (!session->input && plain_wants_input (session->plain))
    session->input =
        g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, session);
}

static gboolean
on_due (gpointer data)
{
  Session *session = data;
  session->due = 0;
  tell_time (session);
  pump (session);
  return G_SOURCE_REMOVE;
}

/* ---- input ----------------------------------------------------------------- */

static void
take_line (Session *session)
{
  if (session->spoilt)
    plain_not_taken (session->plain, "it holds a NUL byte");
  else
    plain_typed (session->plain, session->line->str);
  clear_line (session);
}

static void
take_typed (Session *session, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] == '\n')
      take_line (session);
    else if (bytes[i] == '\0')
      session->spoilt = TRUE;
    else if (session->line->len < LINE_BYTES_MAX)
      g_string_append_c (session->line, bytes[i]);
  }
}

/* The last line of a pipe may lack its line feed. */
static void
take_end (Session *session, ssize_t got)
{
  if (got < 0 && session->terminal) {
    plain_hung_up (session->plain);
    return;
  }
  if (session->line->len > 0 && !session->terminal)
    take_line (session);
  clear_line (session);
  plain_input_ended (session->plain);
}

static gboolean
on_input (int descriptor, GIOCondition condition, gpointer data)
{
  (void)condition;
  Session *session = data;
  char bytes[4096];
  ssize_t got = read (descriptor, bytes, sizeof bytes);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (got > 0)
    take_typed (session, bytes, (gsize)got);
  else
    take_end (session, got);
  gboolean more = got > 0 && plain_wants_input (session->plain);
  if (!more)
    session->input = 0;
  guint before = session->input;
  pump (session);
  /* pump() may have begun to read anew, with another source. */
  return more && session->input == before ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* ---- the runner ------------------------------------------------------------ */

static void
on_event (const Event *event, void *data)
{
  Session *session = data;
  tell_time (session);
  plain_event (session->plain, event);
}

static void
on_live (const json_t *message, void *data)
{
  Session *session = data;
  tell_time (session);
  plain_live (session->plain, message);
}

static void
on_ended (const char *problem, void *data)
{
  Session *session = data;
  plain_broken (session->plain, problem);
}

static void
on_settled (void *data)
{
  pump (data);
}

/* ---- signals --------------------------------------------------------------- */

static gboolean
on_hang_up (gpointer data)
{
  Session *session = data;
  plain_hung_up (session->plain);
  pump (session);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_interrupt (gpointer data)
{
  Session *session = data;
  if (!session->terminal)
    return on_hang_up (data);
  plain_interrupted (session->plain, g_get_monotonic_time ());
  pump (session);
  return G_SOURCE_CONTINUE;
}

int
plain_io_run (const char *folder, gboolean brief, GError **error)
{
  static const ViewerHooks hooks = {
    .event = on_event, .live = on_live, .ended = on_ended, .settled = on_settled
  };
  Session session = { .terminal = isatty (STDIN_FILENO), .status = 1 };
  session.viewer = viewer_new (folder, &hooks, &session, error);
  if (!session.viewer)
    return -1;
  g_autofree char *byhand = g_build_filename (folder, STORE_BYHAND, NULL);
  PlainOptions options = {
    .state = viewer_state (session.viewer),
    .byhand = byhand,
    .terminal = session.terminal,
    .utf8 = plain_io_utf8 (),
    .columns = cli_columns (),
    .brief = brief,
  };
  session.plain = plain_new (&options);
  session.line = g_string_new (NULL);
  session.loop = g_main_loop_new (NULL, FALSE);
  signal (SIGPIPE, SIG_IGN);
  guint signals[] = {
    g_unix_signal_add (SIGHUP, on_hang_up, &session),
    g_unix_signal_add (SIGTERM, on_hang_up, &session),
    g_unix_signal_add (SIGINT, on_interrupt, &session),
  };
  pump (&session);
  g_main_loop_run (session.loop);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_source_remove (signals[i]);
  g_clear_handle_id (&session.due, g_source_remove);
  g_clear_handle_id (&session.input, g_source_remove);
  g_main_loop_unref (session.loop);
  g_string_free (session.line, TRUE);
  plain_free (session.plain);
  viewer_free (session.viewer);
  return session.status;
}

/* ---- a question without a run ---------------------------------------------- */

char *
plain_io_ask (const char *subject, const char *text, const char *takes)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  lines_add (out, "? ", "%s: %s [%s]", subject, text, takes);
  g_autofree char *broken = lines_broken (out->str, cli_columns ());
  g_autofree char *ascii = plain_io_utf8 () ? NULL : lines_ascii (broken);
  tcflush (STDIN_FILENO, TCIFLUSH);
  fflush (stdout);
  if (!write_all (ascii ? ascii : broken))
    return NULL;
  /* Byte by byte: what follows the line is for whoever reads next. */
  char byte = '\0';
  gboolean spoilt = FALSE;
  ssize_t got = 0;
  while ((got = read (STDIN_FILENO, &byte, 1)) == 1 || (got < 0 && errno == EINTR)) {
    if (got == 1 && byte == '\n')
      break;
    spoilt = spoilt || (got == 1 && byte == '\0');
    if (got == 1 && byte != '\0' && line->len < LINE_BYTES_MAX)
      g_string_append_c (line, byte);
  }
  if (got <= 0 && line->len == 0)
    return NULL;
  if (spoilt) /* no answer; and none that the rest of it looks like */
    return g_strdup ("");
  return g_strstrip (g_utf8_make_valid (line->str, (gssize)line->len));
}
