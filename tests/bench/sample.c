/* Times a sample of all job queues beside a bare hiredis program that pipelines the same
 * commands, on connections kept by both, in alternating rounds.
 *
 *   sample PORT                median microseconds: ours, bare
 *   sample PORT watch SECONDS  parts of a core that looking every 2 s takes, and resident
 *                              KiB
 *   sample PORT grow COUNT     resident KiB before and after so many samples */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/net/look.h"
#include "core/net/process.h"
#include "core/net/redis_link.h"
#include "core/net/sidekiq.h"
#include "tests/unit/fake_kinds.h"

#define LIMIT_US (10 * G_USEC_PER_SEC)
#define ROUNDS 400
#define WARM_UP 1000

/* ---- ours ------------------------------------------------------------------ */

typedef struct {
  RedisLink *link;
  SidekiqSampler *sampler;
  json_t *body;
} Ours;

static void
on_answered (const RedisReply *replies, const GError *error, void *data)
{
  Ours *ours = data;
  GError *own = NULL;
  if (error)
    g_error ("%s", error->message);
  const RedisCommands *next =
      sidekiq_sampler_take (ours->sampler, replies, &ours->body, &own);
  if (own)
    g_error ("%s", own->message);
  if (next)
    redis_link_ask (ours->link, next, g_get_monotonic_time (), LIMIT_US, on_answered,
                    ours);
}

static void
ours_sample (Ours *ours)
{
  redis_link_ask (ours->link,
                  sidekiq_sampler_begin (ours->sampler, process_now ().wall_us),
                  g_get_monotonic_time (), LIMIT_US, on_answered, ours);
  while (!ours->body)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&ours->body, json_decref);
}

static void
ours_open (Ours *ours, const char *url)
{
  const SiteRedis settings = { .url = (char *)url };
  ours->link = redis_link_new (&settings, NULL);
  ours->sampler = sidekiq_sampler_new (redis_link_name (ours->link));
  ours->body = NULL;
}

static void
ours_close (Ours *ours)
{
  redis_link_free (ours->link);
  sidekiq_sampler_free (ours->sampler);
}

/* ---- bare hiredis ---------------------------------------------------------- */

static void
append (redisContext *bare, const char *verb, const char *key, gsize length,
        const char *more)
{
  const char *words[] = { verb, key, more };
  const size_t lengths[] = { strlen (verb), length, more ? strlen (more) : 0 };
  redisAppendCommandArgv (bare, more ? 3 : (key ? 2 : 1), words, lengths);
}

static redisReply *
reply (redisContext *bare)
{
  void *got = NULL;
  if (redisGetReply (bare, &got) != REDIS_OK)
    g_error ("hiredis: %s", bare->errstr);
  return got;
}

/* What ours asks, with the names of the sample before. */
static void
bare_sample (redisContext *bare, redisReply **names)
{
  static const char *const base[][2] = {
    { "TIME" },
    { "SMEMBERS", "queues" },
    { "SMEMBERS", "processes" },
    { "SMEMBERS", "paused" },
    { "ZCARD", "retry" },
    { "ZCARD", "schedule" },
    { "ZCARD", "dead" },
    { "GET", "stat:processed" },
    { "GET", "stat:failed" },
    { "ROLE" },
  };
  gsize queues = *names ? (*names)->elements : 0;
  for (guint i = 0; i < G_N_ELEMENTS (base); i++)
    append (bare, base[i][0], base[i][1], base[i][1] ? strlen (base[i][1]) : 0, NULL);
  for (gsize i = 0; i < queues; i++) {
    char key[256];
    int length = snprintf (key, sizeof key, "queue:%s", (*names)->element[i]->str);
    append (bare, "LLEN", key, (gsize)length, NULL);
    append (bare, "LINDEX", key, (gsize)length, "-1");
  }
  redisReply *next = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (base) + 2 * queues; i++) {
    redisReply *got = reply (bare);
    if (i == 1)
      next = got;
    else
      freeReplyObject (got);
  }
  if (*names)
    freeReplyObject (*names);
  *names = next;
}

/* ---- measuring ------------------------------------------------------------- */

static int
compare (const void *one, const void *other)
{
  gint64 a = *(const gint64 *)one, b = *(const gint64 *)other;
  return (a > b) - (a < b);
}

static gint64
now_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static double
median_us (gint64 *times)
{
  qsort (times, ROUNDS, sizeof *times, compare);
  return (double)times[ROUNDS / 2] / 1000;
}

static glong
resident_kib (void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  char *pages = strchr (text, ' ');
  return pages ? atol (pages) * 4 : 0;
}

static void
race (const char *url, int port)
{
  gint64 ours_ns[ROUNDS], bare_ns[ROUNDS];
  Ours ours;
  ours_open (&ours, url);
  redisContext *bare = redisConnect ("127.0.0.1", port);
  redisReply *names = NULL;
  if (!bare || bare->err)
    g_error ("hiredis cannot connect to port %d", port);
  for (int i = -10; i < ROUNDS; i++) {
    gint64 begin = now_ns ();
    ours_sample (&ours);
    gint64 middle = now_ns ();
    bare_sample (bare, &names);
    if (i >= 0) {
      ours_ns[i] = middle - begin;
      bare_ns[i] = now_ns () - middle;
    }
  }
  printf ("%.1f %.1f\n", median_us (ours_ns), median_us (bare_ns));
  freeReplyObject (names);
  redisFree (bare);
  ours_close (&ours);
}

static void
grow (const char *url, int count)
{
  Ours ours;
  ours_open (&ours, url);
  for (int i = 0; i < WARM_UP; i++)
    ours_sample (&ours);
  glong before = resident_kib ();
  for (int i = 0; i < count; i++)
    ours_sample (&ours);
  printf ("%ld %ld\n", before, resident_kib ());
  ours_close (&ours);
}

static void
on_saw (Reading *reading, void *data G_GNUC_UNUSED)
{
  if (reading->error)
    g_error ("%s", reading->error);
  reading_free (reading);
}

static gboolean
on_over (void *data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static double
used_s (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
watch (const char *url, int seconds)
{
  g_autofree char *text = g_strdup_printf (
      "handrail-site: 1\nname: lab\nplatform: {compose: {}}\nredis: {url: '%s'}\n", url);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = site_load ("lab.yaml", bytes, &fake_vocabulary, NULL, problems);
  g_autoptr (Looker) looker = looker_new (site, NULL, NULL, 1, on_saw, NULL);
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_ptr_array_add (requests, request_queues ("redis", 2 * G_USEC_PER_SEC, LIMIT_US));
  looker_watch (looker, requests, 0);
  g_timeout_add (1000, on_over, loop); /* connecting is over by then */
  g_main_loop_run (loop);
  double before_s = used_s ();
  g_timeout_add_seconds ((guint)seconds, on_over, loop);
  g_main_loop_run (loop);
  printf ("%.6f %ld\n", (used_s () - before_s) / seconds, resident_kib ());
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[2] : "";
  if (argc != 2 && argc != 4)
    return 2;
  g_autofree char *url = g_strdup_printf ("redis://127.0.0.1:%s/0", argv[1]);
  if (argc == 2)
    race (url, atoi (argv[1]));
  else if (strcmp (what, "watch") == 0)
    watch (url, atoi (argv[3]));
  else if (strcmp (what, "grow") == 0)
    grow (url, atoi (argv[3]));
  else
    return 2;
  return 0;
}
