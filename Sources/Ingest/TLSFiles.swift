import Glibc
import NIOSSL

/// Certificates and keys as the command line names them; whatever is wrong with them is said before anything is scraped or received.
enum TLSFiles {
    static func configuration(_ options: ScrapeJob.TLS) throws(IngestError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = options.caFile { tls.trustRoots = .certificates(try certificates(file, flag: "--tls-ca")) }
        if let file = options.certificateFile {
            guard let keyFile = options.keyFile else { throw IngestError("--tls-cert \(file) needs its key: add --tls-key FILE") }
            tls.certificateChain = try certificates(file, flag: "--tls-cert").map { .certificate($0) }
            tls.privateKey = .privateKey(try privateKey(keyFile, flag: "--tls-key"))
            // The pair is put together once here: a key that is not the certificate's is found now, not at each scrape.
            do {
                _ = try NIOSSLContext(configuration: tls)
            } catch {
                throw IngestError("--tls-key \(keyFile) is not the key of --tls-cert \(file)")
            }
        } else if let keyFile = options.keyFile {
            throw IngestError("--tls-key \(keyFile) needs its certificate: add --tls-cert FILE")
        }
        if options.skipsVerification { tls.certificateVerification = .none }
        return tls
    }

    static func certificates(_ file: String, flag: String) throws(IngestError) -> [NIOSSLCertificate] {
        let bytes = try contents(file, flag: flag)
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw IngestError("\(flag) \(file): no PEM certificate in it")
        }
        return certificates
    }

    static func privateKey(_ file: String, flag: String) throws(IngestError) -> NIOSSLPrivateKey {
        let bytes = try contents(file, flag: flag)
        let text = String(decoding: bytes, as: UTF8.self)
        guard !text.contains("BEGIN ENCRYPTED PRIVATE KEY"), !text.contains("Proc-Type: 4,ENCRYPTED") else {
            throw IngestError("\(flag) \(file): the key is encrypted, and nobody is asked for its passphrase: write it plain with openssl pkey -in \(file) -out FILE")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else { throw IngestError("\(flag) \(file): no PEM private key in it") }
        return key
    }

    static func contents(_ file: String, flag: String) throws(IngestError) -> [UInt8] {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IngestError("\(flag) \(file): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var got = 0
        repeat {
            bytes += [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
                got = read(descriptor, buffer.baseAddress, buffer.count)
                count = max(got, 0)
            }
        } while got > 0 && bytes.count < mostBytes
        guard got >= 0 else { throw IngestError("\(flag) \(file): \(String(cString: strerror(errno)))") }
        return bytes
    }

    /// Far more than the system's whole list of authorities takes.
    private static let mostBytes = 16 << 20
}
