#!/usr/bin/env python3
"""telltale as a receiver of spans: from the OpenTelemetry SDK over each transport, and from fleets of real Envoys, whose traces and
edges are held against what was really sent.

    python3 spans_test.py --telltale PATH --python VENV/bin/python [--only sdk|tls|full|istio|plain]

The venv holds what requirements.txt names. Exits 1 on any difference; the last line counts the checks.
"""
import argparse, http.client, json, os, select, shutil, socket, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import truth as t
from checks import check, finish, free_ports, leave, say, side_by_side, wait_for


def start(args, *words):
    return subprocess.Popen([args.telltale, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Receivers:
    """telltale listening on three free ports of loopback."""

    def __init__(self, args, seconds, *options):
        self.ports = dict(zip(("grpc", "http", "zipkin"), free_ports(3)))
        words = [word for flag, port in zip(("--otlp-grpc", "--otlp-http", "--zipkin"), self.ports.values()) for word in (flag, f"127.0.0.1:{port}")]
        self.args, self.process = args, start(args, "traces", *words, "--for", f"{seconds}s", "-o", "json", *options)
        for port in self.ports.values():
            wait_for(port)

    def export(self, *options):
        """What the SDK's exporters, one after the other, made of two spans each: ({transport: results}, what they logged)."""
        return self.outcome(self.exporter(self.ports, *options))

    def exporter(self, transports, *options):
        words = [self.args.python, f"{HERE}/sdk_spans.py", *(f"{t}={self.ports[t]}" for t in transports), *options]
        return subprocess.Popen(words, env={k: v for k, v in os.environ.items() if not k.endswith("_CA_BUNDLE")},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def outcome(self, exporter):
        out, log = exporter.communicate(timeout=60)
        results = {}
        for line in out.splitlines():
            transport, _, result = line.partition(" ")
            results.setdefault(transport, []).append(result)
        return results, log


ALL, NONE = ({t: [result] * 2 for t in ("grpc", "http", "zipkin")} for result in ("SUCCESS", "FAILURE"))


def sdk(args):
    receivers = Receivers(args, 20)
    results, log = receivers.export()
    check("sdk: the exporters succeed", [results, log] if results != ALL or log else [])
    traces = {row["root"]["service"]: row for row in finish("sdk", receivers.process)}
    for service in ("sdk-grpc", "sdk-http", "sdk-zipkin"):
        row = traces.get(service)
        wanted = {"spans": 2, "failed": True, "orphans": 0}
        problems = [f"no trace of {service}: {sorted(traces)}"] if row is None else [f"{k} is {row[k]}, not {v}" for k, v in wanted.items() if row[k] != v]
        if row and row["root"]["operation"].lower() != "get /cart":
            problems.append(f"operation is {row['root']['operation']}")
        check(f"sdk: the trace of {service}", problems)


CERTIFICATES = """
set -e
new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
for name in authority other; do
    openssl req -x509 $new -keyout $name.key -out $name.pem -subj /CN=$name -days 2 -addext keyUsage=critical,keyCertSign
done
leaf() {
    openssl req $new -keyout $1.key -out $1.csr -subj /CN=$1
    echo "subjectAltName=IP:127.0.0.1" >$1.ext
    openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 1 -extfile $1.ext -out $1.pem
}
leaf server authority
leaf client authority
leaf stranger other
"""


def tls(args):
    if shutil.which("openssl") is None:
        say("skipped: the certificates of the TLS test are made by openssl, which is not here")
        return
    with tempfile.TemporaryDirectory(prefix="telltale-tls-") as folder:
        made = subprocess.run(["sh", "-c", CERTIFICATES], cwd=folder, capture_output=True, text=True)
        check("tls: certificates", [made.stderr] if made.returncode else [])
        file = lambda name: f"{folder}/{name}"
        server = ["--receiver-tls-cert", file("server.pem"), "--receiver-tls-key", file("server.key")]
        trusting = ["--ca", file("authority.pem"), "--timeout", "2"]
        known, unknown = (["--cert", file(f"{name}.pem"), "--key", file(f"{name}.key")] for name in ("client", "stranger"))

        def expect(name, receivers, wanted, *options):
            results, log = receivers.export(*options)
            check(f"tls: {name}", [results, log] if results != wanted else [])

        def found(name, receivers, wanted):
            services = sorted(row["root"]["service"] for row in finish(f"tls: {name}", receivers.process))
            check(f"tls: {name}: the traces", [f"{services}, not {wanted}"] if services != wanted else [])

        receivers = Receivers(args, 30, *server)
        expect("a client of any kind", receivers, ALL, *trusting)
        expect("plain text is refused", receivers, NONE, "--prefix", "plain", "--timeout", "2")
        found("without client certificates", receivers, ["sdk-grpc", "sdk-http", "sdk-zipkin"])
        receivers = Receivers(args, 30, *server, "--receiver-tls-client-ca", file("authority.pem"))
        expect("a client of the authority", receivers, ALL, *trusting, *known, "--prefix", "known")
        expect("a client without a certificate is refused", receivers, NONE, *trusting, "--prefix", "nobody")
        expect("a client of another authority is refused", receivers, NONE, *trusting, *unknown, "--prefix", "stranger")
        found("with client certificates", receivers, ["known-grpc", "known-http", "known-zipkin"])


def full(args):
    """The SDK against a receiver whose memory for requests is taken by others: two that are never whole."""
    receivers = Receivers(args, 45, "--max-memory", "8MB")
    most = 500_000  # half of an eighth of it
    head = f"POST /v1/traces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {most}\r\n\r\n".encode()

    def hold():
        holder = socket.create_connection(("127.0.0.1", receivers.ports["http"]))
        holder.sendall(head + b" " * (most - 10))
        return holder

    holders = [hold(), hold()]

    def status(size):
        connection = http.client.HTTPConnection("127.0.0.1", receivers.ports["http"], timeout=10)
        connection.request("POST", "/v1/traces", b"{}" + b" " * (size - 2), {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("retry-after")

    end = time.time() + 20
    while status(100)[0] == 200 and time.time() < end:
        # One that came while another request had its room was answered: it holds nothing, and tries again while nobody asks.
        for place, holder in enumerate(holders):
            if select.select([holder], [], [], 0)[0]:
                holder.close()
                holders[place] = hold()
        time.sleep(0.3)
    check("full: the budget is taken", [status(100)] if status(100) != (503, "5") else [])
    check("full: what can never be taken is not to be sent again", [status(most + 1)] if status(most + 1) != (413, None) else [])
    giving_up = {t: receivers.exporter([t], "--root-only", "--timeout", "8", "--prefix", "early") for t in receivers.ports}
    for transport, exporter in giving_up.items():
        results, log = receivers.outcome(exporter)
        retried = "retrying in 5.00s" in log or transport == "zipkin"  # its exporter never tries again
        check(f"full: {transport} fails, and only after another try", [results, log] if results != {transport: ["FAILURE"]} or not retried else [])
    waiting = {t: receivers.exporter([t], "--root-only", "--timeout", "30", "--prefix", "late") for t in ("grpc", "http")}
    for transport, exporter in waiting.items():
        line = exporter.stderr.readline()
        check(f"full: {transport} waits as long as it is told", [line] if "retrying in 5.00s" not in line else [])
    for holder in holders:
        holder.close()
    for transport, exporter in waiting.items():
        results, log = receivers.outcome(exporter)
        check(f"full: {transport} succeeds once there is room", [results, log] if results != {transport: ["SUCCESS"]} or log else [])
    services = sorted(row["root"]["service"] for row in finish("full", receivers.process))
    check("full: what was refused is not counted as taken", [services] if services != ["late-grpc", "late-http"] else [])


def fleet(args, flavour, trace, option, command):
    """One fleet that sends its spans to one telltale command; yields (its rows, truth)."""
    (port,) = free_ports(1)
    process = start(args, command, option, f"127.0.0.1:{port}", "--for", "30s", "-o", "json")
    wait_for(port)
    workdir = tempfile.mkdtemp(prefix=f"telltale-{flavour}-spans-")
    try:
        envoys = subprocess.run([args.python, f"{HERE}/fleet.py", "--flavour", flavour, "--rps", "40", "--seconds", "10", "--lead", "1", "--hold", "8",
                                 "--trace", trace, "--trace-port", str(port), "--workdir", workdir], stdout=subprocess.PIPE, text=True, timeout=80)
        say(envoys.stdout.rstrip())
        return finish(f"{flavour} {trace}: {command}", process), json.load(open(f"{workdir}/truth.json"))
    finally:
        process.kill()
        shutil.rmtree(workdir, ignore_errors=True)


def traces_test(args, flavour, trace, option):
    rows, truth = fleet(args, flavour, trace, option, "traces")
    name = f"{flavour} {trace}"
    entry = {k.split(":")[1]: n for k, n in truth.items() if k.startswith("client>")}
    total, bad = sum(entry.values()), sum(n for code, n in entry.items() if code.startswith("5") or code == "0")
    check(f"{name}: a trace for each request", [f"{len(rows)} traces for {total} requests"] if len(rows) != total else [])
    check(f"{name}: failing traces", [f"{sum(r['failed'] for r in rows)} failed for {bad}"] if sum(r["failed"] for r in rows) != bad else [])
    check(f"{name}: no orphans", [r["trace_id"] for r in rows if r["orphans"]])
    services = {s for r in rows for s in r["services"]}
    wanted = {part for k in truth for part in k.split(":")[0].split(">")} - {"client"}
    check(f"{name}: services", sorted(services ^ wanted))


def edges_test(args, flavour, trace, option):
    rows, truth = fleet(args, flavour, trace, option, "edges")
    check(f"{flavour} {trace}: edges", t.compare_edges(truth, rows))
    check(f"{flavour} {trace}: spans alone know nothing of mTLS", [r["mtls"] for r in rows if r["mtls"] != "unknown"])
    payment = next((r for r in rows if r["source"]["service"] == "checkout" and r["destination"]["service"] == "payment"), None)
    versions = {v: row["requests"] for v, row in (payment or {"versions": {}})["versions"].items()}
    check(f"{flavour} {trace}: versions of payment", [versions] if set(versions) != {"v1", "v2"} or sum(versions.values()) != payment["requests"] else [])
    denied = t.expected_edges(truth)[("recommendation", "inventory")]["403"]
    seen = [r["denied"] for r in rows if (r["source"]["service"], r["destination"]["service"]) == ("recommendation", "inventory")]
    check(f"{flavour} {trace}: denied calls", [] if seen == [denied] else [f"{seen}, truth {denied}"])


parser = argparse.ArgumentParser()
parser.add_argument("--telltale", required=True)
parser.add_argument("--python", default=sys.executable)
parser.add_argument("--only", choices=["sdk", "tls", "full", "istio", "plain", "every"],
                    help="every: each way of sending spans, of both flavours; takes six minutes and is no part of a run of all")
args = parser.parse_args()


def istio():
    traces_test(args, "istio", "otlp-grpc", "--otlp-grpc")
    edges_test(args, "istio", "otlp-http", "--otlp-http")


def plain():
    edges_test(args, "plain", "zipkin", "--zipkin")


def every():
    for flavour in ("istio", "plain"):
        for trace in ("otlp-grpc", "otlp-http", "zipkin"):
            traces_test(args, flavour, trace, f"--{trace}")
            edges_test(args, flavour, trace, f"--{trace}")


def fleets():
    """One after another: each takes what the machine has."""
    istio()
    plain()


parts = {"sdk": lambda: sdk(args), "tls": lambda: tls(args), "full": lambda: full(args), "istio": istio, "plain": plain, "every": every}
if args.only:
    parts[args.only]()
else:
    side_by_side(*((name, parts[name]) for name in ("sdk", "tls", "full")), ("fleets", fleets))
leave()
