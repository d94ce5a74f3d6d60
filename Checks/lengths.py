#!/usr/bin/env python3
"""Swift files stay at 300 lines or less; long-files.tsv lists those that may be longer, each with its reason."""
from swiftsource import finish, text, tracked

MOST, TABLE = 300, "Checks/long-files.tsv"

exceptions = {}
for number, line in enumerate(text(TABLE).splitlines(), 1):
    if line and not line.startswith("#"):
        path, _, reason = line.partition("\t")
        exceptions[path] = (number, reason.strip())

problems = []
lengths = {path: len(text(path).splitlines()) for path in tracked("*.swift")}
for path, lines in lengths.items():
    if lines > MOST and path not in exceptions:
        problems.append(f"{path}:{MOST + 1}: {lines} lines, {MOST} are allowed; split it by topic, or give the reason in {TABLE}")
for path, (number, reason) in exceptions.items():
    if lengths.get(path, 0) <= MOST:
        problems.append(f"{TABLE}:{number}: {path} needs no exception; take it off")
    if not reason:
        problems.append(f"{TABLE}:{number}: {path} has no reason")
finish(problems)
