#include "tui/run/run_commands.h"

#include <string.h>

#include "core/base/text.h"
#include "tui/widgets/wrap.h"

#define PROMPT "$ "

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

int
run_commands_break (RunCommands *commands, int columns, int *least)
{
  guint longest = 0;
  g_ptr_array_set_size (commands->lines, 0);
  g_array_set_size (commands->starts, 0);
  for (guint i = 0; i < commands->commands->len; i++) {
    guint start = commands->lines->len;
    g_array_append_val (commands->starts, start);
    g_auto (GStrv) lines = wrap_command (g_ptr_array_index (commands->commands, i),
                                         columns - (int)strlen (PROMPT));
    for (guint j = 0; lines[j]; j++)
      g_ptr_array_add (commands->lines,
                       g_strconcat (j == 0 ? PROMPT : "  ", lines[j], NULL));
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

gboolean
run_commands_at_end (const RunCommands *commands)
{
  return commands->page + 2 >= commands->pages->len;
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
