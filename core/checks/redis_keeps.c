#include "core/checks/redis_keeps.h"

#define LOG_SAYS_WHY \
  " (a full disk, often; its log says why), so a stop may lose what it holds"
#define SAVE "save before it is stopped"

static const RedisKeepsWords words[] = {
  [REDIS_KEEPS_FILE] = { TRUE, "append-only file", "keeps an append-only file", NULL },
  [REDIS_KEEPS_FILE_FAILS] = { FALSE, "append-only file, not written",
                               "its append-only file was not written the last "
                               "time" LOG_SAYS_WHY,
                               "make room first" },
  [REDIS_KEEPS_SNAPSHOTS] = { TRUE, "snapshots", "writes a snapshot when it is stopped",
                              NULL },
  [REDIS_KEEPS_SNAPSHOT_FAILS] = { FALSE, "snapshots, which fail",
                                   "its last snapshot failed" LOG_SAYS_WHY,
                                   "make room, then save" },
  [REDIS_KEEPS_NOTHING] = { FALSE, "no",
                            "keeps nothing across a stop: no append-only file, no save "
                            "points",
                            SAVE },
  [REDIS_KEEPS_NO_LAST] = { FALSE, "no",
                            "writes no snapshot when it is stopped (shutdown-on-sigterm "
                            "is nosave)",
                            SAVE },
  [REDIS_KEEPS_UNKNOWN] = { FALSE, "not known",
                            "cannot see whether it writes a snapshot when it is stopped "
                            "(it does not allow CONFIG)",
                            SAVE },
};

static gboolean
says (const json_t *body, const char *member)
{
  return json_is_true (json_object_get (body, member));
}

/* What a stop does is put together of words. */
static gboolean
stops_with (const json_t *body, const char *word)
{
  const char *text = json_string_value (json_object_get (body, "on_sigterm"));
  g_auto (GStrv) said = g_strsplit (text ? text : "", " ", -1);
  return g_strv_contains ((const char *const *)said, word);
}

RedisKeeps
redis_keeps (const json_t *body)
{
  const char *save = json_string_value (json_object_get (body, "save"));
  if (says (body, "aof"))
    return says (body, "aof_ok") ? REDIS_KEEPS_FILE : REDIS_KEEPS_FILE_FAILS;
  if (json_is_false (json_object_get (body, "snapshot_ok")))
    return REDIS_KEEPS_SNAPSHOT_FAILS;
  if (!save)
    return REDIS_KEEPS_UNKNOWN;
  if (!*save && !stops_with (body, "save"))
    return REDIS_KEEPS_NOTHING;
  if (stops_with (body, "nosave"))
    return REDIS_KEEPS_NO_LAST;
  return says (body, "snapshot_ok") ? REDIS_KEEPS_SNAPSHOTS : REDIS_KEEPS_SNAPSHOT_FAILS;
}

const RedisKeepsWords *
redis_keeps_words (RedisKeeps keeps)
{
  return &words[keeps];
}

/* "12 changes since its last snapshot". */
static char *
changes_text (const json_t *changes)
{
  if (!json_is_integer (changes))
    return g_strdup ("unknown changes since its last snapshot");
  return g_strdup_printf ("%" JSON_INTEGER_FORMAT " change%s since its last snapshot",
                          json_integer_value (changes),
                          json_integer_value (changes) == 1 ? "" : "s");
}

static gboolean
is_zero (const json_t *count)
{
  return json_is_integer (count) && json_integer_value (count) == 0;
}

/* Without one that is written at the stop, a snapshot of all there is does as well. */
static void
judge_without (const RedisKeepsWords *how, const json_t *body, Judgement *judgement)
{
  const json_t *changes = json_object_get (body, "changes");
  g_autofree char *since = changes_text (changes);
  if (says (body, "snapshot_ok") && is_zero (changes)) {
    judgement_set (judgement, VERDICT_HOLDS, "nothing changed since its last snapshot");
    return;
  }
  judgement_set (judgement, VERDICT_NEVER, "%s, %s; %s", how->what, since, how->remedy);
  judgement->gist = g_strdup (how->what);
}

/* A stop that does not wait until it is written, loses what it waits for. */
static void
judge_good (RedisKeeps keeps, const json_t *body, Judgement *judgement)
{
  gboolean waits =
      keeps == REDIS_KEEPS_SNAPSHOTS && !is_zero (json_object_get (body, "changes"));
  judgement_set (judgement, VERDICT_HOLDS, "%s%s", redis_keeps_words (keeps)->what,
                 waits ? ", which the stop must wait for" : "");
}

void
redis_keeps_judge (const json_t *body, Judgement *judgement)
{
  RedisKeeps keeps = redis_keeps (body);
  const RedisKeepsWords *how = redis_keeps_words (keeps);
  gboolean file = keeps == REDIS_KEEPS_FILE_FAILS;
  if (is_zero (json_object_get (body, "all_keys")))
    judgement_set (judgement, VERDICT_HOLDS, "holds nothing that could be lost");
  else if (how->good)
    judge_good (keeps, body, judgement);
  else if (!file && says (body, "saving"))
    judgement_set (judgement, VERDICT_NOT_YET, "is writing a snapshot");
  else if (keeps == REDIS_KEEPS_NOTHING || keeps == REDIS_KEEPS_NO_LAST ||
           keeps == REDIS_KEEPS_UNKNOWN)
    judge_without (how, body, judgement);
  else
    judgement_set (judgement, VERDICT_NEVER, "%s; %s", how->what, how->remedy);
}
