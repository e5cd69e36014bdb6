import type { Executor } from "../database/dialect/dialect.ts";
import { loadLiveDowntimes } from "../downtime/load-live-downtimes.ts";
import type { NotificationDefinitions } from "./definitions.ts";
import { type CoverableHost, type KnownRule, rulesFor } from "./known-rule.ts";
import { loadRules } from "./load-rules.ts";

/** Definitions with the rules of each object worked out once: decisions come thousands a second, definitions change a few times a day. */
export interface CompiledDefinitions extends NotificationDefinitions {
  rulesFor(
    host: CoverableHost & { readonly id: number },
    serviceId: number | null,
    serviceName: string | null,
  ): readonly KnownRule[];
}

const maximumRemembered = 200_000;

/**
 * Rules, contacts and downtimes in memory. `forget` when any of them changes; the next reader loads them. What is read while something
 * changes is used once and not kept.
 */
export class NotificationDefinitionCache {
  #kept: CompiledDefinitions | null = null;
  #generation = 0;

  forget(): void {
    this.#generation++;
    this.#kept = null;
  }

  async read(executor: Executor, nowMs: number): Promise<CompiledDefinitions> {
    if (this.#kept !== null) return this.#kept;
    const generation = this.#generation;
    const definitions = compile(await loadDefinitions(executor, nowMs));
    if (generation === this.#generation) this.#kept = definitions;
    return definitions;
  }
}

function compile(definitions: NotificationDefinitions): CompiledDefinitions {
  const remembered = new Map<string, { readonly host: CoverableHost; readonly rules: readonly KnownRule[] }>();
  return {
    ...definitions,
    rulesFor(host, serviceId, serviceName) {
      const key = serviceId === null ? `h${host.id}` : `s${serviceId}`;
      const known = remembered.get(key);
      // Ingest hands out the same host object until its definition changes.
      if (known !== undefined && known.host === host) return known.rules;
      if (remembered.size >= maximumRemembered) remembered.clear();
      const rules = rulesFor(definitions.rules, host, serviceName);
      remembered.set(key, { host, rules });
      return rules;
    },
  };
}

/** Reads the enabled rules with everybody they name, the time periods, and the downtimes that are not over. */
export async function loadDefinitions(executor: Executor, nowMs: number): Promise<NotificationDefinitions> {
  return { ...(await loadRules(executor)), downtimes: await loadLiveDowntimes(executor, nowMs) };
}
