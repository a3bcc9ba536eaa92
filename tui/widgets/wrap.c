#include "tui/widgets/wrap.h"

#include <string.h>

#include "tui/widgets/canvas.h"

#define INDENT "  "    /* of what is broken off */
#define GOES_ON " \\"  /* ends a line of which the blank is left out */
#define COLUMNS_MIN 10 /* that are broken for; an area that is narrower is cut */

/* The bytes of the next word of a command line: up to a blank that is not in quotes, those
 * that text_command() makes. */
static gsize
word_bytes (const char *text)
{
  gboolean quoted = FALSE, spelt = FALSE;
  gsize at = 0;
  for (; text[at] && (quoted || text[at] != ' '); at++) {
    gboolean escapes = spelt || !quoted; /* '\'' and $'\'' */
    if (escapes && text[at] == '\\' && text[at + 1])
      at++;
    else if (text[at] == '\'') {
      spelt = !quoted && at > 0 && text[at - 1] == '$';
      quoted = !quoted;
    }
  }
  return at;
}

/* The bytes that fit into so many columns; one character at least, if there is one. */
static gsize
bytes_that_fit (const char *text, gsize length, int columns)
{
  gsize at = 0;
  for (int taken = 0, width = 0; at < length; taken += width) {
    gsize bytes = canvas_cluster (text + at, length - at, &width);
    if (at > 0 && taken + width > columns)
      break;
    at += bytes;
  }
  return at;
}

/* The same, up to one of these characters where that leaves not too much of the line empty. */
static gsize
bytes_up_to (const char *ends, const char *text, gsize length, int columns)
{
  gsize fits = bytes_that_fit (text, length, columns);
  for (gsize at = fits; fits < length && at > fits / 4; at--)
    if (strchr (ends, text[at - 1]))
      return at;
  return fits;
}

typedef struct {
  GPtrArray *lines;
  GString *line; /* that is being filled */
  int columns;
  gboolean begun; /* a word stands in it */
} Filling;

static int
room_of (const Filling *filling)
{
  return filling->columns - canvas_columns (filling->line->str);
}

static void
next_line (Filling *filling, const char *end)
{
  g_string_append (filling->line, end);
  g_ptr_array_add (filling->lines, g_strdup (filling->line->str));
  g_string_assign (filling->line, INDENT);
  filling->begun = FALSE;
}

/* `more`: another word follows, and a line that ends with this one says so. */
static void
add_word (Filling *filling, const char *word, gsize length, gboolean more)
{
  g_autofree char *whole = g_strndup (word, length);
  int end = more ? (int)strlen (GOES_ON) : 0;
  int wanted = canvas_columns (whole) + end;
  if (filling->begun && 1 + wanted > room_of (filling))
    next_line (filling, GOES_ON);
  else if (filling->begun)
    g_string_append_c (filling->line, ' ');
  filling->begun = TRUE;
  while (length > 0) {
    int room = room_of (filling), columns = canvas_columns (whole);
    gsize bytes =
        columns + end <= room
            ? length
            : bytes_up_to ("/", word, length, columns > room ? room : room - end);
    g_string_append_len (filling->line, word, (gssize)bytes);
    word += bytes;
    length -= bytes;
    g_free (whole);
    whole = g_strndup (word, length);
    if (length > 0)
      next_line (filling, "");
    filling->begun = TRUE;
  }
}

char **
wrap_command (const char *command, int columns)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  g_autoptr (GString) line = g_string_new (NULL);
  Filling filling = { lines, line, MAX (columns, COLUMNS_MIN), FALSE };
  while (*command) {
    gsize length = word_bytes (command);
    gboolean more = command[length] == ' ';
    add_word (&filling, command, length, more);
    command += length + (more ? 1 : 0);
  }
  g_ptr_array_add (lines, g_strdup (line->str));
  g_ptr_array_add (lines, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&lines), FALSE);
}

char *
wrap_path (const char *line, int columns)
{
  const char *colon = strstr (line, ": ");
  if (canvas_columns (line) <= columns)
    return g_strdup (line);
  g_autoptr (GString) text = g_string_new_len (line, colon ? colon + 1 - line : 0);
  for (const char *path = colon ? colon + 2 : line; *path;) {
    gsize bytes = bytes_up_to ("/ ", path, strlen (path), MAX (columns, COLUMNS_MIN));
    if (text->len > 0)
      g_string_append_c (text, '\n');
    g_string_append_len (text, path, (gssize)bytes);
    path += bytes;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
