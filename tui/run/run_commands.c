#include "tui/run/run_commands.h"

#include <string.h>

#include "core/base/text.h"

#define PROMPT "$ "
#define INDENT "    "  /* of what is broken off */
#define GOES_ON " \\"  /* ends a line of which the blank is left out */
#define COLUMNS_MIN 12 /* that are broken for; an area that is narrower is cut */

struct RunCommands {
  GPtrArray *commands; /* char * */
  GPtrArray *lines;    /* char *: of all of them, as they stand */
  GArray *starts;      /* guint: the line that each of them begins at, and the end */
  GArray *pages;       /* guint: the line that each page begins at, and the end */
  guint page;          /* that is open */
};

RunCommands *
run_commands_new (void)
{
  RunCommands *commands = g_new0 (RunCommands, 1);
  commands->commands = g_ptr_array_new_with_free_func (g_free);
  commands->lines = g_ptr_array_new_with_free_func (g_free);
  commands->starts = g_array_new (FALSE, FALSE, sizeof (guint));
  commands->pages = g_array_new (FALSE, FALSE, sizeof (guint));
  return commands;
}

void
run_commands_free (RunCommands *commands)
{
  if (!commands)
    return;
  g_ptr_array_unref (commands->commands);
  g_ptr_array_unref (commands->lines);
  g_array_unref (commands->starts);
  g_array_unref (commands->pages);
  g_free (commands);
}

void
run_commands_add (RunCommands *commands, const char *command)
{
  g_ptr_array_add (commands->commands, text_printable (command, -1));
}

/* ---- breaking -------------------------------------------------------------------- */

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

static void
break_command (GPtrArray *lines, const char *command, int columns)
{
  g_autoptr (GString) line = g_string_new (PROMPT);
  Filling filling = { lines, line, MAX (columns, COLUMNS_MIN), FALSE };
  while (*command) {
    gsize length = word_bytes (command);
    gboolean more = command[length] == ' ';
    add_word (&filling, command, length, more);
    command += length + (more ? 1 : 0);
  }
  g_ptr_array_add (lines, g_strdup (line->str));
}

int
run_commands_break (RunCommands *commands, int columns, int *least)
{
  guint longest = 0;
  g_ptr_array_set_size (commands->lines, 0);
  g_array_set_size (commands->starts, 0);
  for (guint i = 0; i < commands->commands->len; i++) {
    guint start = commands->lines->len;
    g_array_append_val (commands->starts, start);
    break_command (commands->lines, g_ptr_array_index (commands->commands, i), columns);
    longest = MAX (longest, commands->lines->len - start);
  }
  g_array_append_val (commands->starts, commands->lines->len);
  *least = (int)longest + (commands->commands->len > 1 ? 1 : 0);
  return (int)commands->lines->len;
}

/* ---- pages ----------------------------------------------------------------------- */

/* The command that a line belongs to. */
static guint
command_at (const RunCommands *commands, guint line)
{
  guint command = 0;
  while (command + 1 < commands->commands->len &&
         g_array_index (commands->starts, guint, command + 1) <= line)
    command++;
  return command;
}

/* Where a page that begins at a line ends: a command that would be cut begins the next one,
 * unless it fills a page by itself. */
static guint
page_end (const RunCommands *commands, guint begin, guint rows)
{
  if (begin + rows >= commands->lines->len)
    return commands->lines->len;
  guint cut =
      g_array_index (commands->starts, guint, command_at (commands, begin + rows));
  return cut > begin ? cut : begin + rows;
}

static guint
page_begin (const RunCommands *commands, guint page)
{
  return g_array_index (commands->pages, guint, page);
}

void
run_commands_page (RunCommands *commands, int rows, guint line)
{
  guint lines = commands->lines->len;
  guint filled = rows >= (int)lines ? MAX (lines, 1) : (guint)MAX (rows - 1, 1);
  g_array_set_size (commands->pages, 0);
  for (guint at = 0; at < lines; at = page_end (commands, at, filled))
    g_array_append_val (commands->pages, at);
  g_array_append_val (commands->pages, lines);
  commands->page = 0;
  while (commands->page + 2 < commands->pages->len &&
         page_begin (commands, commands->page + 1) <= line)
    commands->page++;
}

gboolean
run_commands_turns (const RunCommands *commands, guint *up, guint *down)
{
  guint last = MAX (commands->pages->len, 2) - 2, page = commands->page;
  if (last == 0)
    return FALSE;
  *up = page_begin (commands, page > 0 ? page - 1 : 0);
  *down = page_begin (commands, MIN (page + 1, last));
  return TRUE;
}

/* "commands 1 to 2 of 4; PgDn: the rest" */
static char *
page_words (const RunCommands *commands, guint begin, guint end)
{
  guint count = commands->commands->len, lines = commands->lines->len;
  guint first = command_at (commands, begin), last = command_at (commands, end - 1);
  gboolean whole = g_array_index (commands->starts, guint, first) == begin &&
                   g_array_index (commands->starts, guint, last + 1) == end;
  g_autofree char *what =
      first < last
          ? g_strdup_printf ("commands %u to %u of %u", first + 1, last + 1, count)
      : whole ? g_strdup_printf ("command %u of %u", first + 1, count)
              : g_strdup_printf ("part of command %u of %u", first + 1, count);
  return g_strconcat (what,
                      begin == 0    ? "; PgDn: the rest"
                      : end < lines ? "; PgUp, PgDn: the rest"
                                    : "; PgUp: the rest",
                      NULL);
}

void
run_commands_draw (const RunCommands *commands, Canvas *canvas, Area area)
{
  if (commands->lines->len == 0)
    return;
  guint begin = page_begin (commands, commands->page);
  guint end = page_begin (commands, commands->page + 1);
  for (guint i = begin; i < end; i++)
    canvas_text (canvas, area, 0, (int)(i - begin), ROLE_COMMAND,
                 g_ptr_array_index (commands->lines, i));
  if (end - begin == commands->lines->len)
    return;
  g_autofree char *words = page_words (commands, begin, end);
  canvas_text (canvas, area, 0, area.height - 1, ROLE_WAITING, words);
}

/* ---- paths ----------------------------------------------------------------------- */

char *
run_commands_path (const char *line, int columns)
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
