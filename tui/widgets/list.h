/* list.h: rows of which one is selected: scrolling, and a filter that is typed. Pure.
 *
 * The rows themselves are the caller's; the list knows their number, and asks for the text
 * of one when it filters. A row is its index among all rows, filtered or not. */
#ifndef HANDRAIL_TUI_LIST_H
#define HANDRAIL_TUI_LIST_H

#include "tui/widgets/canvas.h"
#include "tui/widgets/keys.h"

typedef struct List List;

List *list_new (void);
void list_free (List *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (List, list_free)

/* What is searched for the filter's words; newly allocated. */
typedef char *(*ListText) (void *data, guint row);

/* There are so many rows now. The selection stays on its row while there is one; the
 * filter is tried anew. `text` may be NULL: then every row passes. */
void list_set_rows (List *list, guint count, ListText text, void *data);

/* Rows of which `is_gap` says so are never selected, and gone while a filter holds: what
 * stands between parts. NULL: none are. To be said before list_set_rows(). */
typedef gboolean (*ListIsGap) (void *data, guint row);
void list_set_gaps (List *list, ListIsGap is_gap);

/* Only rows that have each word of it, in any case; "" or NULL: all. */
void list_set_filter (List *list, const char *filter);

/* Moves the selection; FALSE if the action is none of a list's. */
gboolean list_act (List *list, KeyAction action);

#define LIST_NONE G_MAXUINT
guint list_selected (const List *list); /* a row, or LIST_NONE */
void list_select (List *list, guint row);
guint list_count_seen (const List *list); /* rows that pass the filter */

/* Draws one row into `line`, one high. */
typedef void (*ListDraw) (void *data, Canvas *canvas, Area line, guint row,
                          gboolean selected);

/* Draws the rows that fit, so that the selected one is among them; it gets ROLE_SELECTED
 * over what was drawn, if `selects`. The last column, which a row leaves free, shows where
 * one is when there are more rows than fit: rows stand where they do without it. */
void list_draw (List *list, Canvas *canvas, Area area, gboolean selects, ListDraw draw,
                void *data);

/* Rows that an action moves a selection by where `height` are seen, 0 if by none; to the
 * ends it is far enough for any list. For whatever has a selection of its own. */
gint64 list_step (KeyAction action, guint height);

/* The bar of a part of a whole that is scrolled: `seen` of `all` from `first` on. Nothing
 * if all is seen. For whatever scrolls. */
void list_draw_bar (Canvas *canvas, Area area, guint64 first, guint64 seen, guint64 all);

#endif
