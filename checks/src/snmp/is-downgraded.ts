const sequence = 0x30;
const octetString = 0x04;
/** The only kind of message that an engine may send unsigned: it tells of itself, or of what was wrong (RFC 3412 §7.1). */
const reportPdu = 0xa8;
const signedFlag = 1;
const encryptedFlag = 2;

/**
 * Whether an answer of version 3 is less protected than what was asked, without being a report: somebody on the way could have made it. net-snmp checks the
 * signature of messages that say they have one, and believes those that do not. What cannot be read counts as downgraded. Pure.
 */
export function isDowngraded(
  message: Buffer,
  wanted: { readonly isSigned: boolean; readonly isEncrypted: boolean },
): boolean {
  const flags = readFlags(message);
  if (flags === null) return true;
  const isSigned = (flags.value & signedFlag) !== 0;
  const isEncrypted = (flags.value & encryptedFlag) !== 0;
  if ((isSigned || !wanted.isSigned) && (isEncrypted || !wanted.isEncrypted)) return false;
  return isEncrypted || flags.pdu !== reportPdu;
}

/** msgFlags, and the tag of the PDU where it is in plain text. */
function readFlags(message: Buffer): { readonly value: number; readonly pdu: number | undefined } | null {
  const whole = elementAt(message, 0);
  if (whole?.tag !== sequence) return null;
  const version = elementAt(message, whole.start);
  const header = version === null ? null : elementAt(message, version.end);
  if (header?.tag !== sequence) return null;
  const id = elementAt(message, header.start);
  const size = id === null ? null : elementAt(message, id.end);
  const flags = size === null ? null : elementAt(message, size.end);
  const parameters = elementAt(message, header.end);
  if (flags?.tag !== octetString || parameters?.tag !== octetString) return null;
  const value = message[flags.start];
  if (value === undefined || flags.end === flags.start) return null;
  const scoped = elementAt(message, parameters.end);
  const engine = scoped?.tag === sequence ? elementAt(message, scoped.start) : null;
  const context = engine === null ? null : elementAt(message, engine.end);
  return { value, pdu: context === null ? undefined : message[context.end] };
}

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** A BER element with a definite length, as SNMP has them; null where none is whole. */
function elementAt(bytes: Buffer, at: number): Element | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return wholeElement(bytes, tag, at + 2, first);
  const octets = first - 0x80;
  if (octets === 0 || octets > 4 || at + 2 + octets > bytes.length) return null;
  return wholeElement(bytes, tag, at + 2 + octets, bytes.readUIntBE(at + 2, octets));
}

function wholeElement(bytes: Buffer, tag: number, start: number, length: number): Element | null {
  return start + length > bytes.length ? null : { tag, start, end: start + length };
}
