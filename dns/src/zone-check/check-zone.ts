import { rrsetOf } from "../lookup/index.ts";
import { type DomainName, formatName, isWildcard, lowerName } from "../name/index.ts";
import { formatRecordType, recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";
import type { ZoneFinding } from "./finding.ts";
import { about, checkCircle, checkTargets, isBelowCut } from "./targets.ts";

/** What may stand beside a CNAME (RFC 4035 §2.5, RFC 6840 §5.8). */
const besideAlias = new Set<number>([recordTypes.CNAME, recordTypes.RRSIG, recordTypes.NSEC, recordTypes.KEY]);
/** What a parent may say below a delegation: addresses that lead there. */
const glueTypes = new Set<number>([recordTypes.A, recordTypes.AAAA]);
const addressTypes = new Set<number>([recordTypes.A, recordTypes.AAAA, recordTypes.MX]);
const ownerOfMachine = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+$/i;

/** All that is wrong with a zone, or odd, as far as the zone alone can tell; errors first. Pure. */
export function checkZone(zone: Zone): ZoneFinding[] {
  const findings = [...checkApex(zone)];
  for (const node of zone.nodes()) {
    if (node.rrsets.length > 0) findings.push(...checkNode(zone, node));
  }
  return findings.toSorted((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}

/** What is wrong with the records of one name. */
export function* checkNode(zone: Zone, node: ZoneNode): Generator<ZoneFinding> {
  const cut = isBelowCut(zone, node.name);
  if (cut !== undefined) {
    yield* checkHidden(zone, node, cut);
    return;
  }
  yield* checkAlias(zone, node);
  const isApex = lowerName(node.name) === zone.apex;
  for (const rrset of node.rrsets) {
    if (rrset.type === recordTypes.NS && isWildcard(node.name)) {
      yield about(
        "error",
        "wildcard-delegation",
        node,
        rrset,
        "a wildcard delegates nothing; other servers refuse such a zone",
      );
    }
    if (addressTypes.has(rrset.type) && !isApex && !ownerOfMachine.test(formatName(node.name))) {
      yield about(
        "warning",
        "unusable-host-name",
        node,
        rrset,
        "the name has characters that names of machines do not have",
      );
    }
    yield* checkTargets(zone, node, rrset);
  }
}

function* checkAlias(zone: Zone, node: ZoneNode): Generator<ZoneFinding> {
  const alias = rrsetOf(node, recordTypes.CNAME);
  if (alias === undefined) return;
  if (lowerName(node.name) === zone.apex) {
    yield about(
      "error",
      "alias-at-apex",
      node,
      alias,
      "the zone's own name cannot be an alias: it has SOA and NS records",
    );
    return;
  }
  const others = node.rrsets.filter(({ type }) => !besideAlias.has(type));
  if (others.length > 0) {
    const types = others.map(({ type }) => formatRecordType(type)).join(", ");
    yield about(
      "error",
      "alias-beside-others",
      node,
      alias,
      `an alias (CNAME) stands alone; here are ${types} records, too`,
    );
  }
  if (alias.rdatas.length > 1) {
    yield about("error", "several-aliases", node, alias, `an alias has one target; here are ${alias.rdatas.length}`);
  }
  yield* checkCircle(zone, node);
}

function* checkHidden(zone: Zone, node: ZoneNode, cut: DomainName): Generator<ZoneFinding> {
  const cutNode = zone.find(cut);
  const isDname = cutNode !== undefined && rrsetOf(cutNode, recordTypes.DNAME) !== undefined;
  if (isDname) {
    yield about(
      "error",
      "below-dname",
      node,
      null,
      `${formatName(cut)} has a DNAME record, so that nothing is below it (RFC 6672 §2.4)`,
    );
    return;
  }
  const hidden = node.rrsets.filter(({ type }) => !glueTypes.has(type));
  if (hidden.length === 0) return;
  const types = hidden.map(({ type }) => formatRecordType(type)).join(", ");
  yield about(
    "warning",
    "hidden-by-delegation",
    node,
    null,
    `${types} records are below the delegation ${formatName(cut)}: nobody is told of them`,
  );
}

/** What is wrong with the zone's own records and times. */
export function* checkApex(zone: Zone): Generator<ZoneFinding> {
  const apex = zone.find(zone.apex) ?? { name: zone.apex, rrsets: [] };
  if (rrsetOf(apex, recordTypes.NS) === undefined) {
    yield about("error", "no-name-server", apex, null, "the zone has no NS records at its own name");
  }
  const { refresh, retry, expire, minimum } = zone.soa;
  const soa = { type: recordTypes.SOA };
  if (expire <= refresh + retry) {
    yield about(
      "warning",
      "soa-timers",
      apex,
      soa,
      `expire (${expire} s) is not more than refresh and retry (${refresh} and ${retry} s): secondaries give up early`,
    );
  }
  if (retry > refresh)
    yield about("warning", "soa-timers", apex, soa, `retry (${retry} s) is more than refresh (${refresh} s)`);
  if (minimum > 86_400) {
    yield about(
      "warning",
      "soa-timers",
      apex,
      soa,
      `the minimum (${minimum} s) is how long "no such name" is remembered; more than a day is too long`,
    );
  }
}
