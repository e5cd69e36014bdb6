import { type EdnsOption, flagBits, MessageWriter, type QuestionEntry } from "../message/index.ts";
import { type ResourceRecord, recordTypes } from "../record/index.ts";
import { ednsOctets } from "../responder/index.ts";
import { signMessage, type TsigKey, tsigOctets } from "../tsig/index.ts";
import { isNewerSerial, type Zone, type ZoneHistory, type ZoneStep } from "../zone/index.ts";

/** Names are compressed in the first 16 KiB of a message; longer ones gain nothing. */
const messageOctets = 16_384;

/** The request that a transfer answers. */
export interface TransferRequest {
  readonly id: number;
  readonly question: QuestionEntry;
  /** The RD bit goes back as it came. */
  readonly flags: number;
  /** Whose signature held. Every message of the answer is signed with it. */
  /** What the first message's OPT record says; undefined where there is none, as the request had none. */
  readonly edns?:
    | { readonly payloadSize: number; readonly wantsDnssec: boolean; readonly options: readonly EdnsOption[] }
    | undefined;
  readonly signature: { readonly key: TsigKey; readonly mac: Buffer } | undefined;
}

/**
 * The records that answer an AXFR (RFC 5936 §2.2): the zone, from its SOA record to its SOA record. They are those of the moment of the call, however
 * long they take to be sent.
 */
export function fullTransfer(zone: Zone): Iterable<ResourceRecord> {
  const soa = zone.soaRecord;
  const records = zone.records();
  return (function* () {
    yield* records;
    yield soa;
  })();
}

/**
 * The records that answer an IXFR from `serial` (RFC 1995 §4): the SOA record alone where nothing is newer, the steps since then, or the whole zone where
 * they are not known, or longer than it.
 */
export function incrementalTransfer(zone: Zone, history: ZoneHistory, serial: number): Iterable<ResourceRecord> {
  const soa = zone.soaRecord;
  const current = zone.soa.serial;
  if (serial === current || !isNewerSerial(current, serial)) return [soa];
  const steps = history.since(serial);
  const size =
    steps?.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0) ?? Number.POSITIVE_INFINITY;
  if (steps === undefined || steps.at(-1)?.toSerial !== current || size > zone.recordCount) return fullTransfer(zone);
  return recordsOfSteps(soa, steps);
}

function* recordsOfSteps(soa: ResourceRecord, steps: readonly ZoneStep[]): Generator<ResourceRecord> {
  yield soa;
  for (const { removed, added } of steps) {
    yield* soaFirst(removed);
    yield* soaFirst(added);
  }
  yield soa;
}

function* soaFirst(records: readonly ResourceRecord[]): Generator<ResourceRecord> {
  for (const record of records) if (record.type === recordTypes.SOA) yield record;
  for (const record of records) if (record.type !== recordTypes.SOA) yield record;
}

/** A transfer's messages, one after the other, each with as many records as fit (RFC 5936 §2.2). */
export function* transferMessages(
  request: TransferRequest,
  records: Iterable<ResourceRecord>,
  now: () => number,
): Generator<Buffer> {
  const room = request.signature === undefined ? 0 : tsigOctets(request.signature.key);
  const sign = signer(request, now);
  const { edns } = request;
  let isFirst = true;
  const finish = () => {
    if (isFirst && edns !== undefined) {
      writer.reserve(-ednsOctets(edns.options));
      writer.addEdns(edns.payloadSize, 0, edns.wantsDnssec, edns.options);
    }
    isFirst = false;
    return sign(writer.finish());
  };
  let writer = begin(request, room, true);
  let isEmpty = true;
  for (const { name, type, ttl, rdata } of records) {
    if (!writer.addRecord("answer", { owner: name, type, ttl }, rdata)) {
      if (!isEmpty) yield finish();
      // A record may be larger than a message has room for otherwise.
      writer = begin(request, room, false, isLarge(rdata) ? 65_535 : messageOctets);
      writer.addRecord("answer", { owner: name, type, ttl }, rdata);
    }
    isEmpty = false;
  }
  if (!isEmpty) yield finish();
}

function isLarge(rdata: string): boolean {
  return rdata.length > messageOctets / 2;
}

function begin(
  { id, question, flags, edns }: TransferRequest,
  room: number,
  isFirst: boolean,
  octets = messageOctets,
): MessageWriter {
  const writer = new MessageWriter(Buffer.allocUnsafe(octets), octets - room);
  writer.setHeader(id, flagBits.QR | flagBits.AA | (flags & flagBits.RD));
  if (isFirst) writer.addQuestion(question);
  // It comes behind the records.
  if (isFirst && edns !== undefined) writer.reserve(ednsOctets(edns.options));
  return writer;
}

function signer({ signature }: TransferRequest, now: () => number): (octets: Buffer) => Buffer {
  if (signature === undefined) return (octets) => octets;
  let precedingMac = signature.mac;
  let isContinued = false;
  return (octets) => {
    const signed = signMessage(octets, signature.key, Math.floor(now() / 1000), { precedingMac, isContinued });
    precedingMac = signed.mac;
    isContinued = true;
    return signed.octets;
  };
}
