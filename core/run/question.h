/* question.h: what is asked, what may be answered, and the rules for both. Pure.
 *
 * One place reads answers for every front end: viewers send what was typed.
 *   confirm    [nginx | skip REASON | stop]  or  [y | skip REASON | stop]
 *   ask        [TEXT | stop]
 *   offer      [y | wait | WORD | skip REASON | stop]
 *   failed     [retry | undo | skip REASON | stop]      (undo only if there is one)
 *   uncertain  [done REASON | again | stop]             (what the checks support first)
 *   running    [wait | end | stop]
 *   adopt      [y | skip REASON | stop]     (on a production site its name, not y)
 *   review     [y | stop]                   (likewise)
 *   waiting    [WORD | skip REASON | stop]  (no question stands)
 * WORD: for each check that does not hold and may be gone on without (acceptance.h).
 * `note TEXT` is not an answer: front ends send it as what it is. */
#ifndef HANDRAIL_RUN_QUESTION_H
#define HANDRAIL_RUN_QUESTION_H

#include "core/run/state.h"

/* Longest answer, reason and note, in bytes. */
#define ANSWER_BYTES_MAX 1000

/* "[y | skip REASON | stop]": what is taken in answer to `question` (NULL: while waiting)
 * as `state` is. Newly allocated. */
char *question_takes (const RunState *state, const Question *question);

/* The same one by one: "y", "skip REASON" (char *, owned by the array). */
GPtrArray *question_words (const RunState *state, const Question *question);

/* Reads what was typed in answer to what stands in `state` (its question, or a
 * wait). Sets *answer to one of "go", "text", "skip", "stop", "wait", "retry",
 * "undo", "done", "again", "end", "accept", and *argument (newly allocated; NULL if there
 * is none) to the reason, text or word. FALSE with *wrong set (newly allocated): what would be
 * right. The runbook is needed for the rules of an `ask`; NULL: not checked. */
gboolean question_read (const RunState *state, const Runbook *runbook, const char *typed,
                        const char **answer, char **argument, char **wrong);

#endif
