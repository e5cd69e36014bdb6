import { type Median, ratioOf } from "./ratios.ts";
import type { Reached } from "./targets.ts";

const headings = ["corpus", "step", "program", "wall s", "CPU s", "peak MiB", "repository MiB", "added MiB"];
const ratioHeadings = ["wall of ours/its", "CPU of ours/its"];

/** The medians as a Markdown table: beside each other program, what ours comes to divided by it. */
export function reportMedians(medians: readonly Median[]): string {
  const rows = medians.map((one) => {
    const { corpus, step, program } = one;
    const ratio = (figure: "wallSeconds" | "cpuSeconds") =>
      program.startsWith("MyCloud") ? null : ratioOf(medians, { corpus, step, figure }, "MyCloud", program);
    return [
      ...[corpus, step, program, one.wallSeconds.toFixed(2), one.cpuSeconds.toFixed(2), one.peakMiB.toFixed(0)],
      ...[one.repositoryMiB?.toFixed(0) ?? "", one.addedMiB?.toFixed(0) ?? ""],
      ...[ratio("wallSeconds")?.toFixed(2) ?? "", ratio("cpuSeconds")?.toFixed(2) ?? ""],
    ];
  });
  return table([[...headings, ...ratioHeadings], ...rows]);
}

/** What was set out and what was reached, as a Markdown table. */
export function reportTargets(reached: readonly Reached[]): string {
  const rows = reached.map(({ what, most, value, isReached }) => [
    what,
    `at most ${most}`,
    value.toFixed(2),
    isReached ? "yes" : "**no**",
  ]);
  return table([["target", "", "measured", "reached"], ...rows]);
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
