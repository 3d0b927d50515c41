// Which place a workshop's files arrive at, and where the ledger of it lies.
import Atelier
import CSystem
import CommandLine
import Content
import Inbox
import LocalStores
import Names
import Project
import S3Store

struct WatchPlace {
  let landing: Landing
  let session: Session
  /// Seconds for which a file of a folder must have been left alone.
  let settle: Double
  private let kind: Kind

  private enum Kind {
    case folder(String)
    case bucket(S3URL)
  }

  init(_ session: Session, settle: Double) throws {
    guard let landing = session.workshop.landing else {
      throw UsageError(
        "the workshop \(session.workshop.name) does not process files that arrive")
    }
    self.landing = landing
    self.session = session
    self.settle = settle
    let value = try session.settings.string(landing.place.section, landing.place.key)
    guard !value.isEmpty else {
      throw SettingError(
        landing.place.section, landing.place.key,
        "empty; expected the inbox, where files arrive: a folder, or s3://bucket/prefix")
    }
    if let url = try session.settings.s3URL(landing.place.section, landing.place.key) {
      kind = .bucket(url)
    } else if value.hasPrefix("/") {
      kind = .folder(value)
    } else {
      let bucket = try session.settings.string("AWS", "s3_bucket_name")
      let prefix = try session.settings.string("AWS", "s3_prefix").split(separator: "/")
      let below = (prefix.map(String.init) + [value]).joined(separator: "/")
      kind =
        try session.usesBucket()
        ? .bucket(S3URL(bucket: bucket, key: below))
        : .folder("\(session.storeRoot())/\(bucket)/\(below)")
    }
  }

  /// The path or URL, for people.
  var shown: String {
    switch kind {
    case .folder(let path): path
    case .bucket(let place): place.description
    }
  }

  /// The ledger's name: of the workshop, and distinct for each place.
  func ledgerName() throws -> String {
    try "\(session.workshop.name)-\(Digest.of(Array(shown.utf8)).short)"
  }

  /// Makes the folder, so that something can arrive there.
  func prepare() throws {
    if case .folder(let path) = kind { try FileSystem.makeFolder(path) }
  }

  /// The place; what comes from a bucket passes through the store.
  func open(_ store: LocalStore, _ use: RemoteUse) throws -> any InboxLocation {
    let place: any InboxLocation
    switch kind {
    case .folder(let path): place = FolderInbox(path, settle: settle)
    case .bucket(let url): place = try session.landing(store, at: url, use)
    }
    return Wanted(place: place, endings: landing.endings)
  }

  /// Of a place only what has a wanted ending.
  private struct Wanted: InboxLocation {
    let place: any InboxLocation
    let endings: [String]

    var shown: String { place.shown }

    func objects() throws -> [InboxObject] {
      try place.objects().filter { object in
        endings.contains { object.name.lowercased().hasSuffix($0) }
      }
    }

    func copy(_ object: InboxObject, to path: String) throws -> Digest? {
      try place.copy(object, to: path)
    }
  }
}
