#!/usr/bin/python3 -B
"""The shipped runbooks on a real engine: everything down in the documented order, and
everything back as it was."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bed
import driver
import tap

DOWN = ["nginx", "tines-app", "tines-sidekiq", "tines-command-runner", "redis", "postgres",
        "pypi-server"]
FULL = {"nginx": 1, "tines-app": 2, "tines-sidekiq": 2, "tines-command-runner": 1, "redis": 1,
        "postgres": 1, "pypi-server": 1}
ANSWERS = {"backup": "snapshot-2026-11-23", "maintenance-over": "new disks"}

STARTUP = os.path.join(driver.RUNBOOKS, "startup.yaml")

bed.needed()
driver.needed()
engine = bed.Engine()


# The queues are watched twice, for what quicker() makes of two minutes.
QUEUES_LIMIT_S = 120


def moments(project, member):
    """{service: the earliest and the latest of that moment}, as Docker says."""
    return {name: (min(times), max(times))
            for name, times in ((name, [entry["State"][member] for entry in entries])
                                for name, entries in project.inspect().items())}


def assert_order(times, order, name):
    """Each is over before the next one."""
    wrong = ["%s %s .. %s %s" % (one, times[one], two, times[two])
             for one, two in zip(order, order[1:]) if not times[one][1] < times[two][0]]
    tap.ok(not wrong, name, *wrong)


def assert_whole(run, done):
    """The journal is sound and each step that applies ended once, by itself."""
    tap.equal(run.chain_problem(), None, "the journal's chain holds")
    steps = [event["step"] for event in run.events("step-done")]
    tap.equal(len(steps), len(set(steps)), "no step was done twice")
    tap.equal(steps, done, "every step was done, in order")
    skipped = [(event["step"], event["by"]) for event in run.events("step-skipped")
               if event["by"] != "when"]
    tap.equal(skipped, [], "nothing was skipped but by `when`")


def shut_down(project, site, terminal, answers):
    before = {name: [entry["Image"] for entry in entries]
              for name, entries in project.inspect().items()}
    front = site.run(site.quicker("shutdown"), terminal=terminal)
    status = front.play(answers, limit_s=QUEUES_LIMIT_S)
    tap.equal(status, 0, "shutdown ends with status 0") or tap.note(front.text())
    tap.equal(project.running(), dict.fromkeys(FULL, 0), "Docker has nothing running")
    assert_order(moments(project, "FinishedAt"), DOWN, "Docker saw them stop in the order")
    steps = ["backup", "drain-first", "stop-nginx", "stop-tines-app", "quiet-sidekiq",
             "stop-sidekiq", "stop-command-runner", "stop-redis",
             "stop-postgres", "stop-pypi-server", "all-down"]
    run = site.last()
    assert_whole(run, steps)
    recorded = run.events("step-recorded")[0]["ledger"]
    tap.equal({name: recorded[name]["count"] for name in recorded}, FULL,
              "the counts from before are written down")
    return front, before


def start_up(project, site, terminal, answers, images):
    front = site.run(STARTUP, terminal=terminal)
    asked = []

    def answer(question):
        asked.append(question.id)
        return answers.get(question.id)
    status = front.play(answer)
    tap.equal(status, 0, "startup ends with status 0") or tap.note(front.text())
    tap.equal(asked[:1], ["adopt"], "what the shutdown recorded is shown and taken over first")
    tap.equal(project.running(), FULL, "Docker has as many running as before")
    assert_order(moments(project, "StartedAt"), DOWN[::-1], "they started in reverse order")
    after = {name: sorted({entry["Image"] for entry in entries if entry["State"]["Running"]})
             for name, entries in project.inspect().items()}
    tap.equal(after, {name: sorted(set(ids)) for name, ids in images.items()},
              "the images are the ones from before")
    assert_whole(site.last(), ["maintenance-over", *(
        "start-" + name.replace("tines-command", "command").replace("tines-sidekiq", "sidekiq")
        for name in DOWN[::-1])])


def down_and_up_on_a_pipe():
    project = bed.Project(engine, "small", bed.tines).up()
    project.wait_healthy()
    site = driver.Site(project)
    front, images = shut_down(project, site, False, ANSWERS)
    codes = {name: set(project.of(name, "State", "ExitCode")) for name in FULL}
    tap.equal((codes["tines-app"], codes["pypi-server"]), ({1}, {137}),
              "exit 1 and exit 137 passed for stopped")
    tap.contains(front.text(), "stop", "the command is shown before it is asked about")
    state = site.last().state()
    tap.ok(isinstance(state, dict) and state, "`state RUN --json` gives an object")
    start_up(project, site, False, ANSWERS, images)
    status, out, err = site.ask("runs")
    tap.ok(status == 0 and all(run.name in out for run in site.runs()),
           "`runs` lists both", out, err)
    project.down()


def typed_on_production_terminal():
    """On a production site every confirmation is SITE/SERVICE, on a terminal."""
    project = bed.Project(engine, "prod", bed.tines).up()
    project.wait_healthy()
    site = driver.Site(project, production=True)
    words = []

    def answer(question):
        if question.id in ANSWERS:
            return ANSWERS[question.id]
        words.append(question.takes[0])
        if question.id == "stop-nginx" and len(words) == 1:
            return "y"  # the key is not enough here; the question comes again
        return None
    shut_down(project, site, True, answer)
    tap.equal(words, ["prod/nginx", "prod/nginx", "prod/tines-app", "prod/tines-sidekiq"]
              + ["prod/" + name for name in DOWN[2:]],
              "each stop took SITE/SERVICE, and y was not taken for it")
    front = site.run(STARTUP, terminal=True)
    question = front.play(ANSWERS, stop_before="start-pypi-server")
    tap.equal(question.takes[0], "prod/pypi-server", "and so does each start")
    front.say("stop")
    tap.equal(front.status(), 3, "stopped at a question: status 3")
    tap.equal(project.running(), dict.fromkeys(FULL, 0), "and nothing was started")
    project.down()


def with_compose_v2():
    if not engine.v2:
        tap.skip("with compose v2", "no compose v2 plugin; HANDRAIL_COMPOSE_V2 may name one")
        return
    project = bed.Project(engine, "second", bed.tines, v2=True).up()
    project.wait_healthy()
    site = driver.Site(project)
    front, images = shut_down(project, site, False, ANSWERS)
    tap.contains(front.text(), " compose -p second stop nginx",
                 "the tool that made the containers is spoken")
    start_up(project, site, False, ANSWERS, images)
    tap.equal([line for line in engine.commands() if "-p second" in line], [],
              "docker-compose v1 was not used")
    project.down()


tap.run(down_and_up_on_a_pipe, typed_on_production_terminal, with_compose_v2, at_a_time=2)
