/* command.c: a program ends as it should, and says what it should. */
#include "core/checks/checks.h"

#include <stddef.h>
#include <string.h>

#include "core/base/text.h"

/* As for a port: what is not so by then will not come by itself. */
#define COMMAND_PATIENCE_US (15 * G_USEC_PER_SEC)

/* How much of what a program says fits into a verdict. */
#define COMMAND_LINE_CHARACTERS 60

static const Field fields[] = {
  { .name = "run",
    .type = FIELD_ARGV,
    .offset = offsetof (CheckCommandSettings, argv),
    .flags = FIELD_REQUIRED,
    .help = "The program and its arguments; no shell reads them" },
  { .name = "status",
    .type = FIELD_COUNT,
    .offset = offsetof (CheckCommandSettings, status),
    .max = 255,
    .fallback = "0",
    .help = "The exit status that it must have" },
  { .name = "match",
    .type = FIELD_PATTERN,
    .offset = offsetof (CheckCommandSettings, match),
    .help = "What must be found in its standard output" },
  { .name = "every",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckCommandSettings, every_us),
    .min = G_USEC_PER_SEC,
    .max = 3600 * (gint64)G_USEC_PER_SEC,
    .fallback = "5s",
    .help = "How long to wait before it is run again" },
  { .name = "limit",
    .type = FIELD_DURATION,
    .offset = offsetof (CheckCommandSettings, limit_us),
    .min = G_USEC_PER_SEC,
    .max = 600 * (gint64)G_USEC_PER_SEC,
    .fallback = "30s",
    .help = "How long it may run before it is ended" },
  { 0 },
};

static Request *
request_of (const CheckCommandSettings *settings)
{
  return request_command ((const char *const *)settings->argv, settings->every_us,
                          settings->limit_us);
}

static void
needs (const void *data, const CheckContext *context, GPtrArray *requests)
{
  (void)context;
  g_ptr_array_add (requests, request_of (data));
}

/* `, "first line"`, or nothing if it said nothing. */
static char *
said (const char *output)
{
  g_autofree char *first = g_strndup (output, strcspn (output, "\r\n"));
  g_autofree char *printable = text_printable (first, -1);
  g_autofree char *cut = text_cut_middle (printable, COMMAND_LINE_CHARACTERS);
  return *cut ? g_strdup_printf (", said \"%s\"", cut) : g_strdup ("");
}

static char *
ended (const json_t *body)
{
  const json_t *signal = json_object_get (body, "signal");
  json_int_t status = json_integer_value (json_object_get (body, "status"));
  if (signal)
    return g_strdup_printf ("ended by signal %" JSON_INTEGER_FORMAT,
                            json_integer_value (signal));
  if (!json_is_integer (json_object_get (body, "status")))
    return g_strdup ("ended somehow");
  return g_strdup_printf ("exit %" JSON_INTEGER_FORMAT, status);
}

/* What keeps it from holding, newly allocated, or NULL. */
static char *
shortfall (const CheckCommandSettings *settings, const json_t *body)
{
  const char *output = json_string_value (json_object_get (body, "output"));
  const json_t *status = json_object_get (body, "status");
  g_autoptr (GError) error = NULL;
  gboolean found = FALSE;
  if (!json_is_integer (status) || json_integer_value (status) != settings->status ||
      json_object_get (body, "signal"))
    return g_strdup_printf ("%" G_GINT64_FORMAT " wanted", settings->status);
  if (!settings->match)
    return NULL;
  if (!pattern_search (settings->match, output ? output : "",
                       output ? strlen (output) : 0, &found, &error))
    return g_strdup (error->message);
  if (found)
    return NULL;
  return g_strdup_printf ("/%s/ not found%s", pattern_expression (settings->match),
                          json_is_true (json_object_get (body, "cut"))
                              ? " in what was kept of its output"
                              : "");
}

/* A program that cannot be run, or does not end, has said nothing yet; when it goes on
 * like this, it will not by itself. */
static void
judge_failure (const CheckContext *context, const char *name, const Reading *failure,
               gint64 patient_until_us, Judgement *judgement)
{
  gboolean patient = context->now.boot_us < patient_until_us;
  judgement_set (judgement, patient ? VERDICT_STALE : VERDICT_NEVER, "%s: %s", name,
                 failure->error);
  judgement->wake_us = patient ? patient_until_us : 0;
}

static void
judge_end (const CheckCommandSettings *settings, const char *name, const Reading *reading,
           gboolean patient, Judgement *judgement)
{
  const char *output = json_string_value (json_object_get (reading->body, "output"));
  g_autofree char *words = said (output ? output : "");
  g_autofree char *end = ended (reading->body);
  g_autofree char *missing = shortfall (settings, reading->body);
  if (missing)
    judgement_set (judgement, patient ? VERDICT_NOT_YET : VERDICT_NEVER, "%s: %s, %s%s",
                   name, end, missing, words);
  else
    judgement_set (judgement, VERDICT_HOLDS, "%s: %s%s", name, end, words);
}

static void
judge (const void *data, const CheckContext *context, Judgement *judgement)
{
  const CheckCommandSettings *settings = data;
  g_autoptr (Request) request = request_of (settings);
  gint64 patient_until_us = check_patience_end (context, COMMAND_PATIENCE_US);
  gboolean patient = context->now.boot_us < patient_until_us;
  g_autofree char *line = text_command ((const char *const *)settings->argv);
  g_autofree char *name = text_cut_middle (line, COMMAND_LINE_CHARACTERS);
  const Reading *failure = check_failure (context, request);
  if (failure) {
    judge_failure (context, name, failure, patient_until_us, judgement);
    return;
  }
  const Reading *reading = check_reading (context, request, judgement);
  if (!reading)
    return;
  judge_end (settings, name, reading, patient, judgement);
  if (judgement->verdict == VERDICT_NOT_YET && patient_until_us < judgement->wake_us)
    judgement->wake_us = patient_until_us;
}

static char *
words (const void *data)
{
  const CheckCommandSettings *settings = data;
  g_autofree char *line = text_command ((const char *const *)settings->argv);
  g_autofree char *name = text_cut_middle (line, COMMAND_LINE_CHARACTERS);
  if (!settings->match)
    return g_strdup_printf ("%s: exit %" G_GINT64_FORMAT, name, settings->status);
  return g_strdup_printf ("%s: exit %" G_GINT64_FORMAT ", said /%s/", name,
                          settings->status, pattern_expression (settings->match));
}

const CheckKind check_command = {
  .spec = { .name = "command",
            .help = "A program ends with the right status and says the right thing",
            .fields = fields,
            .size = sizeof (CheckCommandSettings),
            .shorthand = "run",
            .words = words },
  .needs = needs,
  .judge = judge,
};
