// White space and lower case as Python's `str` defines them. It knows nothing of ini files.

extension Unicode.Scalar {
  /// Whether `str.isspace` and the regular expression `\s` hold this for white space.
  var isPythonSpace: Bool {
    switch value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }
}

extension StringProtocol where SubSequence == Substring {
  /// The text without white space at both ends, as `str.strip` gives it.
  func pythonStripped() -> Substring {
    let scalars = self[...].unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isPythonSpace }),
      let last = scalars.lastIndex(where: { !$0.isPythonSpace })
    else { return "" }
    return Substring(scalars[first...last])
  }

  /// The count of code points of white space before the first other one.
  var pythonIndentation: Int { self[...].unicodeScalars.prefix(while: \.isPythonSpace).count }
}

extension StringProtocol {
  /// The text in lower case, as `str.lower` gives it.
  var pythonLowered: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
    let scalars = Array(unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      if scalar == "\u{3A3}" {
        result += isFinalSigma(in: scalars, at: index) ? "\u{3C2}" : "\u{3C3}"
      } else {
        result += scalar.properties.lowercaseMapping
      }
    }
    return result
  }
}

/// Whether the sigma at `index` ends a word: a cased letter before it and none after it.
private func isFinalSigma(in scalars: [Unicode.Scalar], at index: Int) -> Bool {
  let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
  let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
  return before?.properties.isCased == true && after?.properties.isCased != true
}
