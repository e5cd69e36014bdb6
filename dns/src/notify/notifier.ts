import type { NameServerPeer } from "@mycloud/protocol/dns-zone";
import type { ServedZone as ZoneStatus } from "@mycloud/protocol/name-server";
import { readMessage } from "../message/index.ts";
import { formatName } from "../name/index.ts";
import type { NameServerOptions } from "../name-server/index.ts";
import { signMessage, type TsigKey, verifyTsig } from "../tsig/index.ts";
import type { Zone } from "../zone/index.ts";
import { isNotifyAnswer, writeNotify } from "./notify-message.ts";

/** Milliseconds after which a NOTIFY that nobody answered is sent again; after the last one it is given up (RFC 1996 §3.6). */
const retryDelaysMs = [5_000, 15_000, 30_000, 60_000, 60_000];
/** Sent at the same time: after a start there may be many zones to tell of. */
const maximumUnderWay = 50;

interface Told {
  readonly peer: NameServerPeer;
  serial: number;
  isAcknowledged: boolean;
  atMs: number;
  /** Ends what is under way for it. */
  abandon: () => void;
}

/** Tells secondaries that a zone has changed, again until they answer (RFC 1996). */
export class Notifier {
  readonly #options: Pick<NameServerOptions, "clock" | "exchange" | "random" | "onEvent">;
  readonly #keyOf: (peer: NameServerPeer) => TsigKey | undefined;
  readonly #told = new WeakMap<object, Map<string, Told>>();
  readonly #abort = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  /** `keyOf` may throw: then it is not sent. */
  constructor(
    options: Pick<NameServerOptions, "clock" | "exchange" | "random" | "onEvent">,
    keyOf: (peer: NameServerPeer) => TsigKey | undefined,
  ) {
    this.#options = options;
    this.#keyOf = keyOf;
  }

  /** Tells these of a zone's serial; `owner` is what the zone is known by. Whoever was told of it, or is being told, is not told twice. */
  tell(owner: object, zone: Zone, peers: readonly NameServerPeer[]): void {
    const before = this.#told.get(owner) ?? new Map<string, Told>();
    const now = new Map<string, Told>();
    this.#told.set(owner, now);
    const { serial } = zone.soa;
    for (const peer of peers) {
      const id = JSON.stringify(peer);
      const present = before.get(id);
      before.delete(id);
      if (present?.serial === serial) now.set(id, present);
      else {
        present?.abandon();
        now.set(id, this.#begin(zone, serial, peer));
      }
    }
    for (const { abandon } of before.values()) abandon();
  }

  /** Nobody is told of a zone any more. */
  forget(owner: object): void {
    for (const { abandon } of this.#told.get(owner)?.values() ?? []) abandon();
    this.#told.delete(owner);
  }

  /** Who was told of a zone, and who answered. */
  told(owner: object): ZoneStatus["notified"] {
    return [...(this.#told.get(owner)?.values() ?? [])].map(({ peer, serial, isAcknowledged, atMs }) => ({
      address: peer.address,
      serial,
      isAcknowledged,
      atMs,
    }));
  }

  close(): void {
    this.#abort.abort(new Error("the name server is closing"));
  }

  #begin(zone: Zone, serial: number, peer: NameServerPeer): Told {
    const abort = new AbortController();
    const { clock } = this.#options;
    const told = { peer, serial, isAcknowledged: false, atMs: clock.now(), abandon: () => abort.abort(abandoned) };
    const signal = AbortSignal.any([abort.signal, this.#abort.signal]);
    void this.#run(zone, told, signal);
    return told;
  }

  async #run(zone: Zone, told: Told, signal: AbortSignal): Promise<void> {
    const { clock, onEvent } = this.#options;
    const fields = { zone: formatName(zone.apex), serial: told.serial, secondary: told.peer.address };
    let problem = "";
    for (const delayMs of retryDelaysMs) {
      await this.#turn();
      try {
        if (signal.aborted) return;
        told.atMs = clock.now();
        problem = await this.#attempt(zone, told, delayMs, signal);
      } finally {
        this.#underWay -= 1;
        this.#waiting.shift()?.();
      }
      if (signal.aborted) return;
      if (problem === "") {
        told.isAcknowledged = true;
        return;
      }
      await this.#pause(told.atMs + delayMs - clock.now(), signal);
      if (signal.aborted) return;
    }
    onEvent({ level: "warn", message: "a secondary does not acknowledge NOTIFY", fields: { ...fields, problem } });
  }

  /** "" where the secondary has heard it; else why not. */
  async #attempt(zone: Zone, { peer }: Told, delayMs: number, signal: AbortSignal): Promise<string> {
    const { clock, exchange, random } = this.#options;
    const timeout = new AbortController();
    const cancel = clock.after(delayMs, () => timeout.abort(new Error("no answer")));
    try {
      const id = Math.floor(random() * 65_536);
      const { soaRrset, apex } = zone;
      const octets = writeNotify(id, apex, { ttl: soaRrset.ttl, rdata: soaRrset.rdatas[0] ?? "" });
      const key = this.#keyOf(peer);
      const signed = key === undefined ? undefined : signMessage(octets, key, Math.floor(clock.now() / 1000));
      const both = AbortSignal.any([signal, timeout.signal]);
      const answer = await exchange.datagram(peer, signed?.octets ?? octets, both);
      const message = readMessage(answer);
      if (!isNotifyAnswer(message, id, apex)) return "its answer is none to a NOTIFY";
      if (key !== undefined && !isProven(answer, message.tsigAt, key, signed?.mac, clock.now())) {
        return "its answer is not signed with the key";
      }
      const rcode = message.header.flags & 15;
      return rcode === 0 ? "" : `it answers with result code ${rcode}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      cancel();
    }
  }

  /** Waits until it may send. */
  async #turn(): Promise<void> {
    if (this.#underWay >= maximumUnderWay) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay += 1;
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const cancel = this.#options.clock.after(Math.max(0, ms), end);
      signal.addEventListener("abort", end);
    });
  }
}

const abandoned = new Error("there is something newer to tell");

function isProven(
  answer: Buffer,
  tsigAt: number | undefined,
  key: TsigKey,
  precedingMac: Buffer | undefined,
  nowMs: number,
): boolean {
  if (tsigAt === undefined || precedingMac === undefined) return false;
  const find = (name: string) => (name === key.name ? key : undefined);
  return verifyTsig(answer, tsigAt, find, Math.floor(nowMs / 1000), { precedingMac }).kind === "valid";
}
