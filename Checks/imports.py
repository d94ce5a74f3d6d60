#!/usr/bin/env python3
"""Every import in Sources must stand in imports.tsv; a line there that nobody uses must go. Foundation is nowhere, tests included."""
import os
import re

from swiftsource import code, finish, text, tracked

IMPORT = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|public|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)")
TABLE = "Checks/imports.tsv"

allowed, places = {}, {}
for number, line in enumerate(text(TABLE).splitlines(), 1):
    if line and not line.startswith("#"):
        target, _, modules = line.partition("\t")
        allowed[target] = set(modules.split())
        places[target] = number

problems, used = [], {target: set() for target in allowed}
for path in tracked("Sources/*.swift", "Tests/*.swift"):
    top, target = path.split("/")[:2]
    for number, line in enumerate(code(text(path)).splitlines(), 1):
        match = IMPORT.match(line)
        if not match:
            continue
        module = match.group(1)
        if module.startswith("Foundation"):
            problems.append(f"{path}:{number}: imports {module}; this program has none of it, Glibc has the calls")
        elif top == "Sources" and target not in allowed:
            problems.append(f"{path}:{number}: target {target} has no line in {TABLE}; add one with what it may import")
            allowed[target] = {module}
        elif top == "Sources" and module not in allowed[target]:
            problems.append(f"{path}:{number}: {target} may not import {module}; {TABLE} allows {' '.join(sorted(allowed[target])) or 'nothing'}")
        used.setdefault(target, set()).add(module)

for target, number in places.items():
    for module in sorted(allowed[target] - used[target]):
        if os.environ.get("TELLTALE_STRICT_IMPORTS"):
            problems.append(f"{TABLE}:{number}: {target} does not import {module}; take it off")
finish(problems)
