/* journal.h: the text form of events, in the journal and on the socket. Pure.
 *
 * A line is a JSON object, members in this order:
 *   {"n":12,"wall":"2026-11-23T03:25:26.128000Z","boot_us":123456789,
 *    "event":"step-began", …the event's members…, "prev":"<64 hex digits>"}
 * `prev` is the SHA-256 of the line before it, without its line feed (64 zeros
 * in the first), so that a line cannot be changed, dropped or added unseen. */
#ifndef HANDRAIL_RUN_JOURNAL_H
#define HANDRAIL_RUN_JOURNAL_H

#include "core/run/event.h"

#define JOURNAL_FORMAT 1

/* A longer line is damage, not an event. The first line lists every step. */
#define JOURNAL_LINE_BYTES_MAX (4 * 1024 * 1024)

typedef enum {
  JOURNAL_ERROR_DAMAGED, /* message: line number and what is wrong */
  JOURNAL_ERROR_FORMAT,  /* written by a newer handrail */
} JournalError;
#define JOURNAL_ERROR (journal_error_quark ())
GQuark journal_error_quark (void);

/* Where a chain of lines stands. Zero-initialise with JOURNAL_CHAIN_INIT. */
typedef struct {
  guint64 number;
  char digest[65];
} JournalChain;
#define JOURNAL_CHAIN_INIT                                                               \
  { 0, "0000000000000000000000000000000000000000000000000000000000000000" }

/* The line of `event` (without line feed) as the next of `chain`; gives the
 * event its number and moves the chain on. Newly allocated. */
char *journal_write (JournalChain *chain, Event *event);

/* Reads one line (without line feed) that must be the next of `chain`. */
Event *journal_read (JournalChain *chain, const char *line, gsize length, GError **error);

/* Reads a whole journal. Calls `each` for every event in turn (which it owns
 * no part of; FALSE with `error` set ends the reading). A last line without line
 * feed, or one that ends the file and does not parse, is torn: *torn_at gets its
 * offset in bytes (else `length`), and the reading succeeds without it. */
typedef gboolean (*JournalEach) (const Event *event, void *data, GError **error);
gboolean journal_read_all (const char *bytes, gsize length, JournalChain *chain,
                           JournalEach each, void *data, gsize *torn_at, GError **error);

#endif
