noinst_LIBRARIES += core/run/librun.a
core_run_librun_a_SOURCES = \
	core/run/deployment.h \
	core/run/event.c \
	core/run/event.h \
	core/run/journal.c \
	core/run/journal.h \
	core/run/kind.h \
	core/run/next.h \
	core/run/question.h \
	core/run/reading.h \
	core/run/state.h \
	core/run/wire.c \
	core/run/wire.h

check_PROGRAMS += tests/unit/test-journal tests/unit/test-wire
tests_unit_test_journal_LDADD = $(RUN_LIBS)
tests_unit_test_wire_LDADD = $(RUN_LIBS)
