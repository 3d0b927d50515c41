// The tables of the index, on one SQLite file. It knows nothing of what is pending in memory.
//
// Rows of digests and results carry a checksum over their fields, in the column `seal`: SQLite has none,
// and a damaged row must be worth no more than a missing one. Hence no flush to the device is needed
// either. A row of a tree is itself a digest that is compared with what the files look like now.
import CSQLite
import CSystem
import Content
import FileTools

/// A stat memo row: the digest of the file with that identity.
package struct MemoRow {
  package let identity: FileIdentity
  package let digest: Digest
  /// For people who read the index; may be empty.
  package let path: String

  package init(identity: FileIdentity, digest: Digest, path: String) {
    self.identity = identity
    self.digest = digest
    self.path = path
  }
}

struct IndexDatabase {
  private static let schema = 2

  private let connection: SQLiteConnection
  private let selectMemo: SQLiteStatement
  private let insertMemo: SQLiteStatement?
  private let selectAction: SQLiteStatement
  private let insertAction: SQLiteStatement?
  /// In WAL mode a read transaction can stay open without standing in a writer's way.
  private let holdsReads: Bool
  private var readsSince: Int64?

  init(path: String, readOnly: Bool, onNetwork: Bool) throws(SQLiteError) {
    if !readOnly { Self.makeFile(path) }
    // To open a pipe would wait for its other end.
    if let status = try? FileStatus(path, followingLinks: true), status.kind != .file {
      throw SQLiteError(code: SQLITE_CANTOPEN, message: "it is \(status.name), expected a file")
    }
    let connection = try SQLiteConnection(
      uri: Self.uri(path, readOnly: readOnly), readOnly: readOnly)
    self.connection = connection
    holdsReads = !onNetwork
    if readOnly {
      guard try Self.version(of: connection) == Self.schema else {
        throw SQLiteError(code: SQLITE_SCHEMA, message: "another schema")
      }
    } else {
      try Self.prepare(connection, onNetwork: onNetwork)
    }
    selectMemo = try connection.prepare(
      "SELECT size, mtime, ctime, digest, seal FROM memo WHERE device = ? AND inode = ?")
    selectAction = try connection.prepare("SELECT result, seal FROM actions WHERE key = ?")
    insertMemo =
      readOnly
      ? nil : try connection.prepare("INSERT OR REPLACE INTO memo VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    insertAction =
      readOnly ? nil : try connection.prepare("INSERT OR REPLACE INTO actions VALUES (?, ?, ?)")
  }

  /// Makes the file that SQLite would make for its owner only; its journals get the same mode.
  private static func makeFile(_ path: String) {
    let descriptor = cs_open_write(path, 1, 0o666)
    if descriptor >= 0 { cs_close(descriptor) }
  }

  private static func uri(_ path: String, readOnly: Bool) -> String {
    var name = ""
    for unit in path.utf8 {
      switch unit {
      case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"), 0x80...:
        name += "%" + String(unit, radix: 16)
      default: name.unicodeScalars.append(Unicode.Scalar(unit))
      }
    }
    guard readOnly else { return "file:" + name }
    // Reading must make no file: with an empty log the file alone is the index.
    var log = cs_stat_t()
    let isEmpty = cs_stat(path + "-wal", 1, &log) != 0 || log.size == 0
    return "file:" + name + (isEmpty ? "?immutable=1" : "?readonly_shm=1")
  }

  private static func version(of connection: SQLiteConnection) throws(SQLiteError) -> Int {
    let statement = try connection.prepare("PRAGMA user_version")
    defer { statement.reset() }
    return try statement.step() ? Int(statement.integer(0)) : 0
  }

  private static func prepare(
    _ connection: SQLiteConnection, onNetwork: Bool
  ) throws(SQLiteError) {
    connection.keepWriteAheadLog()
    try connection.execute(
      "PRAGMA journal_mode=\(onNetwork ? "DELETE" : "WAL"); PRAGMA synchronous=OFF;"
        + "PRAGMA journal_size_limit=0")
    let version = try version(of: connection)
    if version == schema { return }
    guard version == 0 else { throw SQLiteError(code: SQLITE_SCHEMA, message: "another schema") }
    try connection.execute(
      """
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS memo (device INTEGER, inode INTEGER, size INTEGER, mtime INTEGER,
        ctime INTEGER, digest BLOB, path TEXT, seal INTEGER, PRIMARY KEY (device, inode)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS actions (key BLOB PRIMARY KEY, result BLOB, seal INTEGER) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS trees (digest BLOB PRIMARY KEY, files BLOB) WITHOUT ROWID;
      PRAGMA user_version=\(schema);
      COMMIT
      """)
  }

  // MARK: Reading

  /// The digest's bytes of the file with that identity.
  mutating func digest(of identity: FileIdentity) throws(SQLiteError) -> [UInt8]? {
    try beginReads()
    defer { selectMemo.reset() }
    selectMemo.bind(Int64(bitPattern: identity.device), at: 1)
    selectMemo.bind(Int64(bitPattern: identity.inode), at: 2)
    guard try selectMemo.step(), selectMemo.integer(0) == identity.size,
      selectMemo.integer(1) == identity.mtime, selectMemo.integer(2) == identity.ctime
    else { return nil }
    let digest = selectMemo.bytes(3)
    return selectMemo.integer(4) == Self.checksum(identity, digest) ? digest : nil
  }

  /// The row bytes of an action's result.
  mutating func action(_ key: ActionKey) throws(SQLiteError) -> [UInt8]? {
    try beginReads()
    defer { selectAction.reset() }
    let key = key.digest.bytes
    selectAction.bind(key, at: 1)
    guard try selectAction.step() else { return nil }
    let result = selectAction.bytes(0)
    return selectAction.integer(1) == Self.checksum(key, result) ? result : nil
  }

  /// What the identities of a sound tree's files came to.
  mutating func files(ofTree digest: Digest) throws(SQLiteError) -> [UInt8]? {
    try beginReads()
    let select = try connection.prepare("SELECT files FROM trees WHERE digest = ?")
    select.bind(digest.bytes, at: 1)
    return try select.step() ? select.bytes(0) : nil
  }

  /// Whether SQLite finds its file consistent.
  mutating func isSound() throws(SQLiteError) -> Bool {
    try beginReads()
    let check = try connection.prepare("PRAGMA quick_check(1)")
    guard try check.step() else { return false }
    let isSound = check.bytes(0) == Array("ok".utf8)
    check.reset()
    guard isSound else { throw SQLiteError(code: SQLITE_CORRUPT, message: "quick_check") }
    return true
  }

  /// One transaction for many reads is three times faster than one for each; it is renewed so that
  /// others' rows are seen and their log can be cut.
  private mutating func beginReads() throws(SQLiteError) {
    guard holdsReads else { return }
    let now = cs_monotonic()
    if let since = readsSince {
      if now - since < 500_000_000 { return }
      try endReads()
    }
    try connection.execute("BEGIN")
    readsSince = now
  }

  private mutating func endReads() throws(SQLiteError) {
    guard readsSince != nil else { return }
    readsSince = nil
    try connection.execute("COMMIT")
  }

  // MARK: Writing

  /// Writes all rows in one transaction, in the order of their tables: at random it takes twice as
  /// long.
  mutating func write(
    memo: [MemoRow], actions: [ActionKey: [UInt8]], trees: [Digest: [UInt8]]
  ) throws(SQLiteError) {
    try endReads()
    try connection.execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      for row in memo.sorted(by: { $0.identity.inode < $1.identity.inode }) { try insert(row) }
      for (key, result) in actions.sorted(by: { $0.key < $1.key }) { try insert(key, result) }
      for (digest, files) in trees { try insert(tree: digest, files) }
      try connection.execute("COMMIT")
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
  }

  /// Removes all action rows.
  mutating func removeActions() throws(SQLiteError) {
    try endReads()
    try connection.execute("DELETE FROM actions")
  }

  /// Removes the rows of some actions, all or none.
  mutating func removeActions(_ keys: [ActionKey]) throws(SQLiteError) {
    try endReads()
    try connection.execute("BEGIN IMMEDIATE")
    do throws(SQLiteError) {
      let delete = try connection.prepare("DELETE FROM actions WHERE key = ?")
      for key in keys {
        delete.bind(key.digest.bytes, at: 1)
        _ = try delete.step()
        delete.reset()
      }
      try connection.execute("COMMIT")
    } catch {
      try? connection.execute("ROLLBACK")
      throw error
    }
  }

  /// Removes one action's row.
  mutating func removeAction(_ key: ActionKey) throws(SQLiteError) {
    try endReads()
    try connection.execute("DELETE FROM actions WHERE key = x'\(key.digest.hex)'")
  }

  private func insert(tree: Digest, _ files: [UInt8]) throws(SQLiteError) {
    let insert = try connection.prepare("INSERT OR REPLACE INTO trees VALUES (?, ?)")
    insert.bind(tree.bytes, at: 1)
    insert.bind(files, at: 2)
    _ = try insert.step()
  }

  private func insert(_ row: MemoRow) throws(SQLiteError) {
    guard let insertMemo else { return }
    let digest = row.digest.bytes
    insertMemo.bind(Int64(bitPattern: row.identity.device), at: 1)
    insertMemo.bind(Int64(bitPattern: row.identity.inode), at: 2)
    insertMemo.bind(row.identity.size, at: 3)
    insertMemo.bind(row.identity.mtime, at: 4)
    insertMemo.bind(row.identity.ctime, at: 5)
    insertMemo.bind(digest, at: 6)
    insertMemo.bind(row.path, at: 7)
    insertMemo.bind(Self.checksum(row.identity, digest), at: 8)
    defer { insertMemo.reset() }
    _ = try insertMemo.step()
  }

  private func insert(_ key: ActionKey, _ result: [UInt8]) throws(SQLiteError) {
    guard let insertAction else { return }
    let key = key.digest.bytes
    insertAction.bind(key, at: 1)
    insertAction.bind(result, at: 2)
    insertAction.bind(Self.checksum(key, result), at: 3)
    defer { insertAction.reset() }
    _ = try insertAction.step()
  }

  private static func checksum(_ identity: FileIdentity, _ digest: [UInt8]) -> Int64 {
    var checksum = RowChecksum()
    checksum.add(identity)
    checksum.add(digest)
    return checksum.column
  }

  private static func checksum(_ key: [UInt8], _ result: [UInt8]) -> Int64 {
    var checksum = RowChecksum()
    checksum.add(key)
    checksum.add(result)
    return checksum.column
  }
}
