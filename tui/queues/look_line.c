#include "tui/queues/look_line.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/run/wire.h"
#include "tui/start.h"

#define READ_BYTES 65536

/* A runner that has said nothing for three intervals and this long (machine time) hangs:
 * a look takes 5 s at most, and after failed ones the next comes within 10 s. */
#define SILENCE_US (30 * G_USEC_PER_SEC)

struct LookLine {
  int descriptor;
  const Mask *mask;
  LookHooks hooks;
  void *data;
  WireReader *reader;
  guint readable; /* source ids */
  guint silence;
  gint64 silence_us;
  gboolean over; /* the last hook has been called */
};

/* ---- what comes ------------------------------------------------------------- */

static void
stop (LookLine *line)
{
  line->over = TRUE;
  g_clear_handle_id (&line->silence, g_source_remove);
}

static void
end (LookLine *line, const char *why)
{
  stop (line);
  line->hooks.ended (why, line->data);
}

static char *
masked (const LookLine *line, const char *text)
{
  return line->mask ? mask_apply (line->mask, text, -1) : g_strdup (text);
}

static gboolean
on_silence (void *data)
{
  LookLine *line = data;
  line->hooks.silent (line->data);
  return G_SOURCE_CONTINUE;
}

static void
listen_for_silence (LookLine *line)
{
  g_clear_handle_id (&line->silence, g_source_remove);
  line->silence = g_timeout_add ((guint)(line->silence_us / 1000), on_silence, line);
}

static void
take_reading (LookLine *line, Reading *reading)
{
  if (reading->error) {
    g_autofree char *error = reading->error;
    reading->error = masked (line, error);
  }
  line->hooks.reading (reading, line->data);
}

/* Something that is no reading: the runner says why it would not look. */
static void
take_refusal (LookLine *line, const char *bytes, gsize length)
{
  g_autoptr (Started) started = started_read (bytes, length, NULL);
  if (!started || !started->refused) {
    end (line, "the runner says what this handrail does not understand; install both in "
               "the same version");
    return;
  }
  g_autofree char *problems =
      started->problems ? g_strjoinv ("\n", started->problems) : g_strdup ("");
  g_autofree char *all = g_strconcat (started->refused, "\n", problems, NULL);
  g_autofree char *why = g_strchomp (masked (line, all));
  stop (line);
  line->hooks.refused (why, started->status, line->data);
}

static void
take_line (LookLine *line, const char *bytes, gsize length)
{
  json_auto_t *message = wire_read (bytes, length);
  g_autoptr (Reading) reading =
      message ? reading_from_json (json_object_get (message, "reading")) : NULL;
  listen_for_silence (line);
  if (reading)
    take_reading (line, reading);
  else
    take_refusal (line, bytes, length);
}

static void
take_bytes (LookLine *line, const char *bytes, gsize length)
{
  gboolean fits = wire_reader_feed (line->reader, bytes, length);
  char *next;
  gsize size;
  while (!line->over && (next = wire_reader_next (line->reader, &size))) {
    take_line (line, next, size);
    g_free (next);
  }
  if (fits || line->over)
    return;
  g_autofree char *why =
      g_strdup_printf ("the runner's line is longer than %d bytes", START_LOOK_BYTES_MAX);
  end (line, why);
}

static gboolean
on_readable (int descriptor, GIOCondition condition, void *data)
{
  (void)condition;
  LookLine *line = data;
  g_autofree char *bytes = g_malloc (READ_BYTES);
  ssize_t got = read (descriptor, bytes, READ_BYTES);
  if (got < 0 && errno == EINTR)
    return G_SOURCE_CONTINUE;
  if (got > 0)
    take_bytes (line, bytes, (gsize)got);
  else
    end (line, NULL);
  if (line->over)
    line->readable = 0;
  return line->over ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* ---- the line --------------------------------------------------------------- */

LookLine *
look_line_new (int descriptor, const Mask *mask, const LookHooks *hooks, void *data)
{
  LookLine *line = g_new0 (LookLine, 1);
  *line = (LookLine){ .descriptor = descriptor,
                      .mask = mask,
                      .hooks = *hooks,
                      .data = data,
                      .silence_us = SILENCE_US };
  line->reader = wire_reader_new (START_LOOK_BYTES_MAX);
  line->readable = g_unix_fd_add (descriptor, G_IO_IN | G_IO_HUP, on_readable, line);
  return line;
}

void
look_line_free (LookLine *line)
{
  if (!line)
    return;
  g_clear_handle_id (&line->readable, g_source_remove);
  g_clear_handle_id (&line->silence, g_source_remove);
  wire_reader_free (line->reader);
  close (line->descriptor);
  g_free (line);
}

/* Takes over `question`. */
static void
ask (LookLine *line, json_t *question, gint64 interval_us)
{
  json_object_set_new (question, "say", json_string ("watch"));
  json_object_set_new (question, "interval_us", json_integer (interval_us));
  g_autofree char *text = wire_line (question);
  line->silence_us = 3 * interval_us + SILENCE_US;
  listen_for_silence (line);
  /* Where it is gone already, it may have said why before. */
  if (send (line->descriptor, text, strlen (text), MSG_NOSIGNAL) < 0)
    shutdown (line->descriptor, SHUT_WR);
}

void
look_line_watch_platform (LookLine *line, gint64 interval_us)
{
  ask (line, json_pack ("{ss}", "what", "platform"), interval_us);
}

void
look_line_watch_queues (LookLine *line, const char *section, gint64 interval_us)
{
  ask (line, json_pack ("{ss, ss}", "what", "queues", "section", section), interval_us);
}
