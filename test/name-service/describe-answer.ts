import { flagBits, type MessageRecord, readMessage } from "../../dns/src/message/index.ts";
import { formatName, lowerName } from "../../dns/src/name/index.ts";
import { formatRecordData, formatRecordType } from "../../dns/src/record/index.ts";

/** An answer with everything that another server's answer to the same question should agree with. */
export interface AnswerDescription {
  readonly resultCode: number;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  readonly isRecursionDesired: boolean;
  readonly isRecursionAvailable: boolean;
  readonly isAuthentic: boolean;
  readonly isCheckingDisabled: boolean;
  /** The question section's octets, letters as they are: servers return what they were sent. */
  readonly question: string;
  /** Sorted: the order within a section says nothing. */
  readonly answer: readonly string[];
  readonly authority: readonly string[];
  readonly additional: readonly string[];
  /** Of the OPT record: version and DO bit; null: there is none. */
  readonly edns: string | null;
}

/** Throws MessageError for what is no message. Of a truncated answer the sections are left out: which part was cut is each server's own. */
export function describeAnswer(octets: Buffer): AnswerDescription {
  const message = readMessage(octets);
  const { flags } = message.header;
  const [question] = message.questions;
  const isSet = (bit: number) => (flags & bit) !== 0;
  const isTruncated = isSet(flagBits.TC);
  const section = (records: readonly MessageRecord[]) => (isTruncated ? [] : records.map(describeRecord).sort());
  return {
    resultCode: flags & 15,
    isAuthoritative: isSet(flagBits.AA),
    isTruncated,
    isRecursionDesired: isSet(flagBits.RD),
    isRecursionAvailable: isSet(flagBits.RA),
    isAuthentic: isSet(flagBits.AD),
    isCheckingDisabled: isSet(flagBits.CD),
    question: question === undefined ? "" : `${formatName(question.name)} ${question.type} ${question.class}`,
    answer: section(message.answer),
    authority: section(message.authority),
    additional: section(message.additional),
    edns: message.edns === undefined ? null : `version ${message.edns.version}, DO ${message.edns.wantsDnssec}`,
  };
}

function describeRecord({ name, type, ttl, rdata }: MessageRecord): string {
  const data = formatRecordData(type, rdata).toLowerCase();
  return `${formatName(lowerName(name))} ${ttl} ${formatRecordType(type)} ${data}`;
}
