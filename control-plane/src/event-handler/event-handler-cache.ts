import type { Stored } from "@mycloud/protocol/definition";
import type { Executor } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/index.ts";
import type { Sealer } from "../sealing/index.ts";

/** The enabled event handlers in memory. `forget` when definitions change. */
export class EventHandlerCache {
  readonly #sealer: Sealer;
  #kept: readonly Stored<"EventHandler">[] | null = null;
  // What is read while something changes may be half old: it is used once and not kept.
  #generation = 0;

  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  forget(): void {
    this.#generation++;
    this.#kept = null;
  }

  async read(executor: Executor): Promise<readonly Stored<"EventHandler">[]> {
    if (this.#kept !== null) return this.#kept;
    const generation = this.#generation;
    const all = await loadDefinitions(executor, "EventHandler", this.#sealer);
    const enabled = all.filter(({ isEnabled }) => isEnabled);
    if (generation === this.#generation) this.#kept = enabled;
    return enabled;
  }
}
