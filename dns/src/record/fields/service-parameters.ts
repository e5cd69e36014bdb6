import { unescapeText } from "../character-string.ts";
import type { OctetReader } from "../octet-reader.ts";
import { RecordDataError } from "../record-data-error.ts";
import type { Token } from "../token.ts";
import type { Field } from "./field.ts";
import {
  formatParameterKey,
  parameterKeyForms,
  parameterKind,
  parseParameterKey,
  readMandatoryKeys,
} from "./parameter-kinds.ts";

/** SVCB's and HTTPS' parameters (RFC 9460 §2.1): sorted by key in wire form, values by key's own rules. */
export function serviceParameters(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const parameters = new Map<number, Buffer>();
      for (const { key: keyText, value } of join(tokens.rest(label, "key=value", false))) {
        const key = parseParameterKey(keyText);
        if (key === undefined) throw tokens.refuse(label, keyText, `a key: ${parameterKeyForms}`);
        if (parameters.has(key)) throw tokens.refuse(label, keyText, "each key once");
        const text = value === null ? null : unescapeText(value);
        const refuse = (expected: string) => tokens.refuse(formatParameterKey(key), text ?? "", expected);
        parameters.set(key, parameterKind(key).parse(text, refuse));
      }
      const mandatory = parameters.get(0);
      for (const key of mandatory === undefined ? [] : readMandatoryKeys(mandatory)) {
        if (parameters.has(key)) continue;
        throw tokens.refuse("mandatory", formatParameterKey(key), "keys that are there");
      }
      for (const [key, value] of [...parameters].toSorted(([a], [b]) => a - b)) {
        out.u16(key);
        out.u16(value.length);
        out.bytes(value);
      }
    },
    format: (octets) =>
      readParameters(octets)
        .map(([key, value]) => {
          const text = parameterKind(key).format(value);
          return text === undefined ? formatParameterKey(key) : `${formatParameterKey(key)}=${text}`;
        })
        .join(" "),
    skip(octets) {
      for (const [key, value] of readParameters(octets)) parameterKind(key).format(value);
    },
  };
}

/** `key="a b"` is scanned as the word `key=` and the quoted one behind it. */
function join(tokens: readonly Token[]): { readonly key: string; readonly value: string | null }[] {
  const joined: { key: string; value: string | null }[] = [];
  for (const { text, isQuoted } of tokens) {
    const last = joined.at(-1);
    if (isQuoted && last?.value === "") last.value = text;
    else {
      const cut = text.indexOf("=");
      joined.push(cut < 0 ? { key: text, value: null } : { key: text.slice(0, cut), value: text.slice(cut + 1) });
    }
  }
  return joined;
}

function readParameters(octets: OctetReader): [key: number, value: Buffer][] {
  const parameters: [number, Buffer][] = [];
  while (octets.left > 0) {
    const key = octets.u16();
    if (key <= (parameters.at(-1)?.[0] ?? -1)) {
      throw new RecordDataError("service parameters are not in the order of their keys");
    }
    parameters.push([key, octets.bytes(octets.u16())]);
  }
  return parameters;
}
