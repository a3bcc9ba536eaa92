#include "tui/sight.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/run/wire.h"
#include "tui/start.h"

#define READ_BYTES 65536

struct Sight {
  SightHooks hooks;
  void *data;
  int descriptor;
  guint source;
  WireReader *reader;
  gboolean telling; /* a hook runs */
  gboolean freed;   /* by it: on the way out */
};

static void
destroy (Sight *sight)
{
  g_clear_handle_id (&sight->source, g_source_remove);
  close (sight->descriptor);
  wire_reader_free (sight->reader);
  g_free (sight);
}

void
sight_free (Sight *sight)
{
  if (sight && sight->telling)
    sight->freed = TRUE;
  else if (sight)
    destroy (sight);
}

static void
end (Sight *sight, const char *why)
{
  sight->source = 0;
  sight->hooks.ended (why, sight->data);
}

/* Something that is no reading: why the runner would not look. */
static char *
refusal_of (const char *line, gsize length)
{
  g_autoptr (Started) started = started_read (line, length, NULL);
  if (!started || !started->refused)
    return g_strdup (
        "the runner says what this handrail does not understand; install both "
        "in the same version");
  return g_strdup (started->problems ? started->problems[0] : started->refused);
}

/* FALSE: that was the end. */
static gboolean
take_line (Sight *sight, const char *line, gsize length)
{
  json_auto_t *message = wire_read (line, length);
  Reading *reading =
      message ? reading_from_json (json_object_get (message, "reading")) : NULL;
  if (reading) {
    sight->hooks.saw (reading, sight->data);
    return TRUE;
  }
  g_autofree char *why = refusal_of (line, length);
  end (sight, why);
  return FALSE;
}

static gboolean
hear (Sight *sight)
{
  for (;;) {
    gsize length = 0;
    g_autofree char *line = wire_reader_next (sight->reader, &length);
    if (!line)
      return TRUE;
    if (!take_line (sight, line, length))
      return FALSE;
    if (sight->freed)
      return FALSE;
  }
}

static gboolean
take_bytes (Sight *sight)
{
  g_autofree char *bytes = g_malloc (READ_BYTES);
  ssize_t got = read (sight->descriptor, bytes, READ_BYTES);
  if (got < 0 && errno == EINTR)
    return TRUE;
  if (got > 0 && wire_reader_feed (sight->reader, bytes, (gsize)got))
    return hear (sight);
  end (sight, got > 0 ? "the runner's answer is too long"
                      : "the runner that looks has ended; come here again to look anew");
  return FALSE;
}

static gboolean
on_readable (int descriptor, GIOCondition condition, void *data)
{
  Sight *sight = data;
  (void)descriptor;
  (void)condition;
  sight->telling = TRUE;
  gboolean goes_on = take_bytes (sight);
  sight->telling = FALSE;
  if (!goes_on)
    sight->source = 0;
  if (sight->freed)
    destroy (sight);
  return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* A runner that is gone already may have said why before. */
static void
ask (Sight *sight, gint64 interval_us)
{
  g_autofree char *line =
      wire_line (json_pack ("{ss ss sI}", "say", "watch", "what", "platform",
                            "interval_us", (json_int_t)interval_us));
  if (send (sight->descriptor, line, strlen (line), MSG_NOSIGNAL) < 0)
    shutdown (sight->descriptor, SHUT_WR);
}

Sight *
sight_new_on (int descriptor, gint64 interval_us, const SightHooks *hooks, void *data)
{
  Sight *sight = g_new0 (Sight, 1);
  sight->hooks = *hooks;
  sight->data = data;
  sight->descriptor = descriptor;
  sight->reader = wire_reader_new (START_LOOK_BYTES_MAX);
  sight->source = g_unix_fd_add (descriptor, G_IO_IN | G_IO_HUP, on_readable, sight);
  ask (sight, interval_us);
  return sight;
}

Sight *
sight_new (const char *site_file, GHashTable *settings, gint64 interval_us,
           const SightHooks *hooks, void *data, GError **error)
{
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);
  int descriptor = start_look (site_file, settings ? settings : none, error);
  return descriptor < 0 ? NULL : sight_new_on (descriptor, interval_us, hooks, data);
}
