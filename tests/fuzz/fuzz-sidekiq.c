#include <math.h>
#include <string.h>

#include "core/net/redis.h"
#include "core/net/redis_server.h"
#include "core/net/sidekiq.h"
#include "core/net/sidekiq_job.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

#define WALL_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

/* A job, read where it stands. */
static void
read_job (const char *bytes, gsize length)
{
  double seconds = -1;
  gboolean found = sidekiq_job_enqueued_at (bytes, length, &seconds);
  g_assert_true (!found || (isfinite (seconds) && seconds >= 0));
}

/* What is left of the input: the replies to one pipeline after the other, divided by a
 * line "--". */
typedef struct {
  const char *at, *end;
} Rest;

/* Replies to `commands`, in two parts so that what is unfinished is seen. */
static const RedisReply *
read_replies (RedisReader *reader, const RedisCommands *commands, Rest *rest)
{
  g_autoptr (GError) error = NULL;
  const char *mark = memmem (rest->at, (gsize)(rest->end - rest->at), "\n--\n", 4);
  const char *from = rest->at, *to = mark ? mark + 1 : rest->end;
  gsize length = (gsize)(to - from), half = length / 2;
  rest->at = mark ? mark + 4 : rest->end;
  redis_reader_begin (reader, redis_commands_count (commands));
  const RedisReply *replies = redis_reader_feed (reader, from, half, &error);
  if (!replies && !error)
    replies = redis_reader_feed (reader, from + half, length - half, &error);
  g_assert_true (!replies || !error);
  g_assert_true (!replies ||
                 redis_reply_count (replies) == redis_commands_count (commands));
  return replies;
}

static void
check_end (json_t *body, GError *error)
{
  char *text = body ? json_dumps (body, 0) : NULL; /* fails on text that is no UTF-8 */
  g_assert_true (!body || text);
  g_assert_true (!error || g_utf8_validate (error->message, -1, NULL));
  free (text);
  json_decref (body);
  g_clear_error (&error);
}

/* Three samples, so that what the first finds is asked for and found changed. */
static void
sample (Rest rest)
{
  g_autoptr (SidekiqSampler) sampler = sidekiq_sampler_new ("fuzz");
  g_autoptr (RedisReader) reader = redis_reader_new ();
  for (guint i = 0; i < 3; i++) {
    json_t *body = NULL;
    GError *error = NULL;
    const RedisCommands *commands = sidekiq_sampler_begin (sampler, WALL_US);
    const RedisReply *replies;
    while (commands && (replies = read_replies (reader, commands, &rest)))
      commands = sidekiq_sampler_take (sampler, replies, &body, &error);
    check_end (body, error);
  }
}

static void
look_at_server (Rest rest)
{
  g_autoptr (RedisServer) server = redis_server_new ("fuzz");
  g_autoptr (RedisReader) reader = redis_reader_new ();
  json_t *body = NULL;
  GError *error = NULL;
  const RedisCommands *commands = redis_server_begin (server, WALL_US);
  const RedisReply *replies;
  while (commands && (replies = read_replies (reader, commands, &rest)))
    commands = redis_server_take (server, replies, &body, &error);
  check_end (body, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  const char *text = length > 0 ? (const char *)bytes : "";
  Rest rest = { .at = text, .end = text + length };
  read_job (text, length);
  sample (rest);
  look_at_server (rest);
  return 0;
}
