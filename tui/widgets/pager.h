/* pager.h: a text of any length to be looked through: scrolled, followed, searched. Pure.
 *
 * Nothing is counted or kept of it but a window of bytes: a million lines scroll as fast as
 * ten. Lines are broken at the width of the area; colours of the program that wrote them
 * are kept (pager_line.h). */
#ifndef HANDRAIL_TUI_PAGER_H
#define HANDRAIL_TUI_PAGER_H

#include "tui/widgets/canvas.h"
#include "tui/widgets/keys.h"

/* A line without an end for so long is broken, at a multiple of it. */
#define PAGER_LINE_BYTES_MAX 8192

typedef struct Pager Pager;

/* Gives up to `size` bytes of the text from `offset` on; returns how many, 0: none. */
typedef gsize (*PagerRead) (void *data, guint64 offset, char *bytes, gsize size);

/* `read` is called while drawing and acting. */
Pager *pager_new (PagerRead read, void *data);
void pager_free (Pager *pager);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pager, pager_free)

/* The text has so many bytes now. Less than before: it is another text, from its beginning. */
void pager_set_size (Pager *pager, guint64 bytes);

/* The same text has been written anew, a little longer or shorter (something in it was
 * masked): one stays where one was. */
void pager_renew (Pager *pager, guint64 bytes);

/* Up, down, pages, the ends, follow, and to where the text that is searched for is next;
 * FALSE if the action is none of these. */
gboolean pager_act (Pager *pager, KeyAction action);

/* Staying at the end while it grows: at first, and again after going to the end. */
gboolean pager_follows (const Pager *pager);

/* Searches from what is seen on; in any case, unless `text` has a capital letter. NULL or
 * "": no more. FALSE: not found, and nothing has moved. */
gboolean pager_search (Pager *pager, const char *text);

/* What became of the last action, a sentence, or NULL: "Not found further down". */
const char *pager_remark (const Pager *pager);

void pager_draw (Pager *pager, Canvas *canvas, Area area);

/* For pager_new(): the bytes of a file, or of a GBytes. */
gsize pager_read_descriptor (void *descriptor, guint64 offset, char *bytes, gsize size);
gsize pager_read_bytes (void *gbytes, guint64 offset, char *bytes, gsize size);

#endif
