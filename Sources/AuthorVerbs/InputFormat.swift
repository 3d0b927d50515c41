// The Swift type of what a node makes, found in the text of wiring and steps. It compiles nothing.
import Project

/// A format that a step of a family can name: its type, and the module that declares it.
struct InputFormat: Equatable {
  let type: String
  let module: String

  /// Nil where the text does not say it, or where a family cannot import it.
  init?(
    of statement: WiringStatement, output: String, family: String, in checkout: NewCheckout
  ) {
    guard let type = Self.type(of: statement, output: output, in: checkout) else { return nil }
    let modules = FileSystem.names(in: "\(checkout.root)/Steps").filter { module in
      checkout.sources(in: "Steps/\(module)").contains {
        $0.text.contains(#/\benum (\w+)/#, capturing: type)
      }
    }
    // Families share formats by modules that are no families: one in a family is that family's code.
    guard modules.count == 1, let module = modules.first,
      module == family || !checkout.hasFamily(module)
    else { return nil }
    self.type = type
    self.module = module
  }

  private static func type(
    of statement: WiringStatement, output: String, in checkout: NewCheckout
  ) -> String? {
    let several = statement.text.matches(
      of: #/\bScriptOutput\(\s*"([^"]+)",\s*as: (\w+)\.self/#)
    if let named = several.first(where: { $0.1 == output }) { return String(named.2) }
    if several.isEmpty, let named = statement.text.firstMatch(of: #/\bas: (\w+)\.self/#) {
      return String(named.1)
    }
    if let named = statement.text.firstMatch(of: #/: Artifact<(\w+)> =/#) {
      return String(named.1)
    }
    return statement.type.flatMap { checkout.step($0) }?.outputs
      .first { $0.name == output }?.format
  }
}

/// A step that is a struct of a family, as its source says.
struct StepSource {
  /// Its outputs in their order.
  let outputs: [(name: String, format: String)]
}

extension NewCheckout {
  /// The step of a type; nil where no family declares it.
  func step(_ type: String) -> StepSource? {
    for folder in FileSystem.names(in: "\(root)/Steps").sorted() {
      for source in sources(in: "Steps/\(folder)")
      where source.text.contains(#/\bstruct (\w+)/#, capturing: type) {
        return StepSource(
          outputs: source.text.matches(of: #/\bvar (\w+) = Output<(\w+)>\(\)/#)
            .map { (String($0.1), String($0.2)) })
      }
    }
    return nil
  }
}

extension String {
  /// Whether one of the matches has captured just this word.
  func contains(_ pattern: Regex<(Substring, Substring)>, capturing word: String) -> Bool {
    matches(of: pattern).contains { $0.1 == word }
  }
}
