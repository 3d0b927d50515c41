// A place in a bucket and the keys that the platform uses there, checked as the platform checks them.
import AdobePlatform
import Configuration
import Content

/// The access keys of a user that the platform acts as in S3.
package struct StorageKeys: Sendable {
  package let accessKey: Secret
  package let secretKey: Secret

  /// Throws `UnusableKeys` for keys that the platform would reject; the keys are not shown.
  package init(accessKey: Secret, secretKey: Secret) throws {
    let (id, key) = (accessKey.reveal().utf8, secretKey.reveal().utf8)
    let isUpper: (UInt8) -> Bool = { (65...90).contains($0) }
    guard id.count == 20, id.allSatisfy({ isUpper($0) || (50...55).contains($0) }) else {
      throw UnusableKeys("access key", "20 capital letters and digits from 2 to 7")
    }
    guard key.count == 40,
      key.allSatisfy({
        isUpper($0) || (97...122).contains($0) || (48...57).contains($0) || $0 == 43 || $0 == 47
      })
    else { throw UnusableKeys("secret key", "40 letters, digits, '+' and '/'") }
    self.accessKey = accessKey
    self.secretKey = secretKey
  }

  var json: [String: JSONValue] {
    [
      "s3AccessKey": .string(accessKey.reveal()), "s3SecretKey": .string(secretKey.reveal()),
    ]
  }
}

/// Keys of another form than AWS gives out.
package struct UnusableKeys: Error, Hashable, Sendable, CustomStringConvertible {
  package let what: String
  package let expected: String

  init(_ what: String, _ expected: String) {
    self.what = what
    self.expected = expected
  }

  package var description: String {
    "the S3 \(what) for the platform is not of AWS's form: expected \(expected); check the stack's "
      + "outputs DataFlowUserAccessKey and DataFlowUserSecretKey"
  }
}

/// A prefix in a bucket.
package struct StoragePlace: Sendable, Hashable {
  package let bucket: String
  /// Without a slash at its ends; may be empty.
  package let prefix: String

  package init(bucket: String, prefix: String) {
    self.bucket = bucket
    self.prefix = prefix.split(separator: "/").joined(separator: "/")
  }

  /// The key of what has a name below the prefix; of an empty name how all such keys begin.
  package func key(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix)/\(name)" }
}
