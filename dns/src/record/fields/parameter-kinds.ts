import { quoteText } from "../character-string.ts";
import { OctetWriter } from "../octet-writer.ts";
import { RecordDataError } from "../record-data-error.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6, splitAddresses } from "./addresses.ts";

/** How one key's value is written (RFC 9460 §7 and the RFC of the key). */
interface ParameterKind {
  /** `text` is null where no value was given; its first level of escapes is off. Throws what `refuse` makes. */
  parse(text: string | null, refuse: (expected: string) => RecordDataError): Buffer;
  /** Undefined: the key stands alone. Throws RecordDataError. */
  format(value: Buffer): string | undefined;
}

const names = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];

/** A key's number; undefined for what is no key. */
export function parseParameterKey(text: string): number | undefined {
  const known = names.indexOf(text);
  if (known >= 0) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  return digits !== undefined && Number(digits) < 65_535 ? Number(digits) : undefined;
}

export function formatParameterKey(key: number): string {
  return names[key] ?? `key${key}`;
}

/** For messages. */
export const parameterKeyForms = `${names.join(", ")} or keyNNNNN`;

const mandatory: ParameterKind = {
  parse(text, refuse) {
    const keys = (text ?? "").split(",").map((name) => {
      const key = parseParameterKey(name);
      if (key === undefined || key === 0) throw refuse("keys by commas, without mandatory itself");
      return key;
    });
    if (new Set(keys).size !== keys.length) throw refuse("each key once");
    const out = new OctetWriter();
    for (const key of keys.toSorted((a, b) => a - b)) out.u16(key);
    return out.finish();
  },
  format: (value) => readMandatoryKeys(value).map(formatParameterKey).join(","),
};

/** The keys that `mandatory` names. */
export function readMandatoryKeys(value: Buffer): number[] {
  if (value.length === 0 || value.length % 2 !== 0) throw new RecordDataError("mandatory is no list of keys");
  return Array.from({ length: value.length / 2 }, (_, index) => value.readUInt16BE(index * 2));
}

/** A list by commas; `\,` is no border, which takes a second level of escapes (RFC 9460 appendix A.1). */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < text.length; at += 1) {
    const isEscaped = text[at] === "\\" && at + 1 < text.length;
    if (isEscaped) at += 1;
    if (text[at] === "," && !isEscaped) {
      parts.push(part);
      part = "";
    } else part += text[at];
  }
  parts.push(part);
  return parts;
}

const alpn: ParameterKind = {
  parse(text, refuse) {
    const out = new OctetWriter();
    for (const id of splitList(text ?? "")) {
      if (id === "" || id.length > 255) throw refuse("protocol ids by commas, such as h2,h3");
      out.u8(id.length);
      out.octets(id);
    }
    return out.finish();
  },
  format(value) {
    const ids: string[] = [];
    for (let at = 0; at < value.length; ) {
      const end = at + 1 + value.readUInt8(at);
      if (end > value.length) throw new RecordDataError("alpn ends in the middle of a protocol id");
      ids.push(value.toString("latin1", at + 1, end).replace(/[\\,]/g, "\\$&"));
      at = end;
    }
    return quoteText(Buffer.from(ids.join(","), "latin1"));
  },
};

const flag: ParameterKind = {
  parse(text, refuse) {
    if (text !== null && text !== "") throw refuse("no value");
    return Buffer.alloc(0);
  },
  format(value) {
    if (value.length > 0) throw new RecordDataError("a key that takes no value has one");
    return undefined;
  },
};

const port: ParameterKind = {
  parse(text, refuse) {
    if (text === null || !/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw refuse("a port from 0 to 65535");
    return Buffer.from([Number(text) >> 8, Number(text) & 255]);
  },
  format(value) {
    if (value.length !== 2) throw new RecordDataError(`port is ${value.length} octets long; expected 2`);
    return String(value.readUInt16BE(0));
  },
};

function addresses(
  octetCount: 4 | 16,
  parse: (text: string) => Buffer | undefined,
  format: (octets: Buffer) => string,
): ParameterKind {
  return {
    parse(text, refuse) {
      const octets = (text ?? "").split(",").map(parse);
      const found = octets.filter((each) => each !== undefined);
      if (found.length !== octets.length) throw refuse(`IPv${octetCount === 4 ? 4 : 6} addresses by commas`);
      return Buffer.concat(found);
    },
    format: (value) => splitAddresses(value, octetCount).map(format).join(","),
  };
}

const ech: ParameterKind = {
  parse(text, refuse) {
    if (
      text === null ||
      !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) ||
      text === ""
    ) {
      throw refuse("base 64");
    }
    return Buffer.from(text, "base64");
  },
  format: (value) => value.toString("base64"),
};

const octets: ParameterKind = {
  parse: (text) => Buffer.from(text ?? "", "latin1"),
  format: (value) => (value.length === 0 ? undefined : quoteText(value)),
};

const kinds: readonly ParameterKind[] = [
  mandatory,
  alpn,
  flag,
  port,
  addresses(4, parseIpv4, formatIpv4),
  ech,
  addresses(16, parseIpv6, formatIpv6),
  octets,
  flag,
];

/** How a key's value is written; a key that is not known here is octets. */
export function parameterKind(key: number): ParameterKind {
  return kinds[key] ?? octets;
}
