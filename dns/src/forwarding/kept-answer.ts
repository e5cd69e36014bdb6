import { classes, flagBits, type Message, type MessageRecord, MessageWriter, resultCodes } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import { ednsOctets, udpPayloadSize } from "../responder/index.ts";
import { readSoa } from "../zone/index.ts";

/** What a resolver answered, with the time until which it holds. */
export interface KeptAnswer {
  readonly rcode: number;
  /** The resolver found the signatures good (AD). */
  readonly isAuthentic: boolean;
  readonly answer: readonly MessageRecord[];
  readonly authority: readonly MessageRecord[];
  readonly additional: readonly MessageRecord[];
  readonly receivedAtMs: number;
  readonly expiresAtMs: number;
}

/** Nobody's TTL counts for longer; of what is not there for three hours (RFC 2308 §5). */
const longestMs = 86_400_000;
const longestNegativeMs = 3 * 3_600_000;
/** What cannot be found out for now is not asked for again at once (RFC 2308 §7). */
const failureMs = 5_000;
/** RFC 8767 §4: what has expired is told for so long, where the resolvers are away. */
const staleTtlSeconds = 30;

/** A resolver's answer as it is kept. Pure. */
export function keepAnswer(message: Message, nowMs: number): KeptAnswer {
  const rcode = message.header.flags & 15;
  const answer = message.answer.filter(isInternet);
  const authority = message.authority.filter(isInternet);
  const additional = message.additional.filter(isInternet);
  const heldMs = holdsForMs(rcode, answer, authority, [...answer, ...authority]);
  return {
    rcode,
    isAuthentic: (message.header.flags & flagBits.AD) !== 0,
    answer,
    authority,
    additional,
    receivedAtMs: nowMs,
    expiresAtMs: nowMs + heldMs,
  };
}

function isInternet(record: MessageRecord): boolean {
  return record.class === classes.IN;
}

function holdsForMs(
  rcode: number,
  answer: readonly MessageRecord[],
  authority: readonly MessageRecord[],
  all: readonly MessageRecord[],
): number {
  if (rcode !== resultCodes.NOERROR && rcode !== resultCodes.NXDOMAIN) return failureMs;
  const ttl = Math.min(...all.map((record) => record.ttl)) * 1_000;
  if (rcode === resultCodes.NOERROR && answer.length > 0) return Math.min(longestMs, ttl);
  const soa = authority.find(({ type }) => type === recordTypes.SOA);
  // Without a SOA record nobody says how long (RFC 2308 §5).
  if (soa === undefined) return 0;
  return Math.min(longestNegativeMs, ttl, readSoa(soa.rdata).minimum * 1_000);
}

/** How a client asked. */
export interface ForwardedQuestion {
  readonly id: number;
  /** In the letters it was asked with. */
  readonly name: DomainName;
  readonly type: number;
  readonly flags: number;
  readonly hasEdns: boolean;
  readonly wantsDnssec: boolean;
  /** Octets that the answer may have. */
  readonly limit: number;
}

const largest = 65_535;
const scratch = Buffer.allocUnsafe(largest);
const returned = flagBits.RD | flagBits.CD;

/** Writes an answer for a client: TTLs less what has passed, cut short where it does not fit. `kept` undefined: the code alone. Pure. */
export function writeForwarded(
  question: ForwardedQuestion,
  kept: KeptAnswer | undefined,
  rcode: number,
  nowMs: number,
): Buffer {
  const writer = new MessageWriter(scratch, question.limit);
  const mayBeAuthentic = question.wantsDnssec || (question.flags & flagBits.AD) !== 0;
  const authentic = kept?.isAuthentic === true && mayBeAuthentic ? flagBits.AD : 0;
  writer.setHeader(question.id, flagBits.QR | flagBits.RA | (question.flags & returned) | authentic | rcode);
  if (question.hasEdns) writer.reserve(ednsOctets([]));
  writer.addQuestion({ name: question.name, type: question.type, class: classes.IN });
  if (kept !== undefined && !writeSections(writer, kept, nowMs)) writer.addFlags(flagBits.TC);
  if (question.hasEdns) {
    writer.reserve(-ednsOctets([]));
    writer.addEdns(udpPayloadSize, 0, question.wantsDnssec, []);
  }
  return Buffer.from(writer.finish());
}

/** False where what is needed does not fit. */
function writeSections(writer: MessageWriter, kept: KeptAnswer, nowMs: number): boolean {
  const isStale = nowMs >= kept.expiresAtMs;
  const passed = Math.max(0, Math.floor((nowMs - kept.receivedAtMs) / 1_000));
  const add = (section: "answer" | "authority" | "additional") => (record: MessageRecord) => {
    const ttl = isStale ? staleTtlSeconds : Math.max(0, record.ttl - passed);
    return writer.addRecord(section, { owner: record.name, type: record.type, ttl }, record.rdata);
  };
  if (!kept.answer.every(add("answer")) || !kept.authority.every(add("authority"))) return false;
  kept.additional.every(add("additional"));
  return true;
}
