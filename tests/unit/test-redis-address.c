/* URLs of Redis, as data: what they come to, or what is wrong with them. */
#include <glib.h>

#include "core/runbook/redis_address.h"

typedef struct {
  const char *url;
  const char *format; /* NULL: it is none */
  gboolean tls;
  const char *user, *password;
  const char *wrong; /* a part of what is said */
} Row;

static const Row rows[] = {
  { "redis://h", "h:6379/0", FALSE, NULL, NULL, NULL },
  { "redis://h:7000", "h:7000/0", FALSE, NULL, NULL, NULL },
  { "redis://h:7000/", "h:7000/0", FALSE, NULL, NULL, NULL },
  { "redis://h/3", "h:6379/3", FALSE, NULL, NULL, NULL },
  { "rediss://h:1/3", "h:1/3", TRUE, NULL, NULL, NULL },
  { "redis://[::1]:7000/1", "[::1]:7000/1", FALSE, NULL, NULL, NULL },
  { "redis://u:p@h", "h:6379/0", FALSE, "u", "p", NULL },
  { "redis://:p%40x@h", "h:6379/0", FALSE, NULL, "p@x", NULL },
  { "redis://u@h", "h:6379/0", FALSE, "u", NULL, NULL },
  { "unix:///run/r.sock", "/run/r.sock?db=0", FALSE, NULL, NULL, NULL },
  { "unix:///run/r.sock?db=2", "/run/r.sock?db=2", FALSE, NULL, NULL, NULL },
  { "unix://u:p@/run/r.sock", "/run/r.sock?db=0", FALSE, "u", "p", NULL },
  { "", NULL, FALSE, NULL, NULL, "is no address" },
  { "h:6379", NULL, FALSE, NULL, NULL, "is no address" },
  { "http://h", NULL, FALSE, NULL, NULL, "is no address" },
  { "redis://", NULL, FALSE, NULL, NULL, "no host" },
  { "redis:///1", NULL, FALSE, NULL, NULL, "no host" },
  { "redis://-h", NULL, FALSE, NULL, NULL, "no host" },
  { "redis://h:0", NULL, FALSE, NULL, NULL, "port" },
  { "redis://h:70000", NULL, FALSE, NULL, NULL, "is no address" },
  { "redis://h/one", NULL, FALSE, NULL, NULL, "no number" },
  { "redis://h/-1", NULL, FALSE, NULL, NULL, "no number" },
  { "redis://h/10000", NULL, FALSE, NULL, NULL, "no number" },
  { "redis://h?db=1", NULL, FALSE, NULL, NULL, "after \"?\"" },
  { "unix://h/run/r.sock", NULL, FALSE, NULL, NULL, "host before the path" },
  { "unix://", NULL, FALSE, NULL, NULL, "no path" },
  { "unix:///", NULL, FALSE, NULL, NULL, "no path" },
  { "unix:///r?x=1", NULL, FALSE, NULL, NULL, "not db=NUMBER" },
  { "unix:///r?db=x", NULL, FALSE, NULL, NULL, "no number" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    g_autoptr (RedisAddress) address = NULL;
    g_autofree char *wrong = redis_address_read (row->url, &address);
    g_test_message ("%s: %s", row->url, wrong ? wrong : "good");
    g_assert_cmpint (wrong == NULL, ==, row->format != NULL);
    if (wrong) {
      g_assert_nonnull (strstr (wrong, row->wrong));
      g_assert_null (address);
      continue;
    }
    g_autofree char *format = redis_address_format (address);
    g_assert_cmpstr (format, ==, row->format);
    g_assert_cmpint (address->tls, ==, row->tls);
    g_assert_cmpstr (address->user, ==, row->user);
    g_assert_cmpstr (address->password, ==, row->password);
  }
}

static void
test_only_looks (void)
{
  g_assert_null (redis_address_read ("redis://h", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redis-address/rows", test_rows);
  g_test_add_func ("/redis-address/only-looks", test_only_looks);
  return g_test_run ();
}
