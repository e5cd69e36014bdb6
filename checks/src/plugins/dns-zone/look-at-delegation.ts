import { Resolver } from "node:dns/promises";
import { isWithin } from "../../dns-query/domain-name.ts";
import { resultCodeName } from "../../dns-query/record-type.ts";
import type { ServerAddress } from "../../dns-query/server-address.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { askPatiently } from "./look-at-server.ts";

/** What a parent's server says of a zone. */
export type Delegation =
  | { readonly outcome: "delegated"; readonly names: readonly string[]; readonly glue: ReadonlyMap<string, string[]> }
  /** It has the zone itself, and so tells nothing of what others are told. */
  | { readonly outcome: "same server" }
  | { readonly outcome: "not delegated"; readonly reason: string }
  | { readonly outcome: "no answer"; readonly reason: string };

/** Asks a server of the parent zone. Rejects only with StoppedWaiting. */
export async function lookAtDelegation(
  parent: ServerAddress,
  zone: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Delegation> {
  const asked = await askPatiently(parent, zone, 2, timeoutMs, signal);
  if (asked.outcome === "failed") return { outcome: "no answer", reason: asked.reason };
  const { resultCode, answers, authority, additional, isAuthoritative } = asked.message;
  if (resultCode === 3) return { outcome: "not delegated", reason: "the parent says NXDOMAIN" };
  if (resultCode !== 0) return { outcome: "no answer", reason: `answers ${resultCodeName(resultCode)}` };
  if (isAuthoritative && answers.some(({ data }) => data.kind === "NS")) return { outcome: "same server" };
  const names = authority.flatMap(({ name, data }) => (data.kind === "NS" && name === zone ? [data.target] : []));
  if (names.length === 0) return { outcome: "not delegated", reason: "the parent has no NS records for it" };
  const glue = new Map<string, string[]>();
  for (const { name, data } of additional) {
    if (data.kind === "address" && isWithin(name, zone)) glue.set(name, [...(glue.get(name) ?? []), data.address]);
  }
  return { outcome: "delegated", names, glue };
}

/** What the zone itself says about the addresses of one of its servers; undefined where it could not be asked. */
export async function lookAtAddresses(
  server: ServerAddress,
  name: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const asked = await Promise.all([1, 28].map((type) => askPatiently(server, name, type, timeoutMs, signal)));
  const found = asked.flatMap((one) =>
    one.outcome === "answered" && one.message.isAuthoritative && one.message.resultCode === 0 ? [one.message] : [],
  );
  if (found.length < asked.length) return undefined;
  return found.flatMap(({ answers }) => answers.flatMap(({ data }) => (data.kind === "address" ? [data.address] : [])));
}

/** Names of the servers of a zone (`isParent`: of the zone above it), by this machine's resolvers; none where it cannot be found. */
export async function findNameServers(zone: string, isParent: boolean, signal: AbortSignal): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    let name = isParent ? parentOf(zone) : zone;
    while (name !== undefined) {
      try {
        const found = await resolver.resolveNs(name);
        if (found.length > 0) return found;
      } catch {
        if (signal.aborted) throw new StoppedWaiting(`the name servers of ${name}`);
      }
      name = isParent ? parentOf(name) : undefined;
    }
    return [];
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function parentOf(name: string): string | undefined {
  if (name === ".") return undefined;
  const dot = name.indexOf(".");
  return dot === -1 ? "." : name.slice(dot + 1);
}
