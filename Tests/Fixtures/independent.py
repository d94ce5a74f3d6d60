#!/usr/bin/env python3
"""Makes the tables the tests compare with, by readers that share nothing with telltale's.

  independent.py corpus DIR   packs OpenMetrics' parser tests (tests/testdata/parsers) into openmetrics-corpus.bin and writes
                              what prometheus_client reads from the lines of cases that must parse: openmetrics-expected.tsv
  independent.py pages DIR    page-counts.tsv: lines, samples, series, unreadable lines of every page below DIR

The second reader is the regular expression below; a line is unreadable when it does not match.
"""
import pathlib, re, sys
from urllib.parse import quote

HERE = pathlib.Path(__file__).parent
LABEL = r'\s*(?:"(?:[^"\\]|\\.)*"|[A-Za-z0-9_:]+)\s*=\s*"(?:[^"\\]|\\.)*"\s*'
NUMBER = r'[+-]?(?:0[xX][0-9a-fA-F.]+(?:[pP][+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[iI]nf(?:inity)?|[nN]a[nN])'
SAMPLE = re.compile(
    rf'[ \t]*([A-Za-z0-9_:]+)[ \t]*(\{{(?:{LABEL}(?:,{LABEL})*,?\s*|\s*)\}})?(?<![^\s}}])[ \t]*({NUMBER})(?:[ \t]+({NUMBER}))?[ \t]*(#[ \t]*\{{.*\}}[ \t]*{NUMBER}.*)?$')
KINDS = {'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'untyped', 'unknown', 'info', 'stateset'}


def sample(line):
    """(name, labels as written) or None."""
    match = SAMPLE.match(line)
    return match and (match.group(1), match.group(2) or '')


def metadata_is_good(line):
    words = line[1:].split()
    if not words or words[0] not in ('HELP', 'TYPE', 'UNIT'):
        return True
    if len(words) < 2:
        return False
    return words[0] != 'TYPE' or (len(words) > 2 and words[2] in KINDS)


def page(path):
    text = path.read_bytes().decode('utf-8', 'surrogateescape')
    lines = text.split('\n')
    if lines[-1] == '':
        lines.pop()
    samples, series, bad = 0, set(), 0
    for line in lines:
        line = line.rstrip('\r')
        if not line.strip(' \t'):
            continue
        if line.lstrip(' \t').startswith('#'):
            bad += not metadata_is_good(line.lstrip(' \t'))
            continue
        found = sample(line)
        if found:
            samples += 1
            series.add(found)
        else:
            bad += 1
    return len(lines), samples, len(series), bad


def pages(root):
    out = ['path\tlines\tsamples\tseries\tbad']
    for folder in ('envoy', 'envoy-fleet', 'istio', 'kubernetes', 'kuma', 'linkerd', 'other_proxies', 'prometheus/promtool', 'prometheus/textparse'):
        for path in sorted((root / folder).rglob('*')):
            name = path.name
            if not name.endswith(('.txt', '.prom')) or 'golden' in name or name.startswith(('stats_text', 'envoy_stats_text', 'access-log')):
                continue
            out.append('\t'.join([str(path.relative_to(root)), *map(str, page(path))]))
    (HERE / 'page-counts.tsv').write_text('\n'.join(out) + '\n')


def corpus(root):
    import json
    from prometheus_client.openmetrics.parser import _parse_sample
    packed, table = b'', ['case\tname\tlabels\tvalue\ttimestamp_ms']
    for case in sorted(root.iterdir()):
        verdict = json.loads((case / 'test.json').read_text())
        body = (case / verdict['file']).read_bytes()
        packed += f"=== {case.name} {'accept' if verdict['shouldParse'] else 'reject'} {len(body)}\n".encode() + body + b'\n'
        if verdict['shouldParse']:
            for line in body.decode().split('\n'):
                if line and not line.startswith('#'):
                    s = _parse_sample(line)
                    labels = '&'.join(f'{quote(k)}={quote(v)}' for k, v in sorted(s.labels.items()))
                    time = '-' if s.timestamp is None else str(round(float(s.timestamp) * 1000))
                    table.append('\t'.join([case.name, s.name, labels, repr(float(s.value)), time]))
    (HERE / 'openmetrics-corpus.bin').write_bytes(packed)
    (HERE / 'openmetrics-expected.tsv').write_text('\n'.join(table) + '\n')


if __name__ == '__main__':
    {'pages': pages, 'corpus': corpus}[sys.argv[1]](pathlib.Path(sys.argv[2]))
