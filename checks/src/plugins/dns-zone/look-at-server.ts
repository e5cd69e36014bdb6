import { type Asked, askNameServer } from "../../dns-query/ask-name-server.ts";
import type { DnsMessage, DnsRecord } from "../../dns-query/read-message.ts";
import { resultCodeName } from "../../dns-query/record-type.ts";
import type { ServerAddress } from "../../dns-query/server-address.ts";

const [nsType, soaType, dnskeyType] = [2, 6, 48];
/** One lost packet is no finding. */
const attempts = 2;

/** How a zone looks on one server. */
export interface ServerView {
  readonly server: ServerAddress;
  /** Why it is not used: no answer, no authority; undefined where all is well. */
  readonly failure: string | undefined;
  readonly serial: number | undefined;
  readonly primary: string | undefined;
  /** The zone's own expire value, of its SOA. */
  readonly soaExpireSeconds: number | undefined;
  /** Time that is left until a secondary stops answering, where it tells (RFC 7314). */
  readonly expireSeconds: number | undefined;
  /** Names of the zone's servers, at its apex. */
  readonly nameServers: readonly string[];
  /** When signatures of the SOA and DNSKEY RRsets end, seconds modulo 2^32; undefined: the zone is not signed here. */
  readonly signatureEnds: readonly number[] | undefined;
  readonly seconds: number | undefined;
}

/** Asks with a second try; a server that does not understand EDNS is asked without. */
export async function askPatiently(
  server: ServerAddress,
  name: string,
  type: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Asked> {
  let asked: Asked = { outcome: "failed", reason: "no answer" };
  let wantsSignatures = true;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const question = { name, type, isRecursive: false, wantsSignatures };
    asked = await askNameServer(server, question, { isTcp: false, timeoutMs }, signal);
    const isRefusedEdns = asked.outcome === "answered" && [1, 4].includes(asked.message.resultCode) && wantsSignatures;
    if (asked.outcome === "answered" && !isRefusedEdns) return asked;
    if (isRefusedEdns) wantsSignatures = false;
  }
  return asked;
}

/** Looks at a zone on one server. Rejects only with StoppedWaiting. */
export async function lookAtServer(
  server: ServerAddress,
  zone: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ServerView> {
  const ask = (type: number) => askPatiently(server, zone, type, timeoutMs, signal);
  const asked = await ask(soaType);
  const unused = {
    server,
    serial: undefined,
    primary: undefined,
    soaExpireSeconds: undefined,
    expireSeconds: undefined,
  };
  const nothing = { ...unused, nameServers: [], signatureEnds: undefined };
  if (asked.outcome === "failed") return { ...nothing, failure: asked.reason, seconds: undefined };
  const { message, seconds } = asked;
  const soa = message.answers.flatMap(({ name, data }) => (data.kind === "SOA" && name === zone ? [data] : []))[0];
  const failure = whyNotAuthoritative(message, soa !== undefined);
  if (failure !== undefined || soa === undefined) return { ...nothing, failure: failure ?? "it has no SOA", seconds };
  const [servers, keys] = await Promise.all([ask(nsType), ask(dnskeyType)]);
  const apex = servers.outcome === "answered" ? servers.message.answers : [];
  const signed = [message, ...(keys.outcome === "answered" ? [keys.message] : [])];
  return {
    server,
    failure: undefined,
    serial: soa.serial,
    primary: soa.primary,
    soaExpireSeconds: soa.expireSeconds,
    expireSeconds: message.expireSeconds,
    nameServers: apex.flatMap(({ name, data }) => (data.kind === "NS" && name === zone ? [data.target] : [])),
    signatureEnds: signatureEndsOf(signed.flatMap(({ answers }) => answers)),
    seconds,
  };
}

function whyNotAuthoritative(message: DnsMessage, hasSoa: boolean): string | undefined {
  if (message.resultCode !== 0) return `answers ${resultCodeName(message.resultCode)}`;
  if (!message.isAuthoritative) return "does not answer with authority";
  return hasSoa ? undefined : "has no SOA of the zone";
}

/** The end of each signed RRset: of several signatures the last one's counts, since one good one is enough. */
function signatureEndsOf(records: readonly DnsRecord[]): number[] | undefined {
  const ends = new Map<number, number>();
  for (const { data } of records) {
    if (data.kind !== "RRSIG" || (data.covered !== soaType && data.covered !== dnskeyType)) continue;
    const known = ends.get(data.covered);
    // Compared as serial numbers (RFC 4034 §3.1.5).
    if (known === undefined || ((data.expiration - known) | 0) > 0) ends.set(data.covered, data.expiration);
  }
  return ends.size === 0 ? undefined : [...ends.values()];
}
