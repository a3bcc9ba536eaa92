/* text.h: words for people, made of bytes from anywhere.
 *
 * Everything that came from outside (names, command output, other people's
 * answers) passes through here before it reaches a terminal, a question or a
 * report. All functions are pure; results are newly allocated UTF-8 that the
 * caller frees. */
#ifndef HANDRAIL_BASE_TEXT_H
#define HANDRAIL_BASE_TEXT_H

#include <glib.h>

/* One line that is safe to show: valid UTF-8, and every control character
 * (C0, DEL, C1), bidirectional override, character of no width and invalid byte
 * written as \n, \t, \xNN or \u{NNNN}. `length` in bytes, or -1 for a NUL-terminated string. */
char *text_printable (const char *bytes, gssize length);

/* The same for several lines: line feeds stay, a carriage return before one is
 * dropped. */
char *text_printable_lines (const char *bytes, gssize length);

/* Adds whole lines to a text of which only the end is kept: once it is longer than
 * `bytes_max`, lines go off its front until half of that is left. */
void text_keep_end (GString *text, const char *lines, gsize bytes_max);

/* Cut in the middle with an ellipsis so that at most `characters` remain
 * (at least 3). The text must be valid UTF-8. */
char *text_cut_middle (const char *text, guint characters);

/* The candidate that `word` most likely misspells (edit distance with
 * transpositions at most 2, and less than half of the word), or NULL.
 * `candidates` is NULL-terminated; the result is one of them. */
const char *text_nearest (const char *word, const char *const *candidates);

/* "a", "a and b", "a, b and c"; `last` is "and" or "or". */
char *text_list (const char *const *words, const char *last);

/* A command line as a person would type it into a shell: arguments quoted only
 * where a shell needs it. An argument with something in it that does not show, or not
 * as what it is (a line feed, a tab, other spaces than the common one, a character of
 * no width, an invalid byte), is spelt as $'…', which bash, zsh, ksh and busybox read
 * back to the very same bytes. */
char *text_command (const char *const *argv);

/* What text_command() writes between the quotes of an argument: '…', or $'…' when
 * `spelt`. A secret stands in a shown command like this (mask.h). */
char *text_inside_quotes (const char *argument, gboolean spelt);

#endif
