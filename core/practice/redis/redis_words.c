#include "core/practice/redis/redis_words.h"

#include <string.h>

typedef struct {
  const char *at, *end;
} Line;

static void
word_free (void *word)
{
  g_string_free (word, TRUE);
}

GPtrArray *
redis_words_new (void)
{
  return g_ptr_array_new_with_free_func (word_free);
}

/* '\0' behind the end; a NUL within the line is white space too. */
static char
peek (const Line *line, gsize ahead)
{
  return ahead < (gsize)(line->end - line->at) ? line->at[ahead] : '\0';
}

static gboolean
is_space (char c)
{
  return c == '\0' || g_ascii_isspace (c);
}

/* Behind the backslash of a word in double quotes. */
static char
take_escape (Line *line)
{
  static const char letters[] = "nrtba", meanings[] = "\n\r\t\b\a";
  char c = peek (line, 0);
  if (c == 'x' && g_ascii_isxdigit (peek (line, 1)) &&
      g_ascii_isxdigit (peek (line, 2))) {
    int byte = g_ascii_xdigit_value (peek (line, 1)) * 16 +
               g_ascii_xdigit_value (peek (line, 2));
    line->at += 3;
    return (char)byte;
  }
  line->at++;
  const char *letter = c ? strchr (letters, c) : NULL;
  return letter ? meanings[letter - letters] : c;
}

/* From behind the opening quote to behind the closing one, where the word has to end. */
static gboolean
take_quoted (Line *line, char quote, GString *word)
{
  while (line->at < line->end) {
    char c = *line->at++;
    if (c == quote)
      return line->at == line->end || is_space (*line->at);
    if (c == '\\' && line->at < line->end && quote == '"')
      c = take_escape (line);
    else if (c == '\\' && peek (line, 0) == '\'')
      c = *line->at++;
    g_string_append_c (word, c);
  }
  return FALSE;
}

static gboolean
take_word (Line *line, GString *word)
{
  while (line->at < line->end && !is_space (*line->at)) {
    char c = *line->at++;
    if (c == '"' || c == '\'')
      return take_quoted (line, c, word);
    g_string_append_c (word, c);
  }
  return TRUE;
}

GPtrArray *
redis_words_split (const char *text, gsize length)
{
  g_autoptr (GPtrArray) words = redis_words_new ();
  Line line = { text, text + length };
  for (;;) {
    while (line.at < line.end && is_space (*line.at))
      line.at++;
    if (line.at == line.end)
      return g_steal_pointer (&words);
    GString *word = g_string_new (NULL);
    g_ptr_array_add (words, word);
    if (!take_word (&line, word))
      return NULL;
  }
}

gboolean
redis_words_integer (const char *text, gsize length, gint64 *number)
{
  g_autofree char *copy = g_strndup (text, length);
  const char *digits = copy[0] == '-' ? copy + 1 : copy;
  gboolean plain = strlen (copy) == length && *digits &&
                   strspn (digits, "0123456789") == strlen (digits) &&
                   (digits[0] != '0' || length == 1);
  return plain &&
         g_ascii_string_to_signed (copy, 10, G_MININT64, G_MAXINT64, number, NULL);
}
