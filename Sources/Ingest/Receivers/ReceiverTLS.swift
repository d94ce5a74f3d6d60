import GRPCNIOTransportHTTP2
import NIOSSL

/// What receivers show their clients, and whether they ask them for a certificate: read and checked once, before anything listens.
package struct ReceiverTLS: Sendable {
    /// As the command line names them.
    package struct Files: Sendable, Equatable {
        package var certificate: String?
        package var key: String?
        package var clientAuthority: String?

        package init(certificate: String? = nil, key: String? = nil, clientAuthority: String? = nil) {
            (self.certificate, self.key, self.clientAuthority) = (certificate, key, clientAuthority)
        }
    }

    private let certificates: [UInt8]
    private let key: [UInt8]
    private let authorities: [UInt8]?
    /// For HTTP/1.1.
    let http: TLSConfiguration

    /// - Returns: nil where none of the files is named: receivers then speak plain text.
    /// - Throws: what is wrong with them, with the flag and the file.
    package static func load(_ files: Files) throws(IngestError) -> ReceiverTLS? {
        guard let certificate = files.certificate else {
            if let key = files.key { throw IngestError("--receiver-tls-key \(key) needs its certificate: add --receiver-tls-cert FILE") }
            if let authority = files.clientAuthority {
                throw IngestError("--receiver-tls-client-ca \(authority) needs a certificate to answer with: add --receiver-tls-cert FILE and --receiver-tls-key FILE")
            }
            return nil
        }
        guard let key = files.key else { throw IngestError("--receiver-tls-cert \(certificate) needs its key: add --receiver-tls-key FILE") }
        return try ReceiverTLS(certificate: certificate, key: key, clientAuthority: files.clientAuthority)
    }

    private init(certificate: String, key: String, clientAuthority: String?) throws(IngestError) {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try TLSFiles.certificates(certificate, flag: "--receiver-tls-cert").map { .certificate($0) },
            privateKey: .privateKey(try TLSFiles.privateKey(key, flag: "--receiver-tls-key")))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        if let clientAuthority {
            tls.trustRoots = .certificates(try TLSFiles.certificates(clientAuthority, flag: "--receiver-tls-client-ca"))
            // A client is known by its authority; by which name it goes is of no account here. Without a certificate it is refused.
            tls.certificateVerification = .noHostnameVerification
        }
        do {
            _ = try NIOSSLContext(configuration: tls)
        } catch {
            throw IngestError("--receiver-tls-key \(key) is not the key of --receiver-tls-cert \(certificate)")
        }
        http = tls
        certificates = try TLSFiles.contents(certificate, flag: "--receiver-tls-cert")
        self.key = try TLSFiles.contents(key, flag: "--receiver-tls-key")
        authorities = try clientAuthority.map { file throws(IngestError) in try TLSFiles.contents(file, flag: "--receiver-tls-client-ca") }
    }

    var grpc: HTTP2ServerTransport.Posix.TransportSecurity {
        .tls(certificateChain: [.bytes(certificates, format: .pem)], privateKey: .bytes(key, format: .pem)) { tls in
            guard let authorities else { return }
            tls.trustRoots = .certificates([.bytes(authorities, format: .pem)])
            tls.clientCertificateVerification = .noHostnameVerification
        }
    }
}
