/** An option that cannot be understood. The message names the option, the value seen and what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
