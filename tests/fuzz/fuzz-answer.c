/* What a web address answers, of which the version and members are read. */
#include <string.h>

#include "core/base/text.h"
#include "core/run/answer.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static const char *const paths[] = { "healthy", "errors", "a.b", "a.b.c", "", ".", "a." };

static void
check_members (const json_t *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *member = answer_member (object, paths[i]);
    g_autofree char *reason = answer_reason (object, paths[i]);
    g_assert_true (!member || g_utf8_validate (member, -1, NULL));
    g_assert_true (!reason || (*reason && g_utf8_validate (reason, -1, NULL)));
    g_assert_true (member || !reason);
  }
}

static void
check_version (const json_t *body)
{
  g_autofree char *why = NULL;
  g_autofree char *version = answer_version (body, &why);
  g_assert_true ((version == NULL) == (why != NULL));
  if (!version)
    return;
  g_autofree char *printable = text_printable (version, -1);
  g_assert_cmpint (g_utf8_strlen (version, -1), <=, ANSWER_VERSION_CHARACTERS_MAX);
  g_assert_true (*version && g_utf8_validate (printable, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid ((const char *)bytes, (gssize)length);
  json_auto_t *body = json_pack ("{s:i, s:f, s:s, s:b}", "status", 200, "ms", 1.0, "text",
                                 valid, "cut", length % 2);
  g_autofree char *why = NULL;
  json_auto_t *object = answer_object (body, &why);
  g_assert_true ((object == NULL) == (why != NULL));
  if (object)
    check_members (object);
  check_version (body);
  return 0;
}
