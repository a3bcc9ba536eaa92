/* folding.h: what the parts of the fold share. Inside core/run only. */
#ifndef HANDRAIL_RUN_FOLDING_H
#define HANDRAIL_RUN_FOLDING_H

#include "core/run/state.h"

/* Replaces what is there by a copy; an empty text becomes NULL. */
void folding_text (char **text, const char *with);
void folding_json (json_t **json, json_t *with);

/* A time that much later. What a journal holds is kept so far from the ends of 64 bits
 * that differences of two times cannot overflow. */
gint64 folding_later (gint64 at_us, gint64 by_us);

/* Sets "EVENT cannot follow WHERE"; always FALSE. */
gboolean folding_story_error (GError **error, const Event *event, const char *where);

/* The step goes over to that phase; its clock starts, its verdicts are those of the
 * phase. */
void folding_enter (StepState *step, Phase phase, const Event *event);

/* The operator said stop; the run-stopped event follows. `step` may be NULL. */
void folding_stop (RunState *state, StepState *step, const Event *event);

/* Folds in an event of the step at hand, by the table. */
gboolean folding_step (RunState *state, const Event *event, GError **error);

#endif
