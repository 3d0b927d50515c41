// Lists, answers and orders as bytes: what was cut short or is of another version is none.
import Content
import RemoteSteps
import Testing

@Suite struct NoticesTests {
  @Test func aListComesBackAndIsNoneWhereItWasCut() throws {
    let keys = try ["a", "b", "c"].map { ActionKey(try Digest.of($0)) }
    let list = TaskList(tasks: [[keys[0], keys[1]], [keys[2]]], lifetime: 3000, logLimit: 10)
    let bytes = try list.bytes()
    let back = try #require(TaskList(bytes: bytes))
    #expect(back.tasks == list.tasks && back.lifetime == 3000 && back.logLimit == 10)
    for count in 0..<bytes.count { #expect(TaskList(bytes: Array(bytes[..<count])) == nil) }
    let other = String(decoding: bytes, as: UTF8.self).replacing("\"v\":1", with: "\"v\":2")
    #expect(TaskList(bytes: Array(other.utf8)) == nil)
  }

  @Test func anAnswerComesBackAndIsNoneWhereItWasCut() throws {
    let answer = StepAnswer(
      key: ActionKey(try Digest.of("k")), status: .failed, text: "why", warnings: ["w"],
      seconds: 1.5, node: "n1", job: "7_3")
    let bytes = try answer.bytes()
    let back = try #require(StepAnswer(bytes: bytes))
    #expect(back.status == .failed && back.text == "why" && back.warnings == ["w"])
    #expect(back.node == "n1" && back.job == "7_3" && back.key == answer.key)
    for count in 0..<bytes.count { #expect(StepAnswer(bytes: Array(bytes[..<count])) == nil) }
    // A result is needed where one is promised.
    let built = StepAnswer(
      key: answer.key, status: .built, seconds: 1, node: "n1", job: "7_3")
    #expect(StepAnswer(bytes: try built.bytes()) == nil)
  }
}
