// The columns that this family learns from. It does not know how they are computed.

/// The names of what a model sees and of what it should foretell.
enum TrainColumns {
  static let user = "userId"
  static let label = "subscriptionOccurred"

  /// The features in the order of the model's columns; all whole numbers, null where unknown.
  static let features = [
    "emailsReceived", "emailsOpened", "emailsClicked", "productsViewed", "propositionInteracts",
    "propositionDismissed", "webLinkClicks", "minutes_since_emailSent",
    "minutes_since_emailOpened", "minutes_since_emailClick", "minutes_since_productView",
    "minutes_since_propositionInteract", "minutes_since_propositionDismiss",
    "minutes_since_linkClick",
  ]
}
