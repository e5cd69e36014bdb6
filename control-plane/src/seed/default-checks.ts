import type { CheckInput } from "@mycloud/protocol/check";
import { defaultSettings } from "@mycloud/protocol/monitored";
import type { HostSelector } from "@mycloud/protocol/selector";

/** Everything an agent that reports its facts runs on. */
const linux: HostSelector = { labels: { os: "linux" } };
const withSystemd: HostSelector = { labels: { os: "linux", init: "systemd" } };
const withApt: HostSelector = { labels: { distribution: ["debian", "ubuntu"] } };

/** What differs from check to check; the rest is `checkOf`'s. */
interface Default {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly selector?: HostSelector;
  readonly checkIntervalSeconds?: number;
  readonly notes: string;
}

/**
 * The checks of a new installation. Thresholds are wide: a healthy small machine is green, and what turns is worth a look. Selectors ask
 * for labels that agents report, so hosts that only receive passive results get none of them.
 */
const defaults: readonly Default[] = [
  {
    name: "load",
    arguments: ["-r", "-w", "5,4,3", "-c", "10,8,6"],
    notes: "Load averages per CPU: how many processes wait for one.",
  },
  { name: "cpu", arguments: ["-w", "90", "-c", "98"], notes: "CPU time in use, with the share of iowait and steal." },
  { name: "memory", arguments: ["-w", "90", "-c", "95"], notes: "Memory in use; caches count as free." },
  { name: "swap", arguments: ["-w", "25%", "-c", "10%", "-n", "ok"], notes: "Free swap; a host without swap is fine." },
  {
    name: "disk",
    arguments: ["-l", "-w", "10%", "-c", "5%", "-W", "10%", "-K", "5%"],
    notes: "Free space and free inodes of every local file system.",
  },
  {
    name: "diskio",
    arguments: ["-w", "95", "-c", "99"],
    notes: "How busy each disk is, and how long its requests take.",
  },
  {
    name: "processes",
    arguments: ["-k", "-w", "1500", "-c", "3000"],
    notes: "Number of processes without kernel threads.",
  },
  {
    name: "zombies",
    arguments: ["-s", "Z", "-w", "20", "-c", "100"],
    notes: "Processes that ended and were not collected.",
  },
  { name: "uptime", arguments: [], notes: "How long the host has been up; its chart shows every restart." },
  { name: "interface", arguments: [], notes: "Network interfaces: up or down, traffic, errors, drops." },
  {
    name: "clock",
    arguments: ["-w", "2", "-c", "30"],
    checkIntervalSeconds: 120,
    notes: "How far the host's clock is from the control plane's.",
  },
  { name: "users", arguments: ["-w", "20", "-c", "50"], checkIntervalSeconds: 300, notes: "People logged in." },
  {
    name: "systemd",
    arguments: [],
    selector: withSystemd,
    notes: "Units that failed.",
  },
  {
    name: "updates",
    arguments: ["-o", "--warn-only", "--list-age", "0"],
    selector: withApt,
    checkIntervalSeconds: 3600,
    notes: "Security updates that wait are WARNING; others are only counted.",
  },
  { name: "reboot", arguments: [], checkIntervalSeconds: 3600, notes: "Whether a restart is due after updates." },
  {
    name: "agent",
    arguments: [],
    notes: "The agent itself: results it keeps or had to drop, age of its configuration.",
  },
];

/** The check definitions of a new installation. */
export const defaultChecks: readonly CheckInput[] = defaults.map(checkOf);

function checkOf({ name, arguments: given, selector = linux, checkIntervalSeconds = 60, notes }: Default): CheckInput {
  return {
    name,
    serviceName: null,
    command: name === "zombies" ? "processes" : name,
    arguments: [...given],
    selector,
    checkIntervalSeconds,
    // Slow checks ask again sooner when something is wrong, quick ones twice as often.
    retryIntervalSeconds: Math.min(300, checkIntervalSeconds / 2),
    maxCheckAttempts: 3,
    timeoutSeconds: 30,
    flapDetection: { isEnabled: true, lowPercent: 20, highPercent: 30 },
    isEnabled: true,
    notes,
    target: "service",
    ...defaultSettings,
  };
}
