/// How spans may be written.
package enum SpanFormat: String, Sendable, CaseIterable {
    case otlpProtobuf = "OTLP protobuf"
    case otlpJSON = "OTLP JSON"
    case zipkinProtobuf = "Zipkin protobuf"
    case zipkinJSON = "Zipkin JSON"
    case jaegerJSON = "Jaeger JSON"
    case csv = "CSV"
}
