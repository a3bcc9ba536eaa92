#include "core/run/login.h"

#include "core/base/text.h"
#include "core/runbook/redis_address.h"

/* A word of a command line; a shell puts the home folder in for ~/ only unquoted. */
static char *
path_word (const char *path)
{
  gboolean home = g_str_has_prefix (path, "~/");
  const char *const words[] = { home ? path + 2 : path, NULL };
  g_autofree char *quoted = text_command (words);
  return g_strconcat (home ? "~/" : "", quoted, NULL);
}

char *
login_line (const Site *site, const char *section)
{
  g_autoptr (RedisAddress) address = NULL;
  const SiteRedis *redis = site_redis (site, section);
  if (redis && redis->password_file) {
    g_autofree char *word = path_word (redis->password_file);
    return g_strdup_printf ("export " LOGIN_REDIS_VARIABLE "=\"$(head -n 1 %s)\"", word);
  }
  g_autofree char *wrong = redis ? redis_address_read (redis->url, &address) : NULL;
  if (!redis || wrong || !address->password)
    return NULL;
  return g_strdup_printf ("read -rs " LOGIN_REDIS_VARIABLE
                          "; export " LOGIN_REDIS_VARIABLE
                          " # then type the password of %s.url in the site file",
                          section);
}
