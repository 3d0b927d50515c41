// Reads a Data Wrangler flow as far as a flow document has its operators. It reads no file itself.
import Content
import Documents

/// The nodes of a `.flow` file.
struct WranglerFlow {
  private let nodes: [WranglerNode]
  private let root: DocumentMember
  private let bytes: [UInt8]
  private let settings: WranglerSettings

  /// Whether a document is one of Data Wrangler.
  static func isMeant(by root: DocumentMember) -> Bool {
    root.value["nodes"] != nil && root.value["format"] == nil
  }

  /// Reads the nodes of a document, which `bytes` are the text of.
  init(_ root: DocumentMember, _ bytes: [UInt8], _ settings: WranglerSettings) throws {
    (self.root, self.bytes, self.settings) = (root, bytes, settings)
    if let version = try root.optional("metadata")?.optional("version"),
      version.value != .integer(1)
    {
      throw version.expected("1, the version of Data Wrangler flows that is read")
    }
    nodes = try root.member("nodes").elements().map { try WranglerNode($0) }
    var seen: Set<String> = []
    for node in nodes where !seen.insert(node.id).inserted {
      throw node.error("two nodes have this node_id; give each its own")
    }
    for node in nodes {
      guard let input = node.input, !seen.contains(input) else { continue }
      throw node.error("reads the node '\(input)', which is not there")
    }
  }

  /// The outputs that no other node reads, as `<node_id>.default`.
  var outputs: [String] {
    let read = Set(nodes.compactMap(\.input))
    return nodes.map(\.id).filter { !read.contains($0) }.map { "\($0).default" }.sorted()
  }

  /// One output as a flow document.
  func document(of output: String) throws -> JSONValue {
    guard let last = nodes.first(where: { "\($0.id).default" == output }) else {
      throw try root.member("nodes").error(
        "there is no output '\(output)', but \(outputs.joined(separator: ", ")); set [Abalone] "
          + "output")
    }
    var table = WranglerTable(settings)
    for node in try chain(to: last) { try apply(node, &table) }
    return try table.document(of: last, output: output)
  }

  /// The nodes from the source to a node.
  private func chain(to last: WranglerNode) throws -> [WranglerNode] {
    var chain = [last]
    while let input = chain.last?.input, let node = nodes.first(where: { $0.id == input }) {
      guard chain.count <= nodes.count else {
        throw last.error("the nodes before it read each other in a circle")
      }
      chain.append(node)
    }
    return chain.reversed()
  }

  private func apply(_ node: WranglerNode, _ table: inout WranglerTable) throws {
    switch node.operation {
    case "s3_source_0.1": try table.read(node)
    case "infer_and_cast_type_0.1": try table.cast(node, order: columnOrder(of: node))
    case "custom_pandas_0.1": try table.run(node)
    case "encode_categorical_0.1": try table.encode(node)
    default:
      throw node.error(
        "this operator is not known; known are s3_source_0.1, infer_and_cast_type_0.1, "
          + "custom_pandas_0.1 and encode_categorical_0.1; " + WranglerNode.advice)
    }
  }

  /// The columns of a schema in the order of the text.
  private func columnOrder(of node: WranglerNode) -> [String] {
    let index = nodes.firstIndex { $0.id == node.id } ?? 0
    for group in ["trained_parameters", "parameters"] {
      let names = MemberOrder.names(
        at: [.member("nodes"), .element(index), .member(group), .member("schema")], in: bytes)
      if !names.isEmpty { return names }
    }
    return []
  }
}
