/* serve_inside.h: what the files serve*.c share. */
#ifndef HANDRAIL_PRACTICE_SERVE_INSIDE_H
#define HANDRAIL_PRACTICE_SERVE_INSIDE_H

#include <sys/types.h>

#include "core/practice/docker/docker.h"
#include "core/practice/redis/resp.h"
#include "core/practice/serve/port.h"
#include "core/practice/serve/serve.h"
#include "core/practice/web/http.h"

/* The compose project that is practised on. */
#define SERVE_PROJECT "practice"

struct Serve {
  const ServeOrder *order;
  Scenario *scenario;
  Scenario *still;      /* the same without its events: the other project's */
  World *world, *other; /* `other` NULL: there is one project only */
  Docker *docker;
  Redis *redis;
  Port *control_port, *redis_port, *http_port;
  guint16 http_number; /* of http_port */
  char *health;        /* the address, or NULL */
  GPtrArray *waiting; /* Control *: those whose command is not over */
  gint64 begin_boot_us, asked_boot_us;
  int told; /* world.jsonl */
  gsize told_bytes;
  int viewer; /* a descriptor of the process, or -1 */
  dev_t device; /* of the folder, with its number there */
  ino_t inode;
  guint turn_source, needed_source, term_source, int_source, quit_source;
  GMainLoop *loop;
};

/* The machine's clock that goes on while it sleeps. */
gint64 serve_boot_us (void);

/* The world comes up to now, and what follows from that is done: commands that waited go
 * on, ports open and close, what happened is written down. */
void serve_turn (Serve *serve);

/* The same, before somebody is answered: PortCalls.before of all ports. */
void serve_ask (void *serve);

/* Something was done to the world: when it is to be looked at next is found out anew. */
void serve_wake (Serve *serve);

/* Who answers here, and the ports of loopback that it listens on. */
json_t *serve_reach (const Serve *serve);

/* Writes down what happened, and how many jobs became what; returns that. */
json_t *serve_tally (Serve *serve);

/* The process whose line may be cut. FALSE: there is no such process. */
gboolean serve_set_viewer (Serve *serve, int pid);

/* It ends, after this turn of the loop. */
void serve_end (Serve *serve);

/* ---- serve_make.c: in this order; FALSE with `error` ---------------------------------------- */

gboolean serve_make_worlds (Serve *serve, GError **error);
gboolean serve_make_ports (Serve *serve, GError **error);
gboolean serve_make_folder (Serve *serve, GError **error);

/* ---- serve_gone.c: the folder may go ------------------------------------------------------ */

/* By what it is known again. */
void serve_know_folder (Serve *serve);

/* Whether there is another folder by its name, or none. */
gboolean serve_folder_is_gone (const Serve *serve);

/* ---- serve_control.c: the stand-ins' socket; the owner is the Serve ----------------------- */

extern const PortCalls serve_control_calls;

/* Lets commands that wait go on. */
void serve_control_go_on (Serve *serve);

/* ---- serve_servers.c: Redis and the application ------------------------------------------- */

extern const PortCalls serve_redis_calls, serve_http_calls;

#endif
