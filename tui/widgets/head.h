/* head.h: the first lines of a screen: what it shows, where, and whether that is production.
 * Pure. */
#ifndef HANDRAIL_TUI_HEAD_H
#define HANDRAIL_TUI_HEAD_H

#include "tui/widgets/canvas.h"

typedef enum {
  HEAD_USUAL,
  HEAD_PRODUCTION, /* with its banner, and red lines */
  HEAD_PRACTICE,
} HeadStake;

/* What stands at the right of the first line. */
typedef struct {
  const char *text; /* "prod · compose tines"; or NULL */
  const char *brief; /* "prod", where that has no room; NULL: it is cut */
  HeadStake stake;
  const char *banner; /* " PRACTICE ×10 "; NULL: the one of the stake */
  Role role;
} HeadPlace;

typedef struct {
  const char *title;
  HeadPlace place;
  const char *about; /* a second line; NULL: none */
  Role about_role;
  const char *now; /* at its right end: how it stands; or NULL */
  Role now_role;
} Head;

/* Takes the head off the top of `area`, a line between included, and draws it. */
void head_draw (Canvas *canvas, Area *area, const Head *head);

/* The role of lines between parts. */
Role head_frame (HeadStake stake);

/* Draws a place that ends at column x, with its banner before it, and cuts it so that
 * `kept` columns stay free before that. Returns where it begins. */
int head_draw_place (Canvas *canvas, Area line, int x, const HeadPlace *place, int kept);

/* " PRODUCTION " or " PRACTICE ", from column x on; nothing where it is the usual. Returns
 * where it ends, a gap included. */
int head_draw_banner (Canvas *canvas, Area line, int x, HeadStake stake);
int head_banner_columns (HeadStake stake);

#endif
