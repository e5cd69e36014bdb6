import { flagBits, type Message, MessageWriter } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { ednsOctets, udpPayloadSize } from "../responder/index.ts";
import type { MessageArrival } from "../server/index.ts";
import { signMessage, type TsigKey, tsigOctets } from "../tsig/index.ts";
import type { Client, View } from "../view/index.ts";

/** A message that was read, its signature held against our keys. */
export interface Request {
  /** Without its TSIG record. */
  readonly octets: Buffer;
  readonly message: Message;
  readonly arrival: MessageArrival;
  readonly client: Client;
  readonly view: View;
  /** Whose signature held, and what the answer's signature goes with; undefined: it had none. */
  readonly signature: { readonly key: TsigKey; readonly mac: Buffer } | undefined;
}

export function keyNameOf({ signature }: Request): DomainName | undefined {
  return signature?.key.name;
}

/** Octets that the answer's signature takes. */
export function signatureOctets({ signature }: Request): number {
  return signature === undefined ? 0 : tsigOctets(signature.key);
}

/** An answer signed as its request was (RFC 8945 §5.3). */
export function signAnswer({ signature }: Request, answer: Buffer, nowMs: number): Buffer {
  if (signature === undefined) return answer;
  const { key, mac } = signature;
  return signMessage(answer, key, Math.floor(nowMs / 1000), { precedingMac: mac }).octets;
}

/** The question with a result code, and an OPT record where the request had one; not signed yet. */
export function shortReply({ message }: Pick<Request, "message">, rcode: number, isAuthoritative = false): Buffer {
  const { header, questions, edns } = message;
  const [question] = questions;
  const writer = new MessageWriter(Buffer.allocUnsafe(512));
  const flags = flagBits.QR | (header.flags & (opcodeMask | flagBits.RD)) | (isAuthoritative ? flagBits.AA : 0) | rcode;
  writer.setHeader(header.id, flags);
  writer.reserve(ednsOctets([]));
  if (question !== undefined) writer.addQuestion(question);
  writer.reserve(-ednsOctets([]));
  if (edns !== undefined) writer.addEdns(udpPayloadSize, 0, edns.wantsDnssec, []);
  return writer.finish();
}

const opcodeMask = 0x7800;
