import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";

/** The types of resource record that can be asked for. */
export const RECORD_TYPES = ["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT", "CAA"] as const;

/** What a name server answered. `answers` are in presentation form, sorted. */
export type Resolution =
  | { outcome: "answers"; answers: readonly string[] }
  | { outcome: "NXDOMAIN" }
  | { outcome: "NODATA" }
  | { outcome: "failed"; reason: string };

export interface Question {
  readonly name: string;
  readonly type: string;
  /** Address with optional port; undefined for those of /etc/resolv.conf. */
  readonly server: string | undefined;
  readonly timeoutMs: number;
}

/** Asks a name server. A failure is a value; rejects only with StoppedWaiting. */
export async function resolve(question: Question, signal: AbortSignal): Promise<Resolution> {
  const resolver = new Resolver({ timeout: question.timeoutMs, tries: 2 });
  if (question.server !== undefined) resolver.setServers([question.server]);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return { outcome: "answers", answers: (await ask(resolver, question)).sort() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (signal.aborted) throw new StoppedWaiting(`an answer from ${question.server ?? "the name server"}`);
    if (code === "ENOTFOUND") return { outcome: "NXDOMAIN" };
    if (code === "ENODATA") return { outcome: "NODATA" };
    return {
      outcome: "failed",
      reason: FAILURES.get(code) ?? (error instanceof Error ? error.message : String(error)),
    };
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

const FAILURES: ReadonlyMap<string, string> = new Map([
  ["ESERVFAIL", "the name server failed (SERVFAIL)"],
  ["EREFUSED", "the name server refused (REFUSED)"],
  ["ENOTIMP", "the name server does not know this question (NOTIMP)"],
  ["EFORMERR", "the name server did not understand (FORMERR)"],
  ["ECONNREFUSED", "nothing listens there (connection refused)"],
  ["ETIMEOUT", "no answer from the name server"],
  ["EBADRESP", "the name server's answer cannot be read"],
  ["EBADNAME", "that is not a domain name"],
]);

async function ask(resolver: Resolver, { name, type }: Question): Promise<string[]> {
  // c-ares answers addresses itself, without asking anybody; an address can only mean a reverse lookup.
  if (isIP(name) !== 0) return resolver.reverse(name);
  switch (type) {
    case "A":
      return resolver.resolve4(name);
    case "AAAA":
      return resolver.resolve6(name);
    case "CNAME":
      return resolver.resolveCname(name);
    case "NS":
      return resolver.resolveNs(name);
    case "PTR":
      return resolver.resolvePtr(name);
    case "MX":
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
    case "SRV":
      return (await resolver.resolveSrv(name)).map((one) => `${one.priority} ${one.weight} ${one.port} ${one.name}`);
    case "TXT":
      return (await resolver.resolveTxt(name)).map((chunks) => chunks.join(""));
    case "CAA":
      return (await resolver.resolveCaa(name)).map(({ critical, ...tags }) =>
        [
          critical,
          ...Object.entries(tags)
            .filter(([key]) => key !== "type")
            .flat(),
        ].join(" "),
      );
    case "SOA": {
      const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa(name);
      return [[nsname, hostmaster, serial, refresh, retry, expire, minttl].join(" ")];
    }
    default:
      throw new Error(`record type ${type} cannot be asked for`);
  }
}
