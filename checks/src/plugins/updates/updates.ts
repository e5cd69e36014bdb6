import { statSync } from "node:fs";
import { formatDuration, plural } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import type { ReturnCode } from "../../plugin-api/return-code.ts";
import { programEnvironment } from "../../program/program-environment.ts";
import { runProgram } from "../../program/run-program.ts";
import { type PendingUpdate, parseAptSimulation } from "./parse-apt.ts";

/** Pending package updates, as check_apt has it. */
export const updates = {
  name: "updates",
  summary: "pending package updates and security updates (Debian, Ubuntu)",
  notes:
    "Asks `apt-get -s upgrade`, a simulation that needs no privileges and changes nothing. Any pending update is WARNING, a security update is " +
    "CRITICAL. The package lists are not refreshed: apt's own timer or unattended-upgrades does that, and lists older than --list-age are " +
    "WARNING, because then nobody knows.",
  options: [
    {
      letter: "w",
      name: "packages-warning",
      value: "NUMBER",
      default: "1",
      description: "WARNING from this many pending updates",
    },
    {
      letter: "c",
      name: "critical",
      value: "REGEX",
      isRepeatable: true,
      description: "CRITICAL when a line of apt's matches, instead of security updates",
    },
    {
      letter: "i",
      name: "include",
      value: "REGEX",
      isRepeatable: true,
      description: "count only packages whose name matches",
    },
    {
      letter: "e",
      name: "exclude",
      value: "REGEX",
      isRepeatable: true,
      description: "do not count packages whose name matches",
    },
    { letter: "o", name: "only-critical", description: "security updates decide alone; others never warn" },
    { name: "warn-only", description: "what would be CRITICAL is WARNING: nobody is woken for an update" },
    { letter: "l", name: "list", description: "list the packages" },
    { letter: "d", name: "dist-upgrade", description: "also count updates that bring new packages or remove some" },
    {
      name: "list-age",
      value: "DAYS",
      default: "8",
      description: "WARNING when the package lists are older; 0 to not look",
    },
    { name: "lists", value: "DIR", default: "/var/lib/apt/lists", description: "where apt keeps the package lists" },
    { name: "apt-get", value: "PROGRAM", default: "apt-get", description: "the program to ask" },
  ],
  examples: [
    { arguments: "-o", description: "security updates only" },
    { arguments: "-l -e '^linux-image'", description: "list all but kernels" },
  ],
  defaultTimeoutSeconds: 60,
  async run(options, context) {
    const filter = readFilter(options);
    const minimum = options.number("packages-warning", { min: 1, isInteger: true }) ?? 1;
    const listAge = judgeListAge(options, context.now());
    const action = options.isGiven("dist-upgrade") ? "dist-upgrade" : "upgrade";
    const program = options.requiredText("apt-get");
    const outcome = await runProgram({
      file: program,
      args: ["-o", "Debug::NoLocking=true", "-s", "-qq", action],
      env: programEnvironment(process.env),
      signal: context.signal,
      maxStdoutBytes: 4 * 1024 * 1024,
    });
    if (outcome.isStopped) throw new StoppedWaiting(program);
    if (outcome.startError !== undefined)
      return report("updates", 3, "this host has no apt-get; only Debian and its kin are supported");
    if (outcome.exitCode !== 0) {
      return report("updates", 3, `${program} failed with exit code ${outcome.exitCode}: ${printable(outcome.stderr)}`);
    }
    const counted = parseAptSimulation(outcome.stdout).filter(filter.counts);
    const critical = counted.filter(filter.isCritical);
    const urgent: ReturnCode = options.isGiven("warn-only") ? 1 : 2;
    const code: ReturnCode =
      critical.length > 0 ? urgent : !options.isGiven("only-critical") && counted.length >= minimum ? 1 : 0;
    const names = critical.length > 0 ? `: ${nameSome(critical)}` : "";
    const kind = options.isGiven("critical") ? "critical" : "security";
    const text = `${plural(counted.length, "update")} pending, ${critical.length} ${kind}${names}${listAge.text}`;
    return report("updates", code === 0 ? listAge.returnCode : code, text, {
      perfdata: [
        { label: "available_upgrades", value: counted.length, unit: "", min: 0 },
        { label: "critical_updates", value: critical.length, unit: "", min: 0 },
      ],
      longOutput:
        options.isGiven("list") || options.isGiven("verbose")
          ? [...critical, ...counted.filter((update) => !critical.includes(update))].map(describe)
          : [],
    });
  },
} satisfies Plugin;

function readFilter(options: OptionValues) {
  const patterns = (name: string): RegExp[] => options.texts(name).map((text) => options.pattern(name, text));
  const [include, exclude, critical] = [patterns("include"), patterns("exclude"), patterns("critical")];
  return {
    counts: ({ name }: PendingUpdate): boolean =>
      (include.length === 0 || include.some((pattern) => pattern.test(name))) &&
      !exclude.some((pattern) => pattern.test(name)),
    isCritical: (update: PendingUpdate): boolean =>
      critical.length === 0 ? update.isSecurity : critical.some((pattern) => pattern.test(update.line)),
  };
}

function judgeListAge(options: OptionValues, nowMs: number): { returnCode: ReturnCode; text: string } {
  const days = options.number("list-age", { min: 0 }) ?? 0;
  if (days === 0) return { returnCode: 0, text: "" };
  try {
    const ageSeconds = (nowMs - statSync(options.requiredText("lists")).mtimeMs) / 1_000;
    if (ageSeconds <= days * 86_400) return { returnCode: 0, text: "" };
    return { returnCode: 1, text: `; the package lists are ${formatDuration(ageSeconds)} old, run apt-get update` };
  } catch {
    return { returnCode: 1, text: "; there are no package lists, run apt-get update" };
  }
}

function nameSome(updates: readonly PendingUpdate[]): string {
  const names = updates.slice(0, 5).map((update) => update.name);
  return updates.length > 5 ? `${names.join(", ")}, ...` : names.join(", ");
}

function describe({ name, installedVersion, newVersion, isSecurity }: PendingUpdate): string {
  return `${name} ${installedVersion ?? "(new)"} -> ${newVersion}${isSecurity ? " (security)" : ""}`;
}
