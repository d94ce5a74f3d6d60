/// HTTP status codes in words (RFC 9110 §15, RFC 6585), and what proxies add to them.
enum ResponseCode {
    static func words(_ code: UInt16) -> String { table[code] ?? classes[code < 10 ? code : code / 100] ?? "unknown code" }

    private static let table: [UInt16: String] = [
        0: "no response: connection or caller gone", 200: "OK", 201: "created", 202: "accepted", 204: "no content", 206: "partial content",
        301: "moved permanently", 302: "found elsewhere", 303: "see other", 304: "not modified", 307: "temporary redirect", 308: "permanent redirect",
        400: "bad request", 401: "not authenticated", 403: "forbidden", 404: "not found", 405: "method not allowed", 406: "not acceptable",
        408: "request timeout", 409: "conflict", 410: "gone", 411: "length required", 412: "precondition failed", 413: "content too large",
        414: "URI too long", 415: "unsupported media type", 416: "range not satisfiable", 417: "expectation failed", 421: "misdirected request",
        422: "unprocessable content", 423: "locked", 425: "too early", 426: "upgrade required", 428: "precondition required", 429: "too many requests",
        431: "header fields too large", 451: "unavailable for legal reasons", 499: "the caller closed the request", 500: "internal server error",
        501: "not implemented", 502: "bad gateway", 503: "service unavailable", 504: "gateway timeout", 505: "HTTP version not supported", 507: "insufficient storage",
        511: "network authentication required",
    ]

    private static let classes: [UInt16: String] = [1: "informational", 2: "success", 3: "redirect", 4: "client error", 5: "server error"]
}
