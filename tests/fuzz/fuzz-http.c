#include "core/practice/web/http.h"
#include "tests/unit/world_bed.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

#define PIECES_MAX 16

static GString *
answers_to (World *world, const char *bytes, gsize length, gsize piece, gboolean *open)
{
  g_autoptr (HttpConnection) connection = http_new (world);
  GString *out = g_string_new (NULL);
  *open = TRUE;
  for (gsize at = 0; at < length && *open; at += piece)
    *open = http_take (connection, bytes + at, MIN (piece, length - at), out);
  return out;
}

/* In any pieces the same, and each answer begins as one. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  if (length == 0)
    return 0;
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 7);
  bed_pass (&bed, 6);
  gboolean open, open_in_pieces;
  const char *text = (const char *)bytes;
  gsize piece = 1 + bytes[length - 1] % PIECES_MAX;
  GString *whole = answers_to (bed.world, text, length, length, &open);
  GString *in_pieces = answers_to (bed.world, text, length, piece, &open_in_pieces);
  g_assert_true (g_string_equal (whole, in_pieces));
  g_assert_true (open == open_in_pieces);
  g_assert_true (whole->len == 0 || g_str_has_prefix (whole->str, "HTTP/1."));
  g_assert_cmpuint (strlen (whole->str), ==, whole->len);
  g_string_free (whole, TRUE);
  g_string_free (in_pieces, TRUE);
  return 0;
}
