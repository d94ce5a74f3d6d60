#!/usr/bin/env python3
"""What telltale says is wrong with real Envoys, held against the faults that were staged: a failing version, a killed proxy, a caller that
does not wait, retries that hide a flaky callee, two faults at once, a callee that gets slow; from metrics alone, from spans alone, and from both.

    python3 verdict_test.py --telltale PATH --python VENV/bin/python [--only NAME]

Exits 1 on any difference; the last line counts the checks.
"""
import argparse, json, os, subprocess, sys, tempfile
from datetime import datetime

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from checks import check, free_ports, leave
from fleet_test import fleet

SECONDS, FAULT, LEAD, HOLD = 26, 10, 3, 12


def plain(**more):
    return {"versions": {"v1": {}}, "calls": [], **more}


def mesh(**services):
    """gateway calls front, front calls all others."""
    return {"gateway": plain(calls=["front"]), "front": plain(calls=list(services)), **services}


def flaky(share, **more):
    return plain(versions={"v1": {"error": share}}, **more)


SCENARIOS = {
    # name: services (None: the fleet's own), options, what it is
    "canary": (None, []),
    "kill": (mesh(cart=plain(), search=plain()), ["--kill", f"search-v1-03x@{FAULT}"]),
    "timeout": (mesh(cart=plain(), search=plain(versions={"v1": {"delay": 0.8}}, timeout="0.2s")), []),
    "retries": (mesh(cart=flaky(0.2, retries=6), search=plain()), []),
    "slow": (mesh(cart=plain(), search=plain(versions={"v1": {"delay": 0.15}})), []),
    "two": (mesh(cart=flaky(0.3), search=plain(), stock=flaky(0.15)), []),
}


def asked(args, workdir, trace, port, *words):
    sources = [] if trace == "spans" else ["--targets", f"{workdir}/targets.json", "--interval", "1s"]
    if trace != "none":
        sources += ["--otlp-grpc", f"127.0.0.1:{port}"]
    process = subprocess.Popen([args.telltale, *words, *sources, "--for", f"{LEAD + SECONDS + 8}s", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return process


def run(name, flavour, trace, args):
    """trace: none (metrics alone), spans (alone), both."""
    title, (port, other) = f"{name}, {flavour}, {'metrics' if trace == 'none' else trace}", free_ports(2)
    services, options = SCENARIOS[name]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        if services:
            json.dump({"services": services, "denied": []}, file)
            file.flush()
            options = [*options, "--topology", file.name]
        sending = ["--trace", "none"] if trace == "none" else ["--trace", "otlp-grpc", "--trace-port", str(port)]
        with fleet(title.replace(", ", "-"), args, "--flavour", flavour, *sending, "--seconds", str(SECONDS), "--fault-after", str(FAULT), "--lead", str(LEAD), "--hold", str(HOLD),
                   *options) as workdir:
            if workdir is None:
                return
            process = asked(args, workdir, trace, port, "why", "all")
            out, err = process.communicate(timeout=90)
            print(err, end="", flush=True)
            verdicts = json.loads(out) if out else []
            truth, events = json.load(open(f"{workdir}/truth.json")), json.load(open(f"{workdir}/events.json"))
            served = json.load(open(f"{workdir}/served.json"))
    begun = next(e["time"] for e in events if e["event"].startswith("killed" if name == "kill" else "faults"))
    for verdict in verdicts:
        print("  " + verdict["summary"], f"onset {verdict['onset']}", flush=True)
    fails = [v for v in verdicts if v["origin"]["class"] != "policy"]
    check(f"{title}: exits as it should", [] if process.returncode == (1 if fails else 0) else [f"exit {process.returncode}"])
    JUDGES[name](title, fails, verdicts, truth, served, begun)


def named(verdict):
    origin = verdict["origin"]
    return f"{origin['kind']} {origin['source']['service'] + ' > ' if origin['kind'] == 'edge' else ''}{origin['service']} {origin['class']}"


def holds(title, verdict, wanted, path, begun):
    check(f"{title}: origin", [] if named(verdict) == wanted else [f"{named(verdict)}, not {wanted}"])
    check(f"{title}: path", [] if [h["service"] for h in verdict["path"]] == path else [[h["service"] for h in verdict["path"]]])
    onset = verdict["onset"] and datetime.fromisoformat(verdict["onset"].replace("Z", "+00:00")).timestamp()
    check(f"{title}: onset within ten seconds", [] if onset and abs(onset - begun) <= 10 else [f"{onset and onset - begun}"])


def explains(title, verdict, share):
    low, high = verdict["interval"] or (1, 0)
    check(f"{title}: share {share:.2f} within its interval", [] if low - 0.005 <= share <= high + 0.005 else [f"{verdict['share']} [{low}, {high}]"])


def canary(title, fails, verdicts, truth, served, begun):
    # The fleet delays these, too, from the same moment on.
    slower = [v["origin"]["service"] for v in fails if v["verdict"] == "latency"]
    check(f"{title}: slower is who is delayed", [] if set(slower) <= {"shipping", "ledger"} else slower)
    fails = [v for v in fails if v["verdict"] != "latency"]
    check(f"{title}: one origin", [] if len(fails) == 1 else [named(v) for v in fails])
    if not fails:
        return
    holds(title, fails[0], "service payment own", ["gateway", "frontend", "checkout", "payment"], begun)
    check(f"{title}: version and pod", [] if (fails[0]["origin"]["version"], fails[0]["origin"]["pod"]) == ("v2", "payment-v2-06x") else [fails[0]["origin"]])
    explains(title, fails[0], 1.0)
    failed = sum(n for key, n in truth.items() if key.startswith("client>gateway:") and key.rsplit(":", 1)[1][0] in "05")
    check(f"{title}: failures are the entry's", [] if abs(fails[0]["errors"] - failed) <= 0.01 * failed else [f"{fails[0]['errors']}, truth {failed}"])
    denied = [v for v in verdicts if v["origin"]["class"] == "policy"]
    check(f"{title}: the denial is a path of its own", [] if [named(v) for v in denied] == ["edge recommendation > inventory policy"] else [named(v) for v in verdicts])


def kill(title, fails, verdicts, truth, served, begun):
    check(f"{title}: one origin", [] if len(fails) == 1 else [named(v) for v in fails])
    if fails:
        holds(title, fails[0], "edge front > search connection", ["gateway", "front"], begun)


def timeout(title, fails, verdicts, truth, served, begun):
    check(f"{title}: one origin", [] if len(fails) == 1 else [named(v) for v in fails])
    if fails:
        holds(title, fails[0], "edge front > search timeout", ["gateway", "front"], begun)


def retries(title, fails, verdicts, truth, served, begun):
    hidden = [v for v in fails if v["origin"]["absorbed"]]
    check(f"{title}: one hidden origin", [] if [v["origin"]["service"] for v in hidden] == ["cart"] else [named(v) for v in fails])
    if hidden:
        wanted = served.get("cart-v1-02x:503", 0)
        check(f"{title}: as many as cart answered", [] if abs(hidden[0]["origin"]["errors"] - wanted) <= 0.02 * wanted + 1 else [f"{hidden[0]['origin']['errors']}, served {wanted}"])


def two(title, fails, verdicts, truth, served, begun):
    causes = [v for v in fails if not v["origin"]["absorbed"]]
    check(f"{title}: both, the worse first", [] if [named(v) for v in causes] == ["service cart own", "service stock own"] else [named(v) for v in fails])
    failed = sum(n for key, n in truth.items() if key.startswith("client>gateway:") and key.rsplit(":", 1)[1][0] in "05")
    for verdict in causes:
        explains(f"{title} {verdict['origin']['service']}", verdict, truth.get(f"front>{verdict['origin']['service']}:503", 0) / failed)
        holds(f"{title} {verdict['origin']['service']}", verdict, f"service {verdict['origin']['service']} own", ["gateway", "front", verdict["origin"]["service"]], begun)


def slow(title, fails, verdicts, truth, served, begun):
    check(f"{title}: one origin, and it is slow", [] if [v["verdict"] for v in fails] == ["latency"] else [(named(v), v["verdict"]) for v in fails])
    if fails:
        holds(title, fails[0], "service search own", ["gateway", "front", "search"], begun)
        check(f"{title}: pod", [] if fails[0]["origin"]["pod"] == "search-v1-03x" else [fails[0]["origin"]])


JUDGES = {"canary": canary, "kill": kill, "timeout": timeout, "retries": retries, "slow": slow, "two": two}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--only", choices=list(SCENARIOS), action="append", help="these alone")
    parser.add_argument("--trace", choices=["none", "spans", "both"], action="append", help="this evidence alone")
    arguments = parser.parse_args()
    for scenario in arguments.only or SCENARIOS:
        for evidence in arguments.trace or ["none", "spans", "both"]:
            run(scenario, "istio", evidence, arguments)
        if scenario == "canary" and not arguments.trace:
            run(scenario, "plain", "none", arguments)
    leave()
