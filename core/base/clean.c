#include "core/base/clean.h"

#include <string.h>

static gboolean
is_yaml_character (gunichar c)
{
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x7e) || c == 0x85 ||
         (c >= 0xa0 && c <= 0xfffd && c != 0xfeff) || (c >= 0x10000 && c <= 0x10ffff);
}

/* What stands at `at`: its length in bytes, and why it cannot stay (or NULL). */
static gsize
inspect (const char *at, gsize left, const char **wrong)
{
  gunichar c = g_utf8_get_char_validated (at, (gssize)left);
  *wrong = NULL;
  if (*at == '\0') {
    *wrong = "a NUL byte";
    return 1;
  }
  if (c == (gunichar)-1 || c == (gunichar)-2) {
    *wrong = "a byte that is not UTF-8";
    return 1;
  }
  if (!is_yaml_character (c))
    *wrong = "a control character";
  return (gsize)g_unichar_to_utf8 (c, NULL);
}

GString *
clean_text (const char *file, const char *bytes, gsize length, Problems *problems)
{
  GString *text = NULL;
  Place place = { file, 1, 1 };
  const char *before = NULL;
  gsize at = 0, copied = 0;
  while (at < length) {
    const char *wrong = NULL;
    gsize plain = at;
    while (plain < length && bytes[plain] >= 0x20 && bytes[plain] < 0x7f)
      plain++;
    if (plain > at) { /* nearly all of every file */
      place.column += (guint)(plain - at);
      at = plain;
      before = NULL;
      continue;
    }
    gsize size = inspect (bytes + at, length - at, &wrong);
    if (wrong && wrong != before)
      problems_add (problems, place,
                    "there is %s here; remove it, and save the file as UTF-8", wrong);
    if (wrong) {
      text = text ? text : g_string_new (NULL);
      g_string_append_len (text, bytes + copied, (gssize)(at - copied));
      g_string_append (text, "\357\277\275");
      copied = at + size;
    }
    before = wrong;
    place.column++;
    if (bytes[at] == '\n') {
      place.line++;
      place.column = 1;
    }
    at += size;
  }
  if (text)
    g_string_append_len (text, bytes + copied, (gssize)(length - copied));
  return text;
}
