// Filled with the target's first behaviour.
