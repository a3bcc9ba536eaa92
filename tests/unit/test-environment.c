/* What children have of an environment. */
#include "core/base/environment.h"

static void
test_kept (void)
{
  static const char *const from[] = { "HOME=/root",
                                      "LC_ALL=de_DE.UTF-8",
                                      "PATHS=/x",
                                      "PATH=/bin:/a=b",
                                      "DOCKER_HOST=tcp://x",
                                      "TZ=",
                                      "odd",
                                      "AWS_PROFILE=prod",
                                      NULL };
  static const char *const wanted[] = { "HOME=/root", "PATH=/bin:/a=b", "TZ=", "LC_ALL=C",
                                        NULL };
  g_auto (GStrv) clean = environment_clean (from);
  g_assert_true (g_strv_equal ((const char *const *)clean, wanted));
}

static void
test_nothing (void)
{
  g_auto (GStrv) clean = environment_clean (NULL);
  g_assert_true (g_strv_equal ((const char *const *)clean,
                               (const char *const[]){ "LC_ALL=C", NULL }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/environment/kept", test_kept);
  g_test_add_func ("/environment/nothing", test_nothing);
  return g_test_run ();
}
