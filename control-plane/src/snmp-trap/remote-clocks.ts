import { timeWindowSeconds } from "../snmp-message/index.ts";

interface RemoteClock {
  readonly boots: number;
  readonly time: number;
  readonly heardAtMs: number;
}

const mostEngines = 20_000;

/** The clocks of devices that send traps of version 3, as far as they told (RFC 3414 §3.2 7b): what was recorded is not believed again later. */
export class RemoteClocks {
  readonly #clocks = new Map<string, RemoteClock>();

  /** Whether a message, whose signature was checked, is of now; if so, its clock is the latest. */
  accept(engineId: string, boots: number, time: number, nowMs: number): boolean {
    const known = this.#clocks.get(engineId);
    if (known !== undefined && boots <= known.boots) {
      const nowThere = known.time + Math.floor(Math.max(0, nowMs - known.heardAtMs) / 1000);
      if (boots < known.boots || time + timeWindowSeconds < nowThere) return false;
      if (time <= known.time) return true;
    }
    this.#clocks.delete(engineId);
    if (this.#clocks.size >= mostEngines) this.#clocks.delete(this.#clocks.keys().next().value ?? "");
    this.#clocks.set(engineId, { boots, time, heardAtMs: nowMs });
    return true;
  }
}
