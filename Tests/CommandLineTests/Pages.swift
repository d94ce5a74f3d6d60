/// Small pages as an Istio sidecar writes them.
enum Pages {
    /// `frontend` calls `cart`; seen by cart.
    static func cart(requests: Int, errors: Int = 0) -> String {
        let labels = """
            reporter="destination",source_workload="frontend-v1",source_canonical_service="frontend",source_canonical_revision="v1",\
            source_workload_namespace="shop",destination_workload="cart-v1",destination_workload_namespace="shop",\
            destination_canonical_service="cart",destination_canonical_revision="v1",destination_service="cart.shop.svc.cluster.local",\
            destination_service_name="cart",destination_service_namespace="shop",request_protocol="http",\
            connection_security_policy="mutual_tls"
            """
        return """
            # TYPE istio_requests_total counter
            istio_requests_total{\(labels),response_code="200",response_flags="-"} \(requests - errors)
            istio_requests_total{\(labels),response_code="503",response_flags="-"} \(errors)

            """
    }
}
