// The CloudFormation template beside this file, embedded when the program is built.
import Atelier

extension PropensityWorkshop {
  /// `stack.yaml`: network, bucket, the data flow's user, SageMaker Studio.
  public static var stackTemplate: String? {
    String(decoding: PackageResources.stack_yaml, as: UTF8.self)
  }
}
