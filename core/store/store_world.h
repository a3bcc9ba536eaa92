/* store_world.h: speaking to the process that plays a simulated deployment.
 *
 * It listens on FOLDER/control, and takes one JSON object a connection. Who listens there is
 * not believed but looked at: both programs speak to it through here. */
#ifndef HANDRAIL_STORE_STORE_WORLD_H
#define HANDRAIL_STORE_STORE_WORLD_H

#include <jansson.h>
#include <sys/types.h>

#include "core/store/store.h"

/* A line to it, and *pid (may be NULL) is its process; or -1: nobody listens, or what is there
 * was not made by us. Folder and socket must be our own and no links, the process of our user. */
int store_world_connect (const char *folder, pid_t *pid);

/* Says one thing, an object that is taken over, and gives the first line of the answer once
 * the other end has closed, or has had ten seconds; NULL: there was none. Closes `line`, which
 * may be -1. */
json_t *store_world_ask (int line, json_t *message);

#endif
