// Filled with the capability.
