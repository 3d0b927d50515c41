// EFS: file systems that others made, and their mount targets.
import AWS
import Content
import HTTP

/// A file system.
package struct NetworkFileSystem: Sendable, Hashable {
  package var id: String
  /// Bytes, as last measured by EFS.
  package var size: Int64
  /// Tags by key.
  package var tags: [String: String]
}

/// A thin client of EFS; every call blocks and throws as `ServiceClient.send` does.
package struct FileSystemClient: Sendable {
  private static let root = "/2015-02-01"

  package var service: ServiceClient

  package init(_ service: ServiceClient) { self.service = service }

  /// All file systems of the region.
  package func fileSystems() throws -> [NetworkFileSystem] {
    try all("file-systems", "FileSystems").compactMap { entry in
      guard let id = entry["FileSystemId"]?.string else { return nil }
      let tags = (entry["Tags"]?.array ?? []).compactMap { tag in
        tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") }
      }
      return NetworkFileSystem(
        id: id, size: entry["SizeInBytes"]?["Value"]?.integer ?? 0,
        tags: Dictionary(tags) { first, _ in first })
    }
  }

  /// The ids of the mount targets of a file system; none where it is gone.
  package func mountTargets(of fileSystem: String) throws -> [String] {
    do {
      return try all("mount-targets", "MountTargets", [QueryItem("FileSystemId", fileSystem)])
        .compactMap { $0["MountTargetId"]?.string }
    } catch let fault as ServiceFault where fault.code == "FileSystemNotFound" {
      return []
    }
  }

  /// Begins to remove a mount target; one that is gone is fine.
  package func delete(mountTarget id: String) throws {
    try delete("mount-targets/\(id)", unless: "MountTargetNotFound")
  }

  /// Removes a file system with all that is in it; one that is gone is fine.
  package func delete(fileSystem id: String) throws {
    try delete("file-systems/\(id)", unless: "FileSystemNotFound")
  }

  private func delete(_ path: String, unless code: String) throws {
    do {
      _ = try service.rest("DELETE", "\(Self.root)/\(path)")
    } catch let fault as ServiceFault where fault.code == code {
      return
    }
  }

  private func all(
    _ path: String, _ list: String, _ items: [QueryItem] = []
  ) throws -> [JSONValue] {
    var entries: [JSONValue] = []
    var marker: [QueryItem] = []
    while true {
      let page = try service.rest("GET", "\(Self.root)/\(path)", query: items + marker)
      entries += page[list]?.array ?? []
      guard let next = page["NextMarker"]?.string, !next.isEmpty else { return entries }
      marker = [QueryItem("Marker", next)]
    }
  }
}
