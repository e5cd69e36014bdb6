declare const bytes: unique symbol;

/** A string in which each character (U+0000..U+00FF) is one byte. */
export type ByteString = string & { readonly [bytes]: true };

const beyondAscii = /[^\x00-\x7f]/;

/** The bytes of a text in UTF-8, as a byte string. */
export function byteString(text: string): ByteString {
  return (beyondAscii.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text) as ByteString;
}

/** Bytes as a byte string. */
export function byteStringOf(bytesOfName: Uint8Array): ByteString {
  return Buffer.from(bytesOfName.buffer, bytesOfName.byteOffset, bytesOfName.byteLength).toString(
    "latin1",
  ) as ByteString;
}

/** A byte string as what Node's fs takes: the string itself when it is ASCII (cheaper), else its bytes. */
export function systemPath(name: ByteString): string | Buffer {
  return beyondAscii.test(name) ? Buffer.from(name, "latin1") : name;
}

/** Joins parts that are byte strings or ASCII into one. */
export function joinBytes(...parts: readonly string[]): ByteString {
  return parts.join("") as ByteString;
}
