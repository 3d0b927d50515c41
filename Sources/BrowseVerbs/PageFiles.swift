// The files of the page, which are part of the program.
import Content

/// One file of the page.
struct PageFile: Sendable {
  let mediaType: String
  let bytes: [UInt8]
  /// The digest of the bytes, as a header has it.
  let tag: String

  private init(_ mediaType: String, _ bytes: [UInt8]) throws {
    self.mediaType = mediaType
    self.bytes = bytes
    tag = "\"\(try Digest.of(bytes).hex)\""
  }

  /// All files by their path below the page's.
  ///
  /// Throws where the system's SHA-256 fails.
  static func all() throws -> [String: PageFile] {
    let script = "text/javascript; charset=utf-8"
    return [
      "": try PageFile("text/html; charset=utf-8", PackageResources.index_html),
      "page.css": try PageFile("text/css; charset=utf-8", PackageResources.page_css),
      "icon.svg": try PageFile("image/svg+xml", PackageResources.icon_svg),
      "main.js": try PageFile(script, PackageResources.main_js),
      "elements.js": try PageFile(script, PackageResources.elements_js),
      "table.js": try PageFile(script, PackageResources.table_js),
      "filter.js": try PageFile(script, PackageResources.filter_js),
      "graph.js": try PageFile(script, PackageResources.graph_js),
      "runs.js": try PageFile(script, PackageResources.runs_js),
      "run.js": try PageFile(script, PackageResources.run_js),
      "parts.js": try PageFile(script, PackageResources.parts_js),
      "compare.js": try PageFile(script, PackageResources.compare_js),
      "lists.js": try PageFile(script, PackageResources.lists_js),
    ]
  }
}
