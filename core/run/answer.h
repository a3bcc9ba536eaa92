/* answer.h: what an answer over HTTP says of itself, where it is JSON. Pure; `body` is
 * that of a REQUEST_HTTP reading (reading.h). Texts are newly allocated, and as they
 * came: not made printable. */
#ifndef HANDRAIL_RUN_ANSWER_H
#define HANDRAIL_RUN_ANSWER_H

#include <jansson.h>

#include "core/run/reading.h"

/* A version is a word, not a text. */
#define ANSWER_VERSION_CHARACTERS_MAX 64

/* How often a health address is looked at, and how long that may take. */
#define ANSWER_HEALTH_INTERVAL_US (5 * G_USEC_PER_SEC)
#define ANSWER_HEALTH_LIMIT_US (10 * G_USEC_PER_SEC)

/* The JSON object that was answered (a new reference), or NULL with *why not, as what
 * follows the name of who answered: "answers 502 with what is no JSON object". */
json_t *answer_object (const json_t *body, char **why);

/* The member at `path` as text: a string as it is, anything else as JSON writes it. A
 * path is a member's name, or names with dots between: "redis.connected". NULL: there
 * is none. */
char *answer_member (const json_t *object, const char *path);

/* What the member at `path` holds, flattened: "redis: connection refused, db: down".
 * What is empty, null or false in it says nothing; NULL if all of it does. */
char *answer_reason (const json_t *object, const char *path);

/* The member `version`, made printable; NULL with *why not, as above. */
char *answer_version (const json_t *body, char **why);

#endif
