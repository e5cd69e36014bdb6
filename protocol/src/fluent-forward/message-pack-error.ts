/** Bytes that are no MessagePack, no message of Forward, or more than is taken: nothing after them can be understood. */
export class MessagePackError extends Error {
  override readonly name = "MessagePackError";
}
