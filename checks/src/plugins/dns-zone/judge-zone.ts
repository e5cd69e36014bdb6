import { isWithin } from "../../dns-query/domain-name.ts";
import { describeServer } from "../../dns-query/server-address.ts";
import type { Finding } from "../../plugin/finding.ts";
import { formatDuration } from "../../plugin/format-quantity.ts";
import type { ReturnCode } from "../../plugin-api/return-code.ts";
import type { Delegation } from "./look-at-delegation.ts";
import type { ServerView } from "./look-at-server.ts";

/** From when on what is found is bad: from the value on, for each. */
export interface ZoneLimits {
  readonly lagSeconds: readonly [warning: number, critical: number];
  /** Share of the SOA's expire time that a secondary has left, at or below which it is bad. */
  readonly expiryPercent: readonly [warning: number, critical: number];
  /** Time that signatures have left, at or below which it is bad. */
  readonly signatureSeconds: readonly [warning: number, critical: number];
  readonly mustBeSigned: boolean;
}

/** A server, and for how long it has been behind; undefined: it is not. */
export interface JudgedServer {
  readonly view: ServerView;
  readonly lagSeconds: number | undefined;
}

const reaches = (value: number, [warning, critical]: readonly [number, number]): ReturnCode =>
  value >= critical ? 2 : value >= warning ? 1 : 0;
const fallsTo = (value: number, [warning, critical]: readonly [number, number]): ReturnCode =>
  value <= critical ? 2 : value <= warning ? 1 : 0;

/** What is wrong with a zone on its servers. Pure. */
export function judgeServers(servers: readonly JudgedServer[], limits: ZoneLimits, nowMs: number): Finding[] {
  const used = servers.filter(({ view }) => view.failure === undefined);
  const isSigned = used.some(({ view }) => view.signatureEnds !== undefined);
  return servers.flatMap(({ view, lagSeconds }): Finding[] => {
    const name = describeServer(view.server);
    if (view.failure !== undefined) return [{ returnCode: 2, text: `${name}: ${view.failure}` }];
    const findings: Finding[] = [];
    if (lagSeconds !== undefined) {
      const since = lagSeconds < 1 ? "" : ` for ${formatDuration(lagSeconds)}`;
      const text = `${name} is behind${since} with serial ${view.serial}`;
      findings.push({ returnCode: reaches(lagSeconds, limits.lagSeconds), text });
    }
    const left = expiryPercentLeft(view);
    if (view.expireSeconds !== undefined && left !== undefined && left < 100) {
      const text = `${name} stops answering in ${formatDuration(view.expireSeconds)}`;
      findings.push({ returnCode: fallsTo(left, limits.expiryPercent), text });
    }
    findings.push(...judgeSignatures(view, name, isSigned || limits.mustBeSigned, limits, nowMs));
    return findings;
  });
}

/** What a secondary has left of the zone's expire time; a primary that tells says 100 (RFC 7314 §3.2). */
function expiryPercentLeft({ expireSeconds, soaExpireSeconds }: ServerView): number | undefined {
  if (expireSeconds === undefined || soaExpireSeconds === undefined || soaExpireSeconds === 0) return undefined;
  return (expireSeconds / soaExpireSeconds) * 100;
}

function judgeSignatures(
  view: ServerView,
  name: string,
  mustBeSigned: boolean,
  limits: ZoneLimits,
  nowMs: number,
): Finding[] {
  const left = signatureSecondsLeft(view, nowMs);
  if (left === undefined) return mustBeSigned ? [{ returnCode: 2, text: `${name} has no signatures` }] : [];
  const text =
    left <= 0
      ? `${name}: signatures ended ${formatDuration(left)} ago`
      : `${name}: signatures end in ${formatDuration(left)}`;
  return [{ returnCode: left <= 0 ? 2 : fallsTo(left, limits.signatureSeconds), text }];
}

/** Seconds until the first of a server's signatures ends; negative: it has. Undefined where the zone is not signed. Pure. */
export function signatureSecondsLeft(view: ServerView, nowMs: number): number | undefined {
  if (view.signatureEnds === undefined) return undefined;
  return Math.min(...view.signatureEnds.map((end) => (end - Math.floor(nowMs / 1_000)) | 0));
}

/** Where servers disagree on who they are. Pure. */
export function judgeNameServers(servers: readonly JudgedServer[]): Finding[] {
  // Those that are behind are told of as such.
  const current = servers.filter(({ view, lagSeconds }) => view.failure === undefined && lagSeconds === undefined);
  const sets = new Set(current.map(({ view }) => [...view.nameServers].sort().join(", ")));
  if (sets.size < 2) return [];
  return [{ returnCode: 1, text: `servers differ in their NS records: ${[...sets].join(" / ")}` }];
}

/** How the parent's delegation fits the zone. `addresses` are the zone's own, of servers with glue; undefined where not known. Pure. */
export function judgeDelegation(
  delegation: Delegation,
  zone: string,
  nameServers: readonly string[],
  addresses: ReadonlyMap<string, readonly string[] | undefined>,
): Finding[] {
  if (delegation.outcome === "same server") return [];
  if (delegation.outcome === "no answer") return [{ returnCode: 1, text: `the parent: ${delegation.reason}` }];
  if (delegation.outcome === "not delegated") {
    return [{ returnCode: 2, text: `not delegated: ${delegation.reason}` }];
  }
  const { names, glue } = delegation;
  const common = names.filter((name) => nameServers.includes(name));
  if (common.length === 0) {
    return [{ returnCode: 2, text: `the parent delegates to ${names.join(", ")}, the zone has none of them` }];
  }
  const findings: Finding[] = [];
  const surplus = names.filter((name) => !nameServers.includes(name));
  const missing = nameServers.filter((name) => !names.includes(name));
  if (surplus.length > 0) findings.push({ returnCode: 1, text: `only the parent names ${surplus.join(", ")}` });
  if (missing.length > 0) findings.push({ returnCode: 1, text: `the parent does not name ${missing.join(", ")}` });
  for (const name of names.filter((one) => isWithin(one, zone))) {
    const given = glue.get(name);
    if (given === undefined) {
      findings.push({ returnCode: 1, text: `the parent has no glue for ${name}` });
      continue;
    }
    const own = addresses.get(name);
    if (own === undefined || [...given].sort().join() === [...own].sort().join()) continue;
    const text = `glue of ${name} is ${given.join(", ")}, the zone has ${own.join(", ") || "no address"}`;
    findings.push({ returnCode: 1, text });
  }
  return findings;
}
