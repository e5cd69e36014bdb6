import { locate, rrsetOf } from "../lookup/index.ts";
import { type DomainName, formatName, isAtOrBelow, lowerName, parentOf, rootName } from "../name/index.ts";
import { formatRecordType, namesInRecordData, type Rrset, recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";
import type { ZoneFinding } from "./finding.ts";

/** Types whose target is the name of a machine: it has addresses and is no alias (RFC 2181 §10.3, RFC 2782). */
const machineTypes = new Set<number>([recordTypes.NS, recordTypes.MX, recordTypes.SRV]);
/** Types whose target is a name of any kind. */
const namedTypes = new Set<number>([recordTypes.CNAME, recordTypes.DNAME, recordTypes.PTR]);
const hostName = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+$/i;

/** What an RRset points at, as far as this zone can tell. */
export function* checkTargets(zone: Zone, node: ZoneNode, rrset: Rrset): Generator<ZoneFinding> {
  const isMachine = machineTypes.has(rrset.type);
  if (!isMachine && !namedTypes.has(rrset.type)) return;
  for (const rdata of rrset.rdatas) {
    const target = namesInRecordData(rrset.type, rdata).at(-1)?.name;
    if (target === undefined) continue;
    if (target === rootName) {
      if (rrset.rdatas.length > 1) {
        yield about(
          "error",
          "null-target-beside-others",
          node,
          rrset,
          `the target "." says that there is no such service; it stands alone or not at all`,
        );
      }
      continue;
    }
    yield* checkTarget(zone, node, rrset, target, isMachine);
  }
}

function* checkTarget(
  zone: Zone,
  node: ZoneNode,
  rrset: Rrset,
  target: DomainName,
  isMachine: boolean,
): Generator<ZoneFinding> {
  const shown = formatName(target);
  if (isMachine && !hostName.test(shown)) {
    yield about(
      "warning",
      "unusable-host-name",
      node,
      rrset,
      `${shown} is no name of a machine: letters, digits and inner hyphens are`,
    );
  }
  if (!isAtOrBelow(target, zone.apex)) return;
  const apexText = formatName(zone.apex);
  if (shown.toLowerCase().endsWith(`.${apexText}${apexText}`.toLowerCase())) {
    const meant = shown.slice(0, -apexText.length);
    yield about(
      "warning",
      "trailing-dot-missing",
      node,
      rrset,
      `${shown} has the zone's name twice; if ${meant} is meant, it lacks the dot at its end`,
    );
    return;
  }
  const place = locate(zone, lowerName(target), recordTypes.A);
  if (place.kind === "delegation" || place.kind === "redirection") {
    if (rrset.type === recordTypes.NS && place.kind === "delegation") yield* checkGlue(zone, node, rrset, target);
    return;
  }
  if (place.kind === "nothing") {
    yield about("warning", "target-missing", node, rrset, `${shown} is in this zone and does not exist`);
    return;
  }
  if (!isMachine) return;
  if (rrsetOf(place.node, recordTypes.CNAME) !== undefined) {
    yield about(
      "error",
      "target-is-alias",
      node,
      rrset,
      `${shown} is an alias (CNAME); the target has to have addresses itself`,
    );
  } else if (!hasAddress(place.node)) {
    const severity = rrset.type === recordTypes.NS ? "error" : "warning";
    yield about(severity, "target-missing", node, rrset, `${shown} has neither A nor AAAA records`);
  }
}

/** A name server below its own delegation is found by the addresses that lie here, and by nothing else. */
function* checkGlue(zone: Zone, node: ZoneNode, rrset: Rrset, target: DomainName): Generator<ZoneFinding> {
  if (!isAtOrBelow(target, node.name)) return;
  const glue = zone.find(lowerName(target));
  if (glue === undefined || !hasAddress(glue)) {
    yield about(
      "error",
      "glue-missing",
      node,
      rrset,
      `${formatName(target)} is below the delegation and has no address here (glue): nobody finds it`,
    );
  }
}

/** Aliases of this zone that lead in a circle. */
export function* checkCircle(zone: Zone, node: ZoneNode): Generator<ZoneFinding> {
  const start = lowerName(node.name);
  let at: DomainName | undefined = start;
  for (let step = 0; step < 64 && at !== undefined; step += 1) {
    const here: ZoneNode | undefined = zone.find(at);
    const alias: Rrset | undefined = here === undefined ? undefined : rrsetOf(here, recordTypes.CNAME);
    const next: string | undefined = alias?.rdatas[0];
    at = next === undefined ? undefined : lowerName(next as DomainName);
    if (at === start) {
      yield {
        severity: "error",
        code: "alias-circle",
        name: formatName(node.name),
        type: "CNAME",
        message: "the alias leads back to itself",
      };
      return;
    }
  }
}

function hasAddress(node: ZoneNode): boolean {
  return rrsetOf(node, recordTypes.A) !== undefined || rrsetOf(node, recordTypes.AAAA) !== undefined;
}

export function about(
  severity: ZoneFinding["severity"],
  code: ZoneFinding["code"],
  node: Pick<ZoneNode, "name">,
  rrset: Pick<Rrset, "type"> | null,
  message: string,
): ZoneFinding {
  return {
    severity,
    code,
    name: formatName(node.name),
    type: rrset === null ? null : formatRecordType(rrset.type),
    message,
  };
}

/** Whether a name or one above it, below the apex, is delegated away. */
export function isBelowCut(zone: Zone, name: DomainName): DomainName | undefined {
  if (zone.cuts.size === 0) return undefined;
  for (let at = parentOf(lowerName(name)); at.length > zone.apex.length; at = parentOf(at)) {
    if (zone.cuts.has(at)) return at;
  }
  return undefined;
}
