#!/usr/bin/env python3
"""What the sources must not contain. Comments and strings are not looked at."""
import re

from swiftsource import code, finish, text, tracked

# Pattern, what to do instead; outside tests.
FORBIDDEN = [
    (r"\btry!", "throws past its caller; handle or pass on the error"),
    (r"\bas!", "a cast that traps; use `as?` and handle nil"),
    (r"(?<!\btry)(?<!\bas)[\w\)\]>](?<!\btry)(?<!\bas)!(?![=\w])", "a force unwrap; bind it, or trap with precondition(…, \"BUG: …\")"),
    (r"\b(fatalError|assertionFailure)\s*\(", "say what went wrong with precondition(…, \"BUG: …\")"),
    (r"(?<![\w.])(debugPrint|print|dump)\s*\(", "only Console in Sources/telltale writes, elsewhere values are returned"),
    (r"\bunsafeFlags\b", "packages with unsafe flags cannot be depended upon"),
    (r"@_\w+", "underscored attributes change between compilers"),
]
# Allowed with a comment that says what protects it, on the line or on the one above.
EXPLAINED = [r"@unchecked\s+Sendable", r"nonisolated\(unsafe\)", r"@preconcurrency\b"]

problems = []
for path in tracked("Sources/*.swift", "Package.swift"):
    original = text(path).splitlines()
    for number, line in enumerate(code("\n".join(original)).splitlines(), 1):
        place = f"{path}:{number}"
        seen = set()
        for pattern, advice in FORBIDDEN:
            match = re.search(pattern, line)
            if match and advice not in seen:
                seen.add(advice)
                problems.append(f"{place}: `{line.strip()}`: {advice}")
        for pattern in EXPLAINED:
            above = original[number - 2].strip() if number > 1 else ""
            if re.search(pattern, line) and "//" not in original[number - 1] and not above.startswith("//"):
                problems.append(f"{place}: `{line.strip()}`: say in a comment what protects it")
        if re.search(r"\bprecondition(Failure)?\s*\(", line):
            # The message may stand on one of the next lines.
            if "BUG: " not in " ".join(original[number - 1:number + 3]):
                problems.append(f"{place}: `{line.strip()}`: a precondition holds off bugs alone; its message begins with \"BUG: \"")
finish(problems)
