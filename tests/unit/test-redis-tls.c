/* A real redis-server with TLS, and what is wrong with certificates. */
#include "tests/unit/redis_bed.h"

/* As certificates.py makes them, in a folder whose name is newly allocated. */
static char *
make_certificates (void)
{
  char *folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "certificates.py", NULL);
  const char *argv[] = { "python3", script, folder, NULL };
  g_autofree char *output = NULL, *errors = NULL;
  int status = -1;
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output,
                &errors, &status, NULL);
  if (status != 0)
    g_error ("certificates.py: %s", errors);
  return folder;
}

static void
remove_folder (const char *folder)
{
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);
  g_assert_cmpint (system (remove), ==, 0);
}

/* A server with that certificate, on *port. */
static void
start_tls (RedisBed *bed, const char *folder, const char *certificate, guint *port)
{
  close (bed_listen (port));
  g_autofree char *options = g_strdup_printf (
      "--save --tls-port %u --tls-auth-clients no --tls-cert-file "
      "%s/ours/%s.pem --tls-key-file %s/ours/%s.key --tls-ca-cert-file %s/ours/ca.pem",
      *port, folder, certificate, folder, certificate, folder);
  bed_start (bed, options, BED_READY);
}

/* A server with that certificate, and what is seen of it. */
static void
see_tls (const char *folder, const char *certificate, const char *authority,
         const char *sentence)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  guint port;
  start_tls (&bed, folder, certificate, &port);
  bed_fill (&bed, "");
  g_autofree char *ca =
      g_strdup_printf (", ca-file: %s/%s/ca.pem", folder, authority ? authority : "");
  eyes_look_at (&eyes, "{url: 'rediss://localhost:%u/3'%s}", port, authority ? ca : "");
  if (sentence)
    eyes_hear (&eyes, sentence);
  else
    eyes_see_jobs (&eyes);
  bed_stop (&bed);
}

static void
test_tls (void)
{
  static const struct {
    const char *certificate, *authority, *sentence;
  } rows[] = {
    { "good", "ours", NULL },
    { "name", "ours", "is not for the name localhost; " },
    { "good", "other", "is not from an authority in " },
    { "good", NULL, "is from an authority that is not known here; " },
    { "expired", "ours", "has expired; " },
    { "early", "ours", "is not valid yet; " },
    { "good", "missing", "cannot be read; correct ca-file" },
  };
  g_autofree char *folder = make_certificates ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    see_tls (folder, rows[i].certificate, rows[i].authority, rows[i].sentence);
  remove_folder (folder);
}

/* A large sample comes in many records. */
static void
test_tls_large (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  guint port;
  g_autofree char *folder = make_certificates ();
  start_tls (&bed, folder, "good", &port);
  bed_do (&bed, "EVAL \"for i = 1, 1000 do redis.call('SADD', 'queues', i); redis.call("
                "'LPUSH', 'queue:' .. i, string.rep('x', 3000)) end\" 0");
  eyes_look_at (&eyes, "{url: 'rediss://localhost:%u', ca-file: %s/ours/ca.pem}", port,
                folder);
  g_assert_cmpstr (eyes_first (&eyes)->error, ==, NULL);
  g_assert_cmpuint (
      json_array_size (json_object_get (eyes_first (&eyes)->body, "queues")), ==, 1000);
  const Reading *second = eyes_next (&eyes, "queues redis");
  g_assert_cmpstr (second->error, ==, NULL);
  eyes_close (&eyes);
  bed_stop (&bed);
  remove_folder (folder);
}

/* Each way of mistaking a port with TLS for one without. */
static void
test_tls_mistaken (void)
{
  RedisBed bed = { 0 };
  Eyes eyes;
  guint port;
  g_autofree char *folder = make_certificates ();
  start_tls (&bed, folder, "good", &port);
  eyes_look_at (&eyes, "{url: 'redis://localhost:%u'}", port);
  eyes_hear (&eyes, "rediss://");
  g_autofree char *plain = g_strdup_printf ("{url: 'rediss://localhost:%u'}", bed.port);
  eyes_look (&eyes, plain, G_USEC_PER_SEC);
  const char *error = eyes_first (&eyes)->error;
  if (!strstr (error, " does not speak TLS") &&
      !strstr (error, " before TLS was agreed") &&
      !strstr (error, " does not answer with TLS"))
    g_error ("%s", error);
  eyes_close (&eyes);
  bed_stop (&bed);
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  static const char *const programs[] = { "redis-server", "redis-cli", "openssl",
                                          "python3", NULL };
  g_test_init (&argc, &argv, NULL);
  if (bed_skips (programs))
    return 77;
  g_test_add_func ("/redis/tls", test_tls);
  g_test_add_func ("/redis/tls/large", test_tls_large);
  g_test_add_func ("/redis/tls/mistaken", test_tls_mistaken);
  return g_test_run ();
}
