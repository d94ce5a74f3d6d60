"""Swift files with comments and strings blanked, so that patterns are looked for in code alone."""
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Comments, raw and multi-line strings, strings; interpolations are blanked with their string.
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|#+""".*?"""#+|""".*?"""|(#+)"(?:.*?)"\1|"(?:\\\((?:[^()"]|\([^()]*\)|"[^"\n]*")*\)|\\.|[^"\\\n])*"', re.S)


def tracked(*patterns):
    """Tracked and new files, relative to the root."""
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *patterns], cwd=ROOT, capture_output=True, check=True).stdout
    return sorted({p for p in out.decode().split("\0") if p and os.path.isfile(os.path.join(ROOT, p))})


def text(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def code(source):
    """The source with comments blanked and strings emptied, line by line as before."""
    def blank(match):
        token = match.group(0)
        lines = "\n" * token.count("\n")
        return lines if token.startswith("/") else '""' + lines
    return TOKENS.sub(blank, source)


def finish(problems):
    print(*problems, sep="\n", end="\n" if problems else "")
    raise SystemExit(1 if problems else 0)
