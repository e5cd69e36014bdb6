import { classes, resultCodes } from "../message/index.ts";
import { lowerName } from "../name/index.ts";
import { RecordDataError, type ResourceRecord, recordTypes } from "../record/index.ts";
import { expireOption, termsOf, udpPayloadSize, wantsExpire } from "../responder/index.ts";
import { fullTransfer, incrementalTransfer, transferMessages } from "../transfer/index.ts";
import type { ServedZone } from "../view/index.ts";
import { readSoa, type Zone } from "../zone/index.ts";
import type { NameServerOptions } from "./name-server-options.ts";
import { keyNameOf, type Request, shortReply, signAnswer } from "./request.ts";

/** Transfers at the same time, as BIND has it; whoever comes later is told to come again. */
const maximumTransfers = 10;
const maximumDatagramRecords = 100;
/** Who reads so slowly that it takes longer than this gets no more of it. */
const longestMs = 2 * 60 * 60 * 1000;

/** How a request for a transfer ended; all are counted, also at 0, so that a first one is seen as a rise. */
const transferResults = ["sent", "refused", "busy", "malformed", "not a zone", "no records", "broken off"] as const;
type TransferResult = (typeof transferResults)[number];

/** Hands zones out to those who may have them (RFC 5936, RFC 1995). */
export class OutgoingTransfers {
  readonly #options: Pick<NameServerOptions, "clock" | "onEvent">;
  readonly #counts = new Map<TransferResult, number>(transferResults.map((result) => [result, 0]));
  #running = 0;

  constructor(options: Pick<NameServerOptions, "clock" | "onEvent">) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  /** How requests ended since the start. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** Answers a question of type AXFR or IXFR. */
  answer(request: Request): Buffer | Iterable<Buffer> {
    const { message, arrival, client } = request;
    const [question] = message.questions;
    const isStream = arrival.transport !== "udp";
    if (question === undefined || message.questions.length !== 1)
      return this.#refuse(request, "malformed", resultCodes.FORMERR);
    const isFull = question.type === recordTypes.AXFR;
    if (isFull && !isStream) return this.#refuse(request, "malformed", resultCodes.FORMERR);
    if (question.class !== classes.IN) return this.#refuse(request, "not a zone", resultCodes.REFUSED);
    const served = request.view.find(lowerName(question.name));
    if (served === undefined) return this.#refuse(request, "not a zone", resultCodes.NOTAUTH);
    const { onEvent } = this.#options;
    const fields = { zone: served.configuration.name, view: served.view, client: arrival.address };
    if (!served.mayTransfer(client.address, keyNameOf(request))) {
      onEvent({ level: "warn", message: "zone transfer refused", fields });
      return this.#refuse(request, "refused", resultCodes.REFUSED);
    }
    const zone = served.records;
    if (zone === undefined) return this.#refuse(request, "no records", resultCodes.SERVFAIL);
    const serial = isFull ? undefined : serialOf(request, served);
    if (serial === "none") return this.#refuse(request, "malformed", resultCodes.FORMERR);
    if (!isStream) return this.#datagram(request, served, zone, serial ?? 0);
    if (this.#running >= maximumTransfers) {
      onEvent({ level: "warn", message: "too many zone transfers at the same time", fields });
      return this.#refuse(request, "busy", resultCodes.SERVFAIL);
    }
    onEvent({ level: "info", message: "zone transfer", fields: { ...fields, serial: zone.soa.serial, from: serial } });
    const records = serial === undefined ? fullTransfer(zone) : incrementalTransfer(zone, served.history, serial);
    return this.#stream(request, served, records);
  }

  #count(result: TransferResult): void {
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
  }

  #refuse(request: Request, result: TransferResult, rcode: number): Buffer {
    this.#count(result);
    return this.#say(request, rcode);
  }

  #say(request: Request, rcode: number): Buffer {
    return signAnswer(request, Buffer.from(shortReply(request, rcode)), this.#options.clock.now());
  }

  *#stream(request: Request, served: ServedZone, records: Iterable<ResourceRecord>): Generator<Buffer> {
    const { clock } = this.#options;
    const startedAtMs = clock.now();
    this.#running += 1;
    let isWhole = false;
    try {
      for (const message of this.#messages(request, served, records)) {
        if (clock.now() - startedAtMs > longestMs) return;
        yield message;
      }
      isWhole = true;
    } finally {
      this.#running -= 1;
      this.#count(isWhole ? "sent" : "broken off");
    }
  }

  /** By UDP: the steps where they fit into one message, else the SOA record alone, which says: ask by TCP (RFC 1995 §2). */
  #datagram(request: Request, served: ServedZone, zone: Zone, serial: number): Buffer {
    const { history } = served;
    const { limit } = termsOf(request.message.edns, false);
    const steps = history.since(serial) ?? [];
    const size = steps.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0);
    const alone = [zone.soaRecord];
    // So many records never fit; nobody makes us go through a zone by a packet.
    const records = size > 0 && size <= maximumDatagramRecords ? incrementalTransfer(zone, history, serial) : alone;
    for (const each of [records, alone]) {
      const [first, ...more] = this.#messages(request, served, each);
      if (first !== undefined && first.length <= limit && more.length === 0) {
        this.#count("sent");
        return first;
      }
    }
    return this.#refuse(request, "broken off", resultCodes.SERVFAIL);
  }

  #messages({ message, signature }: Request, served: ServedZone, records: Iterable<ResourceRecord>): Generator<Buffer> {
    const { header, questions, edns } = message;
    const [question] = questions;
    if (question === undefined) throw new Error("a transfer without a question");
    const { clock } = this.#options;
    const expireSeconds = wantsExpire(edns) ? served.expireSeconds(clock.now()) : undefined;
    const options = expireSeconds === undefined ? [] : [expireOption(expireSeconds)];
    const said = edns && { payloadSize: udpPayloadSize, wantsDnssec: edns.wantsDnssec, options };
    const about = { id: header.id, flags: header.flags, question, signature, edns: said };
    return transferMessages(about, records, () => clock.now());
  }
}

/** What an IXFR asks from: the SOA record in its authority section (RFC 1995 §3). */
function serialOf({ message }: Request, { apex }: ServedZone): number | "none" {
  const [soa] = message.authority;
  if (soa === undefined || soa.type !== recordTypes.SOA || lowerName(soa.name) !== apex) return "none";
  try {
    return readSoa(soa.rdata).serial;
  } catch (error) {
    if (error instanceof RecordDataError) return "none";
    throw error;
  }
}
