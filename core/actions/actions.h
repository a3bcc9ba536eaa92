/* actions.h: the kinds of action there are. Pure.
 *
 * One file each; the settings are what a kind's table of fields fills. */
#ifndef HANDRAIL_ACTIONS_ACTIONS_H
#define HANDRAIL_ACTIONS_ACTIONS_H

#include "core/run/kind.h"

extern const KindSpec *const action_kinds[]; /* NULL-terminated, later ones too */

extern const ActionKind action_scale;
extern const ActionKind action_restart;
extern const ActionKind action_run;
extern const ActionKind action_quiet;
extern const ActionKind action_redis_save;

/* A service followed by `end`, always NULL, is a list of one for spec.services. */
typedef struct {
  char *service;
  char *end;
  Amount to;
  gint64 by;       /* or FIELD_UNSET */
  gint64 grace_us; /* or FIELD_UNSET: the platform's own */
} ActionScaleSettings;

typedef struct {
  char *service;
  char *end;
} ActionRestartSettings;

typedef struct {
  GStrv argv;
  char *directory; /* or NULL */
} ActionRunSettings;

typedef struct {
  char *service;
  char *end;
} ActionQuietSettings;

typedef struct {
  int server; /* of the site's sections: 0: redis, 1: redis-new */
} ActionRedisSaveSettings;

#endif
