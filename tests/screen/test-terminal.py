#!/usr/bin/python3 -B
"""The terminal that scripts drive, and the pictures it makes, with a program in it that shows
something of everything."""

import os
import sys
from xml.etree import ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

import driver
import screen
import tap

screen.needed()

# Two frames that meet, a bar, colours, a wide character, and what XML would take for its own.
SHOWS = r"""
printf '\033[2J\033[H\033[1;38;5;203m<b> & "c"\033[0m plain\r\n'
printf '┌──┬─┐ ▃▃█ 日本 end\r\n\033[48;5;20mground\033[0m \033[4munder\033[0m\r\n'
IFS= read -r typed
printf 'typed %s\r\n' "$typed"
IFS= read -r typed
exit 7
"""


def shown():
    return screen.Screen(["/bin/sh", "-c", SHOWS], {}, 40, 6)


def what_is_shown_and_typed():
    seen = shown()
    text = seen.wait("under")
    tap.equal(text.split("\n")[:3], ['<b> & "c" plain', "┌──┬─┐ ▃▃█ 日本 end", "ground under"],
              "the screen as text")
    seen.send("a\\b ü\r")
    tap.contains(seen.wait("typed a"), "typed a\\b ü", "what is sent comes as it is")
    seen.send("\r")
    tap.equal(seen.end(), 7, "the exit status is known")
    outcome, text = seen.ask("wait 60000 never")
    tap.equal(outcome, "ended", "who waits for what will not come is told")
    tap.contains(text, "typed a", "with the screen")
    seen.close()


def what_does_not_come():
    seen = shown()
    seen.wait("under")
    tap.equal(seen.ask("wait 1 never")[0], "late", "a wait ends with its limit")
    tap.equal(seen.ask("gone 60000 never")[0], "ok", "what is not there is gone")
    seen.close()
    tap.ok(not driver.alive(seen.process.pid), "the end of input ends it")


def pictures():
    seen = shown()
    seen.wait("under")
    drawn = seen.picture("a <title> & more")
    seen.close()
    picture = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    texts = {part.text: part for part in picture.iter(space + "text")}
    tap.equal(picture.find(space + "title").text, "a <title> & more", "the title is its own")
    tap.equal(sorted(texts), sorted(['<b> & "c"', "plain", "日", "本", "end", "ground", "under"]),
              "all text is there, wide characters in their places")
    tap.equal((texts['<b> & "c"'].get("fill"), texts['<b> & "c"'].get("font-weight")),
              ("#ff5f5f", "bold"), "colours are those of xterm")
    tap.equal(texts["under"].get("text-decoration"), "underline", "so are lines below")
    column = [float(texts[word].get("x")) for word in ("日", "本", "end")]
    tap.equal([round(x - column[0], 2) for x in column], [0, 16.8, 42], "columns are kept")
    rectangles = [(part.get("fill"), float(part.get("width")), float(part.get("height")))
                  for part in picture.iter(space + "rect") if part.get("x")]
    tap.ok(("#0000d7", 50.4, 18.0) in rectangles, "a ground is a rectangle", rectangles)
    tap.equal([height for _, _, height in rectangles].count(6.75), 1,
              "bars of one height are one shape")


tap.run(what_is_shown_and_typed, what_does_not_come, pictures)
