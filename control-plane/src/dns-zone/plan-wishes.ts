import type { RrsetWish } from "@mycloud/protocol/dns-zone";
import { InputError } from "../error/index.ts";
import { normalisePlace, normaliseRrset } from "./normalise-rrset.ts";
import type { WantedRrset } from "./plan-change.ts";
import { placeKey } from "./rrset-values.ts";
import type { ZoneName } from "./zone-name.ts";

/** What people ask for, understood. Throws InputError with the field; also where an RRset is there twice. */
export function readWishes(wishes: readonly RrsetWish[], zone: ZoneName, field = "changes"): WantedRrset[] {
  const seen = new Set<string>();
  return wishes.map((wish, index) => {
    const at = `${field}.${index}`;
    const wanted = readWish(wish, zone, at);
    const key = placeKey(wanted.place);
    if (seen.has(key)) {
      const message = `${wanted.place.name} ${wanted.place.type} is there twice; write all of its records into one`;
      throw new InputError(`${at}: ${message}`, [{ field: at, message }]);
    }
    seen.add(key);
    return wanted;
  });
}

function readWish(wish: RrsetWish, zone: ZoneName, at: string): WantedRrset {
  const { expectedRevision } = wish;
  if (wish.action === "delete") return { ...normalisePlace(wish, zone, at), values: null, expectedRevision };
  return { ...normaliseRrset(wish.rrset, zone, `${at}.rrset`), expectedRevision };
}
