#include "core/runbook/scenario.h"

#include <string.h>

#include "core/runbook/scenario_parts.h"

const char *const scenario_roles[] = { "plain", "workers", "redis", "application", NULL };
static const char *const keeps_words[] = { "snapshots", "append-only", "nothing", NULL };

#define SECONDS(n) ((n) * (gint64)G_USEC_PER_SEC)

#define ROW(where, key, kind, member, words)                                            \
  {                                                                                     \
    .name = key, .type = kind, .offset = G_STRUCT_OFFSET (where, member), .help = words \
  }
#define COUNT(where, key, member, least, most, usual, words)                     \
  {                                                                              \
    .name = key, .type = FIELD_COUNT, .offset = G_STRUCT_OFFSET (where, member), \
    .min = least, .max = most, .fallback = usual, .help = words                  \
  }
#define DURATION(where, key, member, least_us, most_us, usual, words)               \
  {                                                                                 \
    .name = key, .type = FIELD_DURATION, .offset = G_STRUCT_OFFSET (where, member), \
    .min = least_us, .max = most_us, .fallback = usual, .help = words               \
  }

const Field scenario_fields[] = {
  { .name = "handrail-practice",
    .type = FIELD_COUNT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (ScenarioFile, format),
    .min = 1,
    .max = 1,
    .help = "Format of the file" },
  { .name = "title",
    .type = FIELD_TEXT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (ScenarioFile, scenario.title),
    .help = "What happens, in a few words" },
  ROW (ScenarioFile, "about", FIELD_TEXT, scenario.about,
       "What there is to be seen, in a sentence or two"),
  ROW (ScenarioFile, "like", FIELD_WORD, like,
       "Another scenario, by its name: what this file does not say is as there, each key "
       "of a service or queue by itself; events are this file's own"),
  ROW (ScenarioFile, "runbook", FIELD_WORD, scenario.runbook,
       "The runbook that is practised on it unless another is named; said here or in "
       "like"),
  ROW (ScenarioFile, "elsewhere", FIELD_WORD, scenario.elsewhere,
       "The site file names this project, which is another one than is meant"),
  ROW (ScenarioFile, "tells-jobs", FIELD_YES, scenario.tells_jobs,
       "Every single job is written down with what happens (world.jsonl): when it came, "
       "was begun and done"),
  ROW (ScenarioFile, "careful", FIELD_WORDS, scenario.careful,
       "What a careful operator does here, in sentences; told afterwards"),
  { .name = "services",
    .type = FIELD_SPECIAL,
    .fields = scenario_service_fields,
    .help = "The services by name, each with its settings or {}; said here or in like" },
  { .name = "queues",
    .type = FIELD_SPECIAL,
    .fields = scenario_queue_fields,
    .help = "The job queues by name, in the order in which workers look into them" },
  { .name = "events",
    .type = FIELD_SPECIAL,
    .fields = scenario_event_fields,
    .help = "A list of what happens by itself" },
  { 0 },
};

const Field scenario_service_fields[] = {
  { .name = "role",
    .type = FIELD_CHOICE,
    .offset = G_STRUCT_OFFSET (ScenarioService, role),
    .choices = scenario_roles,
    .fallback = "plain",
    .help =
        "What it is: workers take jobs, redis holds the queues, an application answers "
        "/health" },
  COUNT (ScenarioService, "replicas", replicas, 0, SCENARIO_REPLICAS_MAX, "1",
         "Instances that the site means it to have"),
  COUNT (ScenarioService, "running", running, 0, SCENARIO_REPLICAS_MAX, NULL,
         "Instances that run when practice begins; as many as replicas unless said"),
  DURATION (ScenarioService, "starts-in", starts_us, 0, SECONDS (3600), "2s",
            "From its start until it answers"),
  DURATION (ScenarioService, "stops-in", stops_us, 0, SECONDS (3600), "1s",
            "From when it is told to stop until it is gone, jobs in hand besides; killed "
            "when the stop does not wait for so long"),
  ROW (ScenarioService, "checked", FIELD_YES, checked, "It has a health check"),
  COUNT (ScenarioService, "threads", threads, 1, 1000, "5",
         "Workers: how many jobs one instance works on at a time"),
  DURATION (ScenarioService, "hands-back", hands_back_us, 0, SECONDS (3600), "25s",
            "Workers: how long they go on after they are told to stop, before they hand "
            "unfinished jobs back"),
  ROW (ScenarioService, "hangs", FIELD_YES, hangs,
       "Workers: those of the beginning give no sign of life and do nothing"),
  DURATION (ScenarioService, "recovers-in", recovers_us, SECONDS (1), SECONDS (86400),
            NULL,
            "Workers that hang: when they go on where they were; never unless said, or "
            "until they are started again"),
  { .name = "keeps",
    .type = FIELD_CHOICE,
    .offset = G_STRUCT_OFFSET (ScenarioService, keeps),
    .choices = keeps_words,
    .fallback = "snapshots",
    .help = "Redis: what it has of its data after a stop" },
  { .name = "version",
    .type = FIELD_TEXT,
    .offset = G_STRUCT_OFFSET (ScenarioService, version),
    .fallback = "v1.0.0",
    .help = "Application: the version that /health says" },
  { 0 },
};

const Field scenario_queue_fields[] = {
  COUNT (ScenarioQueue, "holds", holds, 0, SCENARIO_JOBS_MAX, "0",
         "Jobs that wait when practice begins"),
  COUNT (ScenarioQueue, "in-work", in_work, 0, SCENARIO_JOBS_MAX, "0",
         "Jobs that have just been begun when practice begins"),
  COUNT (ScenarioQueue, "per-minute", per_minute, 0, SCENARIO_PER_MINUTE_MAX, "0",
         "Jobs that arrive, spread by chance"),
  ROW (
      ScenarioQueue, "from", FIELD_SERVICE, from,
      "The service that makes them: none arrive while it is stopped; none do so for ever "
      "unless said"),
  DURATION (ScenarioQueue, "shortest", least_us, 1000, SECONDS (86400), "1s",
            "How long the shortest job takes"),
  DURATION (ScenarioQueue, "longest", most_us, 1000, SECONDS (86400), "4s",
            "How long the longest job takes"),
  { 0 },
};

const Field scenario_after_fields[] = {
  ROW (ScenarioAfter, "stopping", FIELD_SERVICE, stopping,
       "The service was first told to stop"),
  ROW (ScenarioAfter, "stopped", FIELD_SERVICE, stopped,
       "All its instances had stopped for the first time"),
  ROW (ScenarioAfter, "up", FIELD_SERVICE, up,
       "It was up again for the first time after a stop"),
  { 0 },
};

const Field scenario_event_fields[] = {
  DURATION (ScenarioEntry, "at", at_us, 0, SECONDS (86400), NULL,
            "When: so long after the beginning"),
  { .name = "after",
    .type = FIELD_OBJECT,
    .offset = G_STRUCT_OFFSET (ScenarioEntry, after),
    .fields = scenario_after_fields,
    .size = sizeof (ScenarioAfter),
    .help = "When, instead: something that the operator brings about, as {stopped: …}" },
  DURATION (ScenarioEntry, "delay", event.delay_us, 0, SECONDS (86400), "0",
            "How long after that"),
  DURATION (ScenarioEntry, "every", event.every_us, SECONDS (1), SECONDS (86400), NULL,
            "Again each time so long after it; once unless said"),
  ROW (ScenarioEntry, "start", FIELD_SERVICE, start,
       "Somebody starts all instances of this service"),
  ROW (ScenarioEntry, "kill", FIELD_SERVICE, kill,
       "The instances of this service die at once"),
  ROW (ScenarioEntry, "refuse", FIELD_SERVICE, refuse,
       "The platform refuses the next commands that change this service"),
  COUNT (ScenarioEntry, "times", event.times, 1, 1000, "1", "With refuse: how many"),
  ROW (ScenarioEntry, "says", FIELD_TEXT, event.says,
       "With refuse: what the platform prints"),
  DURATION (ScenarioEntry, "flap", flap_us, SECONDS (1), SECONDS (3600), NULL,
            "Redis drops its connections, and takes none for so long"),
  COUNT (ScenarioEntry, "jobs", event.count, 1, SCENARIO_JOBS_MAX, NULL,
         "So many jobs arrive at once"),
  ROW (ScenarioEntry, "queue", FIELD_TEXT, event.queue, "With jobs: where they arrive"),
  DURATION (ScenarioEntry, "takes", takes_us, 1000, SECONDS (86400), NULL,
            "With jobs: how long each takes"),
  ROW (ScenarioEntry, "drop-line", FIELD_YES, drop_line,
       "The operator's own line is cut: true"),
  ROW (ScenarioEntry, "story", FIELD_TEXT, event.story,
       "What happened, in a sentence; told afterwards"),
  { 0 },
};

/* ---- looking and freeing ---------------------------------------------------- */

const ScenarioService *
scenario_service (const Scenario *scenario, const char *name)
{
  for (guint i = 0; i < scenario->services->len; i++) {
    const ScenarioService *service = g_ptr_array_index (scenario->services, i);
    if (strcmp (service->name, name) == 0)
      return service;
  }
  return NULL;
}

const ScenarioService *
scenario_redis (const Scenario *scenario)
{
  for (guint i = 0; i < scenario->services->len; i++) {
    const ScenarioService *service = g_ptr_array_index (scenario->services, i);
    if (service->role == SCENARIO_REDIS)
      return service;
  }
  return NULL;
}

void
scenario_free (Scenario *scenario)
{
  if (!scenario)
    return;
  field_clear (scenario_fields, scenario);
  g_free (scenario->file);
  g_free (scenario->name);
  g_clear_pointer (&scenario->services, g_ptr_array_unref);
  g_clear_pointer (&scenario->queues, g_ptr_array_unref);
  g_clear_pointer (&scenario->events, g_ptr_array_unref);
  g_free (scenario);
}
