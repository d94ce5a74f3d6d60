#!/usr/bin/env python3
"""Writes the fuzzer's first inputs into a folder: each case of the OpenMetrics corpus and each small page, behind a byte
that says how it is cut."""
import pathlib, sys

root = pathlib.Path(__file__).parent.parent / 'Tests' / 'Fixtures'
folder = pathlib.Path(sys.argv[1])
pages = [path.read_bytes()[:2000] for path in sorted((root / 'pages').rglob('*')) if path.is_file()]
rest = (root / 'openmetrics-corpus.bin').read_bytes()
while rest:
    header, rest = rest.split(b'\n', 1)
    length = int(header.split()[3])
    pages.append(rest[:length])
    rest = rest[length + 1:]
for index, page in enumerate(pages):
    (folder / f'seed-{index:03}').write_bytes(bytes([index * 37 % 256]) + page)
