noinst_LIBRARIES += core/base/libbase.a
core_base_libbase_a_SOURCES = \
	core/base/clean.c \
	core/base/clean.h \
	core/base/environment.c \
	core/base/environment.h \
	core/base/mask.c \
	core/base/mask.h \
	core/base/moment.c \
	core/base/moment.h \
	core/base/pattern.c \
	core/base/pattern.h \
	core/base/problem.c \
	core/base/problem.h \
	core/base/quantity.c \
	core/base/quantity.h \
	core/base/text.c \
	core/base/text.h \
	core/base/tree.c \
	core/base/tree.h
core_base_libbase_a_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS) $(PCRE2_CFLAGS)

check_PROGRAMS += \
	tests/unit/test-environment \
	tests/unit/test-mask \
	tests/unit/test-moment \
	tests/unit/test-pattern \
	tests/unit/test-quantity \
	tests/unit/test-text
tests_unit_test_environment_LDADD = $(BASE_LIBS)
tests_unit_test_mask_LDADD = $(BASE_LIBS)
tests_unit_test_moment_LDADD = $(BASE_LIBS)
tests_unit_test_pattern_LDADD = $(BASE_LIBS)
tests_unit_test_quantity_LDADD = $(BASE_LIBS)
tests_unit_test_text_LDADD = $(BASE_LIBS)
