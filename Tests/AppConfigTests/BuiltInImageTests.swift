// Paths of built-in images by region, and what cannot be pulled.
import Registry
import Testing

@Suite struct BuiltInImageTests {
  @Test(arguments: [
    (
      "xgboost", "latest", "eu-central-1",
      "813361260812.dkr.ecr.eu-central-1.amazonaws.com/xgboost:latest"
    ),
    ("xgboost", "1", "us-east-1", "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"),
    (
      "sagemaker-xgboost", "1.7-1", "us-west-2",
      "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"
    ),
    (
      "sagemaker-data-wrangler-container", "3.x", "ap-northeast-2",
      "131546521161.dkr.ecr.ap-northeast-2.amazonaws.com/sagemaker-data-wrangler-container:3.x"
    ),
  ])
  func aPathHasTheAccountOfItsRegion(
    repository: String, version: String, region: String, path: String
  ) throws {
    #expect(
      try BuiltInImage.path(repository: repository, version: version, region: region) == path)
    try BuiltInImage.check(path, region: region)
  }

  @Test(arguments: [
    ("xgboost", "1", "eu-north-1", "known are ap-northeast-2, eu-central-1, eu-west-1"),
    ("xgboost", "1.7-1", "us-east-1", "no version '1.7-1'; expected one of 1, latest"),
    ("linear-learner", "1", "us-east-1", "expected one of sagemaker-data-wrangler-container, "),
  ])
  func whatIsNotInTheTableIsListed(
    repository: String, version: String, region: String, said: String
  ) {
    let problem = #expect(throws: BuiltInImage.Problem.self) {
      try BuiltInImage.path(repository: repository, version: version, region: region)
    }
    let text = problem?.description ?? ""
    #expect(text.contains(said) && text.contains("the setting `image`"), "\(text)")
  }

  @Test(arguments: [
    (
      "813361260812.dkr.ecr.eu-central-1.amazonaws.com/xgboost:latest", "us-east-2",
      "is in region eu-central-1, and the region is us-east-2; SageMaker pulls an image from the "
        + "region of its job; in us-east-2 it is 825641698319.dkr.ecr.us-east-2.amazonaws.com/xgboost"
    ),
    (
      "111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1", "us-east-2",
      "name an image in us-east-2"
    ),
    (
      "813361260812.dkr.ecr.us-east-1.amazonaws.com/xgboost:1", "us-east-1",
      "is in account 813361260812, which has 'xgboost' in eu-central-1 only; in us-east-1 it is "
        + "811284229777"
    ),
    (
      "111122223333.dkr.ecr.cn-north-1.amazonaws.com/own:1", "cn-north-1",
      "hosts in cn-north-1 end in amazonaws.com.cn"
    ),
  ])
  func anImageOfAnotherRegionIsRejected(image: String, region: String, said: String) {
    let problem = #expect(throws: BuiltInImage.Problem.self) {
      try BuiltInImage.check(image, region: region)
    }
    #expect(problem?.description.contains(said) == true, "\(problem?.description ?? "")")
  }

  @Test(arguments: [
    ("111122223333.dkr.ecr.us-east-1.amazonaws.com/xgboost:1", "us-east-1"),
    ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/own@sha256:ab", "cn-north-1"),
    ("public.ecr.aws/own/image:1", "us-east-1"), ("own", "us-east-1"),
    ("813361260812.dkr.ecr.eu-central-1.amazonaws.com/other:1", "eu-central-1"),
  ])
  func anotherImageIsAccepted(image: String, region: String) throws {
    try BuiltInImage.check(image, region: region)
  }
}
