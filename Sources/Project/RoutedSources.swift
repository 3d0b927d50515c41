// Objects elsewhere by the scheme of their URL. It sends no request of its own.
import Names
import RemoteSources

/// Objects in buckets, and batches of the platform.
struct RoutedSources: SourceObjects {
  let buckets: any SourceObjects
  let platform: any SourceObjects

  private func sources(of url: String) -> any SourceObjects {
    PlatformURL.isMeant(by: url) ? platform : buckets
  }

  func names(inFolder url: String) throws -> [String] {
    try sources(of: url).names(inFolder: url)
  }

  func head(_ url: String) throws -> ObjectMetadata? { try sources(of: url).head(url) }

  func resolve(_ url: String) throws -> SourceObject { try sources(of: url).resolve(url) }

  func fetch(_ object: SourceObject) throws { try sources(of: object.url).fetch(object) }

  func hasMoved(_ object: SourceObject) throws -> Bool {
    try sources(of: object.url).hasMoved(object)
  }
}
