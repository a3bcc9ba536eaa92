#include "tui/run/run_head.h"

#include "tui/place.h"
#include "tui/run/run_words.h"

#define MINUTE_US (60 * (gint64)G_USEC_PER_SEC)

#define GAP 2
#define ELAPSED_COLUMNS 8 /* "123 min": it does not move when it gains a digit */
#define ELAPSED_FROM_COLUMNS 76
#define PROCEDURE_COLUMNS 18  /* "procedure 1234 min" */
#define BOTH_FROM_COLUMNS 100 /* the clock and that */
#define CLOCK_COLUMNS 5
#define TITLE_COLUMNS_MIN 16
#define MEANING_FROM_COLUMNS 100 /* the banner has room to say what it means */

HeadStake
run_head_stake (const RunModel *model)
{
  const RunState *state = run_model_state (model);
  return state->practice     ? HEAD_PRACTICE
         : state->production ? HEAD_PRODUCTION
                             : HEAD_USUAL;
}

Role
run_head_frame (const RunModel *model)
{
  return head_frame (run_head_stake (model));
}

/* Since the run began, by the clock on the wall: a run outlives the boot it began in. */
static gint64
elapsed_us (const RunState *state, gint64 wall_us)
{
  return MAX (wall_us - state->began.wall_us, 0);
}

/* Of the procedure: in practice they are shorter. */
static gint64
minutes_at (const RunState *state, gint64 wall_us)
{
  return elapsed_us (state, wall_us) / (MINUTE_US / state->speed);
}

/* The clock and the minutes change each in their own time. */
gint64
run_head_wake_us (const RunModel *model, gint64 wall_us)
{
  const RunState *state = run_model_state (model);
  gint64 minute_us = MAX (MINUTE_US / state->speed, G_USEC_PER_SEC);
  gint64 to_minute_us = minute_us - elapsed_us (state, wall_us) % minute_us;
  gint64 to_clock_us = MINUTE_US - wall_us % MINUTE_US;
  return wall_us + MIN (to_minute_us, to_clock_us);
}

char *
run_head_target (const RunModel *model)
{
  const RunState *state = run_model_state (model);
  const Site *site = run_model_site (model);
  GString *target = g_string_new (state->site);
  g_autofree char *place = site ? place_words (site) : g_strdup (state->platform);
  if (place)
    g_string_append_printf (target, " · %s", place);
  return g_string_free (target, FALSE);
}

static char *
clock_text (gint64 wall_us)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return now ? g_date_time_format (now, "%H:%M") : g_strdup ("");
}

/* Where it goes faster than the clock beside it, it says what it counts. */
static char *
elapsed_text (const RunState *state, gint64 wall_us)
{
  return g_strdup_printf ("%s%" G_GINT64_FORMAT " min",
                          state->speed > 1 ? "procedure " : "",
                          minutes_at (state, wall_us));
}

/* The times at the right end; returns where they begin. Narrow, there is no room for two that
 * have to be told apart. */
static int
draw_times (const RunState *state, Canvas *canvas, Area line, gint64 wall_us)
{
  g_autofree char *clock = clock_text (wall_us);
  g_autofree char *elapsed = elapsed_text (state, wall_us);
  gboolean faster = state->speed > 1;
  int x = line.width;
  if (line.width >= ELAPSED_FROM_COLUMNS) {
    canvas_right (canvas, line, x, 0, ROLE_DIM, elapsed);
    x -= (faster ? PROCEDURE_COLUMNS : ELAPSED_COLUMNS) + 1;
  }
  if (faster && line.width >= ELAPSED_FROM_COLUMNS && line.width < BOTH_FROM_COLUMNS)
    return x + 1;
  canvas_right (canvas, line, x, 0, ROLE_DIM, clock);
  return x - CLOCK_COLUMNS;
}

static guint
count_here (const RunState *state)
{
  guint count = 0;
  for (guint i = 0; i < state->viewers->len; i++)
    count += ((const ViewerState *)g_ptr_array_index (state->viewers, i))->here ? 1 : 0;
  return count;
}

/* Who cannot act is told so all the time; who is not alone, too. Where it does not fit the
 * foot says it alone. */
static void
draw_people (const RunModel *model, Canvas *canvas, Area line, int x)
{
  guint here = count_here (run_model_state (model));
  gboolean leads = run_model_has_controls (model);
  if (!run_model_caught_up (model) || run_model_is_over (model, NULL, NULL) ||
      (leads && here < 2))
    return;
  g_autofree char *words =
      leads ? g_strdup_printf ("%u here", here) : g_strdup ("looking on");
  if (x + GAP + canvas_columns (words) <= line.width)
    canvas_text (canvas, line, x + GAP, 0, leads ? ROLE_DIM : ROLE_WAITING, words);
}

void
run_head_draw (const RunModel *model, Canvas *canvas, Area line, gint64 wall_us)
{
  const RunState *state = run_model_state (model);
  line = area_inside (line, 1, 0, 1, 0);
  if (!state->title)
    return;
  g_autofree char *target = run_head_target (model);
  g_autofree char *banner = run_words_banner (state, line.width >= MEANING_FROM_COLUMNS);
  const HeadPlace place = { .text = target,
                            .brief = state->site,
                            .stake = run_head_stake (model),
                            .banner = banner };
  int x = draw_times (state, canvas, line, wall_us);
  x = head_draw_place (canvas, line, x - GAP, &place, TITLE_COLUMNS_MIN);
  int title = canvas_middle (canvas, line, 0, 0, x - GAP, ROLE_TITLE, state->title);
  draw_people (model, canvas, (Area){ line.x, line.y, x - 1, 1 }, title);
}
