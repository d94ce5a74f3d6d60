#!/usr/bin/env python3
"""Counts made-up calls with the OpenTelemetry SDK and exports them each second, as web services do; prints what was recorded as JSON.

    sdk_metrics.py grpc=PORT http=PORT

The services: `cumulative` over gRPC, `delta` over HTTP with gzip, `exponential` over gRPC with exponential histograms. Each answers calls
and calls `payment`. {service: {"codes": {code: n}, "calls": {code: n}, "milliseconds": [of each call answered, in order]}}
"""
import json, logging, random, sys, time

from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as OverGRPC
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as OverHTTP
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation
from opentelemetry.sdk.resources import Resource

logging.basicConfig(level=logging.WARNING, format="%(message)s")
ports = dict(word.split("=") for word in sys.argv[1:])
random.seed(7)
DELTA = {Counter: AggregationTemporality.DELTA, Histogram: AggregationTemporality.DELTA}
BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
exporters = {
    "cumulative": OverGRPC(endpoint=f"http://127.0.0.1:{ports['grpc']}", insecure=True),
    "delta": OverHTTP(endpoint=f"http://127.0.0.1:{ports['http']}/v1/metrics", compression=Compression.Gzip, preferred_temporality=DELTA),
    "exponential": OverGRPC(endpoint=f"http://127.0.0.1:{ports['grpc']}", insecure=True,
                            preferred_aggregation={Histogram: ExponentialBucketHistogramAggregation()}),
}
services, truth = {}, {}
for name, exporter in exporters.items():
    resource = Resource.create({"service.name": name, "service.version": "1.2", "service.instance.id": f"{name}-1"})
    provider = MeterProvider(resource=resource, metric_readers=[PeriodicExportingMetricReader(exporter, export_interval_millis=1000)])
    meter = provider.get_meter("test")
    advice = {} if name == "exponential" else {"explicit_bucket_boundaries_advisory": BOUNDS}
    services[name] = (provider, meter.create_histogram("http.server.request.duration", "s", **advice),
                      meter.create_histogram("http.client.request.duration", "s", **advice), meter.create_counter("jobs.done"))
    truth[name] = {"codes": {}, "calls": {}, "milliseconds": []}
for _ in range(400):
    for name, (_, server, client, jobs) in services.items():
        code, seconds = random.choices((200, 404, 503), (90, 4, 6))[0], random.lognormvariate(-3.5, 1)
        server.record(seconds, {"http.request.method": "GET", "http.route": "/cart", "http.response.status_code": code})
        called = random.choices(("200", "500", "0"), (95, 3, 2))[0]
        told = {"error.type": "timeout"} if called == "0" else {"http.response.status_code": int(called)}
        client.record(seconds / 2, {"http.request.method": "POST", "server.address": "payment", "server.port": 8080, **told})
        jobs.add(1)
        known = truth[name]
        known["codes"][code] = known["codes"].get(code, 0) + 1
        known["calls"][called] = known["calls"].get(called, 0) + 1
        known["milliseconds"].append(seconds * 1000)
    time.sleep(0.01)
for provider, *_ in services.values():
    provider.shutdown()
print(json.dumps(truth))
