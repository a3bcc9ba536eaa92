/* event.h: everything that happens in a run.
 *
 * A run is its list of events; state.h folds them. A row of event_types[] says
 * what an event of that type carries; event_check() holds events from outside
 * (a journal file, the socket) against it. Pure. */
#ifndef HANDRAIL_RUN_EVENT_H
#define HANDRAIL_RUN_EVENT_H

#include <jansson.h>

#include "core/base/mask.h"
#include "core/base/moment.h"

typedef enum {
  EVENT_RUN_BEGAN,
  EVENT_RUN_RESUMED,
  EVENT_RUN_STOPPED,   /* unfinished; may be resumed */
  EVENT_RUN_ABANDONED, /* given up by typing the site's name */
  EVENT_RUN_FINISHED,
  EVENT_LEDGER_ADOPTED,
  EVENT_VIEWER_CAME,
  EVENT_VIEWER_LEFT,
  EVENT_CONTROLS,
  EVENT_STEP_BEGAN,
  EVENT_STEP_SKIPPED,
  EVENT_STEP_RECORDED,
  EVENT_STEP_SETTLING, /* what was to be done is done; `until` is awaited */
  EVENT_STEP_DONE,
  EVENT_STEP_FAILED,
  EVENT_VERDICT,
  EVENT_ASKED,
  EVENT_WITHDRAWN, /* the question no longer fits what is true */
  EVENT_ANSWERED,
  EVENT_NOTE,
  EVENT_REFUSED, /* a safety rule said no at the instant of acting */
  EVENT_REVIEWED, /* on resume: what earlier steps established, measured again */
  EVENT_COMMAND_BEGAN,
  EVENT_COMMAND_ENDED,
  EVENT_COMMAND_LOST, /* found on resume: began, no end, and it is gone */
  EVENT_ACTION_ENDED,
  EVENT_TYPES
} EventType;

/* A member's type in json_unpack()'s notation: s text, i whole number, b true or
 * false, o object, a list; "?" after it: may be missing; "!" at its end: never masked,
 * because the fold lives by it. */
typedef struct {
  const char *name;
  const char *type;
} EventMember;

/* A row: the type's name in the journal, and its members; one without a name
 * ends them. */
typedef struct {
  const char *name;
  const EventMember *members;
} EventTypeRow;
extern const EventTypeRow event_types[EVENT_TYPES];

const char *event_type_name (EventType type);
gboolean event_type_from_name (const char *name, EventType *type);

typedef struct {
  EventType type;
  guint64 number; /* 1, 2, 3…; 0 until it is in a journal */
  Moment at;
  json_t *data;   /* an object: the members of the type */
} Event;

/* Takes over `data` (NULL: no members). */
Event *event_new (EventType type, json_t *data);
void event_free (Event *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Event, event_free)

/* NULL if `data` has what the type wants and nothing else, else what is wrong
 * with it, newly allocated. */
char *event_problem (const Event *event);

/* What may be kept and shown: a copy without secrets. Members that the fold lives by
 * (ids, names, digests, counts) stay as they are, also where a secret is the same word. */
Event *event_masked (const Event *event, const Mask *mask);

/* A copy of any JSON in which every text is masked; a new reference. */
json_t *event_mask_json (const json_t *json, const Mask *mask);

/* Members; the default ("" , 0, FALSE, NULL) when missing. Borrowed. */
const char *event_text (const Event *event, const char *member);
gint64 event_number (const Event *event, const char *member);
gboolean event_flag (const Event *event, const char *member);
const json_t *event_json (const Event *event, const char *member);

#endif
