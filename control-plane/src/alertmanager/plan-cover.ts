import { matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import { type AlertObject, coverageOf } from "./alert-object.ts";
import { directSelector } from "./direct-selector.ts";
import { compileMatchers, type Matcher } from "./matcher.ts";
import { type NamesByHost, namesOfSelectors, selectorsOfNames } from "./named-selectors.ts";

/** The downtimes that say what matchers say. */
export interface Cover {
  readonly selectors: readonly ServiceSelector[];
  /** Why some of what the matchers mean cannot be said by downtimes, which leave it out; null when all is said. */
  readonly fault: string | null;
}

const maximumSelectors = 300;
/** Changing a cover adds selectors beside those that stand, until there are so many; then they are put together anew. */
const maximumSelectorsAdded = 50;

/**
 * Works out selectors that cover exactly the objects whose alerts meet the matchers, and never another: one that also covers what is added
 * later where a selector can say it, else selectors by name, to be worked out again when objects change. Throws InputError for a regular
 * expression that is not understood. Pure.
 */
export function planCover(matchers: readonly Matcher[], objects: readonly AlertObject[]): Cover {
  const { direct, names, fault } = planNames(matchers, objects);
  return limited(direct, selectorsOfNames(names), fault);
}

/**
 * Changes a cover where objects changed: `objects` are all those of some hosts, and what the selectors say of other hosts stays. As little else as
 * possible is said anew, because each selector is a downtime. Throws InputError as `planCover`. Pure.
 */
export function changeCover(
  current: readonly ServiceSelector[],
  matchers: readonly Matcher[],
  objects: readonly AlertObject[],
): Cover {
  const { direct, names, fault } = planNames(matchers, objects);
  const directJson = JSON.stringify(direct);
  const standing = current.filter((selector) => JSON.stringify(selector) !== directJson);
  const before = new Map<string, ReadonlySet<string>>(namesOfSelectors(standing));
  const added = new Map<string, ReadonlySet<string>>();
  let isTooMuch = false;
  for (const host of new Set(objects.map((object) => object.host.name))) {
    const wanted = names.get(host) ?? new Set<string>();
    const had = before.get(host) ?? new Set<string>();
    if ([...had].some((name) => !wanted.has(name))) isTooMuch = true;
    added.set(host, new Set([...wanted].filter((name) => !had.has(name))));
    before.set(host, wanted);
  }
  const enlarged = [...standing, ...selectorsOfNames(added)];
  const hasGrown = enlarged.length > standing.length && enlarged.length > maximumSelectorsAdded;
  return limited(direct, isTooMuch || hasGrown ? selectorsOfNames(before) : enlarged, fault);
}

function limited(direct: ServiceSelector | null, named: readonly ServiceSelector[], fault: string | null): Cover {
  const selectors = [...(direct === null ? [] : [direct]), ...named];
  if (selectors.length <= maximumSelectors) return { selectors, fault };
  const tooMany = `the matchers cover hosts in more than ${maximumSelectors} different ways; name hosts or services instead`;
  return { selectors: selectors.slice(0, maximumSelectors), fault: tooMany };
}

/** What is to be covered by name, as no selector says it by itself. */
function planNames(
  matchers: readonly Matcher[],
  objects: readonly AlertObject[],
): { readonly direct: ServiceSelector | null; readonly names: NamesByHost; readonly fault: string | null } {
  const matches = compileMatchers(matchers);
  const direct = directSelector(matchers);
  const faults: string[] = [];
  const names = new Map<string, ReadonlySet<string>>();
  for (const [name, own] of Map.groupBy(objects, ({ host }) => host.name)) {
    const covered = new Set<AlertObject>();
    for (const object of own) {
      const coverage = coverageOf(matches, object);
      if (coverage === "covered") covered.add(object);
      if (coverage === "by severity" && faults.length === 0) faults.push(severityFault(object));
    }
    const isDirect = ({ host, serviceName }: AlertObject) =>
      direct !== null && matchesService(direct, host, serviceName ?? undefined);
    const named = [...covered].filter((object) => !isDirect(object));
    const missing = own.find((object) => !covered.has(object));
    const isHostNamed = named.some(({ serviceName }) => serviceName === null);
    // A host's downtime keeps all its services quiet, as in Nagios.
    if (isHostNamed && missing !== undefined) faults.push(hostFault(name, missing.serviceName));
    const services = named
      .filter(({ serviceName }) => serviceName !== null || missing === undefined)
      .map(({ serviceName }) => serviceName ?? "");
    if (services.length > 0) names.set(name, new Set(services));
  }
  return { direct, names, fault: faults[0] ?? null };
}

function severityFault({ host, serviceName }: AlertObject): string {
  const what = serviceName === null ? `host "${host.name}"` : `service "${serviceName}" of host "${host.name}"`;
  return `severity follows the state of ${what}, and a downtime covers it in every state; leave the matcher on severity out`;
}

function hostFault(host: string, service: string | null): string {
  return `the matchers mean host "${host}" itself but not its service "${service}", and a downtime of a host keeps its services quiet too; match the services as well`;
}
