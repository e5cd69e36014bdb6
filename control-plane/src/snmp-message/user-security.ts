import { SnmpMessageError } from "./ber-reader.ts";
import { element, integerElement, oidElement } from "./ber-writer.ts";
import type { SnmpEngine } from "./engine.ts";
import { readScopedPdu, type ScopedPdu, scopedPduElement, type UserMessage, userMessage } from "./message.ts";
import { responseElement } from "./pdu.ts";
import type { SnmpUser } from "./snmp-user.ts";

/** Why a message is not believed, with the number that a report says it by (RFC 3414 §5: usmStats). */
export const distrust = {
  unprotected: 1,
  late: 2,
  "unknown-user": 3,
  "unknown-engine": 4,
  "wrong-key": 5,
  undecryptable: 6,
} as const;
export type Distrust = keyof typeof distrust;

export type OpenedMessage =
  | { readonly isOpen: true; readonly user: SnmpUser; readonly scoped: ScopedPdu }
  | { readonly isOpen: false; readonly why: Distrust };

/**
 * Finds who a message of version 3 is from, of users that may have one name, and opens it. A message that is less protected than its user is refused.
 * Clocks are the caller's to check. Throws SnmpMessageError when what is inside is no PDU. Pure, but for the keys that users keep.
 */
export function openUserMessage(message: UserMessage, users: readonly SnmpUser[]): OpenedMessage {
  const named = users.filter(({ name }) => name === message.userName);
  if (named.length === 0) return { isOpen: false, why: "unknown-user" };
  const able = named.filter((user) => isProtectedAs(message, user));
  if (able.length === 0) return { isOpen: false, why: "unprotected" };
  const user = able.find((user) => !user.isSigning || isSignedBy(message, user));
  if (user === undefined) return { isOpen: false, why: "wrong-key" };
  try {
    const bytes = message.isEncrypted
      ? user.decrypt(message.engineId, message, message.salt, message.data)
      : message.data;
    return { isOpen: true, user, scoped: readScopedPdu(bytes) };
  } catch (error) {
    if (!message.isEncrypted && error instanceof SnmpMessageError) throw error;
    // With a wrong key for encryption alone, what comes out is nothing that can be read.
    return { isOpen: false, why: "undecryptable" };
  }
}

function isProtectedAs({ isSigned, isEncrypted }: UserMessage, user: SnmpUser): boolean {
  return isSigned === user.isSigning && isEncrypted === user.isEncrypting;
}

function isSignedBy({ whole, signature, signatureAt, engineId }: UserMessage, user: SnmpUser): boolean {
  const unsigned = Buffer.from(whole);
  unsigned.fill(0, signatureAt, signatureAt + signature.length);
  return user.isSignature(engineId, unsigned, signature);
}

/** RFC 3414 §3.2 7: how far clocks may differ. */
export const timeWindowSeconds = 150;

/** Whether a message to us is of now. Pure, but for the engine's clock. */
export function isInTime(engine: SnmpEngine, { engineBoots, engineTime }: UserMessage): boolean {
  return engineBoots === engine.boots && Math.abs(engineTime - engine.timeSeconds()) <= timeWindowSeconds;
}

/** An answer to a request of version 3, protected as the request was. */
export function userResponse(
  engine: SnmpEngine,
  request: UserMessage,
  user: SnmpUser,
  scoped: ScopedPdu,
  pdu: Buffer,
): Buffer {
  return write(engine, request, user, scopedPduElement(scoped.contextEngineId, scoped.contextName, pdu));
}

/** Tells a sender why it is not believed, and who we are: signed only where it has to set its clock by it (RFC 3414 §3.2). */
export function reportOf(engine: SnmpEngine, request: UserMessage, why: Distrust, user: SnmpUser | null): Buffer {
  const oid = `1.3.6.1.6.3.15.1.1.${distrust[why]}.0`;
  const varbind = element(0x30, oidElement(oid), integerElement(1, 0x41));
  const pdu = responseElement(requestIdOf(request), 0, 0, [varbind], "report");
  return write(engine, request, why === "late" ? user : null, scopedPduElement(engine.id, "", pdu), false);
}

/** Where it can be read: some managers look for it. */
function requestIdOf({ isEncrypted, data }: UserMessage): number {
  if (isEncrypted) return 0;
  try {
    const { pdu } = readScopedPdu(data);
    return pdu.type === "trapV1" ? 0 : pdu.requestId;
  } catch {
    return 0;
  }
}

function write(
  engine: SnmpEngine,
  { messageId, userName }: UserMessage,
  user: SnmpUser | null,
  scopedPdu: Buffer,
  mayEncrypt = true,
): Buffer {
  const isSigned = user?.isSigning === true;
  const isEncrypted = mayEncrypt && user?.isEncrypting === true;
  const clock = { engineBoots: engine.boots, engineTime: engine.timeSeconds() };
  const encrypted = isEncrypted ? user.encrypt(engine.id, clock, scopedPdu) : null;
  const { bytes, signatureAt } = userMessage({
    messageId,
    flags: (isSigned ? 1 : 0) | (isEncrypted ? 2 : 0),
    engineId: engine.id,
    ...clock,
    userName: user?.name ?? userName,
    signature: Buffer.alloc(user?.signatureOctets ?? 0),
    salt: encrypted?.salt ?? Buffer.alloc(0),
    data: encrypted === null ? scopedPdu : element(0x04, encrypted.data),
  });
  if (isSigned) user.sign(engine.id, bytes).copy(bytes, signatureAt);
  return bytes;
}
