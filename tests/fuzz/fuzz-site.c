#include "tests/unit/fake_kinds.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GHashTable) identity = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (Site) site = site_load ("input", bytes, &fake_vocabulary, NULL, problems);
  g_hash_table_insert (identity, (gpointer) "engine", (gpointer) "x: \"y\" # z");
  g_autofree char *pinned = site ? site_pin (site, identity) : NULL;
  g_assert_true (!pinned || g_utf8_validate (pinned, -1, NULL));
  g_autoptr (Mask) mask = mask_new ();
  if (site)
    site_mask (site, mask);
  g_assert_true (site || problems_count (problems) > 0);
  return 0;
}
