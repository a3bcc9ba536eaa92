#!/usr/bin/python3 -B
"""The files that handrail comes with are without problems, and say what they must."""

import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import driver
import tap

driver.needed()
HOME = tempfile.TemporaryDirectory(prefix="hl-")
SITE = os.path.join(driver.RUNBOOKS, "sites", "example.yaml")
DOWN = ["nginx", "tines-app", "tines-sidekiq", "tines-command-runner", "redis", "postgres",
        "pypi-server"]


def handrail(*arguments):
    done = subprocess.run([driver.HANDRAIL, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={"PATH": os.environ["PATH"], "HOME": HOME.name,
                               "LANG": "C.UTF-8"}, timeout=60)
    return done.returncode, done.stdout


def files_have_no_problems():
    for name in ("shutdown.yaml", "startup.yaml", "check-queues.yaml", "sites/example.yaml"):
        status, said = handrail("check", os.path.join(driver.RUNBOOKS, name))
        tap.ok(status == 0, name + " has no problems", said)


def every_step_is_shown_with_its_command():
    for name, order in (("shutdown", DOWN), ("startup", DOWN[::-1])):
        status, said = handrail("show", os.path.join(driver.RUNBOOKS, name + ".yaml"),
                                "--site", SITE)
        tap.equal(status, 0, "`show %s` ends with status 0" % name) or tap.note(said)
        places = [said.find("service: %s, to:" % service) for service in order]
        tap.ok(-1 not in places and places == sorted(places),
               "%s scales the services in the documented order" % name, places, said)
        status, said = handrail("show", os.path.join(driver.RUNBOOKS, name + ".yaml"),
                                "--site", SITE, "--json")
        tap.ok(status == 0 and json.loads(said), "`show %s --json` is JSON" % name, said)
        status, said = handrail("show", os.path.join(driver.RUNBOOKS, name + ".yaml"),
                                "--site", SITE, "--markdown")
        tap.ok(status == 0 and said.startswith("#"), "and there is one for paper", said[:200])


def a_smaller_site_leaves_steps_out():
    """Proxy, command runner and pypi-server are optional."""
    with open(SITE) as file:
        text = file.read()
    small = re.sub(r"(?m)^  (nginx|tines-command-runner|pypi-server): .*\n", "", text)
    path = os.path.join(HOME.name, "small.yaml")
    with open(path, "w") as file:
        file.write(small)
    for name in ("shutdown", "startup"):
        status, said = handrail("show", os.path.join(driver.RUNBOOKS, name + ".yaml"),
                                "--site", path)
        tap.ok(status == 0, "%s fits a site without the optional services" % name, said)


def show(name, text, site="other"):
    """`handrail show NAME` on the example site with this text instead of its own."""
    path = os.path.join(HOME.name, site + ".yaml")
    with open(path, "w") as file:
        file.write(text)
    return handrail("show", os.path.join(driver.RUNBOOKS, name + ".yaml"), "--site", path)


def a_managed_service_becomes_an_instruction():
    with open(SITE) as file:
        text = file.read()
    managed = text.replace("  redis: {}\n", "  redis: { managed: ElastiCache tines }\n") \
        .replace("  postgres: {}\n", "  postgres: { managed: RDS tines }\n")
    for name in ("shutdown", "startup", "check-queues"):
        status, said = show(name, managed, "managed")
        tap.ok(status == 0, name + " fits a site with a managed Redis and database", said)
    status, said = show("shutdown", managed, "managed")
    tap.ok("ElastiCache tines" in said and "RDS tines" in said,
           "shutdown says who runs them", said)


def what_runs_elsewhere_is_left_out():
    """Neither Redis nor Postgres are services of the project."""
    with open(SITE) as file:
        text = re.sub(r"(?m)^  (redis|postgres): \{\}\n", "", file.read())
    for name in ("shutdown", "startup", "check-queues"):
        status, said = show(name, text)
        tap.ok(status == 0, name + " fits a site whose Redis and database run elsewhere", said)


def queues_want_an_address():
    with open(SITE) as file:
        text = file.read()
    for name in ("shutdown", "startup", "check-queues"):
        status, said = show(name, text[:text.index("\nredis:\n")] + "\n")
        tap.ok(status != 0 and said.count('the section "redis" is missing') == 1,
               name + " says that the site file lacks the address of Redis", said)


def looking_changes_nothing():
    status, said = handrail("show", os.path.join(driver.RUNBOOKS, "check-queues.yaml"),
                            "--site", SITE, "--json")
    steps = json.loads(said)["steps"]
    acts = [step["id"] for step in steps if step.get("do") or step.get("otherwise")]
    tap.ok(status == 0 and steps and not acts, "check-queues has no action", said)


tap.run(files_have_no_problems, every_step_is_shown_with_its_command,
        a_smaller_site_leaves_steps_out, a_managed_service_becomes_an_instruction,
        what_runs_elsewhere_is_left_out, queues_want_an_address, looking_changes_nothing)
