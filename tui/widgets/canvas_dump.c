/* A canvas as text (canvas.h). */
#include "tui/widgets/canvas.h"

static void
trim (GString *out, gsize from)
{
  while (out->len > from && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

char *
canvas_dump (const Canvas *canvas)
{
  Area area = canvas_area (canvas);
  GString *out = g_string_new (NULL);
  for (int y = 0; y < area.height; y++) {
    gsize from = out->len;
    for (int x = 0; x < area.width; x++)
      g_string_append (out, canvas_cell (canvas, x, y)->text);
    trim (out, from);
  }
  return g_string_free (out, FALSE);
}

char *
canvas_dump_roles (const Canvas *canvas)
{
  gboolean used[ROLES] = { FALSE };
  Area area = canvas_area (canvas);
  GString *out = g_string_new (NULL);
  for (int y = 0; y < area.height; y++) {
    gsize from = out->len;
    for (int x = 0; x < area.width; x++) {
      guint8 role = canvas_cell (canvas, x, y)->role;
      used[role] = TRUE;
      g_string_append_c (out, role == ROLE_TEXT ? ' ' : (char)('a' + role - 1));
    }
    trim (out, from);
  }
  for (Role role = ROLE_TEXT + 1; role < ROLES; role++)
    if (used[role])
      g_string_append_printf (out, "%c %s\n", 'a' + (int)role - 1,
                              theme_role_name (role));
  return g_string_free (out, FALSE);
}
