#!/usr/bin/env python3
"""CPU per span of telltale's receivers beside a collector that only decodes and drops: rotel, in Rust, from PyPI.

    python3 receivers.py --telltale PATH --spans FILE.otlp.gz [--rotel PATH/rotel-agent] [--seconds 10] [--repeat 3]

Runs under a Python with grpcio, opentelemetry-proto and requests; FILE is as otlp_load.py takes it. Each run is a fresh process that takes spans
over one connection as fast as it can, one after another, the programs in turn; CPU is the kernel's account of the process. Prints every figure and
the medians. The load average is said with them: what others do on the machine costs caches.
"""
import argparse, json, os, signal, socket, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def resident(pid, name):
    return next(int(line.split()[1]) / 1024 for line in open(f"/proc/{pid}/status") if line.startswith(name))


def run(args, program, protocol):
    grpc, http = free_ports(2)
    port = grpc if protocol == "grpc" else http
    if program == "telltale":
        words = [args.telltale, "edges", f"--otlp-{protocol}", f"127.0.0.1:{port}", "--for", f"{args.seconds + 60}s", "-o", "json"]
    else:
        words = [args.rotel, "start", "--exporter", "blackhole", "--otlp-grpc-endpoint", f"127.0.0.1:{grpc}", "--otlp-http-endpoint", f"127.0.0.1:{http}"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        load = subprocess.run([sys.executable, f"{HERE}/otlp_load.py", "--spans", args.spans, "--target", f"127.0.0.1:{port}", "--protocol", protocol,
                               "--seconds", str(args.seconds), "--pid", str(process.pid)], capture_output=True, text=True, check=True)
        row = json.loads(load.stdout)
        row["resident_mb"] = round(resident(process.pid, "VmHWM"))
        return row
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


parser = argparse.ArgumentParser()
parser.add_argument("--telltale", required=True)
parser.add_argument("--rotel")
parser.add_argument("--spans", required=True)
parser.add_argument("--seconds", type=int, default=10)
parser.add_argument("--repeat", type=int, default=3)
args = parser.parse_args()
figures = {}
for turn in range(args.repeat):
    for protocol in ("http", "grpc"):
        for program in ["telltale"] + (["rotel"] if args.rotel else []):
            row = run(args, program, protocol)
            figures.setdefault((program, protocol), []).append(row)
            print(f"{program} {protocol}: {json.dumps(row)}, load {os.getloadavg()[0]:.1f}", flush=True)
print("\n| | CPU per span | spans/s | refused | resident at most |\n|---|---|---|---|---|")
for (program, protocol), rows in figures.items():
    times = sorted(row["receiver_cpu_ns_per_span"] for row in rows)
    print(f"| {program}, {protocol} | {statistics.median(times) / 1000:.2f} µs ({', '.join(f'{t / 1000:.2f}' for t in times)}) | "
          f"{statistics.median(row['spans_per_s'] for row in rows):,.0f} | {sum(row['refused'] for row in rows)} | {max(row['resident_mb'] for row in rows)} MB |")
