#include "core/base/environment.h"

#include <string.h>

static gboolean
is_kept (const char *entry)
{
  static const char *const kept[] = { "PATH",  "HOME", "USER",           "LOGNAME",
                                      "SHELL", "TZ",   "XDG_RUNTIME_DIR" };
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_str_has_prefix (entry, kept[i]) && entry[strlen (kept[i])] == '=')
      return TRUE;
  return FALSE;
}

GStrv
environment_clean (const char *const *from)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (; from && *from; from++)
    if (is_kept (*from))
      g_strv_builder_add (builder, *from);
  g_strv_builder_add (builder, "LC_ALL=C");
  return g_strv_builder_end (builder);
}
