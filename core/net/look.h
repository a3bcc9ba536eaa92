/* look.h: keeps readings fresh.
 *
 * A looker is told which requests matter now, and calls back with readings: each
 * request again when its interval has passed since the last look ended, at once when
 * only readings that began after a given moment will do. One look a request is under
 * way at a time. A failed look is a reading with an error, and is tried again. */
#ifndef HANDRAIL_NET_LOOK_H
#define HANDRAIL_NET_LOOK_H

#include "core/net/confine.h"
#include "core/run/kind.h"

typedef struct Looker Looker;

/* Fires from the loop. The reading is the callback's to keep. Within it looker_watch()
 * may be called, looker_free() not. */
typedef void (*LookerSaw) (Reading *reading, void *data);

/* `site`, `platform` and `confine` (how far looks reach; NULL: anywhere) are borrowed.
 * `speed`: procedure time per machine time. */
Looker *looker_new (const Site *site, const PlatformKind *platform,
                    const Confine *confine, gint64 speed, LookerSaw saw, void *data);
void looker_free (Looker *looker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Looker, looker_free)

/* From now on these requests (Request *; copied) and no others. Readings that began
 * before `fresh_after_us` (boot time) count as missing. */
void looker_watch (Looker *looker, const GPtrArray *requests, gint64 fresh_after_us);

#endif
