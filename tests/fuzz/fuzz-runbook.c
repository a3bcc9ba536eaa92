#include "tests/unit/fake_kinds.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

/* Every file has the same bytes, so that includes are gone into. */
static gboolean
fetch (const char *name, void *data, GBytes **bytes, GError **error)
{
  (void)name, (void)error;
  *bytes = g_bytes_ref (data);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (Problems) problems = problems_new ();
  const RunbookOptions options = { .vocabulary = &fake_vocabulary,
                                   .fetch = fetch,
                                   .fetch_data = bytes };
  g_autoptr (Runbook) runbook = runbook_load ("input.yaml", &options, problems);
  for (guint i = 0; runbook && i < runbook->steps->len; i++) {
    const Step *step = g_ptr_array_index (runbook->steps, i);
    g_autofree char *text = step->action ? clause_format (step->action) : NULL;
    g_assert_true (!text || g_utf8_validate (text, -1, NULL));
    for (guint j = 0; j < step->require->len; j++) {
      g_autofree char *check = clause_format (g_ptr_array_index (step->require, j));
      g_assert_true (g_utf8_validate (check, -1, NULL));
    }
  }
  g_assert_true (runbook || problems_count (problems) > 0);
  return 0;
}
