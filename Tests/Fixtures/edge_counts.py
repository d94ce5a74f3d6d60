#!/usr/bin/env python3
"""Makes edge-counts.tsv: who calls whom in recorded traces and pages, by a reader that shares nothing with telltale's.

  edge_counts.py DIR FILE…      FILE relative to DIR; writes the table to standard output

Of spans a call is one whose parent, in the same trace, another service wrote; Zipkin's two halves of one id are one call. Of tables
of spans the service is the pod's name without its last two parts. Of Istio's pages each reporter's requests count for themselves, and
where there are none, connections that were opened.
"""
import collections, csv, json, pathlib, re, sys

LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def otlp(text):
    try:
        documents = [json.loads(text)]
    except json.JSONDecodeError:
        documents = [json.loads(line) for line in text.splitlines() if line.strip()]
    for document in documents:
        document = document.get("result") or document
        for part in document.get("resourceSpans", []):
            names = [a["value"].get("stringValue") for a in part.get("resource", {}).get("attributes", []) if a["key"] == "service.name"]
            for scope in part.get("scopeSpans", []):
                for span in scope.get("spans", []):
                    yield span["traceId"], span["spanId"], span.get("parentSpanId") or None, names[0] if names else None, None


def jaeger(text):
    document = json.loads(text)
    for trace in document.get("data") or [document]:
        for span in trace["spans"]:
            parents = [r["spanID"] for r in span.get("references", []) if r["traceID"].lstrip("0") == span["traceID"].lstrip("0")]
            yield span["traceID"], span["spanID"], parents[0] if parents else None, trace["processes"][span["processID"]]["serviceName"], None


def zipkin(text):
    for span in json.loads(text):
        yield span["traceId"], span["id"], span.get("parentId"), (span.get("localEndpoint") or {}).get("serviceName"), span.get("kind")


def table(text):
    for row in csv.DictReader(text.splitlines()):
        yield row["TraceID"], row["SpanID"], row["ParentID"], row["PodName"].rsplit("-", 2)[0], None


def calls(spans):
    spans = list(spans)
    halves = collections.defaultdict(dict)
    for trace, span, _, service, kind in spans:
        halves[trace, span][kind] = service
    counts = collections.Counter()
    for trace, span, parent, service, kind in spans:
        own = halves[trace, span]
        if kind == "SERVER" and "CLIENT" in own:
            caller = own["CLIENT"]
        else:
            above = halves.get((trace, parent), {})
            # What a service did hangs below its own half.
            caller = service if service in above.values() else next(iter(above.values()), None)
        if caller and service and caller != service:
            counts[caller, service, "calls"] += 1
    return counts


def istio(text):
    found = {name: collections.Counter() for name in ("istio_requests_total", "istio_tcp_connections_opened_total")}
    for line in text.splitlines():
        name = line.split("{")[0]
        if name not in found or "{" not in line:
            continue
        label = {k: v for k, v in LABEL.findall(line) if v not in ("", "unknown")}
        caller = label.get("source_canonical_service") or label.get("source_app") or label.get("source_workload")
        callee = label.get("destination_canonical_service") or label.get("destination_service_name")
        if caller and callee and label.get("reporter"):
            found[name][caller, callee, {"source": "client", "destination": "server"}[label["reporter"]]] += float(line.rsplit("}", 1)[1].split()[0])
    return found["istio_requests_total"] or found["istio_tcp_connections_opened_total"]


def read(path, text):
    if path.endswith(".txt") and text.startswith(("#", "istio")):
        return istio(text)
    if path.endswith(".csv"):
        return calls(table(text))
    if path.startswith("zipkin/"):
        return calls(zipkin(text))
    return calls(jaeger(text) if path.startswith("jaeger/") else otlp(text))


if __name__ == "__main__":
    print("file\tcaller\tcallee\tside\tcount")
    for path in sys.argv[2:]:
        for (caller, callee, side), count in sorted(read(path, (pathlib.Path(sys.argv[1]) / path).read_text()).items()):
            print(path, caller, callee, side, int(count), sep="\t")
