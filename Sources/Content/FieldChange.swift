// What differs between two key documents, field by field: the explanation of a rerun.

/// One field that differs between two key documents; nil where a side lacks it.
public struct FieldChange: Hashable, Sendable {
  /// The path of the field, for example `parameters.seed`.
  public let field: String
  /// The earlier value; nil for none.
  public let old: JSONValue?
  /// The current value; nil for none.
  public let new: JSONValue?

  /// A field that differs between two documents.
  public init(field: String, old: JSONValue?, new: JSONValue?) {
    self.field = field
    self.old = old
    self.new = new
  }
}

extension KeyDocument {
  /// The fields that differ, in the order of their paths.
  ///
  /// Documents of two schemas have that one difference: their fields do not mean the same. Inputs and
  /// programs stand for their digests, `inputs.events: sha256:... -> sha256:...`; what else differs in
  /// them has its own name, `inputs.events.fileName`.
  public static func changes(from old: JSONValue, to new: JSONValue) -> [FieldChange] {
    if !isSame(old["schema"], new["schema"]) {
      return [
        FieldChange(field: schemaField, old: version(old["schema"]), new: version(new["schema"]))
      ]
    }
    var changes: [FieldChange] = []
    // An explicit stack: parameters may nest deeply, and no recursion is needed.
    var stack: [(path: String, old: JSONValue?, new: JSONValue?)] = []
    for field in Set((old.object ?? [:]).keys).union((new.object ?? [:]).keys) {
      guard field == "inputs" || field == "programs" else {
        stack.append((field, old[field], new[field]))
        continue
      }
      let (before, after) = (old[field]?.object ?? [:], new[field]?.object ?? [:])
      for name in Set(before.keys).union(after.keys) {
        let path = "\(field).\(name)"
        let (a, b) = (before[name], after[name])
        let isSameDigest = isSame(a?["digest"], b?["digest"])
        if !isSameDigest {
          changes.append(FieldChange(field: path, old: a?["digest"], new: b?["digest"]))
        }
        guard let a = a?.object, let b = b?.object else { continue }
        for part in Set(a.keys).union(b.keys)
        where part != "digest" && (part != "size" || isSameDigest) {
          stack.append(("\(path).\(part)", a[part], b[part]))
        }
      }
    }
    while let (path, old, new) = stack.popLast() {
      if case .object(let a)? = old, case .object(let b)? = new {
        for key in Set(a.keys).union(b.keys) { stack.append(("\(path).\(key)", a[key], b[key])) }
      } else if case .array(let a)? = old, case .array(let b)? = new, a.count == b.count {
        for index in a.indices { stack.append(("\(path).\(index)", a[index], b[index])) }
      } else if !isSame(old, new) {
        changes.append(FieldChange(field: path, old: old, new: new))
      }
    }
    return changes.sorted { precedes($0.field, $1.field) }
  }

  /// What a change of the schema is called.
  public static let schemaField = "key schema"

  /// The number at the end of a schema's name.
  private static func version(_ schema: JSONValue?) -> JSONValue? {
    guard let number = schema?.string?.split(separator: "/").last.flatMap({ Int64($0) }) else {
      return schema
    }
    return .integer(number)
  }

  /// Whether two values enter a key as the same bytes.
  ///
  /// `==` will not do: a document read back holds 7 where the step has 7.0, and Swift takes two
  /// texts for equal that differ in their Unicode composition.
  private static func isSame(_ old: JSONValue?, _ new: JSONValue?) -> Bool {
    guard let old, let new else { return old == nil && new == nil }
    guard let a = try? old.canonicalBytes(), let b = try? new.canonicalBytes() else { return false }
    return a == b
  }

  /// Path order with numbers by value and before words: `inputs.parts.2` before `inputs.parts.10`.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.split(separator: ".").lexicographicallyPrecedes(b.split(separator: ".")) { a, b in
      switch (Int(a), Int(b)) {
      case (let a?, let b?): a < b
      case (nil, nil): a < b
      case (let a, _): a != nil
      }
    }
  }
}
