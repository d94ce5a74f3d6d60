#!/usr/bin/env python3
"""Makes span-counts.tsv: spans, traces and services of recorded traces, by a reader that shares nothing with telltale's.

  span_counts.py DIR FILE…      FILE relative to DIR; writes the table to standard output

JSON is read by Python's json, protobuf by google.protobuf with the classes of opentelemetry-proto (PyPI), Zipkin's protobuf by
twenty lines below. A span counts where its trace id is not zero and 16 bytes long, its span id not zero and 8 bytes (Zipkin and
Jaeger: up to so many hexadecimal digits). A service is what a resource, endpoint or process of a counted span is called.
"""
import base64, gzip, json, pathlib, re, struct, sys


def valid(text, size, padded):
    if not isinstance(text, str):
        return False
    if not padded and len(text) == (size + 2) // 3 * 4 and not re.fullmatch(f'[0-9a-fA-F]{{{size * 2}}}', text):
        return any(base64.b64decode(text))
    pattern = f'[0-9a-fA-F]{{1,{size * 2}}}' if padded else f'[0-9a-fA-F]{{{size * 2}}}'
    return bool(re.fullmatch(pattern, text)) and int(text, 16) != 0


def trace_of(text, padded):
    return text.lower().lstrip('0') if padded or len(text) == 32 else base64.b64decode(text).hex().lstrip('0')


def otlp_json(document):
    document = document.get('result') or document.get('trace') or document
    for part in document.get('resourceSpans') or document.get('batches') or []:
        names = [a['value'].get('stringValue') for a in part.get('resource', {}).get('attributes', []) if a['key'] == 'service.name']
        for scope in part.get('scopeSpans') or part.get('instrumentationLibrarySpans') or []:
            for span in scope.get('spans', []):
                good = valid(span.get('traceId'), 16, False) and valid(span.get('spanId'), 8, False)
                yield good, good and trace_of(span['traceId'], False), names[0] if names else None


def zipkin_json(document):
    for item in document if isinstance(document, list) else [document]:
        for span in item if isinstance(item, list) else [item]:
            good = valid(span.get('traceId'), 16, True) and valid(span.get('id'), 8, True)
            yield good, good and trace_of(span['traceId'], True), (span.get('localEndpoint') or {}).get('serviceName')


def jaeger_json(document):
    for trace in document.get('data') or [document]:
        for span in trace.get('spans') or [trace]:
            process = span.get('process') or trace.get('processes', {}).get(span.get('processID')) or {}
            good = valid(span.get('traceID'), 16, True) and valid(span.get('spanID'), 8, True)
            yield good, good and trace_of(span['traceID'], True), process.get('serviceName')


def otlp_protobuf(data):
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    for part in ExportTraceServiceRequest.FromString(data).resource_spans:
        names = [a.value.string_value for a in part.resource.attributes if a.key == 'service.name']
        for scope in part.scope_spans:
            for span in scope.spans:
                good = len(span.trace_id) == 16 and any(span.trace_id) and len(span.span_id) == 8 and any(span.span_id)
                yield good, span.trace_id.hex().lstrip('0'), names[0] if names else None


def fields(data):
    at = 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while at < len(data):
        tag = varint()
        size = {0: None, 1: 8, 5: 4}.get(tag & 7, -1)
        if size is None:
            yield tag >> 3, varint()
            continue
        if size < 0:
            size = varint()
        yield tag >> 3, data[at:at + size]
        at += size


def zipkin_protobuf(data):
    for _, message in fields(data):
        span = dict(fields(message))
        local = dict(fields(span.get(8, b'')))
        yield len(span[1]) in (8, 16) and len(span[3]) == 8, span[1].hex().lstrip('0'), local.get(1, b'').decode() or None


def prefixed(data):
    at = 0
    while at < len(data):
        size, = struct.unpack_from('>I', data, at)
        yield data[at + 4:at + 4 + size]
        at += 4 + size


def spans(path, data):
    if path.endswith('.gz'):
        data = gzip.decompress(data)
    if data[:1] in b'{[':
        try:
            documents = [json.loads(data)]
        except json.JSONDecodeError:
            documents = [json.loads(line) for line in data.splitlines() if line.strip()]
        for document in documents:
            text = list(document) if isinstance(document, dict) else []
            reader = zipkin_json if isinstance(document, list) or {'traceId', 'id'} <= set(text) else jaeger_json if {'data', 'traceID'} & set(text) else otlp_json
            yield from reader(document)
    elif struct.unpack_from('>I', data)[0] < len(data):
        for request in prefixed(data):
            yield from otlp_protobuf(request)
    elif 'zipkin' in path:
        yield from zipkin_protobuf(data)
    else:
        yield from otlp_protobuf(data)


print('file\tspans\trejected\ttraces\tservices')
root = pathlib.Path(sys.argv[1])
for path in sys.argv[2:]:
    rows = list(spans(path, (root / path).read_bytes()))
    good = [row for row in rows if row[0]]
    names = sorted({row[2] for row in good if row[2]})
    print(path, len(good), len(rows) - len(good), len({row[1] for row in good}), ','.join(names), sep='\t')
