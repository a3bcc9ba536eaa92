/* Writes a journal of so many events to standard output, or folds the one on standard
 * input and prints how long that took:  fold write EVENTS > FILE;  fold read < FILE
 * Most events of a long run are verdicts that change, so most are here. */
#include <stdio.h>
#include <string.h>

#include "core/run/journal.h"
#include "core/run/state.h"

#define BYTES_MAX (512 * 1024 * 1024)

static void
put (JournalChain *chain, EventType type, json_t *data)
{
  g_autoptr (Event) event = event_new (type, data);
  event->at.wall_us = G_GINT64_CONSTANT (1795335122000000) + (gint64) chain->number * 1000;
  event->at.boot_us = (gint64) chain->number * 1000;
  g_autofree char *problem = event_problem (event);
  if (problem)
    g_error ("%s", problem);
  g_autofree char *line = journal_write (chain, event);
  puts (line);
}

static json_t *
began (void)
{
  return json_pack ("{s:i s:s s:s s:{s:s s:s s:s s:s} s:[{s:s s:s}] s:{s:s s:s s:s s:s s:b}"
                    " s:{} s:b s:s s:i s:s s:i s:s s:[{s:s s:s}]}",
                    "format", JOURNAL_FORMAT, "program", "0.1.0", "run", "bench", "runbook",
                    "name", "bench", "title", "Bench", "file", "bench.yaml", "digest", "0",
                    "sources", "name", "bench.yaml", "digest", "0", "site", "name", "bench",
                    "file", "site.yaml", "digest", "0", "platform", "compose", "production", 0,
                    "settings", "practice", 0, "host", "here", "uid", 0, "user", "root", "pid",
                    1, "boot", "0", "steps", "id", "only", "title", "The only step");
}

static int
write_journal (guint64 events)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  put (&chain, EVENT_RUN_BEGAN, began ());
  put (&chain, EVENT_STEP_BEGAN,
       json_pack ("{s:s s:s}", "step", "only", "title", "The only step"));
  while (chain.number < events) {
    const char *verdict = chain.number % 2 ? "not-yet" : "holds";
    g_autofree char *text = g_strdup_printf ("web has %d running, 0 wanted",
                                             (int) (chain.number % 7));
    put (&chain, EVENT_VERDICT,
         json_pack ("{s:s s:s s:i s:s s:s}", "step", "only", "section", "require", "index",
                    (int) (chain.number % 3), "verdict", verdict, "text", text));
  }
  return 0;
}

static gboolean
apply (const Event *event, void *data, GError **error)
{
  return state_apply (data, event, error);
}

static int
read_journal (void)
{
  g_autofree char *bytes = g_malloc (BYTES_MAX);
  gsize length = fread (bytes, 1, BYTES_MAX, stdin), torn = 0;
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autoptr (RunState) state = state_new ();
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  if (!journal_read_all (bytes, length, &chain, apply, state, &torn, &error)) {
    fprintf (stderr, "fold: %s\n", error->message);
    return 1;
  }
  gint64 took = g_get_monotonic_time () - start;
  printf ("%" G_GUINT64_FORMAT " %.3f\n", state->number, (double) took / 1e6);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "write") == 0)
    return write_journal (g_ascii_strtoull (argv[2], NULL, 10));
  if (argc == 2 && strcmp (argv[1], "read") == 0)
    return read_journal ();
  fputs ("usage: fold write EVENTS | fold read\n", stderr);
  return 2;
}
