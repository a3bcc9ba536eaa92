/* Areas of a canvas (canvas.h): rectangles that are cut into rectangles. */
#include "tui/widgets/canvas.h"

Area
area_inside (Area area, int left, int top, int right, int bottom)
{
  left = CLAMP (left, 0, area.width);
  top = CLAMP (top, 0, area.height);
  return (Area){ area.x + left, area.y + top, MAX (area.width - left - MAX (right, 0), 0),
                 MAX (area.height - top - MAX (bottom, 0), 0) };
}

Area
area_take_top (Area *area, int height)
{
  height = CLAMP (height, 0, area->height);
  Area taken = { area->x, area->y, area->width, height };
  area->y += height;
  area->height -= height;
  return taken;
}

Area
area_take_bottom (Area *area, int height)
{
  height = CLAMP (height, 0, area->height);
  area->height -= height;
  return (Area){ area->x, area->y + area->height, area->width, height };
}

Area
area_take_left (Area *area, int width)
{
  width = CLAMP (width, 0, area->width);
  Area taken = { area->x, area->y, width, area->height };
  area->x += width;
  area->width -= width;
  return taken;
}

Area
area_take_right (Area *area, int width)
{
  width = CLAMP (width, 0, area->width);
  area->width -= width;
  return (Area){ area->x + area->width, area->y, width, area->height };
}
