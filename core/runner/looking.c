#include "core/runner/looking.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "core/net/look.h"
#include "core/net/process.h"
#include "core/run/next.h"
#include "core/run/wire.h"

typedef struct {
  GMainLoop *loop;
  Looker *looker;
  const PlatformKind *platform;
  WireReader *reader;
  int descriptor;
  GQueue asked;     /* of Request *: looks without an answer; the head's turn is now */
  Request *watched; /* or NULL */
  gint64 fresh_after_us; /* when the look whose turn it is came, or its turn did */
} Looking;

static gboolean
write_line (int descriptor, const char *line)
{
  gsize length = strlen (line);
  while (length > 0) {
    ssize_t written = write (descriptor, line, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return FALSE;
    line += written;
    length -= (gsize)written;
  }
  return TRUE;
}

static void
watch (Looking *looking)
{
  g_autoptr (GPtrArray) requests = g_ptr_array_new ();
  if (!g_queue_is_empty (&looking->asked))
    g_ptr_array_add (requests, g_queue_peek_head (&looking->asked));
  if (looking->watched)
    g_ptr_array_add (requests, looking->watched);
  looker_watch (looking->looker, requests, looking->fresh_after_us);
}

static gboolean
send_reading (const Looking *looking, const Reading *reading)
{
  g_autofree char *line = wire_line (
      json_pack ("{s:s, s:o}", "live", "reading", "reading", reading_to_json (reading)));
  return write_line (looking->descriptor, line);
}

/* One answer a look; the next one's begins when it is its turn. */
static void
on_saw (Reading *reading, void *data)
{
  Looking *looking = data;
  const Request *head = g_queue_peek_head (&looking->asked);
  gboolean answers = head && strcmp (head->key, reading->key) == 0;
  if (!send_reading (looking, reading))
    g_main_loop_quit (looking->loop);
  reading_free (reading);
  if (!answers)
    return;
  request_free (g_queue_pop_head (&looking->asked));
  looking->fresh_after_us = process_now ().boot_us;
  watch (looking);
}

/* ---- what is asked --------------------------------------------------------- */

static const char *
text_of (const json_t *message, const char *name, const char *otherwise)
{
  const char *text = json_string_value (json_object_get (message, name));
  return text ? text : otherwise;
}

/* NULL if it is nothing that can be looked at. */
static Request *
read_request (const Looking *looking, const json_t *message)
{
  const char *what = text_of (message, "what", "platform");
  const char *section = text_of (message, "section", "redis");
  gint64 interval_us = json_integer_value (json_object_get (message, "interval_us"));
  interval_us = CLAMP (interval_us, LOOKING_INTERVAL_US_MIN, LOOKING_INTERVAL_US_MAX);
  if (strcmp (what, "platform") == 0)
    return request_platform (MAX (interval_us, looking->platform->interval_us));
  if (strcmp (what, "queues") == 0)
    return request_queues (section, interval_us, LOOKING_LIMIT_US);
  if (strcmp (what, "redis") == 0)
    return request_redis (section, interval_us, LOOKING_LIMIT_US);
  return NULL;
}

/* Both take over `request`. */
static void
take_look (Looking *looking, Request *request)
{
  if (g_queue_is_empty (&looking->asked))
    looking->fresh_after_us = process_now ().boot_us;
  g_queue_push_tail (&looking->asked, request);
}

static void
take_watch (Looking *looking, Request *request)
{
  request_free (looking->watched);
  looking->watched = request;
}

static gboolean
fail_request (const Looking *looking, const char *what)
{
  Moment now = process_now ();
  g_autofree char *error =
      g_strdup_printf ("%s is nothing that this handrail-runner looks at; install it and "
                       "handrail in the same version",
                       what);
  g_autoptr (Reading) reading = reading_new (what, now, now, error, NULL);
  return send_reading (looking, reading);
}

/* FALSE when the line is to be closed. */
static gboolean
take_message (Looking *looking, const json_t *message)
{
  const char *say = text_of (message, "say", "");
  gboolean look = strcmp (say, "look") == 0;
  if (!look && strcmp (say, "watch") != 0)
    return TRUE;
  if (g_queue_get_length (&looking->asked) >= LOOKING_ASKED_MAX)
    return FALSE;
  Request *request = read_request (looking, message);
  if (!request)
    return fail_request (looking, text_of (message, "what", ""));
  if (look)
    take_look (looking, request);
  else
    take_watch (looking, request);
  watch (looking);
  return TRUE;
}

static gboolean
hear (Looking *looking)
{
  for (;;) {
    gsize length;
    g_autofree char *line = wire_reader_next (looking->reader, &length);
    if (!line)
      return TRUE;
    json_auto_t *message = wire_read (line, length);
    if (!take_message (looking, message))
      return FALSE;
  }
}

static gboolean
on_readable (gint descriptor, GIOCondition condition G_GNUC_UNUSED, void *data)
{
  Looking *looking = data;
  char buffer[4096];
  ssize_t got = read (descriptor, buffer, sizeof buffer);
  if (got < 0 && errno == EINTR)
    return G_SOURCE_CONTINUE;
  if (got > 0 && wire_reader_feed (looking->reader, buffer, (gsize)got) && hear (looking))
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (looking->loop);
  return G_SOURCE_REMOVE;
}

void
looking_run (Inputs *inputs, gint64 speed, int descriptor)
{
  Looking looking = { .platform = kind_platform (inputs->site),
                      .descriptor = descriptor,
                      .asked = G_QUEUE_INIT };
  looking.loop = g_main_loop_new (NULL, FALSE);
  looking.reader = wire_reader_new (WIRE_LINE_BYTES_MAX);
  looking.looker = looker_new (inputs->site, looking.platform, inputs->confine, speed,
                               on_saw, &looking);
  g_unix_fd_add (descriptor, G_IO_IN | G_IO_HUP, on_readable, &looking);
  g_main_loop_run (looking.loop);
  looker_free (looking.looker);
  g_queue_clear_full (&looking.asked, (GDestroyNotify)request_free);
  request_free (looking.watched);
  wire_reader_free (looking.reader);
  g_main_loop_unref (looking.loop);
}
