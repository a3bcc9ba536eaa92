/* refusal.h: why a run does not begin or go on, as it is told to whoever started the
 * runner: {"refused": sentence, "status": 1|2|3, …}. */
#ifndef HANDRAIL_RUNNER_REFUSAL_H
#define HANDRAIL_RUNNER_REFUSAL_H

#include <glib.h>
#include <jansson.h>

/* Status as of handrail itself (DESIGN section 13). */
#define REFUSED_FAILED 1
#define REFUSED_USAGE 2
#define REFUSED_RULE 3

json_t *refusal_new (int status, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Adds a member: a text, or a list of texts (char *). */
void refusal_add_text (json_t *refusal, const char *member, const char *text);
void refusal_add_list (json_t *refusal, const char *member, const GPtrArray *texts);

#endif
