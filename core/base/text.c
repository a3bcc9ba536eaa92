#include "core/base/text.h"

#include <string.h>

/* A longer word is no misspelling of a key or a name. */
#define NEAREST_CHARACTERS_MAX 64
#define NEAREST_DISTANCE_MAX 2

typedef struct {
  gunichar first;
  gunichar last;
} Range;

/* What a terminal shows as nothing at all, beside the format characters. */
static const Range invisible[] = {
  { 0x034F, 0x034F },   /* combining grapheme joiner */
  { 0x115F, 0x1160 },   /* Hangul fillers */
  { 0x17B4, 0x17B5 },   /* Khmer inherent vowels */
  { 0x180B, 0x180F },   /* Mongolian variation selectors and vowel separator */
  { 0x3164, 0x3164 },   /* Hangul filler */
  { 0xFFA0, 0xFFA0 },   /* halfwidth Hangul filler */
  { 0xE0000, 0xE0FFF }, /* tags (invisible copies of ASCII), variation selectors */
};

/* Whether a terminal would obey it, or show it as something other than it is:
 * controls, bidirectional marks and overrides, what has no width, separators of
 * lines. The selectors that follow a symbol (U+FE0E, U+FE0F) only choose its
 * looks and stay. */
static gboolean
is_printable (gunichar character)
{
  switch ((int)g_unichar_type (character)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
    return FALSE;
  default:
    break;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (invisible); i++)
    if (character >= invisible[i].first && character <= invisible[i].last)
      return FALSE;
  return TRUE;
}

static void
append_escaped (GString *out, gunichar character)
{
  if (character == '\n')
    g_string_append (out, "\\n");
  else if (character == '\t')
    g_string_append (out, "\\t");
  else if (character < 0x80)
    g_string_append_printf (out, "\\x%02X", character);
  else
    g_string_append_printf (out, "\\u{%04X}", character);
}

/* Appends the character at `at`, of which `left` bytes are there; returns how many
 * bytes it was made of. */
static gsize
append_character (GString *out, const char *at, gsize left)
{
  guint8 byte = (guint8)*at;
  if (byte < 0x80) {
    if (byte >= 0x20 && byte < 0x7F)
      g_string_append_c (out, *at);
    else
      append_escaped (out, byte);
    return 1;
  }
  gunichar character = g_utf8_get_char_validated (at, (gssize)left);
  if (character >= (gunichar)-2) {
    g_string_append_printf (out, "\\x%02X", byte);
    return 1;
  }
  gsize length = (gsize)(g_utf8_next_char (at) - at);
  if (is_printable (character))
    g_string_append_len (out, at, (gssize)length);
  else
    append_escaped (out, character);
  return length;
}

/* How many bytes from here on are printable ASCII, which most text is. */
static gsize
length_of_plain (const char *bytes, gsize left)
{
  gsize length = 0;
  while (length < left && bytes[length] >= ' ' && bytes[length] <= '~')
    length++;
  return length;
}

static char *
make_printable (const char *bytes, gssize length, gboolean lines)
{
  gsize left = length < 0 ? strlen (bytes) : (gsize)length;
  GString *out = g_string_sized_new (left);
  while (left > 0) {
    gsize used = length_of_plain (bytes, left);
    if (used > 0)
      g_string_append_len (out, bytes, (gssize)used);
    else if (lines && bytes[0] == '\n')
      g_string_append_c (out, '\n');
    else if (!(lines && left > 1 && bytes[0] == '\r' && bytes[1] == '\n'))
      used = append_character (out, bytes, left);
    used = MAX (used, 1);
    bytes += used;
    left -= used;
  }
  return g_string_free (out, FALSE);
}

char *
text_printable (const char *bytes, gssize length)
{
  return make_printable (bytes, length, FALSE);
}

char *
text_printable_lines (const char *bytes, gssize length)
{
  return make_printable (bytes, length, TRUE);
}

void
text_keep_end (GString *text, const char *lines, gsize bytes_max)
{
  g_string_append (text, lines);
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
  if (text->len <= bytes_max)
    return;
  const char *line = strchr (text->str + text->len - bytes_max / 2, '\n');
  if (line)
    g_string_erase (text, 0, (gssize)(line + 1 - text->str));
}

char *
text_cut_middle (const char *text, guint characters)
{
  glong length = g_utf8_strlen (text, -1);
  glong kept = (glong)MAX (characters, 3) - 1;
  if (length <= kept + 1)
    return g_strdup (text);
  const char *head_end = g_utf8_offset_to_pointer (text, kept - kept / 2);
  const char *tail = g_utf8_offset_to_pointer (text, length - kept / 2);
  return g_strdup_printf ("%.*s…%s", (int)(head_end - text), text, tail);
}

/* Edit distance in which swapping two neighbours is one edit. */
static guint
edit_distance (const gunichar *a, glong a_length, const gunichar *b, glong b_length)
{
  guint rows[3][NEAREST_CHARACTERS_MAX + NEAREST_DISTANCE_MAX + 1];
  guint *before = rows[0], *above = rows[1], *row = rows[2];
  for (glong j = 0; j <= b_length; j++)
    above[j] = (guint)j;
  for (glong i = 1; i <= a_length; i++) {
    row[0] = (guint)i;
    for (glong j = 1; j <= b_length; j++) {
      guint replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = MIN (replaced, MIN (above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = MIN (row[j], before[j - 2] + 1);
    }
    guint *free_row = before;
    before = above;
    above = row;
    row = free_row;
  }
  return above[b_length];
}

const char *
text_nearest (const char *word, const char *const *candidates)
{
  glong length = 0;
  g_autofree gunichar *wanted = g_utf8_to_ucs4 (word, -1, NULL, &length, NULL);
  if (!wanted || length > NEAREST_CHARACTERS_MAX)
    return NULL;
  const char *nearest = NULL;
  guint limit = NEAREST_DISTANCE_MAX;
  for (; *candidates; candidates++) {
    glong other_length = 0;
    g_autofree gunichar *other =
        g_utf8_to_ucs4 (*candidates, -1, NULL, &other_length, NULL);
    if (!other || ABS (other_length - length) > NEAREST_DISTANCE_MAX)
      continue;
    guint distance = edit_distance (wanted, length, other, other_length);
    gboolean nearer = nearest ? distance < limit : distance <= limit;
    if (nearer && (distance == 0 || 2 * (glong)distance < length)) {
      nearest = *candidates;
      limit = distance;
    }
  }
  return nearest;
}

char *
text_list (const char *const *words, const char *last)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; words[i]; i++) {
    if (i > 0 && words[i + 1])
      g_string_append (out, ", ");
    else if (i > 0)
      g_string_append_printf (out, " %s ", last);
    g_string_append (out, words[i]);
  }
  return g_string_free (out, FALSE);
}

/* POSIX shell: these characters mean themselves anywhere in a word. */
static gboolean
needs_quotes (const char *argument, gboolean is_program)
{
  if (!*argument)
    return TRUE;
  for (const char *at = argument; *at; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);
    gboolean plain = g_unichar_isalnum (character) ||
                     (character < 0x80 && strchr ("@%+=:,./_-", (int)character));
    if (!plain || (is_program && character == '='))
      return TRUE;
  }
  return FALSE;
}

/* Whether it stands for itself between single quotes: it is what it looks like, and
 * no other space than the one of the keyboard. */
static gboolean
shows_itself (gunichar character)
{
  return is_printable (character) &&
         (character < 0x80 || !g_unichar_isspace (character)) &&
         !(character >= 0xFE00 && character <= 0xFE0F);
}

static gboolean
shows_wholly (const char *argument)
{
  if (!g_utf8_validate (argument, -1, NULL))
    return FALSE;
  for (const char *at = argument; *at; at = g_utf8_next_char (at))
    if (!shows_itself (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static void
append_quoted (GString *out, const char *argument)
{
  for (; *argument; argument++)
    if (*argument == '\'')
      g_string_append (out, "'\\''");
    else
      g_string_append_c (out, *argument);
}

/* One byte as $'…' reads it. */
static void
append_byte (GString *out, char byte)
{
  switch (byte) {
  case '\n':
    g_string_append (out, "\\n");
    break;
  case '\r':
    g_string_append (out, "\\r");
    break;
  case '\t':
    g_string_append (out, "\\t");
    break;
  default:
    g_string_append_printf (out, "\\x%02X", (guint)(guint8)byte);
  }
}

/* For $'…': what cannot be seen is spelt, byte by byte, so that the shell gives back
 * what the argument was. */
static void
append_spelt (GString *out, const char *argument)
{
  while (*argument) {
    gunichar character = g_utf8_get_char_validated (argument, -1);
    gboolean valid = character < (gunichar)-2;
    gsize length = valid ? (gsize)(g_utf8_next_char (argument) - argument) : 1;
    if (*argument == '\'' || *argument == '\\')
      g_string_append_printf (out, "\\%c", *argument);
    else if (valid && shows_itself (character))
      g_string_append_len (out, argument, (gssize)length);
    else
      for (gsize i = 0; i < length; i++)
        append_byte (out, argument[i]);
    argument += length;
  }
}

char *
text_inside_quotes (const char *argument, gboolean spelt)
{
  GString *out = g_string_new (NULL);
  (spelt ? append_spelt : append_quoted) (out, argument);
  return g_string_free (out, FALSE);
}

static void
append_argument (GString *out, const char *argument, gboolean is_program)
{
  gboolean spelt = !shows_wholly (argument);
  if (!spelt && !needs_quotes (argument, is_program)) {
    g_string_append (out, argument);
    return;
  }
  g_autofree char *inside = text_inside_quotes (argument, spelt);
  g_string_append_printf (out, "%s'%s'", spelt ? "$" : "", inside);
}

char *
text_command (const char *const *argv)
{
  GString *out = g_string_new (NULL);
  for (gsize i = 0; argv[i]; i++) {
    if (i > 0)
      g_string_append_c (out, ' ');
    append_argument (out, argv[i], i == 0);
  }
  return g_string_free (out, FALSE);
}
