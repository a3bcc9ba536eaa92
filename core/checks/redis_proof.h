/* redis_proof.h: that a Redis is the one that a deployment's workers work for. Pure.
 *
 * By the hosts that workers report from (workers.h). Once they are stopped, by the Redis
 * being the very server that they reported to earlier in the run. */
#ifndef HANDRAIL_CHECKS_REDIS_PROOF_H
#define HANDRAIL_CHECKS_REDIS_PROOF_H

#include "core/run/kind.h"
#include "core/run/workers.h"

typedef struct {
  gboolean looked; /* the service is ours to see */
  Workers workers; /* where it is */
  char *note;      /* why nothing is proved, where nothing speaks against it; or NULL */
} RedisProof;
void redis_proof_clear (RedisProof *proof);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RedisProof, redis_proof_clear)

/* Adds the look at the platform that the proof wants, if it wants one. */
void redis_proof_needs (const CheckContext *context, const char *service,
                        GPtrArray *requests);

/* `body` is a reading's of the site's `section`. TRUE unless
 * something speaks against it, or is yet to be looked at: then `judgement` is set. */
gboolean redis_proof_judge (const CheckContext *context, const char *section,
                            const char *service, const json_t *body,
                            RedisProof *proof, Judgement *judgement);

/* After that: `run_id` (of the reading; or NULL) is proved while workers report, and
 * remembered in the run; while none runs it is compared with what is remembered. TRUE, with
 * the note that this comes to; FALSE with `judgement` set where there is no proof and it
 * is `wanted`. */
gboolean redis_proof_remember (const CheckContext *context, const char *section,
                               const char *service, const char *run_id, gboolean wanted,
                               RedisProof *proof, Judgement *judgement);

#endif
