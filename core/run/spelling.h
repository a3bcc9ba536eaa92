/* spelling.h: journal lines as journal_write() spells them, read quickly.
 * Inside core/run only.
 *
 * Nearly every line of a journal has its members in one order and no spaces, so
 * its frame needs no tree, and neither do texts and numbers without anything
 * odd in them. Whatever differs is left to a JSON parser: what is accepted, and
 * what comes out, is the same either way. */
#ifndef HANDRAIL_RUN_SPELLING_H
#define HANDRAIL_RUN_SPELLING_H

#include "core/run/journal.h"

/* The event of a line that follows from `chain`. NULL says nothing but that
 * the line has to be read as any JSON. event_problem() is not asked here. */
Event *spelling_read (const JournalChain *chain, const char *line, gsize length);

#endif
