import { matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import type { ViewedHost } from "./viewed.ts";

/**
 * Things that apply by selector, found by host and service. Most name their hosts in full (a downtime of one host), so those are looked up;
 * only the rest is tried one by one.
 */
export class SelectorIndex<T extends { readonly selector: ServiceSelector }> {
  readonly #byHostName = new Map<string, T[]>();
  readonly #others: T[] = [];

  constructor(items: readonly T[]) {
    for (const item of items) {
      const names = item.selector.hosts;
      if (names === undefined || names.some((name) => /^!|[*?]/.test(name))) this.#others.push(item);
      else for (const name of new Set(names)) this.#keep(name, item);
    }
  }

  #keep(name: string, item: T): void {
    const items = this.#byHostName.get(name);
    if (items === undefined) this.#byHostName.set(name, [item]);
    else items.push(item);
  }

  get isEmpty(): boolean {
    return this.#others.length === 0 && this.#byHostName.size === 0;
  }

  /** What covers a service, or the host itself when `serviceName` is undefined. */
  find(host: ViewedHost, serviceName: string | undefined): readonly T[] {
    const named = this.#byHostName.get(host.name) ?? none;
    if (named.length === 0 && this.#others.length === 0) return none;
    const covering: T[] = [];
    for (const items of [named, this.#others]) {
      for (const item of items) if (matchesService(item.selector, host, serviceName)) covering.push(item);
    }
    return covering.length === 0 ? none : covering;
  }
}

const none: readonly never[] = [];
