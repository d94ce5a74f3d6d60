#!/usr/bin/env python3
"""Records the spans of a fleet of real Envoys into one file: OTLP requests behind their lengths (four bytes, the highest first), or Zipkin v2 JSON.

    VENV/bin/python record_spans.py --out demo-data/incident.otlp.gz --fault-after 60 --seconds 150 --rps 8
    VENV/bin/python record_spans.py --out demo-data/outage.zipkin.json.gz --trace zipkin --flavour plain --kill ledger-v3-0@60

What was really sent stands beside it as FILE.truth.json (caller>callee:status, `client` is the load from outside) and FILE.events.json
(when faults began and proxies were killed).
"""
import argparse, gzip, http.server, json, os, shutil, struct, subprocess, sys, tempfile, threading

HERE = os.path.dirname(os.path.abspath(__file__))


def receiver(bodies):
    lock = threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def body(self):
            if self.headers.get("Transfer-Encoding", "") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def do_POST(self):
            body = self.body()
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            with lock:
                bodies.append(body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--flavour", choices=["istio", "plain"], default="istio")
    parser.add_argument("--trace", choices=["otlp-http", "zipkin"], default="otlp-http")
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--rps", type=float, default=8)
    parser.add_argument("--fault-after", type=float)
    parser.add_argument("--kill", default=None)
    args = parser.parse_args()
    bodies = []
    port = receiver(bodies)
    workdir = tempfile.mkdtemp(prefix="telltale-record-")
    command = [sys.executable, f"{HERE}/fleet.py", "--flavour", args.flavour, "--rps", str(args.rps), "--seconds", str(args.seconds), "--lead", "3",
               "--hold", "10", "--trace", args.trace, "--trace-port", str(port), "--workdir", workdir]
    if args.fault_after is not None:
        command += ["--fault-after", str(args.fault_after)]
    if args.kill:
        command += ["--kill", args.kill]
    try:
        subprocess.run(command, check=True)
        with open(args.out, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
            if args.trace == "zipkin":
                packed.write(b"[" + b",\n".join(body.strip()[1:-1] for body in bodies if len(body) > 2) + b"]\n")
            else:
                for body in bodies:
                    packed.write(struct.pack(">I", len(body)) + body)
        stem = args.out.removesuffix(".gz").removesuffix(".json").rsplit(".", 1)[0]
        for name in ("truth.json", "events.json"):
            if os.path.exists(f"{workdir}/{name}"):
                shutil.copy(f"{workdir}/{name}", f"{stem}.{name}")
    finally:
        shutil.rmtree(workdir, ignore_errors=True)


main()
