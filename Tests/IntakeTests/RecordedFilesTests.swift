import Glibc
@testable import Intake
import TestSupport
import Testing

@Suite struct RecordedFilesTests {
    /// Pages, spans and what stands beside them, told apart in one folder.
    @Test func foldersMayHoldBoth() throws {
        let folder = TemporaryFolder()
        func put(_ name: String, _ bytes: [UInt8]) { folder.write(bytes, to: name) }
        put("payment@1700000000.txt", Array("x_total 1\n".utf8))
        put("spans.otlp.gz", Fixture.bytes("spans/istio-spans.otlp.gz"))
        put("truth.json", Array("{\"a>b:200\": 1}".utf8))
        put("README.md", Array("# Recorded\n".utf8))
        let mixed = try RecordedFiles.sorted([folder.path])
        #expect(mixed.pages == [folder.path] && mixed.spans == [folder.path + "/spans.otlp.gz"])
        let named = try RecordedFiles.sorted([folder.path + "/spans.otlp.gz", folder.path + "/payment@1700000000.txt", folder.path + "/truth.json"])
        #expect(named.pages == [folder.path + "/payment@1700000000.txt"])
        #expect(named.spans == [folder.path + "/spans.otlp.gz", folder.path + "/truth.json"], "what is named itself is said to hold none")
        #expect(try RecordedFiles.sorted(["/no/such/folder"]).pages == ["/no/such/folder"])
    }
}
