import { randomInt } from "node:crypto";
import type { ForwardingConfiguration } from "@mycloud/protocol/name-server";
import { flagBits, type Message, resultCodes } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { PlainQuery, udpPayloadSize } from "../responder/index.ts";
import type { Clock, MessageArrival } from "../server/index.ts";
import { AnswerKeep } from "./answer-keep.ts";
import { askResolver, type Resolver, type ResolverQuestion } from "./ask-resolver.ts";
import { type ForwardedQuestion, type KeptAnswer, keepAnswer, writeForwarded } from "./kept-answer.ts";

export type AskResolver = (
  resolver: Resolver,
  question: ResolverQuestion,
  random: () => number,
  signal: AbortSignal,
) => Promise<Message>;

export interface ForwarderOptions {
  readonly clock: Clock;
  /** From 0 to below 1, not to be guessed. */
  readonly random: () => number;
  readonly ask: AskResolver;
}

/** So many questions are under way at once; more are told to try again. */
const maximumUnderWay = 1_000;
/** One resolver is waited for this long, all together that long. */
const oneWithinMs = 1_500;
const allWithinMs = 4_500;
/** A resolver that did not answer is asked last for a while. */
const avoidedMs = 10_000;
const smallestUdpPayload = 512;
const largestMessage = 65_535;

/** Not to be guessed: ids and letters' cases are what keeps made-up answers away. */
export function unguessable(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}

/** Answers questions by asking resolvers. The same question is under way once, whoever asks it. */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #keep = new AnswerKeep();
  readonly #underWay = new Map<string, Promise<KeptAnswer>>();
  readonly #avoidedUntilMs = new Map<Resolver, number>();
  readonly #counts = { cached: 0, asked: 0, stale: 0, failed: 0, refused: 0 };
  #resolvers: readonly Resolver[] = [];

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  configure(configuration: ForwardingConfiguration | null): void {
    this.#resolvers = configuration?.resolvers ?? [];
    this.#avoidedUntilMs.clear();
    this.#keep.configure(configuration?.cachedAnswers ?? 0);
  }

  counters(): Readonly<Record<string, number>> {
    return { ...this.#counts };
  }

  /** The answer to an ordinary query of a client that may ask; undefined where a packet deserves none. Never rejects. */
  async forward(octets: Buffer, arrival: MessageArrival): Promise<Buffer | undefined> {
    const query = new PlainQuery();
    if (!query.parse(octets)) return undefined;
    const question = questionOf(octets, query, arrival);
    const now = () => this.#options.clock.now();
    // Without RD nobody wants us to ask others.
    if (this.#resolvers.length === 0 || (question.flags & flagBits.RD) === 0) {
      this.#counts.refused += 1;
      return writeForwarded(question, undefined, resultCodes.REFUSED, now());
    }
    const key = `${query.key}${query.wantsDnssec ? "D" : ""}${question.flags & flagBits.CD}`;
    const kept = this.#keep.find(key, now());
    if (kept !== undefined && kept.expiresAtMs > now()) {
      this.#counts.cached += 1;
      return writeForwarded(question, kept, kept.rcode, now());
    }
    try {
      const answer = await this.#askOnce(key, question);
      return writeForwarded(question, answer, answer.rcode, now());
    } catch {
      if (kept === undefined || kept.rcode === resultCodes.SERVFAIL) {
        this.#counts.failed += 1;
        return writeForwarded(question, undefined, resultCodes.SERVFAIL, now());
      }
      this.#counts.stale += 1;
      return writeForwarded(question, kept, kept.rcode, now());
    }
  }

  #askOnce(key: string, question: ForwardedQuestion): Promise<KeptAnswer> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    if (this.#underWay.size >= maximumUnderWay) return Promise.reject(new Error("too many questions are under way"));
    this.#counts.asked += 1;
    const answer = this.#askAll(question)
      .then((message) => {
        const kept = keepAnswer(message, this.#options.clock.now());
        this.#keep.put(key, kept);
        return kept;
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, answer);
    return answer;
  }

  async #askAll(question: ForwardedQuestion): Promise<Message> {
    const { clock, random, ask } = this.#options;
    const asked: ResolverQuestion = {
      name: question.name,
      type: question.type,
      wantsDnssec: question.wantsDnssec,
      isCheckingDisabled: (question.flags & flagBits.CD) !== 0,
    };
    const endsAtMs = clock.now() + allWithinMs;
    let refusal: Message | undefined;
    for (const resolver of this.#inOrder()) {
      const leftMs = Math.min(oneWithinMs, endsAtMs - clock.now());
      if (leftMs <= 0) break;
      const controller = new AbortController();
      const takeBack = clock.after(leftMs, () => controller.abort(new Error(`${resolver.address} does not answer`)));
      try {
        const message = await ask(resolver, asked, random, controller.signal);
        const rcode = message.header.flags & 15;
        if (rcode === resultCodes.NOERROR || rcode === resultCodes.NXDOMAIN) return message;
        refusal = message;
      } catch {
        this.#avoidedUntilMs.set(resolver, clock.now() + avoidedMs);
      } finally {
        takeBack();
      }
    }
    if (refusal !== undefined) return refusal;
    throw new Error("no resolver answers");
  }

  /** As they were named, those that did not answer lately last. */
  #inOrder(): readonly Resolver[] {
    const now = this.#options.clock.now();
    const isAvoided = (resolver: Resolver) => (this.#avoidedUntilMs.get(resolver) ?? 0) > now;
    return this.#resolvers.toSorted((a, b) => Number(isAvoided(a)) - Number(isAvoided(b)));
  }
}

/** A forwarder that asks over the network. */
export function createForwarder(clock: Clock): Forwarder {
  return new Forwarder({ clock, random: unguessable, ask: askResolver });
}

function questionOf(octets: Buffer, query: PlainQuery, { transport }: MessageArrival): ForwardedQuestion {
  const asked = query.hasEdns ? Math.max(smallestUdpPayload, query.udpPayloadSize) : smallestUdpPayload;
  return {
    id: octets.readUInt16BE(0),
    // As it came: the letters are given back as they were.
    name: octets.toString("latin1", 12, 12 + query.nameOctets) as DomainName,
    type: query.type,
    flags: octets.readUInt16BE(2),
    hasEdns: query.hasEdns,
    wantsDnssec: query.wantsDnssec,
    limit: transport === "udp" ? Math.min(asked, udpPayloadSize) : largestMessage,
  };
}
