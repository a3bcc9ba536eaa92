noinst_LIBRARIES += core/platforms/libplatforms.a
core_platforms_libplatforms_a_SOURCES = \
	core/platforms/compose.c \
	core/platforms/compose_read.c \
	core/platforms/compose_read.h \
	core/platforms/platforms.c \
	core/platforms/platforms.h

check_PROGRAMS += tests/unit/test-compose
tests_unit_test_compose_LDADD = core/platforms/libplatforms.a $(RUN_LIBS)
