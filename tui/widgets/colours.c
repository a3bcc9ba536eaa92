#include "tui/widgets/colours.h"

#include <math.h>

/* Text in the few colours of an old terminal is to be told from its background at least. */
#define CONTRAST_FEW 3.0

/* Less difference between the channels of a colour than this is seen as grey. */
#define CHROMA_GREY 0x30

/* xterm's own first 16; other terminals' are near. */
static const gint32 first_16[] = {
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
  0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

/* The six steps of the cube behind them. */
static const int cube_steps[] = { 0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff };
#define CUBE_FIRST 16
#define GREY_FIRST 232
#define GREYS 24

typedef struct {
  int red, green, blue;
} Channels;

static Channels
channels_of (gint32 colour)
{
  return (Channels){ (colour >> 16) & 0xff, (colour >> 8) & 0xff, colour & 0xff };
}

static gint32
colour_of (Channels channels)
{
  return channels.red << 16 | channels.green << 8 | channels.blue;
}

/* ---- contrast --------------------------------------------------------------- */

static double
linear (int channel)
{
  double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
luminance (gint32 colour)
{
  Channels of = channels_of (colour);
  return 0.2126 * linear (of.red) + 0.7152 * linear (of.green) +
         0.0722 * linear (of.blue);
}

double
colour_contrast (gint32 one, gint32 other)
{
  double a = luminance (one), b = luminance (other);
  return (MAX (a, b) + 0.05) / (MIN (a, b) + 0.05);
}

gint32
colour_assume (gint32 colour, gboolean dark, gboolean foreground)
{
  if (colour != COLOUR_DEFAULT)
    return colour;
  return dark == foreground ? 0xe5e5e5 : 0x000000;
}

/* ---- the nearest ------------------------------------------------------------ */

gint32
colour_of_256 (guint number)
{
  if (number < G_N_ELEMENTS (first_16))
    return first_16[number];
  if (number < GREY_FIRST) {
    guint cube = number - CUBE_FIRST;
    return colour_of ((Channels){ cube_steps[cube / 36], cube_steps[cube / 6 % 6],
                                  cube_steps[cube % 6] });
  }
  int grey = 8 + 10 * (int)MIN (number - GREY_FIRST, GREYS - 1);
  return colour_of ((Channels){ grey, grey, grey });
}

static int
distance (gint32 one, gint32 other)
{
  Channels a = channels_of (one), b = channels_of (other);
  int red = a.red - b.red, green = a.green - b.green, blue = a.blue - b.blue;
  return 2 * red * red + 4 * green * green + 3 * blue * blue;
}

static guint
nearest_of_256 (gint32 colour)
{
  guint best = CUBE_FIRST;
  for (guint i = CUBE_FIRST; i < 256; i++)
    if (distance (colour, colour_of_256 (i)) < distance (colour, colour_of_256 (best)))
      best = i;
  return best;
}

/* By hue and not by distance: pale green is green there, and not white. */
static guint
nearest_of_few (gint32 colour, gboolean bright)
{
  Channels of = channels_of (colour);
  int most = MAX (of.red, MAX (of.green, of.blue));
  int least = MIN (of.red, MIN (of.green, of.blue));
  int middle = (most + least) / 2;
  if (most - least < CHROMA_GREY) {
    if (!bright)
      return most < 0x80 ? 0 : 7;
    return most < 0x48 ? 0 : most < 0xb0 ? 8 : most < 0xf0 ? 7 : 15;
  }
  guint hue = (of.red >= middle ? 1u : 0) | (of.green >= middle ? 2u : 0) |
              (of.blue >= middle ? 4u : 0);
  return bright && most >= 0xd7 ? hue + 8 : hue;
}

guint
colour_nearest (gint32 colour, guint colours)
{
  return colours >= 256 ? nearest_of_256 (colour)
                        : nearest_of_few (colour, colours >= 16);
}

/* ---- what can be read -------------------------------------------------------- */

/* A part (of 16) of the way from one colour to another. */
static gint32
mixed (gint32 one, gint32 other, int part)
{
  Channels a = channels_of (one), b = channels_of (other);
  return colour_of ((Channels){ a.red + (b.red - a.red) * part / 16,
                                a.green + (b.green - a.green) * part / 16,
                                a.blue + (b.blue - a.blue) * part / 16 });
}

gint32
colour_readable (gint32 colour, gint32 background)
{
  gint32 goal = luminance (background) < 0.18 ? 0xffffff : 0x000000;
  gint32 found = colour;
  for (int part = 1; part <= 16; part++) {
    if (colour_contrast (found, background) >= THEME_CONTRAST_MIN)
      break;
    found = mixed (colour, goal, part);
  }
  return found;
}

static gint32
number_of (gint32 colour, guint colours)
{
  return colour == COLOUR_DEFAULT ? colour : (gint32)colour_nearest (colour, colours);
}

/* A terminal's number as a colour, or the terminal's own as what is assumed. */
static gint32
assumed (gint32 number, gboolean dark, gboolean foreground)
{
  gint32 colour = number == COLOUR_DEFAULT ? number : colour_of_256 ((guint)number);
  return colour_assume (colour, dark, foreground);
}

Look
colour_fit (Look look, Look text, gboolean dark, guint colours)
{
  if (colours < 8)
    return (Look){ COLOUR_DEFAULT, COLOUR_DEFAULT, look.attributes };
  if (colours > 256)
    return look;
  Look fit = { number_of (look.foreground, colours), number_of (look.background, colours),
               look.attributes };
  if (colours == 256)
    return fit;
  /* A background that is no other any more: the other way round then. */
  gint32 around = number_of (text.background, colours);
  if (look.background != text.background && fit.background == around) {
    fit.foreground = number_of (text.foreground, colours);
    fit.attributes |= LOOK_REVERSE;
  }
  gint32 behind = assumed (fit.background, dark, FALSE);
  if (colour_contrast (assumed (fit.foreground, dark, TRUE), behind) < CONTRAST_FEW)
    fit.foreground = luminance (behind) < 0.18 ? 7 : 0;
  return fit;
}
