// Which of two spaces the end-to-end tests mean.
import EndToEndHarness

typealias Space = EndToEndHarness.Space
