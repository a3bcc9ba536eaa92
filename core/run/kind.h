/* kind.h: what a kind of check, of action and of platform is.
 *
 * Checks, actions and platforms do not see each other: they meet here. Each is
 * one file with one constant record, and one row in its folder's table. Every
 * function is pure. */
#ifndef HANDRAIL_RUN_KIND_H
#define HANDRAIL_RUN_KIND_H

#include "core/run/reading.h"
#include "core/runbook/runbook.h"

/* ---- what was recorded ---------------------------------------------------- */

typedef struct {
  char *service;
  gint64 count;      /* running instances when recorded */
  char *images;      /* deployment_images() then; or NULL */
  char *version;     /* what its health address said of itself then; or NULL */
  gboolean managed;  /* not ours; count is not meaningful */
  gboolean restored; /* brought back to `count` since */
} LedgerEntry;

typedef struct Ledger Ledger;
Ledger *ledger_new (void);
void ledger_free (Ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ledger, ledger_free)
/* The first reading of a service wins: a second one is passed over. */
void ledger_record (Ledger *ledger, const char *service, gint64 count, const char *images,
                    gboolean managed);
void ledger_set_version (Ledger *ledger, const char *service, const char *version);
const LedgerEntry *ledger_get (const Ledger *ledger, const char *service);
void ledger_set_restored (Ledger *ledger, const char *service, gboolean restored);
guint ledger_size (const Ledger *ledger);
const LedgerEntry *ledger_at (const Ledger *ledger, guint index); /* in order of recording */
/* Some service of ours was recorded above zero and is not restored. */
gboolean ledger_is_open (const Ledger *ledger);
json_t *ledger_to_json (const Ledger *ledger); /* {service: {count, images, managed, restored,
                                                version or absent}} */
gboolean ledger_merge_json (Ledger *ledger, const json_t *json); /* FALSE: not a ledger */

/* ---- checks --------------------------------------------------------------- */

typedef enum {
  VERDICT_UNKNOWN, /* not looked at yet */
  VERDICT_STALE,   /* the last reading is too old or failed: never counts as good */
  VERDICT_NOT_YET, /* does not hold, may come true by itself */
  VERDICT_NEVER,   /* does not hold, and will not come true unless somebody acts */
  VERDICT_HOLDS,
  VERDICT_NOT_OURS, /* a managed service: shown so, stands in nobody's way */
  VERDICT_ACCEPTED, /* does not hold, and the operator goes on all the same */
} Verdict;
const char *verdict_name (Verdict verdict); /* "unknown", "not-yet", … */
gboolean verdict_from_name (const char *name, Verdict *verdict);
gboolean verdict_passes (Verdict verdict);  /* HOLDS, NOT_OURS or ACCEPTED */

typedef struct PlatformKind PlatformKind;

typedef struct {
  const Site *site;
  const PlatformKind *platform;
  const Evidence *evidence;
  const Ledger *ledger;
  const json_t *planned;   /* {service: count} of the step's action, or NULL */
  const json_t *proofs;    /* {name: text}: what checks have proved in this run; or NULL */
  Moment now;
  gint64 fresh_after_us;   /* boot time: readings that began earlier do not count */
  gint64 acted_us;         /* boot time of the run's last change: what was seen earlier shows
                              how it was before */
  gint64 since_us;         /* boot time at which the watching of this clause began */
  gint64 unseen_us;        /* boot time: what began earlier, and is too old to go by by now,
                              was seen for something else, and counts as not looked at */
  gint64 until_us;         /* and at which it ends; 0: it has no end */
  gint64 speed;            /* procedure time per machine time; 1 but in practice */
} CheckContext;

typedef struct {
  Verdict verdict;
  char *text;     /* what is true, for people: "web has 2 running, 0 wanted" */
  char *gist;     /* what of it is news when it changes, where numbers in the text move all
                     the time: "growing"; NULL: all of it */
  json_t *proves; /* {name: text}: what is proved by it, whatever the verdict, and can be
                     gone by in the rest of the run; or NULL. No two checks prove different
                     things by one name. */
  gboolean vain;  /* with VERDICT_NEVER: what the step offers would not help */
  gint64 wake_us; /* boot time at which to judge again without a new reading, or 0 */
} Judgement;
void judgement_clear (Judgement *judgement);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Judgement, judgement_clear)

/* Sets verdict and text. */
void judgement_set (Judgement *judgement, Verdict verdict, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

typedef struct {
  KindSpec spec;
  /* Adds the requests (Request *, owned by the array) whose readings judge() wants. */
  void (*needs) (const void *settings, const CheckContext *context, GPtrArray *requests);
  /* Must set a verdict and a text. */
  void (*judge) (const void *settings, const CheckContext *context, Judgement *judgement);
  /* Procedure time after a change until the verdict tells whether it helped; NULL: the
   * first reading that began after it does. */
  gint64 (*shows_us) (const void *settings);
  /* How a person looks without this program: adds plans (Plan *, owned by the array) whose
   * commands show it, and whose `change` says how to read what they print. NULL: the words
   * of the check say enough. */
  void (*by_hand) (const void *settings, const Site *site, GPtrArray *plans);
} CheckKind;

/* The latest reading for `request` if it may be judged by: it began after
 * `fresh_after_us`, is without error, and is no older than max(3 intervals, 1 s).
 * Otherwise NULL, with `judgement` set to UNKNOWN or STALE and the reason. */
const Reading *check_reading (const CheckContext *context, const Request *request,
                              Judgement *judgement);

/* The latest reading for `request` if it failed and is fresh enough; else NULL. To fail
 * the next look may take its whole limit, so that long it is fresh for more. */
const Reading *check_failure (const CheckContext *context, const Request *request);

/* Boot time from which what does not hold will not come true by itself: `patience_us` of
 * procedure time after the watching began, but half-way to its end at the latest, so that
 * what is offered then has time to help. */
gint64 check_patience_end (const CheckContext *context, gint64 patience_us);

/* What an amount comes to: TRUE and *count; or FALSE with `judgement` set. */
gboolean check_amount (const CheckContext *context, const Amount *amount,
                       const char *service, gint64 *count, Judgement *judgement);

/* ---- plans ---------------------------------------------------------------- */

typedef struct {
  GStrv argv;
  char *directory; /* to run it in, or NULL */
  char *login;     /* the site's section ("redis") whose password the program finds in its
                      environment, where there is one; or NULL */
} Command;

/* What an action comes to, here and now. */
typedef struct {
  GPtrArray *commands; /* Command *, to run in this order, each must exit 0 */
  char *instruction;   /* instead of commands: what a person has to do ("not ours") */
  char *change;        /* "nginx: 1 → 0", one line */
  char *word;          /* what confirming takes where it must be typed */
  char *way_back;      /* "scale nginx to 1", or NULL: there is no way back */
  json_t *prior;       /* {service: running now}: part of the digest */
  json_t *planned;     /* {service: count to reach} */
  gboolean restores;   /* brings `planned` services back to what was recorded */
} Plan;
Plan *plan_new (void);
/* For a managed service: "redis is not ours to VERB (WHO): DO_THERE, then say what was
 * done". */
Plan *plan_new_instruction (const SiteService *service, const char *verb,
                            const char *do_there);
void plan_free (Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Plan, plan_free)
/* Copies; `directory` may be NULL. */
void plan_add_command (Plan *plan, const char *const *argv, const char *directory);
/* The same for a program that logs in to what that section of the site names. */
void plan_add_login (Plan *plan, const char *const *argv, const char *section);
/* SHA-256 over target, commands (or instruction) and prior counts, hexadecimal. */
char *plan_digest (const Plan *plan, const Site *site);

typedef struct {
  const Site *site;
  const PlatformKind *platform;
  const json_t *deployment; /* body of a fresh look, or NULL if the action needs none */
  const json_t *reading;    /* body of a fresh reading of what the action `reads`, or NULL */
  const Ledger *ledger;
} PlanContext;

typedef enum {
  PLAN_ERROR_IMPOSSIBLE, /* message: why, and what to change */
  PLAN_ERROR_REFUSED,    /* a safety rule: status 3 */
} PlanError;
#define PLAN_ERROR (plan_error_quark ())
GQuark plan_error_quark (void);

/* The service that an action is for. NULL with PLAN_ERROR if the site has none. */
const SiteService *plan_service (const PlanContext *context, const char *name,
                                 GError **error);

typedef struct {
  KindSpec spec;
  gboolean looks; /* plan() wants `deployment` */
  /* What plan() wants a `reading` of; NULL: nothing. */
  Request *(*reads) (const void *settings);
  /* NULL with `error` set (PLAN_ERROR). */
  Plan *(*plan) (const void *settings, const PlanContext *context, GError **error);
} ActionKind;

/* ---- platforms ------------------------------------------------------------ */

struct PlatformKind {
  KindSpec spec;            /* fields of `platform: {compose: …}` */
  gint64 interval_us;       /* procedure time between two looks */
  gint64 limit_us;          /* machine time one look may take */
  const char *const *identity_names; /* what `identity` may hold, NULL-terminated */

  /* The command number `stage` of a look, given what the earlier ones printed
   * (`outputs`, GBytes *); NULL when the look is complete, or with `error`. */
  Command *(*look) (const Site *site, guint stage, const GPtrArray *outputs, GError **error);
  /* The body (deployment.h) from all outputs; NULL with `error` set. */
  json_t *(*read) (const Site *site, const GPtrArray *outputs, GError **error);
  /* What a failed look command means, from its exit status and standard error, as a
   * sentence with a remedy; newly allocated. */
  char *(*explain) (const Site *site, guint stage, int status, const char *standard_error);

  /* Adds the commands that bring `service` to `to` running instances.
   * `grace_s` < 0: the platform's own. FALSE with PLAN_ERROR. */
  gboolean (*scale) (const Site *site, const json_t *deployment, const SiteService *service,
                     gint64 to, gint64 grace_s, Plan *plan, GError **error);
  gboolean (*restart) (const Site *site, const json_t *deployment,
                       const SiteService *service, Plan *plan, GError **error);
  /* The command that shows the last log lines of a service, or NULL. */
  Command *(*log) (const Site *site, const json_t *deployment, const SiteService *service,
                   guint lines);
};

/* Whether `deployment` proves to be what the site's identity says: NULL if so,
 * else the sentence why not and what to do, newly allocated. Without identity
 * only a site that is not production passes. */
char *platform_identity_problem (const Site *site, const PlatformKind *platform,
                                 const json_t *deployment);

void command_free (Command *command);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Command, command_free)
Command *command_new (const char *const *argv, const char *directory);

#endif
