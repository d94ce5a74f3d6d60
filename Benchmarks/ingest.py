#!/usr/bin/env python3
"""CPU per sample and resident memory per series of telltale beside Prometheus, over the same targets at the same time.

    python3 ingest.py --telltale PATH [--seconds 60] [--targets 120] [--pages DIR] [--without-prometheus]

Prometheus runs with its defaults but for the interval. Both scrape every target once a second; CPU is that of the last rounds only,
after each has met every series (from the fifth second on), by the kernel's account of the process.
"""
import argparse, json, os, shutil, signal, subprocess, sys, tempfile, time, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident(pid):
    return next(int(line.split()[1]) * 1024 for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))


def metric(port, name):
    page = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    return sum(float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith(name) and not line.startswith("#"))


def run(args, work):
    targets = f"{work}/targets.json"
    fleet = subprocess.Popen([sys.executable, f"{HERE}/scrape_fleet.py", "--pages", args.pages, "--targets", str(args.targets), "--port", str(args.port),
                              "--out", targets], stdout=subprocess.PIPE, text=True)
    running = [fleet]
    try:
        first = fleet.stdout.readline()
        print(first.strip(), flush=True)
        samples = int(first.split()[2])
        ours = {keep: subprocess.Popen([args.telltale, "--headless", "--targets", targets, "--interval", "1s", "--for", str(args.seconds + 20) + "s",
                                        "--keep", keep, "--stats", f"{work}/{keep}.json"], stderr=subprocess.DEVNULL) for keep in ("all", "mapped")}
        running += ours.values()
        theirs = None
        if not args.without_prometheus:
            open(f"{work}/prometheus.yml", "w").write(f"scrape_configs:\n- job_name: mesh\n  scrape_interval: 1s\n  file_sd_configs:\n  - files: [{targets}]\n")
            theirs = subprocess.Popen(["prometheus", f"--config.file={work}/prometheus.yml", f"--storage.tsdb.path={work}/tsdb",
                                       f"--web.listen-address=127.0.0.1:{args.port + 1}"], stderr=subprocess.DEVNULL)
            running.append(theirs)
        time.sleep(5)
        processes = dict(ours, **({"prometheus": theirs} if theirs else {}))
        before, begun = {name: cpu(p.pid) for name, p in processes.items()}, time.time()
        taken = metric(args.port + 1, "prometheus_tsdb_head_samples_appended_total") if theirs else 0
        time.sleep(args.seconds)
        seconds = time.time() - begun
        spent = {name: cpu(p.pid) - before[name] for name, p in processes.items()}
        memory = {name: resident(p.pid) for name, p in processes.items()}
        rows = [(f"telltale --keep {keep}", spent[keep] / (samples * seconds) * 1e9, memory[keep]) for keep in ours]
        if theirs:
            taken = metric(args.port + 1, "prometheus_tsdb_head_samples_appended_total") - taken
            rows.append((subprocess.run(["prometheus", "--version"], capture_output=True, text=True).stdout.split(" (")[0].replace(", version", ""),
                         spent["prometheus"] / taken * 1e9, memory["prometheus"]))
        print(f"{seconds:.0f} s\n\n| | CPU per sample on the wire | resident | per series |\n|---|---|---|---|")
        for name, cost, size in rows:
            print(f"| {name} | {cost:.0f} ns | {size / 1e6:.0f} MB | {size / samples / 1000:.2f} kB |")
        stats = json.loads(open(f"{work}/all.json").read().splitlines()[-1])
        print(f"\nThe store holds {stats['bytes_per_sample']:.2f} bytes a sample ({stats['samples']} samples), and {stats['store_bytes'] / 1e6:.0f} MB in all, with names and newest values.")
    finally:
        # The fleet last: who scrapes it would complain.
        for process in reversed(running):
            process.send_signal(signal.SIGTERM)
            process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--pages", default=f"{HERE}/../Tests/Fixtures/fleet-istio")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--targets", type=int, default=120)
    parser.add_argument("--port", type=int, default=19200)
    parser.add_argument("--without-prometheus", action="store_true")
    work = tempfile.mkdtemp(prefix="telltale-bench-")
    try:
        run(parser.parse_args(), work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
