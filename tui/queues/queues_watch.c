#include "tui/queues/queues_watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/run/reading.h"
#include "tui/find.h"
#include "tui/load.h"
#include "tui/queues/look_line.h"
#include "tui/queues/screen_queues.h"
#include "tui/session.h"
#include "tui/start.h"

#define SECTION "redis"

typedef struct {
  GMainLoop *loop;
  QueuesLines *lines;
  LookLine *line;
  int status;
} Watch;

static void
watch_clear (Watch *watch)
{
  g_clear_pointer (&watch->loop, g_main_loop_unref);
  queues_lines_free (watch->lines);
  look_line_free (watch->line);
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
  g_autofree char *line =
      queues_lines_failed (watch->lines, (double)wall_us / G_USEC_PER_SEC, reason);
  print (watch, line);
}

/* Judged by boot time, so that a step of the clock is no gap, and shown by the clock; both
 * as it was at the end of the look, so that a replay of what is shown judges the same. */
static void
on_reading (const Reading *reading, void *data)
{
  Watch *watch = data;
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

static void
on_refused (const char *why, int status, void *data)
{
  cli_complain ("%s", why);
  end (data, status);
}

static void
on_ended (const char *why, void *data)
{
  cli_complain ("%s",
                why ? why
                    : "the runner has ended, nobody looks any more; begin anew, and "
                      "if it happens again, see handrail doctor");
  end (data, CLI_PROBLEMS);
}

static void
on_silent (void *data)
{
  print_failed (data, g_get_real_time (),
                "the runner does not answer; end this with ^C and begin anew");
}

static const LookHooks hooks = { on_reading, on_refused, on_ended, on_silent };

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

static int
watch_on (Watch *watch, gint64 interval_us)
{
  watch->loop = g_main_loop_new (NULL, FALSE);
  watch->status = CLI_PROBLEMS;
  look_line_watch_queues (watch->line, SECTION, interval_us);
  guint sources[] = {
    g_unix_signal_add (SIGINT, on_signal, watch),
    g_unix_signal_add (SIGTERM, on_signal, watch),
    g_unix_fd_add (STDOUT_FILENO, G_IO_ERR, on_nobody_reads, watch),
  };
  g_main_loop_run (watch->loop);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++) {
    GSource *source = g_main_context_find_source_by_id (NULL, sources[i]);
    if (source) /* some end by themselves */
      g_source_destroy (source);
  }
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

/* ---- in lines, or on the whole screen -------------------------------------- */

static int
watch_in_lines (const QueuesSource *source, const QueuesLinesOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Watch) watch = { .lines = queues_lines_new (options) };
  int descriptor = start_look (source->site->file, source->settings, &error);
  if (descriptor < 0) {
    cli_complain ("%s", error->message);
    return CLI_PROBLEMS;
  }
  watch.line = look_line_new (descriptor, source->mask, &hooks, &watch);
  g_autofree char *header = queues_lines_header (watch.lines, source->site->name,
                                                 source->redis, source->interval_us);
  cli_print (header);
  return watch_on (&watch, source->interval_us);
}

int
queues_watch (const CliCall *call, const QueuesLinesOptions *options, gint64 interval_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Site) site = find_site (call);
  if (!site)
    return CLI_PROBLEMS;
  g_autofree char *practice = site_practice_problem (site);
  if (practice) {
    cli_complain ("%s", practice);
    return CLI_USAGE;
  }
  g_autoptr (Mask) mask = load_mask (site, call->settings);
  g_autofree char *redis = site_redis_address (site, SECTION);
  const QueuesSource source = {
    .site = site,
    .settings = call->settings,
    .mask = mask,
    .section = SECTION,
    .redis = redis,
    .interval_us = interval_us,
    .window_us = options->window_us,
    .at_most = options->at_most,
  };
  const AppOptions screen = session_screen (call);
  int status = !call->json && cli_is_full_screen (call)
                   ? screen_queues_run (&source, &screen, &error)
                   : -1;
  if (error)
    cli_complain ("%s", error->message);
  return status >= 0 ? status : watch_in_lines (&source, options);
}
