/* workers.h: the live workers that report to a Redis, and whose they are. Pure.
 *
 * Workers write down their host's name in the Redis that they take jobs from. Where these
 * are names of a site's instances, it is the site's Redis; one that is on no instance of
 * it belongs to another deployment, or the URL is of another Redis. */
#ifndef HANDRAIL_RUN_WORKERS_H
#define HANDRAIL_RUN_WORKERS_H

#include <glib.h>
#include <jansson.h>

#include "core/runbook/site.h"

/* How long a worker may take from its start to its first sign of life: an application is
 * loaded before that. By the deployment's own clock, which in practice runs with the
 * procedure. */
#define WORKERS_START_US (60 * G_USEC_PER_SEC)

/* What is in that Redis, the most telling thing first. */
typedef enum {
  WORKERS_JOBS,   /* jobs wait there */
  WORKERS_QUEUES, /* queues are known there, and empty */
  WORKERS_KEYS,   /* something is */
  WORKERS_NOTHING,
  WORKERS_UNKNOWN, /* it was not looked at */
} WorkersStore;

typedef struct {
  const char *service;
  guint running;    /* its instances */
  guint reporting;  /* those of them that a live worker is on */
  char *silent;     /* the name of a running one without, printable; or NULL */
  WorkersStore store;
  gboolean overdue; /* such a one, neither paused nor restarting, is up for longer than
                       WORKERS_START_US */
  GPtrArray *names; /* char *, the reading's: of workers on its instances, stopped ones
                       included; sorted, for Redis gives them in any order */
  GPtrArray *loud;  /* those of them that take new jobs; sorted, too */
  char *foreign;    /* the host of a worker that is on no instance of any service of the
                       site, printable; or NULL */
} Workers;

/* Of `service` by a look at the platform (deployment.h) and a reading of the queues or of
 * the Redis itself (reading.h). */
void workers_find (Workers *workers, const Site *site, const json_t *deployment,
                   const char *service, const json_t *body);
void workers_clear (Workers *workers);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Workers, workers_clear)

/* Instances run, and none of them reports. */
gboolean workers_are_silent (const Workers *workers);

/* What speaks against the Redis of that section of the site, as a sentence with a remedy,
 * newly allocated; NULL: nothing. While they are silent and not overdue it says so, and
 * waiting is the remedy. */
char *workers_problem (const Workers *workers, const Site *site, const char *section);

/* How many there are; *loud of them take new jobs. */
guint workers_count (const json_t *processes, guint *loud);

#endif
