import type { Stored } from "@mycloud/protocol/definition";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Sealer } from "../sealing/index.ts";
import { loadDefinitions } from "./store.ts";

/** Kinds that can be switched off. */
type SwitchableKind =
  | "DnsRegistration"
  | "EventHandler"
  | "Forward"
  | "LogSource"
  | "LogSender"
  | "LogForward"
  | "MetricsPush"
  | "RemoteWrite"
  | "SnmpCredential"
  | "TrapRule";

/** The enabled definitions of one kind, with their secrets, in memory. `forget` when definitions change. */
export class EnabledDefinitions<Kind extends SwitchableKind> {
  readonly #kind: Kind;
  readonly #sealer: Sealer;
  #kept: readonly Stored<Kind>[] | null = null;
  // What is read while something changes may be half old: it is used once and not kept.
  #generation = 0;

  constructor(kind: Kind, sealer: Sealer) {
    this.#kind = kind;
    this.#sealer = sealer;
  }

  forget(): void {
    this.#generation++;
    this.#kept = null;
  }

  async read(executor: Executor): Promise<readonly Stored<Kind>[]> {
    if (this.#kept !== null) return this.#kept;
    const generation = this.#generation;
    const all = await loadDefinitions(executor, this.#kind, this.#sealer);
    const enabled = all.filter(({ isEnabled }) => isEnabled);
    if (generation === this.#generation) this.#kept = enabled;
    return enabled;
  }
}
