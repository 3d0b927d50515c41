// The tags of all that a session creates on AWS.
import CommandLine
import Tagging

extension Session {
  /// `[AWS] tags`; throws `UsageError` where AWS would refuse one.
  package func resourceTags() throws -> ResourceTags {
    try tags("tags", EngineSettings.tags(configuration))
  }

  /// `[AWS] session_tags`; throws `UsageError` where AWS would refuse one.
  func sessionTags() throws -> ResourceTags {
    try tags("session_tags", EngineSettings.sessionTags(configuration))
  }

  private func tags(_ key: String, _ text: String) throws -> ResourceTags {
    do {
      return try ResourceTags(parsing: text)
    } catch {
      throw UsageError("[AWS] \(key): \(error)")
    }
  }
}
