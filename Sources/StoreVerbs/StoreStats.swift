// `atelier store stats`: how much the store holds, and how fast this machine hashes.
import CommandLine
import Content
import FileTools
import LocalStores
import Project
import StoreMaintenance
import Terminal

struct StoreStats: Verb {
  let name = "stats"
  let summary = "what the store holds, and the speed of this machine's SHA-256"
  let details = """
    Every byte that enters the store is hashed once, so the speed of SHA-256 limits how fast files get
    in. It is measured for 0.4 s: on one core, as for one large file, and on all cores, as for many
    files. Processors without SHA extensions are 3 to 5 times slower.
    """
  let examples = [Example("atelier store stats", "size of the store, and GB/s")]
  let json = Shared.json

  var parameters: [any Parameter] { [json] }

  func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let call = StoreCall(call: call, context: context, isJSON: call[json])
    let store = try call.session().store(readOnly: true)
    defer { try? store.close() }
    let held = try StoreStatistics(store)
    let speed = try HashSpeed()
    if call.isJSON {
      var fields: [String: JSONValue] = [
        "store": .string(store.layout.root), "blobs": .integer(Int64(held.blobs)),
        "bytes": .integer(held.bytes), "results": .integer(Int64(held.results)),
        "runs": .integer(Int64(held.runs)), "trees": .integer(Int64(held.treeFolders)),
        "cores": .integer(Int64(speed.cores)), "sha256OneCore": .integer(Int64(speed.one)),
        "sha256AllCores": .integer(Int64(speed.all)),
      ]
      fields["shaExtensions"] = speed.hasExtensions.map { .bool($0) }
      try call.event("stats", fields)
      return ExitCode.success
    }
    try call.output.data(
      """
      store     \(store.layout.root)
      blobs     \(held.blobs) (\(Text.size(held.bytes)))
      results   \(held.results)
      runs      \(held.runs)
      trees     \(held.treeFolders) laid out as folders
      SHA-256   \(Self.speed(speed))

      """)
    return ExitCode.success
  }

  private static func speed(_ speed: HashSpeed) -> String {
    let extensions =
      speed.hasExtensions.map { $0 ? "with SHA extensions" : "without SHA extensions" }
      ?? "SHA extensions not known"
    let all =
      speed.cores == 1 ? "" : ", \(Text.fixed(speed.all / 1e9, 2)) GB/s on \(speed.cores) cores"
    return "\(Text.fixed(speed.one / 1e9, 2)) GB/s on one core\(all); \(extensions)"
  }
}
