#include "core/runner/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runner/file.h"
#include "core/store/store.h"

struct JournalFile {
  int descriptor;
  JournalChain chain;
  GString *pending; /* lines added since the last sync */
  gint64 length;    /* of what is on disk and whole */
  gint64 torn;      /* bytes after it that are dropped before the first write */
};

static void
set_error (GError **error, const char *what)
{
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (errno),
               "%s (%s); free space on the disk or repair it, then resume the run", what,
               g_strerror (errno));
}

static JournalFile *
journal_file_new (int descriptor)
{
  JournalFile *journal = g_new0 (JournalFile, 1);
  journal->descriptor = descriptor;
  journal->chain = (JournalChain)JOURNAL_CHAIN_INIT;
  journal->pending = g_string_new (NULL);
  return journal;
}

JournalFile *
journal_file_create (int folder, guint mode, GError **error)
{
  int descriptor = openat (folder, STORE_JOURNAL,
                           O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, mode);
  /* The process's umask is its children's affair, not the journal's. */
  if (descriptor < 0 || fchmod (descriptor, mode) != 0 || fsync (folder) != 0) {
    set_error (error, "the journal cannot be created");
    if (descriptor >= 0)
      close (descriptor);
    return NULL;
  }
  return journal_file_new (descriptor);
}

/* The whole file; NULL with `error`. */
static char *
read_whole (int descriptor, gsize *length, GError **error)
{
  struct stat status;
  if (fstat (descriptor, &status) != 0 || status.st_size > STORE_JOURNAL_BYTES_MAX) {
    set_error (error, "the journal cannot be read, or is larger than 1 GiB");
    return NULL;
  }
  g_autofree char *bytes = g_malloc ((gsize)status.st_size + 1);
  gsize have = 0;
  while (have < (gsize)status.st_size) {
    ssize_t got =
        pread (descriptor, bytes + have, (gsize)status.st_size - have, (off_t)have);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      set_error (error, "the journal cannot be read");
      return NULL;
    }
    if (got == 0)
      break;
    have += (gsize)got;
  }
  *length = have;
  return g_steal_pointer (&bytes);
}

JournalFile *
journal_file_open (int folder, JournalEach each, void *data, GError **error)
{
  int descriptor = openat (folder, STORE_JOURNAL, O_RDWR | O_APPEND | O_CLOEXEC);
  if (descriptor < 0) {
    set_error (error, "the journal cannot be opened");
    return NULL;
  }
  g_autoptr (JournalFile) journal = journal_file_new (descriptor);
  gsize length, torn_at;
  g_autofree char *bytes = read_whole (descriptor, &length, error);
  if (!bytes ||
      !journal_read_all (bytes, length, &journal->chain, each, data, &torn_at, error))
    return NULL;
  journal->length = (gint64)torn_at;
  journal->torn = (gint64)(length - torn_at);
  return g_steal_pointer (&journal);
}

void
journal_file_free (JournalFile *journal)
{
  if (!journal)
    return;
  close (journal->descriptor);
  g_string_free (journal->pending, TRUE);
  g_free (journal);
}

char *
journal_file_add (JournalFile *journal, Event *event)
{
  g_autofree char *line = journal_write (&journal->chain, event);
  char *whole = g_strconcat (line, "\n", NULL);
  g_string_append (journal->pending, whole);
  return whole;
}

void
journal_file_take_back (JournalFile *journal, const char *line)
{
  g_return_if_fail (g_str_has_suffix (journal->pending->str, line));
  g_string_truncate (journal->pending, journal->pending->len - strlen (line));
}

gboolean
journal_file_sync (JournalFile *journal, GError **error)
{
  if (journal->pending->len == 0)
    return TRUE;
  if (journal->torn > 0 && ftruncate (journal->descriptor, journal->length) != 0) {
    set_error (error, "the journal's torn last line cannot be dropped");
    return FALSE;
  }
  journal->torn = 0;
  if (!file_write_all (journal->descriptor, journal->pending->str,
                       journal->pending->len) ||
      fdatasync (journal->descriptor) != 0) {
    set_error (error, "the journal cannot be written");
    /* What remains of a failed write is torn at worst: that is dropped on resume. */
    if (ftruncate (journal->descriptor, journal->length) != 0)
      journal->torn = 1;
    return FALSE;
  }
  journal->length += (gint64)journal->pending->len;
  g_string_truncate (journal->pending, 0);
  return TRUE;
}

int
journal_file_descriptor (const JournalFile *journal)
{
  return journal->descriptor;
}

gint64
journal_file_length (const JournalFile *journal)
{
  return journal->length;
}

gint64
journal_file_torn (const JournalFile *journal)
{
  return journal->torn;
}
