import { createHmac, timingSafeEqual } from "node:crypto";
import { classes, resultCodes } from "../message/index.ts";
import { type DomainName, lowerName, parseName } from "../name/index.ts";
import { OctetWriter, RecordDataError } from "../record/index.ts";
import { algorithmOf, type TsigKey, tsigAlgorithms } from "./tsig-key.ts";
import { readTsig, type TsigRecord, writeTsig } from "./tsig-record.ts";

/** Seconds that clocks may differ, as everybody has it (RFC 8945 §10). */
const fudgeSeconds = 300;
/** A MAC may be cut, but not below half of it, nor below this (RFC 8945 §5.2.2.1). */
const shortestMac = 10;

/** What a message's signature goes with: of an answer, the request's MAC; of the second and later messages of a transfer, the one before (RFC 8945 §5.3). */
export interface TsigContext {
  readonly precedingMac?: Buffer;
  /** From the second message of a stream on, the times alone are signed, not key and algorithm. */
  readonly isContinued?: boolean;
  /** Messages of the stream without a signature since the last one with one (RFC 8945 §5.3.1). */
  readonly unsigned?: readonly Buffer[];
}

/** A signature that holds, or why it does not, with what the answer to it is signed with. */
export type TsigVerdict =
  | { readonly kind: "valid"; readonly key: TsigKey; readonly mac: Buffer }
  | { readonly kind: "malformed" }
  | {
      readonly kind: "invalid";
      readonly error: number;
      readonly key: TsigKey | undefined;
      readonly record: TsigRecord;
    };

/** Holds a message's TSIG record, which is at `tsigAt`, against the keys that are known. `nowSeconds` since the epoch. */
export function verifyTsig(
  octets: Buffer,
  tsigAt: number,
  findKey: (name: DomainName) => TsigKey | undefined,
  nowSeconds: number,
  context: TsigContext = {},
): TsigVerdict {
  const record = read(octets, tsigAt);
  if (record === undefined) return { kind: "malformed" };
  const key = findKey(lowerName(record.keyName));
  const invalid = (error: number) => ({ kind: "invalid" as const, error, key, record });
  if (key === undefined || algorithmOf(record.algorithmName) !== key.algorithm) {
    return { kind: "invalid", error: resultCodes.BADKEY, key: undefined, record };
  }
  const expected = macOf(withoutTsig(octets, tsigAt, record.originalId), key, record, context);
  if (record.mac.length > expected.length) return { kind: "malformed" };
  if (record.mac.length < Math.max(shortestMac, expected.length / 2)) return invalid(resultCodes.BADTRUNC);
  if (!timingSafeEqual(record.mac, expected.subarray(0, record.mac.length))) return invalid(resultCodes.BADSIG);
  // Only who has the key learns that clocks differ (RFC 8945 §5.2.3).
  if (Math.abs(nowSeconds - record.timeSigned) > record.fudge) return invalid(resultCodes.BADTIME);
  return { kind: "valid", key, mac: record.mac };
}

function read(octets: Buffer, at: number): TsigRecord | undefined {
  try {
    return readTsig(octets, at);
  } catch (error) {
    if (error instanceof RecordDataError) return undefined;
    throw error;
  }
}

/** The message with its signature behind it, and the signature for what comes after it. */
export function signMessage(
  octets: Buffer,
  key: TsigKey,
  nowSeconds: number,
  context: TsigContext = {},
): { readonly octets: Buffer; readonly mac: Buffer } {
  const unsigned = recordFor(key, octets.readUInt16BE(0), nowSeconds);
  const mac = macOf(octets, key, unsigned, context);
  return { octets: append(octets, { ...unsigned, mac }), mac };
}

/**
 * An answer to a request whose signature did not hold (RFC 8945 §5.3.2): signed where only the time is wrong, with our clock in it; else with an
 * empty signature, since there is nothing to sign with.
 */
export function signRefusal(
  octets: Buffer,
  verdict: Extract<TsigVerdict, { readonly kind: "invalid" }>,
  nowSeconds: number,
): Buffer {
  const { record, error, key } = verdict;
  const other = new OctetWriter(6);
  other.u48(nowSeconds);
  const isTime = error === resultCodes.BADTIME && key !== undefined;
  const { keyName, algorithmName, fudge, originalId } = record;
  const unsigned: TsigRecord = {
    keyName,
    algorithmName,
    fudge,
    originalId,
    // The time of the request goes back, so that its sender can hold our clock against it.
    timeSigned: isTime ? record.timeSigned : nowSeconds,
    mac: Buffer.alloc(0),
    error,
    other: isTime ? other.finish() : Buffer.alloc(0),
  };
  const mac = isTime ? macOf(octets, key, unsigned, { precedingMac: record.mac }) : Buffer.alloc(0);
  return append(octets, { ...unsigned, mac });
}

/** Octets that a signature by this key takes at the end of a message. */
export function tsigOctets(key: TsigKey): number {
  const macOctets = createHmac(tsigAlgorithms[key.algorithm], "").digest().length;
  return writeTsig({ ...recordFor(key, 0, 0), mac: Buffer.alloc(macOctets) }).length;
}

function recordFor(key: TsigKey, originalId: number, timeSigned: number): TsigRecord {
  const [mac, other] = [Buffer.alloc(0), Buffer.alloc(0)];
  const algorithmName = parseName(key.algorithm);
  return { keyName: key.name, algorithmName, timeSigned, fudge: fudgeSeconds, mac, originalId, error: 0, other };
}

/** RFC 8945 §4.3: what came before, the message without its TSIG record, and what that record says. */
function macOf(message: Buffer, key: TsigKey, record: TsigRecord, context: TsigContext): Buffer {
  const { precedingMac, isContinued, unsigned = [] } = context;
  const hmac = createHmac(tsigAlgorithms[key.algorithm], key.secret);
  if (precedingMac !== undefined) {
    const length = new OctetWriter(2);
    length.u16(precedingMac.length);
    hmac.update(length.finish()).update(precedingMac);
  }
  for (const each of unsigned) hmac.update(each);
  hmac.update(message);
  const variables = new OctetWriter(128);
  if (isContinued !== true) {
    variables.octets(lowerName(record.keyName));
    variables.u16(classes.ANY);
    variables.u32(0);
    variables.octets(lowerName(record.algorithmName));
  }
  variables.u48(record.timeSigned);
  variables.u16(record.fudge);
  if (isContinued !== true) {
    variables.u16(record.error);
    variables.u16(record.other.length);
    variables.bytes(record.other);
  }
  return hmac.update(variables.finish()).digest();
}

function withoutTsig(octets: Buffer, tsigAt: number, originalId: number): Buffer {
  const message = Buffer.from(octets.subarray(0, tsigAt));
  message.writeUInt16BE(originalId, 0);
  message.writeUInt16BE(message.readUInt16BE(10) - 1, 10);
  return message;
}

function append(octets: Buffer, record: TsigRecord): Buffer {
  const signed = Buffer.concat([octets, writeTsig(record)]);
  signed.writeUInt16BE(signed.readUInt16BE(10) + 1, 10);
  return signed;
}
