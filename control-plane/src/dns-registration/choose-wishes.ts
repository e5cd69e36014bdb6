import { NameError } from "@mycloud/dns/name";
import type { RrsetInput } from "@mycloud/protocol/dns-zone";
import { normaliseRrset } from "../dns-zone/normalise-rrset.ts";
import type { WantedRrset } from "../dns-zone/plan-change.ts";
import { isSameRrset, placeKey, type StoredRrset } from "../dns-zone/rrset-values.ts";
import { parseOwnerName, type ZoneName } from "../dns-zone/zone-name.ts";
import { InputError } from "../error/index.ts";

/** What of a zone is to change, so that it has what registrations want. */
export interface ChosenWishes {
  readonly wishes: readonly WantedRrset[];
  readonly problems: readonly { readonly registration: string; readonly message: string }[];
}

/**
 * Holds what registrations want in a zone against what is there: their own RRsets are changed and removed, those of anybody else stay. `present`: all
 * RRsets of the wanted names, and all that registrations wrote. What is so already is no wish. Pure.
 */
export function chooseWishes(
  wanted: readonly RrsetInput[],
  present: readonly StoredRrset[],
  zone: ZoneName,
): ChosenWishes {
  const at = new Map(present.map((rrset) => [placeKey(rrset), rrset]));
  const aliases = new Map(present.filter(({ type }) => type === "CNAME").map((rrset) => [rrset.nameKey, rrset]));
  const wishes: WantedRrset[] = [];
  const problems: { registration: string; message: string }[] = [];
  const kept = new Set<string>();
  for (const rrset of wanted) {
    const normal = normalise(rrset, zone);
    const tell = (message: string) =>
      problems.push({ registration: rrset.owner.replace("registration ", ""), message });
    if (typeof normal === "string") {
      tell(normal);
      continue;
    }
    const { place, owner, values } = normal;
    const before = at.get(placeKey(place));
    kept.add(placeKey(place));
    const alias = aliases.get(place.nameKey);
    const what = `${place.name} ${place.type} in ${zone.text}`;
    if (alias !== undefined) {
      tell(`${what}: there is a CNAME record, beside which nothing may be`);
    } else if (before !== undefined && before.source !== "registration") {
      const data = (records: readonly { readonly data: string }[]) =>
        JSON.stringify(records.map((one) => one.data).sort());
      if (data(before.records) === data(values.records)) continue;
      tell(`${what}: somebody wrote other records there (${before.source}), which stay`);
    } else if (before === undefined || !isSameRrset(before, values)) {
      wishes.push({ place, owner, values });
    }
  }
  const gone = present.filter((rrset) => rrset.source === "registration" && !kept.has(placeKey(rrset)));
  const removals = gone.map((rrset) => ({
    place: rrset,
    owner: parseOwnerName(rrset.name, zone, "name"),
    values: null,
  }));
  return { wishes: [...removals, ...wishes], problems };
}

function normalise(rrset: RrsetInput, zone: ZoneName): ReturnType<typeof normaliseRrset> | string {
  try {
    return normaliseRrset(rrset, zone);
  } catch (error) {
    if (error instanceof InputError || error instanceof NameError) return error.message;
    throw error;
  }
}
