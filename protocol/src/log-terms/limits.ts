/** Bounds of a record: what is longer is cut at a character's end and marked by the field `truncated`. */
export const logLimits = {
  /** Bytes of UTF-8. */
  message: 262_144,
  fields: 64,
  fieldName: 128,
  fieldValue: 8_192,
  /** Of a host's, service's or source's name: characters. */
  name: 255,
} as const;
