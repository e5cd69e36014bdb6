import type { NameServerPeer } from "@mycloud/protocol/dns-zone";
import { flagBits, type Message, resultCodes } from "../message/index.ts";
import { type DomainName, formatName, lowerName } from "../name/index.ts";
import type { NameServerOptions } from "../name-server/index.ts";
import { type ResourceRecord, recordTypes } from "../record/index.ts";
import { readExpire } from "../responder/index.ts";
import { TransferError, TransferReceiver, type Transferred } from "../transfer/index.ts";
import type { TsigKey } from "../tsig/index.ts";
import { isNewerSerial, readSoa, stepOf, Zone, ZoneError, type ZoneStep } from "../zone/index.ts";
import { Turns } from "../zone-store/index.ts";
import { isApplicable } from "./apply-change.ts";
import { AnswerCheck, askPeer, PrimaryError } from "./ask-peer.ts";

/** How much, and how long, a primary may send. */
export interface FetchLimits {
  readonly maximumRecords: number;
  readonly maximumOctets: number;
  /** Milliseconds for an answer to a question, and between two messages of a transfer. */
  readonly answerMs: number;
  /** Milliseconds for a whole transfer. */
  readonly transferMs: number;
}

export const defaultFetchLimits: FetchLimits = {
  maximumRecords: 3_000_000,
  maximumOctets: 2 ** 29,
  answerMs: 10_000,
  transferMs: 60 * 60 * 1000,
};

/** A zone as it is to be, or that it is so already. */
export type Fetched = (
  | { readonly kind: "current" }
  | { readonly kind: "steps"; readonly steps: readonly ZoneStep[] }
  | { readonly kind: "whole"; readonly zone: Zone }
) &
  Holding;

/** For how many seconds the primary says that the zone holds (RFC 7314); undefined where it does not say. */
interface Holding {
  readonly expireSeconds: number | undefined;
}

/** The primary knows no EDNS: it is asked without (RFC 6891 §7). */
class NoEdnsError extends PrimaryError {}

/** What fetching needs. */
export interface FetchContext {
  readonly options: Pick<NameServerOptions, "clock" | "exchange" | "random">;
  readonly limits: FetchLimits;
  readonly apex: DomainName;
  readonly primary: NameServerPeer;
  readonly key: TsigKey | undefined;
  /** Ends it from outside. */
  readonly signal: AbortSignal;
}

/**
 * Asks a primary for its serial and fetches what is newer: the steps since `own` where it has them, the whole zone where it has not or they do not fit
 * (RFC 1995, RFC 5936). Rejects with the reason where nothing that can be believed comes; `own` stays as it is in any case.
 */
export async function fetchZone(context: FetchContext, own: Zone | undefined): Promise<Fetched> {
  if (own === undefined) return await fetchWhole(context, undefined);
  const { serial, expireSeconds } = await withEdnsOrNot(context, (hasEdns) => askSerial(context, hasEdns));
  // A primary that went back is an operator's matter; what is newer stays (RFC 1982).
  if (!isNewerSerial(serial, own.soa.serial)) return { kind: "current", expireSeconds };
  try {
    return await fetchSteps(context, own);
  } catch (error) {
    if (context.signal.aborted) throw error;
    return await fetchWhole(context, own.soa.serial);
  }
}

/** The serial of a primary: by UDP, by TCP where that is cut short or nothing comes back. */
async function askSerial(context: FetchContext, hasEdns: boolean): Promise<Holding & { readonly serial: number }> {
  const { options, primary, apex } = context;
  const question = ask(context, recordTypes.SOA, undefined, hasEdns);
  const check = () => new AnswerCheck(question);
  let message = await within(context, context.limits.answerMs, (signal) =>
    options.exchange.datagram(primary, question.octets, signal),
  ).then(
    (octets) => check().take(octets, options.clock.now()),
    (error: unknown) => {
      if (context.signal.aborted) throw error;
      return undefined;
    },
  );
  if (message === undefined || (message.header.flags & flagBits.TC) !== 0) {
    const octets = await within(context, context.limits.answerMs, async (signal) => {
      for await (const each of options.exchange.stream(primary, question.octets, signal)) return each;
      throw new PrimaryError("the primary closed the connection without an answer");
    });
    message = check().take(octets, options.clock.now());
  }
  refuseWithoutEdns(message, hasEdns);
  const rcode = message.header.flags & 15;
  if (rcode !== 0) throw new PrimaryError(`the primary answers with result code ${rcode}`);
  if ((message.header.flags & flagBits.AA) === 0)
    throw new PrimaryError("the primary is not authoritative for the zone");
  const soa = message.answer.find(({ name, type }) => type === recordTypes.SOA && lowerName(name) === apex);
  if (soa === undefined) throw new PrimaryError("the primary's answer has no SOA record");
  return { serial: readSoa(soa.rdata).serial, expireSeconds: readExpire(message.edns) };
}

/** Throws NoEdnsError where the answer is one of a server that knows no EDNS. */
function refuseWithoutEdns({ header, edns }: Message, hasEdns: boolean): void {
  const rcode = header.flags & 15;
  if (!hasEdns || edns !== undefined || (rcode !== resultCodes.FORMERR && rcode !== resultCodes.NOTIMP)) return;
  throw new NoEdnsError("the primary knows no EDNS");
}

async function withEdnsOrNot<Result>(
  { signal }: FetchContext,
  run: (hasEdns: boolean) => Promise<Result>,
): Promise<Result> {
  try {
    return await run(true);
  } catch (error) {
    if (!(error instanceof NoEdnsError) || signal.aborted) throw error;
    return await run(false);
  }
}

async function fetchSteps(context: FetchContext, own: Zone): Promise<Fetched> {
  const { transferred, expireSeconds } = await transfer(context, recordTypes.IXFR, own.soa.serial, own.soaRecord);
  if (transferred.kind === "current") return { kind: "current", expireSeconds };
  if (transferred.kind === "full")
    return { kind: "whole", zone: await zoneOf(context, transferred.records, own.soa.serial), expireSeconds };
  // Tried on the first step alone: the others follow from it, and are looked at when they are made.
  const steps = transferred.changes.map(stepOf);
  const whole = steps.filter((step) => step !== undefined);
  const [first] = whole;
  if (first === undefined || whole.length < steps.length || !isApplicable(own, first)) {
    throw new TransferError("the steps of the transfer do not fit the zone");
  }
  return { kind: "steps", steps: whole, expireSeconds };
}

/** Also where steps turned out not to fit. `ownSerial`: nothing older is taken. */
export async function fetchWhole(context: FetchContext, ownSerial: number | undefined): Promise<Fetched> {
  const { transferred, expireSeconds } = await transfer(context, recordTypes.AXFR, undefined, undefined);
  if (transferred.kind !== "full") throw new TransferError("the primary did not send the whole zone");
  return { kind: "whole", zone: await zoneOf(context, transferred.records, ownSerial), expireSeconds };
}

const recordsAtOnce = 500;

/** Rejects with ZoneError and TransferError for what should not be answered from. */
async function zoneOf(
  { apex }: FetchContext,
  records: readonly ResourceRecord[],
  ownSerial: number | undefined,
): Promise<Zone> {
  const zone = new Zone(apex, records.slice(0, 1));
  const turns = new Turns();
  for (let at = 1; at < records.length; at += recordsAtOnce) {
    const rest = records.slice(at, at + recordsAtOnce);
    zone.change({ removed: [], added: rest.filter(({ type }) => type !== recordTypes.SOA) });
    if (turns.areOver) await turns.next();
  }
  const { serial } = zone.soa;
  if (ownSerial !== undefined && !isNewerSerial(serial, ownSerial)) {
    throw new TransferError(`the primary sent serial ${serial}, which is not newer than ${ownSerial}`);
  }
  const hasNameServers = zone.find(zone.apex)?.rrsets.some(({ type }) => type === recordTypes.NS) === true;
  if (!hasNameServers) throw new ZoneError(`${formatName(apex)} has no NS records`);
  return zone;
}

type TransferredFor = Holding & { readonly transferred: Transferred };

async function transfer(
  context: FetchContext,
  type: number,
  ownSerial: number | undefined,
  own: ResourceRecord | undefined,
): Promise<TransferredFor> {
  return await withEdnsOrNot(context, (hasEdns) => transferOnce(context, { type, ownSerial, own, hasEdns }));
}

async function transferOnce(
  context: FetchContext,
  {
    type,
    ownSerial,
    own,
    hasEdns,
  }: { type: number; ownSerial: number | undefined; own: ResourceRecord | undefined; hasEdns: boolean },
): Promise<TransferredFor> {
  const { options, limits, apex, primary } = context;
  const question = ask(context, type, own, hasEdns);
  const check = new AnswerCheck(question);
  const receiver = new TransferReceiver(apex, ownSerial, limits);
  let octetCount = 0;
  let expireSeconds: number | undefined;
  return await within(context, limits.transferMs, async (whole) => {
    const quiet = new AbortController();
    const fall = () => quiet.abort(new PrimaryError("the primary stopped in the middle of the transfer"));
    let cancel = options.clock.after(limits.answerMs, fall);
    try {
      const signal = AbortSignal.any([whole, quiet.signal]);
      for await (const octets of options.exchange.stream(primary, question.octets, signal)) {
        cancel();
        cancel = options.clock.after(limits.answerMs, fall);
        octetCount += octets.length;
        if (octetCount > limits.maximumOctets) {
          throw new TransferError(`the transfer has more than ${limits.maximumOctets} octets`);
        }
        const message = check.take(octets, options.clock.now());
        refuseWithoutEdns(message, hasEdns);
        expireSeconds ??= readExpire(message.edns);
        const transferred = receiver.take(message);
        if (transferred === undefined) continue;
        check.end();
        return { transferred, expireSeconds };
      }
      throw new PrimaryError("the primary closed the connection in the middle of the transfer");
    } finally {
      cancel();
    }
  });
}

function ask({ options, apex, key }: FetchContext, type: number, own: ResourceRecord | undefined, hasEdns: boolean) {
  const id = Math.floor(options.random() * 65_536);
  return askPeer({ id, apex, type, key }, own, options.clock.now(), hasEdns);
}

/** Does something that is given up after a while. */
async function within<Result>(
  { options, signal }: FetchContext,
  ms: number,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timeout = new AbortController();
  const cancel = options.clock.after(ms, () => timeout.abort(new PrimaryError("the primary does not answer in time")));
  try {
    return await run(AbortSignal.any([signal, timeout.signal]));
  } finally {
    cancel();
  }
}
