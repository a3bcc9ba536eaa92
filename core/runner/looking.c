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
  guint wanted;          /* looks asked for and not answered */
  gint64 fresh_after_us; /* of the last one asked for */
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
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  if (looking->wanted > 0)
    g_ptr_array_add (requests, request_platform (looking->platform->interval_us));
  looker_watch (looking->looker, requests, looking->fresh_after_us);
}

/* One answer a question; the next question's look begins when it is its turn. */
static void
on_saw (Reading *reading, void *data)
{
  Looking *looking = data;
  g_autofree char *line = wire_line (
      json_pack ("{s:s, s:o}", "live", "reading", "reading", reading_to_json (reading)));
  reading_free (reading);
  looking->wanted--;
  looking->fresh_after_us = process_now ().boot_us;
  if (!write_line (looking->descriptor, line))
    g_main_loop_quit (looking->loop);
  watch (looking);
}

static void
hear (Looking *looking)
{
  for (;;) {
    gsize length;
    g_autofree char *line = wire_reader_next (looking->reader, &length);
    if (!line)
      return;
    json_t *message = wire_read (line, length);
    const char *say = json_string_value (json_object_get (message, "say"));
    if (g_strcmp0 (say, "look") == 0) {
      if (looking->wanted++ == 0)
        looking->fresh_after_us = process_now ().boot_us;
      watch (looking);
    }
    json_decref (message);
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
  if (got <= 0 || !wire_reader_feed (looking->reader, buffer, (gsize)got)) {
    g_main_loop_quit (looking->loop);
    return G_SOURCE_REMOVE;
  }
  hear (looking);
  return G_SOURCE_CONTINUE;
}

void
looking_run (Inputs *inputs, int descriptor)
{
  Looking looking = { .platform = kind_platform (inputs->site),
                      .descriptor = descriptor };
  looking.loop = g_main_loop_new (NULL, FALSE);
  looking.reader = wire_reader_new (WIRE_LINE_BYTES_MAX);
  looking.looker = looker_new (inputs->site, looking.platform, 1, on_saw, &looking);
  g_unix_fd_add (descriptor, G_IO_IN | G_IO_HUP, on_readable, &looking);
  g_main_loop_run (looking.loop);
  looker_free (looking.looker);
  wire_reader_free (looking.reader);
  g_main_loop_unref (looking.loop);
}
