/* sights.h: which looks at the deployment viewers are told: those that see something new.
 *
 * One that sees what the one before it saw is held back: what was told still holds. It is
 * told after all
 *   before one that sees something else, so that viewers know how long the first held;
 *   as late, when no look has ended for three intervals: viewers say how old it is, until
 *   they are told another one;
 *   once a minute, which shows that somebody still looks. */
#ifndef HANDRAIL_RUNNER_SIGHTS_H
#define HANDRAIL_RUNNER_SIGHTS_H

#include "core/run/reading.h"

typedef struct Sights Sights;

/* `reading` is borrowed for the call. */
typedef void (*SightsTell) (const Reading *reading, gboolean late, void *data);

/* `interval_us`: machine time between two looks. */
Sights *sights_new (gint64 interval_us, SightsTell tell, void *data);
void sights_free (Sights *sights);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sights, sights_free)

/* A look has ended: borrows its reading, a failed one too. */
void sights_take (Sights *sights, const Reading *reading);

/* Whether the last look that saw something is late by now. */
gboolean sights_are_late (const Sights *sights);

#endif
