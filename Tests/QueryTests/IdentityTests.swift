// ECIDs against values of an independent reimplementation, and against a program in Python.
import AtelierTesting
import Foundation
import Testing

@testable import Query

@Suite struct IdentityTests {
  @Test(
    arguments: [
      ("", 0, 0),
      ("hello", 0xcbd8_a7b3_41bd_9b02, 0x5b1e_906a_48ae_1d19),
      (
        "The quick brown fox jumps over the lazy dog", 0xe34b_bc7b_bc07_1b6c, 0x7a43_3ca9_c49a_9347
      ),
    ] as [(String, UInt64, UInt64)])
  func murmurHash(text: String, low: UInt64, high: UInt64) {
    let hash = murmurHash3(Array(text.utf8))
    #expect(hash.0 == low)
    #expect(hash.1 == high)
  }

  @Test(arguments: [
    (0, "73499088146516665287214226267237716265"),
    (1, "44374898228205339298610925033739667178"),
    (99_999, "63780505606348345593778853361271718565"),
    // The first half has 15 digits: 201339734811309.
    (2157, "01232013397348113092184095962976648335"),
  ])
  func ecid(user: Int, expected: String) {
    #expect(Identity(number: user).ecid == expected)
  }

  @Test("steps 3.3: the ECIDs of 20,000 users are those of an independent program")
  func everyECID() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-I", TestTools.root + "/Tests/QueryTests/ecid.py", "20000"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let expected = text.split(separator: "\n").map(String.init)
    #expect(expected.count == 20_000)
    let own = (0..<20_000).map { Identity(number: $0).ecid }
    let other = expected.indices.filter { expected[$0] != own[$0] }
    #expect(other.isEmpty, "\(other.count) differ, the first is user \(other.first ?? -1)")
    #expect(expected[255].hasPrefix("01147287"))
    #expect(own.allSatisfy { $0.utf8.count == 38 })
  }

  @Test func theSmallestHalfHasNineteenDigits() {
    #expect(Identity.digits(1 << 63) == "9223372036854775808")
    #expect(Identity.digits(0) == "0123456789012345670")
  }
}
