/* redis_words.h: a line that was typed, as the words of a command. Pure. */
#ifndef HANDRAIL_PRACTICE_REDIS_WORDS_H
#define HANDRAIL_PRACTICE_REDIS_WORDS_H

#include <glib.h>

/* Words are separated by white space. In "double quotes" \n \r \t \b \a \xHH and \" are
 * what they mean in C, in 'single quotes' only \' is; a closing quote ends the word. A new
 * array of GString *; NULL: a quote is not closed, or something stands right behind one. */
GPtrArray *redis_words_split (const char *line, gsize length);

/* A new array for words, GString *, that owns them. */
GPtrArray *redis_words_new (void);

/* As Redis reads a number: digits, a minus before them, and nothing that need not be there. */
gboolean redis_words_integer (const char *text, gsize length, gint64 *number);

#endif
