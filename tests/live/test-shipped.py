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
    for name in ("shutdown.yaml", "startup.yaml", "sites/example.yaml"):
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


def a_managed_service_becomes_an_instruction():
    with open(SITE) as file:
        text = file.read()
    path = os.path.join(HOME.name, "managed.yaml")
    with open(path, "w") as file:
        file.write(text.replace("  redis: {}\n", "  redis: { managed: ElastiCache tines }\n"))
    status, said = handrail("show", os.path.join(driver.RUNBOOKS, "shutdown.yaml"),
                            "--site", path)
    tap.ok(status == 0 and "ElastiCache tines" in said,
           "shutdown says who runs a managed Redis", said)


tap.run(files_have_no_problems, every_step_is_shown_with_its_command,
        a_smaller_site_leaves_steps_out, a_managed_service_becomes_an_instruction)
