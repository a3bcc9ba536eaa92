#include "core/runbook/site.h"

#include <string.h>

#include "core/base/text.h"
#include "core/runbook/reader.h"
#include "core/runbook/redis_address.h"

#define SITE_FORMAT "1"

typedef struct {
  char *host, *database, *user, *passfile, *service;
  gint64 port;
} Postgres;

typedef struct {
  GStrv servers;
} Dns;

typedef struct {
  char *env_file, *values_file;
  GStrv apply;
} Config;

/* All that a site file says. */
typedef struct {
  Site site; /* first: a Site * is a SiteFile * */
  gint64 format;
  SiteRedis *redis, *redis_new;
  Postgres *postgres, *postgres_new;
  Dns *dns;
  Config *config;
} SiteFile;

#define ROW(where, key, kind, member, words)                                            \
  {                                                                                     \
    .name = key, .type = kind, .offset = G_STRUCT_OFFSET (where, member), .help = words \
  }
#define SECTION(key, table, struct_type, member, words)                              \
  {                                                                                  \
    .name = key, .type = FIELD_OBJECT, .offset = G_STRUCT_OFFSET (SiteFile, member), \
    .fields = table, .size = sizeof (struct_type), .help = words                     \
  }

static const Field redis_fields[] = {
  { .name = "url",
    .type = FIELD_REDIS,
    .offset = G_STRUCT_OFFSET (SiteRedis, url),
    .flags = FIELD_REQUIRED,
    .help = "redis://HOST:PORT/DATABASE, rediss://… with TLS, unix:///PATH?db=DATABASE" },
  ROW (SiteRedis, "user", FIELD_TEXT, user, "User to log in as"),
  ROW (SiteRedis, "password-file", FIELD_PATH, password_file,
       "File whose first line is the password: a path from / or ~/ on"),
  ROW (SiteRedis, "ca-file", FIELD_PATH, ca_file,
       "Certificates that the server's is checked by: a path from / on"),
  { 0 },
};

static const Field postgres_fields[] = {
  ROW (Postgres, "host", FIELD_HOST, host, "Host name or address"),
  ROW (Postgres, "port", FIELD_PORT, port, "Port"),
  ROW (Postgres, "database", FIELD_TEXT, database, "Database"),
  ROW (Postgres, "user", FIELD_TEXT, user, "User to log in as"),
  ROW (Postgres, "passfile", FIELD_PATH, passfile, "libpq's password file"),
  ROW (Postgres, "service", FIELD_WORD, service, "A service of libpq's service file"),
  { 0 },
};

static const Field dns_fields[] = {
  ROW (Dns, "servers", FIELD_WORDS, servers,
       "Resolvers to ask: system, authoritative, or addresses"),
  { 0 },
};

static const Field config_fields[] = {
  ROW (Config, "env-file", FIELD_PATH, env_file, "File of environment settings"),
  ROW (Config, "values-file", FIELD_PATH, values_file, "Helm's file of values"),
  ROW (Config, "apply", FIELD_ARGV, apply,
       "Command that makes changed settings effective"),
  { 0 },
};

/* `deployment` is the Kubernetes word for the same. */
typedef struct {
  SiteService service;
  char *deployment;
} ServiceEntry;

static const Field service_fields[] = {
  ROW (ServiceEntry, "service", FIELD_WORD, service.service,
       "What the platform calls it; the same name unless said"),
  ROW (ServiceEntry, "deployment", FIELD_WORD, deployment, "Another word for service"),
  ROW (ServiceEntry, "managed", FIELD_TEXT, service.managed,
       "Who runs it, when it is not ours to scale"),
  { .name = "replicas",
    .type = FIELD_COUNT,
    .offset = G_STRUCT_OFFSET (ServiceEntry, service.replicas),
    .max = 10000,
    .help = "Instances it should have" },
  ROW (ServiceEntry, "health", FIELD_URL, service.health, "URL that answers for it"),
  ROW (ServiceEntry, "ca-file", FIELD_PATH, service.ca_file,
       "Certificates that the URL's is checked by, instead of the system's"),
  { 0 },
};

/* What a platform can prove to be; which of them, the platform's kind says. */
static const char *const identity_names[] = { "union",     "engine",   "project",
                                              "directory", "cluster",  "account",
                                              "region",    "database", NULL };

const Field site_fields[] = {
  { .name = "handrail-site",
    .type = FIELD_COUNT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (SiteFile, format),
    .min = 1,
    .max = 1,
    .help = "Format of the file" },
  { .name = "name",
    .type = FIELD_WORD,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (SiteFile, site.name),
    .help = "The site's name" },
  { .name = "production",
    .type = FIELD_YES,
    .offset = G_STRUCT_OFFSET (SiteFile, site.production),
    .fallback = "true",
    .help = "Every confirmation is typed" },
  { .name = "practice",
    .type = FIELD_YES,
    .offset = G_STRUCT_OFFSET (SiteFile, site.practice),
    .fallback = "false",
    .help = "A simulated deployment, for practice alone; handrail practice writes it" },
  { .name = "platform",
    .type = FIELD_SPECIAL,
    .flags = FIELD_REQUIRED,
    .help = "What the services run on, as one mapping: {compose: {…}}" },
  { .name = "identity",
    .type = FIELD_TEXTMAP,
    .offset = G_STRUCT_OFFSET (SiteFile, site.identity),
    .choices = identity_names,
    .help = "What the target must prove to be; written by handrail doctor --pin" },
  { .name = "services",
    .type = FIELD_SPECIAL,
    .flags = FIELD_REQUIRED,
    .fields = service_fields,
    .help = "The services by the procedure's names, each with its settings or {}" },
  SECTION ("redis", redis_fields, SiteRedis, redis, "The Redis or Valkey in use"),
  SECTION ("redis-new", redis_fields, SiteRedis, redis_new, "The one to change to"),
  SECTION ("postgres", postgres_fields, Postgres, postgres, "The database in use"),
  SECTION ("postgres-new", postgres_fields, Postgres, postgres_new, "The one to move to"),
  SECTION ("dns", dns_fields, Dns, dns, "Where names are asked for"),
  SECTION ("config", config_fields, Config, config, "The product's own settings"),
  { 0 },
};

/* ---- services and platform ------------------------------------------------- */

static void
service_free (gpointer data)
{
  SiteService *service = data;
  g_free (service->name);
  g_free (service->service);
  g_free (service->managed);
  g_free (service->health);
  g_free (service->ca_file);
  g_free (service);
}

static void
service_read (Reader *reader, Site *site, const TreeNode *key, const TreeNode *node)
{
  const Field word = { .name = "services", .type = FIELD_WORD };
  ServiceEntry entry = { 0 };
  g_autofree char *wrong = field_text_problem (&word, key->text);
  if (wrong)
    problems_add (reader->problems, key->place, "the service %s", wrong);
  reader_read (reader, key->text, service_fields, node, &entry);
  if (entry.deployment && entry.service.service)
    problems_add (reader->problems, node->place,
                  "\"service\" and \"deployment\" mean the same; keep one");
  SiteService *service = g_memdup2 (&entry.service, sizeof entry.service);
  service->name = g_strdup (key->text);
  service->place = key->place;
  if (!service->service)
    service->service = g_strdup (entry.deployment ? entry.deployment : key->text);
  g_free (entry.deployment);
  g_ptr_array_add (site->services, service);
}

static void
services_read (Reader *reader, Site *site, const TreeNode *node)
{
  if (node->type != TREE_MAPPING) {
    problems_add (reader->problems, node->place,
                  "\"services\" is %s; write a mapping of names, each with {}",
                  tree_type_name (node));
    return;
  }
  for (guint i = 0; i < node->keys->len; i++)
    service_read (reader, site, g_ptr_array_index (node->keys, i),
                  g_ptr_array_index (node->values, i));
}

static const KindSpec *
find_platform (Reader *reader, const TreeNode *key)
{
  GPtrArray *names = g_ptr_array_new ();
  const KindSpec *found = NULL;
  for (const KindSpec *const *kind = reader->vocabulary->platforms; *kind; kind++) {
    if (strcmp ((*kind)->name, key->text) == 0)
      found = *kind;
    g_ptr_array_add (names, (gpointer)(*kind)->name);
  }
  g_ptr_array_add (names, NULL);
  if (!found)
    reader_add_unknown (reader, key->place, "platform", key->text,
                        (const char *const *)names->pdata);
  else if (found->later)
    problems_add (reader->problems, key->place,
                  "%s is not in this version of handrail; this version works on compose",
                  key->text);
  g_ptr_array_unref (names);
  return found;
}

static void
platform_read (Reader *reader, Site *site, const TreeNode *node)
{
  if (node->type != TREE_MAPPING || node->keys->len != 1) {
    problems_add (reader->problems, node->place,
                  "\"platform\" must be a mapping of one platform; write compose: {…}");
    return;
  }
  const TreeNode *key = g_ptr_array_index (node->keys, 0);
  const KindSpec *kind = find_platform (reader, key);
  if (!kind)
    return;
  Clause *clause = site->platform = g_new0 (Clause, 1);
  clause->kind = kind;
  clause->place = key->place;
  if (kind->later)
    return;
  guint before = problems_mark (reader->problems);
  clause->settings = g_malloc0 (MAX (kind->size, 1));
  reader_read (reader, kind->name, kind->fields, g_ptr_array_index (node->values, 0),
               clause->settings);
  g_autofree char *wrong = before == problems_mark (reader->problems) && kind->complain
                               ? kind->complain (clause->settings)
                               : NULL;
  if (wrong)
    problems_add (reader->problems, key->place, "%s: %s", kind->name, wrong);
}

static void
special (Reader *reader, const Field *field, const TreeNode *node, void *settings)
{
  if (strcmp (field->name, "platform") == 0)
    platform_read (reader, settings, node);
  else
    services_read (reader, settings, node);
}

/* ---- settings of the command line ------------------------------------------ */

static void
apply_setting (Reader *reader, SiteFile *file, const char *name, const char *text)
{
  const char *dot = strchr (name, '.');
  const Place place = { g_intern_static_string ("--set"), 0, 0 };
  g_autofree char *section_name = g_strndup (name, (gsize)(dot - name));
  const Field *section = field_find (site_fields, section_name);
  if (!section || section->type != FIELD_OBJECT) {
    static const char *const sections[] = {
      "redis", "redis-new", "postgres", "postgres-new", "dns", "config", NULL
    };
    reader_add_unknown (reader, place, "section", section_name, sections);
    return;
  }
  const Field *row = field_find (section->fields, dot + 1);
  if (!row) {
    g_autofree const char **names = reader_names (section->fields);
    g_autofree char *what = g_strdup_printf ("key of %s", section_name);
    reader_add_unknown (reader, place, what, dot + 1, names);
    return;
  }
  void **object = (void **)(void *)((char *)file + section->offset);
  if (!*object) {
    *object = g_malloc0 (section->size);
    reader_set_defaults (reader, section->fields, *object);
  }
  TreeNode node = { .type = TREE_SCALAR, .place = place, .text = (char *)text };
  reader_read_value (reader, row, &node, *object);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
apply_settings (Reader *reader, SiteFile *file, GHashTable *settings)
{
  guint count = 0;
  if (!settings)
    return;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (settings, &count);
  qsort (names, count, sizeof *names, compare_names);
  for (guint i = 0; i < count; i++)
    if (strchr (names[i], '.'))
      apply_setting (reader, file, names[i], g_hash_table_lookup (settings, names[i]));
}

/* ---- sites ---------------------------------------------------------------- */

static const ReaderFormat site_format = { "handrail-site", SITE_FORMAT, "a site file",
                                          "handrail", "a runbook" };

Site *
site_load (const char *file, GBytes *bytes, const Vocabulary *vocabulary,
           GHashTable *settings, Problems *problems)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autoptr (TreeDocument) document =
      tree_read (file, data ? data : "", length, problems);
  const Place whole = { g_intern_string (file), 0, 0 };
  if (!document ||
      !reader_check_format (problems, tree_root (document), whole, &site_format))
    return NULL;
  SiteFile *read = g_new0 (SiteFile, 1);
  Site *site = &read->site;
  Reader reader = { .problems = problems, .vocabulary = vocabulary, .special = special };
  site->services = g_ptr_array_new_with_free_func (service_free);
  reader_read (&reader, "the site", site_fields, tree_root (document), read);
  apply_settings (&reader, read, settings);
  site->file = g_strdup (file);
  site->bytes = g_bytes_ref (bytes);
  site->digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (!site->identity)
    site->identity = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const TreeNode *root = tree_root (document);
  for (guint i = 0; i < root->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (root->keys, i);
    if (strcmp (key->text, "identity") == 0)
      site->identity_place = key->place;
  }
  if (!site->name || !site->platform) /* others count on them */
    g_clear_pointer (&site, site_free);
  return site;
}

void
site_free (Site *site)
{
  if (!site)
    return;
  field_clear (site_fields, site);
  clause_free (site->platform);
  g_ptr_array_unref (site->services);
  g_free (site->file);
  g_free (site->digest);
  g_clear_pointer (&site->bytes, g_bytes_unref);
  g_free (site);
}

char *
site_practice_problem (const Site *site)
{
  if (!site->practice)
    return NULL;
  return g_strdup_printf ("%s is the simulated deployment of a practice, and no real "
                          "site; `handrail practice` works on one, and `handrail resume` "
                          "goes back to a run on it that is not finished",
                          site->file);
}

/* Nobody pins or corrects a simulated deployment: it says itself what it is. */
char *
site_wrong_target_remedy (const Site *site)
{
  if (site->practice)
    return g_strdup ("stop here, which is all that is right in practice; for real, go to "
                     "the right host or correct the site file");
  return g_strdup_printf ("go to the right host or correct the site file (if the target "
                          "was replaced on purpose: handrail doctor --site %s --pin)",
                          site->name);
}

const SiteService *
site_service (const Site *site, const char *name)
{
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    if (strcmp (service->name, name) == 0)
      return service;
  }
  return NULL;
}

gboolean
site_has_section (const Site *site, const char *section)
{
  const Field *field = field_find (site_fields, section);
  return field && field->type == FIELD_OBJECT &&
         *(void *const *)(const void *)((const char *)site + field->offset) != NULL;
}

const SiteRedis *
site_redis (const Site *site, const char *section)
{
  const SiteFile *file = (const SiteFile *)site;
  const SiteRedis *redis =
      strcmp (section, "redis-new") == 0 ? file->redis_new : file->redis;
  return redis && redis->url ? redis : NULL;
}

char *
site_redis_address (const Site *site, const char *section)
{
  const SiteRedis *redis = site_redis (site, section);
  g_autoptr (RedisAddress) address = NULL;
  if (redis)
    g_free (redis_address_read (redis->url, &address));
  return address ? redis_address_format (address) : g_strdup (section);
}

const char *
site_platform (const Site *site)
{
  return site->platform ? site->platform->kind->name : NULL;
}

static void
mask_fields (const Field *table, const void *settings, Mask *mask)
{
  for (const Field *field = table; field && field->name; field++) {
    const void *const *at =
        (const void *const *)(const void *)((const char *)settings + field->offset);
    if (field->type == FIELD_OBJECT && *at)
      mask_fields (field->fields, *at, mask);
    else if ((field->type == FIELD_URL || field->type == FIELD_REDIS) && *at)
      mask_add_urls (mask, *at);
    else if ((field->flags & FIELD_SECRET) && *at)
      mask_add (mask, *at);
  }
}

static void
mask_list (const char *const *list, Mask *mask)
{
  for (; list && *list; list++)
    mask_add_urls (mask, *list);
}

void
site_mask (const Site *site, Mask *mask)
{
  const SiteFile *file = (const SiteFile *)site;
  gsize length = 0;
  const char *bytes = g_bytes_get_data (site->bytes, &length);
  g_autofree char *text = g_strndup (bytes ? bytes : "", length);
  mask_add_urls (mask, text); /* comments and texts may hold URLs too */
  mask_fields (site_fields, file, mask);
  if (site->platform && site->platform->settings)
    mask_fields (site->platform->kind->fields, site->platform->settings, mask);
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    if (service->health)
      mask_add_urls (mask, service->health);
  }
  if (file->config)
    mask_list ((const char *const *)file->config->apply, mask);
}
