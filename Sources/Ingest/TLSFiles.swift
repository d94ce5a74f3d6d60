import Glibc
import NIOSSL

/// Certificates and keys as the command line names them; whatever is wrong with them is said before anything is scraped.
enum TLSFiles {
    static func configuration(_ options: ScrapeJob.TLS) throws(IngestError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = options.caFile { tls.trustRoots = .certificates(try certificates(file, flag: "--tls-ca")) }
        if let file = options.certificateFile {
            guard let keyFile = options.keyFile else { throw IngestError("--tls-cert \(file) needs its key: add --tls-key FILE") }
            tls.certificateChain = try certificates(file, flag: "--tls-cert").map { .certificate($0) }
            try checkReadable(keyFile, flag: "--tls-key")
            do {
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: keyFile, format: .pem))
            } catch {
                throw IngestError("--tls-key \(keyFile): no PEM private key in it")
            }
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

    private static func certificates(_ file: String, flag: String) throws(IngestError) -> [NIOSSLCertificate] {
        try checkReadable(file, flag: flag)
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
            throw IngestError("\(flag) \(file): no PEM certificate in it")
        }
        return certificates
    }

    private static func checkReadable(_ file: String, flag: String) throws(IngestError) {
        guard access(file, R_OK) == 0 else { throw IngestError("\(flag) \(file): \(String(cString: strerror(errno)))") }
    }
}
