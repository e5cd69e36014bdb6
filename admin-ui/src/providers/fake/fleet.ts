import type { Host } from "@mycloud/protocol/host";
import { defaultSettings } from "@mycloud/protocol/monitored";
import type { Service } from "@mycloud/protocol/service";
import { hostileText } from "./hostile-text.ts";
import { fakeLogPipeline } from "./log-pipelines.ts";
import { createRandom, pick, type Random } from "./random.ts";
import { createService, templates } from "./service.ts";

/** The watched things of a made-up provider. */
export interface Fleet {
  readonly hosts: Host[];
  readonly services: Service[];
}

const kinds = ["web", "db", "mail", "cache", "backup", "dns"] as const;
const sites = ["fra", "ams", "zrh"] as const;

/** Builds a fleet of so many hosts; the same arguments give the same fleet. Every seventh host or so has something to tell. */
export function createFleet(hostCount: number, nowMs: number): Fleet {
  const random = createRandom(42);
  const hosts: Host[] = [];
  const services: Service[] = [];
  for (let index = 0; index < hostCount; index++) {
    const host = createHost(index + 1, random, nowMs);
    const own = templates
      .slice(0, hostCount > 1000 ? 4 : templates.length)
      .map((template, at) => createService(services.length + at + 1, host, template, random, nowMs));
    services.push(...own);
    host.serviceCounts = countStates(own);
    hosts.push(host);
  }
  const [first] = hosts;
  if (first !== undefined) services.push(passiveService(services.length + 1, first, nowMs));
  return { hosts, services };
}

/** What others report: a nightly job, which no check runs. */
function passiveService(id: number, host: Host, nowMs: number): Service {
  const job: (typeof templates)[number] = {
    name: "nightly-import",
    args: [],
    ok: () => ["OK - 18,204 rows imported", "rows=18204"],
    bad: ["CRITICAL", "CRITICAL - import broke off", ""],
  };
  return {
    ...createService(id, host, job, () => 0.5, nowMs),
    checkId: null,
    checkName: null,
    isPassive: true,
    command: null,
    checkIntervalSeconds: null,
    retryIntervalSeconds: null,
    timeoutSeconds: null,
    freshnessSeconds: 90_000,
    nextCheckAtMs: null,
    maxCheckAttempts: 1,
  };
}

function countStates(services: readonly Service[]): Host["serviceCounts"] {
  const count = (state: Service["state"]) => services.filter((service) => service.state === state).length;
  return {
    total: services.length,
    ok: count("OK"),
    warning: count("WARNING"),
    critical: count("CRITICAL"),
    unknown: count("UNKNOWN"),
    stale: count("STALE"),
    pending: count("PENDING"),
  };
}

function createHost(id: number, random: Random, nowMs: number): Host {
  const kind = kinds[(id - 1) % kinds.length] ?? "web";
  const site = pick(random, sites);
  const isHostile = id === 7;
  const state = id === 5 ? "DOWN" : id === 11 ? "STALE" : id === 13 ? "PENDING" : id === 17 ? "UNREACHABLE" : "UP";
  const changedAtMs = nowMs - Math.floor(random() * 20 * 86_400_000) - 60_000;
  return {
    id,
    name: `${kind}${String(Math.ceil(id / kinds.length)).padStart(2, "0")}.${site}.example.org`,
    displayName: isHostile ? hostileText : null,
    address: `203.0.113.${id % 254}`,
    labels: { role: kind, site, os: "linux", env: random() < 0.8 ? "prod" : "stage" },
    groups: [kind, site],
    customer: random() < 0.2 ? "acme" : null,
    notes: isHostile ? hostileText : "",
    ...defaultSettings,
    parents: [],
    ...watching(id, nowMs),
    logPipeline: fakeLogPipeline(id, nowMs),
    flapDetection: { isEnabled: true, lowPercent: 20, highPercent: 30 },
    maxCheckAttempts: 3,
    freshnessSeconds: 120,
    origin: "enrolled",
    state,
    lastState: state === "STALE" ? "UP" : state === "PENDING" ? null : state,
    stateType: "HARD",
    attempt: state === "UP" ? 1 : 3,
    output: hostOutput(state, isHostile),
    longOutput: "",
    perfdata: "",
    isStale: state === "STALE",
    isFlapping: false,
    percentStateChange: 0,
    lastCheckAtMs: state === "PENDING" ? null : nowMs - 20_000,
    lastStateChangeAtMs: state === "PENDING" ? null : changedAtMs,
    lastHardStateChangeAtMs: state === "PENDING" ? null : changedAtMs,
    lastOkAtMs: state === "UP" ? nowMs - 20_000 : changedAtMs,
    problemId: state === "UP" || state === "PENDING" ? null : 100_000 + id,
    isAcknowledged: id === 17,
    isInDowntime: false,
    serviceCounts: { total: 0, ok: 0, warning: 0, critical: 0, unknown: 0, stale: 0, pending: 0 },
    createdAtMs: nowMs - 40 * 86_400_000,
    updatedAtMs: nowMs - 86_400_000,
  };
}

/** Who looks after a host: itself, or, of two without an agent, others; of the second of those nobody does now. */
function watching(id: number, nowMs: number) {
  return id === 3 || id === 9 ? probed(id === 9, nowMs) : watchedByItself(id, nowMs);
}

function watchedByItself(id: number, nowMs: number) {
  return {
    probers: [],
    prober: null,
    hostCheck: null,
    nextCheckAtMs: null,
    executionTimeSeconds: null,
    latencySeconds: null,
    agent: {
      id: `agent-${id}`,
      version: "0.1.0",
      isRevoked: false,
      enrolledAtMs: nowMs - 40 * 86_400_000,
      lastSeenAtMs: nowMs - 8_000,
    },
  };
}

function probed(isForsaken: boolean, nowMs: number) {
  return {
    agent: null,
    probers: ["dns01.fra.example.org", "dns02.zrh.example.org"],
    prober: {
      hostName: isForsaken ? null : "dns01.fra.example.org",
      isLive: !isForsaken,
      sinceMs: nowMs - 5 * 3_600_000,
    },
    hostCheck: {
      id: 9,
      name: "ping",
      command: "ping",
      arguments: ["-H", "$HOSTADDRESS$", "-w", "100,20%", "-c", "500,60%"],
      checkIntervalSeconds: 60,
      retryIntervalSeconds: 15,
      timeoutSeconds: 10,
      checkPeriod: "office hours",
      isEnabled: true,
    },
    nextCheckAtMs: isForsaken ? null : nowMs + 31_000,
    executionTimeSeconds: 0.031,
    latencySeconds: 0.004,
  };
}

function hostOutput(state: Host["state"], isHostile: boolean): string {
  if (isHostile) return hostileText;
  if (state === "DOWN") return "DOWN - no keepalive from the agent for 6m 10s (expected every 30s)";
  if (state === "UNREACHABLE") return "UNREACHABLE - gateway gw1.fra.example.org is down";
  if (state === "STALE") return "UP - keepalive";
  return state === "PENDING" ? "" : "UP - keepalive 8s ago";
}
