/* redis_cli_options.h: the command line of redis-cli. Pure. */
#ifndef HANDRAIL_PRACTICE_REDIS_CLI_OPTIONS_H
#define HANDRAIL_PRACTICE_REDIS_CLI_OPTIONS_H

#include <glib.h>

typedef enum { REDIS_CLI_AS_FITS, REDIS_CLI_RAW, REDIS_CLI_FORMATTED } RedisCliForm;

typedef struct {
  char *socket, *host;  /* NULL: not named */
  char *port;           /* as given, or NULL */
  guint database;
  char *user, *password;
  gboolean warns;       /* the password was on the command line, for all to see */
  gboolean error_fails; /* -e */
  gboolean help, version;
  RedisCliForm form;
  GPtrArray *words;     /* GString *: the command; empty: they are read from standard input */
} RedisCliOptions;

/* NULL: it is refused, and *problem, newly allocated, says why. */
RedisCliOptions *redis_cli_options_read (const char *const *argv, char **problem);
void redis_cli_options_free (RedisCliOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RedisCliOptions, redis_cli_options_free)

/* What --help prints. */
extern const char redis_cli_options_help[];

#endif
