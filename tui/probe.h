/* probe.h: asking this host and the runner short questions, each with a time limit. */
#ifndef HANDRAIL_TUI_PROBE_H
#define HANDRAIL_TUI_PROBE_H

#include <jansson.h>

#include "core/runbook/site.h"

/* What a program of this host prints, its first line, printable; NULL with *why (newly
 * allocated) when it is not there, fails, or takes longer than `limit_us`. */
char *probe_program (const char *const *argv, gint64 limit_us, char **why);

/* One look at the site's platform by the runner: the body (run/deployment.h), a new
 * reference; NULL with *why. */
json_t *probe_site (const char *site_file, GHashTable *settings, gint64 limit_us,
                    char **why);

/* The same at a Redis: the body of REQUEST_REDIS (run/reading.h). `section` of the site:
 * "redis", "redis-new". */
json_t *probe_redis (const char *site_file, GHashTable *settings, const char *section,
                     gint64 limit_us, char **why);

/* Writes a file anew so that it is either the old or the new one, with its mode kept.
 * A symbolic link is followed. */
gboolean probe_replace (const char *path, const char *text, GError **error);

#endif
