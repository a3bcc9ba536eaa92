/* redis_findings.h: what a Redis says of itself, and what of that will be in the way of a
 * maintenance. Pure. */
#ifndef HANDRAIL_TUI_REDIS_FINDINGS_H
#define HANDRAIL_TUI_REDIS_FINDINGS_H

#include <glib.h>
#include <jansson.h>

/* "7.0.15, master, 2 workers report to it, keeps its data: append-only file", of the body
 * of REQUEST_REDIS (run/reading.h). Newly allocated. */
char *redis_findings_summary (const json_t *body);

typedef struct {
  gboolean fails;     /* else it is only to be known */
  const char *what;   /* what is wrong */
  const char *remedy; /* what to do */
} RedisFinding;

/* Puts those that hold into `found` and returns how many; texts are constants. `in_use`:
 * workers should be there, unlike at a Redis that is to be changed to. */
#define REDIS_FINDINGS_MAX 8
guint redis_findings (const json_t *body, gboolean in_use,
                      RedisFinding found[REDIS_FINDINGS_MAX]);

#endif
