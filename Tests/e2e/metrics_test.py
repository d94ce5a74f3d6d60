#!/usr/bin/env python3
"""telltale as a receiver of metrics: what the OpenTelemetry SDK recorded and exported over gRPC and HTTP, cumulative and delta, with
explicit and exponential buckets, is what services and edges count; what a real Envoy's stat sink sends is what it answered; and what is
bad is rejected point by point.

    python3 metrics_test.py --telltale PATH --python VENV/bin/python

The venv holds what requirements.txt names. Exits 1 on any difference; the last line counts the checks.
"""
import argparse, json, os, subprocess, sys, tempfile, time, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from checks import check, finish, free_ports, leave, side_by_side, wait_for


def listen(args, command, seconds):
    grpc, http = free_ports(2)
    process = subprocess.Popen([args.telltale, command, "--otlp-grpc", f"127.0.0.1:{grpc}", "--otlp-http", f"127.0.0.1:{http}", "--for", f"{seconds}s", "-o", "json"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for port in (grpc, http):
        wait_for(port)
    return process, grpc, http


def record(args, grpc, http):
    sdk = subprocess.run([args.python, f"{HERE}/sdk_metrics.py", f"grpc={grpc}", f"http={http}"], capture_output=True, text=True)
    check("sdk: the exporters succeed", [sdk.stderr] if sdk.returncode or sdk.stderr else [])
    return json.loads(sdk.stdout)


def quantile(values, q):
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


def services(args):
    process, grpc, http = listen(args, "services", 26)
    truth = record(args, grpc, http)
    rows = {row["service"]: row for row in finish("services", process)}
    for name, known in truth.items():
        row = rows.get(name)
        if row is None:
            check(f"services: {name}", [f"no row among {sorted(rows)}"])
            continue
        codes = {int(k): v for k, v in known["codes"].items()}
        wanted = {"requests": sum(codes.values()), "errors": codes.get(503, 0), "evidence": ["metrics_server"],
                  "codes": {str(k): v for k, v in sorted(codes.items())}}
        problems = [f"{k} is {row[k]}, not {v}" for k, v in wanted.items() if row[k] != v]
        if not row["rate"]:
            problems.append("no rate")
        # A bucket's width is what interpolation may be off by.
        for key, q in (("p50_ms", 0.5), ("p95_ms", 0.95)):
            exact, off = quantile(known["milliseconds"], q), 1.5 if name == "exponential" else 2.5
            if not row[key] or not exact / off <= row[key] <= exact * off:
                problems.append(f"{key} is {row[key]}, not about {exact}")
        check(f"services: {name}", problems)


def edges(args):
    process, grpc, http = listen(args, "edges", 26)
    truth = record(args, grpc, http)
    rows = {(row["source"]["service"], row["destination"]["service"]): row for row in finish("edges", process)}
    for name, known in truth.items():
        row = rows.get((name, "payment"))
        if row is None:
            check(f"edges: {name}", [f"no row among {sorted(map(str, rows))}"])
            continue
        calls = known["calls"]
        wanted = {"requests": sum(calls.values()), "errors": calls.get("500", 0) + calls.get("0", 0), "codes": dict(sorted(calls.items(), key=lambda c: int(c[0])))}
        check(f"edges: {name}", [f"{k} is {row[k]}, not {v}" for k, v in wanted.items() if row[k] != v])


def envoy(args, variant):
    process, grpc, _ = listen(args, "edges", 28)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([args.python, f"{HERE}/record_metrics.py", variant, folder, str(grpc)], check=True, timeout=60)
        with open(f"{folder}/truth-{variant}.json") as file:
            truth = json.load(file)
    rows = {row["destination"]["service"]: row for row in finish(f"envoy {variant}", process) if row["source"]["service"] == "frontend"}
    for peer in ("payment", "cart"):
        codes = {key.split(":")[1]: n for key, n in sorted(truth.items()) if key.startswith(peer)}
        seen = rows.get(peer, {}).get("codes")
        check(f"envoy {variant}: frontend to {peer}", [] if seen == codes else [f"{seen}, not {codes}"])


def bad_points(args):
    """One good point, one without a time, one of a histogram with too few buckets; as JSON."""
    process, _, http = listen(args, "services", 12)
    now = int(time.time() * 1e9)
    point = {"startTimeUnixNano": str(now - 10**9), "timeUnixNano": str(now), "count": "3", "sum": 1, "explicitBounds": [1], "bucketCounts": ["2", "1"],
             "attributes": [{"key": "http.response.status_code", "value": {"intValue": "200"}}]}
    histogram = {"name": "http.server.request.duration", "unit": "s", "histogram": {"aggregationTemporality": 2, "dataPoints": [
        point, {**point, "bucketCounts": ["3"]}, {k: v for k, v in point.items() if k != "timeUnixNano"}]}}
    body = {"resourceMetrics": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "json"}}]}, "scopeMetrics": [{"metrics": [histogram]}]}]}
    request = urllib.request.Request(f"http://127.0.0.1:{http}/v1/metrics", json.dumps(body).encode(), {"Content-Type": "application/json"})
    answer = urllib.request.urlopen(request, timeout=10)
    partial = json.load(answer).get("partialSuccess", {})
    check("bad points: each is rejected with its reason", [] if answer.status == 200 and partial.get("rejectedDataPoints") == "2"
          and "bucket" in partial.get("errorMessage", "") and "time" in partial.get("errorMessage", "") else [answer.status, partial])
    rows = finish("bad points", process)
    check("bad points: the good one counts", [] if [(r["service"], r["requests"]) for r in rows] == [("json", 3)] else [rows])


parser = argparse.ArgumentParser()
parser.add_argument("--telltale", required=True)
parser.add_argument("--python", default=sys.executable)
args = parser.parse_args()
side_by_side(("services", lambda: services(args)), ("edges", lambda: edges(args)), ("envoy tags", lambda: envoy(args, "tags")),
             ("envoy delta", lambda: envoy(args, "delta")), ("bad points", lambda: bad_points(args)))
leave()
