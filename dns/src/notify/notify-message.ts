import { classes, flagBits, type Message, MessageWriter, opcodeOf, opcodes } from "../message/index.ts";
import { type DomainName, lowerName } from "../name/index.ts";
import { type Octets, recordTypes } from "../record/index.ts";

/** "There is something newer" (RFC 1996 §3.7): the new SOA record goes along, for who wants to save a question. */
export function writeNotify(
  id: number,
  apex: DomainName,
  soa: { readonly ttl: number; readonly rdata: Octets },
): Buffer {
  const writer = new MessageWriter(Buffer.allocUnsafe(1_024));
  writer.setHeader(id, (opcodes.NOTIFY << 11) | flagBits.AA);
  writer.addQuestion({ name: apex, type: recordTypes.SOA, class: classes.IN });
  writer.addRecord("answer", { owner: apex, type: recordTypes.SOA, ttl: soa.ttl }, soa.rdata);
  return Buffer.from(writer.finish());
}

/** Whether a message answers the NOTIFY of such an id and zone. */
export function isNotifyAnswer({ header, questions }: Message, id: number, apex: DomainName): boolean {
  const [question] = questions;
  const isAbout = question === undefined || lowerName(question.name) === apex;
  return header.id === id && (header.flags & flagBits.QR) !== 0 && opcodeOf(header) === opcodes.NOTIFY && isAbout;
}
