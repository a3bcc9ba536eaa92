#include "tui/debrief.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/store/store.h"
#include "tui/lines.h"
#include "tui/plain/plain_io.h"

/* What is kept beside the journal is read into memory as a whole. A file of samples has
 * 16 MiB at the most; a day of practice tells less. */
#define FILE_BYTES_MAX (64 * 1024 * 1024)

/* Points of a curve as JSON. */
#define CURVE_POINTS 200

/* Where nobody says how wide it is: what every terminal, mail and ticket shows. */
#define COLUMNS 80

/* ---- reading ----------------------------------------------------------------------- */

typedef gboolean (*TakeLine) (Debrief *debrief, const char *line, gsize length);

/* What is no line of its kind is passed over: these files are beside the point. */
static void
take_lines (Debrief *debrief, const char *bytes, gsize length, TakeLine take)
{
  const char *end = bytes + length;
  while (bytes < end) {
    const char *feed = memchr (bytes, '\n', (gsize)(end - bytes));
    const char *stop = feed ? feed : end;
    if (stop > bytes)
      take (debrief, bytes, (gsize)(stop - bytes));
    bytes = stop + 1;
  }
}

/* A file that is not there has nothing to tell. */
static void
take_file (Debrief *debrief, const char *path, TakeLine take)
{
  struct stat status;
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  if (stat (path, &status) != 0 && errno == ENOENT)
    return;
  if (S_ISREG (status.st_mode) && status.st_size > FILE_BYTES_MAX)
    cli_complain ("%s is longer than %d bytes; the debrief does without it", path,
                  FILE_BYTES_MAX);
  else if (g_file_get_contents (path, &bytes, &length, &error))
    take_lines (debrief, bytes, length, take);
  else
    cli_complain ("%s; the debrief does without it", error->message);
}

static gboolean
take_event (const Event *event, void *data, GError **error)
{
  return debrief_take_event (data, event, error);
}

static void
take_journal (Debrief *debrief, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, STORE_JOURNAL, NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  JournalChain chain = JOURNAL_CHAIN_INIT;
  gsize length = 0, torn_at = 0;
  if (!g_file_get_contents (path, &bytes, &length, &error) ||
      !journal_read_all (bytes, length, &chain, take_event, debrief, &torn_at, &error))
    cli_complain ("%s; the debrief goes no further", error->message);
}

Debrief *
debrief_read (const char *folder, const char *world_file, const DebriefOptions *options)
{
  g_autoptr (Debrief) debrief = debrief_new (options);
  g_autofree char *before = g_build_filename (folder, STORE_SAMPLES_BEFORE, NULL);
  g_autofree char *samples = g_build_filename (folder, STORE_SAMPLES, NULL);
  /* Before the journal: one that ends while it is read is told by the journal. */
  debrief_take_runner (debrief, store_is_live (folder));
  take_journal (debrief, folder);
  if (debrief->state->number == 0)
    return NULL;
  take_file (debrief, before, debrief_take_sample);
  take_file (debrief, samples, debrief_take_sample);
  if (world_file)
    take_file (debrief, world_file, debrief_take_world);
  debrief_finish (debrief);
  return g_steal_pointer (&debrief);
}

/* ---- printing ---------------------------------------------------------------------- */

static void
print_json (const CliCall *call, const Debrief *debrief)
{
  json_auto_t *json = debrief_to_json (debrief, CURVE_POINTS);
  char *text = json_dumps (json, JSON_INDENT (2));
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  free (text);
  cli_print_result (call, line);
}

static void
print_text (const Debrief *debrief, gboolean ascii)
{
  guint columns = cli_columns () ? cli_columns () : COLUMNS;
  g_autofree char *text = debrief_text (debrief, columns, ascii || !plain_io_utf8 ());
  cli_print (text);
}

int
debrief_print (const CliCall *call, const char *folder, const char *world_file,
               const DebriefOptions *options)
{
  g_autoptr (Debrief) debrief = debrief_read (folder, world_file, options);
  if (!debrief) {
    cli_complain ("there is no debrief of %s: its journal tells nothing", folder);
    return CLI_PROBLEMS;
  }
  if (call->json)
    print_json (call, debrief);
  else
    print_text (debrief, call->ascii);
  return CLI_DONE;
}
