#!/usr/bin/env python3
"""Every file in Tests/Fixtures has a line in its PROVENANCE.tsv: path, repository, commit, original path, licence."""
import os
import re

from swiftsource import ROOT, finish, text, tracked

FOLDER = "Tests/Fixtures"
TABLE = f"{FOLDER}/PROVENANCE.tsv"

if not os.path.exists(os.path.join(ROOT, TABLE)):
    finish([f"{path}:1: {TABLE} is missing" for path in tracked(f"{FOLDER}/*")[:1]])

files = {path[len(FOLDER) + 1:] for path in tracked(f"{FOLDER}/*")} - {"PROVENANCE.tsv", "README.md"}
problems, listed = [], {}
for number, line in enumerate(text(TABLE).splitlines(), 1):
    fields = line.split("\t")
    if not line or line.startswith("#") or fields[0] == "path":
        continue
    if fields[0] in listed:
        problems.append(f"{TABLE}:{number}: {fields[0]} is listed twice, first in line {listed[fields[0]]}")
    listed[fields[0]] = number
    if len(fields) < 5 or not all(field.strip() for field in fields[:5]):
        problems.append(f"{TABLE}:{number}: {fields[0]}: five fields are needed: path, repository, commit, original path, licence")
    elif "/" in fields[1] and not re.fullmatch(r"[0-9a-f]{7,40}|-|v?\d[\w.+-]*", fields[2]):
        problems.append(f"{TABLE}:{number}: {fields[0]}: {fields[2]} is no commit")
    if fields[0] not in files:
        problems.append(f"{TABLE}:{number}: {fields[0]} is not in {FOLDER}")
problems += [f"{FOLDER}/{path}:1: no line in {TABLE} says where it comes from" for path in sorted(files - set(listed))]
finish(problems)
