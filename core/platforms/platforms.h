/* platforms.h: the kinds of platform there are. Pure.
 *
 * One file each; the settings are what `platform: {KIND: …}` of a site holds. */
#ifndef HANDRAIL_PLATFORMS_PLATFORMS_H
#define HANDRAIL_PLATFORMS_PLATFORMS_H

#include "core/run/kind.h"

extern const KindSpec *const platform_kinds[]; /* NULL-terminated, later ones too */

extern const PlatformKind platform_compose;

typedef struct {
  char *project;
  char *directory; /* or NULL: the one that the containers name */
  char *engine;    /* unix:///…, tcp://…, ssh://…; or NULL: docker's own choice */
} PlatformComposeSettings;

#endif
