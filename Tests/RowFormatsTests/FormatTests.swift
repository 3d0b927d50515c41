// The forms of answers.
import Testing

@testable import RowFormats

@Suite struct FormatTests {
  @Test func answersInEachFormat() {
    func text(_ format: Format, _ width: Int) -> String {
      String(decoding: format.write([0.5, 1, 0.1, 2e-10], width: width), as: UTF8.self)
    }
    #expect(text(.csv, 1) == "0.5\n1.0\n0.1\n0.0000000002\n")
    #expect(text(.csv, 2) == "0.5,1.0\n0.1,0.0000000002\n")
    #expect(text(.jsonLines, 2) == "{\"score\":[0.5,1.0]}\n{\"score\":[0.1,0.0000000002]}\n")
    #expect(
      text(.json, 1)
        == #"{"predictions":[{"score":0.5},{"score":1.0},{"score":0.1},{"score":0.0000000002}]}"#)
  }
}
