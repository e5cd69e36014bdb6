import type { Keepalive } from "@mycloud/protocol/agent";
import type { Labels } from "@mycloud/protocol/name";
import { type Patience, waitMs } from "../retry-loop/index.ts";
import type { Contact } from "../status/index.ts";
import type { ControlPlane } from "../transport/index.ts";

const FACTS_EVERY_MS = 3_600_000;

export interface KeepAliveOptions {
  readonly controlPlane: Pick<ControlPlane, "sendKeepalive">;
  readonly contact: Contact;
  readonly patience: Patience;
  readonly collectFacts: () => Promise<Labels>;
  /** What a keepalive says now, but for the host's facts. */
  readonly describe: () => Promise<Omit<Keepalive, "facts">>;
  readonly intervalMs: () => number;
  /** The control plane answered which configuration it has. */
  readonly onAnswer: (configurationEtag: string) => void;
  readonly monotonicNow: () => number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Says that the agent is there, again and again. */
export interface KeepAlive {
  /** Ends the present pause: after a reconnection the control plane hears at once that this host is up. */
  endPause(): void;
  /** Resolves when the signal has fired and the last one is through. */
  readonly ended: Promise<void>;
}

export function startKeepAlive(options: KeepAliveOptions): KeepAlive {
  const { controlPlane, contact, patience, monotonicNow, signal } = options;
  let endPause: () => void = () => undefined;

  async function pauseFor(ms: number): Promise<void> {
    if (signal.aborted) return;
    const pause = new AbortController();
    const end = () => pause.abort();
    endPause = end;
    signal.addEventListener("abort", end, { once: true });
    await patience.sleep(ms, pause.signal);
    signal.removeEventListener("abort", end);
  }

  async function run(): Promise<void> {
    let failures = 0;
    let factsSentAtMs: number | undefined;
    while (!signal.aborted) {
      const isFactsDue = factsSentAtMs === undefined || monotonicNow() - factsSentAtMs > FACTS_EVERY_MS;
      const facts = isFactsDue ? { facts: await options.collectFacts() } : {};
      const outcome = await controlPlane.sendKeepalive({ ...(await options.describe()), ...facts });
      let pauseMs = options.intervalMs() * (0.9 + 0.2 * patience.random());
      if (outcome.kind === "ok") {
        failures = 0;
        contact.succeeded();
        if (isFactsDue) factsSentAtMs = monotonicNow();
        options.onAnswer(outcome.value.configurationEtag);
      } else if (!signal.aborted) {
        contact.failed(outcome);
        failures++;
        // Sooner than the interval while the server is away, so that it learns early that this host is up.
        const backoff = waitMs(patience, failures, outcome);
        pauseMs = outcome.kind === "unreachable" ? Math.min(pauseMs, backoff) : backoff;
      }
      await pauseFor(pauseMs);
    }
  }

  return { endPause: () => endPause(), ended: run() };
}
