import MeshModel

/// Databases, caches and queues that tracers name by their bare name as the other side of a call: those of OpenTelemetry's `db.system.name`
/// and `messaging.system`, and what Zipkin's tracers call them.
enum KnownSystems {
    private static let databases = [
        "aerospike", "cassandra", "clickhouse", "cockroachdb", "couchbase", "couchdb", "db2", "dynamodb", "elasticsearch", "etcd", "firebird", "hbase", "influxdb",
        "mariadb", "memcache", "memcached", "mongo", "mongodb", "mssql", "mysql", "neo4j", "opensearch", "oracle", "postgres", "postgresql", "redis", "sqlite", "sqlserver", "valkey",
    ]
    private static let queues = ["activemq", "kafka", "nats", "pulsar", "rabbitmq", "rocketmq", "sqs"]

    static let all: [(name: String, kind: EntityClaim.Kind)] = databases.map { ($0, .database) } + queues.map { ($0, .queue) }
}
