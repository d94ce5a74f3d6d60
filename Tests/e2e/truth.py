"""What a fleet's truth.json says, held against telltale's JSON."""
import collections


def expected_edges(truth):
    """{(caller, callee): {code: count}}; the load from outside has caller None."""
    edges = collections.defaultdict(dict)
    for key, count in truth.items():
        call, code = key.rsplit(":", 1)
        caller, callee = call.split(">")
        edges[(None if caller == "client" else caller, callee)][code] = count
    return dict(edges)


def seen_edges(rows):
    edges = {}
    for row in rows:
        source, destination = row["source"], row["destination"]
        caller = None if source["kind"] == "external" else source["service"]
        edges[(caller, destination["service"])] = {code: count for code, count in row["codes"].items() if count}
    return edges


def compare_edges(truth, rows):
    """Sentences about every difference; empty when all is exact."""
    wanted, seen = expected_edges(truth), seen_edges(rows)
    problems = [f"edge {k} missing (truth {v})" for k, v in wanted.items() if k not in seen]
    problems += [f"edge {k} is not in truth: {v}" for k, v in seen.items() if k not in wanted]
    problems += [f"edge {k}: truth {v}, seen {seen[k]}" for k, v in wanted.items() if k in seen and seen[k] != v]
    return problems


def expected_services(truth):
    services = collections.Counter()
    for (_, callee), codes in expected_edges(truth).items():
        services[callee] += sum(codes.values())
    return dict(services)


def compare_services(truth, rows):
    wanted, seen = expected_services(truth), {r["service"]: r["requests"] for r in rows}
    return [f"service {s}: truth {wanted.get(s)}, seen {seen.get(s)}" for s in sorted(set(wanted) | set(seen)) if wanted.get(s) != seen.get(s)]
