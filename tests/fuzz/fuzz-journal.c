#include <string.h>

#include "core/run/journal.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* What was read can be written, and reads back the same. */
static gboolean
write_again (const Event *event, void *data, GError **error)
{
  (void)error;
  JournalChain *written = data, read = *written;
  g_autofree char *problem = event_problem (event);
  g_assert_null (problem);
  Event copy = *event;
  g_autofree char *line = journal_write (written, &copy);
  g_autoptr (Event) again = journal_read (&read, line, strlen (line), NULL);
  g_assert_nonnull (again);
  g_assert_true (again->type == event->type && again->number == event->number);
  g_assert_cmpint (again->at.wall_us, ==, event->at.wall_us);
  g_assert_cmpint (again->at.boot_us, ==, event->at.boot_us);
  g_assert_true (json_equal (again->data, event->data));
  return TRUE;
}

/* A line is read alike with a space in it, which no journal of ours has. */
static void
compare_spellings (const char *line, gsize length)
{
  if (length == 0 || *line != '{')
    return;
  JournalChain chain = JOURNAL_CHAIN_INIT, other_chain = JOURNAL_CHAIN_INIT;
  g_autofree char *other = g_malloc (length + 1);
  memcpy (other, "{ ", 2);
  memcpy (other + 2, line + 1, length - 1);
  g_autoptr (Event) own = journal_read (&chain, line, length, NULL);
  g_autoptr (Event) any = journal_read (&other_chain, other, length + 1, NULL);
  g_assert_cmpint (own != NULL, ==, any != NULL);
  if (!own)
    return;
  g_assert_true (own->type == any->type && json_equal (own->data, any->data));
  g_assert_cmpint (own->at.wall_us, ==, any->at.wall_us);
  g_assert_cmpint (own->at.boot_us, ==, any->at.boot_us);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  JournalChain chain = JOURNAL_CHAIN_INIT, written = JOURNAL_CHAIN_INIT;
  gsize torn_at = length;
  g_autoptr (GError) error = NULL;
  const char *text = (const char *)bytes;
  gboolean good =
      journal_read_all (text, length, &chain, write_again, &written, &torn_at, &error);
  g_assert_true (good == (error == NULL) && torn_at <= length);
  g_assert_cmpuint (chain.number, ==, written.number);
  const char *feed = length ? memchr (text, '\n', length) : NULL;
  compare_spellings (text, feed ? (gsize)(feed - text) : length);
  return 0;
}
