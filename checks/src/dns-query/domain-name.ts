const maximumNameOctets = 255;
const maximumLabelOctets = 63;

/** A name as octets of a packet; undefined for what is no name. A final dot may be left out; `.` is the root. Takes no escapes. */
export function encodeName(text: string): Buffer | undefined {
  const trimmed = text.endsWith(".") ? text.slice(0, -1) : text;
  if (trimmed === "") return text === "." ? Buffer.from([0]) : undefined;
  const parts: Buffer[] = [];
  for (const label of trimmed.split(".")) {
    const octets = Buffer.from(label, "latin1");
    if (octets.length === 0 || octets.length > maximumLabelOctets || !/^[\x21-\x5b\x5d-\x7e]+$/.test(label)) {
      return undefined;
    }
    parts.push(Buffer.from([octets.length]), octets);
  }
  const whole = Buffer.concat([...parts, Buffer.from([0])]);
  return whole.length > maximumNameOctets ? undefined : whole;
}

/**
 * Reads a name at a place in a packet: its text in lower case, without a final dot (the root is `.`), and where it ends. Undefined where it is
 * no name: compression must lead backwards (RFC 1035 §4.1.4), so that no packet can make a loop.
 */
export function readName(packet: Buffer, start: number): { readonly name: string; readonly end: number } | undefined {
  const labels: string[] = [];
  let at = start;
  let end: number | undefined;
  let lowest = start;
  let octets = 1;
  for (;;) {
    const length = packet[at];
    if (length === undefined) return undefined;
    if (length === 0) return { name: labels.length === 0 ? "." : labels.join("."), end: end ?? at + 1 };
    if (length >= 0xc0) {
      const low = packet[at + 1];
      if (low === undefined) return undefined;
      const target = ((length & 0x3f) << 8) | low;
      if (target >= lowest) return undefined;
      end ??= at + 2;
      lowest = target;
      at = target;
      continue;
    }
    octets += length + 1;
    if (length > maximumLabelOctets || octets > maximumNameOctets || at + 1 + length > packet.length) return undefined;
    labels.push(textOfLabel(packet.subarray(at + 1, at + 1 + length)));
    at += length + 1;
  }
}

/** Octets that have a meaning of their own in text are escaped as in master files. */
function textOfLabel(octets: Buffer): string {
  return Array.from(octets, (octet) => {
    if (octet === 0x2e || octet === 0x5c) return `\\${String.fromCharCode(octet)}`;
    if (octet < 0x21 || octet > 0x7e) return `\\${String(octet).padStart(3, "0")}`;
    return String.fromCharCode(octet).toLowerCase();
  }).join("");
}

/** A name as it is compared: in lower case, without a final dot. */
export function canonicalName(text: string): string {
  return text === "." ? text : text.toLowerCase().replace(/\.$/, "");
}

/** Whether a name is a zone's apex or below it; both as canonicalName has them. */
export function isWithin(name: string, zone: string): boolean {
  return zone === "." || name === zone || name.endsWith(`.${zone}`);
}
