import { rootName } from "../name/index.ts";
import { OctetReader, RecordDataError, readRecordData, recordTypes } from "../record/index.ts";
import {
  classes,
  type Edns,
  type EdnsOption,
  type Header,
  headerOctets,
  type Message,
  MessageError,
  type MessageRecord,
  type QuestionEntry,
} from "./message.ts";

/** Undefined for fewer than twelve octets. */
export function readHeader(octets: Buffer): Header | undefined {
  if (octets.length < headerOctets) return undefined;
  const counts = [4, 6, 8, 10].map((at) => octets.readUInt16BE(at));
  const [question = 0, answer = 0, authority = 0, additional = 0] = counts;
  return {
    id: octets.readUInt16BE(0),
    flags: octets.readUInt16BE(2),
    counts: [question, answer, authority, additional],
  };
}

/** Reads a whole message. Work is bounded by its octets. Throws MessageError. */
export function readMessage(octets: Buffer): Message {
  const header = readHeader(octets);
  if (header === undefined) throw new MessageError(`a message of ${octets.length} octets has no header`);
  try {
    const reader = new OctetReader(octets, headerOctets, octets.length, "message");
    const [question, answer, authority, additional] = header.counts;
    const questions = repeat(question, () => readQuestion(reader));
    const answerRecords = repeat(answer, () => readRecord(octets, reader));
    const authorityRecords = repeat(authority, () => readRecord(octets, reader));
    const extra = readAdditional(octets, reader, additional);
    if (reader.left > 0) throw new MessageError(`there are ${reader.left} octets behind the message`);
    return { header, questions, answer: answerRecords, authority: authorityRecords, ...extra };
  } catch (error) {
    if (error instanceof RecordDataError) throw new MessageError(error.message);
    throw error;
  }
}

/** What a question section's entry says. Throws RecordDataError. */
function readQuestion(reader: OctetReader): QuestionEntry {
  return { name: reader.name(), type: reader.u16(), class: reader.u16() };
}

function readRecord(octets: Buffer, reader: OctetReader): MessageRecord {
  const name = reader.name();
  const [type, recordClass, ttl, length] = [reader.u16(), reader.u16(), reader.u32(), reader.u16()];
  const at = reader.at;
  reader.bytes(length);
  // A record of UPDATE's classes ANY and NONE may have a type and no data; TSIG and OPT have forms of their own.
  const isPlain = recordClass === classes.IN || (recordClass === classes.NONE && length > 0);
  const rdata = isPlain ? readRecordData(type, octets, at, at + length) : octets.toString("latin1", at, at + length);
  // The highest bit makes no negative number: such a TTL is 0 (RFC 2181 §8).
  return { name, type, class: recordClass, ttl: ttl >= 2 ** 31 ? 0 : ttl, rdata };
}

function readAdditional(
  octets: Buffer,
  reader: OctetReader,
  count: number,
): Pick<Message, "additional" | "edns" | "tsigAt"> {
  const additional: MessageRecord[] = [];
  let edns: Edns | undefined;
  let tsigAt: number | undefined;
  for (let index = 0; index < count; index += 1) {
    const at = reader.at;
    const kind = peekType(octets, at);
    if (tsigAt !== undefined) throw new MessageError("there is a record behind the TSIG record");
    if (kind === recordTypes.OPT) {
      if (edns !== undefined) throw new MessageError("there are two OPT records");
      edns = readEdns(reader);
      continue;
    }
    if (kind === recordTypes.TSIG) tsigAt = at;
    const record = readRecord(octets, reader);
    if (kind !== recordTypes.TSIG) additional.push(record);
  }
  return { additional, edns, tsigAt };
}

function peekType(octets: Buffer, at: number): number {
  const reader = new OctetReader(octets, at, octets.length, "message");
  reader.name();
  return reader.u16();
}

function readEdns(reader: OctetReader): Edns {
  if (reader.name() !== rootName) throw new MessageError("the OPT record's name is not the root");
  reader.u16();
  const udpPayloadSize = reader.u16();
  reader.u8();
  const version = reader.u8();
  const wantsDnssec = (reader.u16() & 0x8000) !== 0;
  const length = reader.u16();
  return { udpPayloadSize, version, wantsDnssec, options: readOptions(new OctetReader(reader.bytes(length))) };
}

function readOptions(reader: OctetReader): EdnsOption[] {
  const options: EdnsOption[] = [];
  while (reader.left > 0) {
    const code = reader.u16();
    options.push({ code, data: reader.bytes(reader.u16()) });
  }
  return options;
}

function repeat<Item>(count: number, read: () => Item): Item[] {
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) items.push(read());
  return items;
}
