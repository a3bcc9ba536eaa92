#include "tui/widgets/escapes.h"

#include <string.h>

#include "core/base/text.h"

/* Beginnings of TERM. The title, bracketed paste and the clipboard are xterm's inventions,
 * and these follow it, or ignore what they do not know. */
static const char *const kinds[] = {
  "xterm", "tmux", "screen", "rxvt",  "alacritty", "foot",    "konsole", "vte",
  "gnome", "st",   "putty",  "kitty", "wezterm",   "contour", "ghostty", "iterm",
};

gboolean
escapes_known (const char *term)
{
  for (gsize i = 0; term && i < G_N_ELEMENTS (kinds); i++) {
    gsize length = strlen (kinds[i]);
    if (strncmp (term, kinds[i], length) == 0 && strchr ("-+", term[length]))
      return TRUE; /* strchr() finds the end too */
  }
  return FALSE;
}

const char *
escapes_stand_in (const char *term, guint index)
{
  static const struct {
    const char *begins, *ends;
    const char *names[3];
  } stand_ins[] = {
    /* Fewer colours than it has are well; more are none. */
    { "tmux", "-16color", { "tmux", "screen" } },
    { "screen", "-16color", { "screen" } },
    { "", "-16color", { "xterm" } },
    { "tmux", "", { "tmux-256color", "screen-256color", "screen" } },
    { "screen", "", { "screen-256color", "screen" } },
    { "", "", { "xterm-256color", "xterm" } },
  };
  gsize row = 0;
  if (!escapes_known (term) || index >= G_N_ELEMENTS (stand_ins[0].names))
    return NULL;
  while (!g_str_has_prefix (term, stand_ins[row].begins) ||
         !g_str_has_suffix (term, stand_ins[row].ends))
    row++;
  return stand_ins[row].names[index];
}

char *
escapes_title (const char *title, gboolean ascii)
{
  g_autofree char *printable = text_printable (title, -1);
  g_autofree char *cut = text_cut_middle (printable, ESCAPES_TITLE_CHARACTERS_MAX);
  GString *out = g_string_new ("\033]2;");
  for (const char *at = cut; *at; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);
    g_string_append_unichar (out, ascii && character >= 0x80 ? '?' : character);
  }
  g_string_append_c (out, '\a');
  return g_string_free (out, FALSE);
}

char *
escapes_copy (const char *text)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *)text, strlen (text));
  return g_strdup_printf ("\033]52;c;%s\a", encoded);
}

void
escapes_append (GString *out, const char *capability)
{
  for (const char *at = capability; at && *at; at++) {
    const char *end = at[0] == '$' && at[1] == '<' ? strchr (at, '>') : NULL;
    if (end)
      at = end;
    else
      g_string_append_c (out, *at);
  }
}
