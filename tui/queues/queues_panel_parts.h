/* queues_panel_parts.h: what the files of the queues panel share. */
#ifndef HANDRAIL_TUI_QUEUES_PANEL_PARTS_H
#define HANDRAIL_TUI_QUEUES_PANEL_PARTS_H

#include "core/checks/queues_judge.h"
#include "tui/queues/queues_history.h"
#include "tui/queues/queues_panel.h"

/* A queue that has held a job within the window. So one that fills and empties again and
 * again keeps its line. */
typedef struct {
  char *name;
  double size;
  double latency_s; /* NAN: not known */
  gboolean paused, unconsumed;
  gint64 filled_us; /* boot time of the last sample in which it was not empty */
  gboolean named;   /* the last sample had it */
  gint rank;        /* how large it was lately: where not all fit */
  gboolean kept;    /* among those shown there */
  gboolean judged;  /* as of the last sample */
  QueuesJudgement judgement;
} QueuesRow;

struct QueuesPanel {
  gint64 window_us;
  gint64 speed; /* every other time here is boot time × speed: the procedure's */
  QueuesJudge *judge;
  QueuesHistory *history;
  GPtrArray *rows;      /* of QueuesRow, in the order of their names */
  guint empty;          /* queues of the last sample that have no row */
  QueuesSample *sample; /* the last one, or NULL */
  QueuesJudgement whole;
  GArray *each;      /* QueuesJudgement of its queues, in their order; or empty */
  char *words;       /* of the verdict */
  Moment began;      /* when the first sample was taken; the wall clock is the machine's */
  Moment seen;       /* and the last one */
  char *problem;     /* why the last look gave none; or NULL */
  char *chosen;      /* name of the selected queue; NULL: all together */
  guint top;         /* the first row on the screen */
  guint page;        /* rows that fitted when it was drawn last */
  gboolean all_time; /* what the chart shows; else the window */
};

/* Below, `now_us` is procedure time already. The last look failed, or is too long ago to
 * go by. */
gboolean queues_panel_is_stale (const QueuesPanel *panel, gint64 now_us);

/* What is shown of the age of the last sample: it moves on by steps. */
gint64 queues_panel_age_us (const QueuesPanel *panel, gint64 now_us);

/* Position of the selected row; rows->len: all together. And its name, or NULL. */
guint queues_panel_chosen (const QueuesPanel *panel);
const char *queues_panel_chosen_name (const QueuesPanel *panel);

/* With its verdict. */
const QueuesRow *queues_panel_row (QueuesPanel *panel, guint position);

/* "412", "12.3M"; newly allocated. */
char *queues_panel_size (double size);

#endif
