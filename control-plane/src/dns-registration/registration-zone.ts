import { lengthOf, ownerOf, type ReverseZone, readReverseZone } from "./reverse-zone.ts";

/** What registrations know of a zone. */
export interface RegistrationZone {
  readonly id: number;
  /** Absolute, in lower case. */
  readonly name: string;
  readonly view: string | null;
  readonly kind: "primary" | "secondary";
  readonly customer: string | null;
}

/** The zone that a registration names: `example.org`, `example.org@VIEW`. Pure. */
export function findNamedZone(zones: readonly RegistrationZone[], reference: string): RegistrationZone | undefined {
  const at = reference.lastIndexOf("@");
  const [text, view] = at < 0 ? [reference, null] : [reference.slice(0, at), reference.slice(at + 1)];
  const name = text.toLowerCase();
  const absolute = name.endsWith(".") ? name : `${name}.`;
  return zones.find((zone) => zone.name === absolute && zone.view === view);
}

/** A zone of PTR records that is here. */
export interface PresentReverseZone {
  readonly zone: RegistrationZone;
  readonly reverse: ReverseZone;
}

/** Those that can be written, the closest first. Pure. */
export function reverseZonesOf(zones: readonly RegistrationZone[]): PresentReverseZone[] {
  return zones
    .flatMap((zone) => {
      const reverse = zone.kind === "primary" ? readReverseZone(zone.name) : undefined;
      return reverse === undefined ? [] : [{ zone, reverse }];
    })
    .toSorted((a, b) => lengthOf(b.reverse) - lengthOf(a.reverse));
}

/** Where an address's PTR record belongs: in the closest zone of the view where it has one, else of those without a view. Pure. */
export function placeOfPtr(
  zones: readonly PresentReverseZone[],
  address: Uint8Array,
  view: string | null,
): { readonly zone: RegistrationZone; readonly owner: string } | undefined {
  for (const wantedView of view === null ? [null] : [view, null]) {
    for (const { zone, reverse } of zones) {
      const owner = zone.view === wantedView ? ownerOf(address, reverse) : undefined;
      if (owner !== undefined) return { zone, owner: owner === "" ? "@" : owner };
    }
  }
  return undefined;
}
