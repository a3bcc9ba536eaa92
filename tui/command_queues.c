#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/moment.h"
#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/checks/queues_judge.h"
#include "core/run/wire.h"
#include "tui/commands.h"
#include "tui/plain_io.h"

/* Shorter shows a burst, longer is no maintenance any more; the vendor's page says two
 * to five minutes. */
#define WINDOW_MIN_US (30 * G_USEC_PER_SEC)
#define WINDOW_MAX_US (30 * 60 * G_USEC_PER_SEC)
#define WINDOW_US (2 * 60 * G_USEC_PER_SEC)
#define AT_MOST 5

#define READ_BYTES 65536
#define NAMED_MAX 3 /* queues in a line of text; --json has them all */
#define NAME_CHARACTERS_MAX 40
#define EPOCH_S_MIN 1e8    /* times from 1973 on are dates, others count from 0 */
#define EPOCH_S_MAX 2.5e11 /* the year 9892 */
#define WORKERS_WITHIN_US (10 * 60 * G_USEC_PER_SEC)

typedef struct {
  const char *name; /* of the file, for places */
  guint line;
  gint64 window_us;
  guint64 at_most;
  QueuesJudge *judge;
  GArray *queues; /* of QueuesJudgement, beside the queues of the last sample */
  gboolean json;
  gboolean passes; /* the last sample */
  gboolean any;
} Replay;

static void
replay_clear (Replay *replay)
{
  queues_judge_free (replay->judge);
  if (replay->queues)
    g_array_unref (replay->queues);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Replay, replay_clear)

static gboolean
passes (QueuesJudgement judgement)
{
  return judgement.verdict == QUEUES_NEAR_ZERO;
}

/* ---- as JSON --------------------------------------------------------------- */

/* A millionth is finer than anything measured here, and short. */
static json_t *
rounded (double number)
{
  double short_one = round (number * 1e6) / 1e6;
  return isfinite (short_one) ? json_real (short_one + 0.0) : json_null ();
}

static void
set_judgement (json_t *object, QueuesJudgement judgement)
{
  const char *verdict = queues_verdict_name (judgement.verdict);
  json_t *eta = judgement.eta ? json_pack ("[o, o, o]", rounded (judgement.eta_low_s),
                                           rounded (judgement.eta_middle_s),
                                           rounded (judgement.eta_high_s))
                              : json_null ();
  json_object_set_new (object, "verdict", json_string (verdict));
  json_object_set_new (object, "slope_per_s", rounded (judgement.slope));
  json_object_set_new (object, "eta_s", eta);
  json_object_set_new (object, "passes", json_boolean (passes (judgement)));
}

/* With 15 digits a number looks as it was written, nearly always; else with 17. All in
 * ASCII where cli_print() would write other characters in its own way. */
static char *
dump_as_read (const json_t *json)
{
  gsize form = JSON_COMPACT | (plain_io_utf8 () ? 0 : JSON_ENSURE_ASCII);
  char *text = json_dumps (json, form | JSON_REAL_PRECISION (15));
  json_t *again = text ? json_loads (text, 0, NULL) : NULL;
  if (!again || !json_equal (json, again)) {
    free (text);
    text = json_dumps (json, form | JSON_REAL_PRECISION (17));
  }
  json_decref (again);
  return text;
}

static void
print_json (const Replay *replay, const QueuesSample *sample, QueuesJudgement whole)
{
  json_t *queues = json_object_get (sample->json, "queues");
  for (guint i = 0; i < sample->queues->len; i++)
    set_judgement (json_array_get (queues, i),
                   g_array_index (replay->queues, QueuesJudgement, i));
  set_judgement (sample->json, whole);
  g_autofree char *text = dump_as_read (sample->json);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  cli_print (line);
}

/* ---- as text --------------------------------------------------------------- */

static char *
time_text (double at_s)
{
  if (at_s < EPOCH_S_MIN || at_s > EPOCH_S_MAX)
    return g_strdup_printf ("%.1fs", at_s);
  g_autofree char *wall = moment_format_wall ((gint64)(at_s * G_USEC_PER_SEC));
  return g_strdup_printf ("%.8sZ", strchr (wall, 'T') + 1);
}

static char *
duration_text (double seconds)
{
  const double most_s = 365.0 * 86400;
  if (seconds > most_s)
    return g_strdup ("over a year");
  return quantity_format_duration ((gint64)ceil (seconds) * G_USEC_PER_SEC);
}

static void
add_eta (GString *out, QueuesJudgement whole, guint64 at_most)
{
  g_autofree char *low = duration_text (whole.eta_low_s);
  g_autofree char *middle = duration_text (whole.eta_middle_s);
  g_autofree char *high = duration_text (whole.eta_high_s);
  g_string_append_printf (out, ": %" G_GUINT64_FORMAT " left in %s (%s to %s)", at_most,
                          middle, low, high);
}

/* How much of the window there is of something. */
static void
add_part (GString *out, const Replay *replay, const char *before, double seconds,
          const char *after)
{
  g_autofree char *part = quantity_format_duration ((gint64)(seconds * G_USEC_PER_SEC));
  g_autofree char *window = quantity_format_duration (replay->window_us);
  g_string_append_printf (out, "%s%s of %s%s", before, part, window, after);
}

static void
add_workers (GString *out, const Replay *replay)
{
  double workers = 0;
  if (!queues_judge_workers (replay->judge, (double)WORKERS_WITHIN_US / G_USEC_PER_SEC,
                             &workers))
    return;
  g_autofree char *within = quantity_format_duration (WORKERS_WITHIN_US);
  g_string_append_printf (out, ": %.0f busy workers would drain it in %s", workers,
                          within);
}

static void
add_words (GString *out, const Replay *replay, QueuesJudgement whole)
{
  double quiet_s = queues_judge_quiet_s (replay->judge);
  g_string_append (out, queues_verdict_name (whole.verdict));
  switch (whole.verdict) {
  case QUEUES_UNKNOWN:
    add_part (out, replay, ": ", queues_judge_seen_s (replay->judge), " seen");
    break;
  case QUEUES_SHRINKING:
  case QUEUES_STEADY:
    if (quiet_s > 0)
      add_part (out, replay, ": near zero for ", quiet_s, "");
    else if (whole.eta)
      add_eta (out, whole, replay->at_most);
    break;
  case QUEUES_GROWING:
    add_workers (out, replay);
    break;
  case QUEUES_STUCK:
    g_string_append (out, ": nobody takes jobs");
    break;
  case QUEUES_STALE:
    g_string_append (out, ": no sample for too long before this one");
    break;
  case QUEUES_NEAR_ZERO:
    break;
  }
}

/* The queues that are worse than the whole looks: growing or stuck. */
static void
add_named (GString *out, const Replay *replay, const QueuesSample *sample,
           QueuesVerdict verdict)
{
  guint named = 0;
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    QueuesJudgement judgement = g_array_index (replay->queues, QueuesJudgement, i);
    if (judgement.verdict != verdict || ++named > NAMED_MAX)
      continue;
    g_autofree char *name = text_printable (one->name, -1);
    g_autofree char *cut = text_cut_middle (name, NAME_CHARACTERS_MAX);
    g_string_append_printf (out, "%s%s", named > 1 ? ", " : "", cut);
    if (named == 1)
      g_string_append_printf (out, " (%.0f)", one->size);
  }
  if (named > NAMED_MAX)
    g_string_append_printf (out, " and %u more", named - NAMED_MAX);
}

static void
add_worse (GString *out, const Replay *replay, const QueuesSample *sample,
           QueuesVerdict verdict)
{
  g_autoptr (GString) names = g_string_new (NULL);
  add_named (names, replay, sample, verdict);
  if (names->len > 0)
    g_string_append_printf (out, "; %s: %s", queues_verdict_name (verdict), names->str);
}

static void
print_text (const Replay *replay, const QueuesSample *sample, QueuesJudgement whole)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *at = time_text (sample->at_s);
  g_string_append_printf (out, "%-10s total %-7.0f", at, whole.size);
  if (isnan (sample->busy))
    g_string_append (out, " busy ?   ");
  else
    g_string_append_printf (out, " busy %-4.0f", sample->busy);
  if (isnan (whole.slope))
    g_string_append_printf (out, " %9s  ", "?/s");
  else
    g_string_append_printf (out, " %+7.2f/s  ", whole.slope + 0.0);
  add_words (out, replay, whole);
  if (sample->queues->len > 1) {
    add_worse (out, replay, sample, QUEUES_GROWING);
    add_worse (out, replay, sample, QUEUES_STUCK);
  }
  g_string_append_c (out, '\n');
  cli_print (out->str);
}

/* ---- reading --------------------------------------------------------------- */

static void
judge_queues (Replay *replay, const QueuesSample *sample)
{
  g_array_set_size (replay->queues, 0);
  for (guint i = 0; i < sample->queues->len; i++) {
    const QueuesOne *one = &g_array_index (sample->queues, QueuesOne, i);
    QueuesJudgement judgement = queues_judge_one (replay->judge, one->name, sample->at_s);
    g_array_append_val (replay->queues, judgement);
  }
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
  if (!sample || !queues_judge_add (replay->judge, sample, &error)) {
    cli_complain ("%s:%u: %s", replay->name, replay->line, error->message);
    return FALSE;
  }
  QueuesJudgement whole = queues_judge_whole (replay->judge, sample->at_s);
  judge_queues (replay, sample);
  replay->passes = passes (whole);
  replay->any = TRUE;
  if (replay->json)
    print_json (replay, sample, whole);
  else
    print_text (replay, sample, whole);
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
read_options (const CliCall *call, Replay *replay)
{
  replay->window_us = WINDOW_US;
  replay->at_most = AT_MOST;
  if (call->window &&
      (!quantity_parse_duration (call->window, &replay->window_us) ||
       replay->window_us < WINDOW_MIN_US || replay->window_us > WINDOW_MAX_US)) {
    cli_complain ("--window %s: it must be a duration from 30s to 30m, such as 2m",
                  call->window);
    return FALSE;
  }
  if (call->at_most && !quantity_parse_count (call->at_most, &replay->at_most)) {
    cli_complain ("--at-most %s: it must be a count of jobs, such as 5", call->at_most);
    return FALSE;
  }
  return TRUE;
}

static int
run (const CliCall *call)
{
  g_auto (Replay) replay = { .json = call->json };
  if (call->site) {
    cli_complain ("sampling a site's queues is not in this version; "
                  "handrail queues --replay FILE judges recorded samples");
    return CLI_USAGE;
  }
  if (!call->replay) {
    cli_complain ("usage: handrail queues --replay FILE; handrail queues --help says "
                  "more");
    return CLI_USAGE;
  }
  if (!read_options (call, &replay))
    return CLI_USAGE;
  replay.name = strcmp (call->replay, "-") == 0 ? "standard input" : call->replay;
  replay.judge = queues_judge_new ((double)replay.window_us / G_USEC_PER_SEC,
                                   (double)replay.at_most);
  replay.queues = g_array_new (FALSE, FALSE, sizeof (QueuesJudgement));
  gboolean good = replay_file (&replay, call->replay);
  return good && replay.passes ? CLI_DONE : CLI_PROBLEMS;
}

const CliCommand command_queues = {
  .name = "queues",
  .arguments = "",
  .options = COMMAND_OPTIONS ("replay", "window", "at-most", "json", "site"),
  .help = "Judge recorded samples of job queues",
  .run = run,
};
