/* site.h: where a procedure is applied, as the site file says it. */
#ifndef HANDRAIL_RUNBOOK_SITE_H
#define HANDRAIL_RUNBOOK_SITE_H

#include "core/base/mask.h"
#include "core/base/problem.h"
#include "core/runbook/field.h"

/* A service, by the procedure's name. */
typedef struct {
  char *name;       /* the procedure's name */
  char *service;    /* what the platform calls it; equals `name` unless said */
  char *managed;    /* who runs it, when it is not ours to scale; else NULL */
  gint64 replicas;  /* what it should have, or FIELD_UNSET */
  char *health;     /* URL that answers for it, or NULL */
  char *ca_file;    /* certificates that `health` is checked by; NULL: the system's */
  Place place;
} SiteService;

/* A Redis or Valkey. redis_address.h reads the URL. */
typedef struct {
  char *url;           /* never NULL where the section is there */
  char *user;          /* or NULL: the URL's, or none */
  char *password_file; /* holds the password in its first line; or NULL: the URL's, or none */
  char *ca_file;       /* or NULL: the system's certificates */
} SiteRedis;

typedef struct {
  char *file;           /* as given to site_load() */
  char *name;
  gboolean production;  /* true unless the file says otherwise */
  gboolean practice;    /* a simulated deployment; never true of what is shipped */
  Clause *platform;     /* kind: a row of Vocabulary.platforms */
  GHashTable *identity; /* name → text: what the target must prove; may be empty */
  Place identity_place; /* of the mapping's key; line 0 when there is none */
  GPtrArray *services;  /* SiteService *, in file order */
  char *digest;         /* SHA-256 of the file, hexadecimal */
  GBytes *bytes;        /* the file itself */
} Site;

extern const Field site_fields[];

/* `settings` are --set values (name → text); "section.key" ones replace or add
 * a value of that section, others are left to the runbook. NULL if the file
 * cannot be used at all; problems are added either way. */
Site *site_load (const char *file, GBytes *bytes, const Vocabulary *vocabulary,
                 GHashTable *settings, Problems *problems);
void site_free (Site *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

/* Why a site of practice cannot be worked on as if it were a real one, and what to do instead;
 * NULL: it is no such site. It may be read and shown. Newly allocated. */
char *site_practice_problem (const Site *site);

/* What is to be done where the target is not the one that the site names: an order, to stand
 * behind a semicolon. Newly allocated. */
char *site_wrong_target_remedy (const Site *site);

/* NULL if the site has no such service. */
const SiteService *site_service (const Site *site, const char *name);

/* The platform's kind name: "compose". */
const char *site_platform (const Site *site);

/* Whether the site file has that section ("redis", "postgres"). */
gboolean site_has_section (const Site *site, const char *section);

/* The section "redis" or "redis-new"; NULL if the site has none. */
const SiteRedis *site_redis (const Site *site, const char *section);

/* "redis.internal:6379/1" for people, or the section's name where it does not say where
 * that is. Newly allocated. */
char *site_redis_address (const Site *site, const char *section);

/* Adds every secret of the site file (passwords in URLs, secret fields). What
 * password files hold is added by whoever reads them. */
void site_mask (const Site *site, Mask *mask);

/* The file with `identity` (name → text) in place of its identity section, or
 * added after the platform's; everything else byte for byte. Newly allocated. NULL
 * where the text has a shape that cannot be edited safely (the whole file in flow
 * style, one entry over several lines, or what is read back would not be the same):
 * then people must write it. */
char *site_pin (const Site *site, GHashTable *identity);

#endif
