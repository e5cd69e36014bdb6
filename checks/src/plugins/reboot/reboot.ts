import { readdirSync, readFileSync, statSync } from "node:fs";
import { durationRange } from "../../plugin/duration-range.ts";
import { formatDuration } from "../../plugin/format-quantity.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { judge, perfdataThresholds } from "../../plugin/thresholds.ts";
import { compareKernelReleases, flavourOf } from "./kernel-version.ts";

/** Whether an installed update waits for a restart. */
export const reboot = {
  name: "reboot",
  summary: "whether updates wait for a restart of the host",
  notes:
    "A restart is due when packages asked for one (/run/reboot-required) or when a newer kernel of the running flavour is installed. " +
    "-w and -c judge for how long it has been due; without them it is WARNING at once and never CRITICAL.",
  options: [
    { letter: "w", name: "warning", value: "RANGE", default: "0", description: "time a restart has been due, e.g. 7d" },
    { letter: "c", name: "critical", value: "RANGE", description: "time a restart has been due, e.g. 30d" },
    {
      name: "reboot-file",
      value: "FILE",
      default: "/run/reboot-required",
      description: "written by packages that need a restart",
    },
    { name: "boot-dir", value: "DIR", default: "/boot", description: "where kernels are installed" },
  ],
  examples: [{ arguments: "-w 7d -c 30d", description: "leave a week for it" }],
  async run(options, context) {
    const thresholds = { warning: durationRange(options, "warning"), critical: durationRange(options, "critical") };
    const running = readFileSync(`${context.procRoot}/sys/kernel/osrelease`, "utf8").trim();
    const file = options.requiredText("reboot-file");
    const reasons = [...findRebootFile(file), ...findNewerKernel(options.requiredText("boot-dir"), running)];
    const [first] = reasons;
    if (first === undefined)
      return report("reboot", 0, `no restart is due; kernel ${running} runs`, { perfdata: [datum(0)] });
    const dueSeconds = Math.max(0, ...reasons.map((reason) => Math.floor((context.now() - reason.sinceMs) / 1_000)));
    // "Due for 0 seconds" is due: -w 0 must alert from the first moment.
    const returnCode = judge(Math.max(1, dueSeconds), thresholds);
    const text = reasons.map((reason) => reason.text).join("; ");
    return report("reboot", returnCode, `restart due for ${formatDuration(dueSeconds)}: ${text}`, {
      perfdata: [datum(dueSeconds)],
      longOutput: options.isGiven("verbose") ? readPackages(`${file}.pkgs`) : [],
    });

    function datum(value: number) {
      return { label: "due", value, unit: "s", ...perfdataThresholds(thresholds), min: 0 };
    }
  },
} satisfies Plugin;

interface Reason {
  readonly text: string;
  readonly sinceMs: number;
}

function findRebootFile(file: string): Reason[] {
  const sinceMs = modifiedAt(file);
  if (sinceMs === undefined) return [];
  const packages = readPackages(`${file}.pkgs`);
  const more = packages.length > 4 ? `, ... (${packages.length})` : "";
  const names = packages.length === 0 ? "packages" : `${packages.slice(0, 4).join(", ")}${more}`;
  return [{ text: `asked for by ${names}`, sinceMs }];
}

function readPackages(path: string): string[] {
  try {
    return [
      ...new Set(
        readFileSync(path, "utf8")
          .split("\n")
          .filter((line) => line !== ""),
      ),
    ].sort();
  } catch {
    return [];
  }
}

function findNewerKernel(folder: string, running: string): Reason[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Containers and appliances have no /boot; the kernel is then somebody else's.
    return [];
  }
  const installed = names
    .flatMap((name) => /^vmlinu[xz]-(\d.*)$/.exec(name)?.[1] ?? [])
    .filter((release) => flavourOf(release) === flavourOf(running))
    .sort(compareKernelReleases);
  const newest = installed.at(-1);
  if (newest === undefined || compareKernelReleases(newest, running) <= 0) return [];
  const sinceMs = modifiedAt(`${folder}/vmlinuz-${newest}`) ?? modifiedAt(`${folder}/vmlinux-${newest}`) ?? 0;
  return [{ text: `kernel ${newest} is installed, ${running} runs`, sinceMs }];
}

/** When a file came to be here: the later of its times, since packages bring old modification times with them. */
function modifiedAt(path: string): number | undefined {
  try {
    const { mtimeMs, ctimeMs } = statSync(path);
    return Math.max(mtimeMs, ctimeMs);
  } catch {
    return undefined;
  }
}
