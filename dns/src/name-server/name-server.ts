import type { NameServerPeer } from "@mycloud/protocol/dns-zone";
import type { NameServerConfiguration } from "@mycloud/protocol/name-server";
import { flagBits, headerOctets, opcodes, resultCodes } from "../message/index.ts";
import { Notifier } from "../notify/index.ts";
import { RateLimiter } from "../rate-limit/index.ts";
import { recordTypes } from "../record/index.ts";
import { type Arrival, bareAnswer, Responder } from "../responder/index.ts";
import { defaultFetchLimits, isApplicable, Secondaries } from "../secondary/index.ts";
import type { MessageArrival, MessageHandler, StreamAnswer } from "../server/index.ts";
import type { TsigKey } from "../tsig/index.ts";
import { RelayedUpdates } from "../update-relay/index.ts";
import { type Client, Clients, type ServedZone, type View, ZoneTable } from "../view/index.ts";
import { isNewerSerial, type Zone, ZoneError, type ZoneStep } from "../zone/index.ts";
import { AnswerCounters } from "./answer-counters.ts";
import { answerNotify } from "./answer-notify.ts";
import { answerUpdate } from "./answer-update.ts";
import { Keyring } from "./keyring.ts";
import { cookieSecretsOf, rateLimitsOf } from "./limits-of.ts";
import type { AnsweredQuery, KeptZone, NameServerCounters, NameServerOptions, ZoneKey } from "./name-server-options.ts";
import { OutgoingTransfers } from "./outgoing-transfers.ts";
import { readRequest } from "./read-request.ts";
import { keyNameOf, type Request, shortReply, signAnswer, signatureOctets } from "./request.ts";

type Answer = StreamAnswer | Promise<StreamAnswer>;

/** What is made of a configuration. */
interface Configured {
  readonly keyring: Keyring;
  readonly clients: Clients;
  readonly responders: ReadonlyMap<View, Responder>;
  readonly rateLimiter: RateLimiter;
  readonly limits: string;
}

/** Answers messages from its zones, as its configuration has it; tells secondaries, and is one. Opens nothing itself. */
export class NameServer implements MessageHandler {
  readonly #options: NameServerOptions;
  readonly #zones = new ZoneTable();
  readonly #counters = new AnswerCounters();
  readonly #transfers: OutgoingTransfers;
  readonly #updates: RelayedUpdates;
  readonly #notifier: Notifier;
  readonly #secondaries: Secondaries;
  readonly #answered: AnsweredQuery;
  #configured: Configured | undefined;

  constructor(options: NameServerOptions) {
    this.#options = options;
    const arrival = { address: "", transport: "udp" } as const;
    this.#answered = { name: "", type: 0, rcode: 0, zone: undefined, isSent: false, arrival };
    this.#transfers = new OutgoingTransfers(options);
    this.#updates = new RelayedUpdates(options.clock);
    const keyOf = (peer: NameServerPeer): TsigKey | undefined => this.#configured?.keyring.forPeer(peer.key);
    this.#notifier = new Notifier(options, keyOf);
    this.#secondaries = new Secondaries({
      options,
      limits: defaultFetchLimits,
      keyOf,
      onWhole: (served, zone) => {
        this.#zones.replace(served, zone);
        this.#fetched(served, zone, undefined);
      },
      onSteps: (served, zone, steps) => this.#fetched(served, zone, steps),
      onExpiry: (served, isExpired) => this.#zones.expire(served, isExpired),
      onRefreshed: (served, expiresAtMs) => options.onZoneRefreshed(keyOfZone(served), expiresAtMs),
    });
  }

  /**
   * From now on this holds. Zones that are not in it any more are let go of; those that stay keep their records. Throws NameError and PrefixError for what
   * is no name or prefix, and then what was before holds on.
   */
  reconfigure(configuration: NameServerConfiguration): void {
    const { clock, random } = this.#options;
    const keyring = new Keyring(configuration.tsigKeys);
    const clients = new Clients(configuration, this.#zones);
    const settings = rateLimitsOf(configuration);
    const limits = JSON.stringify(settings);
    const present = this.#configured;
    // Who is held back stays so when something else changes.
    const rateLimiter =
      present?.limits === limits
        ? present.rateLimiter
        : new RateLimiter(settings, Math.floor(random() * 2 ** 32), clock.now());
    const responders = new Map(
      clients.views.map((view) => [view, this.#createResponder(view, configuration, rateLimiter)]),
    );
    const before = new Set(this.#zones);
    this.#zones.configure(configuration);
    this.#configured = { keyring, clients, responders, rateLimiter, limits };
    for (const served of this.#zones) {
      before.delete(served);
      this.#tell(served);
    }
    for (const served of before) this.#notifier.forget(served);
    this.#secondaries.configure([...this.#zones].filter(isSecondary));
  }

  /** A zone's records, from the feed or from disk: a primary's new ones, a secondary's last ones. False where the configuration has no such zone. */
  setZone(key: ZoneKey, zone: Zone, { history, expiresAtMs }: KeptZone = {}): boolean {
    const served = this.#zones.named(key);
    if (served === undefined) return false;
    const present = served.zone;
    // What we fetched ourselves meanwhile is not put back to what somebody had before.
    const isOlder = isSecondary(served) && present !== undefined && !isNewerSerial(zone.soa.serial, present.soa.serial);
    if (!isOlder) this.#zones.replace(served, zone, history);
    if (isSecondary(served)) this.#secondaries.hold(served, zone, expiresAtMs);
    this.#tell(served);
    return true;
  }

  /**
   * Steps that follow each other from the zone's serial. False where one of them does not fit: those before it are made then, and the zone is to be
   * fetched whole.
   */
  applySteps(key: ZoneKey, steps: readonly ZoneStep[]): boolean {
    const served = this.#zones.named(key);
    const zone = served?.zone;
    if (served === undefined || zone === undefined) return false;
    const fits = steps.every((step) => {
      if (step.fromSerial !== zone.soa.serial || !isApplicable(zone, step)) return false;
      try {
        zone.change(step);
      } catch (error) {
        if (error instanceof ZoneError) return false;
        throw error;
      }
      served.history.add(step);
      return true;
    });
    if (isSecondary(served)) this.#secondaries.hold(served, zone);
    this.#tell(served);
    return fits;
  }

  /** Lets go of a zone's records: until others are set, it is answered with SERVFAIL. */
  dropZone(key: ZoneKey): void {
    const served = this.#zones.named(key);
    if (served !== undefined) this.#zones.drop(served);
  }

  /** The last records there are, to be written to disk; undefined where there are none. */
  zone(key: ZoneKey): Zone | undefined {
    return this.#zones.named(key)?.zone;
  }

  /** A NOTIFY that reached another process, which found that its sender may send it. */
  noteNotify(key: ZoneKey, from: string): void {
    const served = this.#zones.named(key);
    if (served !== undefined) this.#secondaries.notice(served, from);
  }

  /** Another process asked the primary: the zone holds until then. */
  noteRefreshed(key: ZoneKey, expiresAtMs: number): void {
    const served = this.#zones.named(key);
    if (served?.zone !== undefined) this.#secondaries.hold(served, served.zone, expiresAtMs);
  }

  counters(): NameServerCounters {
    const zones = [...this.#zones].map((served) => {
      const state = this.#secondaries.state(served);
      return {
        name: served.configuration.name,
        view: served.view,
        serial: served.zone?.soa.serial ?? null,
        recordCount: served.zone?.recordCount ?? 0,
        refreshAtMs: state.refreshAtMs,
        expiresAtMs: state.expiresAtMs,
        error: state.error?.slice(0, 1000) ?? errorOf(served),
        queries: served.queries,
        notified: this.#notifier.told(served).slice(0, 200),
      };
    });
    const { queries, rateLimited } = this.#counters;
    return {
      queries,
      rateLimited,
      queriesByType: this.#counters.byType(),
      answersByCode: this.#counters.byCode(),
      zones,
    };
  }

  /** Requests for transfers out, by how they ended. */
  transferCounts(): Record<string, number> {
    return this.#transfers.counts();
  }

  /** Ends what is under way: transfers in, NOTIFYs, updates, timers. */
  close(): void {
    this.#secondaries.close();
    this.#notifier.close();
    this.#updates.close();
  }

  handleDatagram(octets: Buffer, arrival: MessageArrival): Buffer | undefined | Promise<Buffer | undefined> {
    const answer = this.#handle(octets, arrival);
    if (answer === undefined || Buffer.isBuffer(answer)) return answer;
    return answer instanceof Promise ? answer.then(asDatagram) : asDatagram(answer);
  }

  handleStream(octets: Buffer, arrival: MessageArrival): Answer {
    return this.#handle(octets, arrival);
  }

  #handle(octets: Buffer, arrival: MessageArrival): Answer {
    if (this.#configured === undefined) return undefined;
    const client = this.#configured.clients.find(arrival.address);
    const responder = this.#responderOf(client.view);
    this.#answered.arrival = arrival;
    const { forward } = this.#options;
    if (client.isForwarded && forward !== null && responder.isOutside(octets)) return forward(octets, arrival);
    const terms = this.#termsOf(client, arrival);
    const answer = responder.respondOrdinary(octets, terms);
    return answer === null ? this.#handleOther(octets, arrival, client, this.#configured) : answer;
  }

  /** Transfers, NOTIFY, UPDATE, whatever is signed, and what is none of these. */
  #handleOther(octets: Buffer, arrival: MessageArrival, client: Client, { keyring, clients }: Configured): Answer {
    if (octets.length < headerOctets || (octets.readUInt16BE(2) & flagBits.QR) !== 0) return undefined;
    const opcode = (octets.readUInt16BE(2) >> 11) & 15;
    const terms = this.#termsOf(client, arrival);
    const responder = this.#responderOf(client.view);
    const isSpoken = opcode === opcodes.QUERY || opcode === opcodes.NOTIFY || opcode === opcodes.UPDATE;
    if (!isSpoken) return responder.respondOther(octets, terms);
    const read = readRequest(octets, arrival, { client, clients, keyring }, terms.nowMs);
    if (read.kind === "malformed") return this.#limited(Buffer.from(bareAnswer(octets, resultCodes.FORMERR)), terms);
    if (read.kind === "unproven") {
      const fields = { client: arrival.address, error: read.error };
      this.#options.onEvent({ level: "warn", message: "a signature does not hold", fields });
      return this.#limited(read.answer, terms);
    }
    const { request } = read;
    if (opcode === opcodes.NOTIFY) return this.#notified(request, terms);
    if (opcode === opcodes.UPDATE) return this.#updated(request, terms);
    const type = request.message.questions[0]?.type;
    if (type === recordTypes.AXFR || type === recordTypes.IXFR) return this.#transfer(request, terms);
    if (request.signature === undefined) return responder.respondOther(octets, terms);
    return this.#answerSigned(request, terms);
  }

  #transfer(request: Request, terms: Arrival): Buffer | Iterable<Buffer> | undefined {
    const answer = this.#transfers.answer(request);
    return Buffer.isBuffer(answer) && request.signature === undefined ? this.#limited(answer, terms) : answer;
  }

  /** An ordinary query with a signature; who has a key is not limited. */
  #answerSigned(request: Request, terms: Arrival): Buffer | undefined {
    const answer = this.#responderOf(request.view).respond(request.octets, {
      ...terms,
      key: keyNameOf(request),
      reservedOctets: signatureOctets(request),
      isExempt: true,
    });
    return answer === undefined ? undefined : signAnswer(request, answer, terms.nowMs);
  }

  #notified(request: Request, terms: Arrival): Buffer | undefined {
    const { rcode, zone } = answerNotify(request);
    const { address } = request.arrival;
    if (zone !== undefined) {
      this.#secondaries.notice(zone, plainAddress(address));
      this.#options.onNotify(keyOfZone(zone), plainAddress(address));
    }
    const answer = signAnswer(request, Buffer.from(shortReply(request, rcode, zone !== undefined)), terms.nowMs);
    return request.signature === undefined ? this.#limited(answer, terms) : answer;
  }

  #updated(request: Request, terms: Arrival): Buffer | undefined | Promise<Buffer | undefined> {
    const say = (rcode: number): Buffer | undefined => {
      const answer = signAnswer(request, Buffer.from(shortReply(request, rcode)), this.#options.clock.now());
      return request.signature === undefined ? this.#limited(answer, terms) : answer;
    };
    const result = answerUpdate(request, this.#updates, this.#options.relayUpdate);
    return typeof result === "number" ? say(result) : result.then(say);
  }

  /** Short answers to who has shown no key count against the rate of errors: they may be for somebody who did not ask. */
  #limited(answer: Buffer, { address, isStream, isExempt, nowMs }: Arrival): Buffer | undefined {
    const rateLimiter = this.#configured?.rateLimiter;
    if (isStream || isExempt === true || rateLimiter === undefined || !rateLimiter.isActive) return answer;
    return rateLimiter.decide(address, "error", "", nowMs) === "send" ? answer : undefined;
  }

  #termsOf({ address, isExempt }: Client, { transport }: MessageArrival): Arrival {
    return { address, isStream: transport !== "udp", nowMs: this.#options.clock.now(), isExempt };
  }

  #responderOf(view: View): Responder {
    const responder = this.#configured?.responders.get(view);
    if (responder === undefined) throw new Error("a view without a responder");
    return responder;
  }

  #createResponder(view: View, configuration: NameServerConfiguration, rateLimiter: RateLimiter): Responder {
    const { cachedAnswers, random, onAnswered } = this.#options;
    const answered = this.#answered;
    return new Responder({
      zones: view,
      policies: view,
      nsid: configuration.nsid === null ? null : Buffer.from(configuration.nsid),
      cookieSecrets: cookieSecretsOf(configuration),
      rateLimiter,
      cachedAnswers,
      random,
      onAnswered: (name, type, rcode, zone, isSent) => {
        this.#counters.note(type, rcode, isSent);
        if (onAnswered === null) return;
        answered.name = name;
        answered.type = type;
        answered.rcode = rcode;
        answered.zone = zone;
        answered.isSent = isSent;
        onAnswered(answered);
      },
    });
  }

  #fetched(served: ServedZone, zone: Zone, steps: readonly ZoneStep[] | undefined): void {
    const fields = { zone: served.configuration.name, serial: zone.soa.serial, steps: steps?.length };
    this.#options.onEvent({ level: "info", message: "a secondary zone was fetched", fields });
    this.#options.onZoneFetched({ key: keyOfZone(served), zone, steps });
    this.#tell(served);
  }

  #tell(served: ServedZone): void {
    if (!this.#options.isLeader || served.records === undefined) return;
    this.#notifier.tell(served, served.records, served.configuration.notify);
  }
}

function isSecondary({ configuration }: ServedZone): boolean {
  return configuration.kind === "secondary";
}

function keyOfZone({ view, configuration }: ServedZone): ZoneKey {
  return { view, name: configuration.name };
}

function errorOf(served: ServedZone): string | null {
  if (served.zone === undefined) return "there are no records of it yet";
  return served.isExpired ? "it has expired: none of its primaries could be asked for too long" : null;
}

/** IPv4 through an IPv6 socket is IPv4. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}

/** Transfers are by stream alone: what comes by UDP is answered in one message. */
function asDatagram(answer: StreamAnswer): Buffer | undefined {
  if (answer === undefined || Buffer.isBuffer(answer)) return answer;
  throw new Error("many messages by UDP");
}
