/* page.h: paragraphs, each with what it is: to be read, in a pane or over the whole screen.
 * Pure. */
#ifndef HANDRAIL_TUI_PAGE_H
#define HANDRAIL_TUI_PAGE_H

#include "tui/widgets/canvas.h"
#include "tui/widgets/keys.h"

typedef struct Page Page;

Page *page_new (void);
void page_free (Page *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)
void page_clear (Page *page);

/* Texts of any origin; what is long is broken at spaces, a line feed begins a new line. */
void page_add (Page *page, Role role, const char *text);
void page_printf (Page *page, Role role, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* With a word before it, in a column of its own ("" : none, but the text stands under the
 * others), and a mark where it is not MARK_NONE. */
void page_add_labelled (Page *page, const char *label, Mark mark, Role role,
                        const char *text);

/* "$ COMMAND", under the labelled ones. */
void page_add_command (Page *page, const char *command);

void page_add_gap (Page *page);

/* Draws from line `first` on; returns how many lines there are in all. */
int page_draw (const Page *page, Canvas *canvas, Area area, int first);

/* What is seen of a page that may be longer than its area: lines. */
typedef struct {
  int top;  /* the first one that is seen */
  int rows; /* that fit, when it was drawn last */
  int lines; /* that there are */
} PageView;

void page_view_draw (PageView *view, const Page *page, Canvas *canvas, Area area);

/* Moves up and down in it. FALSE: the action is for something else. */
gboolean page_view_act (PageView *view, KeyAction action);

#endif
