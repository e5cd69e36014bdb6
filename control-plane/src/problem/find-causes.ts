/** What something bad hangs on; keys as in `BadObject`. */
export type Standing =
  | { readonly kind: "host"; readonly parents: readonly string[]; readonly failedMasters: readonly string[] }
  | {
      readonly kind: "service";
      readonly host: string;
      readonly failedMasters: readonly string[];
      /** What a business rule looks at; empty of other services. */
      readonly leaves: readonly string[];
    };

/**
 * What something bad follows from: a host from its parents when none of them works, a service from its host, both from the masters of dependencies that fail, a
 * business rule from its leaves alone, for its host's state is not in it. Pure.
 */
export function findCauses(standing: Standing, isBad: (key: string) => boolean): string[] {
  if (standing.kind === "host") {
    const { parents, failedMasters } = standing;
    const isBehind = parents.length > 0 && parents.every(isBad);
    return [...(isBehind ? parents : []), ...failedMasters];
  }
  const { host, failedMasters, leaves } = standing;
  return leaves.length > 0 ? [...leaves] : [host, ...failedMasters];
}
