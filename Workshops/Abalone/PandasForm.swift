// The few forms of Python code in a Data Wrangler flow that are known. No code is run.

/// What a piece of code does with the data frame `df`.
enum PandasForm: Equatable {
  /// Scales columns by their mean and deviation.
  case scaling([String])
  /// Scales all columns but some, and names the scaled ones.
  case scalingOfOthers(but: [String], named: [String])
  /// Sets a column to the time at which the code runs, in seconds.
  case time(column: String)

  /// Nil where the code is none of these forms.
  init?(_ code: String) {
    guard let statements = PythonTokens.statements(of: code) else { return nil }
    let body = statements.filter { statement in
      !Self.imports.contains { PythonPattern($0).match(statement) != nil }
    }
    if let form = Self.scaling(body) ?? Self.time(body) { self = form } else { return nil }
  }

  private static let imports = [
    "import time", "import pandas as pd", "import numpy as np",
    "from sklearn.preprocessing import StandardScaler",
  ]

  private static func scaling(_ body: [[PythonToken]]) -> PandasForm? {
    for form in ["df[$list:a]", "df[$list:a].to_numpy()", "df[$list:a].values"] {
      if let found = match(["df[$list:b] = StandardScaler().fit_transform(\(form))"], body),
        found.lists["a"] == found.lists["b"], let names = found.lists["a"]
      {
        return .scaling(names)
      }
    }
    for drop in ["$list:kept, axis=1", "columns=$list:kept"] {
      for numbers in ["$name:a", "$name:a.to_numpy()", "$name:a.values"] {
        for joined in [
          "($name:c, df[$list:same]), 1", "($name:c, df[$list:same]), axis=1",
          "[$name:c, df[$list:same]], axis=1",
        ] {
          let form = [
            "$name:a = df.drop(\(drop))", "$name:b = StandardScaler().fit_transform(\(numbers))",
            "$name:c = pd.DataFrame($name:b, columns=$list:named)",
            "df = pd.concat(\(joined))",
          ]
          guard let found = match(form, body), let kept = found.lists["kept"],
            let named = found.lists["named"], found.lists["same"].map(Set.init) == Set(kept)
          else { continue }
          return .scalingOfOthers(but: kept, named: named)
        }
      }
    }
    return nil
  }

  private static func time(_ body: [[PythonToken]]) -> PandasForm? {
    let now = "time.time()"
    let times = [
      now, "int(\(now))", "round(\(now))", "float(\(now))", "int(round(\(now)))",
      "float(round(\(now)))",
    ]
    for (constants, column) in [([], "$text:column"), (["$name:c = $text:column"], "$name:c")] {
      for time in times {
        for (variables, value) in [([], time), (["$name:t = \(time)"], "$name:t")] {
          for series in [value, "pd.Series([\(value)] * len(df), dtype=$text:type)"] {
            let form = constants + variables + ["df[\(column)] = \(series)"]
            guard let found = match(form, body), let name = found.texts["column"],
              ["long", "int64", "float", "float64"].contains(found.texts["type"] ?? "float")
            else { continue }
            return .time(column: name)
          }
        }
      }
    }
    return nil
  }

  /// What the statements have where the patterns have `$`; nil where they are not of that form.
  private static func match(
    _ patterns: [String], _ statements: [[PythonToken]]
  ) -> PythonBindings? {
    guard patterns.count == statements.count else { return nil }
    var bindings = PythonBindings()
    for (pattern, statement) in zip(patterns, statements) {
      guard let found = PythonPattern(pattern).match(statement, bindings) else { return nil }
      bindings = found
    }
    return bindings
  }
}
