/* pattern.h: regular expressions (PCRE2 syntax, UTF-8); the one adapter of
 * pcre2. A pattern is searched for: it matches where it is found. Matching is
 * bounded, so that no pattern can hang a run. */
#ifndef HANDRAIL_BASE_PATTERN_H
#define HANDRAIL_BASE_PATTERN_H

#include <glib.h>

typedef struct Pattern Pattern;

typedef enum {
  PATTERN_ERROR_SYNTAX, /* message: what is wrong and at which character */
  PATTERN_ERROR_LIMIT,  /* the pattern is too costly on this text */
} PatternError;
#define PATTERN_ERROR (pattern_error_quark ())
GQuark pattern_error_quark (void);

Pattern *pattern_new (const char *expression, GError **error);
void pattern_free (Pattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pattern, pattern_free)

const char *pattern_expression (const Pattern *pattern);

/* Sets *found. `text` need not be valid UTF-8: invalid bytes match nothing but
 * do not stop the search. FALSE with `error` set on PATTERN_ERROR_LIMIT. */
gboolean pattern_search (const Pattern *pattern, const char *text, gsize length,
                         gboolean *found, GError **error);

#endif
