#include "core/run/journal.h"

#include <string.h>

static void
append_event (GString *journal, JournalChain *chain, EventType type, json_t *data)
{
  g_autoptr (Event) event = event_new (type, data);
  event->at = (Moment){ .wall_us = 1795404326128000, .boot_us = 123456789 };
  g_autofree char *line = journal_write (chain, event);
  g_string_append_printf (journal, "%s\n", line);
}

/* Three events; the last two have no and several members. */
static GString *
sample (JournalChain *chain)
{
  GString *journal = g_string_new (NULL);
  append_event (journal, chain, EVENT_STEP_DONE,
                json_pack ("{ss}", "step", "stop-nginx"));
  append_event (journal, chain, EVENT_RUN_FINISHED, NULL);
  append_event (journal, chain, EVENT_NOTE,
                json_pack ("{ss si ss}", "text", "a \"b\",\"prev\":\"c\"}\n", "uid", 1000,
                           "user", "é"));
  return journal;
}

typedef struct {
  guint seen;
  guint stop_at;
} Seen;

static gboolean
see (const Event *event, void *data, GError **error)
{
  Seen *seen = data;
  seen->seen++;
  g_assert_cmpuint (event->number, ==, seen->seen);
  g_assert_cmpint (event->at.wall_us, ==, 1795404326128000);
  g_assert_cmpint (event->at.boot_us, ==, 123456789);
  g_assert_null (event_json (event, "n"));
  g_assert_null (event_json (event, "prev"));
  if (event->type == EVENT_NOTE)
    g_assert_cmpstr (event_text (event, "text"), ==, "a \"b\",\"prev\":\"c\"}\n");
  if (seen->seen == seen->stop_at)
    g_set_error (error, JOURNAL_ERROR, JOURNAL_ERROR_DAMAGED, "stopped");
  return seen->seen != seen->stop_at;
}

static gboolean
read_all (const char *bytes, gsize length, guint *seen, gsize *torn_at, GError **error)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  Seen state = { 0 };
  gboolean good = journal_read_all (bytes, length, &chain, see, &state, torn_at, error);
  *seen = state.seen;
  return good;
}

static void
test_round_trip (void)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autoptr (GString) journal = sample (&chain);
  const char *first =
      "{\"n\":1,\"wall\":\"2026-11-23T03:25:26.128000Z\",\"boot_us\":123456789,"
      "\"event\":\"step-done\",\"step\":\"stop-nginx\",\"prev\":\"0000";
  g_assert_true (g_str_has_prefix (journal->str, first));
  JournalChain read = JOURNAL_CHAIN_INIT;
  Seen seen = { 0 };
  gsize torn_at = 0;
  g_autoptr (GError) error = NULL;
  g_assert_true (
      journal_read_all (journal->str, journal->len, &read, see, &seen, &torn_at, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (seen.seen, ==, 3);
  g_assert_cmpuint (torn_at, ==, journal->len);
  g_assert_cmpuint (read.number, ==, chain.number);
  g_assert_cmpstr (read.digest, ==, chain.digest);
}

/* However few bytes of it reached the disk: whole lines count, the rest is torn. */
static void
test_torn_anywhere (void)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autoptr (GString) journal = sample (&chain);
  for (gsize length = 0; length <= journal->len; length++) {
    guint seen, lines = 0;
    gsize torn_at, whole = 0;
    for (gsize i = 0; i < length; i++)
      if (journal->str[i] == '\n') {
        lines++;
        whole = i + 1;
      }
    g_assert_true (read_all (journal->str, length, &seen, &torn_at, NULL));
    g_assert_cmpuint (seen, ==, lines);
    g_assert_cmpuint (torn_at, ==, whole);
  }
}

static void
test_torn_line_with_feed (void)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autoptr (GString) journal = sample (&chain);
  gsize whole = journal->len, torn_at = 0;
  guint seen;
  g_string_append (journal, "{\"n\":4,\"wa\n");
  g_assert_true (read_all (journal->str, journal->len, &seen, &torn_at, NULL));
  g_assert_cmpuint (torn_at, ==, whole);
}

/* Any byte but a line feed, changed anywhere, is seen; and nothing after it is given. */
static void
test_changed_anywhere (void)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autoptr (GString) journal = sample (&chain);
  gsize last = (gsize)(g_strrstr_len (journal->str, (gssize)journal->len - 1, "\n") + 1 -
                       journal->str);
  for (gsize i = 0; i < last; i++) {
    char kept = journal->str[i];
    if (kept == '\n')
      continue;
    guint seen;
    gsize torn_at = 0;
    g_autoptr (GError) error = NULL;
    journal->str[i] = kept == 'x' ? 'y' : 'x';
    gboolean good = read_all (journal->str, journal->len, &seen, &torn_at, &error);
    journal->str[i] = kept;
    g_assert_false (good);
    g_assert_error (error, JOURNAL_ERROR, JOURNAL_ERROR_DAMAGED);
    g_assert_true (g_str_has_prefix (error->message, "journal line "));
  }
}

#define FRAME(n, event, members)                                               \
  "{\"n\":" n                                                                  \
  ",\"wall\":\"2026-11-23T03:25:26.128000Z\",\"boot_us\":1,\"event\":\"" event \
  "\"" members ",\"prev\":\"" ZEROS "\"}"
#define BOOT(boot)                                                      \
  "{\"n\":1,\"wall\":\"2026-11-23T03:25:26.128000Z\",\"boot_us\":" boot \
  ",\"event\":\"run-finished\",\"prev\":\"" ZEROS "\"}"
#define ZEROS_BUT_ONE "000000000000000000000000000000000000000000000000000000000000000"
#define ZEROS "0" ZEROS_BUT_ONE

#define BEGAN                                                                           \
  ",\"format\":1,\"program\":\"p\",\"run\":\"r\",\"runbook\":{},\"sources\":[],"        \
  "\"site\":{},"                                                                        \
  "\"settings\":{},\"practice\":false,\"host\":\"h\",\"uid\":0,\"user\":\"u\",\"pid\":" \
  "1,"                                                                                  \
  "\"boot\":\"b\",\"steps\":[]"

static const struct {
  const char *line;
  const char *problem; /* NULL: it is right */
} lines[] = {
  { FRAME ("1", "run-finished", ""), NULL },
  { FRAME ("1", "step-done", ",\"step\":\"a\""), NULL },
  { "{ \"event\": \"run-finished\", \"n\": 1, \"boot_us\": 0, \"prev\": \"" ZEROS
    "\", \"wall\": \"2026-11-23T03:25:26Z\" }",
    NULL },
  { FRAME ("2", "run-finished", ""), "number n" },
  { FRAME ("1.0", "run-finished", ""), "number n" },
  { BOOT ("0"), NULL },
  { BOOT ("9007199254740992"), NULL },
  { BOOT ("9007199254740993"), "boot time" },
  { BOOT ("9223372036854775807"), "boot time" },
  { BOOT ("-1"), "boot time" },
  { BOOT ("\"1\""), "boot time" },
  { FRAME ("1", "run-flew", ""), "no event" },
  { FRAME ("1", "run-flew-to-where-no-run-had-flown-before", ""), "no event" },
  { "{\"n\":1,\"wall\":\"2026-11-23T03:25:26.128000Z\",\"boot_us\":1,"
    "\"event\":\"run-finished\",\"prev\":\"1" ZEROS_BUT_ONE "\"}",
    "does not follow" },
  { "{\"n\":1,\"wall\":\"2026-11-23T03:25:26.128000Z\",\"boot_us\":1,"
    "\"event\":\"run-finished\",\"prev\":\"" ZEROS "]}",
    "no JSON object" },
  { "{\"n\":1,\"wall\":\"2026-11-23T03:25:26.128000Z\",\"boot_us\":1,"
    "\"event\":\"run-finished\",\"prev\";\"" ZEROS "\"}",
    "no JSON object" },
  { FRAME ("1", "step-done", ""), "lacks its member step" },
  { FRAME ("1", "step-done", ",\"step\":7"), "wrong type" },
  { FRAME ("1", "step-done", ",\"step\":\"a\",\"x\":1"), "not its own" },
  { FRAME ("1", "step-done", ",\"step\":\"a\",\"step\":\"b\""), "no JSON object" },
  { FRAME ("1", "step-done", ",\"step\":\"a\",\"n\":1"), "not its own" },
  { FRAME ("1", "step-done", ",\"step\":\"a\" "), NULL },
  { FRAME ("1", "step-done", ",\"step\" \"a\""), "no JSON object" },
  { FRAME ("1", "step-done", "\"step\":\"a\""), "no JSON object" },
  { FRAME ("1", "step-done", ",step:\"a\""), "no JSON object" },
  { FRAME ("1", "step-done", ",\"step\":a"), "no JSON object" },
  { FRAME ("1", "reviewed", ",\"broken\":[ {\"a\":[1.5]}]"), NULL },
  { FRAME ("1", "reviewed", ",\"broken\":[{\"a\":1,\"a\":2}]"), "no JSON object" },
  { FRAME ("1", "reviewed", ",\"broken\":[]]"), "no JSON object" },
  { FRAME ("1", "run-finished", ","), "no JSON object" },
  { FRAME ("1", "step-done", ",\"step\":\"\xff\""), "no JSON object" },
  { "[]", "no JSON object" },
  { "", "no JSON object" },
  { "{}", "number n" },
  { FRAME ("1", "run-began", ",\"format\":2"), "use the handrail that wrote it" },
  { "{ \"event\": \"run-began\", \"format\": 2 }", "use the handrail that wrote it" },
  { "{ \"event\": \"note\", \"format\": 2 }", "number n" },
  { FRAME ("1", "run-began", BEGAN), NULL },
};

static void
test_lines (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    JournalChain chain = JOURNAL_CHAIN_INIT;
    g_autoptr (GError) error = NULL;
    g_autoptr (Event) event =
        journal_read (&chain, lines[i].line, strlen (lines[i].line), &error);
    g_test_message ("%" G_GSIZE_FORMAT ": %s", i, error ? error->message : "right");
    g_assert_cmpint (event != NULL, ==, lines[i].problem == NULL);
    g_assert_cmpuint (chain.number, ==, event ? 1 : 0);
    if (!error)
      continue;
    g_assert_nonnull (strstr (error->message, lines[i].problem));
    gboolean newer = g_error_matches (error, JOURNAL_ERROR, JOURNAL_ERROR_FORMAT);
    g_assert_true (newer || g_str_has_prefix (error->message, "journal line 1: "));
    g_assert_cmpint (newer, ==, g_str_has_prefix (lines[i].problem, "use the handrail"));
  }
}

/* The members of a note, spelled as a journal is and with a space before them: read alike
 * or refused alike. */
static const struct {
  const char *text;
  gboolean right;
} spellings[] = {
  { "\"plain\"", TRUE },
  { "\"\"", TRUE },
  { "\"\\u00e9\\n\\\\ \\\"\"", TRUE },
  { "\"\xc3\xa9 \xf0\x9f\x98\x80\"", TRUE },
  { "\"\xed\xa0\x80\"", FALSE }, /* a surrogate */
  { "\"\xc0\x80\"", FALSE },
  { "\"\\u0000\"", FALSE },
  { "\"a\tb\"", FALSE },
  { "\"a\\", FALSE },
  { "\"a", FALSE },
  { "\"a\"x", FALSE },
  { "\"a\" ", TRUE },
  { " \"a\"", TRUE },
  { "{\"a\":1}", FALSE },
  { "7", FALSE },
  { "", FALSE },
};
static const struct {
  const char *number;
  gint64 is;
  gboolean right;
} numbers[] = {
  { "0", 0, TRUE },
  { "-1", -1, TRUE },
  { "-0", 0, TRUE },
  { "999999999999999999", G_GINT64_CONSTANT (999999999999999999), TRUE },
  { "9223372036854775807", G_MAXINT64, TRUE },
  { "-9223372036854775808", G_MININT64, TRUE },
  { "9223372036854775808", 0, FALSE },
  { "01", 0, FALSE },
  { "-", 0, FALSE },
  { "+1", 0, FALSE },
  { "1.0", 0, FALSE },
  { "1e2", 0, FALSE },
  { "1 ", 1, TRUE },
  { "true", 0, FALSE },
  { "1x", 0, FALSE },
};

static Event *
read_note (const char *text, const char *number, gboolean with_space)
{
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autofree char *line = g_strdup_printf (
      "{%s\"n\":1,\"wall\":\"2026-11-23T03:25:26.128000Z\",\"boot_us\":5,"
      "\"event\":\"note\",\"text\":%s,\"uid\":%s,\"user\":\"u\",\"prev\":\"%s\"}",
      with_space ? " " : "", text, number, chain.digest);
  return journal_read (&chain, line, strlen (line), NULL);
}

static void
check_alike (const char *text, const char *number, gint64 is, gboolean right)
{
  g_autoptr (Event) own = read_note (text, number, FALSE);
  g_autoptr (Event) any = read_note (text, number, TRUE);
  g_autofree char *shown = g_strescape (text, NULL);
  g_test_message ("%s and %s", shown, number);
  g_assert_cmpint (own != NULL, ==, right);
  g_assert_cmpint (any != NULL, ==, right);
  if (!right)
    return;
  g_assert_true (json_equal (own->data, any->data));
  g_assert_cmpint (own->at.wall_us, ==, 1795404326128000);
  g_assert_cmpint (any->at.wall_us, ==, 1795404326128000);
  g_assert_true (own->number == 1 && any->number == 1);
  g_assert_cmpint (own->at.boot_us, ==, 5);
  g_assert_cmpint (any->at.boot_us, ==, 5);
  g_assert_cmpint (event_number (own, "uid"), ==, is);
}

static void
test_spellings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spellings); i++)
    check_alike (spellings[i].text, "1", 1, spellings[i].right);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    check_alike ("\"\"", numbers[i].number, numbers[i].is, numbers[i].right);
}

/* A note of so many bytes. */
static char *
long_line (gsize length, gboolean with_space)
{
  const char *frame = FRAME ("1", "note", ",\"text\":\"\",\"uid\":0,\"user\":\"u\"");
  g_autofree char *empty = g_strconcat (with_space ? "{ " : "{", frame + 1, NULL);
  const char *text = strstr (empty, "\"text\":\"") + strlen ("\"text\":\"");
  g_autofree char *filling = g_strnfill (length - strlen (empty), 'x');
  return g_strdup_printf ("%.*s%s%s", (int)(text - empty), empty, filling, text);
}

static void
test_bounds (void)
{
  for (int with_space = 0; with_space <= 1; with_space++) {
    JournalChain chain = JOURNAL_CHAIN_INIT;
    g_autoptr (GError) error = NULL;
    g_autofree char *line = long_line (JOURNAL_LINE_BYTES_MAX + 1, with_space);
    g_assert_null (journal_read (&chain, line, JOURNAL_LINE_BYTES_MAX + 1, &error));
    g_assert_nonnull (strstr (error->message, "longer than"));
    g_autofree char *longest = long_line (JOURNAL_LINE_BYTES_MAX, with_space);
    g_autoptr (Event) event =
        journal_read (&chain, longest, JOURNAL_LINE_BYTES_MAX, NULL);
    g_assert_nonnull (event);
  }
}

/* One that is too long was not torn: no writer of ours began it. */
static void
test_last_line (void)
{
  for (gsize more = 0; more <= 1; more++) {
    gsize length = JOURNAL_LINE_BYTES_MAX + more, torn_at = 77;
    guint seen;
    g_autoptr (GError) error = NULL;
    g_autofree char *line = g_strnfill (length + 1, '[');
    line[length] = '\n';
    g_assert_cmpint (read_all (line, length + 1, &seen, &torn_at, &error), ==, more == 0);
    g_assert_cmpuint (torn_at, ==, more == 0 ? 0 : 77);
    g_assert_true (more == 0 || strstr (error->message, "longer than"));
  }
}

static void
test_each_stops (void)
{
  JournalChain chain = JOURNAL_CHAIN_INIT, read = JOURNAL_CHAIN_INIT;
  g_autoptr (GString) journal = sample (&chain);
  Seen seen = { .stop_at = 2 };
  gsize torn_at = 77;
  g_autoptr (GError) error = NULL;
  g_assert_false (
      journal_read_all (journal->str, journal->len, &read, see, &seen, &torn_at, &error));
  g_assert_cmpstr (error->message, ==, "stopped");
  g_assert_cmpuint (seen.seen, ==, 2);
  g_assert_cmpuint (torn_at, ==, 77);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/journal/round-trip", test_round_trip);
  g_test_add_func ("/journal/torn-anywhere", test_torn_anywhere);
  g_test_add_func ("/journal/torn-line-with-feed", test_torn_line_with_feed);
  g_test_add_func ("/journal/changed-anywhere", test_changed_anywhere);
  g_test_add_func ("/journal/lines", test_lines);
  g_test_add_func ("/journal/spellings", test_spellings);
  g_test_add_func ("/journal/bounds", test_bounds);
  g_test_add_func ("/journal/last-line", test_last_line);
  g_test_add_func ("/journal/each-stops", test_each_stops);
  return g_test_run ();
}
