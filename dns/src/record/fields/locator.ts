import type { Field } from "./field.ts";

/** 64 bits as four groups of hexadecimal digits (RFC 6742 §2.1 and §2.3): node identifiers and locators. */
export function locator(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "four groups of hexadecimal digits such as 2001:db8:1140:1000";
      const { text } = tokens.next(label, expected);
      if (!/^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){3}$/i.test(text)) throw tokens.refuse(label, text, expected);
      for (const group of text.split(":")) out.u16(Number.parseInt(group, 16));
    },
    format: (octets) =>
      [octets.u16(), octets.u16(), octets.u16(), octets.u16()].map((group) => group.toString(16)).join(":"),
    skip: (octets) => void octets.bytes(8),
  };
}
