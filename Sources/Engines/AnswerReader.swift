// Reads the answers of jobs, each once.
import RemoteCache
import RemoteSteps

struct AnswerReader {
  /// Answers that were read, by name.
  private var seen: Set<String> = []

  /// The answers of some batches that were not read before.
  mutating func new(of batches: Set<String>, in store: any JobStore) -> [StepAnswer] {
    var answers: [StepAnswer] = []
    for batch in batches.sorted() {
      let folder = NoticeName.answers(batch)
      for name in (try? store.notices(in: folder)) ?? [] {
        let full = "\(folder)/\(name)"
        guard !seen.contains(full), let bytes = try? store.notice(full) else { continue }
        seen.insert(full)
        if let answer = StepAnswer(bytes: bytes) { answers.append(answer) }
      }
    }
    return answers
  }
}
