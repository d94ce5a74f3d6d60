#!/usr/bin/env python3
"""README.md's lists of commands, options and keys are what the program says; `--fix` writes them anew.

A list stands between `<!-- telltale: NAME -->` and `<!-- end -->`. Outside the lists, every option named in a line
with `telltale` must exist.
"""
import os
import re
import subprocess
import sys

from swiftsource import ROOT, finish

PROGRAM = os.environ.get("TELLTALE", os.path.join(ROOT, ".build/debug/telltale"))
README = os.path.join(ROOT, "README.md")


def run(*arguments):
    if not os.access(PROGRAM, os.X_OK):
        finish([f"README.md:1: there is no {PROGRAM} to hold it against; build first"])
    result = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True)
    if result.returncode:
        finish([f"README.md:1: telltale {' '.join(arguments)} ended with {result.returncode}: {result.stderr.strip()}"])
    return result.stdout


def commands():
    """{name: abstract}, in the order of the help."""
    block = run("--help").split("SUBCOMMANDS:\n")[1].split("\n\n")[0]
    found, name = {}, None
    for line in block.splitlines():
        match = re.match(r"  (\S+)(?: \(default\))?\s{2,}(.*)", line)
        if match and line[2] != " ":
            name = match.group(1)
            found[name] = match.group(2)
        else:
            found[name] += " " + line.strip()
    return found


def options(command):
    """[(flags, value, text)] of one command, as its help has them."""
    help_text = run("help", command)
    if "OPTIONS:\n" not in help_text:
        return []
    found = []
    for line in help_text.split("OPTIONS:\n")[1].splitlines():
        match = re.match(r"  (-\S.*?)(?:\s{2,}(.*)|\s(?=[A-Z])(.*))?$", line)
        if match and line[2] == "-":
            found.append([match.group(1), (match.group(2) or match.group(3) or "").strip()])
        elif found and line.startswith("   "):
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return [(flags, text) for flags, text in found if "--help" not in flags and "--version" not in flags]


def table(rows, *header):
    rows = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows]) + "\n"


def lists():
    names = commands()
    users = {}
    for command in names:
        for option in options(command):
            users.setdefault(option, []).append(command)
    rows = []
    for (flags, text), commands_of in users.items():
        flag = re.sub(r" <([^>]*)>", lambda m: " " + m.group(1).upper(), flags)
        rows.append([f"`{flag}`", text.replace("<", "&lt;"), " ".join(commands_of)])
    return {
        "commands": table([[f"`telltale {name}`", text] for name, text in names.items()], "command", "what it does"),
        "options": table(rows, "option", "what it says", "of"),
        "keys": "```\n" + run("keys") + "```\n",
    }, {flag for flags, _ in users for flag in re.findall(r"--[a-z-]+", flags)} | {"--help", "--version"}


def main():
    made, known = lists()
    with open(README, encoding="utf-8") as file:
        readme = file.read()
    problems = []
    for name, wanted in made.items():
        block = re.compile(rf"(<!-- telltale: {name} -->\n)(.*?)(<!-- end -->)", re.S)
        match = block.search(readme)
        if not match:
            problems.append(f"README.md:1: the list of {name} is missing: <!-- telltale: {name} --> … <!-- end -->")
        elif match.group(2) != wanted:
            if "--fix" in sys.argv:
                readme = readme[:match.start(2)] + wanted + readme[match.end(2):]
            else:
                line = readme[:match.start(2)].count("\n") + 1
                was, now = match.group(2).splitlines(), wanted.splitlines()
                at = next((i for i, pair in enumerate(zip(was, now)) if pair[0] != pair[1]), min(len(was), len(now)))
                problems.append(f"README.md:{line + at}: the list of {name} is not what the program says: "
                                f"`{now[at] if at < len(now) else '(nothing more)'}`; Checks/readme.py --fix writes it anew")
    for number, line in enumerate(readme.splitlines(), 1):
        if "telltale " in line and not line.startswith("|"):
            for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line):
                if flag not in known:
                    problems.append(f"README.md:{number}: telltale has no {flag}")
    if "--fix" in sys.argv:
        with open(README, "w", encoding="utf-8") as file:
            file.write(readme)
    finish(problems)


main()
