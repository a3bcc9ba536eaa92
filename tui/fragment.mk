bin_PROGRAMS += handrail
handrail_SOURCES = tui/main.c
handrail_LDADD = $(TUI_LIBS)

noinst_LIBRARIES += tui/libtui.a
tui_libtui_a_SOURCES = \
	tui/advice.c \
	tui/advice.h \
	tui/cli.c \
	tui/cli.h \
	tui/command_attach.c \
	tui/command_check.c \
	tui/command_doctor.c \
	tui/command_home.c \
	tui/command_practice.c \
	tui/command_queues.c \
	tui/command_resume.c \
	tui/command_run.c \
	tui/command_runs.c \
	tui/command_show.c \
	tui/command_state.c \
	tui/commands.c \
	tui/commands.h \
	tui/debrief.c \
	tui/debrief.h \
	tui/debrief_chart.c \
	tui/debrief_chart.h \
	tui/debrief_page.c \
	tui/debrief_page.h \
	tui/debrief_text.c \
	tui/debrief_told.c \
	tui/differences.c \
	tui/differences.h \
	tui/find.c \
	tui/find.h \
	tui/launch.c \
	tui/launch.h \
	tui/lines.c \
	tui/lines.h \
	tui/lines_broken.c \
	tui/load.c \
	tui/load.h \
	tui/place.c \
	tui/place.h \
	tui/probe.c \
	tui/probe.h \
	tui/redis_findings.c \
	tui/redis_findings.h \
	tui/session.c \
	tui/session.h \
	tui/showing.c \
	tui/showing.h \
	tui/showing_text.c \
	tui/start.c \
	tui/start.h \
	tui/story.c \
	tui/story.h \
	tui/viewer.c \
	tui/viewer.h \
	tui/home/folder_watch.c \
	tui/home/folder_watch.h \
	tui/home/home.c \
	tui/home/home.h \
	tui/home/home_files.c \
	tui/home/home_files.h \
	tui/home/home_rows.c \
	tui/home/home_rows.h \
	tui/home/home_tell.c \
	tui/home/home_tell.h \
	tui/home/plan_model.c \
	tui/home/plan_model.h \
	tui/home/plan_page.c \
	tui/home/plan_page.h \
	tui/home/plan_rows.c \
	tui/home/plan_rows.h \
	tui/home/screen_choose.c \
	tui/home/screen_choose.h \
	tui/home/screen_home.c \
	tui/home/screen_home.h \
	tui/home/screen_launch.c \
	tui/home/screen_launch.h \
	tui/home/screen_plan.c \
	tui/home/screen_plan.h \
	tui/home/screen_stopped.c \
	tui/home/screen_stopped.h \
	tui/home/screen_text.c \
	tui/home/screen_text.h \
	tui/home/stopped_page.c \
	tui/home/stopped_page.h \
	tui/plain/plain.c \
	tui/plain/plain.h \
	tui/plain/plain_holds.c \
	tui/plain/plain_holds.h \
	tui/plain/plain_io.c \
	tui/plain/plain_io.h \
	tui/practice/practice.c \
	tui/practice/practice.h \
	tui/practice/practice_before.c \
	tui/practice/practice_before.h \
	tui/practice/practice_kept.c \
	tui/practice/practice_kept.h \
	tui/practice/practice_world.c \
	tui/practice/practice_world.h \
	tui/queues/look_line.c \
	tui/queues/look_line.h \
	tui/queues/queues_history.c \
	tui/queues/queues_history.h \
	tui/queues/queues_lines.c \
	tui/queues/queues_lines.h \
	tui/queues/queues_panel.c \
	tui/queues/queues_panel.h \
	tui/queues/queues_panel_chart.c \
	tui/queues/queues_panel_parts.h \
	tui/queues/queues_table.c \
	tui/queues/queues_verdict.c \
	tui/queues/queues_verdict.h \
	tui/queues/queues_watch.c \
	tui/queues/queues_watch.h \
	tui/queues/screen_queues.c \
	tui/queues/screen_queues.h \
	tui/run/child.c \
	tui/run/child.h \
	tui/run/logs.c \
	tui/run/logs.h \
	tui/run/outputs.c \
	tui/run/outputs.h \
	tui/run/pane.c \
	tui/run/pane.h \
	tui/run/run_checks.c \
	tui/run/run_checks.h \
	tui/run/run_commands.c \
	tui/run/run_commands.h \
	tui/run/run_field.c \
	tui/run/run_field.h \
	tui/run/run_head.c \
	tui/run/run_head.h \
	tui/run/run_io.c \
	tui/run/run_io.h \
	tui/run/run_model.c \
	tui/run/run_model.h \
	tui/run/run_panel.c \
	tui/run/run_panel.h \
	tui/run/run_panel_draw.c \
	tui/run/run_panel_parts.h \
	tui/run/run_step.c \
	tui/run/run_step.h \
	tui/run/run_samples.c \
	tui/run/run_samples.h \
	tui/run/run_steps.c \
	tui/run/run_steps.h \
	tui/run/run_words.c \
	tui/run/run_words.h \
	tui/run/screen_logs.c \
	tui/run/screen_output.c \
	tui/run/screen_people.c \
	tui/run/screen_run.c \
	tui/run/screen_run.h \
	tui/run/screen_run_act.c \
	tui/run/screen_run_hear.c \
	tui/run/screen_run_parts.h \
	tui/run/screen_timeline.c \
	tui/run/screen_way_back.c \
	tui/run/screens.h \
	tui/run/timeline.c \
	tui/run/timeline.h \
	tui/run/timeline_parts.h \
	tui/run/timeline_take.c \
	tui/run/way_back.c \
	tui/run/way_back.h \
	tui/widgets/app.c \
	tui/widgets/app.h \
	tui/widgets/area.c \
	tui/widgets/burst.c \
	tui/widgets/burst.h \
	tui/widgets/canvas.c \
	tui/widgets/canvas.h \
	tui/widgets/canvas_dump.c \
	tui/widgets/canvas_marks.c \
	tui/widgets/chart.c \
	tui/widgets/chart.h \
	tui/widgets/colours.c \
	tui/widgets/colours.h \
	tui/widgets/escapes.c \
	tui/widgets/escapes.h \
	tui/widgets/filter.c \
	tui/widgets/filter.h \
	tui/widgets/foot.c \
	tui/widgets/foot.h \
	tui/widgets/frame.c \
	tui/widgets/frame.h \
	tui/widgets/head.c \
	tui/widgets/head.h \
	tui/widgets/input.c \
	tui/widgets/input.h \
	tui/widgets/keys.c \
	tui/widgets/keys.h \
	tui/widgets/list.c \
	tui/widgets/list.h \
	tui/widgets/page.c \
	tui/widgets/page.h \
	tui/widgets/pager.c \
	tui/widgets/pager.h \
	tui/widgets/pager_line.c \
	tui/widgets/pager_line.h \
	tui/widgets/pager_read.c \
	tui/widgets/pen.c \
	tui/widgets/pen.h \
	tui/widgets/restore.c \
	tui/widgets/restore.h \
	tui/widgets/screen.h \
	tui/widgets/screen_help.c \
	tui/widgets/screen_help.h \
	tui/widgets/signals.c \
	tui/widgets/signals.h \
	tui/widgets/terminal.c \
	tui/widgets/terminal.h \
	tui/widgets/terminal_draw.c \
	tui/widgets/terminal_keys.c \
	tui/widgets/terminal_parts.h \
	tui/widgets/theme.c \
	tui/widgets/theme.h \
	tui/widgets/theming.c \
	tui/widgets/theming.h \
	tui/widgets/typing.c \
	tui/widgets/typing.h \
	tui/widgets/wrap.c \
	tui/widgets/wrap.h
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
	tests/unit/test-folder-watch \
	tests/unit/test-home-rows \
	tests/unit/test-child \
	tests/unit/test-input \
	tests/unit/test-launch \
	tests/unit/test-keys \
	tests/unit/test-list \
	tests/unit/test-page \
	tests/unit/test-logs \
	tests/unit/test-outputs \
	tests/unit/test-run-commands \
	tests/unit/test-run-samples \
	tests/unit/test-pager \
	tests/unit/test-look-line \
	tests/unit/test-theme \
	tests/unit/test-pen \
	tests/unit/test-theming \
	tests/unit/test-burst \
	tests/unit/test-typing \
	tests/unit/test-cli \
	tests/unit/test-debrief \
	tests/unit/test-doctor \
	tests/unit/test-find \
	tests/unit/test-plain \
	tests/unit/test-plan-screen \
	tests/unit/test-probe \
	tests/unit/test-queues-command \
	tests/unit/test-queues-history \
	tests/unit/test-queues-panel \
	tests/unit/test-redis-findings \
	tests/unit/test-runs \
	tests/unit/test-screen-run \
	tests/unit/test-session \
	tests/unit/test-showing \
	tests/unit/test-start \
	tests/unit/test-viewer
STORIES = tests/unit/stories.c tests/unit/stories.h
tests_unit_test_canvas_LDADD = $(TUI_LIBS)
tests_unit_test_chart_LDADD = $(TUI_LIBS)
tests_unit_test_folder_watch_SOURCES = tests/unit/test-folder-watch.c tests/unit/program.h
tests_unit_test_folder_watch_LDADD = $(TUI_LIBS)
tests_unit_test_home_rows_SOURCES = tests/unit/test-home-rows.c tests/unit/program.h
tests_unit_test_home_rows_LDADD = $(TUI_LIBS)
tests_unit_test_launch_SOURCES = tests/unit/test-launch.c tests/unit/program.h
tests_unit_test_launch_LDADD = $(TUI_LIBS)
tests_unit_test_page_LDADD = $(TUI_LIBS)
tests_unit_test_look_line_LDADD = $(TUI_LIBS)
tests_unit_test_child_LDADD = $(TUI_LIBS)
tests_unit_test_input_LDADD = $(TUI_LIBS)
tests_unit_test_keys_LDADD = $(TUI_LIBS)
tests_unit_test_list_LDADD = $(TUI_LIBS)
tests_unit_test_logs_LDADD = $(TUI_LIBS)
tests_unit_test_outputs_LDADD = $(TUI_LIBS)
tests_unit_test_pager_LDADD = $(TUI_LIBS)
tests_unit_test_pen_LDADD = $(TUI_LIBS)
tests_unit_test_theme_LDADD = $(TUI_LIBS)
tests_unit_test_theming_LDADD = $(TUI_LIBS)
tests_unit_test_run_commands_LDADD = $(TUI_LIBS)
tests_unit_test_run_samples_LDADD = $(TUI_LIBS)
tests_unit_test_burst_LDADD = $(TUI_LIBS)
tests_unit_test_typing_LDADD = $(TUI_LIBS)
tests_unit_test_cli_LDADD = $(JANSSON_LIBS) $(GLIB_LIBS)
EXTRA_tests_unit_test_cli_DEPENDENCIES = handrail$(EXEEXT)
tests_unit_test_debrief_SOURCES = tests/unit/test-debrief.c tests/unit/debrief_stories.h
tests_unit_test_debrief_LDADD = $(TUI_LIBS)
tests_unit_test_doctor_SOURCES = tests/unit/test-doctor.c tests/unit/program.h
tests_unit_test_doctor_LDADD = $(STORE_LIBS)
EXTRA_tests_unit_test_doctor_DEPENDENCIES = handrail$(EXEEXT) handrail-runner$(EXEEXT)
tests_unit_test_find_LDADD = $(TUI_LIBS)
tests_unit_test_plain_SOURCES = tests/unit/test-plain.c $(STORIES)
tests_unit_test_plain_LDADD = $(TUI_LIBS)
tests_unit_test_plan_screen_SOURCES = tests/unit/test-plan-screen.c tests/unit/program.h
tests_unit_test_plan_screen_LDADD = $(TUI_LIBS)
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
tests_unit_test_screen_run_SOURCES = tests/unit/test-screen-run.c $(STORIES)
tests_unit_test_screen_run_LDADD = $(TUI_LIBS)
tests_unit_test_session_LDADD = $(STORE_LIBS)
EXTRA_tests_unit_test_session_DEPENDENCIES = handrail$(EXEEXT)
tests_unit_test_showing_LDADD = $(TUI_LIBS)
tests_unit_test_start_LDADD = $(TUI_LIBS)
tests_unit_test_viewer_LDADD = $(TUI_LIBS)
check_SCRIPTS += tests/unit/test-queues-watch.py
EXTRA_DIST += tests/unit/data/plain tests/unit/data/screen-run
