import { canonicalName, encodeName } from "./domain-name.ts";

/** What is asked. */
export interface DnsQuestion {
  readonly name: string;
  /** By number; see RECORD_TYPE_NUMBERS. */
  readonly type: number;
  /** RD: let the server ask others. Authoritative servers are asked without. */
  readonly isRecursive: boolean;
  /** Adds EDNS with the DO bit (signatures, RFC 4035) and the EXPIRE option (RFC 7314). */
  readonly wantsSignatures: boolean;
}

/** Large enough for most signed answers, small enough to pass every network without fragments (DNS flag day 2020). */
const edns0PayloadBytes = 1232;
const expireOption = 9;

/** A query as a packet without TCP's length; undefined where the name is none. Pure. */
export function writeQuery(id: number, question: DnsQuestion): Buffer | undefined {
  const name = encodeName(canonicalName(question.name));
  if (name === undefined) return undefined;
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(question.isRecursive ? 0x0100 : 0, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(question.wantsSignatures ? 1 : 0, 10);
  const asked = Buffer.alloc(4);
  asked.writeUInt16BE(question.type, 0);
  asked.writeUInt16BE(1, 2);
  return Buffer.concat([header, name, asked, question.wantsSignatures ? optRecord() : Buffer.alloc(0)]);
}

function optRecord(): Buffer {
  const opt = Buffer.alloc(15);
  opt.writeUInt16BE(41, 1);
  opt.writeUInt16BE(edns0PayloadBytes, 3);
  opt.writeUInt32BE(0x0000_8000, 5);
  opt.writeUInt16BE(4, 9);
  opt.writeUInt16BE(expireOption, 11);
  return opt;
}
