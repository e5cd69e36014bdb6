/** Record data that cannot be what its type wants; the message names the type, the field, what was found and what was expected. */
export class RecordDataError extends Error {
  override readonly name = "RecordDataError";
}
