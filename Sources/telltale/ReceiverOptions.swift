import ArgumentParser

/// Where spans are received. The dashboard listens on the default ports of loopback without being told; other commands only where told.
struct ReceiverOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Receive OTLP over gRPC here. (the dashboard's default: 127.0.0.1:4317)", valueName: "host:port"))
    var otlpGrpc: String?

    @Option(help: ArgumentHelp("Receive OTLP over HTTP here. (the dashboard's default: 127.0.0.1:4318)", valueName: "host:port"))
    var otlpHttp: String?

    @Option(help: ArgumentHelp("Receive Zipkin spans here. (the dashboard's default: 127.0.0.1:9411)", valueName: "host:port"))
    var zipkin: String?

    @Option(help: ArgumentHelp("PEM file with the certificate that receivers answer with; all of them then speak TLS only.", valueName: "file"))
    var receiverTlsCert: String?

    @Option(help: ArgumentHelp("PEM file with that certificate's key.", valueName: "file"))
    var receiverTlsKey: String?

    @Option(help: ArgumentHelp("PEM file with the authorities whose clients may send; without a certificate of theirs nobody may.", valueName: "file"))
    var receiverTlsClientCa: String?

    @Flag(help: "Do not listen unless an address is given.")
    var noReceivers = false

    var isAny: Bool { otlpGrpc != nil || otlpHttp != nil || zipkin != nil }
}
