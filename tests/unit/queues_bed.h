/* queues_bed.h: a site and readings for the tests of the check `queues`. */
#ifndef HANDRAIL_TESTS_QUEUES_BED_H
#define HANDRAIL_TESTS_QUEUES_BED_H

#include "core/checks/checks.h"
#include "tests/unit/fake_kinds.h"
#include "tests/unit/kinds.h"

#define START 1000 /* seconds since boot */
#define STEP 2

static const PlatformKind platform = { .interval_us = 2 * SECOND };

typedef struct {
  Site *site;
  Evidence *evidence;
  CheckContext context;
} Bed;

static inline void
bed_open (Bed *bed)
{
  static const char text[] =
      "handrail-site: 1\nname: lab\nplatform: { compose: { project: p } }\n"
      "services: { workers: {}, batch: {}, far: { managed: them } }\n"
      "redis: { url: \"redis://u:geheim@r.internal/1\" }\n";
  bed->site = site_of (text, &fake_vocabulary);
  bed->evidence = evidence_new ();
  bed->context = (CheckContext){ .site = bed->site,
                                 .platform = &platform,
                                 .evidence = bed->evidence,
                                 .now = at (START),
                                 .since_us = START * SECOND,
                                 .speed = 1 };
}

static inline void
bed_close (Bed *bed)
{
  evidence_free (bed->evidence);
  site_free (bed->site);
}

/* A look that took no time and ended now. */
static inline void
see (Bed *bed, const char *key, const char *error, json_t *body)
{
  evidence_add (bed->evidence,
                reading_new (key, bed->context.now, bed->context.now, error, body));
}

static inline void
see_at (Bed *bed, double at_s, json_t *body)
{
  bed->context.now.boot_us = (gint64)(at_s * SECOND);
  see (bed, "queues redis", NULL, body);
}

/* `rest` are more members, with ' for ". */
static inline json_t *
sample (guint size, guint busy, guint threads, guint processed, const char *rest)
{
  g_autofree char *text = g_strdup_printf (
      "{'at':1795335122.5,'queues':[{'name':'default','size':%u,'latency':0}%s],"
      "'busy':%u,'threads':%u,'processed':%u,'processes':[{'name':'w1:1:x',"
      "'hostname':'w1','quiet':false}]}",
      size, rest, busy, threads, processed);
  return json_of (text);
}

static inline void
see_idle (Bed *bed, double at_s, guint size)
{
  see_at (bed, at_s, sample (size, 0, 10, 7, ""));
}

static const CheckQueuesSettings nothing = { .state = -1,
                                             .window_us = 120 * SECOND,
                                             .at_most = 5,
                                             .busy = FIELD_UNSET,
                                             .quiet = -1,
                                             .for_us = FIELD_UNSET };

static inline CheckQueuesSettings
state (CheckQueuesState wanted)
{
  CheckQueuesSettings settings = nothing;
  settings.state = (int)wanted;
  return settings;
}

static inline Verdict
judged (const Bed *bed, const CheckQueuesSettings *settings)
{
  g_auto (Judgement) judgement = { 0 };
  check_queues.judge (settings, &bed->context, &judgement);
  return judgement.verdict;
}

static inline void
assert_judged (const Bed *bed, const CheckQueuesSettings *settings, Verdict verdict,
               const char *text, const char *gist)
{
  g_auto (Judgement) judgement = { 0 };
  check_queues.judge (settings, &bed->context, &judgement);
  g_assert_cmpstr (judgement.text, ==, text);
  g_assert_cmpint (judgement.verdict, ==, verdict);
  if (gist)
    g_assert_cmpstr (judgement.gist, ==, gist);
}

#endif
