# Screens as an operator sees them: programs in a terminal of libvterm (harness.h).
# HANDRAIL_SCREENS=write ./dev test screen/ writes tests/screen/data anew.
SCREEN_HARNESS = tests/screen/harness.c tests/screen/harness.h
SCREEN_TERMINALS = tests/screen/terminals.c tests/screen/terminals.h
SCREEN_STORM = tests/screen/storm.c tests/screen/storm.h $(SCREEN_HARNESS)
SCREEN_STAGE = tests/screen/stage.c tests/screen/stage.h $(STORIES)
SCREEN_LIBS = $(VTERM_LIBS) $(GLIB_LIBS)

# What the tests look at; no test itself.
EXTRA_PROGRAMS += tests/screen/demo
tests_screen_demo_SOURCES = tests/screen/demo.c
tests_screen_demo_LDADD = $(TUI_LIBS)

# A terminal for tests that are scripts, and for pictures (terminal.c); no test either.
EXTRA_PROGRAMS += tests/screen/terminal
tests_screen_terminal_SOURCES = tests/screen/terminal.c tests/screen/picture.c \
	tests/screen/picture.h $(SCREEN_HARNESS)
tests_screen_terminal_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_terminal_LDADD = $(SCREEN_LIBS)
build-tests: tests/screen/terminal$(EXEEXT)
check_SCRIPTS += tests/screen/test-terminal.py tests/screen/test-late.py

check_PROGRAMS += tests/screen/test-demo
tests_screen_test_demo_SOURCES = tests/screen/test-demo.c $(SCREEN_HARNESS) $(SCREEN_TERMINALS)
tests_screen_test_demo_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_test_demo_LDADD = $(SCREEN_LIBS)
EXTRA_tests_screen_test_demo_DEPENDENCIES = tests/screen/demo$(EXEEXT)
check_PROGRAMS += tests/screen/test-run
tests_screen_test_run_SOURCES = tests/screen/test-run.c $(SCREEN_STORM) \
	$(SCREEN_STAGE) $(SCREEN_TERMINALS)
tests_screen_test_run_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_test_run_LDADD = $(STORE_LIBS) $(SCREEN_LIBS)
EXTRA_tests_screen_test_run_DEPENDENCIES = handrail$(EXEEXT)
check_PROGRAMS += tests/screen/test-panes
tests_screen_test_panes_SOURCES = tests/screen/test-panes.c $(SCREEN_STORM) \
	$(SCREEN_STAGE)
tests_screen_test_panes_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_test_panes_LDADD = $(STORE_LIBS) $(SCREEN_LIBS)
EXTRA_tests_screen_test_panes_DEPENDENCIES = handrail$(EXEEXT)
check_PROGRAMS += tests/screen/test-pen
tests_screen_test_pen_SOURCES = tests/screen/test-pen.c $(SCREEN_HARNESS)
tests_screen_test_pen_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_test_pen_LDADD = $(TUI_LIBS) $(SCREEN_LIBS)

EXTRA_DIST += tests/screen/data

check_PROGRAMS += tests/screen/test-home
tests_screen_test_home_SOURCES = tests/screen/test-home.c $(SCREEN_STORM)
tests_screen_test_home_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_test_home_LDADD = $(STORE_LIBS) $(SCREEN_LIBS)
EXTRA_tests_screen_test_home_DEPENDENCIES = handrail$(EXEEXT) handrail-runner$(EXEEXT)

check_PROGRAMS += tests/screen/test-queues
tests_screen_test_queues_SOURCES = tests/screen/test-queues.c $(SCREEN_STORM)
tests_screen_test_queues_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_test_queues_LDADD = $(SCREEN_LIBS) $(JANSSON_LIBS)
EXTRA_tests_screen_test_queues_DEPENDENCIES = handrail$(EXEEXT)

check_PROGRAMS += tests/screen/test-doctor
tests_screen_test_doctor_SOURCES = tests/screen/test-doctor.c $(SCREEN_HARNESS)
tests_screen_test_doctor_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_screen_test_doctor_LDADD = $(SCREEN_LIBS)
EXTRA_tests_screen_test_doctor_DEPENDENCIES = handrail$(EXEEXT)
