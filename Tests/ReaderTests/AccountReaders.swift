// What people write of accounts, and what a folder that stands for one keeps.
import Accounts
import AtelierTesting
import Content
import FolderAccounts
import PythonLiterals

extension ReaderFuzzTests {
  static let accounts = Reader(
    name: "accounts.json",
    corpus: [
      #"[{"SET_NAME":"a","DEV_ACCOUNT":"111111111111","PREPROD_ACCOUNT":"./b","PROD_ACCOUNT":"c/d"}]"#
    ]
  ) { bytes in
    let found = AccountsFile(parsing: bytes, file: "accounts.json")
    guard found.problems.isEmpty else { return false }
    guard found.entries.allSatisfy({ $0.places.count == 3 && AccountSet.isName($0.name) }) else {
      throw BrokenProperty("incomplete sets: \(found.entries)")
    }
    return true
  }

  static let constants = Reader(
    name: "constants.py",
    corpus: [
      "# x\nPIPELINE_ACCOUNT = '1' + \"2\"\nA: str = ('a' # b\n  'c')\nB = [1, None]\n\"\"\"d\"\"\"\n"
    ]
  ) { bytes in
    let found = PythonConstants(parsing: bytes, file: "constants.py")
    return found.problems.isEmpty && !found.values.isEmpty
  }

  static let folderStack = Reader(
    name: "stack of a folder",
    corpus: [
      #"{"name":"one","outputs":{"a":"b"},"parameters":{},"resources":[{"identity":"/a/b","name":"P","#
        + #""properties":{"Value":"x"},"type":"AWS::SSM::Parameter"}],"status":"CREATE_COMPLETE","#
        + #""tags":{"atelier:accounts":"s"},"template":{"Resources":{}},"v":1}"#
    ]
  ) { bytes in
    guard let stack = FolderStack(reading: bytes) else { return false }
    guard FolderNames.isStack(stack.name) else { throw BrokenProperty("a name of \(stack.name)") }
    return true
  }
}
