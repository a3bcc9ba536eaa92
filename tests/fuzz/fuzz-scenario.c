#include "core/runbook/scenario.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

/* The input is what everything is like, itself too, but for a few names. */
static GBytes *
read_again (const char *name, void *data, GError **error)
{
  if (*name == 'x') {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no such scenario");
    return NULL;
  }
  return g_bytes_ref (data);
}

static void
check_event (const Scenario *scenario, const ScenarioEvent *event)
{
  g_assert_true (event->trigger == SCENARIO_AT || scenario_service (scenario, event->of));
  g_assert_true (!event->service || scenario_service (scenario, event->service));
  g_assert_true (event->delay_us >= 0 && event->lasts_us >= 0 && event->count >= 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Scenario) scenario =
      scenario_load ("input.yaml", bytes, read_again, bytes, problems);
  g_assert_true (scenario || problems_count (problems) > 0);
  if (scenario && problems_count (problems) == 0)
    for (guint i = 0; i < scenario->events->len; i++)
      check_event (scenario, g_ptr_array_index (scenario->events, i));
  return 0;
}
