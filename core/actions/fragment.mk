noinst_LIBRARIES += core/actions/libactions.a
core_actions_libactions_a_SOURCES = \
	core/actions/actions.c \
	core/actions/actions.h \
	core/actions/quiet.c \
	core/actions/redis_save.c \
	core/actions/restart.c \
	core/actions/run.c \
	core/actions/scale.c

check_PROGRAMS += tests/unit/test-actions
tests_unit_test_actions_LDADD = core/actions/libactions.a $(RUN_LIBS)

check_PROGRAMS += tests/unit/test-quiet
tests_unit_test_quiet_LDADD = $(PURE_LIBS)

# The kinds of all three folders, through the real loader.
check_PROGRAMS += tests/unit/test-kinds
tests_unit_test_kinds_LDADD = $(PURE_LIBS)
