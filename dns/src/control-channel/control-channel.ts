import {
  NameServerConfiguration,
  type NameServerStatus,
  type ZoneConfiguration,
  ZonePublished,
} from "@mycloud/protocol/name-server";
import type { UpdateRequest } from "../name-server/index.ts";
import type { Clock } from "../server/index.ts";
import { describeZone, type ZoneId, type ZoneStore, zoneIdOf, zoneKey } from "../zone-store/index.ts";
import { type ControlPlaneClient, ControlPlaneError } from "./control-plane-client.ts";
import type { ServerEvent } from "./event-reader.ts";
import { readZoneFeed } from "./read-zone-feed.ts";

export interface ControlChannelOptions {
  readonly client: ControlPlaneClient;
  readonly store: Pick<ZoneStore, "get" | "replace" | "append">;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onConfiguration: (configuration: NameServerConfiguration) => Promise<void>;
  readonly status: () => Promise<NameServerStatus | undefined>;
  readonly onEvent: (level: "info" | "warn", fields: Readonly<Record<string, unknown>>, message: string) => void;
}

const statusEveryMs = 15_000;
const pauseMs = { first: 500, longest: 30_000 };
/** So many zones are fetched at once. */
const parallelFetches = 4;

/** Follows the control plane for as long as it is let: what it cannot tell while it is away it tells when it is back. */
export class ControlChannel {
  readonly #options: ControlChannelOptions;
  readonly #wanted = new Map<string, ZoneId>();
  /** Zones that are fetched just now: two at once would be in each other's way. */
  readonly #busy = new Set<string>();
  #fetching = 0;
  #isConnected = false;
  #lastFault: string | undefined;

  constructor(options: ControlChannelOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Resolves when `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const reporting = this.#reportOn(signal);
    let failures = 0;
    while (!signal.aborted) {
      try {
        for await (const event of this.#options.client.events(signal)) {
          failures = 0;
          await this.#take(event, signal);
        }
        this.#noteFault("the control plane ended the stream");
      } catch (error) {
        if (!signal.aborted) this.#noteFault(error instanceof Error ? error.message : String(error));
      }
      this.#isConnected = false;
      failures += 1;
      await this.#pause(failures, signal);
    }
    await reporting;
  }

  /** A result code of RFC 2136, after the change is committed. Rejects where the control plane is away. */
  async relayUpdate(update: UpdateRequest): Promise<number> {
    const { message, view, key, client, id } = update;
    const text = Buffer.from(message).toString("base64");
    const { resultCode } = await this.#options.client.relayUpdate({ message: text, view, key, client, id });
    return resultCode;
  }

  async #take({ event, data }: ServerEvent, signal: AbortSignal): Promise<void> {
    if (event === "configuration") {
      const configuration = NameServerConfiguration.parse(JSON.parse(data));
      this.#noteConnected();
      await this.#options.onConfiguration(configuration);
      for (const zone of configuration.zones) this.#notePublished(zone, zone.serial, signal);
    } else if (event === "zone") {
      const { name, view, serial } = ZonePublished.parse(JSON.parse(data));
      this.#notePublished({ name, view, kind: "primary" }, serial, signal);
    }
  }

  #notePublished(
    { name, view, kind }: Pick<ZoneConfiguration, "name" | "view" | "kind">,
    serial: number | null,
    signal: AbortSignal,
  ): void {
    const id = zoneIdOf(name, view);
    if (kind !== "primary" || serial === null) return;
    if (this.#options.store.get(id)?.serial === serial) return;
    this.#wanted.set(zoneKey(id), id);
    void this.#fetchAll(signal);
  }

  async #fetchAll(signal: AbortSignal): Promise<void> {
    if (this.#fetching >= parallelFetches) return;
    this.#fetching += 1;
    try {
      for (;;) {
        const next = [...this.#wanted].find(([key]) => !this.#busy.has(key));
        if (next === undefined || signal.aborted) break;
        const [key, id] = next;
        this.#wanted.delete(key);
        this.#busy.add(key);
        await this.#fetch(id, signal);
        this.#busy.delete(key);
      }
    } finally {
      this.#fetching -= 1;
    }
  }

  /** Fetches until it has what was published, or that is not to be had for now: the next event, or the next connection, tries again. */
  async #fetch(id: ZoneId, signal: AbortSignal): Promise<void> {
    let from = this.#options.store.get(id)?.serial ?? null;
    for (let failures = 0; failures < 4 && !signal.aborted; ) {
      try {
        if (await this.#fetchOnce(id, from, signal)) return;
        // The steps did not fit: the whole zone does.
        from = null;
        failures += 1;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        const fields = { zone: describeZone(id), error: error instanceof Error ? error.message : String(error) };
        this.#options.onEvent("warn", fields, "a zone could not be fetched");
        // It was withdrawn meanwhile.
        if (error instanceof ControlPlaneError && error.status === 404) return;
        from = null;
        await this.#pause(failures, signal);
      }
    }
  }

  async #fetchOnce(id: ZoneId, from: number | null, signal: AbortSignal): Promise<boolean> {
    const { client, store } = this.#options;
    const name = describeZone({ ...id, view: null });
    const feed = await readZoneFeed(id, client.zone(name, id.view, from, signal));
    if (feed.kind === "zone") await store.replace(id, feed.framer);
    else for (const step of feed.steps) if (!(await store.append(id, step))) return false;
    return store.get(id)?.serial === feed.serial;
  }

  async #reportOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#wait(statusEveryMs, signal);
      if (!this.#isConnected || signal.aborted) continue;
      try {
        const status = await this.#options.status();
        if (status !== undefined) await this.#options.client.postStatus(status);
      } catch (error) {
        this.#noteFault(error instanceof Error ? error.message : String(error));
      }
    }
  }

  #noteConnected(): void {
    if (!this.#isConnected) this.#options.onEvent("info", {}, "the control plane is heard");
    this.#isConnected = true;
    this.#lastFault = undefined;
  }

  /** Said when it changes, not at each attempt. */
  #noteFault(error: string): void {
    if (error !== this.#lastFault) {
      this.#options.onEvent("warn", { error }, "the control plane is not heard; what it said last is served on");
    }
    this.#lastFault = error;
  }

  #pause(failures: number, signal: AbortSignal): Promise<void> {
    const longest = Math.min(pauseMs.longest, pauseMs.first * 2 ** Math.min(failures - 1, 10));
    return this.#wait(longest * (0.5 + this.#options.random() / 2), signal);
  }

  #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        takeBack();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const takeBack = this.#options.clock.after(delayMs, end);
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    });
  }
}
