#!/usr/bin/env python3
"""Writes one ExportMetricsServiceRequest with points of every kind, as protobuf and as OTLP's JSON, with the Python classes of
opentelemetry-proto 1.45.2 from PyPI."""
import json, pathlib

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1 import metrics_pb2 as m
from opentelemetry.proto.common.v1.common_pb2 import KeyValue, AnyValue
from google.protobuf.json_format import MessageToDict

FOLDER = pathlib.Path(__file__).parent
S = 1_000_000_000
t0 = 1_700_000_000 * S
def kv(k, v):
    a = AnyValue()
    if isinstance(v, bool): a.bool_value = v
    elif isinstance(v, int): a.int_value = v
    elif isinstance(v, float): a.double_value = v
    else: a.string_value = v
    return KeyValue(key=k, value=a)
req = ExportMetricsServiceRequest()
rm = req.resource_metrics.add()
rm.resource.attributes.extend([kv("service.name", "checkout"), kv("service.version", "v2"), kv("k8s.namespace.name", "shop"), kv("k8s.pod.name", "checkout-7d9f-x2x4k")])
sm = rm.scope_metrics.add(); sm.scope.name = "test"
CUM, DEL = 2, 1
for i, step in enumerate((0, 10)):
    time = t0 + step * S
    x = sm.metrics.add(name="http.server.active_requests", unit="{request}")
    x.sum.aggregation_temporality = CUM
    x.sum.data_points.add(start_time_unix_nano=t0 - 100 * S, time_unix_nano=time, as_int=3 + i, attributes=[kv("http.request.method", "GET")])
    h = sm.metrics.add(name="http.server.request.duration", unit="s")
    h.histogram.aggregation_temporality = CUM
    for code, scale in ((200, 1), (503, 2)):
        h.histogram.data_points.add(start_time_unix_nano=t0 - 100 * S, time_unix_nano=time, count=10 * scale * (i + 1), sum=1.25 * (i + 1), explicit_bounds=[0.005, 0.1, 1],
            bucket_counts=[5 * scale * (i + 1), 3 * scale * (i + 1), scale * (i + 1), scale * (i + 1)], min=0.001, max=2.5,
            attributes=[kv("http.request.method", "GET"), kv("http.response.status_code", code), kv("http.route", "/cart/{id}")])
    e = sm.metrics.add(name="rpc.server.duration", unit="ms")
    e.exponential_histogram.aggregation_temporality = DEL
    p = e.exponential_histogram.data_points.add(start_time_unix_nano=time - 10 * S, time_unix_nano=time, count=8, sum=400.5, scale=3, zero_count=1, attributes=[kv("rpc.grpc.status_code", 14)])
    p.positive.offset = 15; p.positive.bucket_counts.extend([1, 0, 4, 2])
    g = sm.metrics.add(name="queue.size", unit="1")
    g.gauge.data_points.add(time_unix_nano=time, as_double=0.5 + i, attributes=[kv("ok", True), kv("share", 0.25)])
    y = sm.metrics.add(name="rpc.client.duration", unit="ms")
    y.summary.data_points.add(start_time_unix_nano=t0 - 100 * S, time_unix_nano=time, count=4 + 4 * i, sum=20.5 * (1 + i), quantile_values=[dict(quantile=0.5, value=2.5), dict(quantile=0.99, value=9.5)],
        attributes=[kv("server.address", "payment")])
    c = sm.metrics.add(name="jobs.done", unit="{job}")
    c.sum.aggregation_temporality = DEL; c.sum.is_monotonic = True
    c.sum.data_points.add(start_time_unix_nano=time - 10 * S, time_unix_nano=time, as_int=5)
(FOLDER / "every-kind.otlp-metrics.pb").write_bytes(req.SerializeToString())
(FOLDER / "every-kind.otlp-metrics.json").write_text(json.dumps(MessageToDict(req), separators=(",", ":")))
