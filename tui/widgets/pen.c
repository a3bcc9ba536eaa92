#include "tui/widgets/pen.h"

#include <string.h>

#define ESCAPE '\033'
#define SHIFT_OUT '\016'
#define SHIFT_IN '\017'

/* The longest colour that curses says: "38:2::255:255:255". */
#define COLOUR_BYTES 20

/* An attribute's bit is 1 << its number in SGR; 1 to 9 are known. */
#define ATTRIBUTE_LAST 9
#define BOLD (1U << 1)
#define DIM (1U << 2)

enum { FOREGROUND, BACKGROUND, GROUNDS };

/* As parameters of SGR; "": the terminal's own. */
typedef char Colour[COLOUR_BYTES];

typedef struct {
  guint attributes;
  Colour colours[GROUNDS];
  char set;   /* of characters, as ESC ( names it: 'B' is ASCII */
  char shift; /* SI: that set; SO: the other one */
} Hand;

struct Pen {
  Hand wanted, drawn;
  gboolean known; /* `drawn` is how the terminal draws; set and shift are, unless NUL */
};

Pen *
pen_new (void)
{
  Pen *pen = g_new0 (Pen, 1);
  pen->wanted = (Hand){ .set = 'B', .shift = SHIFT_IN };
  return pen;
}

void
pen_free (Pen *pen)
{
  g_free (pen);
}

void
pen_forget (Pen *pen)
{
  pen->known = FALSE;
  pen->drawn.set = pen->drawn.shift = '\0';
}

/* ---- what is said ---------------------------------------------------------------------- */

static void
say (GString *parameters, const char *parameter)
{
  if (parameters->len > 0)
    g_string_append_c (parameters, ';');
  g_string_append (parameters, parameter);
}

static void
say_number (GString *parameters, guint number)
{
  char text[] = { (char)('0' + number / 10), (char)('0' + number % 10), '\0' };
  say (parameters, number < 10 ? text + 1 : text);
}

/* Bold and dim end together (22); each other has an end of its own, 20 above it. */
static void
say_attributes (GString *parameters, guint had, guint wanted)
{
  guint ended = had & ~wanted, begun = wanted & ~had;
  if (ended & (BOLD | DIM)) {
    say_number (parameters, 22);
    begun |= wanted & (BOLD | DIM);
  }
  for (guint number = 3; number <= ATTRIBUTE_LAST; number++)
    if (ended & (1U << number))
      say_number (parameters, 20 + number);
  for (guint number = 1; number <= ATTRIBUTE_LAST; number++)
    if (begun & (1U << number))
      say_number (parameters, number);
}

static void
say_colours (GString *parameters, const Hand *had, const Hand *wanted)
{
  static const char *const own[GROUNDS] = { "39", "49" };
  for (int i = 0; i < GROUNDS; i++)
    if (strcmp (had->colours[i], wanted->colours[i]) != 0)
      say (parameters, *wanted->colours[i] ? wanted->colours[i] : own[i]);
}

static gboolean
is_plain (const Hand *hand)
{
  return hand->attributes == 0 && !*hand->colours[FOREGROUND] &&
         !*hand->colours[BACKGROUND];
}

static gboolean
same_look (const Hand *one, const Hand *other)
{
  return one->attributes == other->attributes &&
         strcmp (one->colours[FOREGROUND], other->colours[FOREGROUND]) == 0 &&
         strcmp (one->colours[BACKGROUND], other->colours[BACKGROUND]) == 0;
}

static void
settle_look (Pen *pen, GString *out)
{
  g_autoptr (GString) parameters = g_string_new (NULL);
  if (pen->known && same_look (&pen->drawn, &pen->wanted))
    return;
  if (!pen->known) {
    pen->drawn = (Hand){ .set = pen->drawn.set, .shift = pen->drawn.shift };
    say (parameters, "0");
  }
  say_attributes (parameters, pen->drawn.attributes, pen->wanted.attributes);
  say_colours (parameters, &pen->drawn, &pen->wanted);
  g_string_append (out, "\033[");
  g_string_append (out, is_plain (&pen->wanted) ? "" : parameters->str);
  g_string_append_c (out, 'm');
}

void
pen_settle (Pen *pen, GString *out)
{
  settle_look (pen, out);
  if (pen->drawn.set != pen->wanted.set)
    g_string_append_printf (out, "\033(%c", pen->wanted.set);
  if (pen->drawn.shift != pen->wanted.shift)
    g_string_append_c (out, pen->wanted.shift);
  pen->drawn = pen->wanted;
  pen->known = TRUE;
}

/* ---- what is read ----------------------------------------------------------------------- */

/* Where the parameter at `at` ends: at its semicolon, or at `end`. */
static const char *
end_of_parameter (const char *at, const char *end)
{
  const char *semicolon = memchr (at, ';', (gsize)(end - at));
  return semicolon ? semicolon : end;
}

/* Where a colour that begins with 38 or 48 ends: "38:2::R:G:B", "38;5;N", "38;2;R;G;B". */
static const char *
end_of_colour (const char *at, const char *end)
{
  const char *next = end_of_parameter (at, end);
  if (next - at > 2 || next == end)
    return next;
  for (int parts = next[1] == '5' ? 2 : 4; parts > 0 && next < end; parts--)
    next = end_of_parameter (next + 1, end);
  return next;
}

static gboolean
take_colour (Colour colour, const char *at, const char *end)
{
  gsize length = (gsize)(end - at);
  if (length >= COLOUR_BYTES)
    return FALSE;
  memcpy (colour, at, length);
  colour[length] = '\0';
  return TRUE;
}

static guint
number_at (const char *at, const char *end)
{
  guint number = 0;
  for (; at < end && g_ascii_isdigit (*at) && number < 1000; at++)
    number = number * 10 + (guint)(*at - '0');
  return number;
}

/* One attribute that begins or ends. FALSE: it is not known. */
static gboolean
take_attribute (Hand *hand, guint number)
{
  if (number >= 1 && number <= ATTRIBUTE_LAST)
    hand->attributes |= 1U << number;
  else if (number == 22)
    hand->attributes &= ~(BOLD | DIM);
  else if (number > 22 && number <= 20 + ATTRIBUTE_LAST)
    hand->attributes &= ~(1U << (number - 20));
  else
    return FALSE;
  return TRUE;
}

/* One parameter, or the several of a colour: `*at` is moved to its end. */
static gboolean
take_parameter (Hand *hand, const char **at, const char *end)
{
  const char *begin = *at;
  guint number = number_at (begin, end);
  guint tens = number >= 90 ? number / 10 - 6 : number / 10; /* bright: 90 is like 30 */
  *at = end_of_parameter (begin, end);
  if (number == 0) {
    hand->attributes = 0;
    memset (hand->colours, 0, sizeof hand->colours);
    return TRUE;
  }
  if (tens != 3 && tens != 4)
    return take_attribute (hand, number);
  Colour *colour = &hand->colours[tens == 3 ? FOREGROUND : BACKGROUND];
  if (number == 38 || number == 48)
    *at = end_of_colour (begin, end);
  else if (number % 10 == 9)
    return take_colour (*colour, begin, begin);
  return take_colour (*colour, begin, *at);
}

/* The parameters of an SGR. FALSE: not all of them are known. */
static gboolean
take_look (Pen *pen, const char *at, const char *end)
{
  Hand hand = pen->wanted;
  for (;; at++) {
    if (!take_parameter (&hand, &at, end))
      return FALSE;
    if (at == end)
      break;
  }
  pen->wanted = hand;
  return TRUE;
}

static gboolean
is_final (char byte)
{
  return byte >= '@' && byte <= '~';
}

/* How many bytes the sequence at `at` is. */
static gsize
length_of_sequence (const char *at, gsize left)
{
  if (left < 2)
    return left;
  if (at[1] == '(')
    return MIN (left, 3);
  if (at[1] != '[')
    return 2;
  gsize length = 2;
  while (length < left && !is_final (at[length]))
    length++;
  return MIN (length + 1, left);
}

/* Whether nothing is drawn or erased by it: the cursor is moved, or a mode set (ESC [ ?). */
static gboolean
draws_nothing (const char *at, gsize length)
{
  return length > 2 && at[1] == '[' &&
         (at[2] == '?' || strchr ("ABCDGHdf", at[length - 1]));
}

static void
take_sequence (Pen *pen, const char *at, gsize length, GString *out)
{
  if (length == 3 && at[1] == '(') {
    pen->wanted.set = at[2];
    return;
  }
  gboolean look =
      length > 2 && at[1] == '[' && at[length - 1] == 'm' && (at[2] < '<' || at[2] > '?');
  if (look && take_look (pen, at + 2, at + length - 1))
    return;
  if (!draws_nothing (at, length))
    pen_settle (pen, out);
  g_string_append_len (out, at, (gssize)length);
  if (look)
    pen->known = FALSE;
}

/* How many bytes from `at` on are text. */
static gsize
length_of_text (const char *at, gsize left)
{
  gsize length = 0;
  while (length < left && (guint8)at[length] >= ' ' && at[length] != '\177')
    length++;
  return length;
}

void
pen_take (Pen *pen, const char *bytes, gsize length, GString *out)
{
  for (gsize used; length > 0; bytes += used, length -= used) {
    used = length_of_text (bytes, length);
    if (used == 0 && *bytes == ESCAPE) {
      used = length_of_sequence (bytes, length);
      take_sequence (pen, bytes, used, out);
      continue;
    }
    if (used == 0 && (*bytes == SHIFT_IN || *bytes == SHIFT_OUT)) {
      pen->wanted.shift = *bytes;
      used = 1;
      continue;
    }
    /* A line feed may scroll; a carriage return and a backspace move. */
    gboolean moves = used == 0 && (*bytes == '\r' || *bytes == '\b');
    if (!moves)
      pen_settle (pen, out);
    used = MAX (used, 1);
    g_string_append_len (out, bytes, (gssize)used);
  }
}
