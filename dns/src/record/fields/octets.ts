import { decodeBase32Hex, encodeBase32Hex } from "../base32hex.ts";
import { quoteText, unescapeText } from "../character-string.ts";
import { RecordDataError } from "../record-data-error.ts";
import type { Field } from "./field.ts";

const maximumCharacterString = 255;

/** One <character-string> of up to 255 octets. */
export function characterString(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = `a text of up to ${maximumCharacterString} octets`;
      const octets = unescapeText(tokens.next(label, expected).text);
      if (octets.length > maximumCharacterString) throw tokens.refuse(label, octets, expected);
      out.u8(octets.length);
      out.octets(octets);
    },
    format: (octets) => quoteText(octets.bytes(octets.u8())),
    skip: (octets) => void octets.bytes(octets.u8()),
  };
}

/** One or more of them, to the end. A longer text is cut into several, as people mean it; readers put them together again (RFC 7208 §3.3). */
export function characterStrings(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      for (const { text } of tokens.rest(label, "one or more texts")) {
        const octets = unescapeText(text);
        for (let at = 0; at === 0 || at < octets.length; at += maximumCharacterString) {
          const piece = octets.slice(at, at + maximumCharacterString);
          out.u8(piece.length);
          out.octets(piece);
        }
      }
    },
    format(octets) {
      const texts: string[] = [];
      do texts.push(quoteText(octets.bytes(octets.u8())));
      while (octets.left > 0);
      return texts.join(" ");
    },
    skip(octets) {
      do octets.bytes(octets.u8());
      while (octets.left > 0);
    },
  };
}

/** A text to the end without a length of its own (CAA's value, URI's target). */
export function bareText(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      out.octets(unescapeText(tokens.next(label, "a text").text));
    },
    format: (octets) => quoteText(octets.rest()),
    skip: (octets) => void octets.rest(),
  };
}

/** CAA's tag (RFC 8659 §4.1): letters and digits, written without quotation marks. */
export function tag(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "letters and digits such as issue, issuewild or iodef";
      const { text } = tokens.next(label, expected);
      if (!/^[A-Za-z0-9]{1,255}$/.test(text)) throw tokens.refuse(label, text, expected);
      out.u8(text.length);
      out.octets(text);
    },
    format(octets) {
      const text = octets.bytes(octets.u8()).toString("latin1");
      if (!/^[A-Za-z0-9]+$/.test(text)) throw new RecordDataError("the tag has characters that cannot be written");
      return text;
    },
    skip: (octets) => void octets.bytes(octets.u8()),
  };
}

/** Hexadecimal digits to the end; they may be cut by white space. `isEmptyAllowed` where nothing may be there. */
export function hex(label: string, minimumOctets = 1): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "pairs of hexadecimal digits";
      const text = tokens
        .rest(label, expected, minimumOctets > 0)
        .map((token) => token.text)
        .join("");
      if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text) || text.length < minimumOctets * 2) {
        throw tokens.refuse(label, text, expected);
      }
      out.bytes(Buffer.from(text, "hex"));
    },
    format: (octets) => octets.rest().toString("hex").toUpperCase(),
    skip(octets) {
      octets.bytes(minimumOctets);
      octets.rest();
    },
  };
}

/** Base 64 to the end; it may be cut by white space. */
export function base64(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "base 64";
      const text = tokens
        .rest(label, expected)
        .map((token) => token.text)
        .join("");
      if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) || text === "") {
        throw tokens.refuse(label, text, expected);
      }
      out.bytes(Buffer.from(text, "base64"));
    },
    format: (octets) => octets.rest().toString("base64"),
    skip(octets) {
      octets.bytes(1);
      octets.rest();
    },
  };
}

/** NSEC3's salt (RFC 5155 §3.3): hexadecimal with its length before it, or `-`. */
export function salt(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "- or pairs of hexadecimal digits, up to 255 octets";
      const { text } = tokens.next(label, expected);
      if (text !== "-" && !/^(?:[0-9a-f]{2}){1,255}$/i.test(text)) throw tokens.refuse(label, text, expected);
      const octets = text === "-" ? Buffer.alloc(0) : Buffer.from(text, "hex");
      out.u8(octets.length);
      out.bytes(octets);
    },
    format: (octets) => octets.bytes(octets.u8()).toString("hex").toUpperCase() || "-",
    skip: (octets) => void octets.bytes(octets.u8()),
  };
}

/** NSEC3's next hashed owner name: base 32 with its length before it. */
export function hash(label: string): Field {
  return {
    label,
    parse(tokens, out) {
      const expected = "base 32 with extended hex alphabet";
      const { text } = tokens.next(label, expected);
      const octets = decodeBase32Hex(text);
      if (octets === undefined || octets.length === 0 || octets.length > 255)
        throw tokens.refuse(label, text, expected);
      out.u8(octets.length);
      out.bytes(octets);
    },
    format: (octets) => encodeBase32Hex(octets.bytes(octets.u8())),
    skip(octets) {
      if (octets.bytes(octets.u8()).length === 0) throw new RecordDataError("the next hashed owner is empty");
    },
  };
}
