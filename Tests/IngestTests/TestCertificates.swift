import Glibc
import NIOSSL

/// Certificates and keys for one run of the tests, made by openssl. `server` and `expired` stand for localhost and 127.0.0.1,
/// `elsewhere` for another name; `stranger` is of an authority that nobody trusts.
enum TestCertificates {
    /// False where there is no openssl: what needs certificates is then left out, and said to be.
    static let areThere: Bool = {
        folder.write("make", recipe)
        atexit { TestCertificates.folder.remove() }
        return system("cd '\(folder.path)' && sh ./make >/dev/null 2>&1") == 0
    }()
    private static let folder = TemporaryFolder()

    static var authority: String { "\(folder.path)/authority.pem" }
    static func certificate(_ name: String) -> String { "\(folder.path)/\(name).pem" }
    static func key(_ name: String) -> String { "\(folder.path)/\(name).key" }

    private static let recipe = """
        set -e
        new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
        authority() { openssl req -x509 $new -keyout $1.key -out $1.pem -subj /CN=$1 -days 2 -addext keyUsage=critical,keyCertSign; }
        leaf() {
            openssl req $new -keyout $1.key -out $1.csr -subj /CN=$1
            echo subjectAltName=$3 >$1.ext
            openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days $4 -extfile $1.ext -out $1.pem
        }
        authority authority
        authority other
        leaf server authority DNS:localhost,IP:127.0.0.1 1
        leaf elsewhere authority DNS:elsewhere.example 1
        leaf expired authority DNS:localhost,IP:127.0.0.1 -1
        leaf client authority DNS:client 1
        leaf stranger other DNS:stranger 1
        """

    /// What a server of that name presents.
    /// - Parameter wantsClient: only clients of the authority are let in.
    static func context(_ name: String = "server", wantsClient: Bool = false) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate(name)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: key(name), format: .pem)))
        if wantsClient {
            tls.certificateVerification = .noHostnameVerification
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
        }
        return try NIOSSLContext(configuration: tls)
    }
}
