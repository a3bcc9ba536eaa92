/* run_panel_parts.h: what run_panel.c and run_panel_draw.c share. */
#ifndef HANDRAIL_TUI_RUN_PANEL_PARTS_H
#define HANDRAIL_TUI_RUN_PANEL_PARTS_H

#include "tui/run/run_commands.h"
#include "tui/run/run_panel.h"

/* What goes first where there is too little room, the last one here; needed never. */
enum { NEEDED = 0, ABOUT, HOLDS, MEANS, AIR };

typedef enum {
  ROW_TEXT,
  ROW_PATH, /* a text with a path, of which nothing is cut */
  ROW_COMMANDS,
  ROW_FIELD,
  ROW_WORDS,
  ROW_MENU
} RowType;

typedef struct {
  RowType type;
  int drop;    /* see above */
  char *label; /* at the left, or NULL */
  char *text;
  Role role;
  Mark mark; /* before the text */
  int rows;  /* as it is drawn; 0: left out */
} Row;

struct RunPanel {
  const RunModel *model;
  const RunField *field;
  GPtrArray *rows;  /* Row * */
  GPtrArray *words; /* RunWord *, or NULL */
  RunCommands *commands; /* or NULL */
  int commands_least;    /* rows in which each can be read whole */
};

#endif
