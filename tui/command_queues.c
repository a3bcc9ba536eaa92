#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/quantity.h"
#include "core/checks/queues_judge.h"
#include "core/run/wire.h"
#include "tui/commands.h"
#include "tui/plain/plain_io.h"
#include "tui/queues/queues_watch.h"

#define WINDOW_MIN_US (QUEUES_WINDOW_MIN_S * G_USEC_PER_SEC)
#define WINDOW_MAX_US (QUEUES_WINDOW_MAX_S * G_USEC_PER_SEC)
#define WINDOW_US (QUEUES_WINDOW_S * G_USEC_PER_SEC)

/* A sample is cheap, but there is nothing to see between two heartbeats of a worker. */
#define INTERVAL_MIN_US G_USEC_PER_SEC
#define INTERVAL_MAX_US (60 * G_USEC_PER_SEC)
#define SAMPLES_MIN 5 /* for a trend, and so that one that is late is no gap */

#define INTERVAL_US (2 * G_USEC_PER_SEC)
#define READ_BYTES 65536

typedef struct {
  const char *name; /* of the file, for places */
  guint line;
  QueuesLines *lines;
  double at_s; /* of the last sample */
  gboolean any;
} Replay;

/* ---- reading --------------------------------------------------------------- */

/* A look that failed while it was recorded is told again. FALSE if the line is none. */
static gboolean
replay_failed (Replay *replay, const char *line, gsize length)
{
  json_auto_t *json = wire_read (line, length);
  const char *reason = json_string_value (json_object_get (json, "error"));
  const json_t *at = json_object_get (json, "at");
  if (!reason || !json_is_number (at) || json_object_get (json, "queues"))
    return FALSE;
  g_autofree char *text =
      queues_lines_failed (replay->lines, json_number_value (at), reason);
  cli_print (text);
  return TRUE;
}

/* FALSE after saying what is wrong with the line. */
static gboolean
replay_line (Replay *replay, const char *line, gsize length)
{
  replay->line++;
  if (strspn (line, " \t\r") == length)
    return TRUE;
  g_autoptr (GError) error = NULL;
  g_autoptr (QueuesSample) sample = queues_sample_read (line, length, &error);
  if (!sample && replay_failed (replay, line, length))
    return TRUE;
  g_autofree char *text =
      sample ? queues_lines_sample (replay->lines, sample, sample->at_s, &error) : NULL;
  if (!text) {
    cli_complain ("%s:%u: %s", replay->name, replay->line, error->message);
    return FALSE;
  }
  replay->at_s = sample->at_s;
  replay->any = TRUE;
  cli_print (text);
  return TRUE;
}

static gboolean
replay_bytes (Replay *replay, WireReader *reader, const char *bytes, gsize length)
{
  gboolean fits = wire_reader_feed (reader, bytes, length);
  gsize size;
  char *line;
  while ((line = wire_reader_next (reader, &size))) {
    gboolean good = replay_line (replay, line, size);
    g_free (line);
    if (!good)
      return FALSE;
  }
  if (!fits)
    cli_complain ("%s:%u: the line is longer than %d bytes", replay->name,
                  replay->line + 1, QUEUES_LINE_BYTES_MAX);
  return fits;
}

/* Line by line as they come, so that a pipe is judged live. */
static gboolean
replay_descriptor (Replay *replay, int descriptor)
{
  g_autofree char *bytes = g_malloc (READ_BYTES);
  WireReader *reader = wire_reader_new (QUEUES_LINE_BYTES_MAX);
  gboolean good = TRUE, ended = TRUE;
  gssize length = 1;
  while (good && length > 0) {
    length = read (descriptor, bytes, READ_BYTES);
    if (length < 0 && errno == EINTR)
      length = 1;
    else if (length > 0) {
      good = replay_bytes (replay, reader, bytes, (gsize)length);
      ended = bytes[length - 1] == '\n';
    }
  }
  if (good && length < 0)
    cli_complain ("%s: %s", replay->name, g_strerror (errno));
  else if (good && !ended)
    good = replay_bytes (replay, reader, "\n", 1);
  wire_reader_free (reader);
  return good && length == 0;
}

static gboolean
replay_file (Replay *replay, const char *path)
{
  int descriptor =
      strcmp (path, "-") == 0 ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    cli_complain ("%s: %s; give a file of samples", path, g_strerror (errno));
    return FALSE;
  }
  gboolean good = replay_descriptor (replay, descriptor);
  if (descriptor != STDIN_FILENO)
    close (descriptor);
  if (good && !replay->any)
    cli_complain ("%s: it holds no sample; give one a line", replay->name);
  return good && replay->any;
}

/* ---- the command ----------------------------------------------------------- */

static gboolean
read_duration (const char *option, const char *text, gint64 least_us, gint64 most_us,
               const char *example, gint64 *duration_us)
{
  if (!text || (quantity_parse_duration (text, duration_us) && *duration_us >= least_us &&
                *duration_us <= most_us))
    return TRUE;
  g_autofree char *least = quantity_format_duration (least_us);
  g_autofree char *most = quantity_format_duration (most_us);
  cli_complain ("--%s %s: it must be a duration from %s to %s, such as %s", option, text,
                least, most, example);
  return FALSE;
}

static gboolean
read_options (const CliCall *call, QueuesLinesOptions *options, gint64 *interval_us)
{
  *interval_us = INTERVAL_US;
  *options = (QueuesLinesOptions){
    .window_us = WINDOW_US,
    .at_most = QUEUES_AT_MOST,
    .json = call->json,
    /* cli_print() would write other characters in its own way; a terminal obeys some. */
    .ascii = !plain_io_utf8 () || isatty (STDOUT_FILENO),
  };
  if (!read_duration ("window", call->window, WINDOW_MIN_US, WINDOW_MAX_US, "2m",
                      &options->window_us) ||
      !read_duration ("interval", call->interval, INTERVAL_MIN_US, INTERVAL_MAX_US, "2s",
                      interval_us))
    return FALSE;
  if (call->at_most && !quantity_parse_count (call->at_most, &options->at_most)) {
    cli_complain ("--at-most %s: it must be a count of jobs, such as 5", call->at_most);
    return FALSE;
  }
  if (*interval_us * SAMPLES_MIN <= options->window_us)
    return TRUE;
  cli_complain ("a window needs %d samples at least; give a longer --window or a shorter "
                "--interval",
                SAMPLES_MIN);
  return FALSE;
}

static int
replay_samples (const CliCall *call, const QueuesLinesOptions *options)
{
  g_autoptr (QueuesLines) lines = queues_lines_new (options);
  gboolean input = strcmp (call->replay, "-") == 0;
  Replay replay = { .name = input ? "standard input" : call->replay, .lines = lines };
  gboolean good = replay_file (&replay, call->replay);
  return good && queues_lines_passes (lines, replay.at_s) ? CLI_DONE : CLI_PROBLEMS;
}

static int
run (const CliCall *call)
{
  QueuesLinesOptions options;
  gint64 interval_us = 0;
  if (!call->site == !call->replay) {
    cli_complain ("usage: handrail queues --site SITE, or --replay FILE; handrail queues "
                  "--help says more");
    return CLI_USAGE;
  }
  if (call->replay && (call->interval || g_hash_table_size (call->settings) > 0)) {
    cli_complain ("--interval and --set go with --site; what is replayed was sampled "
                  "already");
    return CLI_USAGE;
  }
  if (!read_options (call, &options, &interval_us))
    return CLI_USAGE;
  return call->replay ? replay_samples (call, &options)
                      : queues_watch (call, &options, interval_us);
}

const CliCommand command_queues = {
  .name = "queues",
  .arguments = "",
  .options = COMMAND_OPTIONS ("site", "set", "replay", "window", "at-most", "interval",
                              "plain", "json", COMMAND_SCREEN_OPTIONS),
  .help = "Watch a site's job queues, or judge recorded samples",
  .run = run,
};
