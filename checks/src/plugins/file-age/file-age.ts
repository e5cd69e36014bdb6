import { stat } from "node:fs/promises";
import { durationRange } from "../../plugin/duration-range.ts";
import { systemErrorReason } from "../../plugin/explain-system-error.ts";
import { formatBytes, formatDuration } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, perfdataThresholds, type Thresholds } from "../../plugin/thresholds.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import type { Range } from "../../plugin-api/range.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";

/** Age and size of files, as check_file_age has it. */
export const fileAge = {
  name: "file-age",
  summary: "age and size of files: a job that stopped writing, a file that came out empty",
  notes:
    "-w and -c are the most seconds since the file was changed, -W and -C the least bytes it must have; each may be a range instead. " +
    "Bounds of ages may carry m, h, d or w. A missing file is CRITICAL unless -i.",
  options: [
    { letter: "f", name: "file", value: "FILE", isRepeatable: true, description: "file to look at" },
    { letter: "w", name: "warning-age", value: "SECONDS|RANGE", default: "240", description: "WARNING when older" },
    { letter: "c", name: "critical-age", value: "SECONDS|RANGE", default: "600", description: "CRITICAL when older" },
    { letter: "W", name: "warning-size", value: "BYTES|RANGE", description: "WARNING when smaller" },
    { letter: "C", name: "critical-size", value: "BYTES|RANGE", description: "CRITICAL when smaller" },
    { letter: "i", name: "ignore-missing", description: "a missing file is OK" },
  ],
  examples: [
    { arguments: "-f /var/backups/db.sql.gz -w 26h -c 50h -C 1000", description: "a nightly dump that is not empty" },
    { arguments: "-i -f /run/import.lock -w 10m -c 1h", description: "a lock that must not stay" },
  ],
  async run(options, context) {
    const files = options.texts("file");
    if (files.length === 0) throw new UsageError("-f/--file FILE is required");
    const limits = readLimits(options);
    const judged = await Promise.all(files.map((file) => lookAt(file, limits, options, context.now())));
    judged.sort((a, b) => b.returnCode - a.returnCode);
    return report("file-age", worstOf(judged.map((one) => one.returnCode)), judged.map((one) => one.text).join("; "), {
      perfdata: judged.flatMap((one) => one.perfdata),
    });
  },
} satisfies Plugin;

interface Limits {
  readonly age: Thresholds;
  readonly size: Thresholds;
}

function readLimits(options: OptionValues): Limits {
  return {
    age: { warning: durationRange(options, "warning-age"), critical: durationRange(options, "critical-age") },
    size: { warning: readSizeRange(options, "warning-size"), critical: readSizeRange(options, "critical-size") },
  };
}

/** A bare number is the least size, unlike in every other threshold: check_file_age has it so. */
function readSizeRange(options: OptionValues, name: string): Range | undefined {
  const text = options.text(name);
  if (text === undefined || text === "") return undefined;
  return options.rangeIn(name, /^\d+$/.test(text) ? `${text}:` : text);
}

interface LookedAt {
  readonly returnCode: ReturnCode;
  readonly text: string;
  readonly perfdata: readonly Perfdatum[];
}

async function lookAt(file: string, limits: Limits, options: OptionValues, nowMs: number): Promise<LookedAt> {
  let found: { mtimeMs: number; size: number };
  try {
    found = await stat(file);
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing && options.isGiven("ignore-missing"))
      return { returnCode: 0, text: `${file} does not exist`, perfdata: [] };
    return { returnCode: isMissing ? 2 : 3, text: `${file}: ${systemErrorReason(error)}`, perfdata: [] };
  }
  const ageSeconds = Math.floor((nowMs - found.mtimeMs) / 1_000);
  const ageCode = judge(ageSeconds, limits.age);
  const sizeCode = judge(found.size, limits.size);
  const age = ageSeconds < 0 ? `${formatDuration(ageSeconds)} in the future` : `${formatDuration(ageSeconds)} old`;
  const prefix = options.texts("file").length > 1 ? `${file} ` : "";
  return {
    returnCode: worstOf([ageCode, sizeCode]),
    text:
      `${file} is ${age}${crossedThreshold(ageCode, limits.age, " s")} ` +
      `and has ${formatBytes(found.size)}${crossedThreshold(sizeCode, limits.size, " B")}`,
    perfdata: [
      { label: `${prefix}age`, value: ageSeconds, unit: "s", ...perfdataThresholds(limits.age) },
      { label: `${prefix}size`, value: found.size, unit: "B", ...perfdataThresholds(limits.size), min: 0 },
    ],
  };
}
