/* filter.h: words that are typed to see only the rows of a list that have them. Pure. */
#ifndef HANDRAIL_TUI_FILTER_H
#define HANDRAIL_TUI_FILTER_H

#include "tui/widgets/list.h"
#include "tui/widgets/screen.h"

typedef struct Filter Filter;

Filter *filter_new (List *list); /* which has to outlive it */
void filter_free (Filter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Filter, filter_free)

gboolean filter_types (const Filter *filter); /* a field has the keys */
gboolean filter_is_set (const Filter *filter);
void filter_clear (Filter *filter); /* as Esc does: all is shown */

/* Begins with ACTION_FILTER, takes the keys while it types; Esc shows all again. FALSE: not
 * taken. A sentence for app_say() in *remark, or NULL there. */
gboolean filter_act (Filter *filter, KeyAction action, const Key *key,
                     const char **remark);

/* Takes its line off the bottom of `area` while it types. */
void filter_draw (Filter *filter, Canvas *canvas, Area *area);

/* "3 of 14 have: shut"; newly allocated, NULL without a filter. */
char *filter_status (const Filter *filter);

#endif
