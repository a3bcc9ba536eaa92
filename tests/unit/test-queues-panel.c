/* The queues as a table: what is drawn of readings, and what the keys select. */
#include <math.h>
#include <string.h>

#include "tui/queues/queues_panel.h"

#define SECOND ((gint64)G_USEC_PER_SEC)
#define BEGIN (1000 * SECOND)               /* since boot */
#define WALL (1795335118 * (gint64)1000000) /* 2026-11-22 08:11:58 UTC, at BEGIN */
#define WINDOW (120 * SECOND)

/* ---- a panel with readings ------------------------------------------------------------- */

typedef struct {
  QueuesPanel *panel;
  gint64 now_us;
  gboolean past; /* another reading follows */
} Bed;

static Bed
bed_new (void)
{
  return (Bed){ queues_panel_new (WINDOW, 5), BEGIN, FALSE };
}

static void
bed_clear (Bed *bed)
{
  queues_panel_free (bed->panel);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bed, bed_clear)

static void
give (Bed *bed, const char *error, json_t *body)
{
  Moment at = { WALL + bed->now_us - BEGIN, bed->now_us };
  g_autoptr (Reading) reading = reading_new ("queues redis", at, at, error, body);
  (bed->past ? queues_panel_take_past : queues_panel_take) (bed->panel, reading);
}

static void
fail (Bed *bed, gint64 after_us, const char *error)
{
  bed->now_us += after_us;
  give (bed, error, NULL);
}

/* JSON with ' for ". */
static json_t *
json_of (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  json_error_t error;
  json_t *json = json_loads (quoted, 0, &error);
  if (!json)
    g_error ("%s: %s", error.text, quoted);
  return json;
}

/* Two seconds later; `queues` are the members of the list. */
static void
see (Bed *bed, const char *queues)
{
  g_autofree char *text = g_strdup_printf (
      "{'at':0,'queues':[%s],'busy':45,'threads':75,'retry':12,'scheduled':340,'dead':0,"
      "'processed':%d,'processes':[{'name':'a:1:x','quiet':false},{'name':'b:1:x',"
      "'quiet':true}]}",
      queues, (int)(bed->now_us / SECOND));
  bed->now_us += 2 * SECOND;
  give (bed, NULL, json_of (text));
}

static char *
queue (const char *name, guint size, double latency_s)
{
  char latency[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (latency, sizeof latency, "%.1f", latency_s);
  return g_strdup_printf ("{'name':'%s','size':%u,'latency':%s}", name, size, latency);
}

static void
see_three (Bed *bed, guint one, guint other)
{
  g_autofree char *first = queue ("default", one, 12.3);
  g_autofree char *second = queue ("mailers", other, 2);
  g_autofree char *queues =
      g_strconcat (second, ",{'name':'low','size':0},", first, NULL);
  see (bed, queues);
}

/* As in a drawing: a minute of shrinking queues. */
static void
see_shrinking (Bed *bed)
{
  for (guint i = 0; i < 61; i++)
    see_three (bed, 412 + 6 * (60 - i), 20);
}

static char *
drawn_as (const Bed *bed, int width, int height, guint flags)
{
  g_autoptr (Canvas) canvas = canvas_new (width, height, FALSE);
  queues_panel_draw (bed->panel, canvas, canvas_area (canvas), flags, bed->now_us);
  return canvas_dump (canvas);
}

static char *
drawn (const Bed *bed, int width, int height, gboolean selects)
{
  return drawn_as (bed, width, height, selects ? QUEUES_PANEL_SELECTS : 0);
}

static void
assert_drawn (const Bed *bed, int width, int height, const char *wanted)
{
  g_autofree char *seen = drawn (bed, width, height, FALSE);
  g_assert_cmpstr (seen, ==, wanted);
}

static void
assert_has (const Bed *bed, int width, int height, gboolean selects, const char *wanted)
{
  g_autofree char *seen = drawn (bed, width, height, selects);
  if (!strstr (seen, wanted))
    g_error ("no \"%s\" in\n%s", wanted, seen);
}

/* ---- the table ------------------------------------------------------------------------- */

static void
test_widths (void)
{
  static const struct {
    int width;
    const char *drawn;
  } widths[] = {
    { 58, "  queue            size   oldest  last 2m          trend\n"
          "  default           412    12.3s  ▇▇▇▇▆▆▆▅▅▅▄▄    -3.0/s\n"
          "  mailers            20     2.0s  ████████████       0/s\n"
          "  1 empty queue       0        -\n"
          "  all               432           █▇▇▇▆▆▆▆▅▅▅▄    -3.0/s\n"
          "  2 workers (1 quiet)  45 of 75 busy    retry 12\n"
          "\n"
          "… shrinking: near zero in about 2m24s\n\n" },
    { 78, "  queue                  size   oldest  last 2m             trend\n"
          "  default                 412    12.3s  ▇▇▇▇▇▆▆▆▆▅▅▅▅▄▄    -3.0/s  shrinking\n"
          "  mailers                  20     2.0s  ███████████████       0/s  steady\n"
          "  1 empty queue             0        -\n"
          "  all                     432           █▇▇▇▇▆▆▆▆▆▅▅▅▅▄    -3.0/s  shrinking\n"
          "  2 workers (1 quiet)  45 of 75 busy    retry 12    scheduled 340    dead 0\n"
          "\n"
          "… shrinking: near zero in about 2m24s\n\n" },
    { 118, "  queue                                size   oldest  last 2m                "
           "  trend\n"
           "  default                               412    12.3s  █▇▇▇▇▇▆▆▆▆▆▆▅▅▅▅▅▄▄▄   "
           " -3.0/s  shrinking\n"
           "  mailers                                20     2.0s  ████████████████████   "
           "    0/s  steady\n"
           "  1 empty queue                           0        -\n"
           "  all                                   432           ██▇▇▇▇▇▆▆▆▆▆▆▅▅▅▅▅▅▄   "
           " -3.0/s  shrinking\n"
           "  2 workers (1 quiet)  45 of 75 busy    retry 12    scheduled 340    dead 0\n"
           "\n"
           "… shrinking: near zero in about 2m24s\n\n" },
  };
  g_auto (Bed) bed = bed_new ();
  see_shrinking (&bed);
  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++)
    assert_drawn (&bed, widths[i].width, 9, widths[i].drawn);
}

/* However wide: bars and words are drawn in the same columns for any numbers. */
static void
test_columns_stay (void)
{
  g_auto (Bed) bed = bed_new ();
  static const guint sizes[] = { 1, 10, 999, 100000, 9999999, 123456789, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    see_three (&bed, sizes[i], 20);
    g_autofree char *seen = drawn (&bed, 78, 9, FALSE);
    g_auto (GStrv) lines = g_strsplit (seen, "\n", -1);
    g_assert_true (g_str_has_prefix (lines[0], "  queue"));
    g_assert_true (
        g_str_has_prefix (lines[2], "  mailers                  20     2.0s  "));
    g_assert_cmpint (g_utf8_strlen (lines[2], -1), ==, 55);
  }
  assert_has (&bed, 78, 9, FALSE, "  default                   0        -  ");
}

static void
test_large (void)
{
  g_auto (Bed) bed = bed_new ();
  see_three (&bed, 123456789, 20);
  assert_has (&bed, 78, 9, FALSE, "  default              123.5M    12.3s");
}

static void
test_ages (void)
{
  static const struct {
    const char *latency, *shown;
  } ages[] = {
    { "-3", "    0.0s" },  { "0", "    0.0s" },    { "99.94", "   99.9s" },
    { "100", "   1m40s" }, { "3599", "      1h" }, { "93600", "    1d2h" },
    { "8e7", " over 1y" }, { "1e15", " over 1y" }, { "null", "       ?" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (ages); i++) {
    g_auto (Bed) bed = bed_new ();
    g_autofree char *queues =
        g_strdup_printf ("{'name':'a','size':1,'latency':%s}", ages[i].latency);
    g_autofree char *wanted = g_strconcat ("1 ", ages[i].shown, "  ", NULL);
    see (&bed, queues);
    assert_has (&bed, 78, 9, FALSE, wanted);
  }
}

/* What will not come true by itself is marked. */
static void
test_trouble (void)
{
  g_auto (Bed) bed = bed_new ();
  for (guint i = 0; i < 61; i++) {
    g_autofree char *queues = g_strdup_printf (
        "{'name':'alone','size':7,'latency':1,'consumed':false},"
        "{'name':'grows','size':%u,'latency':1},"
        "{'name':'held','size':3,'latency':1,'paused':true},"
        "{'name':'idle','size':0,'paused':true},{'name':'same','size':9,'latency':%u}",
        10 + i, 10 + 2 * i);
    see (&bed, queues);
  }
  assert_drawn (
      &bed, 78, 12,
      "  queue                  size   oldest  last 2m             trend\n"
      "✖ alone                     7     1.0s  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇       0/s  no worker\n"
      "✖ grows                    70     1.0s  ▂▂▃▃▃▄▄▅▅▅▆▆▇▇▇    +0.5/s  growing\n"
      "✖ held                      3     1.0s  ▅▅▅▅▅▅▅▅▅▅▅▅▅▅▅       0/s  paused\n"
      "✖ same                      9    2m10s  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇       0/s  stuck\n"
      "  1 empty queue             0        -\n"
      "  all                      89           ▃▃▄▄▄▄▅▅▅▆▆▆▇▇▇    +0.5/s  growing\n"
      "  2 workers (1 quiet)  45 of 75 busy    retry 12    scheduled 340    dead 0\n"
      "\n"
      "✖ growing: 74 busy threads (2 workers) would drain it in 10m, there are 75\n"
      "  (2); growing: grows (70); stuck: same (9); nobody consumes alone (7);\n"
      "  paused: held (3), idle (0)\n");
}

/* A queue keeps its line until it has been empty for a window. */
static void
test_lines_stay (void)
{
  g_auto (Bed) bed = bed_new ();
  see_three (&bed, 4, 0);
  assert_has (&bed, 78, 9, FALSE, "\n  2 empty ");
  see_three (&bed, 0, 1);
  assert_has (&bed, 78, 9, FALSE, "\n  default                   0 ");
  assert_has (&bed, 78, 9, FALSE, "\n  mailers                   1 ");
  for (guint i = 0; i < 59; i++) /* up to a window after it had a job last */
    see_three (&bed, 0, 1);
  assert_has (&bed, 78, 9, FALSE, "\n  default                   0 ");
  see_three (&bed, 0, 1);
  assert_has (&bed, 78, 9, FALSE, "\n  2 empty ");
  see (&bed, "{'name':'mailers','size':1}");
  assert_has (&bed, 78, 9, FALSE, "\n  mailers                   1        ?");
  g_autofree char *seen = drawn (&bed, 78, 9, FALSE);
  g_assert_null (strstr (seen, "empty"));
}

/* Members that a sample need not have. */
static void
test_little (void)
{
  g_auto (Bed) bed = bed_new ();
  bed.now_us += 2 * SECOND;
  give (&bed, NULL, json_of ("{'at':0,'queues':[{'name':'a','size':3}]}"));
  assert_drawn (&bed, 78, 9,
                "  queue                  size   oldest  last 2m             trend\n"
                "  a                         3        ?                ▅\n"
                "  all                       3                         ▅\n"
                "\n"
                "\n"
                "… unknown: watched for 0s of 2m\n\n\n\n");
  give (&bed, NULL, json_of ("{'at':0,'queues':[],'busy':2,'processes':[]}"));
  assert_drawn (&bed, 78, 9,
                "  queue                  size   oldest  last 2m             trend\n"
                "  a                         0        -                ▅\n"
                "  all                       0                         ▅\n"
                "✖ no workers   2 busy\n"
                "\n"
                "… unknown: watched for 0s of 2m\n\n\n\n");
}

/* ---- where not all fit ------------------------------------------------------------------ */

/* So many queues of these sizes: "q00", "q01"… */
static void
see_many (Bed *bed, const guint *sizes, guint count)
{
  g_autoptr (GString) queues = g_string_new (NULL);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (queues, "%s{'name':'q%02u','size':%u,'latency':1}",
                            i > 0 ? "," : "", i, sizes[i]);
  see (bed, queues->str);
}

/* The names that are drawn, "q00 q03". */
static char *
names_drawn (const Bed *bed, int height, gboolean selects)
{
  g_autofree char *seen = drawn (bed, 78, height, selects);
  g_auto (GStrv) lines = g_strsplit (seen, "\n", -1);
  GString *out = g_string_new (NULL);
  for (guint i = 0; lines[i]; i++)
    if (g_str_has_prefix (lines[i], "  q") && g_ascii_isdigit (lines[i][3]))
      g_string_append_printf (out, "%s%.3s", out->len > 0 ? " " : "", lines[i] + 2);
  return g_string_free (out, FALSE);
}

static void
assert_names (const Bed *bed, int height, gboolean selects, const char *wanted)
{
  g_autofree char *seen = names_drawn (bed, height, selects);
  g_assert_cmpstr (seen, ==, wanted);
}

static void
test_largest (void)
{
  guint sizes[8] = { 10, 20, 30, 40, 50, 60, 0, 0 };
  g_auto (Bed) bed = bed_new ();
  see_many (&bed, sizes, 8);
  assert_names (&bed, 20, FALSE, "q00 q01 q02 q03 q04 q05");
  assert_names (&bed, 12, FALSE, "q00 q01 q02 q03 q04 q05");
  assert_names (&bed, 9, FALSE, "q03 q04 q05");
  assert_has (&bed, 78, 9, FALSE, "\n  and 3 more, 2 empty      60\n");
  sizes[0] = 31; /* larger, but not by so much that lines should move */
  see_many (&bed, sizes, 8);
  assert_names (&bed, 9, FALSE, "q03 q04 q05");
  sizes[0] = 81;
  see_many (&bed, sizes, 8);
  assert_names (&bed, 9, FALSE, "q00 q04 q05");
  sizes[0] = 1;
  see_many (&bed, sizes, 8); /* it was large a moment ago */
  assert_names (&bed, 9, FALSE, "q00 q04 q05");
  for (guint i = 0; i < 15; i++)
    see_many (&bed, sizes, 8);
  assert_names (&bed, 9, FALSE, "q03 q04 q05");
  sizes[0] = 100;
  see_many (&bed, sizes, 8);
  assert_names (&bed, 6, FALSE, "");
  assert_names (&bed, 7, FALSE, "q00");
  assert_names (&bed, 20, FALSE, "q00 q01 q02 q03 q04 q05");
}

/* The one that grows is seen, however large the others are. */
static void
test_growing_first (void)
{
  guint sizes[8] = { 10, 400, 400, 400, 400, 400, 0, 0 };
  g_auto (Bed) bed = bed_new ();
  for (guint i = 0; i < 61; i++) {
    sizes[0] += 2;
    see_many (&bed, sizes, 8);
  }
  assert_has (&bed, 78, 8, FALSE, "✖ q00 ");
  assert_has (&bed, 78, 8, FALSE, "\n  and 4 more, 2 empty");
}

/* Who came when the window began sees the same queues as who has looked on for hours, whatever
 * was there before. */
static void
look_on (int height)
{
  g_auto (Bed) early = bed_new ();
  g_auto (Bed) late = bed_new ();
  for (guint i = 0; i < 200; i++) {
    const guint before[8] = { 100, 9, 30 + i % 7, 40, 4 * i, 60, 3 * (i % 20), 9 };
    const guint after[8] = { 60, 100, 5, 70, i % 50 + 10, 20 + i % 7, 3 * (i % 20), 9 };
    see_many (&early, i < 100 ? before : after, 8);
    g_autofree char *seen = drawn (&early, 78, height, FALSE);
    late.now_us = early.now_us - 2 * SECOND;
    if (i >= 100)
      see_many (&late, after, 8);
    if (i >= 180)
      assert_drawn (&late, 78, height, seen);
  }
}

static void
test_late (void)
{
  for (int height = 6; height < 14; height++)
    look_on (height);
}

/* What is remembered of the past is what was judged at the time. */
static void
test_past (void)
{
  g_auto (Bed) told = bed_new ();
  g_auto (Bed) read = bed_new ();
  for (guint i = 0; i < 61; i++) {
    read.past = i < 60;
    see_three (&told, 400 - 3 * i, 20);
    see_three (&read, 400 - 3 * i, 20);
  }
  g_autofree char *seen = drawn (&told, 78, 9, FALSE);
  assert_drawn (&read, 78, 9, seen);
}

/* Any size is one that can be drawn in, and the verdict is the last to go. */
static void
test_small (void)
{
  g_auto (Bed) bed = bed_new ();
  see_shrinking (&bed);
  for (int width = 0; width < 100; width++)
    for (int height = 0; height < 14; height++)
      for (guint flags = 0; flags < 4; flags++) {
        g_autoptr (Canvas) canvas = canvas_new (width, height, FALSE);
        int lines = queues_panel_draw (bed.panel, canvas, canvas_area (canvas), flags,
                                       bed.now_us);
        g_assert_cmpint (lines, <=, height);
        queues_panel_draw_chart (bed.panel, canvas, canvas_area (canvas));
      }
  assert_has (&bed, 78, 1, FALSE, "shrinking: near zero");
}

static void
act (Bed *bed, KeyAction action, guint times)
{
  for (guint i = 0; i < times; i++)
    g_assert_true (queues_panel_act (bed->panel, action));
}

static char *
title_of_chart (const Bed *bed)
{
  g_autoptr (Canvas) canvas = canvas_new (60, 8, FALSE);
  queues_panel_draw_chart (bed->panel, canvas, canvas_area (canvas));
  g_autofree char *seen = canvas_dump (canvas);
  return g_strndup (seen, strcspn (seen, "\n"));
}

static void
assert_chosen (const Bed *bed, const char *name)
{
  g_autofree char *title = title_of_chart (bed);
  if (!g_str_has_prefix (title, name) || title[strlen (name)] != ' ')
    g_error ("not %s: %s", name, title);
}

static void
test_choosing (void)
{
  guint sizes[8] = { 1, 2, 4, 8, 16, 32, 64, 128 };
  g_auto (Bed) bed = bed_new ();
  act (&bed, ACTION_UP, 1); /* nothing to choose from yet */
  see_many (&bed, sizes, 8);
  assert_chosen (&bed, "all queues");
  assert_names (&bed, 9, TRUE, "q05 q06 q07"); /* the largest are seen without a key */
  act (&bed, ACTION_DOWN, 1);
  assert_chosen (&bed, "all queues");
  act (&bed, ACTION_UP, 1);
  assert_chosen (&bed, "q07");
  assert_names (&bed, 9, TRUE, "q04 q05 q06 q07");
  act (&bed, ACTION_UP, 4);
  assert_chosen (&bed, "q03");
  assert_names (&bed, 9, TRUE, "q03 q04 q05 q06");
  act (&bed, ACTION_FIRST, 1);
  assert_chosen (&bed, "q00");
  act (&bed, ACTION_PAGE_DOWN, 1);
  assert_chosen (&bed, "q03");
  act (&bed, ACTION_LAST, 1);
  assert_chosen (&bed, "all queues");
  act (&bed, ACTION_PAGE_UP, 1);
  assert_chosen (&bed, "q05");
  g_assert_false (queues_panel_act (bed.panel, ACTION_NOTE));
  assert_chosen (&bed, "q05");
  memset (sizes, 0, sizeof sizes);
  for (guint i = 0; i < 62; i++)
    see_many (&bed, sizes, 8);
  assert_chosen (&bed, "all queues"); /* its line is gone */
}

static void
test_selected_line (void)
{
  g_auto (Bed) bed = bed_new ();
  see_three (&bed, 3, 9);
  g_autoptr (Canvas) canvas = canvas_new (78, 10, FALSE);
  for (guint at = 3; at > 0; at--) {
    canvas_clear (canvas);
    queues_panel_draw (bed.panel, canvas, canvas_area (canvas), QUEUES_PANEL_SELECTS,
                       bed.now_us);
    for (int y = 0; y < 10; y++)
      g_assert_true ((canvas_cell (canvas, 3, y)->role == ROLE_SELECTED) ==
                     (y == (int)(at == 3 ? 4 : at)));
    act (&bed, ACTION_UP, 1);
  }
}

/* ---- what is too old ----------------------------------------------------------------------- */

static void
test_first_look (void)
{
  g_auto (Bed) bed = bed_new ();
  g_assert_true (queues_panel_is_empty (bed.panel));
  assert_drawn (&bed, 78, 3, "… waiting for the first look at the queues\n\n\n");
  g_assert_cmpint (queues_panel_wake_us (bed.panel, bed.now_us), ==, 0);
  fail (&bed, SECOND, "Redis at r:1 refuses the connection; start it");
  g_assert_false (queues_panel_is_empty (bed.panel));
  assert_drawn (&bed, 78, 3,
                "? not seen: Redis at r:1 refuses the connection; start it\n\n\n");
  g_assert_cmpint (queues_panel_wake_us (bed.panel, bed.now_us), ==, 0);
}

/* A look that fails, and then nothing more. */
static void
test_stale (void)
{
  g_auto (Bed) bed = bed_new ();
  see_shrinking (&bed);
  gint64 seen_us = bed.now_us;
  fail (&bed, 2 * SECOND, "Redis at r:1 refuses\033[2J");
  assert_has (&bed, 78, 9, FALSE, "? not seen: Redis at r:1 refuses\\x1B[2J\n");
  assert_has (&bed, 78, 9, FALSE, "mailers                  20     2.0s");
  g_autofree char *seen = drawn (&bed, 78, 9, FALSE);
  g_assert_null (strstr (seen, "/s")); /* no trend that was */
  for (gint64 age_s = 5; age_s < 60; age_s += 5) {
    g_assert_cmpint (queues_panel_wake_us (bed.panel, bed.now_us), ==,
                     seen_us + age_s * SECOND);
    bed.now_us = seen_us + age_s * SECOND;
    g_autofree char *wanted = g_strdup_printf ("? not seen for %ds: Redis", (int)age_s);
    assert_has (&bed, 78, 9, FALSE, wanted);
  }
  bed.now_us = seen_us + 119 * SECOND;
  assert_has (&bed, 78, 9, FALSE, "? not seen for 1m: Redis");
  g_assert_cmpint (queues_panel_wake_us (bed.panel, bed.now_us), ==,
                   seen_us + 120 * SECOND);
  see_three (&bed, 400, 20); /* after that gap there is nothing to judge by yet */
  assert_has (&bed, 78, 9, FALSE,
              "… stale: no sample for too long before this one; watched for 0s of 2m\n");
}

/* The runner falls silent: stale after three intervals, all by itself. */
static void
test_silence (void)
{
  g_auto (Bed) bed = bed_new ();
  see_shrinking (&bed);
  gint64 wake_us = queues_panel_wake_us (bed.panel, bed.now_us);
  g_assert_cmpint (wake_us, >, bed.now_us + 6 * SECOND);
  g_assert_cmpint (wake_us, <, bed.now_us + 6 * SECOND + 10000);
  bed.now_us = wake_us - 10000;
  assert_has (&bed, 78, 9, FALSE, "shrinking");
  bed.now_us = wake_us;
  assert_has (&bed, 78, 9, FALSE, "? not seen for 5s\n");
}

/* Near zero is good only while it is seen. */
static void
test_passes (void)
{
  g_auto (Bed) bed = bed_new ();
  for (guint i = 0; i < 61; i++) {
    bed.now_us += 2 * SECOND;
    give (&bed, NULL, json_of ("{'at':0,'queues':[{'name':'a','size':1}],'busy':0}"));
    g_assert_true (queues_panel_passes (bed.panel, bed.now_us) == (i == 60));
  }
  assert_has (&bed, 78, 9, FALSE, "✔ near zero for 2m\n");
  g_assert_true (queues_panel_passes (bed.panel, bed.now_us + 5 * SECOND));
  g_assert_false (queues_panel_passes (bed.panel, bed.now_us + 7 * SECOND));
  fail (&bed, SECOND, "no");
  g_assert_false (queues_panel_passes (bed.panel, bed.now_us));
}

static void
test_wrong_reading (void)
{
  g_auto (Bed) bed = bed_new ();
  see_three (&bed, 3, 9);
  give (&bed, NULL, json_of ("{'at':0,'queues':'none'}"));
  assert_has (&bed, 78, 9, FALSE, "? not seen: \"queues\" is no list; give a list\n");
}

/* Where the verdict stands elsewhere it is not said twice, nor why there is none: only that
 * what is shown is old. */
static void
test_told (void)
{
  g_auto (Bed) bed = bed_new ();
  see_shrinking (&bed);
  g_autofree char *table = drawn_as (&bed, 78, 12, QUEUES_PANEL_TOLD);
  g_assert_null (strstr (table, "near zero"));
  g_assert_true (g_str_has_suffix (g_strchomp (table), "dead 0"));
  fail (&bed, SECOND, "Redis refuses");
  g_autofree char *stale = drawn_as (&bed, 78, 12, QUEUES_PANEL_TOLD);
  g_assert_cmpstr (strstr (g_strchomp (stale), "dead 0"), ==, "dead 0\n? not seen");
  bed.now_us += 30 * SECOND;
  g_autofree char *later = drawn_as (&bed, 78, 12, QUEUES_PANEL_TOLD);
  g_assert_nonnull (strstr (later, "\n? not seen for 3"));
}

/* Every role is as of then, and none of the colours of a verdict is left. */
static void
test_stale_roles (void)
{
  g_auto (Bed) bed = bed_new ();
  see_shrinking (&bed);
  fail (&bed, SECOND, "no");
  g_autoptr (Canvas) canvas = canvas_new (78, 9, FALSE);
  queues_panel_draw (bed.panel, canvas, canvas_area (canvas), 0, bed.now_us);
  for (int y = 0; y < 9; y++)
    for (int x = 0; x < 78; x++) {
      guint8 role = canvas_cell (canvas, x, y)->role;
      g_assert_true (role == ROLE_STALE || role == ROLE_HEADING || role == ROLE_DIM ||
                     *canvas_cell (canvas, x, y)->text == ' ');
    }
}

/* ---- the chart --------------------------------------------------------------------------------- */

static void
test_chart (void)
{
  g_auto (Bed) bed = bed_new ();
  see_shrinking (&bed);
  g_autoptr (Canvas) canvas = canvas_new (60, 7, FALSE);
  queues_panel_draw_chart (bed.panel, canvas, canvas_area (canvas));
  g_autofree char *all = canvas_dump (canvas);
  g_assert_cmpstr (all, ==,
                   "all queues  792 at most since 09:12 CET\n"
                   "  800 │█▇▆▆▅▄▄▃▂▂▁\n"
                   "      │█████████████▇▆▆▅▄▄▃▂▂▁\n"
                   "  400 │████████████████████████▇▇▆\n"
                   "      │███████████████████████████\n"
                   "    0 │███████████████████████████\n"
                   "       09:12:00                                     09:16:00\n");
  act (&bed, ACTION_WIDER, 1);
  act (&bed, ACTION_UP, 1);
  canvas_clear (canvas);
  queues_panel_draw_chart (bed.panel, canvas, canvas_area (canvas));
  g_autofree char *window = canvas_dump (canvas);
  g_assert_cmpstr (window, ==,
                   "mailers  20 at most in about the last 2m (CET)\n"
                   "   20 │████████████████████████████████████████████\n"
                   "      │████████████████████████████████████████████\n"
                   "   10 │████████████████████████████████████████████\n"
                   "      │████████████████████████████████████████████\n"
                   "    0 │████████████████████████████████████████████\n"
                   "       09:12:00                                     09:14:30\n");
}

/* ---- calm ------------------------------------------------------------------------------------- */

/* Nothing has changed: the same cells, sample after sample. */
static void
test_nothing_changes (void)
{
  g_auto (Bed) bed = bed_new ();
  g_autofree char *first = NULL;
  for (guint i = 0; i < 300; i++) {
    see (&bed, "{'name':'a','size':0},{'name':'b','size':0}");
    g_autoptr (Canvas) canvas = canvas_new (78, 20, FALSE);
    Area area = canvas_area (canvas), table = area_take_top (&area, 10);
    queues_panel_draw (bed.panel, canvas, table, QUEUES_PANEL_SELECTS, bed.now_us);
    queues_panel_draw_chart (bed.panel, canvas, area);
    g_autofree char *seen = canvas_dump_roles (canvas);
    if (i == 150) /* by then the axis is as long as it stays until the end */
      first = g_strdup (seen);
    else if (i > 150 && i < 240)
      g_assert_cmpstr (seen, ==, first);
  }
}

/* Bars keep their heights while they move on by a column every few samples. */
static void
test_bars_move_together (void)
{
  g_auto (Bed) bed = bed_new ();
  g_autofree char *before = NULL;
  guint changes = 0;
  for (guint i = 0; i < 90; i++) {
    see_three (&bed, 100 + i % 7, 20);
    g_autofree char *seen = drawn (&bed, 78, 9, FALSE);
    const char *bars = strstr (seen, "12.3s");
    g_autofree char *now = g_utf8_substring (bars, 5, 5 + 2 + 14); /* but the last one */
    if (i >= 70)
      changes += g_strcmp0 (before, now) != 0;
    g_free (g_steal_pointer (&before));
    before = g_steal_pointer (&now);
  }
  g_assert_cmpuint (changes, ==, 5); /* a column is eight seconds: four samples */
}

/* ---- names of any origin ------------------------------------------------------------------------ */

static void
test_names (void)
{
  g_autofree char *longest = g_strnfill (4096, 'x');
  const char *const names[] = {
    "\033[2J\033[1;1H\033]0;evil\a\033[31mred",
    longest,
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae olleh",
    "日本語の名前がとても長い名前です本当に",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb\xe2\x9d\xa4\xef\xb8\x8f x",
  };
  g_auto (Bed) bed = bed_new ();
  json_t *queues = json_array ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    json_array_append_new (queues, json_pack ("{ss, si}", "name", names[i], "size", 7));
  bed.now_us += 2 * SECOND;
  give (&bed, NULL, json_pack ("{si, so}", "at", 0, "queues", queues));
  assert_drawn (&bed, 78, 12,
                "  queue                  size   oldest  last 2m             trend\n"
                "  \\x1B[2J\\x…B[31mred        7        ?                ▇\n"
                "  xxxxxxxxx…xxxxxxxx        7        ?                ▇\n"
                "  שלום \\u{2…E} olleh        7        ?                ▇\n"
                "  日本語の…す本当に         7        ?                ▇\n"
                "  👩\\u{200D}💻❤ x           7        ?                ▇\n"
                "  all                      35                         ▇\n"
                "\n"
                "\n"
                "… unknown: watched for 0s of 2m\n\n\n");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) { /* and as the title of the chart */
    act (&bed, ACTION_UP, 1);
    g_autofree char *title = title_of_chart (&bed);
    g_assert_cmpint (canvas_columns (title), <=, 60);
    g_assert_nonnull (strstr (title, "7 at most"));
  }
}

/* ---- many ---------------------------------------------------------------------------------------- */

/* As many as a sample may have; what it costs is said, and no test fails by it. */
static void
test_thousands (void)
{
  static const guint counts[] = { 10, 1000, 10000 };
  for (gsize each = 0; each < G_N_ELEMENTS (counts); each++) {
    g_auto (Bed) bed = bed_new ();
    gint64 took_us = 0;
    for (guint i = 0; i < 61; i++) {
      json_t *queues = json_array ();
      for (guint n = 0; n < counts[each]; n++) {
        g_autofree char *name = g_strdup_printf ("queue %05u", n);
        json_array_append_new (
            queues, json_pack ("{ss, si}", "name", name, "size", (n * 7 + i * 13) % 99));
      }
      bed.now_us += 2 * SECOND;
      g_autoptr (Canvas) canvas = canvas_new (120, 36, FALSE);
      json_t *body = json_pack ("{si, si, so}", "at", 0, "busy", 3, "queues", queues);
      gint64 begin_us = g_get_monotonic_time ();
      give (&bed, NULL, body);
      queues_panel_draw (bed.panel, canvas, canvas_area (canvas), i % 4, bed.now_us);
      took_us += g_get_monotonic_time () - begin_us;
    }
    act (&bed, ACTION_FIRST, 1);
    act (&bed, ACTION_DOWN, counts[each] - 1);
    g_autofree char *last = g_strdup_printf ("queue %05u", counts[each] - 1);
    assert_chosen (&bed, last);
    assert_has (&bed, 118, 36, TRUE, last);
    g_test_message ("%u queues: %.2f ms a sample", counts[each],
                    (double)took_us / 61 / 1000);
  }
}

/* Ten times as fast, samples every 200 ms are drawn as if they came every two seconds; only
 * when it is to be drawn again is the machine's time. */
static void
test_speed (void)
{
  g_auto (Bed) usual = bed_new ();
  g_auto (Bed) fast = bed_new ();
  queues_panel_set_speed (fast.panel, 10);
  fast.now_us += 2 * SECOND - SECOND / 5;
  for (guint i = 0; i < 61; i++) {
    see_three (&usual, 412 + 6 * (60 - i), 20);
    fast.now_us -= 2 * SECOND - SECOND / 5;
    see_three (&fast, 412 + 6 * (60 - i), 20);
  }
  g_autofree char *wanted = drawn (&usual, 80, 24, FALSE);
  g_autofree char *seen = drawn (&fast, 80, 24, FALSE);
  g_assert_cmpstr (seen, ==, wanted);
  gint64 usual_us = queues_panel_wake_us (usual.panel, usual.now_us) - usual.now_us;
  gint64 fast_us = queues_panel_wake_us (fast.panel, fast.now_us) - fast.now_us;
  g_assert_cmpint (usual_us, >, 5 * SECOND);
  g_assert_cmpint (fast_us, >=, SECOND); /* a second of the machine is never too long */
  g_assert_cmpint (fast_us, <, 2 * SECOND);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "CET-1", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/queues-panel/widths", test_widths);
  g_test_add_func ("/queues-panel/columns-stay", test_columns_stay);
  g_test_add_func ("/queues-panel/large", test_large);
  g_test_add_func ("/queues-panel/ages", test_ages);
  g_test_add_func ("/queues-panel/trouble", test_trouble);
  g_test_add_func ("/queues-panel/lines-stay", test_lines_stay);
  g_test_add_func ("/queues-panel/little", test_little);
  g_test_add_func ("/queues-panel/largest", test_largest);
  g_test_add_func ("/queues-panel/growing-first", test_growing_first);
  g_test_add_func ("/queues-panel/late", test_late);
  g_test_add_func ("/queues-panel/past", test_past);
  g_test_add_func ("/queues-panel/small", test_small);
  g_test_add_func ("/queues-panel/choosing", test_choosing);
  g_test_add_func ("/queues-panel/selected-line", test_selected_line);
  g_test_add_func ("/queues-panel/first-look", test_first_look);
  g_test_add_func ("/queues-panel/stale", test_stale);
  g_test_add_func ("/queues-panel/silence", test_silence);
  g_test_add_func ("/queues-panel/passes", test_passes);
  g_test_add_func ("/queues-panel/wrong-reading", test_wrong_reading);
  g_test_add_func ("/queues-panel/told", test_told);
  g_test_add_func ("/queues-panel/stale-roles", test_stale_roles);
  g_test_add_func ("/queues-panel/chart", test_chart);
  g_test_add_func ("/queues-panel/nothing-changes", test_nothing_changes);
  g_test_add_func ("/queues-panel/bars-move-together", test_bars_move_together);
  g_test_add_func ("/queues-panel/names", test_names);
  g_test_add_func ("/queues-panel/thousands", test_thousands);
  g_test_add_func ("/queues-panel/speed", test_speed);
  return g_test_run ();
}
