/* sidekiq_process.h: the processes of Sidekiq, as they keep themselves in Redis. Pure.
 *
 * The set "processes" holds their names; the hash of each name is written anew every 5 s
 * and lives for 60 s. A process that was killed leaves its name behind. */
#ifndef HANDRAIL_NET_SIDEKIQ_PROCESS_H
#define HANDRAIL_NET_SIDEKIQ_PROCESS_H

#include <jansson.h>

#include "core/net/redis.h"

/* Each is a few threads of a program of a hundred megabytes: nobody has as many. */
#define SIDEKIQ_PROCESSES_MAX 1000

typedef struct SidekiqProcesses SidekiqProcesses;
SidekiqProcesses *sidekiq_processes_new (void);
void sidekiq_processes_free (SidekiqProcesses *processes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SidekiqProcesses, sidekiq_processes_free)

/* Takes over the answer to SMEMBERS processes. FALSE with `error`: it is none, or too
 * long. *changed is set when they are not the same, in the same order, as before. */
gboolean sidekiq_processes_name (SidekiqProcesses *processes, const RedisReply *names,
                                 const char *redis, gboolean *changed, GError **error);

/* Asks for every process, or those only that came with the last answer; in this order
 * sidekiq_processes_take() wants the replies, the first of them being `first`. */
void sidekiq_processes_ask (const SidekiqProcesses *processes, gboolean new_only,
                            RedisCommands *commands);
void sidekiq_processes_take (SidekiqProcesses *processes, gboolean new_only,
                             const RedisReply *replies, guint first, double now_s);
/* FALSE with `error`: one of those that are still named cannot be read. To be called
 * while the replies last. */
gboolean sidekiq_processes_good (const SidekiqProcesses *processes, const char *redis,
                                 GError **error);
guint sidekiq_processes_count (const SidekiqProcesses *processes, gboolean new_only);

/* Sets "processes", "busy", "threads" and "gone" of a reading (reading.h). A process is
 * live when its last sign of life is at most READING_BEAT_MAX_S old by the clock of Redis,
 * `now_s`, or has changed since an earlier look at most so long ago: its own clock may be
 * wrong. */
void sidekiq_processes_put (const SidekiqProcesses *processes, json_t *body);

/* Changes whenever sidekiq_processes_consume() may say something else. */
guint sidekiq_processes_generation (const SidekiqProcesses *processes);

/* Calls `consumed` for each queue that each live process takes from. FALSE: none lives. */
gboolean sidekiq_processes_consume (const SidekiqProcesses *processes,
                                    void (*consumed) (const char *queue, gsize length,
                                                      void *data),
                                    void *data);

#endif
