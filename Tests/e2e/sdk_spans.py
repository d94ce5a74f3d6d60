#!/usr/bin/env python3
"""Exports spans with the OpenTelemetry SDK: one trace of two spans per transport, its callee failing.

    sdk_spans.py grpc=PORT http=PORT zipkin=PORT [--ca FILE] [--cert FILE --key FILE] [--timeout SECONDS] [--prefix NAME] [--root-only]

With --ca it speaks TLS and trusts that authority; --cert and --key are its own. The services are PREFIX-grpc, PREFIX-http and
PREFIX-zipkin. What each exporter made of each span comes to stdout, a line of transport and SUCCESS or FAILURE; what it logs, to stderr.
"""
import argparse, logging

import grpc
import requests
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as OverGRPC
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as OverHTTP
from opentelemetry.exporter.zipkin.json import ZipkinExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

logging.basicConfig(level=logging.WARNING, format="%(message)s")
parser = argparse.ArgumentParser()
parser.add_argument("transports", nargs="+")
for option in ("--ca", "--cert", "--key"):
    parser.add_argument(option)
parser.add_argument("--timeout", type=float, default=10)
parser.add_argument("--prefix", default="sdk")
parser.add_argument("--root-only", action="store_true", help="a trace of one span")
args = parser.parse_args()
scheme = "https" if args.ca else "http"


def contents(path):
    return open(path, "rb").read() if path else None


def over_grpc(port):
    credentials = grpc.ssl_channel_credentials(contents(args.ca), contents(args.key), contents(args.cert)) if args.ca else None
    return OverGRPC(endpoint=f"{scheme}://127.0.0.1:{port}", insecure=not args.ca, credentials=credentials, timeout=args.timeout)


def over_http(port):
    return OverHTTP(endpoint=f"{scheme}://127.0.0.1:{port}/v1/traces", compression=Compression.Gzip, timeout=args.timeout,
                    certificate_file=args.ca, client_certificate_file=args.cert, client_key_file=args.key)


def over_zipkin(port):
    session = requests.Session()
    session.verify, session.cert = args.ca or True, (args.cert, args.key) if args.cert else None
    return ZipkinExporter(endpoint=f"{scheme}://127.0.0.1:{port}/api/v2/spans", session=session, timeout=args.timeout)


class Telling(SpanExporter):
    """Says what came of each export; an exporter that throws has failed."""
    def __init__(self, name, inner):
        self.name, self.inner = name, inner

    def export(self, spans):
        try:
            result = self.inner.export(spans)
        except Exception as error:
            logging.error(error)
            result = SpanExportResult.FAILURE
        print(self.name, result.name, flush=True)
        return result

    def shutdown(self):
        self.inner.shutdown()


make = {"grpc": over_grpc, "http": over_http, "zipkin": over_zipkin}
for transport, port in (word.split("=") for word in args.transports):
    provider = TracerProvider(resource=Resource.create({"service.name": f"{args.prefix}-{transport}", "service.version": "1.2"}))
    provider.add_span_processor(SimpleSpanProcessor(Telling(transport, make[transport](port))))
    tracer = provider.get_tracer("test")
    with tracer.start_as_current_span("GET /cart", kind=SpanKind.SERVER, attributes={"http.response.status_code": 500}):
        if not args.root_only:
            with tracer.start_as_current_span("SELECT", kind=SpanKind.CLIENT, attributes={"db.system.name": "postgresql", "db.namespace": "carts"}) as call:
                call.set_status(Status(StatusCode.ERROR, "deadlock"))
                call.add_event("retry", {"attempt": 2})
    provider.shutdown()
