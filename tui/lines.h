/* lines.h: what happens in a run, told as lines of text. Pure.
 *
 * The first character says what a line is: = about the run, > a step begins, $ a
 * command, | what it prints, + done, - skipped, ! failed or refused, two spaces: more
 * about the step. Only questions begin with "? " and waits with "~ "; everything
 * that came from outside is made printable, so none can be imitated. */
#ifndef HANDRAIL_TUI_LINES_H
#define HANDRAIL_TUI_LINES_H

#include "core/run/state.h"

typedef struct {
  const RunState *state; /* after the event */
  guint columns;         /* to break descriptions at; 0: nowhere */
  const char *byhand;    /* the path of by-hand.txt, or NULL */
  guint viewer;          /* who we are in the run, 0: not known yet */
  gboolean echoed;       /* our own answers can be seen where they were typed */
} LinesContext;

/* Appends what `event` has to tell, which may be nothing. The text of a question is
 * not part of it: lines_question(). */
void lines_event (GString *out, const LinesContext *context, const Event *event);

/* Whether there is a way to tell of events of that type: of all of them. */
gboolean lines_knows (EventType type);

/* Whether `event` leaves a step out: by itself, or because somebody said so. */
gboolean lines_skips_step (const Event *event);

/* Appends what is to be known before the question is answered: target, change,
 * commands, what `require` says, the way back; two spaces before each. */
void lines_question_details (GString *out, const RunState *state);

/* Appends "? ID: QUESTION [takes]". Nothing when no question stands. */
void lines_question (GString *out, const RunState *state);

/* Appends one line: the prefix as it is, the text made printable. */
void lines_add (GString *out, const char *prefix, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Appends a printable line after a prefix, broken at spaces where it would go beyond
 * `columns` (0: nowhere), what follows indented by `indent`. A word that is too long for
 * any line has one of its own. */
void lines_add_broken (GString *out, guint columns, const char *prefix, guint indent,
                       const char *line);

/* The same for what must fit: such a word is broken, too, after a slash where there is one. */
void lines_add_fitted (GString *out, guint columns, const char *prefix, guint indent,
                       const char *line);

/* Printable lines, each broken as lines_add_broken() does, but for commands ("$ "), which are
 * copied. Newly allocated. */
char *lines_broken (const char *text, guint columns);

/* Appends `text` line by line, each with the prefix. */
void lines_add_text (GString *out, const char *prefix, const char *text);

/* The same text for a terminal without UTF-8: arrows, dashes and quotes in ASCII, the
 * rest as \u{NNNN}. Newly allocated. */
char *lines_ascii (const char *text);

/* "holds", "not yet", "will not come true by itself"… */
const char *lines_verdict_words (Verdict verdict);

#endif
