/* theming.h: which theme it is: named, configured, or what fits. */
#ifndef HANDRAIL_TUI_THEMING_H
#define HANDRAIL_TUI_THEMING_H

#include "tui/widgets/theme.h"

/* `name`, else $HANDRAIL_THEME, else the theme "default" that the operator has put into a
 * folder (find.h), else "light" or "dark" as COLORFGBG says. What is broken or not there
 * keeps nobody from working: *remark says what is wrong, newly allocated, or NULL, and
 * another theme is taken. Never NULL. */
Theme *theming_choose (const char *name, char **remark);

#endif
