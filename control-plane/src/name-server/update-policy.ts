import { type DomainName, isAtOrBelow, lowerName, parentOf, parseName } from "@mycloud/dns/name";
import { parseRecordType, recordTypes } from "@mycloud/dns/record";
import type { UpdateGrant } from "@mycloud/protocol/dns-zone";

/** What a grant without types leaves alone: where the zone is served, and what signs it. */
const keptTypes = new Set<number>([
  recordTypes.NS,
  recordTypes.SOA,
  recordTypes.RRSIG,
  recordTypes.NSEC,
  recordTypes.NSEC3,
  recordTypes.NSEC3PARAM,
  recordTypes.DNSKEY,
]);

/**
 * Whether an update policy lets a key change records of a name and type: the first entry that matches decides, as BIND's `update-policy` does. `key` is
 * the name that the message is signed with; null: it is not signed, and nothing is allowed. Pure.
 */
export function allowsUpdate(
  policy: readonly UpdateGrant[],
  key: string | null,
  apex: DomainName,
  name: DomainName,
  type: number,
): boolean {
  if (key === null) return false;
  const keyName = lowerName(parseName(key));
  const grant = policy.find(
    (each) => isKey(each.key, keyName) && hasName(each, keyName, apex, name) && hasType(each.types, type),
  );
  return grant?.action === "grant";
}

function isKey(text: string, key: DomainName): boolean {
  return text === "*" || lowerName(parseName(text)) === key;
}

function hasName({ match, name: text }: UpdateGrant, key: DomainName, apex: DomainName, name: DomainName): boolean {
  const wanted = text === null ? apex : parseName(text);
  switch (match) {
    case "name":
      return lowerName(name) === lowerName(wanted);
    case "subdomain":
      return isAtOrBelow(name, wanted);
    case "wildcard":
      // `*.example.org` stands for what is below example.org, and for itself.
      return lowerName(name) !== lowerName(parentOf(wanted)) && isAtOrBelow(name, parentOf(wanted));
    case "self":
      return lowerName(name) === key;
    case "selfsub":
      return isAtOrBelow(name, key);
    case "zonesub":
      return isAtOrBelow(name, apex);
  }
}

function hasType(types: readonly string[], type: number): boolean {
  if (types.length === 0) return !keptTypes.has(type);
  return types.some((each) => each === "ANY" || parseRecordType(each) === type);
}
