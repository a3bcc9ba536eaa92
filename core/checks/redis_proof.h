/* redis_proof.h: that a Redis is the one that a deployment's workers work for. Pure.
 *
 * Workers write down their host's name in the Redis that they take jobs from. Where these
 * are names of a service's instances, it is the service's Redis; one that is none belongs
 * to another deployment, or the site's URL is of another Redis. */
#ifndef HANDRAIL_CHECKS_REDIS_PROOF_H
#define HANDRAIL_CHECKS_REDIS_PROOF_H

#include "core/run/kind.h"

typedef struct {
  gboolean looked; /* the service is ours to see */
  guint running;   /* its instances */
  guint reporting; /* those of them that a live worker is on */
  char *silent;    /* the name of a running one without; or NULL */
  char *note;      /* why nothing is proved, where nothing speaks against it; or NULL */
} RedisProof;
void redis_proof_clear (RedisProof *proof);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RedisProof, redis_proof_clear)

/* Adds the look at the platform that the proof wants, if it wants one. */
void redis_proof_needs (const CheckContext *context, const char *service,
                        GPtrArray *requests);

/* `processes` are those of a reading of the site's `section`, the live ones. TRUE unless
 * something speaks against it, or is yet to be looked at: then `judgement` is set. */
gboolean redis_proof_judge (const CheckContext *context, const char *section,
                            const char *service, const json_t *processes,
                            RedisProof *proof, Judgement *judgement);

/* "redis.internal:6379/1", or the section's name where it says nothing. Newly allocated. */
char *redis_proof_address (const Site *site, const char *section);

#endif
