// `atelier config completion`: the script that lets a shell complete verbs, steps and settings.
import CommandLine
import Project

package struct CompletionVerb: Verb {
  package let name = "completion"
  package let summary = "the script that lets a shell complete commands, steps and settings"
  package let examples = [
    Example("source <(atelier config completion bash)", "in ~/.bashrc; zsh: the same in ~/.zshrc"),
    Example(
      "atelier config completion fish > ~/.config/fish/completions/atelier.fish", "once, for fish"),
  ]
  let shell = Argument(
    "bash | zsh | fish", completion: .words(CompletionScript.allCases.map(\.rawValue)))

  package var parameters: [any Parameter] { [shell] }

  package init() {}

  package func run(_ call: Call, _ context: VerbContext) throws -> Int32 {
    let word = try call.word(shell)
    let words = CompletionScript.allCases.map(\.rawValue)
    guard let script = CompletionScript(rawValue: word) else {
      throw UsageError(
        "`atelier config completion` takes \(words.joined(separator: ", ")), not '\(word)'."
          + Suggestion.text(for: word, among: words))
    }
    try context.output.data(script.text)
    return ExitCode.success
  }
}
