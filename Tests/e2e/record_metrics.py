#!/usr/bin/env python3
"""Records what a real Envoy's OpenTelemetry stat sink sends, its page afterwards, and what it really answered.

    record_metrics.py VARIANT FOLDER [PORT]      VARIANT: tags (as attributes, the default), names (tags within the names), delta

The python is one that has what requirements.txt names. Writes VARIANT.otlp.gz (requests, each behind its length in four bytes),
frontend-VARIANT.txt.gz and truth-VARIANT.json into the folder. With a port, the Envoy sends to who listens there, and nothing is recorded
but the truth.
"""
import concurrent.futures, gzip, http.server, json, os, socket, struct, subprocess, sys, threading, time, urllib.error, urllib.request

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as messages
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2_grpc as service

variant, folder, *elsewhere = sys.argv[1:]
TYPE = "type.googleapis.com/envoy."
SINK = {"tags": {}, "names": {"emit_tags_as_attributes": False, "use_tag_extracted_name": False},
        "delta": {"report_counters_as_deltas": True, "report_histograms_as_deltas": True}}[variant]
PAYMENT = "outbound|80||payment.shop.svc.cluster.local"
requests = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Receiver(service.MetricsServiceServicer):
    def Export(self, request, context):
        requests.append(request.SerializeToString())
        return messages.ExportMetricsServiceResponse()


class Application(http.server.BaseHTTPRequestHandler):
    protocol_version, answered = "HTTP/1.1", 0

    def do_GET(self):
        Application.answered += 1
        self.send_response(503 if Application.answered % 5 == 0 else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


def cluster(name, port, more={}):
    endpoint = {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}}
    return {"name": name, "type": "STATIC", "connect_timeout": "1s", **more,
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]}}


def status(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


receiver, application, admin, inbound = (free_port() for _ in range(4))
if elsewhere:
    receiver = int(elsewhere[0])
else:
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
    service.add_MetricsServiceServicer_to_server(Receiver(), server)
    server.add_insecure_port(f"127.0.0.1:{receiver}")
    server.start()
threading.Thread(target=http.server.ThreadingHTTPServer(("127.0.0.1", application), Application).serve_forever, daemon=True).start()

http2 = {"typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
    "@type": TYPE + "extensions.upstreams.http.v3.HttpProtocolOptions", "explicit_http_config": {"http2_protocol_options": {}}}}}
routes = [{"match": {"prefix": "/payment"}, "route": {"cluster": PAYMENT}}, {"match": {"prefix": "/"}, "route": {"cluster": "cart-v1"}}]
manager = {"@type": TYPE + "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", "stat_prefix": "ingress_http",
           "route_config": {"name": "routes", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
           "http_filters": [{"name": "router", "typed_config": {"@type": TYPE + "extensions.filters.http.router.v3.Router"}}]}
detector = {"name": "envoy.tracers.opentelemetry.resource_detectors.environment", "typed_config": {
    "@type": TYPE + "extensions.tracers.opentelemetry.resource_detectors.v3.EnvironmentResourceDetectorConfig"}}
config = {
    "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": admin}}}, "node": {"id": "frontend-1", "cluster": "frontend"},
    "stats_flush_interval": "2s",
    "stats_sinks": [{"name": "otel", "typed_config": {"@type": TYPE + "extensions.stat_sinks.open_telemetry.v3.SinkConfig", **SINK,
                                                      "grpc_service": {"envoy_grpc": {"cluster_name": "otel"}}, "resource_detectors": [detector]}}],
    "static_resources": {
        "listeners": [{"name": "in", "address": {"socket_address": {"address": "127.0.0.1", "port_value": inbound}},
                       "filter_chains": [{"filters": [{"name": "manager", "typed_config": manager}]}]}],
        "clusters": [cluster("cart-v1", application), cluster(PAYMENT, application), cluster("otel", receiver, http2)]}}
envoy = subprocess.Popen([os.path.join(os.path.dirname(sys.executable), "envoy"), "--config-yaml", json.dumps(config), "--concurrency", "1",
                          "--use-dynamic-base-id", "-l", "error"],
                         env={**os.environ, "OTEL_RESOURCE_ATTRIBUTES": "service.name=frontend,service.instance.id=frontend-1"})
try:
    while status(f"http://127.0.0.1:{admin}/ready") != 200:
        time.sleep(0.1)
    counts = {}
    end = time.time() + 9
    while time.time() < end:
        for path, name in (("payment", "payment"), ("", "cart")):
            key = f"{name}:{status(f'http://127.0.0.1:{inbound}/{path}')}"
            counts[key] = counts.get(key, 0) + 1
        time.sleep(0.1)
    # Two more flushes: histograms are merged, and nothing moves any more.
    time.sleep(5)
    page = urllib.request.urlopen(f"http://127.0.0.1:{admin}/stats/prometheus").read()
finally:
    envoy.terminate()
    envoy.wait()
recorded = () if elsewhere else ((f"{variant}.otlp.gz", b"".join(struct.pack(">I", len(r)) + r for r in requests)), (f"frontend-{variant}.txt.gz", page))
for name, data in recorded:
    with open(f"{folder}/{name}", "wb") as file:
        file.write(gzip.compress(data, mtime=0))
with open(f"{folder}/truth-{variant}.json", "w") as file:
    json.dump(counts, file)
print(variant, len(requests), "requests", counts)
