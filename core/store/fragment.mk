noinst_LIBRARIES += core/store/libstore.a
core_store_libstore_a_SOURCES = \
	core/store/glance.c \
	core/store/glance.h \
	core/store/store.c \
	core/store/store.h \
	core/store/store_world.c \
	core/store/store_world.h

check_PROGRAMS += tests/unit/test-store tests/unit/test-store-world
tests_unit_test_store_LDADD = $(STORE_LIBS)
tests_unit_test_store_world_LDADD = $(STORE_LIBS)
