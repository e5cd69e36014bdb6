import { lowerName, parseName } from "@mycloud/dns/name";
import type { RegistrationProblem } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import type { IsIn } from "../dns-publish/index.ts";
import { changeZone, type ZoneDependencies } from "../dns-zone/change-zone.ts";
import { planChange, type WantedRrset, type ZonePlan } from "../dns-zone/plan-change.ts";
import { zoneNameOf } from "../dns-zone/zone-name.ts";
import type { StoredZone } from "../dns-zone/zone-store.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import { systemActor } from "../http/actor.ts";
import { everything } from "../scope/index.ts";
import { wishesOf, type ZoneWork } from "./plan-registration.ts";

/** So many RRsets are changed in one transaction; the rest comes with the next one. */
const wishesAtOnce = 5_000;

/**
 * Makes a zone have what registrations want, as one change. What would break the zone (below a delegation, as an example) is left out and told, and the
 * rest is done. Doing it again does nothing.
 */
export async function applyRegistration(
  dependencies: ZoneDependencies,
  { zoneId, wanted }: ZoneWork,
): Promise<RegistrationProblem[]> {
  const problems: RegistrationProblem[] = [];
  const author = { actor: systemActor, name: "registration", comment: "hosts that register themselves" };
  const order = { scope: everything, reference: { id: zoneId }, author, isPreview: false };
  try {
    await changeZone(dependencies, order, async (executor, zone, present) => {
      const { wishes } = await wishesOf(executor, { ...zoneNameOf(zone.name), id: zone.id }, wanted);
      return await planWithout(executor, zone, wishes.slice(0, wishesAtOnce), present, problems);
    });
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    if (!(error instanceof InputError)) throw error;
    problems.push({ registration: "", host: null, message: error.message });
  }
  return problems;
}

/** As planChange, without the wishes that the zone's rules do not allow. */
async function planWithout(
  executor: Executor,
  zone: StoredZone,
  wishes: readonly WantedRrset[],
  { isIn, nowMs }: { readonly isIn: IsIn; readonly nowMs: number },
  problems: RegistrationProblem[],
): Promise<ZonePlan> {
  const plan = (wanted: readonly WantedRrset[]) =>
    planChange(executor, { zone, wanted, source: "registration", isIn, nowMs });
  let wanted = wishes;
  for (;;) {
    const planned = await plan(wanted);
    if (planned.faults.length === 0) return planned;
    const faulty = new Set(planned.faults.map(({ name }) => lowerName(parseName(name))));
    const left = wanted.filter(({ owner, values }) => values === null || !faulty.has(lowerName(owner)));
    for (const { name, message } of planned.faults) {
      problems.push({ registration: "", host: null, message: `${name}: ${message}` });
    }
    if (left.length === wanted.length) return await plan([]);
    wanted = left;
  }
}
