// What a call throws, as text. It does not say whether it should.
import AtelierStep

/// The text of the error that a call throws, or nil if it throws none.
package func failure<Value>(_ call: () throws -> Value) -> String? {
  do {
    _ = try call()
    return nil
  } catch {
    return "\(error)"
  }
}

/// The text of the `StepFailure` that a call throws, or nil.
package func stepFailure<Value>(_ call: () throws -> Value) -> String? {
  do {
    _ = try call()
  } catch let error as StepFailure {
    return error.description
  } catch {}
  return nil
}
