/* run_field.h: the one field of a run in which answers and notes are typed. Pure.
 *
 * It is there as soon as a question stands, so that what is typed goes there, and is
 * left by Esc, so that single keys act. Enter sends what is taken and nothing else: an empty
 * field never, a word only if it is exactly the one, and when what it confirms has been seen. */
#ifndef HANDRAIL_TUI_RUN_FIELD_H
#define HANDRAIL_TUI_RUN_FIELD_H

#include "tui/run/run_model.h"
#include "tui/widgets/input.h"

typedef enum {
  RUN_FIELD_ANSWER, /* to the question that stands, or to a wait */
  RUN_FIELD_NOTE,
  RUN_FIELD_TAKE, /* of controls that another viewer has */
} RunFieldKind;

typedef struct {
  RunFieldKind kind;
  Input *input;
  gboolean open;    /* it is shown */
  gboolean focused; /* keys are text */
  gboolean sent;    /* the answer is under way; what was typed stands till it is taken */
  char *wrong;      /* why Enter did nothing; or NULL */
  /* Of an answer: the one word that is taken, "stop" or "skip", and nothing that goes on;
   * NULL: all that answers. */
  const char *only;
  guint line;    /* that is seen of the commands to be confirmed, where they do not fit */
  gboolean read; /* all of them have been seen */
} RunField;

void run_field_init (RunField *field);
void run_field_clear (RunField *field);

/* Opens it, empty but for `text`, for all that is taken. */
void run_field_open (RunField *field, RunFieldKind kind, const char *text);
void run_field_close (RunField *field);

/* Whether a text, or a form of it ("skip REASON"), is among what is taken. */
gboolean run_field_takes (const RunField *field, const char *text);

/* Whether a text would confirm commands that have not all been seen. */
gboolean run_field_is_unread (const RunField *field, const RunModel *model,
                              const char *text);

/* A key while it is focused. Gives a sentence to be shown in passing, or NULL. */
const char *run_field_key (RunField *field, RunModel *model, const Key *key);

/* What came of the answer that was sent, after each message. */
void run_field_hear (RunField *field, const RunModel *model);

#endif
