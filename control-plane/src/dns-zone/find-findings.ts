import { type DomainName, formatName, lowerName } from "@mycloud/dns/name";
import { type Zone, ZoneError } from "@mycloud/dns/zone";
import { checkApex, checkNode, type ZoneFinding } from "@mycloud/dns/zone-check";
import { Turns } from "@mycloud/dns/zone-store";
import type { Executor } from "../database/dialect/dialect.ts";
import { InputError } from "../error/index.ts";
import { checkWholeZone } from "./check-whole-zone.ts";
import { loadNeighbourhood, loadZone, maximumNames, type Replacement, type ZoneFrame } from "./neighbourhood.ts";
import type { PlannedDifference } from "./plan-change.ts";
import type { StoredZone } from "./zone-store.ts";

const mostFindings = 1_000;

/**
 * What is wrong with a zone after a change, at the names that it touches; `faults` are the errors that were not there before. Of large changes the whole zone
 * is looked at, and errors at names they touch count whether they were there or not.
 */
export async function findFindings(
  executor: Executor,
  frame: ZoneFrame,
  before: StoredZone,
  differences: readonly PlannedDifference[],
): Promise<{ readonly findings: ZoneFinding[]; readonly faults: ZoneFinding[] }> {
  if (before.kind === "secondary") return { findings: [], faults: [] };
  const replacements: Replacement[] = [];
  const touchedNames = new Set<DomainName>();
  const turns = new Turns();
  for (const { place, owner, after } of differences) {
    replacements.push({ ...place, values: after });
    touchedNames.add(lowerName(owner));
    if (turns.areOver) await turns.next();
  }
  const names = [...touchedNames];
  try {
    if (names.length > maximumNames) {
      const findings = await checkWholeZone(await loadZone(executor, frame, replacements));
      const errors = findings.filter(({ severity }) => severity === "error");
      const touched = new Set<string>();
      for (const name of errors.length === 0 ? [] : names) {
        touched.add(formatName(name));
        if (turns.areOver) await turns.next();
      }
      const faults = errors.filter(({ name }) => touched.has(name.toLowerCase()));
      return { findings: findings.slice(0, mostFindings), faults: faults.slice(0, mostFindings) };
    }
    const look = (zone: Zone) => [
      ...checkApex(zone),
      ...names.flatMap((name) => {
        const node = zone.find(name);
        return node === undefined || node.rrsets.length === 0 ? [] : [...checkNode(zone, node)];
      }),
    ];
    const findings = look(await loadNeighbourhood(executor, frame, names, replacements));
    if (!findings.some(({ severity }) => severity === "error")) return { findings, faults: [] };
    const old = look(await loadNeighbourhood(executor, { ...frame, settings: before.settings }, names, []));
    const known = new Set(old.map(identify));
    const faults = findings.filter((finding) => finding.severity === "error" && !known.has(identify(finding)));
    return { findings: findings.slice(0, mostFindings), faults };
  } catch (error) {
    if (error instanceof ZoneError) throw new InputError(error.message);
    throw error;
  }
}

function identify({ code, name, type, message }: ZoneFinding): string {
  return [code, name, type, message].join("\n");
}
