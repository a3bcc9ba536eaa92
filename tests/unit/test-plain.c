/* Talks with the plain front end as data: tests/unit/data/plain/NAME.txt.
 *
 * A line that begins with ":" goes in, every other one is what must come out for it:
 *   :pipe, :terminal             how lines are typed (one of them, first)
 *   :brief, :ascii               options, before anything else
 *   :use FILE                    takes the lines of another file in, unseen
 *   :event TYPE MEMBERS          an event of the journal
 *   :live MEMBERS                a passing message
 *   :typed LINE   :eof   :hangup   :interrupt SECONDS   :broken [PROBLEM]
 *   :time SECONDS                what time it is
 * and what comes out besides text is written as
 *   :sent MESSAGE   :flush   :over STATUS   :due SECONDS
 * HANDRAIL_REGENERATE=1 writes the files anew, to be read before they are kept. */
#include <string.h>

#include "core/run/event.h"
#include "tui/lines.h"
#include "tui/plain/plain.h"

typedef struct {
  PlainOptions options;
  RunState *state;
  Plain *plain; /* made when the first thing goes in */
  GString *out;
  gboolean over_told;
} Talk;

static char *
data_file (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "plain", name,
                                NULL);
}

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

static json_t *
read_members (const char *text)
{
  json_error_t error;
  json_t *members = json_loads (text, 0, &error);
  if (!members)
    g_error ("%s: %s", text, error.text);
  return members;
}

static void
in_event (Talk *talk, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", 2);
  EventType type = EVENT_NOTE;
  g_assert_true (event_type_from_name (parts[0], &type));
  g_autoptr (Event) event = event_new (type, parts[1] ? read_members (parts[1]) : NULL);
  event->number = talk->state->number + 1;
  g_autofree char *problem = event_problem (event);
  g_assert_cmpstr (problem, ==, NULL);
  g_autoptr (GError) error = NULL;
  state_apply (talk->state, event, &error);
  g_assert_no_error (error);
  plain_event (talk->plain, event);
}

static void
in_live (Talk *talk, const char *text)
{
  json_auto_t *message = read_members (text);
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

static const struct {
  const char *word;
  void (*put) (Talk *talk, const char *text);
} ways_in[] = {
  { "event", in_event },   { "live", in_live },     { "typed", in_typed },
  { "eof", in_eof },       { "hangup", in_hangup }, { "interrupt", in_interrupt },
  { "broken", in_broken }, { "time", in_time },
};

/* TRUE for a line that sets an option. */
static gboolean
set_option (Talk *talk, const char *line)
{
  talk->options.terminal |= strcmp (line, ":terminal") == 0;
  talk->options.brief |= strcmp (line, ":brief") == 0;
  talk->options.utf8 &= strcmp (line, ":ascii") != 0;
  return g_strv_contains (
      (const char *const[]){ ":pipe", ":terminal", ":brief", ":ascii", NULL }, line);
}

static void play (Talk *talk, const char *name, gboolean seen);

static void
put_in (Talk *talk, const char *line, gboolean seen)
{
  g_auto (GStrv) parts = g_strsplit (line + 1, " ", 2);
  const char *rest = parts[1] ? parts[1] : "";
  if (strcmp (parts[0], "use") == 0) {
    g_string_append_printf (talk->out, "%s\n", line);
    play (talk, rest, FALSE);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (ways_in); i++) {
    if (strcmp (parts[0], ways_in[i].word) != 0)
      continue;
    if (seen)
      g_string_append_printf (talk->out, "%s\n", line);
    if (!talk->plain)
      talk->plain = plain_new (&talk->options);
    ways_in[i].put (talk, rest);
    take_out (talk);
    return;
  }
}

static void
play (Talk *talk, const char *name, gboolean seen)
{
  g_autofree char *path = data_file (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    gboolean comment = lines[i][0] == '#';
    gboolean option = set_option (talk, lines[i]);
    if ((comment || option) && seen)
      g_string_append_printf (talk->out, "%s\n", lines[i]);
    if (lines[i][0] == ':' && !option)
      put_in (talk, lines[i], seen);
  }
}

static void
test_talk (const void *data)
{
  const char *name = data;
  Talk talk = { .options = { .utf8 = TRUE, .byhand = "/runs/r1/by-hand.txt" },
                .out = g_string_new (NULL) };
  talk.state = state_new ();
  talk.options.state = talk.state;
  play (&talk, name, TRUE);
  g_autofree char *path = data_file (name);
  g_autofree char *wanted = NULL;
  if (g_getenv ("HANDRAIL_REGENERATE"))
    g_assert_true (g_file_set_contents (path, talk.out->str, -1, NULL));
  g_assert_true (g_file_get_contents (path, &wanted, NULL, NULL));
  g_assert_cmpstr (talk.out->str, ==, wanted);
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
  g_autofree char *folder = data_file ("");
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (files);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name = NULL;
  while ((name = g_dir_read_name (files)))
    if (g_str_has_suffix (name, ".txt"))
      g_ptr_array_add (names, g_strdup (name));
  g_assert_cmpuint (names->len, >, 0);
  for (guint i = 0; i < names->len; i++) {
    const char *file = g_ptr_array_index (names, i);
    g_autofree char *path = g_strconcat ("/plain/", file, NULL);
    g_test_add_data_func (path, file, test_talk);
  }
  g_test_add_func ("/plain/every-event", test_every_event);
  return g_test_run ();
}
