/* A link to a real redis-server as its callers use it, and twenty thousand samples over
 * one. */
#include <netdb.h>

#include "core/net/redis_link.h"
#include "core/net/sidekiq.h"
#include "tests/unit/redis_bed.h"

/* ---- many samples ----------------------------------------------------------- */

#define SAMPLES 20000
#define WARM_UP 1000

typedef struct {
  RedisLink *link;
  SidekiqSampler *sampler;
  guint done, wanted;
} Loop;

static void loop_ask (Loop *loop, const RedisCommands *commands);

static void
loop_answered (const RedisReply *replies, const GError *error, void *data)
{
  Loop *loop = data;
  json_t *body = NULL;
  GError *own = NULL;
  g_assert_no_error (error);
  const RedisCommands *next = sidekiq_sampler_take (loop->sampler, replies, &body, &own);
  g_assert_no_error (own);
  if (next) {
    loop_ask (loop, next);
    return;
  }
  json_decref (body);
  if (++loop->done < loop->wanted)
    loop_ask (loop, sidekiq_sampler_begin (loop->sampler, process_now ().wall_us));
}

static void
loop_ask (Loop *loop, const RedisCommands *commands)
{
  redis_link_ask (loop->link, commands, g_get_monotonic_time (), BED_LIMIT_US,
                  loop_answered, loop);
}

static void
loop_run (Loop *loop, guint samples)
{
  loop->wanted = loop->done + samples;
  loop_ask (loop, sidekiq_sampler_begin (loop->sampler, process_now ().wall_us));
  while (loop->done < loop->wanted)
    g_main_context_iteration (NULL, TRUE);
}

static glong
resident_pages (void)
{
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  return strtol (strchr (text, ' '), NULL, 10);
}

/* Twenty thousand samples, with names that come and go, take no more memory than the first
 * thousand. */
static void
test_many (void)
{
  RedisBed bed = { 0 };
  bed_start (&bed, "--save", BED_READY);
  bed_do (&bed, "EVAL \"for i = 1, 20 do redis.call('SADD', 'queues', i); redis.call("
                "'LPUSH', 'queue:' .. i, '{\\\"enqueued_at\\\":1.5}') end\" 0");
  g_autofree char *url = g_strdup_printf ("redis://127.0.0.1:%u", bed.port);
  const SiteRedis settings = { .url = url };
  Loop loop = { .link = redis_link_new (&settings, NULL) };
  loop.sampler = sidekiq_sampler_new (redis_link_name (loop.link));
  loop_run (&loop, WARM_UP);
  glong before = resident_pages ();
  for (guint i = 0; i < 10; i++) {
    g_autofree char *change = g_strdup_printf (
        "EVAL \"redis.call('SREM', 'queues', %u); redis.call('SADD', 'queues', %u)\" 0",
        i, i + 1000);
    bed_do (&bed, change);
    loop_run (&loop, SAMPLES / 10);
  }
  glong after = resident_pages ();
#if !defined(__SANITIZE_ADDRESS__)
  g_assert_cmpint (after - before, <=, 64);
#else
  g_assert_cmpint (after, >=, before / 2); /* there leaks are what is looked for */
#endif
  redis_link_free (loop.link);
  sidekiq_sampler_free (loop.sampler);
  bed_stop (&bed);
}

/* ---- a name that is not resolved -------------------------------------------- */

static int stuck[2]; /* a pipe: whoever resolves the name waits until it is closed */

/* In place of libc's, for libcurl too. */
int
getaddrinfo (const char *host G_GNUC_UNUSED, const char *service G_GNUC_UNUSED,
             const struct addrinfo *hints G_GNUC_UNUSED,
             struct addrinfo **addresses G_GNUC_UNUSED)
{
  char byte;
  ssize_t got = read (stuck[0], &byte, 1);
  return got < 0 ? EAI_SYSTEM : EAI_AGAIN;
}

/* The thread that resolves is left behind, and waited for by nobody. */
static void
test_stuck_name (void)
{
  Eyes eyes;
  g_assert_cmpint (pipe (stuck), ==, 0);
  eyes_open (&eyes, "{url: 'redis://redis.internal'}");
  eyes_watch (&eyes, request_queues ("redis", 0, G_TIME_SPAN_MILLISECOND * 200));
  eyes_watch (&eyes, request_tcp ("db.internal", 1, 0, G_TIME_SPAN_MILLISECOND * 200));
  const Reading *redis = eyes_next (&eyes, "queues redis");
  g_assert_nonnull (strstr (redis->error, " did not answer within 200ms"));
  const Reading *tcp = eyes_next (&eyes, "tcp db.internal:1");
  g_assert_nonnull (strstr (tcp->error, " did not answer within 200ms"));
  eyes_close (&eyes);
  close (stuck[1]);
}

/* ---- the link --------------------------------------------------------------- */

typedef struct {
  RedisLink *link;
  guint answers;
  char *said;
} Caller;

/* Frees the link from within its own callback. */
static void
free_within (const RedisReply *replies, const GError *error, void *data)
{
  Caller *caller = data;
  g_free (caller->said);
  caller->said = g_strdup (error ? error->message
                                 : redis_reply_text (redis_reply_nth (replies, 0), NULL));
  caller->answers++;
  g_clear_pointer (&caller->link, redis_link_free);
}

static void
count_answers (const RedisReply *replies, const GError *error, void *data)
{
  Caller *caller = data;
  g_assert_no_error (error);
  g_free (caller->said);
  caller->said = g_strdup (redis_reply_text (redis_reply_nth (replies, 0), NULL));
  caller->answers++;
}

static void
test_link (void)
{
  RedisBed bed = { 0 };
  bed_start (&bed, "--save", BED_READY);
  g_autofree char *url = g_strdup_printf ("redis://127.0.0.1:%u", bed.port);
  const SiteRedis settings = { .url = url },
                  nobody = { .url = (char *)"redis://[::1]:1" };
  Caller caller = { .link = redis_link_new (&settings, NULL) };
  g_autoptr (RedisCommands) one = redis_commands_new ();
  g_autoptr (RedisCommands) two = redis_commands_new ();
  redis_commands_add_words (one, "ECHO", "one", NULL);
  redis_commands_add_words (two, "ECHO", "two", NULL);
  gint64 now_us = g_get_monotonic_time ();
  /* In the order in which they were asked; what was cancelled is not answered. */
  redis_link_ask (caller.link, one, now_us, BED_LIMIT_US, count_answers, &caller);
  RedisExchange *cancelled =
      redis_link_ask (caller.link, one, now_us, BED_LIMIT_US, count_answers, &caller);
  redis_link_ask (caller.link, two, now_us, BED_LIMIT_US, free_within, &caller);
  redis_link_ask (caller.link, one, now_us, BED_LIMIT_US, count_answers, &caller);
  g_assert_cmpuint (caller.answers, ==, 0); /* never from inside */
  redis_exchange_cancel (cancelled);
  while (caller.link)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (caller.answers, ==, 2);
  g_assert_cmpstr (caller.said, ==, "two");
  /* A failure, too, is told from the loop, and may free. */
  caller.link = redis_link_new (&nobody, NULL);
  redis_link_ask (caller.link, one, g_get_monotonic_time (), BED_LIMIT_US, free_within,
                  &caller);
  g_assert_cmpuint (caller.answers, ==, 2);
  while (caller.link)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (caller.answers, ==, 3);
  g_free (caller.said);
  bed_stop (&bed);
}

/* What was under way when it was cancelled leaves no reply behind for the next. */
static void
test_link_cancel (void)
{
  RedisBed bed = { 0 };
  bed_start (&bed, "--save", BED_READY);
  g_autofree char *url = g_strdup_printf ("redis://127.0.0.1:%u", bed.port);
  const SiteRedis settings = { .url = url };
  Caller caller = { .link = redis_link_new (&settings, NULL) };
  g_autoptr (RedisCommands) stay = redis_commands_new ();
  g_autoptr (RedisCommands) echo = redis_commands_new ();
  redis_commands_add_words (stay, "BRPOP", "nothing", "0", NULL);
  redis_commands_add_words (echo, "ECHO", "two", NULL);
  gint64 now_us = g_get_monotonic_time ();
  redis_link_ask (caller.link, echo, now_us, BED_LIMIT_US, count_answers, &caller);
  while (caller.answers == 0)
    g_main_context_iteration (NULL, TRUE);
  RedisExchange *exchange =
      redis_link_ask (caller.link, stay, now_us, BED_LIMIT_US, count_answers, &caller);
  redis_link_ask (caller.link, echo, now_us, BED_LIMIT_US, count_answers, &caller);
  redis_exchange_cancel (exchange);
  while (caller.answers == 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (caller.said, ==, "two");
  g_free (caller.said);
  redis_link_free (caller.link);
  bed_stop (&bed);
}

/* ---- a server that is too quick ---------------------------------------------- */

/* More than the two sockets hold between them. */
#define LARGE_BYTES (64 * 1024 * 1024)

typedef struct {
  int listener;
  GAsyncQueue *may;
  gsize heard;
} Hasty;

/* Answers once it has heard anything at all, and hears the rest only when it may: until
 * then no more can be sent than fits into what lies between. */
static void *
answer_hastily (void *data)
{
  Hasty *hasty = data;
  g_autofree char *bytes = g_malloc (65536);
  GPollFD waits = { .fd = hasty->listener, .events = G_IO_IN };
  g_assert_cmpint (g_poll (&waits, 1, -1), ==, 1);
  int line = accept (hasty->listener, NULL, NULL);
  ssize_t got = read (line, bytes, 1);
  g_assert_cmpint (write (line, "+early\r\n", 8), ==, 8);
  g_async_queue_pop (hasty->may);
  for (; got > 0; got = read (line, bytes, 65536))
    hasty->heard += (gsize)got;
  close (line);
  return NULL;
}

static void
note_error (const RedisReply *replies, const GError *error, void *data)
{
  Caller *caller = data;
  g_assert_null (replies);
  caller->said = g_strdup (error->message);
}

/* Its answer is none, and nothing more of the request is sent: its owner frees it. */
static void
test_link_early (void)
{
  guint port;
  Hasty hasty = { .listener = bed_listen (&port), .may = g_async_queue_new () };
  g_autofree char *url = g_strdup_printf ("redis://127.0.0.1:%u", port);
  g_autofree char *large = g_strnfill (LARGE_BYTES, 'x');
  const SiteRedis settings = { .url = url };
  Caller caller = { .link = redis_link_new (&settings, NULL) };
  RedisCommands *commands = redis_commands_new ();
  redis_commands_add_words (commands, "ECHO", large, NULL);
  GThread *server = g_thread_new ("hasty", answer_hastily, &hasty);
  redis_link_ask (caller.link, commands, g_get_monotonic_time (), BED_LIMIT_US,
                  note_error, &caller);
  while (!caller.said)
    g_main_context_iteration (NULL, TRUE);
  redis_commands_free (commands);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_async_queue_push (hasty.may, &hasty);
  g_thread_join (server); /* it has seen the end */
  g_async_queue_unref (hasty.may);
  g_assert_nonnull (strstr (caller.said, " answers before it has been asked; "));
  g_assert_cmpuint (hasty.heard, <, LARGE_BYTES);
  close (hasty.listener);
  g_free (caller.said);
  redis_link_free (caller.link);
}

int
main (int argc, char **argv)
{
  static const char *const programs[] = { "redis-server", "redis-cli", NULL };
  g_test_init (&argc, &argv, NULL);
  if (bed_skips (programs))
    return 77;
  g_test_add_func ("/redis/link", test_link);
  g_test_add_func ("/redis/link/stuck-name", test_stuck_name);
  g_test_add_func ("/redis/link/cancel", test_link_cancel);
  g_test_add_func ("/redis/link/early", test_link_early);
  g_test_add_func ("/redis/link/many", test_many);
  return g_test_run ();
}
