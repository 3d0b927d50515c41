// Folders of this machine in words that leave it.
import Testing

@testable import ReportBuilding

@Suite struct PlainPathsTests {
  @Test(arguments: [
    ("cannot read /home/ada/data/x.csv: gone", "cannot read \u{2026}/x.csv: gone"),
    (
      "'/home/ada/with-dash_1/' and (~/notes.txt)",
      "'\u{2026}/with-dash_1' and (\u{2026}/notes.txt)"
    ),
    ("/home/ada", "\u{2026}/ada"), ("file=/a/b,/c/d", "file=\u{2026}/b,\u{2026}/d"),
    ("s3://bucket/prefix/x and https://host/a/b", "s3://bucket/prefix/x and https://host/a/b"),
    ("cmle/egress, 3/4, a / b, /", "cmle/egress, 3/4, a / b, /"), ("/tmp", "/tmp"), ("", ""),
  ])
  func onlyTheLastNameIsLeft(_ text: String, _ expected: String) {
    #expect(PlainPaths.hidden(text) == expected)
  }
}
