import { formatName, NameError, parseName } from "../../name/index.ts";
import { parseIpv4, parseIpv6 } from "./addresses.ts";
import type { Field } from "./field.ts";

function nameField(label: string, isName: "compressed" | "plain"): Field {
  return {
    label,
    isName,
    parse(tokens, out, origin) {
      const expected = "a domain name";
      const { text, isQuoted } = tokens.next(label, expected);
      if (isQuoted) throw tokens.refuse(label, text, "a domain name without quotation marks");
      const bare = text.replace(/\.$/, "");
      if (parseIpv4(bare) !== undefined || parseIpv6(bare) !== undefined) {
        throw tokens.refuse(label, text, "a domain name, not an address");
      }
      try {
        out.octets(text === "@" ? origin : parseName(text, origin));
      } catch (error) {
        if (error instanceof NameError) throw tokens.refuse(label, text, `a domain name: ${error.message}`);
        throw error;
      }
    },
    format: (octets) => formatName(octets.name()),
    skip: (octets) => void octets.name(),
  };
}

/** A name of a type of RFC 1035, which messages may compress. */
export function oldName(label: string): Field {
  return nameField(label, "compressed");
}

/** A name of a younger type, which is never compressed (RFC 3597 §4). */
export function name(label: string): Field {
  return nameField(label, "plain");
}
