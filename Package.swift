// swift-tools-version: 6.2
import PackageDescription

// TELLTALE_CORE=1 leaves out everything that needs the network packages: the pure targets then build and
// test in seconds. The whole program needs it unset.
let coreOnly = Context.environment["TELLTALE_CORE"] == "1"

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A target of ours; `uses` are the only modules it may import (held by `make check`).
func house(_ name: String, uses: [Target.Dependency] = [], resources: [Resource] = [], exclude: [String] = [],
           more: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: uses, exclude: exclude, resources: resources, swiftSettings: settings + more)
}

func tests(_ name: String, uses: [Target.Dependency], resources: [Resource] = [], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: uses + ["TestSupport"], exclude: exclude, resources: resources, swiftSettings: settings)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

var dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
]

var targets: [Target] = [
    house("MeshModel"),
    house("WireFormats", uses: ["MeshModel"]),
    house("Profiles", uses: ["MeshModel", yams], resources: [.embedInCode("Builtin")]),
    house("Intake", uses: ["MeshModel", "WireFormats", "Profiles"]),
    house("SeriesStore", uses: ["MeshModel"]),
    house("CallGraph", uses: ["MeshModel"]),
    house("Diagnosis", uses: ["MeshModel", "CallGraph"]),
    house("Panels", uses: ["MeshModel", "Diagnosis"]),
    house("Engine", uses: ["MeshModel", "WireFormats", "SeriesStore", "CallGraph", "Diagnosis", "Panels"]),
    house("GraphLayout"),
    house("CellCanvas"),
    house("Dashboard", uses: ["MeshModel", "Panels", "CellCanvas", "GraphLayout"]),
    house("Reports", uses: ["MeshModel", "Diagnosis", "Panels", "CellCanvas", "Dashboard", "GraphLayout"]),
    .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw")]),
    house("TerminalDriver", uses: ["CellCanvas", "CNcurses"]),
    house("DemoMesh", uses: ["MeshModel", "WireFormats"]),
    house("TestSupport", uses: ["MeshModel", "CallGraph", "CellCanvas"]),

    tests("MeshModelTests", uses: ["MeshModel"]),
    tests("WireFormatsTests", uses: ["WireFormats", "MeshModel"]),
    tests("ProfilesTests", uses: ["Profiles", "MeshModel"]),
    tests("IntakeTests", uses: ["Intake", "WireFormats", "Profiles", "MeshModel"], exclude: ["Goldens"]),
    tests("SeriesStoreTests", uses: ["SeriesStore", "MeshModel"]),
    tests("CallGraphTests", uses: ["CallGraph", "Intake", "MeshModel"]),
    tests("DiagnosisTests", uses: ["Diagnosis", "CallGraph", "Intake", "Profiles", "MeshModel"]),
    tests("EngineTests", uses: ["Engine", "Diagnosis", "DemoMesh", "Intake", "Profiles", "Panels", "MeshModel"]),
    tests("GraphLayoutTests", uses: ["GraphLayout"]),
    tests("CellCanvasTests", uses: ["CellCanvas"]),
    tests("DashboardTests", uses: ["Dashboard", "Panels", "Diagnosis", "CellCanvas", "GraphLayout", "MeshModel"], exclude: ["Goldens"]),
    tests("ReportsTests", uses: ["Reports", "Panels", "Dashboard", "CellCanvas", "MeshModel", "Engine", "Intake", "Profiles", yams], exclude: ["Goldens"]),
    tests("TerminalDriverTests", uses: ["TerminalDriver", "CellCanvas"]),
    tests("DemoMeshTests", uses: ["DemoMesh", "Engine", "Intake", "Profiles", "Panels", "MeshModel"]),
]

var program: [Target.Dependency] = [
    "MeshModel", "WireFormats", "Profiles", "Intake", "Panels", "Engine", "CellCanvas", "Dashboard", "Reports", "TerminalDriver",
    "DemoMesh", yams, arguments,
]
var programSettings: [SwiftSetting] = []

if !coreOnly {
    dependencies += [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ]
    let network: [Target.Dependency] = [
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOHTTPCompression", package: "swift-nio-extras"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"), .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "GRPCCore", package: "grpc-swift-2"),
        .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport"),
        .product(name: "Logging", package: "swift-log"),
    ]
    targets += [
        house("Ingest", uses: ["MeshModel", "Intake", "Panels", yams] + network),
        tests("IngestTests", uses: ["Ingest", "Intake", "Profiles", "Panels", "MeshModel"] + network),
    ]
    program += ["Ingest"]
    programSettings += [.define("NETWORK")]
}

targets += [
    .executableTarget(name: "telltale", dependencies: program, resources: [.embedInCode("Themes")],
                      swiftSettings: settings + programSettings),
    tests("CommandLineTests", uses: [yams], exclude: ["Goldens"]),
]

// What `make bench` measures with; left out of everything else.
if Context.environment["TELLTALE_BENCH"] == "1" {
    func benchmark(_ name: String, _ folder: String, uses: [Target.Dependency]) -> Target {
        .executableTarget(name: name, dependencies: uses, path: "Benchmarks/\(folder)", swiftSettings: settings)
    }
    targets += [
        benchmark("telltale-frame-bench", "Frame", uses: ["MeshModel", "Profiles", "Intake", "Panels", "Engine", "CellCanvas", "Dashboard"]),
        benchmark("telltale-ingest-bench", "Ingest", uses: ["MeshModel", "Profiles", "Intake", "Panels", "Engine"]),
        benchmark("telltale-layout-bench", "Layout", uses: ["GraphLayout"]),
        benchmark("telltale-span-bench", "Spans", uses: ["MeshModel", "WireFormats", "Profiles", "Intake"]),
    ]
}

let package = Package(name: "telltale", dependencies: dependencies, targets: targets)
