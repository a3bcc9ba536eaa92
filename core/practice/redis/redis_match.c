#include "core/practice/redis/redis_inside.h"

static char
folded (char c, gboolean fold)
{
  return fold ? g_ascii_tolower (c) : c;
}

/* From behind "[" to behind "]"; *is: whether `c` is one of those between. */
static const char *
match_set (const char *set, char c, gboolean fold, gboolean *is)
{
  gboolean but = *set == '^', found = FALSE;
  set += but ? 1 : 0;
  for (; *set && *set != ']'; set++) {
    if (*set == '\\' && set[1])
      set++;
    char low = folded (*set, fold), high = low;
    if (set[1] == '-' && set[2] && set[2] != ']') {
      high = folded (set[2], fold);
      set += 2;
    }
    found = found || (MIN (low, high) <= c && c <= MAX (low, high));
  }
  *is = found != but;
  return *set ? set + 1 : set;
}

/* One character, which is there, against the pattern, which is no star: what follows in the
 * pattern, or NULL if it is another. */
static const char *
match_one (const char *pattern, char text, gboolean fold)
{
  char c = folded (text, fold);
  gboolean is;
  if (*pattern == '[') {
    pattern = match_set (pattern + 1, c, fold, &is);
    return is ? pattern : NULL;
  }
  if (*pattern == '?')
    return pattern + 1;
  if (*pattern == '\\' && pattern[1])
    pattern++;
  return *pattern && folded (*pattern, fold) == c ? pattern + 1 : NULL;
}

/* Where it does not go on, the last star takes one character more: no other one has to be
 * tried again, so that no pattern takes long. */
gboolean
redis_match (const char *pattern, const char *text, gboolean fold)
{
  const char *star = NULL, *taken = NULL;
  while (*text) {
    if (*pattern == '*') {
      star = ++pattern;
      taken = text;
      continue;
    }
    const char *next = match_one (pattern, *text, fold);
    if (!next && !star)
      return FALSE;
    text = next ? text + 1 : ++taken;
    pattern = next ? next : star;
  }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}
