/* compose_read.h: what `docker info` and `docker inspect` say, as a deployment's
 * body (run/deployment.h), which for compose has one member more: "files", the
 * compose files (joined by commas) when they are not the ones that compose finds
 * by itself. Pure. */
#ifndef HANDRAIL_PLATFORMS_COMPOSE_READ_H
#define HANDRAIL_PLATFORMS_COMPOSE_READ_H

#include "core/platforms/platforms.h"

/* What `docker info` printed; NULL with `error` when no engine answered. */
json_t *compose_read_info (GBytes *output, GError **error);

/* The ids that `docker ps -q` printed, in its order; NULL with `error` when they are none
 * or too many. */
GStrv compose_read_ids (GBytes *output, GError **error);

/* From what `docker inspect` printed. */
json_t *compose_read_body (const Site *site, const json_t *info, GBytes *inspect,
                           GError **error);

/* Of a project without containers; `version` is what `docker compose version` printed:
 * where it printed none, commands are spoken to docker-compose. */
json_t *compose_read_empty (const Site *site, const json_t *info, GBytes *version);

#endif
