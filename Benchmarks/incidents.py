#!/usr/bin/env python3
"""How well `telltale why all --baseline` names the origin of recorded fault injections.

    python3 incidents.py --telltale PATH --incidents FOLDER

FOLDER holds recordings, baseline.otlp.gz and labels.json: {"incidents": [{"file", "service", "pod", "injected_unix", "type"}]}.
An onset is asked only of a recording that begins before its injection.
"""
import argparse, datetime, json, os, subprocess

NEAR = 15


def unix(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def run(telltale, *arguments):
    result = subprocess.run([telltale, *arguments], capture_output=True, text=True)
    if result.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)}: {result.stderr.strip()}")
    return json.loads(result.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--telltale", required=True)
    parser.add_argument("--incidents", required=True)
    args = parser.parse_args()
    incidents = json.load(open(os.path.join(args.incidents, "labels.json")))["incidents"]
    first = top = pods = near = asked = 0
    print("| recording | injected into | place | named first | verdict | pod | onset off by |\n|---|---|---|---|---|---|---|")
    for incident in incidents:
        path = os.path.join(args.incidents, incident["file"])
        verdicts = run(args.telltale, "why", "all", "--baseline", os.path.join(args.incidents, "baseline.otlp.gz"), path, "-o", "json")
        origins = [verdict["origin"] for verdict in verdicts]
        names = [origin["service"] for origin in origins]
        place = names.index(incident["service"]) + 1 if incident["service"] in names else 0
        first += place == 1
        top += 1 <= place <= 3
        begun = min(unix(trace["start"]) for trace in run(args.telltale, "traces", path, "-o", "json"))
        onset, pod = "-", "-"
        if place:
            verdict, pod = verdicts[place - 1], origins[place - 1]["pod"]
            pods += pod == incident["pod"]
            off = unix(verdict["onset"]) - incident["injected_unix"]
            if incident["injected_unix"] >= begun:
                asked += 1
                near += abs(off) <= NEAR
                onset = f"{off:+.1f} s"
            else:
                onset = f"begins {begun - incident['injected_unix']:.0f} s after"
        print(f"| {incident['file'].split('.')[0]} | {incident['service']} | {place or '-'} | {names[0] if names else '-'} | "
              f"{verdicts[0]['verdict'] if verdicts else '-'} | {'right' if pod == incident['pod'] else pod} | {onset} |", flush=True)
    count = len(incidents)
    print(f"\nfirst {first} of {count}, within three {top}, pod {pods}, onset within {NEAR} s {near} of {asked}")


if __name__ == "__main__":
    main()
