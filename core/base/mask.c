#include "core/base/mask.h"
#include "core/base/text.h"

#include <string.h>

#define REPLACEMENT "***"

/* A byte of a secret takes this many, percent-encoded. */
#define ENCODED_BYTES 3

typedef struct {
  char *bytes;
  gsize length;
} Secret;

struct Mask {
  GPtrArray *secrets;   /* Secret *, the longest first */
  gboolean begins[256]; /* some secret begins with this byte */
  gboolean hides_urls;
};

static void
secret_free (void *data)
{
  Secret *secret = data;
  g_free (secret->bytes);
  g_free (secret);
}

Mask *
mask_new (void)
{
  Mask *mask = g_new0 (Mask, 1);
  mask->secrets = g_ptr_array_new_with_free_func (secret_free);
  return mask;
}

void
mask_free (Mask *mask)
{
  if (!mask)
    return;
  g_ptr_array_unref (mask->secrets);
  g_free (mask);
}

static void
add_bytes (Mask *mask, const char *bytes)
{
  gsize length = strlen (bytes);
  if (length < MASK_SECRET_BYTES_MIN)
    return;
  guint place = 0;
  for (; place < mask->secrets->len; place++) {
    const Secret *secret = g_ptr_array_index (mask->secrets, place);
    if (strcmp (secret->bytes, bytes) == 0)
      return;
    if (secret->length < length)
      break;
  }
  Secret *secret = g_new0 (Secret, 1);
  secret->bytes = g_strdup (bytes);
  secret->length = length;
  g_ptr_array_insert (mask->secrets, (int)place, secret);
  mask->begins[(guint8)bytes[0]] = TRUE;
}

/* As it is, and as it stands between the quotes of a command that is shown. */
static void
add_forms (Mask *mask, const char *secret)
{
  if (strlen (secret) < MASK_SECRET_BYTES_MIN)
    return;
  g_autofree char *quoted = text_inside_quotes (secret, FALSE);
  g_autofree char *spelt = text_inside_quotes (secret, TRUE);
  add_bytes (mask, secret);
  add_bytes (mask, quoted);
  add_bytes (mask, spelt);
}

/* Encoded forms need no entry: occurs_at() reads both, in any mixture. */
void
mask_add (Mask *mask, const char *secret)
{
  if (!secret)
    return;
  add_forms (mask, secret);
  g_autofree char *decoded = g_uri_unescape_string (secret, NULL);
  if (decoded)
    add_forms (mask, decoded);
}

static gboolean
is_scheme_byte (char byte)
{
  return g_ascii_isalnum (byte) || byte == '+' || byte == '-' || byte == '.';
}

/* From the first ":" of user information to its end; the "@" is at `end`. */
static void
add_password (Mask *mask, const char *start, const char *end)
{
  const char *colon = memchr (start, ':', (gsize)(end - start));
  if (!colon)
    return;
  g_autofree char *password = g_strndup (colon + 1, (gsize)(end - colon - 1));
  mask_add (mask, password);
}

/* User information ends at the last "@" before the path. Where there is none, an "@"
 * further on says that the password holds a "/", "?" or "#" as it is. */
void
mask_add_urls (Mask *mask, const char *text)
{
  if (!text)
    return;
  const char *found = text;
  while ((found = strstr (found, "://"))) {
    const char *start = found + strlen ("://");
    gboolean is_url = found > text && is_scheme_byte (found[-1]);
    found = start;
    gsize whole = strcspn (start, " \t\r\n\"<>`");
    gsize authority = MIN (strcspn (start, "/?#"), whole);
    const char *at = memrchr (start, '@', authority);
    if (!at)
      at = memchr (start, '@', whole);
    if (is_url && at)
      add_password (mask, start, at);
  }
}

void
mask_hide_urls (Mask *mask)
{
  mask->hides_urls = TRUE;
}

static gboolean
has_secrets (const Mask *mask)
{
  return mask && mask->secrets->len > 0;
}

gboolean
mask_is_empty (const Mask *mask)
{
  return !has_secrets (mask) && !(mask && mask->hides_urls);
}

gsize
mask_longest (const Mask *mask)
{
  gsize url = mask && mask->hides_urls ? MASK_URL_BYTES_MAX : 0;
  if (!has_secrets (mask))
    return url;
  const Secret *longest = g_ptr_array_index (mask->secrets, 0);
  return MAX (url, longest->length * ENCODED_BYTES);
}

/* The byte that "%NN" stands for, or -1. */
static int
encoded_byte (const char *text, gsize length)
{
  if (length < ENCODED_BYTES || text[0] != '%' || !g_ascii_isxdigit (text[1]) ||
      !g_ascii_isxdigit (text[2]))
    return -1;
  return g_ascii_xdigit_value (text[1]) * 16 + g_ascii_xdigit_value (text[2]);
}

/* How many bytes of `text` are the secret, each of its bytes as it is or encoded; 0
 * if it does not begin there. */
static gsize
occurs_at (const Secret *secret, const char *text, gsize length)
{
  if (secret->length <= length && memcmp (secret->bytes, text, secret->length) == 0)
    return secret->length;
  gsize used = 0;
  for (gsize i = 0; i < secret->length; i++) {
    if (used == length)
      return 0;
    if (encoded_byte (text + used, length - used) == (guint8)secret->bytes[i])
      used += ENCODED_BYTES;
    else if (text[used] == secret->bytes[i])
      used++;
    else
      return 0;
  }
  return used;
}

/* The most bytes at `text` that are one secret, or 0. */
static gsize
longest_at (const Mask *mask, const char *text, gsize length)
{
  int encoded = encoded_byte (text, length);
  if (!mask->begins[(guint8)*text] && (encoded < 0 || !mask->begins[encoded]))
    return 0;
  gsize longest = 0;
  for (guint i = 0; i < mask->secrets->len; i++) {
    gsize used = occurs_at (g_ptr_array_index (mask->secrets, i), text, length);
    longest = MAX (longest, used);
  }
  return longest;
}

/* Where the secret ends that begins at `start`, and any that begins within it. */
static gsize
secret_end (const Mask *mask, const char *text, gsize start, gsize length)
{
  gsize end = start + longest_at (mask, text + start, length - start);
  for (gsize at = start + 1; at < end; at++)
    end = MAX (end, at + longest_at (mask, text + at, length - at));
  return end;
}

static GString *
without_secrets (const Mask *mask, const char *text, gsize size)
{
  GString *out = g_string_sized_new (size);
  for (gsize at = 0; at < size;) {
    gsize end = secret_end (mask, text, at, size);
    if (end > at)
      g_string_append (out, REPLACEMENT);
    else
      g_string_append_c (out, text[end++]);
    at = end;
  }
  return out;
}

/* The password of the user information at `start`, from *from to the "@" at *end. Unlike
 * in what an operator wrote (mask_add_urls()), an "@" in the path belongs to the path. */
static gboolean
find_password (const char *start, gsize length, const char **from, const char **end)
{
  gsize authority = 0;
  gsize bound = MIN (length, MASK_URL_BYTES_MAX);
  while (authority < bound && start[authority] &&
         !strchr ("/?# \t\r\n\"<>`", start[authority]))
    authority++;
  const char *colon = memchr (start, ':', authority);
  *end = memrchr (start, '@', authority);
  *from = colon ? colon + 1 : NULL;
  return colon && *end && *from < *end;
}

static GString *
without_passwords (const char *text, gsize size)
{
  static const char mark[] = "://";
  const gsize mark_length = sizeof mark - 1;
  GString *out = g_string_sized_new (size);
  const char *at = text, *found, *from, *end;
  const char *limit = text + size;
  while ((found = memmem (at, (gsize)(limit - at), mark, mark_length))) {
    const char *start = found + mark_length;
    gboolean is_url = found > text && is_scheme_byte (found[-1]) &&
                      find_password (start, (gsize)(limit - start), &from, &end);
    g_string_append_len (out, at, (is_url ? from : start) - at);
    if (is_url)
      g_string_append (out, REPLACEMENT);
    at = is_url ? end : start;
  }
  return g_string_append_len (out, at, limit - at);
}

char *
mask_apply (const Mask *mask, const char *text, gssize length)
{
  gsize size = length < 0 ? strlen (text) : (gsize)length;
  if (mask_is_empty (mask))
    return g_strndup (text, size);
  if (!has_secrets (mask))
    return g_string_free (without_passwords (text, size), FALSE);
  GString *out = without_secrets (mask, text, size);
  if (!mask->hides_urls)
    return g_string_free (out, FALSE);
  GString *hidden = without_passwords (out->str, out->len);
  g_string_free (out, TRUE);
  return g_string_free (hidden, FALSE);
}
