/* Bars and marks of a canvas (canvas.h). */
#include "tui/widgets/canvas.h"

static const char *const bar_shapes[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const bar_shapes_ascii[] = { " ", "_", "_", ".", "-",
                                                "-", "=", "#", "#" };

static const char *const mark_shapes[] = {
  [MARK_DONE] = "✔",    [MARK_FAILED] = "✖", [MARK_CURRENT] = "▸", [MARK_WAITING] = "…",
  [MARK_SKIPPED] = "–", [MARK_STALE] = "?",  [MARK_NONE] = " ",
};
static const char *const mark_shapes_ascii[] = {
  [MARK_DONE] = "+",    [MARK_FAILED] = "!", [MARK_CURRENT] = ">", [MARK_WAITING] = "~",
  [MARK_SKIPPED] = "-", [MARK_STALE] = "?",  [MARK_NONE] = " ",
};

void
canvas_bar (Canvas *canvas, Area area, int x, int y, Role role, int eighths)
{
  int step = CLAMP (eighths, 0, 8);
  gboolean ascii = canvas_is_ascii (canvas);
  canvas_put (canvas, area, x, y, role, (ascii ? bar_shapes_ascii : bar_shapes)[step]);
}

int
canvas_mark (Canvas *canvas, Area area, int x, int y, Role role, Mark mark)
{
  gboolean ascii = canvas_is_ascii (canvas);
  canvas_put (canvas, area, x, y, role, (ascii ? mark_shapes_ascii : mark_shapes)[mark]);
  return 1;
}
