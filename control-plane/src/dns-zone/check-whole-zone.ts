import type { Zone } from "@mycloud/dns/zone";
import { checkApex, checkNode, type ZoneFinding } from "@mycloud/dns/zone-check";
import { Turns } from "@mycloud/dns/zone-store";

/** As checkZone, letting others have their turns: all that is wrong with a zone, or odd; errors first. */
export async function checkWholeZone(zone: Zone): Promise<ZoneFinding[]> {
  const findings = [...checkApex(zone)];
  const turns = new Turns();
  for (const node of zone.nodes()) {
    if (node.rrsets.length > 0) findings.push(...checkNode(zone, node));
    if (turns.areOver) await turns.next();
  }
  return findings.toSorted((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}
