import { parseDuration } from "../time-to-live.ts";
import type { Field } from "./field.ts";

function parseInteger(text: string, maximum: number): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= maximum ? Number(text) : undefined;
}

/** A number of 8, 16 or 32 bits; words that stand for numbers are read, too, and never written. */
export function number(label: string, bits: 8 | 16 | 32, words: Readonly<Record<string, number>> = {}): Field {
  const maximum = 2 ** bits - 1;
  return {
    label,
    parse(tokens, out) {
      const expected = `a number from 0 to ${maximum}`;
      const { text } = tokens.next(label, expected);
      const value = parseInteger(text, maximum) ?? words[text.toUpperCase()];
      if (value === undefined) throw tokens.refuse(label, text, expected);
      if (bits === 8) out.u8(value);
      else if (bits === 16) out.u16(value);
      else out.u32(value);
    },
    format: (octets) => String(bits === 8 ? octets.u8() : bits === 16 ? octets.u16() : octets.u32()),
    skip: (octets) => void octets.bytes(bits / 8),
  };
}

/** Seconds, also as `1h30m`. */
export function duration(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "seconds, or a time such as 1h30m, up to 2147483647 seconds";
      const { text } = tokens.next(label, expected);
      const value = parseDuration(text);
      if (value === undefined) throw tokens.refuse(label, text, expected);
      out.u32(value);
    },
    format: (octets) => String(octets.u32()),
    skip: (octets) => void octets.u32(),
  };
}

/** An instant of RRSIG (RFC 4034 §3.2): YYYYMMDDHHmmSS in UTC, or seconds since the epoch. */
export function instant(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "YYYYMMDDHHmmSS or seconds since 1970";
      const { text } = tokens.next(label, expected);
      const calendar = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
      if (calendar !== null) {
        const [, year, month, day, hour, minute, second] = calendar;
        const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
        if (Number.isNaN(at)) throw tokens.refuse(label, text, expected);
        // Seconds modulo 2^32, read by serial arithmetic.
        out.u32(((at % 2 ** 32) + 2 ** 32) % 2 ** 32);
        return;
      }
      const seconds = parseInteger(text, 2 ** 32 - 1);
      if (seconds === undefined) throw tokens.refuse(label, text, expected);
      out.u32(seconds);
    },
    format: (octets) => new Date(octets.u32() * 1000).toISOString().replace(/[-:T]|\.\d+Z$/g, ""),
    skip: (octets) => void octets.u32(),
  };
}
