noinst_LIBRARIES += core/store/libstore.a
core_store_libstore_a_SOURCES = \
	core/store/glance.c \
	core/store/glance.h \
	core/store/private_line.c \
	core/store/private_line.h \
	core/store/store.c \
	core/store/store.h

check_PROGRAMS += tests/unit/test-store tests/unit/test-private-line
tests_unit_test_store_LDADD = $(STORE_LIBS)
tests_unit_test_private_line_LDADD = $(STORE_LIBS)
