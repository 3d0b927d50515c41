// A rejection goes to the tiers that have the model, so that nobody promotes it there again.
import CommandLine
import Content
import ModelSessions
import Models
import Project
import Promotion

package enum TierDecisions {
  /// Brings a model's history to the tiers that know the model.
  ///
  /// - Returns: what is left to do, in words: tiers that serve it still, and such as could not be reached.
  package static func spread(_ model: Digest, _ opened: ModelCall) -> [String] {
    // Without accounts there are no tiers.
    guard (try? opened.session.accountSet()) != nil else { return [] }
    return [PromotionTier.preprod, .prod].compactMap { tier in
      do {
        let log = try TierStore(tier, opened).log
        guard try !log.registry.history(of: model).events.isEmpty else { return nil }
        _ = try log.registry.merge(from: opened.registry, only: model)
        guard try log.records().last?.model == model else { return nil }
        return "\(tier.rawValue) still serves it; promote another model there"
      } catch is UsageError {
        // A folder that was never deployed.
        return nil
      } catch {
        return
          "\(tier.rawValue) does not know of the rejection: \(error); reject the model again then"
      }
    }
  }
}
