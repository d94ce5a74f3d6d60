import MeshModel
import Panels
@testable import Reports
import Testing

@Suite struct TraceReportTests {
    static let rows = [
        TraceRow(id: TraceID(high: 1, low: 0xAB), service: "gateway", operation: "GET /a\u{1B}[2J", start: Timestamp(milliseconds: 1_700_000_000_250), durationSeconds: 0.1209,
                 spans: 54, services: ["gateway", "payment"], errors: 4, isFailed: true, code: 502),
        TraceRow(id: TraceID(high: 0, low: 2), service: "", operation: "", start: Timestamp(seconds: 1_699_999_999), durationSeconds: 0.002, spans: 1, services: ["ledger"],
                 orphans: 1, adjusted: 1),
    ]

    @Test func jsonIsThatOfTheDesign() {
        #expect(Report.traces(Self.rows, predicate: .server, format: .json) == """
            [
            {"trace_id": "000000000000000100000000000000ab", "root": {"service": "gateway", "operation": "GET /a\\u001b[2J"}, "start": "2023-11-14T22:13:20.250Z", \
            "duration_ms": 120.9, "spans": 54, "services": ["gateway", "payment"], "errors": 4, "failed": true, "orphans": 0, "adjusted": 0, "arriving": false},
            {"trace_id": "00000000000000000000000000000002", "root": {"service": "", "operation": ""}, "start": "2023-11-14T22:13:19.000Z", \
            "duration_ms": 2, "spans": 1, "services": ["ledger"], "errors": 0, "failed": false, "orphans": 1, "adjusted": 1, "arriving": false}
            ]

            """)
        #expect(Report.traces([], predicate: .server, format: .json) == "[]\n")
    }

    @Test func theTableHasOneLineATrace() {
        let lines = Report.traces(Self.rows, predicate: .server, format: .table).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains("FAILED(server)"))
        #expect(lines[1].contains("120.9") && lines[1].contains("GET /a[2J") && lines[1].contains("502  failed"))
        #expect(lines[2].hasSuffix("00000000000000000000000000000002"))
    }

    @Test(arguments: [("service", 1), ("operation", 1), ("failed", 1), ("duration", 1), ("limit", 1), ("none", 2), ("nobody", 0)])
    func filtersPick(_ name: String, _ count: Int) {
        var filter = TraceFilter()
        switch name {
        case "service": filter.service = "payment"
        case "operation": filter.operation = "/a"
        case "failed": filter.failedOnly = true
        case "duration": filter.minSeconds = 0.1
        case "limit": filter.limit = 1
        case "nobody": filter.service = "pay"
        default: break
        }
        #expect(filter.pick(Self.rows).count == count)
    }
}
