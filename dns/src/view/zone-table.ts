import type { NameServerConfiguration } from "@mycloud/protocol/name-server";
import { type DomainName, lowerName, parseName } from "../name/index.ts";
import type { Zone, ZoneHistory } from "../zone/index.ts";
import { ServedZone } from "./served-zone.ts";
import type { ServedZones } from "./view.ts";

/** The zones of the configuration, by view and name. */
export class ZoneTable implements ServedZones {
  /** By view, "" for those without one, then by apex. */
  #byView = new Map<string, Map<DomainName, ServedZone>>();
  readonly #byRecords = new Map<Zone, ServedZone>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  find(view: string | null, apex: DomainName): ServedZone | undefined {
    return this.#byView.get(view ?? "")?.get(apex);
  }

  ofRecords(zone: Zone): ServedZone | undefined {
    return this.#byRecords.get(zone);
  }

  /** All of them, in the configuration's order. */
  *[Symbol.iterator](): Generator<ServedZone> {
    for (const zones of this.#byView.values()) yield* zones.values();
  }

  /** The zones that there are from now; those that stay keep their records, unless they come from elsewhere now. Throws NameError and PrefixError, and changes nothing then. */
  configure({ zones, allowQuery }: Pick<NameServerConfiguration, "zones" | "allowQuery">): void {
    const byView = new Map<string, Map<DomainName, ServedZone>>();
    // All are made before any of those that are served is touched, so that what cannot be read changes nothing.
    for (const configuration of zones) {
      const made = new ServedZone(configuration, allowQuery);
      const ofView = byView.get(made.view ?? "") ?? new Map<DomainName, ServedZone>();
      byView.set(made.view ?? "", ofView.set(made.apex, made));
    }
    for (const ofView of byView.values()) {
      for (const [apex, made] of ofView) {
        const present = this.find(made.view, apex);
        if (present?.configuration.kind !== made.configuration.kind) continue;
        present.configure(made.configuration, allowQuery);
        ofView.set(apex, present);
      }
    }
    this.#byView = byView;
    this.#byRecords.clear();
    for (const served of this) if (served.zone !== undefined) this.#byRecords.set(served.zone, served);
    this.#version += 1;
  }

  /** The zone of a view by its name in presentation form; undefined where the configuration has none. */
  named({ view, name }: { readonly view: string | null; readonly name: string }): ServedZone | undefined {
    return this.find(view, lowerName(parseName(name)));
  }

  replace(served: ServedZone, zone: Zone, history?: ZoneHistory): void {
    if (served.zone !== undefined) this.#byRecords.delete(served.zone);
    served.replace(zone, history);
    this.#byRecords.set(zone, served);
    this.#version += 1;
  }

  /** From now on SERVFAIL, until there are records again. */
  drop(served: ServedZone): void {
    if (served.zone !== undefined) this.#byRecords.delete(served.zone);
    served.zone = undefined;
    served.history.clear();
    this.#version += 1;
  }

  /** Whether records that are there are answered from. */
  expire(served: ServedZone, isExpired: boolean): void {
    if (served.isExpired === isExpired) return;
    served.isExpired = isExpired;
    this.#version += 1;
  }
}
