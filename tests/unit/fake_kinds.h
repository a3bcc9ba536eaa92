/* fake_kinds.h: a small vocabulary with the names of the real kinds, so that the
 * readers can be tested without the layers above them. */
#ifndef HANDRAIL_TESTS_FAKE_KINDS_H
#define HANDRAIL_TESTS_FAKE_KINDS_H

#include <string.h>

#include "core/runbook/runbook.h"

typedef struct {
  GStrv name;
  Amount running;
  Amount ready;
  gint64 hold_us;
} FakeService;

typedef struct {
  char *host;
  gint64 port;
  GHashTable *headers;
} FakeTcp;

typedef struct {
  GStrv run;
  int status;
  Pattern *match;
  gint64 output_bytes;
  gboolean quiet;
} FakeCommand;

typedef struct {
  char *service;
  Amount to;
  gint64 by;
  gint64 grace_us;
} FakeScale;

typedef struct {
  GStrv argv;
  char *directory;
} FakeRun;

typedef struct {
  char *project;
  char *directory;
  char *password;
} FakeCompose;

static const char *const fake_recorded[] = { "recorded", NULL };
static const char *const fake_statuses[] = { "zero", "other", NULL };

#define FAKE(where, key, kind, member) \
  .name = key, .type = kind, .offset = G_STRUCT_OFFSET (where, member), .help = "For tests"

static const Field fake_service_fields[] = {
  { FAKE (FakeService, "name", FIELD_SERVICES, name), .flags = FIELD_REQUIRED },
  { FAKE (FakeService, "running", FIELD_AMOUNT, running), .choices = fake_recorded },
  { FAKE (FakeService, "ready", FIELD_AMOUNT, ready), .choices = fake_recorded,
    .max = 1000 },
  { FAKE (FakeService, "for", FIELD_DURATION, hold_us), .fallback = "10s",
    .max = G_TIME_SPAN_HOUR },
  { 0 },
};

static const Field fake_tcp_fields[] = {
  { FAKE (FakeTcp, "host", FIELD_HOST, host), .flags = FIELD_REQUIRED },
  { FAKE (FakeTcp, "port", FIELD_PORT, port), .flags = FIELD_REQUIRED },
  { FAKE (FakeTcp, "headers", FIELD_TEXTMAP, headers) },
  { 0 },
};

static const Field fake_command_fields[] = {
  { FAKE (FakeCommand, "run", FIELD_ARGV, run), .flags = FIELD_REQUIRED },
  { FAKE (FakeCommand, "status", FIELD_CHOICE, status), .choices = fake_statuses,
    .fallback = "zero" },
  { FAKE (FakeCommand, "match", FIELD_PATTERN, match) },
  { FAKE (FakeCommand, "output", FIELD_SIZE, output_bytes), .min = 1, .max = 1 << 20,
    .fallback = "64KiB" },
  { FAKE (FakeCommand, "quiet", FIELD_YES, quiet), .fallback = "false" },
  { .name = "shell", .type = FIELD_TEXT, .flags = FIELD_LATER, .help = "For tests" },
  { 0 },
};

static const Field fake_scale_fields[] = {
  { FAKE (FakeScale, "service", FIELD_SERVICE, service), .flags = FIELD_REQUIRED },
  { FAKE (FakeScale, "to", FIELD_AMOUNT, to), .choices = fake_recorded, .max = 100 },
  { FAKE (FakeScale, "by", FIELD_COUNT, by), .min = 1, .max = 100 },
  { FAKE (FakeScale, "grace", FIELD_DURATION, grace_us), .min = G_USEC_PER_SEC,
    .max = G_TIME_SPAN_HOUR },
  { 0 },
};

static const Field fake_restart_fields[] = {
  { FAKE (FakeScale, "service", FIELD_SERVICE, service), .flags = FIELD_REQUIRED },
  { 0 },
};

static const Field fake_run_fields[] = {
  { FAKE (FakeRun, "argv", FIELD_ARGV, argv), .flags = FIELD_REQUIRED },
  { FAKE (FakeRun, "directory", FIELD_PATH, directory) },
  { 0 },
};

static const Field fake_compose_fields[] = {
  { FAKE (FakeCompose, "project", FIELD_WORD, project), .flags = FIELD_REQUIRED },
  { FAKE (FakeCompose, "directory", FIELD_PATH, directory) },
  { FAKE (FakeCompose, "password", FIELD_TEXT, password), .flags = FIELD_SECRET },
  { 0 },
};

static inline char *
fake_scale_complain (const void *settings)
{
  const FakeScale *scale = settings;
  if ((scale->to.type == AMOUNT_UNSET) == (scale->by == FIELD_UNSET))
    return g_strdup ("neither or both of to and by are given; write one of them");
  return NULL;
}

static inline char *
fake_scale_until (const void *settings)
{
  const FakeScale *scale = settings;
  if (scale->to.type == AMOUNT_NUMBER && scale->to.number == 0)
    return g_strdup_printf ("service: {name: %s, running: 0}", scale->service);
  return g_strdup_printf ("service: {name: %s, ready: planned}", scale->service);
}

static inline char *
fake_scale_undo (const void *settings)
{
  const FakeScale *scale = settings;
  return g_strdup_printf ("scale: {service: %s, to: recorded}", scale->service);
}

#define FAKE_LATER(key) \
  static const KindSpec fake_##key = { .name = #key, .help = "For tests", .later = TRUE }

static const KindSpec fake_service = { .name = "service", .help = "What runs",
                                       .fields = fake_service_fields,
                                       .size = sizeof (FakeService), .shorthand = "name" };
static const KindSpec fake_tcp = { .name = "tcp", .help = "What answers",
                                   .fields = fake_tcp_fields, .size = sizeof (FakeTcp) };
static const KindSpec fake_command = { .name = "command", .help = "What a program says",
                                       .fields = fake_command_fields,
                                       .size = sizeof (FakeCommand), .shorthand = "run" };
static const KindSpec fake_scale = { .name = "scale", .help = "How many run",
                                     .fields = fake_scale_fields, .size = sizeof (FakeScale),
                                     .complain = fake_scale_complain,
                                     .implied_until = fake_scale_until,
                                     .implied_undo = fake_scale_undo };
static const KindSpec fake_restart = { .name = "restart", .help = "Stop and start",
                                       .fields = fake_restart_fields,
                                       .size = sizeof (FakeScale), .shorthand = "service" };
static const KindSpec fake_run = { .name = "run", .help = "A program",
                                   .fields = fake_run_fields, .size = sizeof (FakeRun),
                                   .shorthand = "argv" };
static const KindSpec fake_compose = { .name = "compose", .help = "Docker Compose",
                                       .fields = fake_compose_fields,
                                       .size = sizeof (FakeCompose) };
FAKE_LATER (queues);
FAKE_LATER (redis);
FAKE_LATER (http);
FAKE_LATER (dns);
FAKE_LATER (setting);
FAKE_LATER (database);
FAKE_LATER (disk);
FAKE_LATER (quiet);
FAKE_LATER (edit);
FAKE_LATER (apply);
FAKE_LATER (dump);
FAKE_LATER (restore);
FAKE_LATER (analyze);
FAKE_LATER (prove);
FAKE_LATER (ecs);
FAKE_LATER (kubernetes);
static const KindSpec fake_redis_save = { .name = "redis-save", .help = "For tests",
                                          .later = TRUE };
static const KindSpec fake_read_only = { .name = "read-only", .help = "For tests",
                                         .later = TRUE };

static const KindSpec *const fake_checks[] = {
  &fake_service, &fake_queues,  &fake_redis,    &fake_http, &fake_tcp, &fake_command,
  &fake_dns,     &fake_setting, &fake_database, &fake_disk, NULL
};
static const KindSpec *const fake_actions[] = {
  &fake_scale, &fake_quiet, &fake_restart, &fake_run,       &fake_redis_save, &fake_edit,
  &fake_apply, &fake_dump,  &fake_restore, &fake_analyze,   &fake_read_only,  &fake_prove,
  NULL
};
static const KindSpec *const fake_platforms[] = { &fake_compose, &fake_ecs, &fake_kubernetes,
                                                  NULL };
static const Vocabulary fake_vocabulary = { fake_checks, fake_actions, fake_platforms };

#endif
