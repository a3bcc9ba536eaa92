noinst_LIBRARIES += core/platforms/libplatforms.a
core_platforms_libplatforms_a_SOURCES = \
	core/platforms/compose.c \
	core/platforms/compose_read.c \
	core/platforms/compose_read.h \
	core/platforms/platforms.c \
	core/platforms/platforms.h

check_PROGRAMS += tests/unit/test-compose tests/unit/test-compose-read
tests_unit_test_compose_LDADD = core/platforms/libplatforms.a $(RUN_LIBS)
tests_unit_test_compose_CPPFLAGS = $(AM_CPPFLAGS) -DTEST_DATA='"$(abs_top_srcdir)/tests/unit/data"'
tests_unit_test_compose_read_LDADD = core/platforms/libplatforms.a $(RUN_LIBS)
EXTRA_DIST += \
	tests/unit/data/compose/info.json \
	tests/unit/data/compose/info-no-engine.json \
	tests/unit/data/compose/v1-ids.txt \
	tests/unit/data/compose/v1-inspect.json \
	tests/unit/data/compose/v2-ids.txt \
	tests/unit/data/compose/v2-inspect.json
