#!/usr/bin/env python3
"""Nothing of one machine is tracked: no paths into somebody's home or work folder, no package registries, no secrets."""
import re

from swiftsource import finish, text, tracked

# Copied files are left as they came.
COPIED = ("Tests/Fixtures/", "demo-data/")
PATTERNS = [
    (r"(?<![\w.])/(?:work|home|Users|opt/swift|root)/[\w.-]+", "a path of one machine"),
    (r"(?<![\w.])/tmp/[\w-]+\.\d{3,}", "a temporary file of one run"),
    (r"--(?:extra-)?index-url|PIP_INDEX_URL|find-links", "a package index; which one is the machine's affair"),
    (r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|crates\.io/|proxy\.golang\.org|artifactory|nexus\.)", "a registry; which one is the machine's affair"),
    (r"https?://[^/\s\"']+:[^/\s\"'@]+@", "credentials in a URL"),
    (r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----", "a private key"),
]
SKIP = ("Checks/places.py",)

problems = []
for path in tracked():
    if path.startswith(COPIED) or path in SKIP or path.endswith(".gz"):
        continue
    for number, line in enumerate(text(path).splitlines(), 1):
        for pattern, what in PATTERNS:
            match = re.search(pattern, line)
            # Tests make up credentials, to see them refused.
            if match and not (what == "credentials in a URL" and path.startswith("Tests/")):
                problems.append(f"{path}:{number}: {match.group(0)}: {what}")
finish(problems)
