/* journal_file.h: the journal on disk. Nothing that an event stands for may take
 * effect before journal_file_sync() has succeeded for it. */
#ifndef HANDRAIL_RUNNER_JOURNAL_FILE_H
#define HANDRAIL_RUNNER_JOURNAL_FILE_H

#include "core/run/journal.h"

typedef struct JournalFile JournalFile;

/* A new journal in the folder behind `folder`, which is synced too. */
JournalFile *journal_file_create (int folder, guint mode, GError **error);

/* The journal that is there: `each` gets every event. A torn last line is dropped
 * from the file by the first sync, not before. */
JournalFile *journal_file_open (int folder, JournalEach each, void *data, GError **error);

void journal_file_free (JournalFile *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JournalFile, journal_file_free)

/* Numbers `event` and keeps its line for the next sync. The line with its line feed;
 * newly allocated. */
char *journal_file_add (JournalFile *journal, Event *event);

/* Takes the last added line back: it is not written. Nothing can be added after it. */
void journal_file_take_back (JournalFile *journal, const char *line);

/* Writes what was added and waits until it is on disk. After a failure the file ends
 * where it ended before, and the lines are still kept. */
gboolean journal_file_sync (JournalFile *journal, GError **error);

/* For reading with pread(); owned by `journal`. */
int journal_file_descriptor (const JournalFile *journal);

/* How much of it is on disk and whole. */
gint64 journal_file_length (const JournalFile *journal);

/* What a torn last line held that the first sync drops, in bytes. */
gint64 journal_file_torn (const JournalFile *journal);

#endif
