noinst_LIBRARIES += core/base/libbase.a
core_base_libbase_a_SOURCES = \
	core/base/mask.h \
	core/base/moment.h \
	core/base/pattern.h \
	core/base/problem.c \
	core/base/problem.h \
	core/base/quantity.h \
	core/base/text.h \
	core/base/tree.c \
	core/base/tree.h
core_base_libbase_a_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS) $(PCRE2_CFLAGS)
