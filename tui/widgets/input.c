#include "tui/widgets/input.h"

#include <string.h>

struct Input {
  GString *text;
  gsize at; /* byte before which the cursor stands */
  gsize bytes_max;
  gsize first; /* byte that is drawn first */
  gboolean marked;
};

Input *
input_new (gsize bytes_max)
{
  Input *input = g_new0 (Input, 1);
  input->text = g_string_new (NULL);
  input->bytes_max = bytes_max;
  return input;
}

void
input_free (Input *input)
{
  if (!input)
    return;
  g_string_free (input->text, TRUE);
  g_free (input);
}

const char *
input_text (const Input *input)
{
  return input->text->str;
}

void
input_set_text (Input *input, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  gsize length = MIN (strlen (valid), input->bytes_max);
  while (length > 0 && !g_utf8_validate (valid, (gssize)length, NULL))
    length--;
  g_string_truncate (input->text, 0);
  g_string_append_len (input->text, valid, (gssize)length);
  input->at = length;
  input->first = 0;
  input->marked = FALSE;
}

void
input_mark (Input *input)
{
  input->marked = input->text->len > 0;
}

/* ---- places in the text --------------------------------------------------------- */

/* Where the character after `at` begins, with what combines with it counted to it. */
static gsize
after (const Input *input, gsize at)
{
  int width = 0;
  if (at >= input->text->len)
    return at;
  return at + canvas_cluster (input->text->str + at, input->text->len - at, &width);
}

static gsize
before (const Input *input, gsize at)
{
  gsize found = 0;
  for (gsize next = 0; next < at; next = after (input, next))
    found = next;
  return found;
}

/* The beginning of the word before the cursor, white space behind it included. */
static gsize
word_begin (const Input *input)
{
  gsize at = input->at;
  while (at > 0 && input->text->str[at - 1] == ' ')
    at--;
  while (at > 0 && input->text->str[at - 1] != ' ')
    at--;
  return at;
}

/* ---- keys -------------------------------------------------------------------------- */

static InputResult
move (Input *input, gsize at)
{
  input->at = at;
  return INPUT_MOVED;
}

static InputResult delete (Input *input, gsize begin, gsize end)
{
  if (begin == end)
    return INPUT_MOVED;
  g_string_erase (input->text, (gssize)begin, (gssize)(end - begin));
  input->at = begin;
  return INPUT_CHANGED;
}

static InputResult
insert (Input *input, gunichar character)
{
  char bytes[6];
  gsize length = (gsize)g_unichar_to_utf8 (character, bytes);
  if (input->text->len + length > input->bytes_max)
    return INPUT_FULL;
  g_string_insert_len (input->text, (gssize)input->at, bytes, (gssize)length);
  input->at += length;
  return INPUT_CHANGED;
}

static gboolean
is_character (const Key *key)
{
  return key->code < PRESS_NAMED && g_unichar_isprint (key->code);
}

InputResult
input_key (Input *input, const Key *key)
{
  if (input->marked && is_character (key))
    input_set_text (input, "");
  input->marked = FALSE;
  gsize at = input->at, end = input->text->len;
  switch (key->code) {
  case PRESS_LEFT:
    return move (input, before (input, at));
  case PRESS_RIGHT:
    return move (input, after (input, at));
  case PRESS_HOME:
  case KEYS_CTRL ('A'):
    return move (input, 0);
  case PRESS_END:
  case KEYS_CTRL ('E'):
    return move (input, end);
  case PRESS_BACKSPACE:
    return delete (input, before (input, at), at);
  case PRESS_DELETE:
    return delete (input, at, after (input, at));
  case KEYS_CTRL ('W'):
    return delete (input, word_begin (input), at);
  case KEYS_CTRL ('U'):
    return delete (input, 0, at);
  case KEYS_CTRL ('K'):
    return delete (input, at, end);
  case PRESS_PASTE:
    return INPUT_PASTED;
  default:
    return is_character (key) ? insert (input, key->code) : INPUT_IGNORED;
  }
}

const char *
input_refusal (InputResult result)
{
  switch (result) {
  case INPUT_FULL:
    return "No more fits in here";
  case INPUT_PASTED:
    return "Pasted text is not taken: type it, so that it is read";
  default:
    return NULL;
  }
}

/* ---- drawing ------------------------------------------------------------------------ */

/* Columns from one byte to another. */
static int
columns_between (const Input *input, gsize begin, gsize end)
{
  int columns = 0, width = 0;
  for (gsize at = begin; at < end;) {
    at += canvas_cluster (input->text->str + at, input->text->len - at, &width);
    columns += width;
  }
  return columns;
}

void
input_draw (Input *input, Canvas *canvas, Area area, int x, int y, int width, Role role)
{
  Area field = { area.x + x, area.y + y, MIN (width, area.width - x), 1 };
  if (field.width < 2 || y < 0 || y >= area.height)
    return;
  if (input->at < input->first)
    input->first = input->at;
  while (columns_between (input, input->first, input->at) > field.width - 1)
    input->first = after (input, input->first);
  /* And back, when the field has become wider or its text shorter. */
  while (input->first > 0 && columns_between (input, before (input, input->first),
                                              input->text->len) <= field.width - 1)
    input->first = before (input, input->first);
  canvas_fill (canvas, field, role);
  canvas_text (canvas, field, 0, 0, input->marked ? ROLE_SELECTED : role,
               input->text->str + input->first);
  canvas_set_cursor (canvas, field.x + columns_between (input, input->first, input->at),
                     field.y);
}
