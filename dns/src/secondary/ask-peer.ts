import { classes, flagBits, type Message, MessageWriter, opcodeOf, readMessage } from "../message/index.ts";
import { type DomainName, lowerName } from "../name/index.ts";
import { type ResourceRecord, recordTypes } from "../record/index.ts";
import { optionCodes, udpPayloadSize } from "../responder/index.ts";
import { signMessage, type TsigKey, verifyTsig } from "../tsig/index.ts";

/** What a primary said that cannot be believed, or is no answer. */
export class PrimaryError extends Error {
  override readonly name = "PrimaryError";
}

/** A question to a primary, as it is sent, and what its answers are held against. */
export interface PeerQuestion {
  readonly id: number;
  readonly apex: DomainName;
  readonly type: number;
  readonly octets: Buffer;
  readonly key: TsigKey | undefined;
  readonly mac: Buffer | undefined;
}

/**
 * A question of type SOA, AXFR or IXFR (then with the SOA record that we have), signed where there is a key. With EDNS it asks as well for how long the
 * zone holds (RFC 7314 §2).
 */
export function askPeer(
  { id, apex, type, key }: Pick<PeerQuestion, "id" | "apex" | "type" | "key">,
  own: ResourceRecord | undefined,
  nowMs: number,
  hasEdns: boolean,
): PeerQuestion {
  const writer = new MessageWriter(Buffer.allocUnsafe(1_024));
  writer.setHeader(id, 0);
  writer.addQuestion({ name: apex, type, class: classes.IN });
  if (own !== undefined) writer.addRecord("authority", { owner: own.name, type: own.type, ttl: own.ttl }, own.rdata);
  if (hasEdns) writer.addEdns(udpPayloadSize, 0, false, [{ code: optionCodes.EXPIRE, data: Buffer.alloc(0) }]);
  const octets = Buffer.from(writer.finish());
  if (key === undefined) return { id, apex, type, octets, key, mac: undefined };
  const signed = signMessage(octets, key, Math.floor(nowMs / 1000));
  return { id, apex, type, octets: signed.octets, key, mac: signed.mac };
}

/** Messages without a signature that are taken between two that have one (RFC 8945 §5.3.1). */
const maximumUnsigned = 99;

/** Holds the messages that answer a question against it, one after the other: they belong to it, and are signed where it was. */
export class AnswerCheck {
  readonly #question: PeerQuestion;
  readonly #isTransfer: boolean;
  #mac: Buffer | undefined;
  #unsigned: Buffer[] = [];
  #count = 0;

  constructor(question: PeerQuestion) {
    this.#question = question;
    this.#isTransfer = question.type !== recordTypes.SOA;
    this.#mac = question.mac;
  }

  /** The message, read. Throws PrimaryError, and MessageError for what is none. */
  take(octets: Buffer, nowMs: number): Message {
    const message = readMessage(octets);
    const { id, apex, type } = this.#question;
    const { header, questions } = message;
    if (header.id !== id || (header.flags & flagBits.QR) === 0 || opcodeOf(header) !== 0) {
      throw new PrimaryError("the primary sent something that does not answer the question");
    }
    const [question] = questions;
    const isOther = question !== undefined && (lowerName(question.name) !== apex || question.type !== type);
    if (isOther) throw new PrimaryError("the primary answered another question");
    this.#checkSignature(octets, message, nowMs);
    this.#count += 1;
    return message;
  }

  /** Called when the answer is whole: its last message has to be signed. Throws PrimaryError. */
  end(): void {
    if (this.#unsigned.length > 0) throw new PrimaryError("the last message of the primary is not signed");
  }

  #checkSignature(octets: Buffer, { tsigAt, header }: Message, nowMs: number): void {
    const { key } = this.#question;
    if (key === undefined || this.#mac === undefined) return;
    if (tsigAt === undefined) {
      const isFirst = this.#count === 0;
      if (isFirst || !this.#isTransfer || this.#unsigned.length >= maximumUnsigned) {
        throw new PrimaryError(`the primary's answer is not signed (result code ${header.flags & 15})`);
      }
      this.#unsigned.push(octets);
      return;
    }
    const find = (name: DomainName) => (name === key.name ? key : undefined);
    const context = { precedingMac: this.#mac, isContinued: this.#count > 0, unsigned: this.#unsigned };
    const verdict = verifyTsig(octets, tsigAt, find, Math.floor(nowMs / 1000), context);
    if (verdict.kind !== "valid") {
      const error = verdict.kind === "invalid" ? verdict.error : 0;
      throw new PrimaryError(`the signature of the primary's answer does not hold (TSIG error ${error || "none"})`);
    }
    this.#mac = verdict.mac;
    this.#unsigned = [];
  }
}
