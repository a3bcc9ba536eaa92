/* clean.h: the bytes of a file as characters that YAML knows. Pure. */
#ifndef HANDRAIL_BASE_CLEAN_H
#define HANDRAIL_BASE_CLEAN_H

#include "core/base/problem.h"

/* The text with what YAML cannot read (bytes that are no UTF-8, NUL, control characters)
 * named and replaced by U+FFFD; newly allocated. NULL if it is good as it is, as nearly
 * every text is. A stretch of such bytes is named once. `file` is interned. */
GString *clean_text (const char *file, const char *bytes, gsize length,
                     Problems *problems);

#endif
