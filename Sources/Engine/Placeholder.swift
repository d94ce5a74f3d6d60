// Filled with the target's first type.
