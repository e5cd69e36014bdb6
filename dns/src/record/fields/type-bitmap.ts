import type { OctetReader } from "../octet-reader.ts";
import { RecordDataError } from "../record-data-error.ts";
import { formatRecordType, parseRecordType } from "../record-type.ts";
import type { Field } from "./field.ts";

/** The types that exist, as windows of bits (RFC 4034 §4.1.2). */
export function typeBitmap(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const windows = new Map<number, number[]>();
      for (const { text } of tokens.rest(label, "types of records", false)) {
        const type = parseRecordType(text);
        if (type === undefined) throw tokens.refuse(label, text, "a type of records");
        const window = windows.get(type >> 8) ?? [];
        window.push(type & 255);
        windows.set(type >> 8, window);
      }
      for (const [number, types] of [...windows].toSorted(([a], [b]) => a - b)) {
        const bits = Buffer.alloc((Math.max(...types) >> 3) + 1);
        for (const type of types) bits[type >> 3] = (bits[type >> 3] ?? 0) | (0x80 >> (type & 7));
        out.u8(number);
        out.u8(bits.length);
        out.bytes(bits);
      }
    },
    format: (octets) => readTypes(octets).map(formatRecordType).join(" "),
    skip: (octets) => void readTypes(octets),
  };
}

/** The types in a bitmap that goes to the end. */
export function readTypes(octets: OctetReader): number[] {
  const types: number[] = [];
  let last = -1;
  while (octets.left > 0) {
    const window = octets.u8();
    const length = octets.u8();
    if (window <= last || length === 0 || length > 32) throw new RecordDataError("a bitmap of types is not in order");
    last = window;
    for (const [index, byte] of octets.bytes(length).entries()) {
      for (let bit = 0; bit < 8; bit += 1) if (byte & (0x80 >> bit)) types.push(window * 256 + index * 8 + bit);
    }
  }
  return types;
}

/** One type, by its mnemonic. */
export function typeCode(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const { text } = tokens.next(label, "a type of records");
      const type = parseRecordType(text);
      if (type === undefined) throw tokens.refuse(label, text, "a type of records");
      out.u16(type);
    },
    format: (octets) => formatRecordType(octets.u16()),
    skip: (octets) => void octets.u16(),
  };
}
