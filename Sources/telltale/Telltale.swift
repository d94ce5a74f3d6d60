import ArgumentParser

@main
struct Telltale: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telltale",
        abstract: "Shows how traffic really flows through a service mesh.",
        discussion: "Point it at a proxy fleet, or at recorded pages: rates, errors and latency per service, pod and node.",
        version: "0.1.0",
        subcommands: [ServicesCommand.self, PodsCommand.self, NodesCommand.self, EdgesCommand.self])
}
