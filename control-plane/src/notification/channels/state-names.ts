/** A host's states by their number. */
export const hostStates = ["UP", "DOWN", "UNREACHABLE"];

/** A service's states by their number. */
export const serviceStates = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
