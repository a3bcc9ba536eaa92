#include "tui/widgets/page.h"

#include <string.h>

#include "tui/widgets/wrap.h"

/* "otherwise", and a space. */
#define LABEL_COLUMNS 10
#define MARK_COLUMNS 2

typedef struct {
  char *label; /* or NULL: the text begins at the left */
  char *text;  /* "": an empty line */
  Mark mark;
  Role role;
} Paragraph;

struct Page {
  GPtrArray *paragraphs; /* Paragraph * */
};

static void
paragraph_free (void *data)
{
  Paragraph *paragraph = data;
  g_free (paragraph->label);
  g_free (paragraph->text);
  g_free (paragraph);
}

Page *
page_new (void)
{
  Page *page = g_new0 (Page, 1);
  page->paragraphs = g_ptr_array_new_with_free_func (paragraph_free);
  return page;
}

void
page_free (Page *page)
{
  if (!page)
    return;
  g_ptr_array_unref (page->paragraphs);
  g_free (page);
}

void
page_clear (Page *page)
{
  g_ptr_array_set_size (page->paragraphs, 0);
}

void
page_add_labelled (Page *page, const char *label, Mark mark, Role role, const char *text)
{
  Paragraph *paragraph = g_new0 (Paragraph, 1);
  paragraph->label = g_strdup (label);
  paragraph->text = g_strchomp (g_strdup (text));
  paragraph->mark = mark;
  paragraph->role = role;
  g_ptr_array_add (page->paragraphs, paragraph);
}

void
page_add (Page *page, Role role, const char *text)
{
  page_add_labelled (page, NULL, MARK_NONE, role, text);
}

void
page_printf (Page *page, Role role, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  page_add (page, role, text);
}

void
page_add_command (Page *page, const char *command)
{
  page_add_labelled (page, "", MARK_NONE, ROLE_COMMAND, command);
}

void
page_add_gap (Page *page)
{
  page_add (page, ROLE_TEXT, "");
}

/* ---- drawing ----------------------------------------------------------------------- */

/* What stands before the text in its first line, which is `y`; returns its columns. */
static int
draw_lead (Canvas *canvas, Area area, int y, const Paragraph *paragraph)
{
  int x = paragraph->label ? LABEL_COLUMNS : 0;
  if (paragraph->label)
    canvas_text (canvas, area, 0, y, ROLE_DIM, paragraph->label);
  if (paragraph->role == ROLE_COMMAND)
    canvas_text (canvas, area, x, y, ROLE_DIM, "$");
  else if (paragraph->mark != MARK_NONE)
    canvas_mark (canvas, area, x, y, paragraph->role, paragraph->mark);
  else
    return x;
  return x + MARK_COLUMNS;
}

/* As a shell takes it, so that it may be copied from the screen. */
static int
draw_command (Canvas *canvas, Area area, int y, const Paragraph *paragraph)
{
  g_auto (GStrv) lines = wrap_command (paragraph->text, area.width);
  int count = (int)g_strv_length (lines);
  for (int i = MAX (-y, 0); i < count; i++)
    canvas_text (canvas, area, 0, y + i, paragraph->role, lines[i]);
  return count;
}

/* Draws it from line `y` of the area on, which may lie above it; returns its lines. */
static int
draw_paragraph (Canvas *canvas, Area area, int y, const Paragraph *paragraph)
{
  int x = draw_lead (canvas, area, y, paragraph);
  if (paragraph->role == ROLE_COMMAND)
    return draw_command (canvas, area_inside (area, x, 0, 0, 0), y, paragraph);
  Area text = area_inside (area, x, MAX (y, 0), 0, 0);
  int lines = canvas_paragraph (canvas, text, paragraph->role, paragraph->text,
                                MAX (-y, 0), text.height);
  return MAX (lines, 1);
}

int
page_draw (const Page *page, Canvas *canvas, Area area, int first)
{
  int lines = 0;
  for (guint i = 0; i < page->paragraphs->len; i++)
    lines += draw_paragraph (canvas, area, lines - first,
                             g_ptr_array_index (page->paragraphs, i));
  return lines;
}

/* ---- what is seen of it -------------------------------------------------------------- */

void
page_view_draw (PageView *view, const Page *page, Canvas *canvas, Area area)
{
  view->rows = area.height;
  view->lines = page_draw (page, canvas, area, view->top);
}

gboolean
page_view_act (PageView *view, KeyAction action)
{
  int page = MAX (view->rows - 1, 1);
  int step = action == ACTION_UP          ? -1
             : action == ACTION_DOWN      ? 1
             : action == ACTION_PAGE_UP   ? -page
             : action == ACTION_PAGE_DOWN ? page
             : action == ACTION_FIRST     ? -view->lines
             : action == ACTION_LAST      ? view->lines
                                          : 0;
  view->top = CLAMP (view->top + step, 0, MAX (view->lines - view->rows, 0));
  return step != 0;
}
