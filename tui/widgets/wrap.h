/* wrap.h: commands and paths in lines that are not too wide, so that what is selected with the
 * mouse is what it was. Pure. */
#ifndef HANDRAIL_TUI_WRAP_H
#define HANDRAIL_TUI_WRAP_H

/* The lines of a command, as text_command() writes it: those after the first are indented. It
 * goes on in the next one as a shell would take it: a line ends with a backslash where a blank
 * was, and what is in quotes or has no blank is broken without one. Newly allocated. */
char **wrap_command (const char *command, int columns);

/* A line that holds a path, as it can be read and selected: the path on a line of its own
 * where it does not fit beside "WHAT: ", broken at slashes (and blanks) where it fits in none;
 * "in /FOLDER" stays together. Newly allocated. */
char *wrap_path (const char *line, int columns);

#endif
