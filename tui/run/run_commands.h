/* run_commands.h: the commands of a plan as they stand in the box where they are confirmed:
 * each one whole (wrap.h), and by pages where there is no room for all. Pure. */
#ifndef HANDRAIL_TUI_RUN_COMMANDS_H
#define HANDRAIL_TUI_RUN_COMMANDS_H

#include "tui/widgets/canvas.h"

typedef struct RunCommands RunCommands;

RunCommands *run_commands_new (void);
void run_commands_free (RunCommands *commands);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunCommands, run_commands_free)

/* One more, as run_words_command() writes it. */
void run_commands_add (RunCommands *commands, const char *command);

/* Breaks them for so many columns; gives the rows that all of them take. `*least`: the rows
 * with which the longest one can be read whole at once. */
int run_commands_break (RunCommands *commands, int columns, int *least);

/* Makes pages of so many rows, the last of which says how to see the others, and opens the one
 * with this line of all lines. */
void run_commands_page (RunCommands *commands, int rows, guint line);

/* Lines with which the pages before and after that one are opened, its own where there is
 * none; FALSE: all stands on one page. */
gboolean run_commands_turns (const RunCommands *commands, guint *up, guint *down);

/* Whether the page is the last one: who got there has seen all of them. */
gboolean run_commands_at_end (const RunCommands *commands);

/* Draws the page into an area as wide and high as said. */
void run_commands_draw (const RunCommands *commands, Canvas *canvas, Area area);

#endif
