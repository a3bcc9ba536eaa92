#!/usr/bin/env python3
"""Holds the tree to its layers (CONTRIBUTING.md): includes, headers, symbols, programs.

A rule is a function from a Tree (sources and build) to the problems it finds, a sentence
each. Every rule is tried twice: on this tree, where it must find nothing, and on a made-up
tree that breaks it, where it must find just that.
"""
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# What a layer may include and link, itself always among it.
PURE = {
    "base": {"base"},
    "runbook": {"base", "runbook"},
    "run": {"base", "runbook", "run"},
    "checks": {"base", "runbook", "run", "checks"},
    "actions": {"base", "runbook", "run", "actions"},
    "platforms": {"base", "runbook", "run", "platforms"},
    "debrief": {"base", "runbook", "run", "checks", "debrief"},
}
LAYERS = PURE | {
    "store": {"base", "runbook", "run", "store"},
    "net": {"base", "runbook", "run", "net"},
    "practice": {"base", "runbook", "practice"},
    "runner": set(PURE) | {"store", "net", "runner"},
    "tui": set(PURE) | {"store", "tui"},
}

# What a room of the practice may include, itself always among it; `main.c` stands outside.
ROOMS = {
    "world": set(),
    "redis": {"world"},
    "web": {"world"},
    "docker": {"world"},
    "serve": {"world", "redis", "web", "docker"},
}

# Pure parts of layers that are not: archives of their own.
PURE_PARTS = {"libpractice.a"}

# Each outside library has one file that includes its headers. GLib and jansson are
# vocabulary, allowed everywhere.
VOCABULARY = re.compile(r"glib(-unix|/gstdio|/gprintf)?\.h|jansson\.h")
CURSES = re.compile(r"(n?cursesw?/)?(n?curses|panel|menu|form|term|termcap)\.h")
ADAPTED = {
    "ncurses": CURSES,
    "libyaml": re.compile(r"yaml\.h"),
    "pcre2": re.compile(r"pcre2\.h"),
    "libcurl": re.compile(r"curl/.*"),
    "hiredis": re.compile(r"hiredis/.*"),
    "libpq": re.compile(r"(postgresql/)?libpq-fe\.h"),
    "c-ares": re.compile(r"ares.*\.h"),
    "libresolv": re.compile(r"(resolv|arpa/nameser.*)\.h"),
}
TERMINAL = re.compile(r"termios\.h|pty\.h")
SYSTEM = re.compile(
    r"(sys|linux|netinet|arpa|net|bits)/.*|"
    r"(assert|ctype|dirent|errno|fcntl|fnmatch|ftw|getopt|grp|inttypes|langinfo|libgen|"
    r"limits|locale|malloc|math|netdb|poll|pty|pwd|sched|signal|spawn|stdarg|stdbool|stddef|"
    r"stdint|stdio|stdlib|string|strings|syslog|termios|time|unistd|wchar|wctype)\.h")

# What a pure layer may call outside handrail. No file, clock, process or environment.
PURE_CALLS = re.compile(
    r"g_(?!file_|get_|getenv|setenv|environ|print$|printerr$|log($|_)|message|warning|"
    r"spawn|open|fopen|stat|mkdir|unlink|rename|remove|rmdir|creat|chdir|access|dir_|"
    r"date_time_new_now|random|rand_new$|usleep|timeout|idle|main|source|thread|mutex|"
    r"async|cond|io_|unix|poll|child|timer|time_zone_new_local|find_program|path_is_abs"
    r"olute_|canonicalize|mapped|exit|atexit|on_error)[a-z0-9_]+|"
    r"g_log_structured_standard|g_assert.*|g_return_if_fail_warning|"
    r"json_(?!load_file|loadf|loadfd|dump_file|dumpf|dumpfd)[a-z0-9_]+|json_loadb|"
    r"yaml_(?!.*_file$)[a-z0-9_]+|pcre2_[a-z0-9_]+|"
    r"(mem|str|wcs|wmem)[a-z_]+|__(mem|str|wcs)[a-z_]*chk|_*(is|to)(w?)(alnum|alpha|"
    r"digit|lower|print|punct|space|upper|xdigit|lower|upper)|__ctype_[a-z_]+|"
    r"(__)?v?s(n)?printf(_chk)?|__isoc[0-9]+_(sscanf|strto[a-z]+)|sscanf|strto[a-z]+|"
    r"qsort|bsearch|l?l?abs|l?l?div|abort|free|malloc|calloc|realloc|__assert_fail|"
    r"(floor|ceil|round|trunc|sqrt|pow|exp|log|fabs|fmin|fmax|l?lround)|gmtime_r|timegm|"
    r"wcwidth|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__(asan|ubsan|sanitizer|gcov|llvm)_.*|"
    r"__errno_location|__start_.*|__stop_.*")

# GLib's own cache of an error domain's number: written once, by g_quark_from_string().
QUARK_CACHE = re.compile(r"q\.\d+")
WRITABLE = re.compile(r"\.t?(data|bss)(\.(?!rel\.ro).*)?|\*COM\*|COMMON")

# A name of what handrail is used for, not one of handrail. Sidekiq is none: it is the job
# system that the check `queues` reads, as Redis is what it is kept in.
PRODUCT = re.compile(r"(?<![a-z])tines", re.IGNORECASE)

# A program must not need these libraries.
FOREIGN = {
    "handrail": re.compile(r"lib(curl|pq|hiredis|cares|gio-2|gobject-2)[-.].*"),
    "handrail-runner": re.compile(r"lib(ncursesw?|tinfo|panelw?|gio-2|gobject-2)[-.].*"),
    "handrail-practice": re.compile(r"lib(curl|pq|hiredis|cares|ncursesw?|gio-2|gobject-2)[-.].*"),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


class Tree:
    """A source folder and the build made of it."""

    def __init__(self, source, build):
        self.source, self.build = Path(source), Path(build)
        self.makefile = {}
        if (self.build / "Makefile").exists():
            text = (self.build / "Makefile").read_text()
            self.makefile = dict(re.findall(r"^(\w+) = (.*)$", text, re.MULTILINE))
        self.cc = (self.makefile.get("CC") or os.environ.get("CC") or "cc").split()

    def files(self, *endings):
        """Sources under core/ and tui/, as paths from the root."""
        found = [p for top in ("core", "tui") for p in (self.source / top).rglob("*")
                 if p.is_file() and (not endings or p.suffix in endings)]
        return sorted(p.relative_to(self.source) for p in found)

    def includes(self):
        """(file, line, '<' or '"', what) of every include."""
        for path in self.files(".c", ".h"):
            text = (self.source / path).read_text()
            for match in INCLUDE.finditer(text):
                line = text.count("\n", 0, match.start(1)) + 1
                yield path, line, match.group(1), match.group(2)

    def libraries(self):
        """(layer, archive) of what was built."""
        found = sorted([*self.build.glob("core/*/lib*.a"), *self.build.glob("tui/lib*.a")])
        return [(layer_of(p.relative_to(self.build)), p) for p in found]


def layer_of(path):
    return path.parts[1] if path.parts[0] == "core" else path.parts[0]


def output(*command, **kwargs):
    return subprocess.run(command, check=True, capture_output=True, text=True, **kwargs).stdout


# ---- rules about sources ------------------------------------------------------

def includes_point_down(tree):
    for path, line, mark, what in tree.includes():
        if mark != '"' or what == "config.h":
            continue
        layer = layer_of(path)
        if layer not in LAYERS:
            yield f"{path}: {layer} is no layer; add it to LAYERS in tests/layers.py"
        elif not re.match(r"core/\w+/|tui/", what):
            yield f"{path}:{line}: {what} is not given from the root of the tree"
        elif layer_of(Path(what)) not in LAYERS[layer]:
            yield f"{path}:{line}: {layer} may not include {what}"


def widgets_know_no_screen(tree):
    for path, line, _, what in tree.includes():
        if path.parts[:2] == ("tui", "widgets") and re.match(r"tui/(?!widgets/)\w+/", what):
            yield f"{path}:{line}: a widget may not know {what}"


def rooms_know_their_world_alone(tree):
    for path, line, _, what in tree.includes():
        inside = re.fullmatch(r"core/practice/(\w+)/[\w.]+", what)
        if path.parts[:2] != ("core", "practice") or len(path.parts) != 4 or not inside:
            continue
        room, other = path.parts[2], inside[1]
        if room not in ROOMS:
            yield f"{path}: {room} is no room; add it to ROOMS in tests/layers.py"
        elif other not in ROOMS[room] | {room}:
            yield f"{path}:{line}: {room} may not include {what}"


def core_has_no_terminal(tree):
    for path, line, _, what in tree.includes():
        if path.parts[0] == "core" and (CURSES.fullmatch(what) or TERMINAL.fullmatch(what)):
            yield f"{path}:{line}: {what} does not belong under core/"


def libraries_have_one_adapter(tree):
    users = {}
    for path, line, mark, what in tree.includes():
        if mark == '"' or VOCABULARY.fullmatch(what):
            continue
        names = [name for name, headers in ADAPTED.items() if headers.fullmatch(what)]
        if names:
            users.setdefault(names[0], set()).add(str(path))
        elif not SYSTEM.fullmatch(what):
            yield f"{path}:{line}: {what} is of no known library; see ADAPTED in tests/layers.py"
    for name, files in users.items():
        if len(files) > 1:
            yield f"{name} has several adapters: {', '.join(sorted(files))}"


def core_knows_no_product(tree):
    for path in tree.files():
        if path.parts[0] != "core":
            continue
        text = (tree.source / path).read_text(errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if PRODUCT.search(line):
                yield f"{path}:{number}: {line.strip()}"


def headers_compile_alone(tree):
    flags = " ".join(tree.makefile.get(f"{name}_CFLAGS", "") for name in
                     ("GLIB", "JANSSON", "YAML", "PCRE2", "CURL", "HIREDIS", "NCURSES")).split()
    command = [*tree.cc, "-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
               "-fsyntax-only", f"-I{tree.source}", f"-I{tree.build}", *flags, "-xc", "-"]

    def attempt(path):
        twice = f'#include "{path}"\n' * 2
        run = subprocess.run(command, input=twice, capture_output=True, text=True, check=False)
        return f"{path}: {run.stderr.strip()}" if run.returncode else None

    with ThreadPoolExecutor(2) as pool:
        yield from filter(None, pool.map(attempt, tree.files(".h")))


# ---- rules about what was built ------------------------------------------------

def symbols(archive):
    """Names that an archive defines for others, and those it wants from elsewhere."""
    defined, wanted = set(), set()
    for line in output("nm", "-A", "-g", archive).splitlines():
        kind, name = line.rsplit(maxsplit=2)[-2:]
        (wanted if kind in "Uvw" else defined).add(name)
    return defined, wanted - defined


def libraries_link_down(tree):
    tables = [(layer, archive, *symbols(archive)) for layer, archive in tree.libraries()]
    home = {}
    for layer, _, defined, _ in tables:
        for name in sorted(defined):
            if name in home and not name.startswith("__"):
                yield f"{name} is defined in {home[name]} and in {layer}"
            home[name] = layer
    for layer, archive, _, wanted in tables:
        for name in sorted(wanted):
            if name in home and home[name] not in LAYERS[layer]:
                yield f"{archive.name} calls {name}, which is in {home[name]}"


def pure_layers_do_no_io(tree):
    tables = [(archive, *symbols(archive)) for layer, archive in tree.libraries()
              if layer in PURE or archive.name in PURE_PARTS]
    ours = set().union(*(defined for _, defined, _ in tables))
    for archive, _, wanted in tables:
        for name in sorted(wanted - ours):
            if not PURE_CALLS.fullmatch(name):
                yield f"{archive.name} is pure and calls {name}"


def core_has_no_writable_globals(tree):
    if any("-fsanitize" in tree.makefile.get(name, "") or "--coverage" in
           tree.makefile.get(name, "") for name in ("INSTRUMENT_CFLAGS", "CFLAGS")):
        return  # the compiler adds its own
    for layer, archive in tree.libraries():
        if layer != "tui":
            yield from writable_in(archive)


def writable_in(archive):
    cached = 0
    for line in output("nm", "-f", "sysv", archive).splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 7 or cells[3] not in ("OBJECT", "TLS") or not WRITABLE.fullmatch(cells[6]):
            continue
        if QUARK_CACHE.fullmatch(cells[0]):
            cached += int(cells[4], 16)
        else:
            yield f"{archive.name}: {cells[0]} can be written to"
            return
    total = sum(int(size) for section, size in
                re.findall(r"^(\S+)\s+(\d+)\s+\d+$", output("size", "-A", "-d", archive), re.M)
                if WRITABLE.fullmatch(section))
    if total > cached:
        yield f"{archive.name} has {total - cached} bytes without a name that can be written to"


def programs_need_only_their_own(tree):
    for program, foreign in FOREIGN.items():
        path = tree.build / program
        if path.exists():
            for name in re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", path)):
                if foreign.fullmatch(name):
                    yield f"{program} links {name}"


# ---- each rule broken once -----------------------------------------------------

GOOD = {
    "core/base/word.h": "#include <glib.h>\nchar *word_new (void);\n",
    "core/base/word.c": '#include "core/base/word.h"\n#include <string.h>\n'
                        "static const char *const words[] = { \"a\" };\n"
                        "char *word_new (void) { return strchr (words[0], 'a'); }\n",
    "core/run/go.c": '#include "core/base/word.h"\nint go (void);\n'
                     "int go (void) { return word_new () != NULL; }\n",
    "core/net/wire.c": "#include <unistd.h>\nint wire (void);\nint wire (void) { return getpid (); }\n",
    "tui/view.c": "#include <curses.h>\nint view (void);\nint view (void) { return 0; }\n",
}
# rule → (file, its text, a word of the problem); the file is added to GOOD, or replaces one.
BROKEN = [
    (includes_point_down, "core/base/up.c", '#include "core/run/go.h"\n', "may not include"),
    (includes_point_down, "core/checks/side.c", '#include "core/actions/a.h"\n', "may not"),
    (includes_point_down, "core/net/up.c", '#include "core/store/store.h"\n', "may not"),
    (includes_point_down, "tui/side.c", '  #  include "core/net/look.h"\n', "may not"),
    (includes_point_down, "core/run/near.c", '#include "go.h"\n', "root of the tree"),
    (includes_point_down, "core/misc/new.c", '#include "core/base/word.h"\n', "no layer"),
    (widgets_know_no_screen, "tui/widgets/a.c", '#include "tui/run/pane.h"\n', "not know"),
    (rooms_know_their_world_alone, "core/practice/world/up.c",
     '#include "core/practice/redis/resp.h"\n', "world may not include"),
    (rooms_know_their_world_alone, "core/practice/docker/side.c",
     '#include "core/practice/redis/resp.h"\n', "docker may not include"),
    (rooms_know_their_world_alone, "core/practice/attic/new.c",
     '#include "core/practice/world/world.h"\n', "no room"),
    (core_has_no_terminal, "core/runner/paint.c", "#include <ncursesw/curses.h>\n", "belong"),
    (core_has_no_terminal, "core/run/tty.h", "#include <termios.h>\n", "belong"),
    (libraries_have_one_adapter, "core/net/a.c", "#include <curl/curl.h>\n", ""),
    (libraries_have_one_adapter, "tui/second.c", "#include <ncursesw/term.h>\n", "ncurses"),
    (libraries_have_one_adapter, "core/base/zip.c", "#include <zlib.h>\n", "no known library"),
    (core_knows_no_product, "core/run/name.c", "/* as Tines does */\n", "Tines"),
    (core_knows_no_product, "core/run/name.c", 'char *s = "tines-app";\n', "tines-app"),
    (headers_compile_alone, "core/run/alone.h", "void alone (gboolean yes);\n", "gboolean"),
    (headers_compile_alone, "core/run/twice.h", "struct Twice { int a; };\n", "Twice"),
    (libraries_link_down, "core/base/up.c", "int go (void);\nint up (void);\n"
     "int up (void) { return go (); }\n", "calls go"),
    (libraries_link_down, "core/net/two.c", "int go (void);\nint go (void) { return 1; }\n",
     "defined in"),
    (pure_layers_do_no_io, "core/run/clock.c", "#include <time.h>\nlong now (void);\n"
     "long now (void) { return time (NULL); }\n", "calls time"),
    (pure_layers_do_no_io, "core/run/say.c", "#include <stdio.h>\nvoid say (void);\n"
     'void say (void) { puts ("a"); }\n', "calls puts"),
    (pure_layers_do_no_io, "core/run/glib.c", "#include <glib.h>\ngint64 now (void);\n"
     "gint64 now (void) { return g_get_monotonic_time (); }\n", "g_get_monotonic_time"),
    (pure_layers_do_no_io, "core/practice/clock.c", "#include <time.h>\nlong later (void);\n"
     "long later (void) { return time (NULL) + 1; }\n", "libpractice.a is pure and calls time"),
    (core_has_no_writable_globals, "core/net/count.c", "int count = 3;\n", "count"),
    (core_has_no_writable_globals, "core/run/count.c", "int next (void);\n"
     "int next (void) { static int n; return ++n; }\n", "n.0"),
    (core_has_no_writable_globals, "core/run/list.c", "int *const list = (int[]){ 1, 2 };\n", ""),
    (programs_need_only_their_own, "handrail", "libcurl.so.4", "links libcurl"),
    (programs_need_only_their_own, "handrail-runner", "libncursesw.so.6", "links libncursesw"),
    (programs_need_only_their_own, "handrail-practice", "libhiredis.so.0.14", "links libhiredis"),
]
# What GOOD needs beside it before one file more breaks the rule.
BESIDE = {"core/net/a.c": {"core/net/b.c": "#include <curl/multi.h>\n"}}


def make_tree(folder, files, flags, cc):
    """Writes `files`, and builds an archive a folder."""
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in FOREIGN:
            make_program(folder, path, text, cc)
            continue
        path.write_text(text)
    return Tree(folder, folder)


def make_program(folder, path, library, cc):
    stub = Path(folder, library)
    subprocess.run([*cc, "-shared", "-xc", "/dev/null", "-o", stub, f"-Wl,-soname,{library}"],
                   check=True)
    subprocess.run([*cc, "-xc", "-", "-xnone", "-o", path, "-Wl,--no-as-needed", stub],
                   input="int main (void) { return 0; }\n", text=True, check=True)


def compile_tree(tree, flags):
    archives = {}
    for path in tree.files(".c"):
        if path.parts[0] == "core":
            built = tree.build / path.with_suffix(".o")
            subprocess.run([*tree.cc, "-O1", "-fPIE", f"-I{tree.source}", *flags, "-c",
                            tree.source / path, "-o", built], check=True)
            archives.setdefault(path.parts[1], []).append(built)
    for layer, objects in archives.items():
        subprocess.run(["ar", "rc", tree.build / "core" / layer / f"lib{layer}.a", *objects],
                       check=True)


COMPILED = {libraries_link_down, pure_layers_do_no_io, core_has_no_writable_globals}


def try_rule(rule, files, flags, cc, makefile):
    with tempfile.TemporaryDirectory() as folder:
        tree = make_tree(folder, files, flags, cc)
        tree.cc, tree.makefile = cc, {k: v for k, v in makefile.items() if k == "GLIB_CFLAGS"}
        if rule in COMPILED:
            compile_tree(tree, flags)
        return list(rule(tree))


# ---- TAP -----------------------------------------------------------------------

class Tap:
    def __init__(self):
        self.number = 0
        self.failed = False

    def test(self, name, problems):
        self.number += 1
        for problem in problems:
            print("#", problem.replace("\n", "\n# "))
        print(f"{'not ok' if problems else 'ok'} {self.number} {name}", flush=True)
        self.failed |= bool(problems)


def main():
    source = Path(os.environ.get("HANDRAIL_SRCDIR") or Path(__file__).resolve().parent.parent)
    tree = Tree(source, os.environ.get("HANDRAIL_BUILDDIR") or os.getcwd())
    flags = tree.makefile.get("GLIB_CFLAGS", "").split() or \
        output("pkg-config", "--cflags", "glib-2.0").split()
    rules = list(dict.fromkeys(rule for rule, *_ in BROKEN))
    tap = Tap()
    print(f"1..{2 * len(rules) + len(BROKEN)}", flush=True)
    for rule in rules:
        tap.test(rule.__name__.replace("_", " "), list(rule(tree)))
        good = try_rule(rule, GOOD, flags, tree.cc, tree.makefile)
        tap.test(f"{rule.__name__}: finds nothing in a good tree", good)
    for rule, name, text, word in BROKEN:
        found = try_rule(rule, GOOD | BESIDE.get(name, {}) | {name: text}, flags, tree.cc,
                         tree.makefile)
        right = len(found) == 1 and word in found[0]
        tap.test(f"{rule.__name__}: {name} is found",
                 [] if right else found or ["nothing was found"])
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
