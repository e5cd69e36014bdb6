import { z } from "zod";
import { type ApiClient, listAll } from "../../client/index.ts";
import { CommandError } from "../../command-line/index.ts";
import type { ImportedResource } from "../../nagios-import/index.ts";

const NamedHost = z.object({ name: z.string() });
const shownHosts = 5;

/** Names of the hosts that have an agent. */
export async function readHostsWithAgent(client: ApiClient): Promise<ReadonlySet<string>> {
  const filter = { hasAgent: true };
  const { rows } = await listAll(client, "/api/v1/hosts", { filter, limit: Number.POSITIVE_INFINITY });
  return new Set(rows.map((row) => NamedHost.parse(row).name));
}

/** Throws CommandError for a prober that has no agent: nothing would run there. */
export function requireProbers(probers: readonly string[], hostsWithAgent: ReadonlySet<string>): void {
  const missing = probers.find((prober) => !hostsWithAgent.has(prober));
  if (missing === undefined) return;
  const known = [...hostsWithAgent].slice(0, shownHosts).join(", ");
  throw new CommandError(
    "input",
    `--prober ${missing}: no host of this name has an agent${known === "" ? "" : ` (${known} ${hostsWithAgent.size === 1 ? "has" : "have"} one)`}; enrol it first: mycloud enrolment create`,
  );
}

/** Who runs the checks of imported hosts that have no agent, in a sentence; undefined where every host has one, or there is nothing to run. Pure. */
export function tellWhoRuns(
  resources: readonly ImportedResource[],
  hostsWithAgent: ReadonlySet<string>,
  probers: readonly string[],
): string | undefined {
  const isAnythingRun = resources.some(({ kind, spec }) => kind === "Check" && spec.command === "external");
  const alone = resources.flatMap(({ kind, name }) => (kind === "Host" && !hostsWithAgent.has(name) ? [name] : []));
  if (alone.length === 0 || !isAnythingRun) return undefined;
  const more = alone.length > shownHosts ? ` and ${alone.length - shownHosts} more` : "";
  const which = `${alone.length === 1 ? "1 host has" : `${alone.length} hosts have`} no agent (${alone.slice(0, shownHosts).join(", ")}${more})`;
  const [first, ...others] = probers;
  if (first === undefined)
    return `${which}: nobody runs their checks; import again with --prober HOST, and the agent of HOST does`;
  const next = others.length === 0 ? "" : `; while it is away, ${others.join(", then ")}`;
  return `${which}: the agent of ${first} runs their checks${next}`;
}
