#!/usr/bin/env python3
"""Every header with a function that reads bytes from outside is named in
tests/fuzz/targets, with the target that reaches it or why it needs none."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/fuzz"
READS = re.compile(r"\b(\w+_(?:parse|decode|read|unhex|unbase64|judge|split|"
                   r"verify|unseal|open_text)|shape_\w+)\(([^;{)]*)\)[^;]*;")
OUTSIDE = re.compile(r"struct span\b|const char \*|struct delivery|void \*")

table = {}
for line in (HERE / "targets").read_text().splitlines():
    if line and not line.startswith("#"):
        header, target, *_ = line.split(None, 2)
        table[header] = target
wrong = []
for top in ("src", "ui", "verify"):
    for path in sorted((ROOT / top).rglob("*.h")):
        name = str(path.relative_to(ROOT))
        found = sorted({m[1] for m in READS.finditer(path.read_text())
                        if OUTSIDE.search(m[2]) and "struct db" not in m[2]})
        if found and name not in table:
            wrong.append("%s: %s: no target in tests/fuzz/targets"
                         % (name, " ".join(found)))
for header, target in table.items():
    if not (ROOT / header).exists():
        wrong.append("tests/fuzz/targets: %s: no such file" % header)
    if target != "-" and not (HERE / ("fuzz_%s.c" % target)).exists():
        wrong.append("tests/fuzz/targets: %s: no such target" % target)
for path in HERE.glob("fuzz_*.c"):
    name = path.stem[len("fuzz_"):]
    if not any((HERE / "corpus" / name).glob("*")):
        wrong.append("tests/fuzz/corpus/%s: no seed" % name)
    if name not in table.values():
        wrong.append("tests/fuzz/targets: %s reaches nothing" % name)
print("\n".join(wrong))
sys.exit(bool(wrong))
