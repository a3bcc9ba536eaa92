#include "tui/widgets/typing.h"

#include <string.h>
#include <wchar.h>

struct Typing {
  mbstate_t decoder;
  gboolean pasting;
  gint64 pasted_us; /* when something was pasted last */
  GString *paste;
};

Typing *
typing_new (void)
{
  Typing *typing = g_new0 (Typing, 1);
  typing->paste = g_string_new (NULL);
  return typing;
}

void
typing_free (Typing *typing)
{
  if (!typing)
    return;
  g_string_free (typing->paste, TRUE);
  g_free (typing);
}

/* The character that is whole with this byte, or 0. */
static guint32
decode (Typing *typing, char byte)
{
  wchar_t character = 0;
  size_t got = mbrtowc (&character, &byte, 1, &typing->decoder);
  if (got == (size_t)-1) /* what is no character is forgotten */
    memset (&typing->decoder, 0, sizeof typing->decoder);
  return got <= 1 && g_unichar_validate ((gunichar)character) ? (guint32)character : 0;
}

static guint32
press_of (guint32 character)
{
  switch (character) {
  case '\r':
  case '\n':
    return PRESS_ENTER;
  case '\t':
    return PRESS_TAB;
  case '\033':
    return PRESS_ESCAPE;
  case '\b':
  case 0x7f:
    return PRESS_BACKSPACE;
  default:
    return character; /* 0 is PRESS_NONE */
  }
}

guint32
typing_take (Typing *typing, char byte, gint64 now_us)
{
  gboolean pasting = typing_is_pasting (typing, now_us);
  guint32 character = decode (typing, byte);
  if (!pasting)
    return press_of (character);
  typing->pasted_us = now_us;
  if (character != 0 && typing->paste->len < TYPING_PASTE_BYTES_MAX)
    g_string_append_unichar (typing->paste, character);
  return PRESS_NONE;
}

void
typing_begin_paste (Typing *typing, gint64 now_us)
{
  typing->pasting = TRUE;
  typing->pasted_us = now_us;
  g_string_truncate (typing->paste, 0);
}

gboolean
typing_end_paste (Typing *typing)
{
  gboolean pasting = typing->pasting;
  typing->pasting = FALSE;
  return pasting;
}

gboolean
typing_is_pasting (Typing *typing, gint64 now_us)
{
  if (typing->pasting && now_us > typing->pasted_us + TYPING_PASTE_SILENCE_US)
    typing->pasting = FALSE;
  return typing->pasting;
}

const char *
typing_pasted (const Typing *typing)
{
  return typing->paste->str;
}
