import Ingest
import Testing

/// What receivers show their clients: every wrong set of files is said with flag, file and what to do.
@Suite(.enabled(if: TestCertificates.areThere, "openssl is not here")) struct ReceiverTLSTests {
    let folder = TemporaryFolder()

    private static var certificate: String { TestCertificates.certificate("server") }
    private static var key: String { TestCertificates.key("server") }

    private func sentence(_ files: ReceiverTLS.Files) -> String? {
        do {
            _ = try ReceiverTLS.load(files)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func noFilesAreNoTLS() throws { #expect(try ReceiverTLS.load(.init()) == nil) }

    @Test func aPairWithOrWithoutAnAuthorityIsGood() throws {
        #expect(try ReceiverTLS.load(.init(certificate: Self.certificate, key: Self.key)) != nil)
        #expect(try ReceiverTLS.load(.init(certificate: Self.certificate, key: Self.key, clientAuthority: TestCertificates.authority)) != nil)
    }

    @Test func whatIsMissingIsNamedWithItsFlag() {
        #expect(sentence(.init(certificate: "a.pem")) == "--receiver-tls-cert a.pem needs its key: add --receiver-tls-key FILE")
        #expect(sentence(.init(key: "a.key")) == "--receiver-tls-key a.key needs its certificate: add --receiver-tls-cert FILE")
        #expect(sentence(.init(clientAuthority: "ca.pem"))
                == "--receiver-tls-client-ca ca.pem needs a certificate to answer with: add --receiver-tls-cert FILE and --receiver-tls-key FILE")
    }

    @Test func whatIsNotInAFileIsSaid() {
        let (empty, missing) = (folder.write("empty.pem", ""), "\(folder.path)/missing.pem")
        #expect(sentence(.init(certificate: missing, key: Self.key)) == "--receiver-tls-cert \(missing): No such file or directory")
        #expect(sentence(.init(certificate: folder.path, key: Self.key)) == "--receiver-tls-cert \(folder.path): Is a directory")
        #expect(sentence(.init(certificate: empty, key: Self.key)) == "--receiver-tls-cert \(empty): no PEM certificate in it")
        #expect(sentence(.init(certificate: Self.certificate, key: missing)) == "--receiver-tls-key \(missing): No such file or directory")
        #expect(sentence(.init(certificate: Self.certificate, key: Self.certificate)) == "--receiver-tls-key \(Self.certificate): no PEM private key in it")
        #expect(sentence(.init(certificate: Self.certificate, key: Self.key, clientAuthority: empty)) == "--receiver-tls-client-ca \(empty): no PEM certificate in it")
    }

    @Test func aKeyOfAnotherCertificateIsSaid() {
        let other = TestCertificates.key("client")
        #expect(sentence(.init(certificate: Self.certificate, key: other)) == "--receiver-tls-key \(other) is not the key of --receiver-tls-cert \(Self.certificate)")
    }

    @Test(arguments: ["ENCRYPTED PRIVATE KEY-----\nAAAA\n", "RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"])
    func anEncryptedKeyIsSaid(_ text: String) {
        let file = folder.write("locked.key", "-----BEGIN " + text)
        #expect(sentence(.init(certificate: Self.certificate, key: file))
                == "--receiver-tls-key \(file): the key is encrypted, and nobody is asked for its passphrase: write it plain with openssl pkey -in \(file) -out FILE")
    }

    @Test(arguments: [("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("0.0.0.0", false), ("::", false), ("10.0.0.1", false)])
    func loopbackIsKnown(_ host: String, _ isLoopback: Bool) { #expect(ListenAddress(host: host, port: 1).isLoopback == isLoopback) }
}
