#include "core/net/sidekiq_job.h"

#include <math.h>
#include <string.h>

/* A number of more characters is no time. */
#define NUMBER_CHARACTERS_MAX 40
/* The year 5138: what is later is no time either. */
#define SECONDS_MAX 1e11

#define MEMBER "\"enqueued_at\""

/* Behind the string that begins at `at`, or NULL if it does not end. */
static const char *
skip_string (const char *at, const char *end)
{
  const char *from = at + 1;
  for (;;) {
    const char *quote = memchr (from, '"', (gsize)(end - from));
    if (!quote)
      return NULL;
    const char *slash = quote;
    while (slash > at + 1 && slash[-1] == '\\')
      slash--;
    if ((quote - slash) % 2 == 0)
      return quote + 1;
    from = quote + 1;
  }
}

static const char *
skip_space (const char *at, const char *end)
{
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
    at++;
  return at;
}

/* The value that begins at `at`, if it is a time. */
static gboolean
read_time (const char *at, const char *end, double *seconds)
{
  char number[NUMBER_CHARACTERS_MAX + 1];
  gsize length = 0;
  gboolean whole = TRUE;
  while (at < end && length < NUMBER_CHARACTERS_MAX &&
         (g_ascii_isdigit (*at) || strchr ("+-.eE", *at)) && *at) {
    whole = whole && (g_ascii_isdigit (*at) || *at == '-');
    number[length++] = *at++;
  }
  number[length] = '\0';
  char *rest;
  double value = g_ascii_strtod (number, &rest);
  if (length == 0 || *rest || !isfinite (value))
    return FALSE;
  if (whole)
    value /= 1000;
  if (value < 0 || value > SECONDS_MAX)
    return FALSE;
  *seconds = value;
  return TRUE;
}

/* `from` to `to` is a string; whether it names the member, whose value is then at
 * *value. */
static gboolean
names_member (const char *from, const char *to, const char *end, const char **value)
{
  gsize length = strlen (MEMBER);
  if ((gsize)(to - from) != length || memcmp (from, MEMBER, length) != 0)
    return FALSE;
  const char *colon = skip_space (to, end);
  if (colon == end || *colon != ':')
    return FALSE;
  *value = skip_space (colon + 1, end);
  return TRUE;
}

gboolean
sidekiq_job_enqueued_at (const char *json, gsize length, double *seconds)
{
  const char *end = json + length, *at = skip_space (json, end), *value;
  guint depth = 0;
  gboolean found = FALSE;
  if (at == end || *at != '{')
    return FALSE;
  while (at < end) {
    if (*at == '"') {
      const char *next = skip_string (at, end);
      if (!next)
        return found;
      if (depth == 1 && names_member (at, next, end, &value))
        found = read_time (value, end, seconds);
      at = next;
      continue;
    }
    if (*at == '{' || *at == '[')
      depth++;
    else if ((*at == '}' || *at == ']') && --depth == 0)
      return found;
    at++;
  }
  return found;
}
