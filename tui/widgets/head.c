#include "tui/widgets/head.h"

#define GAP 2

/* The title keeps so many columns if it needs them, whatever the place is called. */
#define TITLE_COLUMNS_MIN 24

static const struct {
  const char *banner;
  Role role, frame;
} stakes[] = {
  [HEAD_USUAL] = { NULL, ROLE_TEXT, ROLE_FRAME },
  [HEAD_PRODUCTION] = { " PRODUCTION ", ROLE_PRODUCTION, ROLE_PRODUCTION_FRAME },
  [HEAD_PRACTICE] = { " PRACTICE ", ROLE_PRACTICE, ROLE_FRAME },
};

Role
head_frame (HeadStake stake)
{
  return stakes[stake].frame;
}

int
head_banner_columns (HeadStake stake)
{
  const char *banner = stakes[stake].banner;
  return banner ? canvas_columns (banner) + GAP : 0;
}

int
head_draw_banner (Canvas *canvas, Area line, int x, HeadStake stake)
{
  if (stakes[stake].banner)
    canvas_text (canvas, line, x, 0, stakes[stake].role, stakes[stake].banner);
  return x + head_banner_columns (stake);
}

static const char *
banner_of (const HeadPlace *place)
{
  return place->banner ? place->banner : stakes[place->stake].banner;
}

int
head_draw_place (Canvas *canvas, Area line, int x, const HeadPlace *place, int kept)
{
  const char *words = banner_of (place);
  int banner = words ? canvas_columns (words) + GAP : 0;
  int room = MAX (x - banner - kept - GAP, 0);
  const char *text = place->text;
  if (text && place->brief && canvas_columns (text) > room)
    text = place->brief;
  int columns = text ? MIN (canvas_columns (text), room) : 0;
  x -= columns;
  if (columns > 0)
    canvas_middle (canvas, line, x, 0, columns, place->role, text);
  else if (banner > 0)
    x += GAP; /* the banner has nothing to be apart from */
  if (words)
    canvas_text (canvas, line, x - banner, 0, stakes[place->stake].role, words);
  return x - banner;
}

static void
draw_about (Canvas *canvas, Area line, const Head *head)
{
  int x = line.width;
  if (head->now)
    x = canvas_right (canvas, line, x, 0, head->now_role, head->now) - GAP;
  canvas_middle (canvas, line, 0, 0, x, head->about_role, head->about);
}

void
head_draw (Canvas *canvas, Area *area, const Head *head)
{
  Area lines = area_take_top (area, head->about ? 3 : 2);
  Area line = area_inside (lines, 1, 0, 1, 0);
  int kept = MIN (canvas_columns (head->title), TITLE_COLUMNS_MIN);
  int x = head_draw_place (canvas, line, line.width, &head->place, kept);
  canvas_middle (canvas, line, 0, 0, MAX (x - GAP, 0), ROLE_TITLE, head->title);
  if (head->about)
    draw_about (canvas, area_inside (line, 0, 1, 0, 0), head);
  canvas_horizontal (canvas, lines, 0, lines.height - 1, lines.width,
                     head_frame (head->place.stake));
}
