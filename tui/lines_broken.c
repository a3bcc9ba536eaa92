/* Lines that are broken where they would be too long. */
#include <string.h>

#include "tui/lines.h"

/* Cells that the text takes on a terminal. */
static guint
width_of (const char *text, gsize length)
{
  guint width = 0;
  for (const char *at = text; at < text + length; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);
    if (!g_unichar_iszerowidth (character))
      width += g_unichar_iswide (character) ? 2 : 1;
  }
  return width;
}

/* What is being broken. */
typedef struct {
  GString *out;
  guint columns; /* 0: nowhere */
  guint indent;  /* of what follows */
  guint used;    /* cells of the line at hand */
} Broken;

static void
next_line (Broken *broken)
{
  g_string_append_printf (broken->out, "\n%*s", (int)broken->indent, "");
  broken->used = broken->indent;
}

/* Bytes of a word that go into so many cells: to its last slash in them, unless that leaves half
 * of them empty. One character at the least. */
static gsize
part_of (const char *word, gsize length, guint room)
{
  guint width = 0;
  gsize slash = 0;
  const char *at = word;
  while (at < word + length) {
    const char *next = g_utf8_next_char (at);
    width += width_of (at, (gsize)(next - at));
    if (width > room && at > word)
      break;
    if (*at == '/' && width > room / 2)
      slash = (gsize)(next - word);
    at = next;
  }
  return slash > 0 ? slash : (gsize)(at - word);
}

/* All of it that is longer than a line; the rest, with its length. */
static const char *
add_parts (Broken *broken, const char *word, gsize *length)
{
  while (broken->columns > broken->used &&
         width_of (word, *length) > broken->columns - broken->used) {
    gsize part = part_of (word, *length, broken->columns - broken->used);
    g_string_append_len (broken->out, word, (gssize)part);
    next_line (broken);
    word += part;
    *length -= part;
  }
  return word;
}

/* `whole`: no word is broken. */
static void
add_words (Broken *broken, gboolean whole, const char *line)
{
  for (gboolean first = TRUE; *line; first = FALSE) {
    gsize spaces = strspn (line, " ");
    gsize length = strcspn (line + spaces, " ");
    gboolean beyond = broken->columns > 0 &&
                      broken->used + width_of (line, spaces + length) > broken->columns;
    if (!first && length > 0 && beyond) {
      next_line (broken);
    } else {
      g_string_append_len (broken->out, line, (gssize)spaces);
      broken->used += (guint)spaces;
    }
    line += spaces;
    if (beyond && !whole)
      line = add_parts (broken, line, &length);
    g_string_append_len (broken->out, line, (gssize)length);
    broken->used += width_of (line, length);
    line += length;
  }
  g_string_append_c (broken->out, '\n');
}

static Broken
begin_broken (GString *out, guint columns, const char *prefix, guint indent)
{
  g_string_append (out, prefix);
  return (Broken){ out, columns, indent, width_of (prefix, strlen (prefix)) };
}

void
lines_add_broken (GString *out, guint columns, const char *prefix, guint indent,
                  const char *line)
{
  Broken broken = begin_broken (out, columns, prefix, indent);
  add_words (&broken, TRUE, line);
}

void
lines_add_fitted (GString *out, guint columns, const char *prefix, guint indent,
                  const char *line)
{
  Broken broken = begin_broken (out, columns, prefix, indent);
  add_words (&broken, FALSE, line);
}

static void
break_line (GString *out, guint columns, const char *line)
{
  gsize margin = strspn (line, " ");
  g_autofree char *prefix = g_strndup (line, margin);
  gboolean command = g_str_has_prefix (line + margin, "$ ");
  lines_add_broken (out, command ? 0 : columns, prefix, (guint)margin + 2, line + margin);
}

char *
lines_broken (const char *text, guint columns)
{
  GString *out = g_string_new (NULL);
  while (*text) {
    gsize length = strcspn (text, "\n");
    g_autofree char *line = g_strndup (text, length);
    break_line (out, columns, line);
    text += length + (text[length] == '\n');
  }
  return g_string_free (out, FALSE);
}
