// The live platform that a session's settings lead to. Nothing is sent here.
import AWS
import Atelier
import LocalStores
import PlatformActions
import PlatformStorage
import QueryService

/// How the live platform is reached, and what a run may spend on it.
struct PlatformTable: SettingsTable {
  @Setting(
    "Platform", "endpoint_url",
    "another address of the live platform's services, such as a sandbox's on this machine")
  var endpoint = ""
  @Setting("Platform", "ims_url", "another server that gives tokens of the live platform")
  var tokens = ""
  @Setting(
    "Platform", "poll_seconds", "seconds between two looks at what the live platform works on",
    in: 0.01...3600)
  var pollSeconds = 30.0
  @Setting(
    "Platform", "wait_minutes", "minutes after which nothing more is expected of the live platform",
    in: 0.01...10_080)
  var waitMinutes = 60.0
  @Setting(
    "Platform", "query_tls",
    "verify-full, or require: the certificate of Query Service is then not checked")
  var queryTLS = "verify-full"
  @Setting(
    "Platform", "query_ca", "file of trusted certificates of Query Service; empty: the system's")
  var queryCertificates = ""
  @Setting(
    "Platform", "query_host", "host:port of Query Service; empty: what the live platform names")
  var queryHost = ""
  @Setting("Platform", "ims_version", "form of the credential: v3, or v2 for an older one")
  var tokenVersion = "v3"
  @Setting(
    "Platform", "most_queries",
    "queries that a run may send to the live platform; 0: as many as it needs", in: 0...1_000_000)
  var queries = 0
  @Setting(
    "Platform", "most_segment_jobs",
    "evaluations of a segment that a run may start on the live platform, which has two a day; 0: as many as it needs",
    in: 0...1000)
  var segmentJobs = 0

  init() {}

  var limits: [CallBudget.Kind: Int] {
    [.query: queries, .segmentJob: segmentJobs].filter { $0.value > 0 }
  }
}

extension Session {
  /// The platform on which some steps of a run act; its clients are made when the first call is due.
  func livePlatform(_ local: LocalStore, _ use: RemoteUse) throws -> LivePlatform {
    let output = output
    let budget = CallBudget(limits: try PlatformTable(reading: configuration).limits) {
      output.message("note: \($0)")
    }
    let stack = try settings.string("AWS", "cfn_stack_id")
    return LivePlatform(intents: local.layout.platform, budget: budget) {
      let client = try platform(use)
      return PlatformServices(
        client: client, queries: QueryClient(client, try QuerySettings(configuration)),
        storage: BucketStorage(
          stack: stack, client: { try self.client($0, awsSettings(), use) },
          services: { try ServiceClients(awsSettings(), isCancelled: use.isCancelled) }))
    }
  }
}
