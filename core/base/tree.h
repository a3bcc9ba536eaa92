/* tree.h: a YAML file as a tree of marked nodes; the one adapter of libyaml.
 *
 * Bounded against hostile input: file size, depth, nodes, and the size the
 * tree would have with every alias written out. Problems found here: bad UTF-8
 * and NUL bytes (each named, then read as U+FFFD so that the pass goes on),
 * YAML errors, more than one document, unknown anchors, aliases that contain
 * themselves, keys that are no scalars, duplicate keys, tags. */
#ifndef HANDRAIL_BASE_TREE_H
#define HANDRAIL_BASE_TREE_H

#include "core/base/problem.h"

/* Limits, each far above the largest runbook anyone keeps (5,000 steps are
 * about 1 MiB, 150,000 nodes, depth 8). */
#define TREE_BYTES_MAX (8 * 1024 * 1024)
#define TREE_DEPTH_MAX 32
#define TREE_NODES_MAX 1000000

typedef enum { TREE_SCALAR, TREE_SEQUENCE, TREE_MAPPING } TreeType;

typedef struct TreeNode TreeNode;

/* Nodes in a row, to be read with g_ptr_array_index(): no GPtrArray otherwise, it lives
 * and ends with its document. */
typedef struct {
  TreeNode **pdata;
  guint len;
} TreeList;

struct TreeNode {
  TreeType type;
  gboolean plain;    /* scalar without quotes: may mean a number, yes, null */
  Place place;
  char *text;        /* scalar: valid UTF-8 without NUL; else NULL */
  TreeList *keys;    /* mapping: scalars, in file order; else NULL */
  TreeList *values;  /* mapping: beside keys; sequence: items; may be shared */
};

typedef struct TreeDocument TreeDocument;

/* `file` is the name for places. Returns NULL if nothing usable was read (the
 * problems say why); otherwise a document with a root, possibly with problems
 * added. An empty file is an empty mapping. */
TreeDocument *tree_read (const char *file, const char *bytes, gsize length,
                         Problems *problems);
void tree_free (TreeDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TreeDocument, tree_free)

/* Owned by the document. */
const TreeNode *tree_root (const TreeDocument *document);

/* The value of a mapping's key, or NULL (also when `node` is no mapping). */
const TreeNode *tree_get (const TreeNode *node, const char *key);

/* The key itself, for its place; NULL as above. */
const TreeNode *tree_get_key (const TreeNode *node, const char *key);

/* A plain null, ~ or empty scalar. */
gboolean tree_is_null (const TreeNode *node);

/* "a mapping", "a list", "text": for problems. */
const char *tree_type_name (const TreeNode *node);

#endif
