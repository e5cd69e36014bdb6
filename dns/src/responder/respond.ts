import { type CookieSecrets, checkCookie } from "../cookie/index.ts";
import { lookUp, type ZoneSet } from "../lookup/index.ts";
import {
  classes,
  type EdnsOption,
  flagBits,
  headerOctets,
  type Message,
  MessageError,
  MessageWriter,
  opcodeOf,
  opcodes,
  type QuestionEntry,
  readHeader,
  readMessage,
  resultCodes,
} from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import { arrange } from "./answer-cache.ts";
import { ednsOctets, optionCodes, termsOf, udpPayloadSize } from "./edns-reply.ts";
import { weightedPlace } from "./weighting.ts";
import { writeLookup } from "./write-lookup.ts";
import type { PolicySource, ZonePolicy } from "./zone-policy.ts";

/** What answers are made of. */
export interface AnswerSources {
  readonly zones: ZoneSet;
  /** What the server calls itself to whoever asks by NSID (RFC 5001); null: it does not. */
  readonly nsid: Buffer | null;
  /** Left out: COOKIE options go unanswered. */
  readonly cookieSecrets?: CookieSecrets;
  readonly policies?: PolicySource;
}

/** How a query came. */
export interface AnswerTerms {
  /** TCP or TLS. */
  readonly isStream: boolean;
  /** Any number: the record that a list begins with. */
  readonly rotation: number;
  /** 4 or 16 octets, and the key of a signature that held: who may ask is looked at by them. Left out: nobody we know. */
  readonly address?: Uint8Array;
  readonly key?: DomainName | undefined;
  /** What cookies are made and judged by. */
  readonly nowMs?: number;
  /** Octets that something else takes behind the answer. */
  readonly reservedOctets?: number;
  readonly random?: () => number;
}

const answerOctets = 65_535;
const scratch = Buffer.allocUnsafe(answerOctets);

/**
 * The answer to a packet; undefined where there is none: what is too short, and what is an answer itself, which two servers would send to and fro for
 * ever. The same memory is used by the next call.
 */
export function respond(octets: Buffer, sources: AnswerSources, arrival: AnswerTerms): Buffer | undefined {
  const header = readHeader(octets);
  if (header === undefined || (header.flags & flagBits.QR) !== 0) return undefined;
  const opcode = opcodeOf(header);
  if (opcode !== opcodes.QUERY) return bareAnswer(octets, resultCodes.NOTIMP);
  let message: Message;
  try {
    message = readMessage(octets);
  } catch (error) {
    if (error instanceof MessageError) return bareAnswer(octets, resultCodes.FORMERR);
    throw error;
  }
  return answer(message, sources, arrival);
}

/** A header that says no: all that can be said where the rest could not be read. The same memory is used by the next call. */
export function bareAnswer(octets: Buffer, rcode: number): Buffer {
  const writer = new MessageWriter(scratch, headerOctets);
  const flags = octets.readUInt16BE(2);
  writer.setHeader(octets.readUInt16BE(0), flagBits.QR | (flags & 0x7800) | (flags & kept) | rcode);
  return writer.finish();
}

const kept = flagBits.RD | flagBits.CD;

function answer(message: Message, sources: AnswerSources, arrival: AnswerTerms): Buffer {
  const { header, questions, edns } = message;
  const [question] = questions;
  const terms = termsOf(edns, arrival.isStream);
  const cookie = cookieFor(message, sources, arrival);
  const options = optionsFor(message, sources, cookie);
  const writer = new MessageWriter(scratch, terms.limit - (arrival.reservedOctets ?? 0));
  const finish = (rcode: number): Buffer => {
    writer.addFlags(rcode & 15);
    if (edns !== undefined) {
      writer.reserve(-ednsOctets(options));
      writer.addEdns(udpPayloadSize, rcode >> 4, edns.wantsDnssec, options);
    }
    return writer.finish();
  };
  writer.setHeader(header.id, flagBits.QR | (header.flags & kept));
  if (edns !== undefined) writer.reserve(ednsOctets(options));
  // Without a question a client asks for a server cookie alone (RFC 7873 §5.4).
  if (question === undefined && cookie !== undefined) return finish(resultCodes.NOERROR);
  if (question === undefined || questions.length !== 1) return finish(resultCodes.FORMERR);
  writer.addQuestion(question);
  if (edns !== undefined && edns.version > 0) return finish(resultCodes.BADVERS);
  const refusal = refuse(question, arrival);
  if (refusal !== undefined) return finish(refusal);
  const found = lookUp(sources.zones, { ...question, wantsDnssec: terms.wantsDnssec });
  const policy = found.zone === undefined ? undefined : sources.policies?.policyOf(found.zone);
  if (policy !== undefined && !isAllowed(policy, arrival)) return finish(resultCodes.REFUSED);
  if (policy !== undefined) policy.queries += 1;
  const weighted = policy === undefined ? undefined : weightedPlace(found, policy);
  const lookup = arrange({ lookup: found, weighted }, arrival.random ?? (() => 0));
  if (lookup.isAuthoritative && lookup.kind !== "refused") writer.addFlags(flagBits.AA);
  writeLookup(writer, lookup, weighted === undefined ? arrival.rotation : 0);
  return finish(lookup.rcode);
}

function isAllowed(policy: ZonePolicy, { address, key }: AnswerTerms): boolean {
  return policy.isOpen || (address !== undefined && policy.mayQuery(address, key));
}

/** What is no look-up, or none that is done here. */
function refuse(question: QuestionEntry, arrival: AnswerTerms): number | undefined {
  const { type } = question;
  // Transfers by UDP make no sense; other types of questions that no zone has are not known here.
  if (type === recordTypes.AXFR) return arrival.isStream ? resultCodes.REFUSED : resultCodes.FORMERR;
  if (type === recordTypes.MAILA || type === recordTypes.MAILB || type === recordTypes.OPT) return resultCodes.NOTIMP;
  if (type >= 128 && type < recordTypes.IXFR) return resultCodes.NOTIMP;
  if (question.class !== classes.IN) return resultCodes.REFUSED;
  return undefined;
}

function optionsFor({ edns }: Message, { nsid }: AnswerSources, cookie: Buffer | undefined): EdnsOption[] {
  if (edns === undefined) return [];
  const wantsNsid = edns.options.some(({ code }) => code === optionCodes.NSID);
  return [
    ...(cookie === undefined ? [] : [{ code: optionCodes.COOKIE, data: cookie }]),
    ...(wantsNsid && nsid !== null ? [{ code: optionCodes.NSID, data: nsid }] : []),
  ];
}

/** The cookie that goes back; undefined where none came, or none that can be read. */
function cookieFor(
  { edns }: Message,
  { cookieSecrets }: AnswerSources,
  { address, nowMs }: AnswerTerms,
): Buffer | undefined {
  const asked = edns?.version === 0 ? edns.options.find(({ code }) => code === optionCodes.COOKIE) : undefined;
  if (asked === undefined || cookieSecrets === undefined || address === undefined || nowMs === undefined)
    return undefined;
  const verdict = checkCookie(Buffer.from(asked.data), address, cookieSecrets, Math.floor(nowMs / 1000));
  return verdict.kind === "malformed" ? undefined : verdict.reply;
}
