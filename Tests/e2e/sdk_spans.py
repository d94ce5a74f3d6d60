#!/usr/bin/env python3
"""Exports spans with the OpenTelemetry SDK: one trace of two spans per transport, its callee failing.

    sdk_spans.py GRPC_PORT HTTP_PORT ZIPKIN_PORT
"""
import sys

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as OverGRPC
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as OverHTTP
from opentelemetry.exporter.zipkin.json import ZipkinExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

grpc, http, zipkin = sys.argv[1:4]
exporters = {
    "sdk-grpc": OverGRPC(endpoint=f"http://127.0.0.1:{grpc}", insecure=True),
    "sdk-http": OverHTTP(endpoint=f"http://127.0.0.1:{http}/v1/traces", compression=Compression.Gzip),
    "sdk-zipkin": ZipkinExporter(endpoint=f"http://127.0.0.1:{zipkin}/api/v2/spans"),
}
for service, exporter in exporters.items():
    provider = TracerProvider(resource=Resource.create({"service.name": service, "service.version": "1.2"}))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("test")
    with tracer.start_as_current_span("GET /cart", kind=SpanKind.SERVER, attributes={"http.response.status_code": 500}) as span:
        with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, attributes={"db.system.name": "postgresql", "db.namespace": "carts"}) as call:
            call.set_status(Status(StatusCode.ERROR, "deadlock"))
            call.add_event("retry", {"attempt": 2})
    provider.shutdown()
