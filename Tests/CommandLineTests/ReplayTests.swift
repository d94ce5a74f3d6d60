import TestSupport
import Testing

/// Recordings at an instant: without a terminal, `snapshot --at` is what `replay` shows there.
struct ReplayTests {
    private static let spans = Fixture.folder + "/spans/istio-spans.otlp.gz"

    private func picture(_ arguments: String...) async -> String {
        let outcome = await Program.run(["snapshot", Self.spans, "--color", "never", "--size", "120x30"] + arguments)
        #expect(outcome.exit == 0 && outcome.errors.isEmpty)
        return outcome.output
    }

    @Test func theSameInstantIsTheSamePicture() async {
        for screen in ["overview", "services", "traces", "service:payment"] {
            let first = await picture("--at", "+12s", "--screen", screen)
            #expect(await picture("--at", "+12s", "--screen", screen) == first)
            #expect(await picture("--at", "-13.5s", "--screen", screen) != first)
        }
    }

    @Test func anInstantHasNoFuture() async {
        #expect(await picture("--at", "start", "--screen", "traces").contains("Latencies 1 trace"))
        #expect(await picture("--at", "end", "--screen", "traces").contains("Latencies 174 traces"))
    }

    @Test func wrongUseIsToldSo() async {
        for (arguments, words) in [
            (["replay"], "file"), (["replay", "/no/such/file"], "No such file"), (["replay", Self.spans, "--at", "noon"], "--at noon: use start, end"),
            (["replay", Self.spans, "--speed", "0"], "--speed is a number"), (["snapshot", Self.spans, "--at", "noon"], "--at noon: use start, end"),
            (["snapshot", "--demo", "--at", "noon"], "--at noon"),
        ] {
            let outcome = await Program.run(arguments)
            #expect(outcome.exit == 2 || outcome.exit == 3)
            #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
        }
    }
}
