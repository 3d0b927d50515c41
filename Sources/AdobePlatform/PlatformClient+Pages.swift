// The kinds of paging that the platform's services have, each to its last page.
import Content
import HTTP

extension PlatformClient {
  /// Pages of a list before it counts as endless.
  static let mostPages = 10_000

  /// The entries of a list of Catalog by their ids, in the order of the answers' ids.
  ///
  /// A page is an object by id; one with fewer entries than were asked for is the last.
  package func catalogEntries(
    _ path: String, _ query: [QueryItem], pageSize: Int = 100
  ) throws -> [(id: String, value: JSONValue)] {
    var entries: [(id: String, value: JSONValue)] = []
    var known: Set<String> = []
    for _ in 0..<Self.mostPages {
      let page =
        query + [
          QueryItem("limit", "\(pageSize)"), QueryItem("start", "\(entries.count)"),
        ]
      guard let object = try get(path, page).object else {
        throw UnexpectedAnswer("GET \(path)", expected: "object of entries by id")
      }
      let before = entries.count
      for (id, value) in object.sorted(by: { $0.key < $1.key }) where known.insert(id).inserted {
        entries.append((id, value))
      }
      // An entry that is removed meanwhile moves the others: the next page then begins with new ones.
      guard object.count >= pageSize else { return entries }
      // A page with nothing new would be asked for without end.
      guard entries.count > before else { break }
    }
    throw UnexpectedAnswer("GET \(path)", expected: "last page")
  }

  /// The entries of a list of the Schema Registry, which names where its next page begins.
  ///
  /// No paging parameter is sent until an answer asks for it. A sandbox without entries has no `results`.
  package func registryEntries(
    _ path: String, _ query: [QueryItem] = [], accept: String
  ) throws -> [JSONValue] {
    var entries: [JSONValue] = []
    var paging: [QueryItem] = []
    for _ in 0..<Self.mostPages {
      let page = try get(path, query + paging, accept: accept)
      entries += page["results"]?.array ?? []
      let next = page["_page"]?["next"].flatMap(Self.text)
      guard let next, !next.isEmpty else { return entries }
      guard paging.first?.value != next else { break }
      paging = [QueryItem("start", next)]
      if let order = page["_page"]?["orderby"]?.string, !order.isEmpty,
        !query.contains(where: { $0.name == "orderby" })
      {
        paging.append(QueryItem("orderby", order))
      }
    }
    throw UnexpectedAnswer("GET \(path)", expected: "last page")
  }

  /// The entries of a list whose answers link to the next page (`_links.next.href`).
  ///
  /// A link is followed only to the service's own address, since the token goes with the request.
  package func linkedEntries(
    _ path: String, _ query: [QueryItem] = [], list: String, accept: String = "application/json"
  ) throws -> [JSONValue] {
    var entries: [JSONValue] = []
    var seen: Set<String> = []
    var (place, parameters) = (path, query)
    for _ in 0..<Self.mostPages {
      let page = try get(place, parameters, accept: accept)
      entries += page[list]?.array ?? []
      guard let href = page["_links"]?["next"]?["href"]?.string, !href.isEmpty else {
        return entries
      }
      guard seen.insert(href).inserted else { break }
      (place, parameters) = try link(href, from: path)
    }
    throw UnexpectedAnswer("GET \(path)", expected: "last page")
  }

  /// Path and query of a link in an answer.
  ///
  /// Links name Adobe's public host also where calls go to another endpoint; what they name is asked of
  /// our endpoint in any case.
  package func link(
    _ href: String, from path: String
  ) throws -> (path: String, query: [QueryItem]) {
    var rest = href[...]
    if let scheme = WebAddress.scheme(of: href) {
      let after = rest.dropFirst(scheme.count + 3)
      rest = after.drop { $0 != "/" && $0 != "?" }
    }
    let place = String(rest.prefix { $0 != "?" && $0 != "#" })
    let query = rest.dropFirst(place.count + 1).prefix { $0 != "#" }
    let items = query.split(separator: "&").compactMap { item -> QueryItem? in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decodeForm(String(parts[0])),
        let value = PercentEncoding.decodeForm(parts.count > 1 ? String(parts[1]) : "")
      else { return nil }
      return QueryItem(name, value)
    }
    guard place.isEmpty || place.hasPrefix("/"), href.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
    else { throw UnexpectedAnswer("GET \(path)", expected: "link within the platform") }
    // A path of a service alone, as some of them link, belongs behind the service's own.
    let isWhole = place.hasPrefix("/data/")
    return (place.isEmpty || !isWhole ? path : place, items)
  }

  static func text(_ value: JSONValue) -> String? { value.string ?? value.integer.map { "\($0)" } }
}

/// A part of a path, encoded.
package func pathPart(_ text: String) -> String { PercentEncoding.encode(text) }
