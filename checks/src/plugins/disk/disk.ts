import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { readMounts } from "../../proc/mounts.ts";
import { isRemote } from "./file-systems.ts";
import { judgeUsage, usagePerfdata } from "./judge-usage.ts";
import { DISK_OPTIONS } from "./options.ts";
import { type SelectedPath, selectPaths } from "./selection.ts";
import { measureLocal, measureRemote } from "./usage.ts";

/** Free space and inodes of file systems, as check_disk has it. */
export const disk = {
  name: "disk",
  summary: "free space and free inodes of file systems",
  notes:
    "Thresholds are the least that must be free. Without any, WARNING at 10% and CRITICAL at 5% free space or inodes. Percent are of " +
    "what ordinary users can fill (as df shows), so blocks reserved for root count as used.\n" +
    "Without -p every real file system is looked at once: no pseudo file systems, bind mounts, overlays or images that are full by " +
    "nature. A mount that does not answer, and a -p that cannot be reached, is CRITICAL.",
  options: DISK_OPTIONS,
  examples: [
    { arguments: "-w 20% -c 10%", description: "every file system, at 20% and 10% free" },
    { arguments: "-w 10% -c 5% -W 10% -K 5% -p / -p /var", description: "two of them, space and inodes" },
    { arguments: "-w 10% -c 5% -p /tmp -C -w 100000 -c 50000 -p /", description: "/tmp in percent, / in MB" },
    { arguments: "-X tmpfs -x /mnt/backup", description: "leave out a type and a mount point" },
  ],
  async run(options, context) {
    const selection = selectPaths(options, readMounts(context.procRoot));
    if (selection.length === 0)
      return report("disk", 3, "no file system matches these options; see mycloud check disk");
    const withInodes = options.isGiven("iperfdata") || options.isGiven("iwarning") || options.isGiven("icritical");
    const lookedAt = await Promise.all(
      selection.map((one) => {
        // -L: ask other machines whether they answer, but leave judging their space to them.
        const isSpared = options.isGiven("stat-remote-fs") && one.mount !== undefined && isRemote(one.mount);
        return lookAt(isSpared ? { ...one, limits: {} } : one, context, withInodes);
      }),
    );
    const returnCode = worstOf(lookedAt.map((one) => one.returnCode));
    const name = (one: LookedAt): string => (options.isGiven("mountpoint") ? (one.source ?? one.path) : one.path);
    const bad = lookedAt.filter((one) => one.returnCode > 0).sort((a, b) => b.returnCode - a.returnCode);
    const good = lookedAt.filter((one) => one.returnCode === 0);
    const isAlone = lookedAt.length === 1;
    const texts = [
      ...bad.map((one) => `${name(one)} ${one.text}`),
      ...(options.isGiven("errors-only")
        ? []
        : good.map((one) => `${name(one)} ${isAlone ? one.text : one.shortText}`)),
    ];
    return report("disk", returnCode, shorten(texts), {
      perfdata: lookedAt.flatMap((one) => one.perfdata),
      longOutput: options.isGiven("verbose") ? lookedAt.map((one) => `${name(one)} (${one.source}) ${one.text}`) : [],
    });
  },
} satisfies Plugin;

interface LookedAt {
  readonly path: string;
  readonly source: string | undefined;
  readonly returnCode: ReturnCode;
  readonly text: string;
  readonly shortText: string;
  readonly perfdata: readonly Perfdatum[];
}

async function lookAt(one: SelectedPath, context: PluginContext, withInodes: boolean): Promise<LookedAt> {
  const { path, mount, limits } = one;
  const failed = (returnCode: ReturnCode, text: string): LookedAt => {
    return { path, source: mount?.source, returnCode, text, shortText: text, perfdata: [] };
  };
  if (mount === undefined) return failed(2, "is not a mount point");
  const measured = isRemote(mount) ? await measureRemote(path, context.signal) : await measureLocal(path);
  if (!measured.ok) {
    // A fuse mount or a folder of somebody else may be closed even to root; nobody asked for that one.
    const isOthers = !one.isNamed && measured.reason === "permission denied";
    return isOthers ? failed(0, "is not open to this user") : failed(2, `is not accessible: ${measured.reason}`);
  }
  return {
    path,
    source: mount.source,
    ...judgeUsage(measured.usage, limits),
    perfdata: usagePerfdata(path, measured.usage, limits, withInodes),
  };
}

const MAX_SHOWN = 8;

function shorten(texts: readonly string[]): string {
  if (texts.length === 0) return "all file systems have enough room";
  const hidden = texts.length - MAX_SHOWN;
  return [...texts.slice(0, MAX_SHOWN), ...(hidden > 0 ? [`and ${hidden} more`] : [])].join("; ");
}
