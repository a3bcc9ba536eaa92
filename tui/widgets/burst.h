/* burst.h: keys that came in one go while text is typed, where the terminal does not mark what
 * is pasted. Pure.
 *
 * A paste comes as fast as the line carries it; keys that a person presses come one by one, or
 * a few together when the line has stalled. */
#ifndef HANDRAIL_TUI_BURST_H
#define HANDRAIL_TUI_BURST_H

#include "tui/widgets/keys.h"

/* More characters at once are pasted. Half a second of fast typing is as many, and a line may
 * stall for that; the words that allow something in production are longer. */
#define BURST_CHARACTERS_MAX 4

/* A paste may come in pieces, the last one of them short: what follows within this time
 * belongs to it, also a single key if it was a large one. Whoever pastes needs longer to the
 * next key. */
#define BURST_LARGE 64
#define BURST_REST_US (G_USEC_PER_SEC / 4)

/* What a terminal holds at once; the rest comes next. */
#define BURST_KEYS_MAX 4096

typedef struct Burst Burst;

Burst *burst_new (void);
void burst_free (Burst *burst);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Burst, burst_free)

/* Adds a key; FALSE: there is no room for more. */
gboolean burst_add (Burst *burst, const Key *key);

/* All that came in one go has been added. What was pasted becomes one PRESS_PASTE. */
void burst_end (Burst *burst, gint64 now_us);

/* The next key of it; FALSE: none. What a paste holds is good until the next burst_add(). */
gboolean burst_take (Burst *burst, Key *key);

#endif
