#include "core/base/tree.h"

#include <string.h>

#include "core/base/clean.h"

#define SORRY "; remove it, and save the file as UTF-8\n"

static TreeDocument *
read_text (const char *text, Problems *problems)
{
  return tree_read ("t.yaml", text, strlen (text), problems);
}

static void
test_nodes (void)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (TreeDocument) document = read_text (
      "\357\273\277a: 1\nb: [ x, 'y', ~ ]\n\303\244: { c: \"${x}\" }\n", problems);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  const TreeNode *root = tree_root (document);
  g_assert_cmpint (root->type, ==, TREE_MAPPING);
  g_assert_cmpuint (root->keys->len, ==, 3);
  const TreeNode *a = tree_get (root, "a"), *b = tree_get (root, "b");
  g_assert_cmpstr (a->text, ==, "1");
  g_assert_cmpuint (a->place.line, ==, 1);
  g_assert_cmpuint (a->place.column, ==, 4);
  g_assert_cmpuint (b->values->len, ==, 3);
  const TreeNode *y = g_ptr_array_index (b->values, 1),
                 *nothing = g_ptr_array_index (b->values, 2);
  g_assert_false (y->plain);
  g_assert_true (tree_is_null (nothing));
  g_assert_false (tree_is_null (y));
  g_assert_cmpstr (tree_type_name (nothing), ==, "nothing");
  g_assert_cmpstr (tree_type_name (b), ==, "a list");
  const TreeNode *c = tree_get (tree_get (root, "\303\244"), "c");
  g_assert_cmpuint (c->place.line, ==, 3);
  g_assert_cmpuint (c->place.column, ==, 9); /* in characters */
  g_assert_null (tree_get (root, "none"));
  g_assert_null (tree_get (a, "x"));
  g_assert_null (tree_get (NULL, "x"));
}

static void
test_alias (void)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (TreeDocument) document = read_text ("a: &x { b: 1 }\nc: *x\n", problems);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  g_assert_true (tree_get (tree_root (document), "a") ==
                 tree_get (tree_root (document), "c"));
}

static void
test_empty (void)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (TreeDocument) document = read_text ("# nothing\n", problems);
  g_assert_cmpint (tree_root (document)->type, ==, TREE_MAPPING);
  g_assert_cmpuint (tree_root (document)->keys->len, ==, 0);
}

/* Many keys go through a hash table: the first of two stays. */
static void
test_many_keys (void)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (text, "k%u: %u\n", i % 2999, i);
  g_autoptr (TreeDocument) document = read_text (text->str, problems);
  g_assert_cmpuint (problems_count (problems), ==, 1);
  g_autofree char *found = problems_format (problems);
  g_assert_cmpstr (
      found, ==,
      "t.yaml:3000:1: the key \"k0\" stands here twice, first on line 1; keep "
      "one\n");
  g_assert_cmpstr (tree_get (tree_root (document), "k0")->text, ==, "0");
}

static void
test_bounds (void)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autofree char *large = g_malloc (TREE_BYTES_MAX + 1);
  memset (large, ' ', TREE_BYTES_MAX + 1);
  g_assert_null (tree_read ("t.yaml", large, TREE_BYTES_MAX + 1, problems));
  g_autoptr (GString) items = g_string_new ("[");
  for (guint i = 0; i <= TREE_NODES_MAX; i++)
    g_string_append (items, "a,");
  g_assert_null (read_text (items->str, problems));
  g_assert_cmpuint (problems_count (problems), ==, 2);
  /* One long text, many aliases of it. */
  g_string_assign (items, "- &a ");
  for (guint i = 0; i < 100000; i++)
    g_string_append_c (items, 'x');
  for (guint i = 0; i < 100; i++)
    g_string_append (items, "\n- *a");
  g_assert_null (read_text (items->str, problems));
  g_assert_cmpuint (problems_count (problems), ==, 3);
}

static void
test_kept_problems (void)
{
  g_autoptr (Problems) problems = problems_new ();
  for (guint i = 0; i < PROBLEMS_KEPT + 7; i++)
    problems_add (problems, (Place){ "f", PROBLEMS_KEPT + 7 - i, 1 }, "wrong\033");
  g_autofree char *text = problems_format (problems);
  g_assert_true (g_str_has_suffix (text, "and 7 more\n"));
  g_assert_true (g_str_has_prefix (text, "f:8:1: wrong\\x1B\n") ||
                 g_str_has_prefix (text, "f:8:1: wrong\\x1b\n"));
}

/* Bytes, what is read instead of them (NULL: themselves), and what is said. */
static void
test_clean (void)
{
  static const struct {
    const char *bytes;
    gsize length;
    const char *text, *problems;
  } rows[] = {
    { "", 0, NULL, "" },
    { "plain\ttext\r\n", 12, NULL, "" },
    { "\303\244\342\202\254\360\237\230\200\302\205", 11, NULL, "" },
    { "a\0b", 3, "a\357\277\275b", "f:1:2: there is a NUL byte here" SORRY },
    { "a\n\303\244\377\377b", 7, "a\n\303\244\357\277\275\357\277\275b",
      "f:2:2: there is a byte that is not UTF-8 here" SORRY },
    { "\377\033\177\377", 4, "\357\277\275\357\277\275\357\277\275\357\277\275",
      "f:1:1: there is a byte that is not UTF-8 here" SORRY
      "f:1:2: there is a control character here" SORRY
      "f:1:4: there is a byte that is not UTF-8 here" SORRY },
    { "\377\n\377", 3, "\357\277\275\n\357\277\275",
      "f:1:1: there is a byte that is not UTF-8 here" SORRY
      "f:2:1: there is a byte that is not UTF-8 here" SORRY },
    { "x\342\202", 3, "x\357\277\275\357\277\275", /* ends within a character */
      "f:1:2: there is a byte that is not UTF-8 here" SORRY },
    { "\355\240\200", 3, /* half of a surrogate pair */
      "\357\277\275\357\277\275\357\277\275",
      "f:1:1: there is a byte that is not UTF-8 here" SORRY },
    { "a\357\273\277b", 5, "a\357\277\275b", /* a mark of byte order, not first */
      "f:1:2: there is a control character here" SORRY },
    { "\302\200z", 3, "\357\277\275z", "f:1:1: there is a control character here" SORRY },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Problems) problems = problems_new ();
    g_autoptr (GString) text =
        clean_text (g_intern_string ("f"), rows[i].bytes, rows[i].length, problems);
    g_autofree char *found = problems_format (problems);
    g_assert_cmpstr (text ? text->str : NULL, ==, rows[i].text);
    g_assert_cmpstr (found, ==, rows[i].problems);
  }
}

/* Texts longer than a block's share, collections longer than the ones around them. */
static void
test_long (void)
{
  static const guint lengths[] = { 0, 1, 7, 8, 4087, 4088, 4095, 4096, 4097, 300000 };
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree char *word = g_strnfill (lengths[i], (char)('a' + i));
    g_string_append_printf (text, "- { k: '%s', l: [ 1, [ 2, { m: 3 } ], 4 ], n: 5 }\n",
                            word);
  }
  g_autoptr (TreeDocument) document = read_text (text->str, problems);
  const TreeNode *root = tree_root (document);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  g_assert_cmpuint (root->values->len, ==, G_N_ELEMENTS (lengths));
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    const TreeNode *item = g_ptr_array_index (root->values, i);
    const TreeNode *list = tree_get (item, "l");
    const TreeNode *inner = g_ptr_array_index (list->values, 1);
    g_autofree char *word = g_strnfill (lengths[i], (char)('a' + i));
    g_assert_cmpstr (tree_get (item, "k")->text, ==, word);
    g_assert_cmpuint (item->keys->len, ==, 3);
    g_assert_cmpuint (list->values->len, ==, 3);
    g_assert_cmpuint (inner->values->len, ==, 2);
    g_assert_cmpstr (tree_get (g_ptr_array_index (inner->values, 1), "m")->text, ==, "3");
    g_assert_cmpstr (((const TreeNode *)g_ptr_array_index (list->values, 2))->text, ==,
                     "4");
    g_assert_cmpstr (tree_get (item, "n")->text, ==, "5");
  }
}

/* What is said of one place twice is kept once, and is not among the ones not kept. */
static void
test_repeated_problems (void)
{
  g_autoptr (Problems) problems = problems_new ();
  const char *file = g_intern_string ("f");
  static const guint lines[] = { 3, 3, 1, 3 };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    problems_add (problems, (Place){ file, lines[i], 1 }, "wrong\t");
  problems_add (problems, (Place){ file, 3, 1 }, "wrong, too");
  problems_add (problems, (Place){ file, 3, 2 }, "wrong\t");
  problems_add (problems, (Place){ g_intern_string ("g"), 3, 1 }, "wrong\t");
  g_autofree char *text = problems_format (problems);
  g_assert_cmpstr (text, ==,
                   "f:1:1: wrong\\t\nf:3:1: wrong\\t\nf:3:1: wrong, too\n"
                   "f:3:2: wrong\\t\ng:3:1: wrong\\t\n");
  g_assert_cmpuint (problems_count (problems), ==, 5);
  guint mark = problems_mark (problems);
  problems_add (problems, (Place){ file, 3, 1 }, "wrong, too");
  g_assert_cmpuint (problems_mark (problems), !=, mark);
  g_assert_null (problems_get (problems, 5));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tree/nodes", test_nodes);
  g_test_add_func ("/tree/alias", test_alias);
  g_test_add_func ("/tree/empty", test_empty);
  g_test_add_func ("/tree/many-keys", test_many_keys);
  g_test_add_func ("/tree/bounds", test_bounds);
  g_test_add_func ("/tree/clean", test_clean);
  g_test_add_func ("/tree/long", test_long);
  g_test_add_func ("/problem/kept", test_kept_problems);
  g_test_add_func ("/problem/repeated", test_repeated_problems);
  return g_test_run ();
}
