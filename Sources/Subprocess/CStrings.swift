// Swift strings as the arrays that C expects.

/// Calls `body` with a NULL-terminated array of C strings, valid during the call.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
  var bytes: [CChar] = []
  var offsets: [Int] = []
  for string in strings {
    offsets.append(bytes.count)
    bytes += string.utf8.map(CChar.init(bitPattern:))
    bytes.append(0)
  }
  return bytes.withUnsafeBufferPointer { buffer in
    var pointers = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

/// Calls `body` with a C string or NULL, valid during the call.
func withOptionalCString<Result>(
  _ string: String?, _ body: (UnsafePointer<CChar>?) -> Result
) -> Result {
  guard let string else { return body(nil) }
  return string.withCString { body($0) }
}
