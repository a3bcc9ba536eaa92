#include "tui/practice/practice_world.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/store/store.h"
#include "tui/start.h"

#define PROGRAM "handrail-practice"
#define CONTROL "control"

/* How long an answer is waited for: it has little to do. */
#define ANSWER_MS 2000

/* ---- starting -------------------------------------------------------------------- */

static GStrv
arguments_of (const PracticeWorldOrder *order)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  g_autofree char *speed = g_strdup_printf ("%" G_GINT64_FORMAT, order->speed);
  g_autofree char *seed = g_strdup_printf ("%" G_GINT64_FORMAT, order->seed);
  g_autofree char *viewer = g_strdup_printf ("%d", (int)getpid ());
  g_strv_builder_add_many (arguments, "serve", "--folder", order->folder, "--scenario",
                           order->scenario, "--speed", speed, "--seed", seed,
                           "--viewer-pid", viewer, NULL);
  for (guint i = 0; order->places[i]; i++)
    g_strv_builder_add_many (arguments, "--scenarios", order->places[i], NULL);
  return g_strv_builder_end (arguments);
}

gboolean
practice_world_start (const PracticeWorldOrder *order, GError **error)
{
  g_auto (GStrv) arguments = arguments_of (order);
  g_autofree char *line = start_program (PROGRAM, (const char *const *)arguments, error);
  if (!line)
    return FALSE;
  json_auto_t *said = json_loads (line, JSON_REJECT_DUPLICATES, NULL);
  const char *refused = json_string_value (json_object_get (said, "refused"));
  if (!refused && json_object_get (said, "site"))
    return TRUE;
  g_set_error (error, START_ERROR, START_ERROR_RUNNER, "%s",
               refused ? refused
                       : PROGRAM
                   " ended without saying what happened; look for its "
                   "messages above, and install it and handrail in the same "
                   "version");
  return FALSE;
}

/* ---- speaking to it --------------------------------------------------------------- */

/* A line to it, or -1: what others have made in its place is not spoken to. */
static int
line_to (const char *folder)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = g_build_filename (folder, CONTROL, NULL);
  if (!store_is_private (folder) || strlen (path) >= sizeof address.sun_path)
    return -1;
  strcpy (address.sun_path, path);
  int line = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (line >= 0 && connect (line, (const struct sockaddr *)&address, sizeof address) == 0)
    return line;
  if (line >= 0)
    close (line);
  return -1;
}

gboolean
practice_world_is_alive (const char *folder)
{
  int line = line_to (folder);
  if (line >= 0)
    close (line);
  return line >= 0;
}

/* Until the other end closes it, or has had its time. */
static void
wait_for_end (int line)
{
  char bytes[512];
  gint64 until_us = g_get_monotonic_time () + ANSWER_MS * G_TIME_SPAN_MILLISECOND;
  gint64 left_us;
  while ((left_us = until_us - g_get_monotonic_time ()) > 0) {
    struct pollfd waits = { .fd = line, .events = POLLIN };
    if (poll (&waits, 1, (int)(left_us / G_TIME_SPAN_MILLISECOND) + 1) > 0 &&
        read (line, bytes, sizeof bytes) <= 0 && errno != EINTR)
      return;
  }
}

/* Says one thing, a JSON object that it takes over, and waits for the answer's end. */
static void
say (const char *folder, json_t *message)
{
  char *text = json_dumps (message, JSON_COMPACT);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  int to = line_to (folder);
  free (text);
  json_decref (message);
  if (to < 0)
    return;
  if (send (to, line, strlen (line), MSG_NOSIGNAL) == (ssize_t)strlen (line))
    wait_for_end (to);
  close (to);
}

void
practice_world_take_viewer (const char *folder)
{
  say (folder, json_pack ("{s:I}", "viewer", (json_int_t)getpid ()));
}

void
practice_world_tally (const char *folder)
{
  say (folder, json_pack ("{s:b}", "tally", 1));
}

void
practice_world_end (const char *folder)
{
  say (folder, json_pack ("{s:b}", "end", 1));
}
