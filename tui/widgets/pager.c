#include "tui/widgets/pager.h"

#include <string.h>

#include "tui/widgets/list.h"
#include "tui/widgets/pager_line.h"

/* What is read at once; more than a screen of ordinary lines. */
#define WINDOW_BYTES 65536
#define LINE_BYTES ((guint64)PAGER_LINE_BYTES_MAX)

/* Of a window, this much lies before what it was read for: one scrolls both ways. */
#define WINDOW_BEFORE (WINDOW_BYTES / 4)

/* A row on the screen: of a line that begins at a byte of the text, so many rows down. */
typedef struct {
  guint64 line;
  guint row;
} Position;

struct Pager {
  PagerRead read;
  void *data;
  guint64 size;
  char *window; /* bytes of the text from window_at on */
  guint64 window_at;
  gsize window_length;
  PagerLine *line; /* the one that was read last */
  Position top;
  gboolean follows;
  int width, height; /* of the area, when it was drawn last */
  Position last;     /* the last top there is; known unless rows_known is 0 */
  int rows_known;    /* the height that it is of */
  char *needle;      /* what is searched for, or NULL */
  gboolean any_case;
  guint64 found; /* begin of the line it was found in last; size: not yet */
  const char *remark;
};

Pager *
pager_new (PagerRead read, void *data)
{
  Pager *pager = g_new0 (Pager, 1);
  pager->read = read;
  pager->data = data;
  pager->window = g_malloc (WINDOW_BYTES);
  pager->line = pager_line_new ();
  pager->follows = TRUE;
  pager->width = 80;
  pager->height = 24;
  return pager;
}

void
pager_free (Pager *pager)
{
  if (!pager)
    return;
  pager_line_free (pager->line);
  g_free (pager->window);
  g_free (pager->needle);
  g_free (pager);
}

void
pager_set_size (Pager *pager, guint64 bytes)
{
  if (bytes < pager->size) {
    pager->top = (Position){ 0, 0 };
    pager->follows = TRUE;
    pager->window_length = 0;
  }
  if (bytes == pager->size)
    return;
  if (pager->window_at + pager->window_length >= pager->size)
    pager->window_length = 0; /* its end may be half a line */
  pager->size = bytes;
  pager->rows_known = 0;
}

gboolean
pager_follows (const Pager *pager)
{
  return pager->follows;
}

const char *
pager_remark (const Pager *pager)
{
  return pager->remark;
}

/* ---- bytes -------------------------------------------------------------------------- */

static void
fill_window (Pager *pager, guint64 offset)
{
  pager->window_at = offset > WINDOW_BEFORE ? offset - WINDOW_BEFORE : 0;
  pager->window_length = 0;
  gsize want = (gsize)MIN (WINDOW_BYTES, pager->size - pager->window_at), got = 0;
  do {
    got = pager->read (pager->data, pager->window_at + pager->window_length,
                       pager->window + pager->window_length, want - pager->window_length);
    pager->window_length += got;
  } while (got > 0 && pager->window_length < want);
}

/* Up to `want` bytes (at most LINE_BYTES + 1) from `offset` on; *got: how many there are. */
static const char *
bytes_at (Pager *pager, guint64 offset, guint64 want, gsize *got)
{
  guint64 end = MIN (offset + want, pager->size);
  if (offset < pager->window_at || end > pager->window_at + pager->window_length)
    fill_window (pager, offset);
  guint64 have = pager->window_at + pager->window_length;
  *got = have > offset ? (gsize)(MIN (end, have) - offset) : 0;
  return pager->window + (offset - pager->window_at);
}

static guint64
multiple_after (guint64 offset)
{
  return (offset / LINE_BYTES + 1) * LINE_BYTES;
}

/* Where the line ends that begins at `begin`: behind its line feed. */
static guint64
line_end (Pager *pager, guint64 begin)
{
  gsize got = 0;
  const char *bytes = bytes_at (pager, begin, LINE_BYTES, &got);
  const char *feed = got > 0 ? memchr (bytes, '\n', got) : NULL;
  if (feed)
    return begin + (guint64)(feed - bytes) + 1;
  return got < LINE_BYTES ? pager->size : MIN (multiple_after (begin), pager->size);
}

/* Where the line begins that has the byte before `end` in it, its line feed counted to it;
 * `end` > 0. The same breaks as line_end() finds. */
static guint64
line_begin (Pager *pager, guint64 end)
{
  guint64 last = end - 1; /* its line feed does not count */
  guint64 from = last > LINE_BYTES ? last - LINE_BYTES : 0;
  gsize got = 0;
  const char *bytes = bytes_at (pager, from, last - from, &got);
  const char *feed = got > 0 ? memrchr (bytes, '\n', got) : NULL;
  if (feed)
    return from + (guint64)(feed - bytes) + 1;
  return last < LINE_BYTES ? 0 : multiple_after (from);
}

/* Reads the line that begins at `begin`; returns its number of rows. */
static guint
read_line (Pager *pager, guint64 begin)
{
  gsize got = 0;
  guint64 end = line_end (pager, begin);
  const char *bytes = bytes_at (pager, begin, end - begin, &got);
  pager_line_read (pager->line, bytes, got, pager->width);
  return pager->line->rows->len;
}

void
pager_renew (Pager *pager, guint64 bytes)
{
  pager->size = bytes;
  pager->window_length = 0;
  pager->rows_known = 0;
  pager->found = bytes;
  pager->top.row = 0;
  pager->top.line =
      bytes == 0 ? 0 : line_begin (pager, MIN (pager->top.line, bytes - 1) + 1);
}

/* ---- moving --------------------------------------------------------------------------- */

static gboolean
is_before (Position one, Position other)
{
  return one.line != other.line ? one.line < other.line : one.row < other.row;
}

static gboolean
step_up (Pager *pager, Position *at)
{
  if (at->row > 0)
    at->row--;
  else if (at->line > 0) {
    at->line = line_begin (pager, at->line);
    at->row = read_line (pager, at->line) - 1;
  } else
    return FALSE;
  return TRUE;
}

static gboolean
step_down (Pager *pager, Position *at)
{
  guint64 end = line_end (pager, at->line);
  if (at->row + 1 < read_line (pager, at->line))
    at->row++;
  else if (end < pager->size)
    *at = (Position){ end, 0 };
  else
    return FALSE;
  return TRUE;
}

/* The row at the top when the last one is at the bottom. */
static Position
last_top (Pager *pager)
{
  if (pager->rows_known == pager->height)
    return pager->last;
  Position at = { pager->size, 0 };
  for (int row = 0; row < pager->height; row++)
    if (!step_up (pager, &at))
      break;
  pager->last = at;
  pager->rows_known = pager->height;
  return at;
}

/* After another width a row may not be there any more; after all, too far down. */
static void
settle (Pager *pager)
{
  Position last = last_top (pager);
  if (pager->follows || is_before (last, pager->top))
    pager->top = last;
  else if (pager->size > 0)
    pager->top.row = MIN (pager->top.row, read_line (pager, pager->top.line) - 1);
}

static void
move (Pager *pager, int rows)
{
  Position last = last_top (pager);
  for (; rows < 0 && step_up (pager, &pager->top); rows++)
    continue;
  for (; rows > 0 && is_before (pager->top, last) && step_down (pager, &pager->top);
       rows--)
    continue;
  pager->follows = !is_before (pager->top, last);
}

/* ---- searching -------------------------------------------------------------------------- */

static void
fold_ascii (char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = g_ascii_tolower (bytes[i]);
}

/* The first or last place of the needle in the bytes, or NULL. */
static const char *
find_in (const char *bytes, gsize length, const char *needle, gboolean last)
{
  gsize size = strlen (needle);
  const char *found = memmem (bytes, length, needle, size);
  for (const char *next = found; last && next;) {
    found = next;
    next = memmem (next + 1, length - (gsize)(next + 1 - bytes), needle, size);
  }
  return found;
}

/* The offset of the needle in a stretch of the text, at most WINDOW_BYTES of it; TRUE if
 * it is there. */
static gboolean
find_stretch (Pager *pager, char *bytes, guint64 begin, guint64 end, gboolean last,
              guint64 *found)
{
  gsize got = pager->read (pager->data, begin, bytes, (gsize)(end - begin));
  if (pager->any_case)
    fold_ascii (bytes, got);
  const char *place = find_in (bytes, got, pager->needle, last);
  if (place)
    *found = begin + (guint64)(place - bytes);
  return place != NULL;
}

/* Between two places of the text, stretch by stretch; they overlap by the needle. */
static gboolean
find_between (Pager *pager, guint64 begin, guint64 end, gboolean backwards,
              guint64 *found)
{
  guint64 overlap = strlen (pager->needle) - 1;
  g_autofree char *bytes = g_malloc (WINDOW_BYTES);
  while (begin + overlap < end) {
    guint64 from = backwards && end - begin > WINDOW_BYTES ? end - WINDOW_BYTES : begin;
    guint64 to = MIN (end, from + WINDOW_BYTES);
    if (find_stretch (pager, bytes, from, to, backwards, found))
      return TRUE;
    if (backwards)
      end = from > begin ? from + overlap : begin;
    else
      begin = to < end ? to - overlap : end;
  }
  return FALSE;
}

/* Goes to the line that has the byte `offset`, and to the row of the needle in it. */
static void
go_to (Pager *pager, guint64 offset)
{
  pager->found = line_begin (pager, offset + 1);
  pager->top = (Position){ pager->found, 0 };
  pager->follows = FALSE;
}

static gboolean
search (Pager *pager, gboolean backwards)
{
  guint64 offset = 0;
  gboolean begun = pager->found < pager->size;
  guint64 at = begun ? pager->found : pager->top.line;
  guint64 from = begun ? line_end (pager, at) : at;
  gboolean found = pager->needle &&
                   (backwards ? find_between (pager, 0, at, TRUE, &offset)
                              : find_between (pager, from, pager->size, FALSE, &offset));
  if (found)
    go_to (pager, offset);
  else
    pager->remark = !pager->needle ? "Nothing is searched for; / begins"
                    : backwards    ? "Not found further up"
                                   : "Not found further down";
  return found;
}

gboolean
pager_search (Pager *pager, const char *text)
{
  g_clear_pointer (&pager->needle, g_free);
  pager->remark = NULL;
  pager->found = pager->size;
  if (!text || !*text || strlen (text) > WINDOW_BYTES / 2)
    return FALSE;
  pager->needle = g_strdup (text);
  pager->any_case = TRUE;
  for (const char *at = text; *at; at++)
    pager->any_case &= !g_ascii_isupper (*at);
  return search (pager, FALSE) || search (pager, TRUE);
}

gboolean
pager_act (Pager *pager, KeyAction action)
{
  int page = MAX (pager->height - 1, 1);
  pager->remark = NULL;
  switch (action) {
  case ACTION_UP:
  case ACTION_DOWN:
    move (pager, action == ACTION_UP ? -1 : 1);
    return TRUE;
  case ACTION_PAGE_UP:
  case ACTION_PAGE_DOWN:
    move (pager, action == ACTION_PAGE_UP ? -page : page);
    return TRUE;
  case ACTION_FIRST:
    pager->top = (Position){ 0, 0 };
    pager->follows = FALSE;
    return TRUE;
  case ACTION_LAST:
  case ACTION_FOLLOW:
    pager->follows = TRUE;
    return TRUE;
  case ACTION_SEARCH_NEXT:
  case ACTION_SEARCH_BACK:
    search (pager, action == ACTION_SEARCH_BACK);
    return TRUE;
  default:
    return FALSE;
  }
}

/* ---- drawing ---------------------------------------------------------------------------- */

/* Which bytes of the line's text the needle covers: a byte each, 1 for covered; NULL: none. */
static guint8 *
find_covered (const Pager *pager)
{
  const GString *text = pager->line->text;
  gsize size = pager->needle ? strlen (pager->needle) : 0;
  if (size == 0 || text->len < size)
    return NULL;
  g_autofree char *folded = g_strdup (text->str);
  if (pager->any_case)
    fold_ascii (folded, text->len);
  guint8 *covered = NULL;
  for (const char *at = folded; (at = strstr (at, pager->needle)); at += size) {
    covered = covered ? covered : g_new0 (guint8, text->len);
    memset (covered + (at - folded), 1, size);
  }
  return covered;
}

/* The style of the byte at `at`; `*end` comes down to where the next one begins. */
static const PagerStyle *
style_at (const PagerLine *line, gsize at, gsize *end)
{
  const PagerStyle *styles = (const PagerStyle *)(gpointer)line->styles->data;
  guint found = 0;
  while (found + 1 < line->styles->len && styles[found + 1].begin <= at)
    found++;
  if (found + 1 < line->styles->len)
    *end = MIN (*end, styles[found + 1].begin);
  return &styles[found];
}

/* Whether the byte at `at` is found; `*end` comes down to where that ends. */
static gboolean
found_at (const guint8 *covered, gsize at, gsize *end)
{
  gsize same = at;
  if (!covered)
    return FALSE;
  while (same < *end && covered[same] == covered[at])
    same++;
  *end = same;
  return covered[at];
}

static void
draw_row (const Pager *pager, Canvas *canvas, Area area, int y, guint row,
          const guint8 *covered)
{
  const PagerLine *line = pager->line;
  gsize at = g_array_index (line->rows, guint, row);
  gsize row_end = row + 1 < line->rows->len ? g_array_index (line->rows, guint, row + 1)
                                            : line->text->len;
  for (int x = 0; at < row_end;) {
    gsize end = row_end;
    const PagerStyle *style = style_at (line, at, &end);
    gboolean found = found_at (covered, at, &end);
    x += canvas_ink (canvas, area, x, y, found ? ROLE_FOUND : ROLE_TEXT,
                     found ? 0 : style->attributes, found ? -1 : style->colour,
                     line->text->str + at, end - at);
    at = end;
  }
}

/* The rows of one line that fit; returns the y below them. */
static int
draw_line (Pager *pager, Canvas *canvas, Area area, int y, Position at)
{
  guint rows = read_line (pager, at.line);
  g_autofree guint8 *covered = find_covered (pager);
  for (guint row = at.row; row < rows && y < area.height; row++)
    draw_row (pager, canvas, area, y++, row, covered);
  return y;
}

void
pager_draw (Pager *pager, Canvas *canvas, Area area)
{
  Area bar = area_take_right (&area, 1);
  if (pager->width != MAX (area.width, 2))
    pager->rows_known = 0;
  pager->width = MAX (area.width, 2);
  pager->height = MAX (area.height, 1);
  settle (pager);
  Position at = pager->top;
  for (int y = 0; y < area.height && at.line < pager->size;) {
    y = draw_line (pager, canvas, area, y, at);
    at = (Position){ line_end (pager, at.line), 0 };
  }
  list_draw_bar (canvas, bar, pager->top.line, at.line - pager->top.line, pager->size);
}
