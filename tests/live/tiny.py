"""A small project whose services stop at once, and the runbooks for it."""

import os

import bed

SERVICES = ["front", "back"]

DOWN = """\
handrail: 1
title: Take the small project down
vars:
  backup-name: { type: text }
steps:
  - id: before
    title: Note what there is
    ask: { text: Which backup covers this?, match: '\\S{4,}', into: backup-name }
    record: [counts, images]
  - id: stop-front
    title: Stop the front
    do: { scale: { service: front, to: 0 } }
  - id: mark
    title: Leave a mark
    do: { run: [sh, -c, "echo down >> %(marks)s"] }
  - id: stop-back
    title: Stop the back
    require: [ { service: { name: front, running: 0 } } ]
    do: { scale: { service: back, to: 0 } }
"""

UP = """\
handrail: 1
title: Bring the small project back
steps:
  - id: start-back
    title: Start the back
    do: { scale: { service: back, to: recorded } }
    until: [ { service: { name: back, running: recorded } } ]  # ready takes 10 s
  - id: mark
    title: Leave a mark
    do: { run: [sh, -c, "echo up >> %(marks)s"] }
  - id: start-front
    title: Start the front
    require: [ { service: { name: back, running: recorded } } ]
    do: { scale: { service: front, to: recorded } }
    until: [ { service: { name: front, running: recorded, images: recorded } } ]
"""


def services(project):
    return {"front": bed.service(bed.polite(), scale=2), "back": bed.service(bed.polite())}


class Tiny:
    """The project, its site and its runbooks."""

    def __init__(self, engine, site_class, name="tiny", **more):
        self.project = bed.Project(engine, name, services).up()
        self.site = site_class(self.project, **more)
        self.marks = os.path.join(self.project.directory, "marks")
        open(self.marks, "w").close()
        self.down = self.site.runbook("down", DOWN % {"marks": self.marks})
        self.up = self.site.runbook("up", UP % {"marks": self.marks})

    def marked(self):
        with open(self.marks) as file:
            return file.read().split()

    def forget(self):
        open(self.marks, "w").close()
        self.project.engine.forget_commands()

    def scaled(self):
        """{service: how often something was stopped or started through compose}."""
        counts = dict.fromkeys(SERVICES, 0)
        for line in self.project.engine.commands():
            words = line.split()
            if {"stop", "start", "up"} & set(words):
                counts[words[-1]] += 1
        return counts
