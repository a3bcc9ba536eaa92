/* ledger.c: what was recorded before anything was changed. */
#include "core/run/kind.h"

#include <string.h>

struct Ledger {
  GPtrArray *entries; /* LedgerEntry *, in order of recording; some dozens at most */
};

static void
entry_free (void *data)
{
  LedgerEntry *entry = data;
  g_free (entry->service);
  g_free (entry->images);
  g_free (entry->version);
  g_free (entry);
}

Ledger *
ledger_new (void)
{
  Ledger *ledger = g_new0 (Ledger, 1);
  ledger->entries = g_ptr_array_new_with_free_func (entry_free);
  return ledger;
}

void
ledger_free (Ledger *ledger)
{
  if (!ledger)
    return;
  g_ptr_array_unref (ledger->entries);
  g_free (ledger);
}

static LedgerEntry *
find_entry (const Ledger *ledger, const char *service)
{
  for (guint i = 0; i < ledger->entries->len; i++) {
    LedgerEntry *entry = ledger->entries->pdata[i];
    if (strcmp (entry->service, service) == 0)
      return entry;
  }
  return NULL;
}

void
ledger_record (Ledger *ledger, const char *service, gint64 count, const char *images,
               gboolean managed)
{
  if (find_entry (ledger, service))
    return;
  LedgerEntry *entry = g_new0 (LedgerEntry, 1);
  entry->service = g_strdup (service);
  entry->count = count;
  entry->images = g_strdup (images);
  entry->managed = managed;
  g_ptr_array_add (ledger->entries, entry);
}

void
ledger_set_version (Ledger *ledger, const char *service, const char *version)
{
  LedgerEntry *entry = find_entry (ledger, service);
  if (!entry)
    return;
  g_free (entry->version);
  entry->version = g_strdup (version);
}

const LedgerEntry *
ledger_get (const Ledger *ledger, const char *service)
{
  return find_entry (ledger, service);
}

void
ledger_set_restored (Ledger *ledger, const char *service, gboolean restored)
{
  LedgerEntry *entry = find_entry (ledger, service);
  if (entry)
    entry->restored = restored;
}

guint
ledger_size (const Ledger *ledger)
{
  return ledger->entries->len;
}

const LedgerEntry *
ledger_at (const Ledger *ledger, guint index)
{
  return index < ledger->entries->len ? ledger->entries->pdata[index] : NULL;
}

gboolean
ledger_is_open (const Ledger *ledger)
{
  for (guint i = 0; i < ledger->entries->len; i++) {
    const LedgerEntry *entry = ledger->entries->pdata[i];
    if (!entry->managed && entry->count > 0 && !entry->restored)
      return TRUE;
  }
  return FALSE;
}

json_t *
ledger_to_json (const Ledger *ledger)
{
  json_t *json = json_object ();
  for (guint i = 0; i < ledger->entries->len; i++) {
    const LedgerEntry *entry = ledger->entries->pdata[i];
    json_t *row =
        json_pack ("{s:I, s:s?, s:b, s:b}", "count", (json_int_t)entry->count, "images",
                   entry->images, "managed", entry->managed, "restored", entry->restored);
    if (entry->version)
      json_object_set_new (row, "version", json_string (entry->version));
    json_object_set_new (json, entry->service, row);
  }
  return json;
}

static gboolean
is_entry (const json_t *row)
{
  const json_t *count = json_object_get (row, "count");
  const json_t *images = json_object_get (row, "images");
  const json_t *version = json_object_get (row, "version");
  return json_is_integer (count) && json_integer_value (count) >= 0 &&
         (!images || json_is_null (images) || json_is_string (images)) &&
         (!version || json_is_string (version)) &&
         json_is_boolean (json_object_get (row, "managed")) &&
         json_is_boolean (json_object_get (row, "restored"));
}

gboolean
ledger_merge_json (Ledger *ledger, const json_t *json)
{
  const char *service;
  json_t *row;
  if (!json_is_object (json))
    return FALSE;
  json_object_foreach ((json_t *)json, service, row)
  {
    if (!is_entry (row))
      return FALSE;
  }
  json_object_foreach ((json_t *)json, service, row)
  {
    if (find_entry (ledger, service))
      continue;
    ledger_record (ledger, service, json_integer_value (json_object_get (row, "count")),
                   json_string_value (json_object_get (row, "images")),
                   json_is_true (json_object_get (row, "managed")));
    ledger_set_version (ledger, service,
                        json_string_value (json_object_get (row, "version")));
    ledger_set_restored (ledger, service,
                         json_is_true (json_object_get (row, "restored")));
  }
  return TRUE;
}
