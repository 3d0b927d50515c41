// A step as data: parameters, inputs and outputs apart, and back again in the worker.
import Content

/// The formats of inputs and outputs by name, as a key document has them.
///
/// Without them a step that was decoded can run, but not be taken apart again: what its wiring chose
/// is known to the document alone.
public struct StepShapes: Sendable {
  let inputs: [String: ArtifactDescription]
  let outputs: [String: ArtifactDescription]

  /// The formats of some inputs and outputs.
  public init(inputs: [ArtifactDescription] = [], outputs: [ArtifactDescription] = []) {
    self.inputs = Dictionary(inputs.map { ($0.name, $0) }) { first, _ in first }
    self.outputs = Dictionary(outputs.map { ($0.name, $0) }) { first, _ in first }
  }
}

/// A step taken apart for the action key, or about to be put together again from a key document.
public struct StepTemplate: Sendable, Hashable {
  /// One input with the output that it is wired to; nil for a bound input.
  public struct Input: Sendable, Hashable {
    /// The input's name and format.
    public let description: ArtifactDescription
    /// The output that it is wired to; nil for a bound input.
    public let reference: OutputReference?
  }

  /// The parameters: an object without inputs and outputs.
  public let parameters: JSONValue
  /// The inputs in the order of their properties; elements of an array are named `parts.0` ....
  public let inputs: [Input]
  /// The outputs in the order of their properties.
  public let outputs: [ArtifactDescription]
  /// The values that enter no key (`Unkeyed`), by their places.
  public let unkeyed: [String: JSONValue]

  /// Takes a step apart.
  ///
  /// Throws where a stored property has no canonical form.
  public init(of step: some Step) throws {
    let encoder = StepEncoder(codingPath: [], collector: StepCollector())
    try step.encode(to: encoder)
    inputs = encoder.collector.inputs
    outputs = encoder.collector.outputs
    unkeyed = encoder.collector.unkeyed
    parameters = encoder.slot.value ?? .object([:])
  }

  /// Decodes a step from its parameters, the names of its inputs and outputs, what no key holds, and
  /// the texts that it lists.
  public static func decode<S: Step>(
    _ type: S.Type, parameters: JSONValue, inputs: some Sequence<String>,
    outputs: some Sequence<String>, unkeyed: [String: JSONValue] = [:],
    texts: [String: String] = [:], shapes: StepShapes = StepShapes()
  ) throws -> S {
    var value = TemplateValue(parameters)
    // Indices in ascending order, so that arrays grow element by element.
    let bound = inputs.map {
      (path: $0.split(separator: "."), value: TemplateValue.placeholder(.input, $0))
    }
    let beside = unkeyed.map {
      (path: $0.key.split(separator: "."), value: TemplateValue($0.value))
    }
    let places = (bound + beside)
      .sorted { $0.path.lexicographicallyPrecedes($1.path, by: precedes) }
    for (path, member) in places { value.insert(member, at: path[...]) }
    let outputs = Array(outputs)
    for name in outputs where !value.has(name) {
      value.insert(.placeholder(.output, name), at: [Substring(name)])
    }
    return try S(
      from: StepDecoder(
        value: value, codingPath: [], outputs: outputs, shapes: shapes, texts: texts))
  }
}

/// Numbers by value and before words.
private func precedes(_ a: Substring, _ b: Substring) -> Bool {
  switch (index(a), index(b)) {
  case (let a?, let b?): a < b
  case (nil, nil): a < b
  case (let a, _): a != nil
  }
}

/// A component of digits is an index; `-1` is the name of a member.
private func index(_ component: Substring) -> Int? {
  component.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(component) : nil
}

/// A JSON value in which the places of inputs and outputs are marked.
enum TemplateValue {
  enum Kind { case input, output }

  case plain(JSONValue)
  case placeholder(Kind, String)
  case array([TemplateValue])
  case object([String: TemplateValue])

  init(_ value: JSONValue) {
    switch value {
    case .array(let elements): self = .array(elements.map(TemplateValue.init))
    case .object(let members): self = .object(members.mapValues(TemplateValue.init))
    default: self = .plain(value)
    }
  }

  /// Whether it is an object with this member.
  ///
  /// An output that the wiring named may be called as a property is, which then keeps its value.
  func has(_ member: String) -> Bool {
    if case .object(let members) = self { members[member] != nil } else { false }
  }

  func placeholder(_ kind: Kind) -> String? {
    if case .placeholder(let own, let name) = self, own == kind { name } else { nil }
  }

  /// Puts a placeholder at a path; a component of digits is an index, in ascending order.
  mutating func insert(_ placeholder: TemplateValue, at path: ArraySlice<Substring>) {
    guard let head = path.first else {
      self = placeholder
      return
    }
    if let index = index(head) {
      var elements: [TemplateValue] = []
      if case .array(let own) = self { elements = own }
      self = .plain(.null)  // the only reference to the elements, or each insertion would copy them
      if index < elements.count {
        elements[index].insert(placeholder, at: path.dropFirst())
      } else {
        var element = TemplateValue.object([:])
        element.insert(placeholder, at: path.dropFirst())
        elements.append(element)
      }
      self = .array(elements)
    } else {
      var members: [String: TemplateValue] = [:]
      if case .object(let own) = self { members = own }
      self = .plain(.null)
      members[String(head), default: .object([:])].insert(placeholder, at: path.dropFirst())
      self = .object(members)
    }
  }
}
