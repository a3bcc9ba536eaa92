#include "core/base/tree.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (TreeDocument) document =
      tree_read ("input", (const char *)bytes, length, problems);
  g_autofree char *text = problems_format (problems);
  g_assert_true (document || problems_count (problems) > 0);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  return 0;
}
