import type { ForwardingConfiguration } from "@mycloud/protocol/name-server";
import { exchangeDatagram, exchangeStream } from "../exchange/index.ts";
import { classes, flagBits, type Message, MessageError, MessageWriter, readMessage } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { udpPayloadSize } from "../responder/index.ts";

export type Resolver = ForwardingConfiguration["resolvers"][number];

/** What is asked of a resolver. */
export interface ResolverQuestion {
  readonly name: DomainName;
  readonly type: number;
  readonly wantsDnssec: boolean;
  /** CD: signatures are the client's own business. */
  readonly isCheckingDisabled: boolean;
}

const queryOctets = 512;

/** Asks by UDP, by TCP where the answer is cut short, or by TLS. Rejects where no answer comes before `signal` is aborted. */
export async function askResolver(
  resolver: Resolver,
  question: ResolverQuestion,
  random: () => number,
  signal: AbortSignal,
): Promise<Message> {
  const name = mixCase(question.name, random);
  const query = writeQuery({ ...question, name }, Math.floor(random() * 65_536));
  const read = (octets: Buffer) => readAnswer(octets, name, question.type, query);
  if (!resolver.isTls) {
    const octets = await exchangeDatagram(resolver, query, signal, (answer) => read(answer) !== undefined);
    const answer = read(octets);
    if (answer !== undefined && (answer.header.flags & flagBits.TC) === 0) return answer;
  }
  const tls = resolver.isTls
    ? { ...(resolver.serverName === null ? { rejectUnauthorized: false } : { servername: resolver.serverName }) }
    : null;
  for await (const octets of exchangeStream(resolver, query, signal, tls)) {
    const answer = read(octets);
    if (answer !== undefined) return answer;
  }
  throw new Error(`${resolver.address} closed the connection without an answer`);
}

/** The letters in cases of chance, which the answer has to repeat (draft-vixie-dnsext-dns0x20): what somebody else makes up does not have them. */
export function mixCase(name: DomainName, random: () => number): DomainName {
  return name.replace(/[a-z]/gi, (letter) =>
    random() < 0.5 ? letter.toLowerCase() : letter.toUpperCase(),
  ) as DomainName;
}

function writeQuery(question: ResolverQuestion, id: number): Buffer {
  const writer = new MessageWriter(Buffer.allocUnsafe(queryOctets));
  writer.setHeader(id, flagBits.RD | flagBits.AD | (question.isCheckingDisabled ? flagBits.CD : 0));
  writer.addQuestion({ name: question.name, type: question.type, class: classes.IN });
  writer.addEdns(udpPayloadSize, 0, question.wantsDnssec, []);
  return writer.finish();
}

/** Undefined for what is no answer to the query, however it got here. */
function readAnswer(octets: Buffer, name: DomainName, type: number, query: Buffer): Message | undefined {
  try {
    const message = readMessage(octets);
    const [asked] = message.questions;
    const isAnswer = (message.header.flags & flagBits.QR) !== 0 && message.header.id === query.readUInt16BE(0);
    const isSame = message.questions.length === 1 && asked?.name === name && asked.type === type;
    return isAnswer && isSame && asked.class === classes.IN ? message : undefined;
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}
