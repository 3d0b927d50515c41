// What an hour of a machine of SageMaker costs: the one table of prices.
import Content

/// Prices per hour in US dollars.
///
/// On-demand prices of training and processing jobs in US East. Source: copies of the price list of Amazon
/// SageMaker (aws.amazon.com/sagemaker/pricing) that public repositories made in 2024 and 2025 and that
/// agree, read on 30 November 2026; the list itself was not read. Another region, a savings plan, spot
/// capacity, disks and requests cost something else; none of them is in the table.
package enum Prices {
  package static let source =
    "on-demand prices of SageMaker jobs in US East by copies of 2024 and 2025 of its price list"

  /// US dollars per hour by machine.
  package static let hourly: [String: Double] = [
    "ml.t3.medium": 0.05, "ml.t3.large": 0.10, "ml.t3.xlarge": 0.20, "ml.t3.2xlarge": 0.399,
    "ml.m5.large": 0.115, "ml.m5.xlarge": 0.23, "ml.m5.2xlarge": 0.461, "ml.m5.4xlarge": 0.922,
    "ml.m5.12xlarge": 2.765, "ml.m5.24xlarge": 5.53,
    "ml.c5.xlarge": 0.204, "ml.c5.2xlarge": 0.408, "ml.c5.4xlarge": 0.816, "ml.c5.9xlarge": 1.836,
    "ml.r5.2xlarge": 0.605, "ml.r5.4xlarge": 1.21, "ml.r5.8xlarge": 2.419,
    "ml.r5.16xlarge": 4.838,
    "ml.g4dn.xlarge": 0.736, "ml.g4dn.2xlarge": 0.94, "ml.g4dn.4xlarge": 1.505,
    "ml.g4dn.8xlarge": 2.72, "ml.g4dn.12xlarge": 4.89, "ml.g4dn.16xlarge": 5.44,
    "ml.p3.2xlarge": 3.825, "ml.p3.8xlarge": 14.688, "ml.p3.16xlarge": 28.152,
  ]

  /// What so many seconds of a machine cost; nil for one that is not in the table.
  package static func cost(seconds: Double, on instance: String) -> Double? {
    hourly[instance].map { $0 * (seconds / 3600) }
  }
}
