/* chance.h: streams of chance. Pure.
 *
 * A stream is known by a seed and its name, and nothing that is drawn from one changes
 * another: what happens in one place does not depend on what was done in another.
 * SplitMix64 (Steele, Lea and Flood 2014): 8 bytes of state, the same on every machine. */
#ifndef HANDRAIL_PRACTICE_CHANCE_H
#define HANDRAIL_PRACTICE_CHANCE_H

#include <glib.h>

typedef struct {
  guint64 state;
} Chance;

/* Nothing needs to be freed. */
void chance_begin (Chance *chance, guint64 seed, const char *name);

guint64 chance_next (Chance *chance);

/* Evenly between the two, both included; `least` when they are the wrong way round. */
gint64 chance_between (Chance *chance, gint64 least, gint64 most);

/* To the next of what happens `per_minute` times on average, each independently of the
 * others (an exponential gap); at least 1. `per_minute` is above 0. */
gint64 chance_gap_us (Chance *chance, gint64 per_minute);

/* So many hexadecimal digits; newly allocated. */
char *chance_hex (Chance *chance, guint digits);

#endif
