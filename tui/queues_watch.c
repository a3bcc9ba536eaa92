#include "tui/queues_watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/run/reading.h"
#include "core/run/wire.h"
#include "tui/find.h"
#include "tui/load.h"
#include "tui/start.h"

#define SECTION "redis"
#define READ_BYTES 65536

/* A runner that has said nothing for three intervals and this long (machine time) hangs:
 * a look takes 5 s at most, and after failed ones the next comes within 10 s. */
#define SILENCE_US (30 * G_USEC_PER_SEC)

typedef struct {
  GMainLoop *loop;
  QueuesLines *lines;
  WireReader *reader;
  Mask *mask;
  int descriptor;
  gint64 silence_us;
  guint silence; /* source id */
  int status;
} Watch;

static void
watch_clear (Watch *watch)
{
  if (watch->descriptor >= 0)
    close (watch->descriptor);
  g_clear_pointer (&watch->loop, g_main_loop_unref);
  queues_lines_free (watch->lines);
  g_clear_pointer (&watch->reader, wire_reader_free);
  mask_free (watch->mask);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watch, watch_clear)

/* The clock that readings are timed with, which goes on while a machine sleeps. */
static double
boot_s (void)
{
  struct timespec now;
  clock_gettime (CLOCK_BOOTTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
end (Watch *watch, int status)
{
  watch->status = status;
  g_main_loop_quit (watch->loop);
}

/* ---- what comes ------------------------------------------------------------ */

/* Where nobody reads any more there is nobody to complain to, either. */
static void
print (Watch *watch, const char *line)
{
  errno = 0;
  cli_print (line);
  if (!ferror (stdout))
    return;
  if (errno != EPIPE)
    cli_complain ("standard output could not be written; make room, then try again");
  end (watch, CLI_PROBLEMS);
}

static void
print_failed (Watch *watch, gint64 wall_us, const char *reason)
{
  g_autofree char *masked = mask_apply (watch->mask, reason, -1);
  g_autofree char *line =
      queues_lines_failed (watch->lines, (double)wall_us / G_USEC_PER_SEC, masked);
  print (watch, line);
}

/* Judged by boot time, so that a step of the clock is no gap, and shown by the clock; both
 * as it was at the end of the look, so that a replay of what is shown judges the same. */
static void
take_reading (Watch *watch, const Reading *reading)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_autoptr (QueuesSample) sample =
      reading->error ? NULL : queues_sample_take (json_incref (reading->body), &error);
  if (sample) {
    double shown_s = (double)reading->ended.wall_us / G_USEC_PER_SEC;
    json_object_set_new (sample->json, "at", json_real (shown_s));
    sample->at_s = (double)reading->ended.boot_us / G_USEC_PER_SEC;
    line = queues_lines_sample (watch->lines, sample, shown_s, &error);
  }
  if (line)
    print (watch, line);
  else
    print_failed (watch, reading->ended.wall_us,
                  reading->error ? reading->error : error->message);
}

static gboolean
on_silence (void *data)
{
  Watch *watch = data;
  print_failed (watch, g_get_real_time (),
                "the runner does not answer; end this with ^C and begin anew");
  return G_SOURCE_CONTINUE;
}

static void
listen_for_silence (Watch *watch)
{
  g_clear_handle_id (&watch->silence, g_source_remove);
  watch->silence = g_timeout_add ((guint)(watch->silence_us / 1000), on_silence, watch);
}

/* Something that is no reading: the runner says why it would not look. */
static void
take_refusal (Watch *watch, const char *line, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Started) started = started_read (line, length, &error);
  if (!started || !started->refused) {
    cli_complain ("the runner says what this handrail does not understand; install both "
                  "in the same version");
    end (watch, CLI_PROBLEMS);
    return;
  }
  g_autofree char *problems =
      started->problems ? g_strjoinv ("\n", started->problems) : NULL;
  g_autofree char *masked = mask_apply (watch->mask, problems ? problems : "", -1);
  cli_complain ("%s\n%s", started->refused, masked);
  end (watch, started->status);
}

static void
take_line (Watch *watch, const char *line, gsize length)
{
  json_auto_t *message = wire_read (line, length);
  g_autoptr (Reading) reading =
      message ? reading_from_json (json_object_get (message, "reading")) : NULL;
  listen_for_silence (watch);
  if (reading)
    take_reading (watch, reading);
  else
    take_refusal (watch, line, length);
}

static void
take_bytes (Watch *watch, const char *bytes, gsize length)
{
  gboolean fits = wire_reader_feed (watch->reader, bytes, length);
  char *line;
  gsize size;
  while (g_main_loop_is_running (watch->loop) &&
         (line = wire_reader_next (watch->reader, &size))) {
    take_line (watch, line, size);
    g_free (line);
  }
  if (fits)
    return;
  cli_complain ("the runner's line is longer than %d bytes", START_LOOK_BYTES_MAX);
  end (watch, CLI_PROBLEMS);
}

static gboolean
on_readable (int descriptor, GIOCondition condition, void *data)
{
  (void)condition;
  Watch *watch = data;
  g_autofree char *bytes = g_malloc (READ_BYTES);
  ssize_t got = read (descriptor, bytes, READ_BYTES);
  if (got < 0 && errno == EINTR)
    return G_SOURCE_CONTINUE;
  if (got > 0) {
    take_bytes (watch, bytes, (gsize)got);
    return G_SOURCE_CONTINUE;
  }
  cli_complain ("the runner has ended, nobody looks any more; begin anew, and if it "
                "happens again, see handrail doctor");
  end (watch, CLI_PROBLEMS);
  return G_SOURCE_REMOVE;
}

/* ---- how it ends ----------------------------------------------------------- */

static int
status_now (const Watch *watch)
{
  return queues_lines_passes (watch->lines, boot_s ()) ? CLI_DONE : CLI_PROBLEMS;
}

static gboolean
on_signal (void *data)
{
  Watch *watch = data;
  end (watch, status_now (watch));
  return G_SOURCE_CONTINUE;
}

static gboolean
on_nobody_reads (int descriptor, GIOCondition condition, void *data)
{
  (void)descriptor;
  (void)condition;
  Watch *watch = data;
  end (watch, status_now (watch));
  return G_SOURCE_REMOVE;
}

static void
ask (const Watch *watch, gint64 interval_us)
{
  g_autofree char *line =
      wire_line (json_pack ("{ss, ss, ss, sI}", "say", "watch", "what", "queues",
                            "section", SECTION, "interval_us", (json_int_t)interval_us));
  /* Where it is gone already, it may have said why before. */
  if (send (watch->descriptor, line, strlen (line), MSG_NOSIGNAL) < 0)
    shutdown (watch->descriptor, SHUT_WR);
}

static int
watch_on (Watch *watch, gint64 interval_us)
{
  watch->loop = g_main_loop_new (NULL, FALSE);
  watch->reader = wire_reader_new (START_LOOK_BYTES_MAX);
  watch->silence_us = 3 * interval_us + SILENCE_US;
  watch->status = CLI_PROBLEMS;
  ask (watch, interval_us);
  listen_for_silence (watch);
  guint sources[] = {
    g_unix_signal_add (SIGINT, on_signal, watch),
    g_unix_signal_add (SIGTERM, on_signal, watch),
    g_unix_fd_add (watch->descriptor, G_IO_IN | G_IO_HUP, on_readable, watch),
    g_unix_fd_add (STDOUT_FILENO, G_IO_ERR, on_nobody_reads, watch),
  };
  g_main_loop_run (watch->loop);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++) {
    GSource *source = g_main_context_find_source_by_id (NULL, sources[i]);
    if (source) /* some end by themselves */
      g_source_destroy (source);
  }
  g_clear_handle_id (&watch->silence, g_source_remove);
  return watch->status;
}

/* ---- the site -------------------------------------------------------------- */

/* NULL after saying what is wrong. */
static Site *
find_site (const CliCall *call)
{
  g_autoptr (FindPlaces) places = find_places ();
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_file (places, FIND_SITE, call->site, &error);
  if (!path) {
    cli_complain ("%s", error->message);
    return NULL;
  }
  g_autoptr (Site) site = load_site (path, call->settings, problems);
  if (!site || problems_count (problems) > 0) {
    g_autofree char *text = problems_format (problems);
    g_autofree char *masked = load_masked (site, call->settings, text);
    cli_complain ("the site cannot be used\n%s", masked);
    return NULL;
  }
  if (site_redis (site, SECTION))
    return g_steal_pointer (&site);
  cli_complain ("%s says nothing of a Redis; add redis: { url: \"redis://HOST:PORT/"
                "DATABASE\" } to it, or give --set redis.url=…",
                path);
  return NULL;
}

static void
print_header (Watch *watch, const Site *site, gint64 interval_us)
{
  g_autofree char *shown = site_redis_address (site, SECTION);
  g_autofree char *header =
      queues_lines_header (watch->lines, site->name, shown, interval_us);
  cli_print (header);
}

int
queues_watch (const CliCall *call, const QueuesLinesOptions *options, gint64 interval_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Site) site = find_site (call);
  if (!site)
    return CLI_PROBLEMS;
  g_auto (Watch) watch = {
    .descriptor = start_look (site->file, call->settings, &error),
    .lines = queues_lines_new (options),
    .mask = load_mask (site, call->settings),
  };
  if (watch.descriptor < 0) {
    cli_complain ("%s", error->message);
    return CLI_PROBLEMS;
  }
  print_header (&watch, site, interval_us);
  return watch_on (&watch, interval_us);
}
