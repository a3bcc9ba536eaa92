#include "tui/widgets/burst.h"

struct Burst {
  GArray *keys; /* of Key */
  guint next;   /* to be taken */
  guint characters;
  GString *text;   /* those characters */
  gint64 until_us; /* what comes before this belongs to a paste */
  gboolean large;  /* that paste */
};

Burst *
burst_new (void)
{
  Burst *burst = g_new0 (Burst, 1);
  burst->keys = g_array_new (FALSE, FALSE, sizeof (Key));
  burst->text = g_string_new (NULL);
  return burst;
}

void
burst_free (Burst *burst)
{
  if (!burst)
    return;
  g_array_unref (burst->keys);
  g_string_free (burst->text, TRUE);
  g_free (burst);
}

static void
clear (Burst *burst)
{
  g_array_set_size (burst->keys, 0);
  g_string_truncate (burst->text, 0);
  burst->next = burst->characters = 0;
}

gboolean
burst_add (Burst *burst, const Key *key)
{
  if (burst->next >= burst->keys->len) /* all of the one before has been taken */
    clear (burst);
  g_array_append_val (burst->keys, *key);
  if (key->code < PRESS_NAMED && g_unichar_isprint (key->code)) {
    burst->characters++;
    g_string_append_unichar (burst->text, key->code);
  }
  return burst->keys->len < BURST_KEYS_MAX;
}

void
burst_end (Burst *burst, gint64 now_us)
{
  gboolean several = burst->characters > 0 && burst->keys->len - burst->next > 1;
  gboolean rest = now_us < burst->until_us && (burst->large || several);
  const Key paste = { PRESS_PASTE, burst->text->str };
  if (burst->next >= burst->keys->len ||
      (burst->characters <= BURST_CHARACTERS_MAX && !rest))
    return;
  burst->large = burst->characters >= BURST_LARGE || (rest && burst->large);
  burst->until_us = now_us + BURST_REST_US;
  g_array_set_size (burst->keys, 0);
  g_array_append_val (burst->keys, paste);
}

gboolean
burst_take (Burst *burst, Key *key)
{
  if (burst->next >= burst->keys->len)
    return FALSE;
  *key = g_array_index (burst->keys, Key, burst->next++);
  return TRUE;
}
