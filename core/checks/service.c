/* service.c: how many instances of a service run, are ready, and of what image. */
#include "core/checks/checks.h"

#include <stddef.h>
#include <string.h>

#include "core/base/text.h"
#include "core/run/deployment.h"

/* An instance that came up less than this ago may still fall over: a process that
 * does not find what it needs at its start ends within a few seconds. */
#define SERVICE_UP_US (10 * G_USEC_PER_SEC)

static const char *const running_words[] = { "recorded", NULL };
static const char *const ready_words[] = { "recorded", "planned", NULL };
static const char *const images_words[] = { "any", "recorded", NULL };

static const Field fields[] = {
  { .name = "name",
    .type = FIELD_SERVICES,
    .offset = offsetof (CheckServiceSettings, names),
    .flags = FIELD_REQUIRED,
    .help = "The service, or a list of services that must all be so" },
  { .name = "running",
    .type = FIELD_AMOUNT,
    .offset = offsetof (CheckServiceSettings, running),
    .max = 1000,
    .choices = running_words,
    .help = "How many instances exist, terminating ones included" },
  { .name = "ready",
    .type = FIELD_AMOUNT,
    .offset = offsetof (CheckServiceSettings, ready),
    .max = 1000,
    .choices = ready_words,
    .help = "How many pass their health check, are up for 10 s and do not restart" },
  { .name = "images",
    .type = FIELD_CHOICE,
    .offset = offsetof (CheckServiceSettings, images),
    .fallback = "any",
    .choices = images_words,
    .help = "Whether the images must be the ones that were recorded" },
  { 0 },
};

static char *
complain (const void *data)
{
  const CheckServiceSettings *settings = data;
  if (settings->running.type != AMOUNT_UNSET || settings->ready.type != AMOUNT_UNSET ||
      settings->images != IMAGES_ANY)
    return NULL;
  return g_strdup (
      "nothing is checked of the service; say how many must be `running:` or "
      "`ready:`, or `images: recorded`");
}

static const char *const *
services (const void *data)
{
  const CheckServiceSettings *settings = data;
  return (const char *const *)settings->names;
}

/* Why nothing is looked at for the service, or NULL: it is not ours to see. A site may
 * lack a service that the runbook's `when` makes optional. */
static char *
not_ours (const CheckContext *context, const char *service)
{
  const SiteService *known = site_service (context->site, service);
  if (!known)
    return g_strdup_printf ("%s is not of this site: not looked at", service);
  if (known->managed)
    return g_strdup_printf ("%s is %s: not ours", service, known->managed);
  return NULL;
}

static void
needs (const void *data, const CheckContext *context, GPtrArray *requests)
{
  const CheckServiceSettings *settings = data;
  for (char **name = settings->names; *name; name++) {
    g_autofree char *why = not_ours (context, *name);
    if (why)
      continue;
    g_ptr_array_add (requests, request_platform (context->platform->interval_us));
    return;
  }
}

/* The verdicts on several services and conditions become one: the worst. Only
 * what does not pass is named, all of it where everything passes. */
typedef struct {
  Verdict worst;
  gboolean any;
  GString *failing;
  GString *passing;
} Summary;

static guint
badness (Verdict verdict)
{
  static const guint order[] = {
    [VERDICT_NOT_OURS] = 0, [VERDICT_HOLDS] = 1, [VERDICT_ACCEPTED] = 2,
    [VERDICT_NOT_YET] = 3,  [VERDICT_NEVER] = 4, [VERDICT_UNKNOWN] = 5,
    [VERDICT_STALE] = 6,
  };
  return order[verdict];
}

static void
summary_add (Summary *summary, const Judgement *one)
{
  GString *texts = verdict_passes (one->verdict) ? summary->passing : summary->failing;
  g_string_append_printf (texts, "%s%s", texts->len ? "; " : "", one->text);
  if (!summary->any || badness (one->verdict) > badness (summary->worst))
    summary->worst = one->verdict;
  summary->any = TRUE;
}

typedef struct {
  const CheckContext *context;
  const json_t *body;
  const json_t *before; /* the first look since the watching began, or NULL */
  const char *service;
  gint64 began_us; /* boot time of the look */
} View;

static void
judge_running (const View *view, const Amount *amount, Judgement *one)
{
  gint64 wanted = 0;
  gint64 running = deployment_running (view->body, view->service);
  if (!check_amount (view->context, amount, view->service, &wanted, one))
    return;
  if (running == wanted)
    judgement_set (one, VERDICT_HOLDS, "%s: %" G_GINT64_FORMAT " running", view->service,
                   running);
  else
    judgement_set (one,
                   deployment_settled (view->body, view->service) ? VERDICT_NEVER
                                                                  : VERDICT_NOT_YET,
                   "%s: %" G_GINT64_FORMAT " running, %" G_GINT64_FORMAT " wanted",
                   view->service, running, wanted);
}

static gint64
restarts_of (const json_t *instance)
{
  return json_integer_value (json_object_get (instance, "restarts"));
}

static gint64
earlier_restarts (const View *view, const char *id, gint64 otherwise)
{
  const json_t *service = deployment_service (view->before, view->service);
  size_t index;
  json_t *instance;
  json_array_foreach (json_object_get (service, "instances"), index, instance)
  {
    if (g_strcmp0 (id, json_string_value (json_object_get (instance, "id"))) == 0)
      return restarts_of (instance);
  }
  return otherwise;
}

/* "x_1 restarts again and again (7 times, exit 1)" of the first instance that
 * restarted since the watching began, or NULL. */
static char *
restart_loop (const View *view)
{
  const json_t *service = deployment_service (view->body, view->service);
  size_t index;
  json_t *instance;
  json_array_foreach (json_object_get (service, "instances"), index, instance)
  {
    const char *id = json_string_value (json_object_get (instance, "id"));
    const char *name = json_string_value (json_object_get (instance, "name"));
    gint64 restarts = restarts_of (instance);
    json_int_t status = json_integer_value (json_object_get (instance, "exit"));
    g_autofree char *exit_text = NULL;
    if (restarts <= earlier_restarts (view, id, restarts))
      continue;
    exit_text =
        status ? g_strdup_printf (", exit %" JSON_INTEGER_FORMAT, status) : g_strdup ("");
    return g_strdup_printf ("%s restarts again and again (%" G_GINT64_FORMAT " times%s)",
                            name ? name : view->service, restarts, exit_text);
  }
  return NULL;
}

/* When the youngest of the instances that are fine but for their uptime will have
 * been up long enough, boot time. Their clock goes as fast as the procedure's. */
static gint64
uptime_reached (const View *view)
{
  const json_t *service = deployment_service (view->body, view->service);
  gint64 clock_us = json_integer_value (json_object_get (view->body, "clock_us"));
  gint64 youngest_us = 0;
  size_t index;
  json_t *instance;
  json_array_foreach (json_object_get (service, "instances"), index, instance)
  {
    gint64 since_us = json_integer_value (json_object_get (instance, "since_us"));
    if (json_is_true (json_object_get (instance, "running")))
      youngest_us = MAX (youngest_us, since_us);
  }
  gint64 left_us = MAX (youngest_us + SERVICE_UP_US - clock_us, 0);
  gint64 speed = MAX (view->context->speed, 1);
  return view->began_us + (left_us + speed - 1) / speed;
}

/* Instances that run or may come to by themselves: a paused one will not. */
static gint64
hopeful (const View *view)
{
  const json_t *service = deployment_service (view->body, view->service);
  gint64 count = deployment_running (view->body, view->service);
  size_t index;
  json_t *instance;
  json_array_foreach (json_object_get (service, "instances"), index, instance)
  {
    const char *state = json_string_value (json_object_get (instance, "state"));
    if (g_strcmp0 (state, "paused") == 0)
      count--;
  }
  return count;
}

static void
judge_short (const View *view, gint64 ready, gint64 wanted, Judgement *one)
{
  gboolean settled = deployment_settled (view->body, view->service);
  gboolean young =
      deployment_ready (view->body, view->service, view->before, 0) == wanted;
  g_autofree char *loop = restart_loop (view);
  g_autofree char *reason = loop ? NULL : deployment_reason (view->body, view->service);
  g_autofree char *loop_line = loop ? text_printable (loop, -1) : NULL;
  const char *why = loop ? loop_line : reason;
  Verdict verdict =
      !loop && settled && hopeful (view) != wanted ? VERDICT_NEVER : VERDICT_NOT_YET;
  if (young && !why)
    why = "not up for 10 s yet";
  if (ready < wanted)
    judgement_set (one, verdict,
                   "%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " ready%s%s",
                   view->service, ready, wanted, why ? "; " : "", why ? why : "");
  else
    judgement_set (one, verdict,
                   "%s: %" G_GINT64_FORMAT " ready, %" G_GINT64_FORMAT " wanted",
                   view->service, ready, wanted);
  if (young)
    one->wake_us = uptime_reached (view);
}

static void
judge_ready (const View *view, const Amount *amount, Judgement *one)
{
  gint64 wanted = 0;
  gint64 ready =
      deployment_ready (view->body, view->service, view->before, SERVICE_UP_US);
  if (!check_amount (view->context, amount, view->service, &wanted, one))
    return;
  /* None ready is not none: what is sick or on its way is still there. */
  if (wanted == 0)
    judge_running (view, amount, one);
  else if (ready == wanted)
    judgement_set (one, VERDICT_HOLDS, "%s: %" G_GINT64_FORMAT " ready", view->service,
                   ready);
  else
    judge_short (view, ready, wanted, one);
}

static void
judge_images (const View *view, Judgement *one)
{
  const Ledger *ledger = view->context->ledger;
  const LedgerEntry *entry = ledger ? ledger_get (ledger, view->service) : NULL;
  g_autofree char *images = deployment_images (view->body, view->service);
  if (!entry || !entry->images)
    judgement_set (
        one, VERDICT_NEVER,
        "%s: no images were recorded; run shutdown with `record: [images]` first, "
        "or give --after RUN",
        view->service);
  else if (!*entry->images)
    judgement_set (one, VERDICT_HOLDS,
                   "%s: had no instance when recorded, no image to compare",
                   view->service);
  else if (!*images)
    judgement_set (one, VERDICT_NEVER,
                   "%s: no instance is there whose image could be compared",
                   view->service);
  else if (strcmp (images, entry->images) == 0)
    judgement_set (one, VERDICT_HOLDS, "%s: images as recorded", view->service);
  else
    judgement_set (one, VERDICT_NEVER, "%s: image is %.26s, recorded was %.26s",
                   view->service, images, entry->images);
}

static void
keep_earlier_wake (Judgement *judgement, const Judgement *one)
{
  if (!judgement->wake_us || one->wake_us < judgement->wake_us)
    judgement->wake_us = one->wake_us;
}

typedef enum {
  CONDITION_RUNNING,
  CONDITION_READY,
  CONDITION_IMAGES,
  CONDITIONS
} Condition;

static gboolean
is_wanted (const CheckServiceSettings *settings, Condition condition)
{
  switch (condition) {
  case CONDITION_RUNNING:
    return settings->running.type != AMOUNT_UNSET;
  case CONDITION_READY:
    return settings->ready.type != AMOUNT_UNSET;
  default:
    return settings->images == IMAGES_RECORDED;
  }
}

static void
judge_service (const CheckServiceSettings *settings, const View *view, Summary *summary,
               Judgement *judgement)
{
  for (Condition condition = 0; condition < CONDITIONS; condition++) {
    g_auto (Judgement) one = { 0 };
    if (!is_wanted (settings, condition))
      continue;
    if (condition == CONDITION_RUNNING)
      judge_running (view, &settings->running, &one);
    else if (condition == CONDITION_READY)
      judge_ready (view, &settings->ready, &one);
    else
      judge_images (view, &one);
    summary_add (summary, &one);
    if (one.wake_us > view->context->now.boot_us)
      keep_earlier_wake (judgement, &one);
  }
}

/* FALSE, with `judgement` set, when there is nothing to judge by. */
static gboolean
judge_all (const CheckServiceSettings *settings, const CheckContext *context,
           Summary *summary, Judgement *judgement)
{
  for (char **name = settings->names; *name; name++) {
    g_autofree char *why = not_ours (context, *name);
    if (why) {
      g_auto (Judgement) one = { 0 };
      judgement_set (&one, VERDICT_NOT_OURS, "%s", why);
      summary_add (summary, &one);
      continue;
    }
    g_autoptr (Request) request = request_platform (context->platform->interval_us);
    const Reading *reading = check_reading (context, request, judgement);
    if (!reading)
      return FALSE;
    const Reading *first =
        evidence_first_since (context->evidence, request->key, context->since_us);
    View view = { .context = context,
                  .body = reading->body,
                  .before = first ? first->body : NULL,
                  .service = *name,
                  .began_us = reading->began.boot_us };
    judge_service (settings, &view, summary, judgement);
  }
  return TRUE;
}

static void
judge (const void *data, const CheckContext *context, Judgement *judgement)
{
  g_autoptr (GString) failing = g_string_new (NULL);
  g_autoptr (GString) passing = g_string_new (NULL);
  Summary summary = { .failing = failing, .passing = passing };
  if (!judge_all (data, context, &summary, judgement))
    return;
  judgement_set (judgement, summary.worst, "%s",
                 failing->len ? failing->str : passing->str);
}

/* "none running", "2 ready", "as many ready as were recorded". */
static char *
amount_words (const Amount *amount, const char *what)
{
  if (amount->type == AMOUNT_RECORDED)
    return g_strdup_printf ("as many %s as were recorded", what);
  if (amount->type == AMOUNT_PLANNED)
    return g_strdup_printf ("as many %s as planned", what);
  if (amount->number == 0)
    return g_strdup_printf ("none %s", what);
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", amount->number, what);
}

static char *
words (const void *data)
{
  const CheckServiceSettings *settings = data;
  gboolean images = settings->images != IMAGES_ANY;
  g_autofree char *names = text_list ((const char *const *)settings->names, "and");
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  if (settings->running.type != AMOUNT_UNSET)
    g_ptr_array_add (parts, amount_words (&settings->running, "running"));
  if (settings->ready.type != AMOUNT_UNSET)
    g_ptr_array_add (parts, amount_words (&settings->ready, "ready"));
  if (images)
    g_ptr_array_add (parts, g_strdup ("the images that were recorded"));
  g_ptr_array_add (parts, NULL);
  g_autofree char *all = text_list ((const char *const *)parts->pdata, "and");
  return g_strdup_printf ("%s %s %s", names, settings->names[1] ? "have" : "has", all);
}

/* What counts as ready has been up for a while. */
static gint64
shows_us (const void *data)
{
  const CheckServiceSettings *settings = data;
  return settings->ready.type == AMOUNT_UNSET ? 0 : SERVICE_UP_US;
}

const CheckKind check_service = {
  .spec = { .name = "service",
            .help = "How many instances of a service run or are ready, and of what image",
            .fields = fields,
            .size = sizeof (CheckServiceSettings),
            .complain = complain,
            .services = services,
            .words = words },
  .needs = needs,
  .judge = judge,
  .shows_us = shows_us,
};
