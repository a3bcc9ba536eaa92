/* sidekiq.h: all job queues of a Redis in one look, as Sidekiq 5 to 8 keep them. Pure.
 *
 * A sample is one pipeline: what there is (queues, processes, counts), and at once the
 * size and the oldest job of each queue and the state of each process that the last
 * sample found. Only what has come since is asked for in a second one. Ages are by the
 * clock of Redis, so that of the reader does not matter; a worker whose clock is wrong
 * makes its own jobs look older or younger. */
#ifndef HANDRAIL_NET_SIDEKIQ_H
#define HANDRAIL_NET_SIDEKIQ_H

#include <jansson.h>

#include "core/net/redis.h"

#define SIDEKIQ_QUEUES_MAX 10000 /* what a check takes (queues_sample.h) */

typedef struct SidekiqSampler SidekiqSampler;

/* `redis`: its name, for sentences. */
SidekiqSampler *sidekiq_sampler_new (const char *redis);
void sidekiq_sampler_free (SidekiqSampler *sampler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SidekiqSampler, sidekiq_sampler_free)

/* Begins a sample, whatever became of the one before. The commands to send; owned by the
 * sampler, and good until sidekiq_sampler_take() is over. */
const RedisCommands *sidekiq_sampler_begin (SidekiqSampler *sampler, gint64 wall_us);

/* Takes the replies to them. The commands to send next, as above; or NULL with *body set,
 * newly made (REQUEST_QUEUES in reading.h); or NULL with `error`. */
const RedisCommands *sidekiq_sampler_take (SidekiqSampler *sampler,
                                           const RedisReply *replies, json_t **body,
                                           GError **error);

/* The replies came to too much: the next samples do without the oldest jobs, whose size
 * nobody bounds, and give no latency. FALSE: the last one did already. */
gboolean sidekiq_sampler_slim (SidekiqSampler *sampler);

#endif
