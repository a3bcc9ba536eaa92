bin_PROGRAMS += handrail
handrail_SOURCES = tui/main.c
handrail_LDADD = $(TUI_LIBS)

noinst_LIBRARIES += tui/libtui.a
tui_libtui_a_SOURCES = \
	tui/app.c \
	tui/app.h \
	tui/area.c \
	tui/canvas.c \
	tui/canvas.h \
	tui/canvas_dump.c \
	tui/canvas_marks.c \
	tui/chart.c \
	tui/chart.h \
	tui/cli.c \
	tui/cli.h \
	tui/colours.c \
	tui/colours.h \
	tui/command_attach.c \
	tui/command_check.c \
	tui/command_doctor.c \
	tui/command_queues.c \
	tui/command_resume.c \
	tui/command_run.c \
	tui/command_runs.c \
	tui/command_show.c \
	tui/command_state.c \
	tui/commands.c \
	tui/commands.h \
	tui/differences.c \
	tui/differences.h \
	tui/escapes.c \
	tui/escapes.h \
	tui/find.c \
	tui/find.h \
	tui/foot.c \
	tui/foot.h \
	tui/input.c \
	tui/input.h \
	tui/keys.c \
	tui/keys.h \
	tui/lines.c \
	tui/lines.h \
	tui/list.c \
	tui/list.h \
	tui/load.c \
	tui/load.h \
	tui/look_line.c \
	tui/look_line.h \
	tui/pager.c \
	tui/pager.h \
	tui/pager_line.c \
	tui/pager_line.h \
	tui/pager_read.c \
	tui/plain.c \
	tui/plain.h \
	tui/plain_io.c \
	tui/plain_io.h \
	tui/probe.c \
	tui/probe.h \
	tui/queues_history.c \
	tui/queues_history.h \
	tui/queues_lines.c \
	tui/queues_lines.h \
	tui/queues_panel.c \
	tui/queues_panel.h \
	tui/queues_panel_chart.c \
	tui/queues_panel_parts.h \
	tui/queues_table.c \
	tui/queues_verdict.c \
	tui/queues_verdict.h \
	tui/queues_watch.c \
	tui/queues_watch.h \
	tui/redis_findings.c \
	tui/redis_findings.h \
	tui/restore.c \
	tui/restore.h \
	tui/screen.h \
	tui/screen_help.c \
	tui/screen_help.h \
	tui/screen_queues.c \
	tui/screen_queues.h \
	tui/session.c \
	tui/session.h \
	tui/showing.c \
	tui/showing.h \
	tui/showing_text.c \
	tui/signals.c \
	tui/signals.h \
	tui/start.c \
	tui/start.h \
	tui/terminal.c \
	tui/terminal.h \
	tui/theme.c \
	tui/theme.h \
	tui/theming.c \
	tui/theming.h \
	tui/typing.c \
	tui/typing.h \
	tui/viewer.c \
	tui/viewer.h
tui_libtui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS)
tui_libtui_a_CPPFLAGS = $(AM_CPPFLAGS) \
	-DLIBEXECDIR='"$(libexecdir)"' -DPKGDATADIR='"$(pkgdatadir)"'
TUI_LIBS = tui/libtui.a core/store/libstore.a $(PURE_LIBS) $(NCURSES_LIBS)

themesdir = $(pkgdatadir)/themes
dist_themes_DATA = themes/contrast.yaml themes/dark.yaml themes/light.yaml themes/mono.yaml
dist_doc_DATA += themes/example/theme.yaml

dist_man_MANS += tui/handrail.1
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = tui/handrail.bash

check_PROGRAMS += \
	tests/unit/test-canvas \
	tests/unit/test-chart \
	tests/unit/test-input \
	tests/unit/test-keys \
	tests/unit/test-list \
	tests/unit/test-pager \
	tests/unit/test-theme \
	tests/unit/test-theming \
	tests/unit/test-typing \
	tests/unit/test-cli \
	tests/unit/test-doctor \
	tests/unit/test-find \
	tests/unit/test-plain \
	tests/unit/test-probe \
	tests/unit/test-queues-command \
	tests/unit/test-queues-history \
	tests/unit/test-queues-panel \
	tests/unit/test-redis-findings \
	tests/unit/test-runs \
	tests/unit/test-session \
	tests/unit/test-showing \
	tests/unit/test-start \
	tests/unit/test-viewer
tests_unit_test_canvas_LDADD = $(TUI_LIBS)
tests_unit_test_chart_LDADD = $(TUI_LIBS)
tests_unit_test_input_LDADD = $(TUI_LIBS)
tests_unit_test_keys_LDADD = $(TUI_LIBS)
tests_unit_test_list_LDADD = $(TUI_LIBS)
tests_unit_test_pager_LDADD = $(TUI_LIBS)
tests_unit_test_theme_LDADD = $(TUI_LIBS)
tests_unit_test_theming_LDADD = $(TUI_LIBS)
tests_unit_test_typing_LDADD = $(TUI_LIBS)
tests_unit_test_cli_LDADD = $(JANSSON_LIBS) $(GLIB_LIBS)
EXTRA_tests_unit_test_cli_DEPENDENCIES = handrail$(EXEEXT)
tests_unit_test_doctor_SOURCES = tests/unit/test-doctor.c tests/unit/program.h
tests_unit_test_doctor_LDADD = $(STORE_LIBS)
EXTRA_tests_unit_test_doctor_DEPENDENCIES = handrail$(EXEEXT) handrail-runner$(EXEEXT)
tests_unit_test_find_LDADD = $(TUI_LIBS)
tests_unit_test_plain_LDADD = $(TUI_LIBS)
tests_unit_test_probe_LDADD = $(TUI_LIBS)
tests_unit_test_queues_command_SOURCES = \
	tests/unit/test-queues-command.c tests/unit/program.h
tests_unit_test_queues_command_LDADD = $(STORE_LIBS)
EXTRA_tests_unit_test_queues_command_DEPENDENCIES = handrail$(EXEEXT)
tests_unit_test_queues_history_LDADD = $(TUI_LIBS)
tests_unit_test_queues_panel_LDADD = $(TUI_LIBS)
tests_unit_test_redis_findings_LDADD = $(TUI_LIBS)
tests_unit_test_runs_SOURCES = tests/unit/test-runs.c tests/unit/program.h
tests_unit_test_runs_LDADD = $(STORE_LIBS)
EXTRA_tests_unit_test_runs_DEPENDENCIES = handrail$(EXEEXT)
tests_unit_test_session_LDADD = $(STORE_LIBS)
EXTRA_tests_unit_test_session_DEPENDENCIES = handrail$(EXEEXT)
tests_unit_test_showing_LDADD = $(TUI_LIBS)
tests_unit_test_start_LDADD = $(TUI_LIBS)
tests_unit_test_viewer_LDADD = $(TUI_LIBS)
check_SCRIPTS += tests/unit/test-queues-watch.py
EXTRA_DIST += tests/unit/data/plain
