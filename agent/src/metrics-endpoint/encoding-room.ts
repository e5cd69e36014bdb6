/** A text as bytes, until they are given back. */
export interface EncodedText {
  readonly bytes: Buffer;
  readonly giveBack: () => void;
}

/**
 * Makes bytes of long texts in one room, when it is free: new memory for each, which the system has to clear, would cost a scrape
 * a twentieth of its time and stay until the garbage collector comes by. The bytes are valid until `giveBack`.
 */
export function createEncodingRoom(): (text: string) => EncodedText {
  let free: Buffer | undefined = Buffer.alloc(0);
  return (text) => {
    const length = Buffer.byteLength(text);
    // Somewhat larger than needed: the next scrape says much the same.
    let room = free !== undefined && free.length >= length ? free : Buffer.allocUnsafeSlow(Math.ceil(length * 1.25));
    free = undefined;
    room.write(text);
    const bytes = room.subarray(0, length);
    return {
      bytes,
      giveBack() {
        free = room;
        // A second time gives nothing back that somebody else has by then.
        room = Buffer.alloc(0);
      },
    };
  };
}
