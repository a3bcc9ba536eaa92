#!/usr/bin/python3 -B
"""Makes the pictures of docs/ from real runs: `./dev pictures`, as root.

On an engine of its own stands the project of the live tests: real Sidekiq, Redis, Postgres
and nginx, with jobs that are worked off. `handrail` is driven as an operator drives it,
and its screen is drawn as SVG by tests/screen/picture.c. So that paths are those of an
ordinary host, all of it has an /opt of its own, which goes with it. The debrief is of a practice.
"""

import hashlib
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "practice")]

import bed
import driver
import jobs
import practise
import screen
import tap

DOCS = os.path.join(driver.SOURCE, "docs")
QUEUES = {"actions": 140, "default": 800, "events": 280, "mailers": 80}  # jobs in each
WEIGHTS = ["actions,4", "default,3", "events,2", "mailers,1"]
COLUMNS, LINES = 110, 32

# The longest wait is the runbook's for the queues, before it stops the proxy.
LIMIT_S = 180


def own_mounts():
    """Goes on in a mount namespace, where an /opt of our own is seen by nobody else."""
    if "--own-mounts" not in sys.argv:
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable,
                              "-B", os.path.abspath(__file__), "--own-mounts"])
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/opt"], check=True)


def bind(folder, place):
    os.makedirs(place)
    subprocess.run(["mount", "--bind", folder, place], check=True)


def speak_to(engine):
    """The engine is the one that docker speaks to by itself, as it mostly is."""
    name = "tines"
    folder = engine.folder("home", ".docker", "contexts", "meta",
                           hashlib.sha256(name.encode()).hexdigest())
    with open(os.path.join(folder, "meta.json"), "w") as file:
        json.dump({"Name": name, "Metadata": {},
                   "Endpoints": {"docker": {"Host": engine.host, "SkipTLSVerify": False}}}, file)
    with open(os.path.join(engine.home, ".docker", "config.json"), "w") as file:
        json.dump({"currentContext": name}, file)


def put_site(site, name, production):
    """As an operator writes it, where handrail looks for it."""
    folder = os.path.join(site.config, "handrail", "sites")
    os.makedirs(folder, exist_ok=True)
    parts = {
        "handrail-site": 1,
        "name": name,
        "production": production,
        "platform": {"compose": {"project": "tines", "directory": "/opt/tines"}},
        "identity": site.project.identity(),
        "services": {service: {"health": site.project.health[service]}
                     if service in site.project.health else {}
                     for service in site.project.services},
        "redis": {"url": "unix:///opt/redis/s?db=1"},
    }
    with open(os.path.join(folder, name + ".yaml"), "w") as file:
        for key, value in parts.items():
            file.write("%s: %s\n" % (key, json.dumps(value)))


def show(site, *arguments):
    env = {name: value for name, value in site.environment().items() if name != "TERM"}
    return screen.Screen([driver.HANDRAIL, *arguments], env, COLUMNS, LINES)


def keep(shown, name, title):
    with open(os.path.join(DOCS, name + ".svg"), "w") as file:
        file.write(shown.picture(title))
    tap.note("docs/%s.svg" % name)


def leave(shown, key):
    shown.send(key)
    shown.end()
    shown.close()


def put_jobs(project):
    """About three minutes of work for what is there."""
    queues = jobs.Queues(project).workers_up(2)
    for queue, times in QUEUES.items():
        queues.put("Doze", 1.3, times=times, queue=queue)


def shut_down(site):
    """As far as the wait for the queues to run dry, with the proxy and tines-app down."""
    watched = show(site, "queues", "--site", "prod")
    shown = show(site, "run", "shutdown", "--site", "prod")
    shown.wait("Which backup or snapshot of the database")
    shown.type("snapshot-2026-11-25\r")
    shown.wait("Stop the proxy?", LIMIT_S)
    shown.type("prod/nginx")
    shown.wait("Enter: do it")
    keep(shown, "run", "A run that asks before it stops the proxy of a production site")
    shown.type("\r")
    shown.wait("Stop tines-app?", LIMIT_S)
    shown.type("prod/tines-app\r")
    shown.wait("waiting 0:40", LIMIT_S)
    keep(shown, "waiting", "A step that waits until the job queues have run dry")
    keep(watched, "queues", "The job queues of a site, and a chart of all of them")
    leave(watched, "q")
    shown.type("u")
    shown.wait("The way back from here")
    keep(shown, "way-back", "What would undo the run from here, the last change first")
    shown.type("q")
    leave(shown, "d")


def debrief():
    """Of a practice whose operator does not wait for the queues."""
    place = practise.Place()
    hasty = "practice/leave-queued"
    try:
        place.practise("shutdown", "--scenario", "backlog", "--speed", "50", "--seed", "7").answer(
            waiting=lambda step, text: hasty if hasty in text else None)
        told = place.run("practice", "--debrief")
        told.end()
        env = {name: place.env[name] for name in ("XDG_STATE_HOME", "XDG_RUNTIME_DIR")}
        lines = told.lines.index("Questions and answers") - 1  # each answer is too much here
        shown = screen.Screen(["/bin/sh", "-c", 'exec "$0" practice --debrief | head -n "$1"',
                               driver.HANDRAIL, str(lines)], env, 82, lines + 1)
        shown.end()
        keep(shown, "debrief", "What is said after a practice: what happened, and what was hasty")
        shown.close()
    finally:
        place.end()


def main():
    bed.needed()
    screen.needed()
    own_mounts()
    os.makedirs(DOCS, exist_ok=True)
    engine = bed.Engine()
    project = bed.Project(engine, "tines", lambda made: bed.tines(made, queues=WEIGHTS))
    bind(project.directory, "/opt/tines")
    bind(os.path.dirname(project.redis), "/opt/redis")
    project.up()
    project.wait_healthy()
    speak_to(engine)
    site = driver.Site(project)
    put_site(site, "prod", True)
    put_site(site, "staging", False)
    put_jobs(project)
    try:
        shut_down(site)
        shown = show(site)
        shown.wait("? keys")  # in the last line
        keep(shown, "home", "What there is: a run to be gone on with, runbooks, sites")
        leave(shown, "q")
    finally:
        site.end_runners()
    debrief()


main()
