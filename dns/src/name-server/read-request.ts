import { type Message, MessageError, readMessage, resultCodes } from "../message/index.ts";
import type { MessageArrival } from "../server/index.ts";
import { signRefusal, verifyTsig } from "../tsig/index.ts";
import type { Client, Clients } from "../view/index.ts";
import type { Keyring } from "./keyring.ts";
import { type Request, shortReply } from "./request.ts";

export type ReadRequest =
  | { readonly kind: "request"; readonly request: Request }
  /** It cannot be read, or its TSIG record is none: FORMERR. */
  | { readonly kind: "malformed" }
  /** Its signature does not hold; that is what it is told. */
  | { readonly kind: "unproven"; readonly answer: Buffer; readonly error: number };

/** Reads a message that is no ordinary query, and holds its signature against our keys (RFC 8945 §5.2). Pure. */
export function readRequest(
  octets: Buffer,
  arrival: MessageArrival,
  { client, clients, keyring }: { readonly client: Client; readonly clients: Clients; readonly keyring: Keyring },
  nowMs: number,
): ReadRequest {
  const message = read(octets);
  if (message === undefined) return { kind: "malformed" };
  const { tsigAt } = message;
  const unsigned = { octets, message, arrival, client, view: client.view, signature: undefined };
  if (tsigAt === undefined) return { kind: "request", request: unsigned };
  const nowSeconds = Math.floor(nowMs / 1000);
  const verdict = verifyTsig(octets, tsigAt, (name) => keyring.find(name), nowSeconds);
  if (verdict.kind === "malformed") return { kind: "malformed" };
  if (verdict.kind === "invalid") {
    const refusal = Buffer.from(shortReply({ message }, resultCodes.NOTAUTH));
    return { kind: "unproven", answer: signRefusal(refusal, verdict, nowSeconds), error: verdict.error };
  }
  const { key, mac } = verdict;
  const view = clients.viewFor(client.address, key.name);
  const request = { ...unsigned, octets: withoutTsig(octets, tsigAt), view, signature: { key, mac } };
  return { kind: "request", request };
}

function read(octets: Buffer): Message | undefined {
  try {
    return readMessage(octets);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}

/** The TSIG record is the last one. */
function withoutTsig(octets: Buffer, tsigAt: number): Buffer {
  const without = Buffer.from(octets.subarray(0, tsigAt));
  without.writeUInt16BE(without.readUInt16BE(10) - 1, 10);
  return without;
}
