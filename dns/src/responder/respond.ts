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
import { recordTypes } from "../record/index.ts";
import { ednsOctets, optionCodes, termsOf, udpPayloadSize } from "./edns-reply.ts";
import { writeLookup } from "./write-lookup.ts";

/** What answers are made of. */
export interface AnswerSources {
  readonly zones: ZoneSet;
  /** What the server calls itself to whoever asks by NSID (RFC 5001); null: it does not. */
  readonly nsid: Buffer | null;
}

/** How a query came. */
export interface AnswerTerms {
  /** TCP or TLS. */
  readonly isStream: boolean;
  /** Any number: the record that a list begins with. */
  readonly rotation: number;
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

/** A header that says no: all that can be said where the rest could not be read. */
function bareAnswer(octets: Buffer, rcode: number): Buffer {
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
  const options = optionsFor(message, sources);
  const writer = new MessageWriter(scratch, terms.limit);
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
  if (question === undefined || questions.length !== 1) return finish(resultCodes.FORMERR);
  writer.addQuestion(question);
  if (edns !== undefined && edns.version > 0) return finish(resultCodes.BADVERS);
  const refusal = refuse(question, arrival);
  if (refusal !== undefined) return finish(refusal);
  const lookup = lookUp(sources.zones, { ...question, wantsDnssec: terms.wantsDnssec });
  if (lookup.isAuthoritative && lookup.kind !== "refused") writer.addFlags(flagBits.AA);
  writeLookup(writer, lookup, arrival.rotation);
  return finish(lookup.rcode);
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

function optionsFor({ edns }: Message, { nsid }: AnswerSources): EdnsOption[] {
  if (edns === undefined) return [];
  const wantsNsid = edns.options.some(({ code }) => code === optionCodes.NSID);
  return wantsNsid && nsid !== null ? [{ code: optionCodes.NSID, data: nsid }] : [];
}
