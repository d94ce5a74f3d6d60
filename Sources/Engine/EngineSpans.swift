package import MeshModel

extension Engine: SpanSink {
    package func consume(_ batch: borrowing SpanBatch) -> Int { 0 }
}
