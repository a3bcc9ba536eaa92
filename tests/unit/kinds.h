/* kinds.h: a site and deployments for the tests of kinds, without files. */
#ifndef HANDRAIL_TESTS_KINDS_H
#define HANDRAIL_TESTS_KINDS_H

#include <string.h>

#include "core/run/deployment.h"
#include "core/run/kind.h"

#define SECOND G_USEC_PER_SEC

/* JSON with ' for ", so that it can be read in C. */
static inline json_t *
json_of (const char *text)
{
  g_autofree char *copy = g_strdelimit (g_strdup (text), "'", '"');
  json_error_t error;
  json_t *json = json_loads (copy, 0, &error);
  if (!json)
    g_error ("%s in %s", error.text, text);
  return json;
}

/* The site that a file with this text describes. */
static inline Site *
site_of (const char *text, const Vocabulary *vocabulary)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  Site *site = site_load ("lab.yaml", bytes, vocabulary, NULL, problems);
  g_autofree char *told = problems_format (problems);
  if (problems_count (problems) > 0)
    g_error ("%s", told);
  return site;
}

static inline SiteService *
add_service (Site *site, const char *name, const char *service, const char *managed)
{
  SiteService *row = g_new0 (SiteService, 1);
  row->name = g_strdup (name);
  row->service = g_strdup (service);
  row->managed = g_strdup (managed);
  row->replicas = FIELD_UNSET;
  g_ptr_array_add (site->services, row);
  return row;
}

static inline void
free_service (void *data)
{
  SiteService *row = data;
  g_free (row->name);
  g_free (row->service);
  g_free (row->managed);
  g_free (row->health);
  g_free (row->ca_file);
  g_free (row);
}

/* `settings` stays the caller's. */
static inline Site *
make_site (const PlatformKind *platform, void *settings)
{
  Site *site = g_new0 (Site, 1);
  site->name = g_strdup ("prod");
  site->production = TRUE;
  site->platform = g_new0 (Clause, 1);
  site->platform->kind = &platform->spec;
  site->platform->settings = settings;
  site->identity = g_hash_table_new (g_str_hash, g_str_equal);
  site->services = g_ptr_array_new_with_free_func (free_service);
  return site;
}

static inline void
free_site (Site *site)
{
  g_free (site->name);
  g_free (site->platform);
  g_hash_table_unref (site->identity);
  g_ptr_array_unref (site->services);
  g_free (site);
}

static inline Moment
at (gint64 seconds)
{
  return (Moment){ .wall_us = seconds * SECOND, .boot_us = seconds * SECOND };
}

#endif
