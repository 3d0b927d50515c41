// A thin cover of SQLite's C functions. It knows no table.
import CSQLite

struct SQLiteError: Error {
  let code: Int32
  let message: String

  /// Another process holds a lock: the index is sound, the operation can wait or be left out.
  var isBusy: Bool { code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED }

  /// The machine lacks something, such as room on the disk: the index is as sound as before, and others
  /// may be using it.
  var isShortage: Bool {
    [SQLITE_FULL, SQLITE_NOMEM, SQLITE_IOERR, SQLITE_INTERRUPT].contains(code & 0xFF)
  }
}

/// A connection; not Sendable: its owner serializes access.
final class SQLiteConnection {
  private let handle: OpaquePointer

  /// Opens `uri`, a `file:` URI.
  init(uri: String, readOnly: Bool) throws(SQLiteError) {
    var handle: OpaquePointer?
    let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let flags = access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(uri, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      sqlite3_close_v2(handle)
      throw SQLiteError(code: code, message: String(cString: sqlite3_errstr(code)))
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, 500)
  }

  deinit { sqlite3_close_v2(handle) }

  /// Leaves the -wal file at the close: removing it by name could hit the file of a newer index.
  func keepWriteAheadLog() {
    var on: Int32 = 1
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &on)
  }

  func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code) }
  }

  func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw error(code) }
    return SQLiteStatement(statement)
  }

  private func error(_ code: Int32) -> SQLiteError {
    SQLiteError(code: code, message: String(cString: sqlite3_errmsg(handle)))
  }
}

/// A prepared statement.
///
/// Bind, step until false, then `reset`.
final class SQLiteStatement {
  private let handle: OpaquePointer

  fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { sqlite3_finalize(handle) }

  func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

  func bind(_ bytes: [UInt8], at index: Int32) {
    sqlite3_bind_blob(handle, index, bytes, Int32(bytes.count), Self.transient)
  }

  func bind(_ text: String, at index: Int32) {
    sqlite3_bind_text(handle, index, text, -1, Self.transient)
  }

  /// True when there is a row.
  func step() throws(SQLiteError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw SQLiteError(code: code, message: String(cString: sqlite3_errstr(code)))
  }

  func reset() { sqlite3_reset(handle) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func bytes(_ column: Int32) -> [UInt8] {
    guard let base = sqlite3_column_blob(handle, column) else { return [] }
    let count = Int(sqlite3_column_bytes(handle, column))
    return Array(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// SQLITE_TRANSIENT, a C macro of a cast that Swift does not import: SQLite copies the bytes.
  private static var transient: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }
}
