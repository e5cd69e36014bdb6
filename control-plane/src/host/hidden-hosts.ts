import type { Executor } from "../database/dialect/dialect.ts";
import { InputError } from "../error/index.ts";
import { chunksOf } from "../monitored/id-list.ts";
import type { Scope } from "../scope/index.ts";

/** The lists of a host that name other hosts, and how many names each has at most, as `HostInput` says. */
const mostNames = { parents: 100, probers: 10 } as const;

/** Of names of hosts, those that are not hosts of the reader's customer: it neither sees nor changes them. Empty for the operator. */
export async function findHiddenHosts(
  executor: Executor,
  scope: Scope,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const hidden = new Set(scope.kind === "all" ? [] : names);
  if (scope.kind === "all") return hidden;
  for (const chunk of chunksOf([...hidden], 500)) {
    const own = executor.selectFrom("host").select("name").where("customer", "=", scope.customer);
    for (const { name } of await own.where("name", "in", chunk).execute()) hidden.delete(name);
  }
  return hidden;
}

/**
 * The parents or probers of a host after somebody who does not see all of them wrote it: those hidden stay, behind the ones written; sent back as shown, the
 * list stays as it is. Throws InputError when both together are too many. Pure.
 */
export function keepHiddenHosts(
  field: keyof typeof mostNames,
  stored: readonly string[],
  isHidden: (name: string) => boolean,
  written: readonly string[],
): string[] {
  const shown = stored.filter((name) => !isHidden(name));
  if (shown.length === written.length && shown.every((name, index) => name === written[index])) return [...stored];
  const kept = [...written, ...stored.filter((name) => isHidden(name) && !written.includes(name))];
  if (kept.length <= mostNames[field]) return kept;
  const message = `are too many together with the operator's own; a host has at most ${mostNames[field]}`;
  throw new InputError(`${field} ${message}`, [{ field, value: JSON.stringify(written), message }]);
}
