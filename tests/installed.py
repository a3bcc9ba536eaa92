#!/usr/bin/python3 -B
"""What `make install` has put in place works from there: `make installcheck` runs this, and
so does `make distcheck`, with a prefix that nothing else is below.

The folders come in the environment, as HANDRAIL_BINDIR and so on."""

import glob
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "live"))

import tap

SHIPPED = {
    "BINDIR": ["handrail"],
    "LIBEXECDIR": ["handrail-practice", "handrail-runner"],
    "PKGDATADIR": ["runbooks/README.md", "runbooks/practice/calm.yaml",
                   "runbooks/practice.schema.json", "runbooks/runbook.schema.json",
                   "runbooks/shutdown.yaml", "runbooks/site.schema.json",
                   "runbooks/startup.yaml", "themes/contrast.yaml", "themes/dark.yaml",
                   "themes/light.yaml", "themes/mono.yaml"],
    "DOCDIR": ["example.yaml", "theme.yaml"],
    "MANDIR": ["man1/handrail.1"],
    "COMPLETIONDIR": ["handrail.bash"],
}

SITE = """\
handrail-site: 1
name: here
production: false
platform: { compose: { project: none } }
services: { web: {} }
"""

# Who starts a step's command is its parent.
RUNBOOK = """\
handrail: 1
title: Say who runs this
vars: { word: { type: word } }
steps:
  - id: word
    title: Ask for a word
    ask: { text: Which word?, match: '\\S+', into: word }
  - id: mark
    title: Leave a mark
    do: { run: [sh, -c, "readlink /proc/$PPID/exe > %(marks)s; echo ${word} >> %(marks)s"] }
"""

home = tempfile.TemporaryDirectory(prefix="handrail-installed-")


def installed(folder, *names):
    return os.path.join(os.environ["HANDRAIL_" + folder], *names)


def handrail(*arguments, answers=""):
    """From a folder where nothing is, as somebody who has configured nothing."""
    done = subprocess.run([installed("BINDIR", "handrail"), *arguments], input=answers,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          cwd=home.name, timeout=60,
                          env={"PATH": os.environ["PATH"], "HOME": home.name,
                               "LANG": "C.UTF-8", "TERM": "dumb"})
    return done.returncode, done.stdout


def write(name, text):
    path = os.path.join(home.name, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def everything_is_where_it_belongs():
    for folder, names in SHIPPED.items():
        missing = [name for name in names if not os.path.isfile(installed(folder, name))]
        tap.equal(missing, [], "%s has what belongs there" % folder.lower())
    for program in (installed("BINDIR", "handrail"), installed("LIBEXECDIR", "handrail-runner")):
        tap.ok(os.access(program, os.X_OK), "%s can be run" % os.path.basename(program))
    beside = glob.glob(installed("BINDIR", "handrail-*"))
    tap.equal(beside, [], "the runner is not for typing")


def shipped_files_have_no_problems():
    for path in (installed("PKGDATADIR", "runbooks", "shutdown.yaml"),
                 installed("PKGDATADIR", "runbooks", "startup.yaml"),
                 installed("PKGDATADIR", "themes", "dark.yaml"),
                 installed("DOCDIR", "theme.yaml"), installed("DOCDIR", "example.yaml")):
        status, said = handrail("check", path)
        tap.ok(status == 0, "check %s" % os.path.basename(path), said)


def shipped_runbooks_are_found_by_name():
    site = installed("DOCDIR", "example.yaml")
    for name in ("shutdown", "startup"):
        status, said = handrail("show", name, "--site", site)
        tap.ok(status == 0 and "tines-sidekiq" in said, "show %s" % name, said)
    status, said = handrail("show", "shutdwon", "--site", site)
    tap.ok(status != 0 and "did you mean shutdown?" in said, "and named to who mistypes", said)
    status, said = handrail("--version")
    tap.ok(status == 0 and os.environ["HANDRAIL_VERSION"] in said, "and the version is this",
           said)


def the_runner_is_found():
    """In libexecdir, not in the build tree."""
    if os.path.isdir("/var/lib/handrail"):
        tap.skip("a run", "this host has a shared state root, which a test must not write to")
        return
    marks = os.path.join(home.name, "marks")
    site = write("here.yaml", SITE)
    runbook = write("who.yaml", RUNBOOK % {"marks": marks})
    status, said = handrail("run", runbook, "--site", site, "--plain", answers="hello\ny\n")
    tap.equal(status, 0, "a run from question to end") or tap.note(said)
    with open(marks) as file:
        runner, word = file.read().split()
    tap.equal(os.path.realpath(runner),
              os.path.realpath(installed("LIBEXECDIR", "handrail-runner")),
              "the runner is the installed one")
    tap.equal(word, "hello", "with the answer that was given")
    status, said = handrail("runs")
    tap.ok(status == 0 and "who" in said, "the run is kept below the home folder", said)


tap.run(everything_is_where_it_belongs, shipped_files_have_no_problems,
        shipped_runbooks_are_found_by_name, the_runner_is_found)
