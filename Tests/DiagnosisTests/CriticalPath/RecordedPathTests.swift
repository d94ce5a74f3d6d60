@testable import Diagnosis
import TestSupport
import Testing

/// Critical paths of recorded traces, written down by hand from their files.
@Suite struct RecordedPathTests {
    @Test(arguments: [
        ("case_2", "O1 0-10 O2 10-60 O1 60-100"),
        ("case_3", "O2 0-100"),
        ("case_4", "O1 0-10 O2 10-20 O3 20-30 O2 30-60 O1 60-100"),
        // O2 is as long as O1 and 10 late: its clock is moved. CRISP cuts it.
        ("case_7", "O2 0-40 O3 40-50 O2 50-100"),
        // O2 begins after O1 ended: its clock is moved too, beside O4, which ends later.
        ("case_9", "O1 0-60 O4 60-90 O1 90-100"),
        ("case_11", "O1 0-30 O2 30-60 O1 60-100"),
        ("case_12", "O1 0-10 O2 10-30 O4 30-50 O2 50-70 O1 70-100"),
        ("case_13", "O1 0-10 O2 10-30 O4 30-50 O2 50-70 O1 70-100"),
        // Its span "G" has no hexadecimal id and is left out; so in 18, 23 and 24 below.
        ("case_16", "O1 0-10 O2 10-20 O1 20-30 O4 30-40 O1 40-50 O5 50-60 O1 60-70 O6 70-100 O1 100-110"),
        ("case_17", "O1 0-20 O2 20-30 O3 30-50 O2 50-70 O1 70-80 O4 80-90 O1 90-100"),
        ("case_18", "O1 0-10 O2 10-30 O3 30-40 O2 40-50 O4 50-60 O2 60-70 O5 70-80 O2 80-110 O1 110-120 O6 120-220 O1 220-250"),
        // O3 (205-305) overlaps both its neighbours by 5 of 600: CRISP takes that for one after another, here it ran beside O4.
        ("case_20", "O1 0-10 O2 10-210 O1 210-300 O4 300-600"),
        ("case_21", "O1 0-10 O2 10-210 O1 210-300 O4 300-600"),
        ("case_22", "O1 0-50 O2 50-100 O1 100-150 O2 150-200 O1 200-250 O2 250-300"),
        ("case_23", "O1 0-50 O2 50-100 O3 100-150 O2 150-200 O3 200-250 O2 250-300 O3 300-350 O1 350-400 O2 400-700"),
        ("case_24", "O1 0-50 O2 50-100 O3 100-150 O2 150-200 O3 200-250 O2 250-300 O3 300-350 O1 350-400 O2 400-700"),
        ("err_pattern1_err1", "O1 0-70 O2 70-100"),
        ("err_pattern1_err2", "O1 0-70 O2 70-100"),
        ("err_pattern2_err1", "O1 0-70 O2 70-100"),
        ("err_pattern2_err2", "O1 0-70 O2 70-100"),
        ("err_pattern3_err1", "O2 0-70 O3 70-100"),
    ]) func ofCRISPsCases(_ name: String, _ expected: String) throws {
        let traces = try RecordedTraces("spans/jaeger/crisp/\(name).json", later: 1000)
        let tree = try #require(traces.trees.first)
        #expect(traces.trees.count == 1)
        #expect(traces.text(CriticalPath(tree, root: tree.entry), in: tree) == expected)
    }

    /// The exclusive times that CRISP itself expects of its larger cases, whole, by operation.
    @Test(arguments: [
        ([(-1, 0, 110), (0, 10, 20), (0, 15, 35), (0, 30, 40), (0, 50, 60), (0, 70, 100), (5, 80, 90)], [0, 1, 2, 3, 4, 5, 6], [50, 10, 0, 10, 10, 20, 10]),
        ([(-1, 0, 100), (0, 20, 70), (1, 30, 50), (0, 80, 90)], [0, 1, 2, 3], [40, 30, 20, 10]),
        ([(-1, 0, 250), (0, 10, 110), (1, 30, 40), (1, 50, 60), (1, 70, 80), (0, 120, 220), (5, 140, 200), (6, 150, 170), (6, 180, 190)],
         [0, 1, 2, 3, 4, 5, 6, 7, 8], [50, 70, 10, 10, 10, 40, 30, 20, 10]),
        ([(-1, 0, 300), (0, 50, 100), (0, 150, 200), (0, 250, 300)], [0, 1, 1, 1], [150, 150]),
        ([(-1, 0, 700), (0, 50, 350), (1, 100, 150), (1, 200, 250), (1, 300, 350), (0, 400, 700), (5, 450, 500), (5, 550, 600), (5, 650, 700)],
         [0, 1, 2, 2, 2, 1, 2, 2, 2], [100, 300, 300]),
    ] as [([(parent: Int32, from: Int64, to: Int64)], [Int32], [Int64])])
    func asCRISPSharesThemOut(_ spans: [(parent: Int32, from: Int64, to: Int64)], _ labels: [Int32], _ expected: [Int64]) {
        let tree = RandomTrees.tree(spans, labels: labels)
        var sums = [Int64](repeating: 0, count: expected.count)
        for section in CriticalPath(tree, root: 0).sections { sums[Int(labels[Int(section.place)])] += section.nanoseconds }
        #expect(sums == expected)
    }

    @Test(arguments: [
        // Who takes the message from the queue is not waited for.
        ("messaging", "get / 0-1356 publish 1356-1369 get / 1369-2839"),
        ("simple-db-p6", "http:/book 0-100468 call 100468-106519 http:/book 106519-179221 insert 179221-181635 http:/book 181635-197631 insert 197631-199664 "
            + "http:/book 199664-206963 insert 206963-208081 http:/book 208081-252016"),
        ("messaging2", "post 0-1976 extend-token 1976-3217 http:/parent/auth-service/v1/authentications/ 3217-6033 post 6033-7025 post 7025-28838 post 28838-29051"),
        // serviceb's clock is 66 ms slow: its half is put into the middle of servicea's.
        ("skew", "get 0-3134 post 3134-3615 post 3615-3616 async 3616-68616 post 68616-97192 post 97192-97673 get 97673-99411"),
        ("yelp", "post /location/update/v4 0-1646 post 1646-27641 post api proxy proxy 27641-30661 get my_cache_name_v2 30661-31654 post api proxy proxy 31654-31856 "
            + "txn: user_get_basic_and_scout_info 31856-32378 begin 32378-32823 txn: user_get_basic_and_scout_info 32823-33084 get user_details_cache-20150901 33084-34152 "
            + "txn: user_get_basic_and_scout_info 34152-34771 get_multi my_cache_name_v1 34771-35004 txn: user_get_basic_and_scout_info 35004-35250 commit 35250-35624 "
            + "txn: user_get_basic_and_scout_info 35624-35740 post api proxy proxy 35740-116576 post 116576-126646 post /location/update/v4 126646-131848"),
        ("envoy", "localhost:10000 0-127115"),
    ]) func ofZipkinsTraces(_ name: String, _ expected: String) throws {
        let traces = try RecordedTraces("spans/zipkin/\(name).json")
        let tree = try #require(traces.trees.first)
        #expect(traces.trees.count == 1)
        #expect(traces.text(CriticalPath(tree, root: tree.entry), in: tree) == expected)
    }

    @Test(arguments: ["spans/jaeger/crisp", "spans/jaeger/jaeger", "spans/zipkin", "spans/zipkin/collector", "spans/otlp/jaeger-ui", "spans/otlp/proto-examples"])
    func everyRecordedTraceIsTiled(_ folder: String) throws {
        for file in Fixture.files(in: folder, ending: ".json") {
            let traces = try RecordedTraces(file)
            #expect(!traces.trees.isEmpty, "\(file)")
            for tree in traces.trees {
                let paths = CriticalPath.ofEachRoot(tree)
                #expect(paths.contains { $0.root == Int32(tree.entry) })
                for path in paths { #expect(CriticalPathTests.tiles(path, tree), "\(file)") }
            }
        }
    }

    /// Four spans of proxies a hop, 174 requests through a fleet in which some payments fail.
    @Test func aFleetsTracesAddUpToWhatTheyLasted() throws {
        let traces = try RecordedTraces("spans/istio-spans.otlp.gz")
        #expect(traces.trees.count == 174)
        var paths = CallPaths()
        let digests = traces.trees.map { LatencyDigest($0, root: $0.entry, paths: &paths) }
        for (digest, tree) in zip(digests, traces.trees) {
            #expect(CriticalPathTests.tiles(CriticalPath(tree, root: tree.entry), tree))
            #expect(digest.parts.reduce(0) { $0 + $1.critical } == tree.end[tree.entry] - tree.start[tree.entry])
        }
        let answer = AggregatePath(digests, paths: paths)
        let entry = try #require(answer.entries.first)
        #expect(abs(answer.labels(of: entry).reduce(0) { $0 + $1.critical } - 1) < 1e-9)
    }
}
