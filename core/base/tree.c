#include "core/base/tree.h"

#include <string.h>
#include <yaml.h>

#include "core/base/clean.h"

/* What a node would weigh with every alias in it written out. */
typedef struct {
  TreeNode node; /* first: a TreeNode * is an Item * */
  guint nodes;   /* at most twice the limits, where reading ends */
  guint bytes;
  guint height;  /* 1 for a scalar */
  gboolean open; /* its end has not been read yet */
} Item;

/* Nodes, lists and texts have one life: they lie side by side in a few blocks, each as large
 * as all before it, for most of what is read is a line that something implies. */
#define BLOCK_BYTES_MIN 1024
#define BLOCK_BYTES_MAX (256 * 1024)

/* What takes more than this has a block of its own. */
#define SHARED_BYTES_MAX (4 * 1024)

#define ALIGNED_BYTES 8

struct TreeDocument {
  GPtrArray *blocks; /* owned memory */
  char *free;        /* in the block that is being filled */
  gsize left;
  gsize block_bytes; /* of that block */
  TreeNode *root;
};

typedef struct {
  const char *file;
  Problems *problems;
  TreeDocument *document;
  yaml_parser_t parser;
  GHashTable *anchors; /* name → Item * */
  GPtrArray *parts;    /* Item *: of the open collections, the innermost last */
  guint64 nodes;       /* so far, aliases written out */
  guint64 bytes;
  gboolean given_up; /* the problem is named: read no further */
} Reader;

/* Longest piece of a file or of a name that a problem quotes. */
#define QUOTED_BYTES_MAX 60

/* Mappings with more keys find duplicates through a hash table. */
#define KEYS_SEARCHED_MAX 8

static Item *item_read (Reader *reader, const yaml_event_t *event, guint depth);

static Place
place_of (const Reader *reader, yaml_mark_t mark)
{
  return (Place){ reader->file, (guint)mark.line + 1, (guint)mark.column + 1 };
}

static void
give_up (Reader *reader, yaml_mark_t mark, const char *sentence)
{
  if (!reader->given_up)
    problems_add (reader->problems, place_of (reader, mark), "%s", sentence);
  reader->given_up = TRUE;
}

/* ---- memory --------------------------------------------------------------- */

static void
begin_block (TreeDocument *document, gsize bytes)
{
  gsize wanted = MAX (document->block_bytes * 2, MAX (bytes, BLOCK_BYTES_MIN));
  document->block_bytes = MIN (wanted, BLOCK_BYTES_MAX);
  document->left = document->block_bytes;
  document->free = g_malloc (document->left);
  g_ptr_array_add (document->blocks, document->free);
}

static void *
allocate (TreeDocument *document, gsize bytes)
{
  bytes = (bytes + ALIGNED_BYTES - 1) / ALIGNED_BYTES * ALIGNED_BYTES;
  if (bytes > SHARED_BYTES_MAX) {
    void *own = g_malloc (bytes);
    g_ptr_array_add (document->blocks, own);
    return own;
  }
  if (bytes > document->left)
    begin_block (document, bytes);
  void *memory = document->free;
  document->free += bytes;
  document->left -= bytes;
  return memory;
}

static char *
copy_text (TreeDocument *document, const char *text, gsize length)
{
  char *copy = allocate (document, length + 1);
  memcpy (copy, text, length);
  copy[length] = '\0';
  return copy;
}

/* Every `step`-th part of the innermost collection, which begins at `from`. */
static TreeList *
list_new (const Reader *reader, guint from, guint step)
{
  guint count = (reader->parts->len + step - 1 - from) / step;
  TreeList *list =
      allocate (reader->document, sizeof *list + count * sizeof (TreeNode *));
  list->pdata = (TreeNode **)(void *)(list + 1);
  list->len = count;
  for (guint i = 0; i < count; i++)
    list->pdata[i] = g_ptr_array_index (reader->parts, from + i * step);
  return list;
}

static Item *
item_new (Reader *reader, TreeType type, yaml_mark_t mark)
{
  Item *item = allocate (reader->document, sizeof *item);
  *item = (Item){ .node = { .type = type, .place = place_of (reader, mark) },
                  .nodes = 1,
                  .height = 1 };
  if (++reader->nodes > TREE_NODES_MAX)
    give_up (reader, mark, "the file has more than a million values; split it");
  return item;
}

/* Stands in for what could not be read. */
static Item *
item_empty (Reader *reader, yaml_mark_t mark)
{
  Item *item = item_new (reader, TREE_SCALAR, mark);
  item->node.plain = TRUE;
  item->node.text = copy_text (reader->document, "", 0);
  return item;
}

/* ---- problems of YAML itself ---------------------------------------------- */

static const char *
remedy (const char *problem)
{
  static const struct {
    const char *problem, *remedy;
  } known[] = {
    { "cannot start any token",
      "indent with spaces instead of tabs, and put quotes around "
      "text that begins with % @ ` or a tab" },
    { "mapping values are not allowed", "put quotes around text that contains a colon "
                                        "and a space, or check the indentation" },
    { "did not find expected key",
      "check the indentation of this line and the ones above" },
    { "could not find expected ':'", "write \"key: value\", and check the lines above" },
    { "unexpected end of stream", "close the quotes or brackets" },
    { "expected ',' or", "put commas between the items, and close the bracket" },
    { "expected '-' indicator",
      "begin every item of the list with \"- \", indented alike" },
    { "unknown escape character", "write \\\\ for a backslash, or use single quotes" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (problem, known[i].problem))
      return known[i].remedy;
  return "check the indentation, quotes and brackets here";
}

static void
add_yaml_error (Reader *reader)
{
  const yaml_parser_t *parser = &reader->parser;
  const char *problem = parser->problem ? parser->problem : "it cannot be read";
  g_autofree char *text = g_strdup_printf (
      "this is not YAML: %s%s%s; %s", problem, parser->context ? " " : "",
      parser->context ? parser->context : "", remedy (problem));
  give_up (reader, parser->problem_mark, text);
}

/* FALSE, with a problem, when there is no next event. */
static gboolean
next (Reader *reader, yaml_event_t *event)
{
  if (reader->given_up)
    return FALSE;
  if (yaml_parser_parse (&reader->parser, event))
    return TRUE;
  add_yaml_error (reader);
  return FALSE;
}

static void
check_tag (Reader *reader, const yaml_char_t *tag, yaml_mark_t mark)
{
  if (tag)
    problems_add (reader->problems, place_of (reader, mark),
                  "the tag %.*s has no meaning here; remove it", QUOTED_BYTES_MAX, tag);
}

/* ---- nodes ---------------------------------------------------------------- */

static void
set_anchor (Reader *reader, const yaml_char_t *anchor, Item *item)
{
  if (anchor)
    g_hash_table_replace (reader->anchors, g_strdup ((const char *)anchor), item);
}

/* The text with every NUL, which the escape "\0" makes, replaced by U+FFFD. */
static GString *
without_nul (const char *bytes, gsize length)
{
  GString *text = g_string_sized_new (length);
  for (gsize i = 0; i < length; i++)
    if (bytes[i] == '\0')
      g_string_append (text, "\357\277\275");
    else
      g_string_append_c (text, bytes[i]);
  return text;
}

static Item *
scalar_read (Reader *reader, const yaml_event_t *event)
{
  Item *item = item_new (reader, TREE_SCALAR, event->start_mark);
  const char *text = (const char *)event->data.scalar.value;
  gsize length = event->data.scalar.length;
  item->node.plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  if (memchr (text, '\0', length)) {
    problems_add (reader->problems, item->node.place,
                  "the text contains a NUL character; remove it");
    g_autoptr (GString) clean = without_nul (text, length);
    length = clean->len;
    item->node.text = copy_text (reader->document, clean->str, length);
  } else
    item->node.text = copy_text (reader->document, text, length);
  item->bytes = (guint)length;
  reader->bytes += length;
  set_anchor (reader, event->data.scalar.anchor, item);
  check_tag (reader, event->data.scalar.tag, event->start_mark);
  return item;
}

static Item *
alias_read (Reader *reader, const yaml_event_t *event, guint depth)
{
  const char *name = (const char *)event->data.alias.anchor;
  Item *item = g_hash_table_lookup (reader->anchors, name);
  Place place = place_of (reader, event->start_mark);
  if (!item)
    problems_add (reader->problems, place,
                  "there is no anchor &%.*s above; write the value out", QUOTED_BYTES_MAX,
                  name);
  else if (item->open)
    problems_add (reader->problems, place, "*%.*s contains itself; write the value out",
                  QUOTED_BYTES_MAX, name);
  else if (depth + item->height > TREE_DEPTH_MAX)
    problems_add (reader->problems, place,
                  "*%.*s nests deeper than %d levels; write it flatter", QUOTED_BYTES_MAX,
                  name, TREE_DEPTH_MAX);
  else {
    reader->nodes += item->nodes;
    reader->bytes += item->bytes;
    if (reader->nodes > TREE_NODES_MAX || reader->bytes > TREE_BYTES_MAX)
      give_up (reader, event->start_mark,
               "the aliases up to here would fill more than 8 MiB or a million values if "
               "written out; use fewer");
    return item;
  }
  return item_empty (reader, event->start_mark);
}

static void
item_include (Item *whole, const Item *part)
{
  whole->nodes += part->nodes;
  whole->bytes += part->bytes;
  whole->height = MAX (whole->height, part->height + 1);
}

static void
sequence_read (Reader *reader, Item *item, guint depth)
{
  guint from = reader->parts->len;
  gboolean ended = FALSE;
  yaml_event_t event;
  while (!ended && next (reader, &event)) {
    ended = event.type == YAML_SEQUENCE_END_EVENT;
    if (!ended) {
      Item *part = item_read (reader, &event, depth + 1);
      item_include (item, part);
      g_ptr_array_add (reader->parts, part);
    }
    yaml_event_delete (&event);
  }
  item->node.values = list_new (reader, from, 1);
  g_ptr_array_set_size (reader->parts, (int)from);
}

/* The key with the same text among the parts that begin at `from`, or NULL. */
static const TreeNode *
find_key (const Reader *reader, guint from, GHashTable **found, const char *text)
{
  const GPtrArray *parts = reader->parts;
  if ((parts->len - from) / 2 <= KEYS_SEARCHED_MAX) {
    for (guint i = from; i < parts->len; i += 2) {
      const TreeNode *key = g_ptr_array_index (parts, i);
      if (strcmp (key->text, text) == 0)
        return key;
    }
    return NULL;
  }
  if (!*found) {
    *found = g_hash_table_new (g_str_hash, g_str_equal);
    for (guint i = from; i < parts->len; i += 2) {
      TreeNode *key = g_ptr_array_index (parts, i);
      g_hash_table_insert (*found, key->text, key);
    }
  }
  return g_hash_table_lookup (*found, text);
}

/* A mapping that is being read. */
typedef struct {
  Item *item;
  guint from;        /* its first key in `parts`, values beside keys */
  GHashTable *found; /* text → key, when there are many; or NULL */
} Mapping;

static void
mapping_add (Reader *reader, Mapping *mapping, Item *key, Item *value)
{
  item_include (mapping->item, key);
  item_include (mapping->item, value);
  if (key->node.type != TREE_SCALAR) {
    problems_add (reader->problems, key->node.place,
                  "a key must be a word, not %s; write \"key: value\"",
                  tree_type_name (&key->node));
    return;
  }
  const TreeNode *first =
      find_key (reader, mapping->from, &mapping->found, key->node.text);
  if (first) {
    problems_add (reader->problems, key->node.place,
                  "the key \"%.*s\" stands here twice, first on line %u; keep one",
                  QUOTED_BYTES_MAX, key->node.text, first->place.line);
    return;
  }
  g_ptr_array_add (reader->parts, key);
  g_ptr_array_add (reader->parts, value);
  if (mapping->found)
    g_hash_table_insert (mapping->found, key->node.text, key);
}

static void
mapping_read (Reader *reader, Item *item, guint depth)
{
  Mapping mapping = { item, reader->parts->len, NULL };
  Item *key = NULL;
  gboolean ended = FALSE;
  yaml_event_t event;
  while (!ended && next (reader, &event)) {
    ended = event.type == YAML_MAPPING_END_EVENT;
    Item *part = ended ? NULL : item_read (reader, &event, depth + 1);
    yaml_event_delete (&event);
    if (part && key)
      mapping_add (reader, &mapping, g_steal_pointer (&key), part);
    else
      key = part;
  }
  item->node.keys = list_new (reader, mapping.from, 2);
  item->node.values = list_new (reader, mapping.from + 1, 2);
  g_ptr_array_set_size (reader->parts, (int)mapping.from);
  g_clear_pointer (&mapping.found, g_hash_table_unref);
}

static Item *
collection_read (Reader *reader, const yaml_event_t *event, TreeType type, guint depth)
{
  Item *item = item_new (reader, type, event->start_mark);
  item->open = TRUE;
  const yaml_char_t *anchor = type == TREE_SEQUENCE ? event->data.sequence_start.anchor
                                                    : event->data.mapping_start.anchor;
  const yaml_char_t *tag = type == TREE_SEQUENCE ? event->data.sequence_start.tag
                                                 : event->data.mapping_start.tag;
  set_anchor (reader, anchor, item);
  check_tag (reader, tag, event->start_mark);
  if (depth > TREE_DEPTH_MAX)
    give_up (reader, event->start_mark,
             "this nests deeper than 32 levels; write it flatter");
  if (type == TREE_SEQUENCE)
    sequence_read (reader, item, depth);
  else
    mapping_read (reader, item, depth);
  item->open = FALSE;
  return item;
}

/* Never NULL. `event` stays the caller's. */
static Item *
item_read (Reader *reader, const yaml_event_t *event, guint depth)
{
  switch (event->type) {
  case YAML_SCALAR_EVENT:
    return scalar_read (reader, event);
  case YAML_SEQUENCE_START_EVENT:
    return collection_read (reader, event, TREE_SEQUENCE, depth);
  case YAML_MAPPING_START_EVENT:
    return collection_read (reader, event, TREE_MAPPING, depth);
  case YAML_ALIAS_EVENT:
    return alias_read (reader, event, depth);
  default:
    return item_empty (reader, event->start_mark);
  }
}

/* ---- documents ------------------------------------------------------------ */

static void
check_end (Reader *reader)
{
  yaml_event_t event;
  while (next (reader, &event)) {
    yaml_event_type_t type = event.type;
    if (type == YAML_DOCUMENT_START_EVENT)
      give_up (reader, event.start_mark,
               "a second document begins here; keep one document a file");
    yaml_event_delete (&event);
    if (type == YAML_STREAM_END_EVENT)
      return;
  }
}

static void
document_read (Reader *reader)
{
  yaml_event_t event;
  while (!reader->document->root && next (reader, &event)) {
    yaml_event_type_t type = event.type;
    if (type == YAML_STREAM_END_EVENT) {
      Item *item = item_new (reader, TREE_MAPPING, event.start_mark);
      item->node.keys = list_new (reader, 0, 1);
      item->node.values = list_new (reader, 0, 1);
      reader->document->root = &item->node;
    } else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT)
      reader->document->root = &item_read (reader, &event, 1)->node;
    yaml_event_delete (&event);
    if (type == YAML_STREAM_END_EVENT)
      return;
  }
  gboolean usable = !reader->given_up;
  check_end (reader);
  /* A second document does not spoil the first. */
  if (reader->given_up && usable && reader->parser.error == YAML_NO_ERROR)
    reader->given_up = FALSE;
}

TreeDocument *
tree_read (const char *file, const char *bytes, gsize length, Problems *problems)
{
  file = g_intern_string (file);
  if (length > TREE_BYTES_MAX) {
    problems_add (problems, (Place){ file, 0, 0 },
                  "the file is larger than 8 MiB; a runbook or site is far smaller");
    return NULL;
  }
  gsize mark = length >= 3 && memcmp (bytes, "\357\273\277", 3) == 0 ? 3 : 0;
  g_autoptr (GString) cleaned = clean_text (file, bytes + mark, length - mark, problems);
  Reader reader = { .file = file, .problems = problems };
  if (!yaml_parser_initialize (&reader.parser))
    g_abort (); /* out of memory, as g_malloc() ends */
  yaml_parser_set_encoding (&reader.parser, YAML_UTF8_ENCODING);
  const char *text = cleaned ? cleaned->str : bytes + mark;
  yaml_parser_set_input_string (&reader.parser, (const yaml_char_t *)text,
                                cleaned ? cleaned->len : length - mark);
  reader.document = g_new0 (TreeDocument, 1);
  reader.document->blocks = g_ptr_array_new_with_free_func (g_free);
  reader.parts = g_ptr_array_new ();
  reader.anchors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  document_read (&reader);
  yaml_parser_delete (&reader.parser);
  g_hash_table_unref (reader.anchors);
  g_ptr_array_unref (reader.parts);
  if (reader.given_up)
    g_clear_pointer (&reader.document, tree_free);
  return reader.document;
}

void
tree_free (TreeDocument *document)
{
  if (!document)
    return;
  g_ptr_array_unref (document->blocks);
  g_free (document);
}

const TreeNode *
tree_root (const TreeDocument *document)
{
  return document->root;
}

/* Where a key stands in a mapping; -1: nowhere. */
static int
key_index (const TreeNode *node, const char *key)
{
  if (!node || node->type != TREE_MAPPING)
    return -1;
  for (guint i = 0; i < node->keys->len; i++) {
    const TreeNode *name = g_ptr_array_index (node->keys, i);
    if (strcmp (name->text, key) == 0)
      return (int)i;
  }
  return -1;
}

const TreeNode *
tree_get (const TreeNode *node, const char *key)
{
  int index = key_index (node, key);
  return index < 0 ? NULL : g_ptr_array_index (node->values, index);
}

const TreeNode *
tree_get_key (const TreeNode *node, const char *key)
{
  int index = key_index (node, key);
  return index < 0 ? NULL : g_ptr_array_index (node->keys, index);
}

gboolean
tree_is_null (const TreeNode *node)
{
  if (!node || node->type != TREE_SCALAR || !node->plain || !strchr ("~nN", *node->text))
    return FALSE;
  static const char *const words[] = { "", "~", "null", "Null", "NULL", NULL };
  return g_strv_contains (words, node->text);
}

const char *
tree_type_name (const TreeNode *node)
{
  switch (node->type) {
  case TREE_SEQUENCE:
    return "a list";
  case TREE_MAPPING:
    return "a mapping";
  default:
    return tree_is_null (node) ? "nothing" : "text";
  }
}
