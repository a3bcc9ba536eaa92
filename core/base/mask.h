/* mask.h: secrets, and text without them.
 *
 * A mask knows secrets and replaces each by "***", the longest first, so that
 * a secret that contains another does not leave its rest behind. */
#ifndef HANDRAIL_BASE_MASK_H
#define HANDRAIL_BASE_MASK_H

#include <glib.h>

typedef struct Mask Mask;

/* Shorter ones are refused: hiding every "ab" would hide the text. */
#define MASK_SECRET_BYTES_MIN 3

Mask *mask_new (void);
void mask_free (Mask *mask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mask, mask_free)

/* Adds a secret, its percent-encoded and its percent-decoded form, and what it is
 * between a shell's quotes. Empty and too short ones are passed over. */
void mask_add (Mask *mask, const char *secret);

/* Adds the password of every URL with user information found in `text`. */
void mask_add_urls (Mask *mask, const char *text);

/* From now on the password of any URL in a text is a secret there, whoever wrote it. */
void mask_hide_urls (Mask *mask);

/* User information longer than this is none. */
#define MASK_URL_BYTES_MAX 1024

gboolean mask_is_empty (const Mask *mask);

/* The longest secret's length in bytes: what a reader of pieces must keep back. */
gsize mask_longest (const Mask *mask);

/* `text` of `length` bytes (-1: NUL-terminated) without the secrets; newly
 * allocated. A NULL mask masks nothing. */
char *mask_apply (const Mask *mask, const char *text, gssize length);

#endif
