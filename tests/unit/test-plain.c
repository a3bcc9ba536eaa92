/* Talks with the plain front end as data: tests/unit/data/plain/NAME.txt (stories.h). What
 * goes in is
 *   :pipe, :terminal             how lines are typed (one of them, first)
 *   :brief, :ascii, :columns N   options, before anything else
 *   :use FILE
 *   :event TYPE MEMBERS          an event of the journal
 *   :live MEMBERS                a passing message
 *   :typed LINE   :eof   :hangup   :interrupt SECONDS   :broken [PROBLEM]
 *   :time SECONDS                what time it is
 * and what comes out besides text is written as
 *   :sent MESSAGE   :flush   :over STATUS   :due SECONDS
 * HANDRAIL_REGENERATE=1 writes the files anew, to be read before they are kept. */
#include <string.h>

#include "tests/unit/stories.h"
#include "tui/lines.h"
#include "tui/plain/plain.h"

typedef struct {
  PlainOptions options;
  RunState *state;
  Plain *plain; /* made when the first thing goes in */
  GString *out;
  gboolean over_told;
} Talk;

static void
take_out (Talk *talk)
{
  int status = 0;
  g_autofree char *text = plain_take_output (talk->plain);
  if (plain_take_flush (talk->plain))
    g_string_append (talk->out, ":flush\n");
  if (text)
    g_string_append (talk->out, text);
  for (json_t *message = NULL; (message = plain_take_message (talk->plain));) {
    char *line = json_dumps (message, JSON_COMPACT);
    g_string_append_printf (talk->out, ":sent %s\n", line);
    free (line);
    json_decref (message);
  }
  gint64 due_us = plain_due (talk->plain);
  if (due_us)
    g_string_append_printf (talk->out, ":due %" G_GINT64_FORMAT "\n",
                            due_us / G_USEC_PER_SEC);
  if (plain_is_over (talk->plain, &status) && !talk->over_told) {
    g_string_append_printf (talk->out, ":over %d\n", status);
    talk->over_told = TRUE;
  }
}

static void
in_event (Talk *talk, const char *text)
{
  g_autoptr (Event) event = stories_event (text);
  stories_apply (talk->state, event, event->at);
  plain_event (talk->plain, event);
}

static void
in_live (Talk *talk, const char *text)
{
  json_auto_t *message = stories_members (text);
  plain_live (talk->plain, message);
}

static void
in_typed (Talk *talk, const char *text)
{
  plain_typed (talk->plain, text);
}

static void
in_eof (Talk *talk, const char *text)
{
  (void)text;
  plain_input_ended (talk->plain);
}

static void
in_hangup (Talk *talk, const char *text)
{
  (void)text;
  plain_hung_up (talk->plain);
}

static void
in_interrupt (Talk *talk, const char *text)
{
  plain_interrupted (talk->plain, (gint64)(g_ascii_strtod (text, NULL) * G_USEC_PER_SEC));
}

static void
in_time (Talk *talk, const char *text)
{
  plain_time (talk->plain, (gint64)(g_ascii_strtod (text, NULL) * G_USEC_PER_SEC));
}

static void
in_broken (Talk *talk, const char *text)
{
  plain_broken (talk->plain, *text ? text : NULL);
}

static void
in_pipe (Talk *talk, const char *text)
{
  (void)text;
  talk->options.terminal = FALSE;
}

static void
in_terminal (Talk *talk, const char *text)
{
  (void)text;
  talk->options.terminal = TRUE;
}

static void
in_columns (Talk *talk, const char *text)
{
  talk->options.columns = (guint)g_ascii_strtoull (text, NULL, 10);
}

static void
in_brief (Talk *talk, const char *text)
{
  (void)text;
  talk->options.brief = TRUE;
}

static void
in_ascii (Talk *talk, const char *text)
{
  (void)text;
  talk->options.utf8 = FALSE;
}

static const struct Way {
  const char *word;
  void (*put) (Talk *talk, const char *text);
  gboolean option;
} ways_in[] = {
  { "pipe", in_pipe, TRUE },
  { "terminal", in_terminal, TRUE },
  { "columns", in_columns, TRUE },
  { "brief", in_brief, TRUE },
  { "ascii", in_ascii, TRUE },
  { "event", in_event, FALSE },
  { "live", in_live, FALSE },
  { "typed", in_typed, FALSE },
  { "eof", in_eof, FALSE },
  { "hangup", in_hangup, FALSE },
  { "interrupt", in_interrupt, FALSE },
  { "broken", in_broken, FALSE },
  { "time", in_time, FALSE },
};

static const struct Way *
find_way (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways_in); i++)
    if (strcmp (word, ways_in[i].word) == 0)
      return &ways_in[i];
  return NULL;
}

static gboolean
knows (const char *word)
{
  return find_way (word) != NULL;
}

static void
put (void *data, const char *word, const char *text)
{
  Talk *talk = data;
  const struct Way *way = find_way (word);
  if (!way->option && !talk->plain)
    talk->plain = plain_new (&talk->options);
  way->put (talk, text);
  if (talk->plain)
    take_out (talk);
}

static void
test_talk (const void *data)
{
  Talk talk = { .options = { .utf8 = TRUE, .byhand = "/runs/r1/by-hand.txt" },
                .out = g_string_new (NULL) };
  const Story story = {
    .folder = "plain", .knows = knows, .put = put, .data = &talk, .out = talk.out
  };
  talk.state = state_new ();
  talk.options.state = talk.state;
  stories_play (&story, data);
  stories_compare (&story, data);
  plain_free (talk.plain);
  state_free (talk.state);
  g_string_free (talk.out, TRUE);
}

/* A new type of event needs its words. */
static void
test_every_event (void)
{
  for (guint i = 0; i < EVENT_TYPES; i++)
    if (!lines_knows ((EventType)i))
      g_error ("lines.c does not know %s", event_type_name ((EventType)i));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stories_add ("plain", test_talk);
  g_test_add_func ("/plain/every-event", test_every_event);
  return g_test_run ();
}
