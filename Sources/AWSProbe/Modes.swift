// What the probe can do, a function each.
import CSystem
import Foundation
import S3

enum ProbeError: Error, CustomStringConvertible {
  case usage
  case noMaps

  var description: String {
    switch self {
    case .usage: "usage: aws-probe memory FOLDER | library KEY"
    case .noMaps: "/proc/self/maps names no library"
    }
  }
}

func say(_ text: String) {
  cs_write_all(1, Array(text.utf8), text.utf8.count)
}

/// `memory FOLDER`: how many MiB more a sparse object of 400 MiB takes than one of 1 MiB, up and
/// down.
func measureMemory(_ client: S3Client, folder: String) throws {
  for (name, size) in [("small", 1 << 20), ("large", 400 << 20)] {
    let path = "\(folder)/\(name)"
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: UInt64(size))
    try file.close()
  }
  try client.put(file: "\(folder)/small", key: "memory")
  let before = peakMemory()
  try client.put(file: "\(folder)/large", key: "memory")
  let down = try client.get("memory", file: "\(folder)/down")
  try client.delete("memory")
  say("\(down.object.size) bytes, \((peakMemory() - before) >> 20) MiB more\n")
}

/// `library KEY`: whether libcurl is mapped before and after the first request.
func watchLibrary(_ client: S3Client, key: String) throws {
  let before = try mapsNameLibcurl()
  try client.put([1], key: key)
  say("before: \(before), after: \(try mapsNameLibcurl())\n")
}

/// The most memory that this process has had, in bytes.
private func peakMemory() -> Int {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  #else
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}

private func mapsNameLibcurl() throws -> Bool {
  // A file of /proc tells no size.
  let maps = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/maps"))
  let text = String(decoding: try maps.readToEnd() ?? Data(), as: UTF8.self)
  guard text.contains("libc.so") else { throw ProbeError.noMaps }
  return text.contains("libcurl")
}
