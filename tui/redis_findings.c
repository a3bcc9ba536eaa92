#include "tui/redis_findings.h"

#include <string.h>

#include "core/base/text.h"
#include "core/checks/redis_keeps.h"

static const char *
text_of (const json_t *body, const char *name)
{
  return json_string_value (json_object_get (body, name));
}

static gboolean
says (const json_t *body, const char *name)
{
  return json_is_true (json_object_get (body, name));
}

/* ---- what may be wrong ----------------------------------------------------- */

static gboolean
is_replica (const json_t *body)
{
  return g_strcmp0 (text_of (body, "role"), "slave") == 0;
}

/* Where the append-only file keeps what is in it, too. */
static gboolean
saves_badly (const json_t *body)
{
  return says (body, "aof") && json_is_false (json_object_get (body, "snapshot_ok"));
}

static gboolean
drops_keys (const json_t *body)
{
  const char *policy = text_of (body, "policy");
  return policy && strcmp (policy, "noeviction") != 0;
}

static gboolean
has_no_workers (const json_t *body)
{
  return json_array_size (json_object_get (body, "processes")) == 0;
}

static const struct {
  gboolean (*holds) (const json_t *body);
  RedisFinding finding;
} rows[] = {
  { is_replica,
    { TRUE, "it is a replica, which takes no jobs",
      "name the primary in the site file's url" } },
  { saves_badly,
    { TRUE, "its last snapshot failed, so it may refuse jobs",
      "make room on its disk; its log says more" } },
  { drops_keys,
    { TRUE, "its maxmemory-policy is not noeviction, so it drops jobs when it is full",
      "set maxmemory-policy noeviction" } },
  { has_no_workers,
    { FALSE, "no worker reports to it",
      "while workers run, that is the wrong Redis or database number" } },
};

G_STATIC_ASSERT (1 + G_N_ELEMENTS (rows) <= REDIS_FINDINGS_MAX);

guint
redis_findings (const json_t *body, gboolean in_use,
                RedisFinding found[REDIS_FINDINGS_MAX])
{
  RedisKeeps keeps = redis_keeps (body);
  const RedisKeepsWords *how = redis_keeps_words (keeps);
  guint count = 0;
  if (!how->good)
    found[count++] =
        (RedisFinding){ keeps != REDIS_KEEPS_UNKNOWN, how->what, how->remedy };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if ((in_use || rows[i].holds != has_no_workers) && rows[i].holds (body))
      found[count++] = rows[i].finding;
  return count;
}

/* ---- what it is ------------------------------------------------------------ */

static void
add_role (GString *out, const json_t *body)
{
  const char *role = text_of (body, "role"), *master = text_of (body, "master");
  if (is_replica (body))
    g_string_append_printf (out, ", replica of %s", master ? master : "another");
  else
    g_string_append_printf (out, ", %s", role ? role : "of an unknown role");
}

char *
redis_findings_summary (const json_t *body)
{
  g_autoptr (GString) out = g_string_new (NULL);
  const char *version = text_of (body, "version");
  gsize workers = json_array_size (json_object_get (body, "processes"));
  g_string_append (out, version ? version : "of an unknown version");
  add_role (out, body);
  g_string_append_printf (
      out, workers == 1 ? ", %zu worker reports to it" : ", %zu workers report to it",
      workers);
  g_string_append_printf (out, ", keeps its data: %s",
                          redis_keeps_words (redis_keeps (body))->name);
  return text_printable (out->str, -1);
}
