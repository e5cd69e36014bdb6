import type { Host } from "@mycloud/protocol/host";
import { defaultSettings } from "@mycloud/protocol/monitored";
import type { Service } from "@mycloud/protocol/service";
import { hostileText } from "./hostile-text.ts";
import type { Random } from "./random.ts";

/** A check that every made-up host has, and how it looks when fine and when not. */
export interface Template {
  readonly name: string;
  readonly args: string[];
  readonly ok: (random: Random) => [output: string, perfdata: string];
  readonly bad: [state: "WARNING" | "CRITICAL" | "UNKNOWN", output: string, perfdata: string];
}

/** The checks of the made-up provider, in the order of their ids. */
export const templates: Template[] = [
  {
    name: "load",
    args: ["-w", "4,3,2", "-c", "8,6,4"],
    ok: (random) => {
      const load = (random() * 2).toFixed(2);
      return [`OK - load average ${load}, 0.91, 0.80`, `load1=${load};4;8;0; load5=0.91;3;6;0; load15=0.80;2;4;0;`];
    },
    bad: [
      "CRITICAL",
      "CRITICAL - load average 11.42, 9.80, 6.03: load1 is above 8",
      "load1=11.42;4;8;0; load5=9.80;3;6;0;",
    ],
  },
  {
    name: "disk",
    args: ["-w", "20%", "-c", "10%"],
    ok: () => [
      "OK - / 43% used, /var 61% used",
      "/=21474836480B;~:42949672960;~:48318382080;0;53687091200 /var=40%;80;90;0;100",
    ],
    bad: [
      "CRITICAL",
      "CRITICAL - /var 96.2% used, 3.8 GiB left of 100 GiB",
      "/=21474836480B;~:42949672960;~:48318382080;0;53687091200 /var=96.2%;80;90;0;100",
    ],
  },
  {
    name: "memory",
    args: ["-w", "85%", "-c", "95%"],
    ok: (random) => [
      `OK - ${(40 + random() * 30).toFixed(1)}% of 16 GiB used`,
      "used=8589934592B;14602888806;16320875724;0;17179869184",
    ],
    bad: ["WARNING", "WARNING - 88.3% of 16 GiB used", "used=15170150400B;14602888806;16320875724;0;17179869184"],
  },
  {
    name: "http",
    args: ["-H", "$HOSTADDRESS$", "-u", "/health", "-s", "ready"],
    ok: (random) => [`OK - 200 in ${(random() * 0.2).toFixed(3)} s, 1842 bytes`, "time=0.082s;1;5;0; size=1842B;;;0;"],
    bad: ["CRITICAL", "CRITICAL - connection refused by 203.0.113.10:443", ""],
  },
  {
    name: "tls-certificate",
    args: ["-H", "$HOSTADDRESS$", "-w", "21", "-c", "7"],
    ok: () => ["OK - certificate of www.example.org ends in 71 days", "days=71;21:;7:"],
    bad: ["WARNING", "WARNING - certificate of www.example.org ends in 12 days", "days=12;21:;7:"],
  },
  {
    name: "ssh",
    args: ["-H", "$HOSTADDRESS$"],
    ok: () => ["OK - OpenSSH_9.2p1 Debian-2+deb12u3 (protocol 2.0)", "time=0.011s;;;0;10"],
    bad: ["UNKNOWN", "UNKNOWN - cannot resolve the name: EAI_AGAIN", ""],
  },
  {
    name: "updates",
    args: ["--security"],
    ok: () => ["OK - no updates", "security=0;;0 all=0"],
    bad: ["WARNING", "WARNING - 3 updates, 1 of them for security: openssl", "security=1;;0 all=3"],
  },
  {
    name: "clock",
    args: ["-w", "0.5", "-c", "2"],
    ok: () => ["OK - offset 0.4 ms", "offset=0.0004s;-0.5:0.5;-2:2"],
    bad: ["CRITICAL", "CRITICAL - offset is 4.2 s, above 2 s", "offset=4.2s;-0.5:0.5;-2:2"],
  },
];

type Condition = "fine" | "bad" | "soft" | "stale" | "pending";

function conditionOf(host: Host, template: Template, random: Random): Condition {
  const draw = random();
  const second = random();
  if (host.state === "PENDING") return "pending";
  if (host.state === "STALE" || (draw > 0.985 && host.state === "UP")) return "stale";
  if (host.id === 1 && template.name === "disk") return "bad";
  if (draw < 0.055) return second < 0.2 ? "soft" : "bad";
  return "fine";
}

type Observed = Pick<
  Service,
  "state" | "lastState" | "stateType" | "attempt" | "output" | "perfdata" | "isStale" | "percentStateChange"
>;

function observe(condition: Condition, template: Template, random: Random): Observed {
  const [okOutput, okPerfdata] = template.ok(random);
  const [badState, badOutput, badPerfdata] = template.bad;
  const fine = { stateType: "HARD", attempt: 1, isStale: false, percentStateChange: 0 } as const;
  switch (condition) {
    case "pending":
      return { ...fine, state: "PENDING", lastState: null, output: "", perfdata: "" };
    case "stale":
      return { ...fine, state: "STALE", lastState: "OK", output: okOutput, perfdata: okPerfdata, isStale: true };
    case "fine":
      return { ...fine, state: "OK", lastState: "OK", output: okOutput, perfdata: okPerfdata };
    default:
      return {
        state: badState,
        lastState: badState,
        stateType: condition === "soft" ? "SOFT" : "HARD",
        attempt: condition === "soft" ? 2 : 3,
        output: badOutput,
        perfdata: badPerfdata,
        isStale: false,
        percentStateChange: 12.4,
      };
  }
}

const diskTable = [
  "/          20.0 GiB of  50.0 GiB  inodes 12%",
  "/var       96.2 GiB of 100.0 GiB  inodes 31%",
  "/boot     212.0 MiB of 511.0 MiB  inodes  1%",
].join("\n");

function timesOf(condition: Condition, random: Random, nowMs: number) {
  const changedAtMs = nowMs - Math.floor(random() ** 3 * 12 * 86_400_000) - 90_000;
  if (condition === "pending") {
    return {
      lastCheckAtMs: null,
      lastStateChangeAtMs: null,
      lastHardStateChangeAtMs: null,
      lastOkAtMs: null,
      nextCheckAtMs: null,
      executionTimeSeconds: null,
      latencySeconds: null,
    };
  }
  return {
    lastCheckAtMs: condition === "stale" ? nowMs - 900_000 : nowMs - Math.floor(random() * 60_000),
    lastStateChangeAtMs: changedAtMs,
    lastHardStateChangeAtMs: changedAtMs,
    lastOkAtMs: condition === "fine" ? nowMs - 30_000 : changedAtMs - 60_000,
    nextCheckAtMs: nowMs + Math.floor(random() * 60_000),
    executionTimeSeconds: random() * 0.4,
    latencySeconds: random() * 0.05,
  };
}

/** Makes one service of a host. The seventh host's `http` carries what a stranger might send. */
export function createService(id: number, host: Host, template: Template, random: Random, nowMs: number): Service {
  const condition = conditionOf(host, template, random);
  const observed = observe(condition, template, random);
  const isProblem = condition === "bad" || condition === "soft";
  const hostile = host.id === 7 && template.name === "http";
  const longOutput = template.name === "disk" && condition !== "pending" ? diskTable : "";
  return {
    id,
    hostId: host.id,
    hostName: host.name,
    hostState: host.state,
    name: template.name,
    checkId: templates.indexOf(template) + 1,
    checkName: template.name,
    isPassive: false,
    command: template.name,
    arguments: template.args,
    checkIntervalSeconds: 60,
    retryIntervalSeconds: 30,
    timeoutSeconds: 30,
    freshnessSeconds: 180,
    maxCheckAttempts: 3,
    ...observed,
    ...timesOf(condition, random, nowMs),
    output: hostile ? hostileText : observed.output,
    longOutput: hostile ? `${hostileText}\nsecond line` : longOutput,
    notes: hostile ? hostileText : "",
    ...defaultSettings,
    flapDetection: { isEnabled: true, lowPercent: 20, highPercent: 30 },
    isFlapping: isProblem && random() < 0.1,
    problemId: condition === "bad" || condition === "stale" ? id : null,
    isAcknowledged: condition === "bad" && random() < 0.25,
    isInDowntime: isProblem && random() < 0.15,
    isClockSkewed: false,
    proberName: host.prober?.hostName ?? null,
    createdAtMs: nowMs - 40 * 86_400_000,
    updatedAtMs: nowMs - 86_400_000,
  };
}
