/* secret.h: passwords that stand in files of their own. */
#ifndef HANDRAIL_NET_SECRET_H
#define HANDRAIL_NET_SECRET_H

#include "core/runbook/site.h"

typedef enum {
  SECRET_ERROR_UNREADABLE, /* message names the file and the remedy */
} SecretError;
#define SECRET_ERROR (secret_error_quark ())
GQuark secret_error_quark (void);

/* A password file is a line; a larger one is another file. */
#define SECRET_BYTES_MAX 4096

/* The first line of the file, without its end; newly allocated, never empty. A path
 * begins with / or with ~/, the home of whoever runs this. NULL with `error`. */
char *secret_read_file (const char *path, GError **error);

/* What logs in to that Redis: the password file's, else the URL's; *password is newly
 * allocated, NULL where there is none. FALSE with `error` where there is a file and it
 * cannot be read. */
gboolean secret_of_redis (const SiteRedis *redis, char **password, GError **error);

#endif
