/* checks.h: the kinds of check there are. Pure.
 *
 * One file each; the settings are what a kind's table of fields fills. */
#ifndef HANDRAIL_CHECKS_CHECKS_H
#define HANDRAIL_CHECKS_CHECKS_H

#include "core/run/kind.h"

extern const KindSpec *const check_kinds[]; /* NULL-terminated, later ones too */

extern const CheckKind check_service;
extern const CheckKind check_tcp;
extern const CheckKind check_command;
extern const CheckKind check_http;
extern const CheckKind check_queues;
extern const CheckKind check_redis;

typedef enum { IMAGES_ANY, IMAGES_RECORDED } CheckServiceImages;

typedef struct {
  GStrv names;
  Amount running;
  Amount ready;
  int images; /* CheckServiceImages */
} CheckServiceSettings;

typedef struct {
  char *host;
  gint64 port;
  char *address; /* instead of the two: "db:5432", "[::1]:5432" */
} CheckTcpSettings;

typedef struct {
  GStrv argv;
  gint64 status;
  Pattern *match; /* or NULL */
  gint64 every_us;
  gint64 limit_us;
} CheckCommandSettings;

typedef enum { HTTP_VERSION_ANY, HTTP_VERSION_RECORDED } CheckHttpVersion;

typedef struct {
  char *url;
  char *service;     /* instead: its health address */
  gint64 status;
  gint64 within_us;  /* or FIELD_UNSET */
  GHashTable *json;  /* path → text; or NULL */
  char *reason;      /* path; or NULL */
  int version;       /* CheckHttpVersion */
  Pattern *match;    /* or NULL */
  char *ca_file;     /* or NULL: the site's, or the system's */
  gint64 every_us;
  gint64 limit_us;
} CheckHttpSettings;

typedef enum { QUEUES_STATE_NEAR_ZERO, QUEUES_STATE_SHRINKING } CheckQueuesState;

/* How what `queues` says begins: the kind's name, as of every check. */
#define CHECK_QUEUES_SAYS "queues: "

typedef struct {
  int state; /* CheckQueuesState, or -1: any */
  gint64 window_us;
  gint64 at_most;
  gint64 busy; /* or FIELD_UNSET: any number */
  int quiet;   /* 0: all, or -1: any */
  gint64 for_us; /* or FIELD_UNSET: now */
  char *of;    /* or NULL */
  char *end;   /* always NULL: `of` and this are a list for spec.services */
} CheckQueuesSettings;

typedef enum { REDIS_SERVER_CURRENT, REDIS_SERVER_NEW } CheckRedisServer;
typedef enum { REDIS_ROLE_MASTER, REDIS_ROLE_SLAVE } CheckRedisRole;

typedef struct {
  int server; /* CheckRedisServer */
  gboolean keeps_data;
  gboolean empty;
  int role;      /* CheckRedisRole, or -1: any */
  char *policy;  /* or NULL: any */
  char *version; /* what it begins with, or NULL: any */
  char *of;      /* or NULL */
} CheckRedisSettings;

#endif
