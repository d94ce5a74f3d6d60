import Intake
import MeshModel

#if NETWORK
import Ingest

/// The live sources named on the command line.
struct LiveSources: Sendable {
    private let scraper: Scraper
    private let lists: [TargetSource]
    private let job: ScrapeJob
    private let receivers: Receivers

    /// - Parameter listens: on the default ports too, where that is not forbidden.
    init(_ options: SourceOptions, intake: Intake, sink: any SampleSink & SpanSink, listens: Bool = false) async throws {
        job = try options.job()
        lists = options.targets.map { [job] in TargetSource($0, tls: job.tls) }
        let tls = try Self.tls(options.receivers, listens: listens)
        receivers = Receivers(limits: ReceiverLimits(memory: options.maxMemory.bytes), tls: tls)
        scraper = Scraper(intake: intake, sink: sink)
        do {
            var urls: [ScrapeTarget] = []
            for url in options.scrape { urls.append(try Self.target(url)) }
            try scraper.update(list: "--scrape", job: job, targets: urls)
            for list in lists { try scraper.update(list: list.location, job: job, targets: try await list.read()) }
            for kind in Receivers.Kind.allCases { try await listen(kind, options.receivers, intake: intake, sink: sink, byDefault: listens) }
        } catch {
            await scraper.shutdown()
            await receivers.stop()
            throw Failure(message: error.description, code: .usage)
        }
    }

    /// An address that was asked for and is not to be had ends the program; of a default one the sources tell.
    private func listen(_ kind: Receivers.Kind, _ options: ReceiverOptions, intake: Intake, sink: any SampleSink & SpanSink, byDefault: Bool) async throws(IngestError) {
        let given = switch kind {
        case .otlpGRPC: options.otlpGrpc
        case .otlpHTTP: options.otlpHttp
        case .zipkin: options.zipkin
        }
        guard given != nil || (byDefault && !options.noReceivers) else { return }
        let address: ListenAddress
        do {
            address = try given.map { text throws(IngestError) in try ListenAddress(parsing: text) } ?? ListenAddress(host: "127.0.0.1", port: kind.defaultPort)
        } catch {
            throw IngestError("--\(kind.rawValue) \(error.description)")
        }
        if options.receiverTlsCert == nil, !address.isLoopback {
            Console.warn("--\(kind.rawValue) \(address): whoever reaches this address may send, unencrypted; see --receiver-tls-cert and --receiver-tls-client-ca")
        }
        let spans = SpanIntake(intake, name: "\(kind.rawValue) \(address)", spans: sink, sources: sink)
        do {
            try await receivers.start(kind, address, spans)
        } catch {
            guard given == nil else { throw IngestError("--\(kind.rawValue) \(address): \(error.description)") }
            spans.isNotListening(error.description)
        }
    }

    private static func tls(_ options: ReceiverOptions, listens: Bool) throws -> ReceiverTLS? {
        let files = ReceiverTLS.Files(certificate: options.receiverTlsCert, key: options.receiverTlsKey, clientAuthority: options.receiverTlsClientCa)
        if files != ReceiverTLS.Files(), !options.isAny, !listens || options.noReceivers {
            throw Failure(message: "the --receiver-tls options are for receivers, and none listens: name one with --otlp-grpc, --otlp-http or --zipkin", code: .usage)
        }
        do {
            return try ReceiverTLS.load(files)
        } catch {
            throw Failure(message: error.description, code: .usage)
        }
    }

    private static func target(_ url: String) throws(IngestError) -> ScrapeTarget {
        do {
            return try ScrapeTarget(url: url)
        } catch {
            throw IngestError("--scrape \(error.description)")
        }
    }

    func scrapeAll() async { await scraper.scrapeAll() }
    func start() { scraper.start() }
    func shutdown() async {
        await receivers.stop()
        await scraper.shutdown()
    }

    /// Follows the target lists until the task is cancelled. A list that became unreadable is shown among the sources, and
    /// `failed` hears of it.
    func watch(failed: @escaping @Sendable (String) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for list in lists {
                group.addTask { [scraper, job] in
                    await list.watch { targets in
                        do throws(IngestError) {
                            try scraper.update(list: list.location, job: job, targets: targets)
                            scraper.note(list: list.location, problem: nil)
                        } catch {
                            scraper.note(list: list.location, problem: error)
                            failed(error.description)
                        }
                    } failed: { error in
                        scraper.note(list: list.location, problem: error)
                        failed(error.description)
                    }
                }
            }
        }
    }
}

extension SourceOptions {
    func job() throws -> ScrapeJob {
        var job = ScrapeJob(name: "scrape", intervalSeconds: interval.value, timeoutSeconds: timeout?.value)
        job.tls.caFile = tlsCa
        job.tls.certificateFile = tlsCert
        job.tls.keyFile = tlsKey
        job.tls.skipsVerification = tlsInsecure
        job.acceptsGzip = gzip
        if let authBasic {
            guard authBasic.contains(":") else { throw Failure(message: "--auth-basic takes USER:PASSWORD", code: .usage) }
            job.authorization = "Basic " + Base64.encoded(Array(authBasic.utf8))
        } else if let authBearerFile {
            let bytes: [UInt8]
            do {
                bytes = try PageFiles.contents(authBearerFile)
            } catch {
                throw Failure(message: "--auth-bearer-file \(error.description)", code: .usage)
            }
            let token = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }.first.map(String.init) ?? ""
            guard !token.isEmpty else { throw Failure(message: "--auth-bearer-file \(authBearerFile): no token in it", code: .usage) }
            job.authorization = "Bearer " + token
        }
        return job
    }
}
#else
struct LiveSources: Sendable {
    init(_ options: SourceOptions, intake: Intake, sink: any SampleSink & SpanSink, listens: Bool = false) async throws {
        guard options.hasLiveSources else { return }
        throw Failure(message: "this build has no network part: it reads files and the demo mesh", code: .usage)
    }
    func scrapeAll() async {}
    func start() {}
    func shutdown() async {}
    func watch(failed: @escaping @Sendable (String) -> Void) async {}
}
#endif
