/* head.h: the first lines of a screen: where one is, and whether that is production. Pure. */
#ifndef HANDRAIL_TUI_HEAD_H
#define HANDRAIL_TUI_HEAD_H

#include "core/runbook/site.h"
#include "tui/widgets/canvas.h"

typedef struct {
  const char *title;
  const char *right;   /* what stands at the right: the site, a place; or NULL */
  gboolean production; /* with its banner, and red lines */
} Head;

/* Takes the head off the top of `area`, a line between included, and draws it. */
void head_draw (Canvas *canvas, Area *area, const Head *head);

/* The role of lines between parts. */
Role head_frame (gboolean production);

/* " PRODUCTION ", drawn so that it ends at column x; returns where it begins. */
int head_draw_banner (Canvas *canvas, Area line, int x);

/* "prod · compose tines", and "compose tines" alone. Newly allocated. */
char *head_site_words (const Site *site);
char *head_place_words (const Site *site);

#endif
