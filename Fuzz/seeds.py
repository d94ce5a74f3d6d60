#!/usr/bin/env python3
"""Writes the fuzzer's first inputs into a folder: each case of the OpenMetrics corpus and each small page, behind a byte
that says how it is cut; with --spans each recorded file of spans, behind a byte that says its format; with --metrics requests of metrics, the same."""
import gzip, pathlib, sys

if sys.argv[1] == '--metrics':
    # Odd is JSON. Of recorded requests, each behind its length, the first two.
    root = pathlib.Path(__file__).parent.parent / 'Tests' / 'Fixtures' / 'metrics'
    seeds = [bytes([0]) + (root / 'every-kind.otlp-metrics.pb').read_bytes(), bytes([1]) + (root / 'every-kind.otlp-metrics.json').read_bytes()]
    for path in sorted(root.rglob('*.otlp.gz')):
        data, at = gzip.decompress(path.read_bytes()), 0
        for _ in range(2):
            length = int.from_bytes(data[at:at + 4], 'big')
            # The first metrics of it: a seed is short.
            seeds.append(bytes([0]) + data[at + 4:at + 4 + length][:8000])
            at += 4 + length
    for index, seed in enumerate(seeds):
        (pathlib.Path(sys.argv[2]) / f'seed-{index:03}').write_bytes(seed)
    sys.exit()

if sys.argv[1] == '--spans':
    # In the order of SpanFormat: OTLP protobuf and JSON, Zipkin protobuf and JSON, Jaeger.
    for index, path in enumerate(sorted((pathlib.Path(__file__).parent.parent / 'Tests' / 'Fixtures' / 'spans').rglob('*.*'))):
        data = path.read_bytes()
        kind = 0 if path.name.endswith('otlp.pb') else 2 if path.suffix == '.pb' else 3 if 'zipkin' in path.parts else 4 if b'"traceID"' in data else 1
        (pathlib.Path(sys.argv[2]) / f'seed-{index:03}').write_bytes(bytes([kind]) + data)
    sys.exit()
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
