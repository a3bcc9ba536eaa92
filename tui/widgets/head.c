#include "tui/home/head.h"

#include "core/runbook/runbook.h"

#define BANNER " PRODUCTION "

Role
head_frame (gboolean production)
{
  return production ? ROLE_PRODUCTION_FRAME : ROLE_FRAME;
}

int
head_draw_banner (Canvas *canvas, Area line, int x)
{
  x -= canvas_columns (BANNER);
  canvas_text (canvas, line, x, 0, ROLE_PRODUCTION, BANNER);
  return x;
}

void
head_draw (Canvas *canvas, Area *area, const Head *head)
{
  Area lines = area_take_top (area, 2);
  Area line = area_inside (lines, 1, 0, 1, 1);
  int x = line.width;
  if (head->right) {
    int columns = MIN (canvas_columns (head->right), line.width / 2);
    x -= columns;
    canvas_middle (canvas, line, x, 0, columns, ROLE_DIM, head->right);
    x -= 2;
  }
  if (head->production)
    x = head_draw_banner (canvas, line, x) - 2;
  canvas_middle (canvas, line, 0, 0, MAX (x, 0), ROLE_TITLE, head->title);
  canvas_horizontal (canvas, lines, 0, 1, lines.width, head_frame (head->production));
}

/* What of the platform's settings names the place: words and texts, no paths. */
static void
add_place (GString *target, const Clause *platform)
{
  gboolean first = TRUE;
  for (const Field *field = platform->kind->fields; field && field->name; field++) {
    const char *text =
        *(char *const *)(const void *)((const char *)platform->settings + field->offset);
    gboolean names = field->type == FIELD_WORD || field->flags & FIELD_REQUIRED;
    if (field->type > FIELD_HOST || !names || !text)
      continue;
    g_string_append_printf (target, "%s%s", first ? " " : "/", text);
    first = FALSE;
  }
}

char *
head_place_words (const Site *site)
{
  GString *words = g_string_new (site_platform (site));
  if (site->platform->settings)
    add_place (words, site->platform);
  return g_string_free (words, FALSE);
}

char *
head_site_words (const Site *site)
{
  g_autofree char *place = head_place_words (site);
  return g_strdup_printf ("%s · %s", site->name, place);
}
