/** What a device says of one object. `absent`: it has none there, or no more. */
export type SnmpValue =
  | { readonly kind: "integer" | "counter32" | "gauge32" | "timeticks" | "float"; readonly value: number }
  | { readonly kind: "counter64"; readonly value: bigint }
  | { readonly kind: "octets"; readonly value: Buffer }
  | { readonly kind: "oid" | "address"; readonly value: string }
  | { readonly kind: "absent"; readonly value: "no such object" | "no such instance" | "end of the device's objects" };

/** An object and its value. */
export interface SnmpVarbind {
  readonly oid: string;
  readonly value: SnmpValue;
}

/** A value as a number; a counter of 64 bits loses what a double cannot hold. Text that is a number counts, as check_snmp has it. Pure. */
export function numberOf(value: SnmpValue | undefined): number | undefined {
  switch (value?.kind) {
    case "integer":
    case "counter32":
    case "gauge32":
    case "timeticks":
    case "float":
      return value.value;
    case "counter64":
      return Number(value.value);
    case "octets": {
      const text = value.value.toString("latin1").trim();
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
    }
    default:
      return undefined;
  }
}

/** A counter in whole, whatever its width. Pure. */
export function counterOf(value: SnmpValue | undefined): bigint | undefined {
  if (value?.kind === "counter64") return value.value;
  return value?.kind === "counter32" ? BigInt(value.value) : undefined;
}

/**
 * A value as people read it: text where all of it is printable UTF-8, else octets in hexadecimal (`00:1b:21:3c`); null when there is none. A last NUL, which
 * printers and Windows add, is left out. Pure.
 */
export function textOf(value: SnmpValue | undefined): string | null {
  if (value === undefined || value.kind === "absent") return null;
  return value.kind === "octets" ? octetsText(value.value) : String(value.value);
}

function octetsText(octets: Buffer): string {
  const end = octets.at(-1) === 0 ? octets.length - 1 : octets.length;
  const text = octets.toString("utf8", 0, end);
  const isPrintable = !text.includes("\uFFFD") && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text);
  return isPrintable ? text : (octets.toString("hex").match(/../g)?.join(":") ?? "");
}
