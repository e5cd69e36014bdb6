import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { FAMILY_OPTIONS, readFamily, readPort } from "../../connection/network-options.ts";
import { canonicalName, encodeName } from "../../dns-query/domain-name.ts";
import {
  describeServer,
  findServerAddresses,
  parseServer,
  type ServerAddress,
} from "../../dns-query/server-address.ts";
import type { Finding } from "../../plugin/finding.ts";
import { formatDuration, plural, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import {
  type JudgedServer,
  judgeDelegation,
  judgeNameServers,
  judgeServers,
  signatureSecondsLeft,
  type ZoneLimits,
} from "./judge-zone.ts";
import { findNameServers, lookAtAddresses, lookAtDelegation } from "./look-at-delegation.ts";
import { lookAtServer } from "./look-at-server.ts";
import { highestSerial, type Lag, updateLag } from "./serial-lag.ts";

const maximumServers = 50;

/** A zone on all of its name servers. */
export const dnsZone = {
  name: "dns-zone",
  summary: "a zone on all its name servers: serials, authority, expiry, signatures, delegation",
  defaultTimeoutSeconds: 20,
  notes:
    "Every address of every server is asked. One that does not answer with authority is CRITICAL. The highest serial counts (RFC 1982); a server " +
    "with another is behind, from when this check saw it first: started by hand it remembers nothing. When a secondary stops answering is known where it " +
    "tells so (RFC 7314; BIND and Knot do). Signatures are those over the SOA and DNSKEY RRsets, by their dates: they are not verified.",
  options: [
    { letter: "z", name: "zone", value: "ZONE", description: "zone to look at" },
    {
      letter: "s",
      name: "server",
      value: "SERVER[:PORT]",
      isRepeatable: true,
      description: "its name servers, secondaries too; several by commas (default: those of its NS records)",
    },
    { letter: "p", name: "port", value: "PORT", default: "53", description: "port of servers without one" },
    {
      letter: "w",
      name: "warning",
      value: "SECONDS",
      default: "0",
      description: "WARNING when a server has been behind for as long; 0 for at once",
    },
    {
      letter: "c",
      name: "critical",
      value: "SECONDS",
      default: "3600",
      description: "CRITICAL when a server has been behind for as long",
    },
    {
      name: "expiry",
      value: "PERCENT,PERCENT",
      default: "50,25",
      description: "WARNING and CRITICAL when a secondary has no more left of the zone's expire time",
    },
    {
      name: "signatures",
      value: "HOURS,HOURS",
      default: "72,24",
      description: "WARNING and CRITICAL when signatures end within so many hours",
    },
    { name: "signed", description: "the zone must be signed" },
    { name: "delegation", description: "compare with the parent's NS records and glue" },
    {
      name: "parent",
      value: "SERVER[:PORT]",
      isRepeatable: true,
      description: "servers of the parent zone, for --delegation (default: those of its NS records)",
    },
    { name: "wait", value: "SECONDS", default: "2", description: "how long to wait for each answer; twice" },
    ...FAMILY_OPTIONS,
  ],
  examples: [
    { arguments: "-z example.org", description: "the servers that the zone names itself" },
    {
      arguments: "-z example.org -s 192.0.2.53,192.0.2.54 -s '[2001:db8::53]:5353' -w 120 -c 900",
      description: "a hidden primary and its secondaries, which may take two minutes",
    },
    { arguments: "-z example.org --delegation --signed", description: "as others see it" },
  ],
  async run(options, context) {
    const zone = canonicalName(options.requiredText("zone"));
    if (encodeName(zone) === undefined) throw options.refuse("zone", zone, "a domain name");
    const limits = readLimits(options);
    const timeoutMs = (options.number("wait", { min: 0.01, max: 60 }) ?? 2) * 1_000;
    const given = options.texts("server").flatMap((text) => text.split(","));
    const names = given.length > 0 ? given : await findNameServers(zone, false, context.signal);
    if (names.length === 0)
      return report("dns-zone", 2, `${zone}: no name servers are found for it; name them with -s`);
    const found = await findAddresses("server", names, options);
    const servers = found.addresses.slice(0, maximumServers);
    const views = await Promise.all(servers.map((server) => lookAtServer(server, zone, timeoutMs, context.signal)));
    const serial = highestSerial(views.flatMap((view) => view.serial ?? []));
    const nowMs = context.now();
    const judged = views.map((view): JudgedServer => {
      const key = `dns-zone ${zone} ${view.server.address} ${view.server.port}`;
      if (view.serial === undefined || serial === undefined) return { view, lagSeconds: undefined };
      const lag = updateLag(lagIn(context.memory.get(key)), view.serial, serial, nowMs);
      if (lag === undefined) context.memory.delete(key);
      else context.memory.set(key, lag);
      return { view, lagSeconds: lag === undefined ? undefined : Math.max(0, (nowMs - lag.sinceMs) / 1_000) };
    });
    const findings = [
      ...found.failures,
      ...judgeServers(judged, limits, nowMs),
      ...judgeNameServers(judged),
      ...(options.isGiven("delegation") || options.isGiven("parent")
        ? await compareDelegation(zone, judged, options, timeoutMs, context.signal)
        : []),
    ];
    const returnCode = worstOf([0, ...findings.map((one) => one.returnCode)]);
    const wrong = findings.filter((one) => one.returnCode !== 0).sort((a, b) => b.returnCode - a.returnCode);
    const state = serial === undefined ? "no server has it" : `serial ${serial}`;
    const expiry = judged.flatMap(({ view }) => view.expireSeconds ?? []);
    const signature = judged.flatMap(({ view }) => signatureSecondsLeft(view, nowMs) ?? []);
    const rest =
      wrong.length > 0
        ? wrong.map((one) => one.text)
        : [...(signature.length === 0 ? [] : [`signatures end in ${formatDuration(Math.min(...signature))}`])];
    const text = [`${zone}: ${state} on ${plural(servers.length, "server")}`, ...rest].join(", ");
    return report("dns-zone", returnCode, text, {
      perfdata: perfdataOf(judged, limits, expiry, signature),
      longOutput: [
        ...judged.map(({ view }) => `${describeServer(view.server)}: ${view.failure ?? `serial ${view.serial}`}`),
        ...findings.filter((one) => one.returnCode === 0).map((one) => one.text),
      ],
    });
  },
} satisfies Plugin;

function perfdataOf(
  judged: readonly JudgedServer[],
  limits: ZoneLimits,
  expiry: readonly number[],
  signature: readonly number[],
): Perfdatum[] {
  const behind = judged.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  const times = judged.flatMap(({ view }) => view.seconds ?? []);
  const [lagWarning, lagCritical] = limits.lagSeconds;
  const [signatureWarning, signatureCritical] = limits.signatureSeconds;
  const seconds = (
    label: string,
    value: number,
    more: Omit<Perfdatum, "label" | "value" | "unit"> = {},
  ): Perfdatum => ({ label, value: rounded(value, 6), unit: "s", ...more });
  return [
    { label: "servers", value: judged.length, unit: "", min: 0 },
    { label: "failed", value: judged.filter(({ view }) => view.failure !== undefined).length, unit: "", min: 0 },
    { label: "behind", value: behind.length, unit: "", min: 0 },
    seconds("lag", Math.max(0, ...behind), { warn: `${lagWarning}`, crit: `${lagCritical}`, min: 0 }),
    ...(expiry.length === 0 ? [] : [seconds("expiry", Math.min(...expiry), { min: 0 })]),
    ...(signature.length === 0
      ? []
      : [
          seconds("signatures", Math.min(...signature), {
            warn: `${signatureWarning}:`,
            crit: `${signatureCritical}:`,
          }),
        ]),
    ...(times.length === 0 ? [] : [seconds("time", Math.max(...times), { min: 0 })]),
  ];
}

async function compareDelegation(
  zone: string,
  judged: readonly JudgedServer[],
  options: OptionValues,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Finding[]> {
  const given = options.texts("parent").flatMap((text) => text.split(","));
  const names = given.length > 0 ? given : await findNameServers(zone, true, signal);
  if (names.length === 0)
    return [{ returnCode: 1, text: "the parent's name servers are not found; name them with --parent" }];
  const { addresses, failures } = await findAddresses("parent", names, options);
  const current = judged.find(({ view, lagSeconds }) => view.failure === undefined && lagSeconds === undefined);
  if (current === undefined) return [];
  let last: Finding[] = [...failures];
  // The first of the parent's servers that tells is enough; three that do not are.
  for (const parent of addresses.slice(0, 3)) {
    const delegation = await lookAtDelegation(parent, zone, timeoutMs, signal);
    const glued = delegation.outcome === "delegated" ? [...delegation.glue.keys()].slice(0, maximumServers) : [];
    const own = new Map(
      await Promise.all(
        glued.map(async (name) => {
          return [name, await lookAtAddresses(current.view.server, name, timeoutMs, signal)] as const;
        }),
      ),
    );
    last = judgeDelegation(delegation, zone, current.view.nameServers, own);
    if (delegation.outcome !== "no answer" && delegation.outcome !== "same server") break;
  }
  return last;
}

/** All addresses of servers by name; those without one are findings. */
async function findAddresses(
  option: string,
  texts: readonly string[],
  options: OptionValues,
): Promise<{ readonly addresses: ServerAddress[]; readonly failures: Finding[] }> {
  const port = readPort(options) ?? 53;
  const family = readFamily(options);
  const addresses: ServerAddress[] = [];
  const failures: Finding[] = [];
  for (const text of texts) {
    const place = parseServer(text.trim(), port);
    if (place === undefined) throw options.refuse(option, text, "a name or an address, with :PORT or without");
    try {
      addresses.push(...(await findServerAddresses(place.host, place.port, family)));
    } catch (error) {
      failures.push({ returnCode: 2, text: `name server ${text}: ${explainNetworkError(error)}` });
    }
  }
  return { addresses, failures };
}

function readLimits(options: OptionValues): ZoneLimits {
  const pair = (name: string, max: number): readonly [number, number] => {
    const text = options.text(name) ?? "";
    const [warning, critical, ...more] = text.split(",");
    if (warning === undefined || critical === undefined || more.length > 0) {
      throw options.refuse(name, text, "two numbers with a comma between them");
    }
    const limits = { min: 0, max };
    return [options.numberIn(name, warning, limits), options.numberIn(name, critical, limits)];
  };
  const [warningHours, criticalHours] = pair("signatures", 24 * 365);
  return {
    lagSeconds: [options.number("warning", { min: 0 }) ?? 0, options.number("critical", { min: 0 }) ?? 3_600],
    expiryPercent: pair("expiry", 100),
    signatureSeconds: [warningHours * 3_600, criticalHours * 3_600],
    mustBeSigned: options.isGiven("signed"),
  };
}

/** What was kept between runs, if it is that. */
function lagIn(value: unknown): Lag | undefined {
  if (typeof value !== "object" || value === null || !("sinceMs" in value) || !("awaitedSerial" in value)) {
    return undefined;
  }
  const { sinceMs, awaitedSerial } = value;
  return typeof sinceMs === "number" && typeof awaitedSerial === "number" ? { sinceMs, awaitedSerial } : undefined;
}
