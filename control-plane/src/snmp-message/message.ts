import { BerReader, SnmpMessageError } from "./ber-reader.ts";
import { element, integerElement } from "./ber-writer.ts";
import { type Pdu, readPdu, type TrapV1 } from "./pdu.ts";

/** A message of version 1 or 2c. */
export interface CommunityMessage {
  readonly version: "1" | "2c";
  readonly community: Buffer;
  readonly pdu: Pdu | TrapV1;
}

/** What a message of version 3 says before anything of it is believed (RFC 3412 §6, RFC 3414 §2.4). */
export interface UserMessage {
  readonly version: "3";
  readonly messageId: number;
  readonly maximumSize: number;
  readonly isSigned: boolean;
  readonly isEncrypted: boolean;
  readonly isReportable: boolean;
  readonly engineId: Buffer;
  readonly engineBoots: number;
  readonly engineTime: number;
  readonly userName: string;
  readonly signature: Buffer;
  /** Where the signature stands in the message. */
  readonly signatureAt: number;
  readonly salt: Buffer;
  /** The scoped PDU's octets, or what they are encrypted to. */
  readonly data: Buffer;
  readonly whole: Buffer;
}

/** What is inside of a message of version 3. */
export interface ScopedPdu {
  readonly contextEngineId: Buffer;
  readonly contextName: string;
  readonly pdu: Pdu | TrapV1;
}

/** The user-based security model. */
const userBased = 3;

/** Throws SnmpMessageError for what is no message of SNMP. */
export function readMessage(bytes: Buffer): CommunityMessage | UserMessage {
  const message = new BerReader(bytes).enter(0x30);
  const version = message.integer();
  if (version === 3) return readUserMessage(message, bytes);
  if (version !== 0 && version !== 1) throw new SnmpMessageError(`version ${version} is none of SNMP`);
  return { version: version === 0 ? "1" : "2c", community: message.octets(), pdu: readPdu(message) };
}

function readUserMessage(message: BerReader, whole: Buffer): UserMessage {
  const header = message.enter(0x30);
  const messageId = header.integer();
  const maximumSize = header.integer();
  const flags = header.octets();
  const model = header.integer();
  if (flags.length !== 1 || model !== userBased) throw new SnmpMessageError("the security model is not the user-based");
  const flag = flags[0] ?? 0;
  const parameters = message.enter(0x04).enter(0x30);
  const engineId = parameters.octets();
  const engineBoots = parameters.integer();
  const engineTime = parameters.integer();
  const userName = parameters.octets().toString("utf8");
  const signature = parameters.expect(0x04);
  const salt = parameters.octets();
  if (engineId.length > 32 || userName.length > 255)
    throw new SnmpMessageError("an engine or user has too long a name");
  const isEncrypted = (flag & 2) !== 0;
  const data = message.next();
  if (data.tag !== (isEncrypted ? 0x04 : 0x30)) throw new SnmpMessageError("the scoped PDU is not what the flags say");
  return {
    version: "3",
    messageId,
    maximumSize,
    isSigned: (flag & 1) !== 0,
    isEncrypted,
    isReportable: (flag & 4) !== 0,
    engineId,
    engineBoots,
    engineTime,
    userName,
    signature: signature.content,
    signatureAt: signature.start,
    salt,
    data: isEncrypted ? data.content : element(0x30, data.content),
    whole,
  };
}

/** Reads a scoped PDU, decrypted. What follows it is padding. Throws SnmpMessageError. */
export function readScopedPdu(bytes: Buffer): ScopedPdu {
  const scoped = new BerReader(bytes).enter(0x30);
  return {
    contextEngineId: scoped.octets(),
    contextName: scoped.octets().toString("utf8"),
    pdu: readPdu(scoped),
  };
}

/** Pure. */
export function communityMessage(version: "1" | "2c", community: Buffer, pdu: Buffer): Buffer {
  return element(0x30, integerElement(version === "1" ? 0 : 1), element(0x04, community), pdu);
}

/** What a message of version 3 is written from; `signature` has the length of the real one. */
export interface UserMessageParts {
  readonly messageId: number;
  readonly flags: number;
  readonly engineId: Buffer;
  readonly engineBoots: number;
  readonly engineTime: number;
  readonly userName: string;
  readonly signature: Buffer;
  readonly salt: Buffer;
  /** A whole element: the scoped PDU, or octets that it is encrypted to. */
  readonly data: Buffer;
}

/** What we can take, by datagram. */
export const maximumMessageBytes = 65_507;

/** A message of version 3, and where its signature stands. Pure. */
export function userMessage(parts: UserMessageParts): { readonly bytes: Buffer; readonly signatureAt: number } {
  const { messageId, flags, engineId, engineBoots, engineTime, userName, signature, salt, data } = parts;
  const header = element(
    0x30,
    integerElement(messageId),
    integerElement(maximumMessageBytes),
    element(0x04, Buffer.from([flags])),
    integerElement(userBased),
  );
  const saltElement = element(0x04, salt);
  const parameters = element(
    0x04,
    element(
      0x30,
      element(0x04, engineId),
      integerElement(engineBoots),
      integerElement(engineTime),
      element(0x04, Buffer.from(userName)),
      element(0x04, signature),
      saltElement,
    ),
  );
  const bytes = element(0x30, integerElement(3), header, parameters, data);
  // What follows the signature is known, so it is found from the end.
  return { bytes, signatureAt: bytes.length - data.length - saltElement.length - signature.length };
}

/** Pure. */
export function scopedPduElement(contextEngineId: Buffer, contextName: string, pdu: Buffer): Buffer {
  return element(0x30, element(0x04, contextEngineId), element(0x04, Buffer.from(contextName)), pdu);
}
