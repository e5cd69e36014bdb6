import type { Measured } from "./measured.ts";
import { conditions } from "./workload.ts";

const headings = [
  ...["program", "path", "condition", "durable", "results/s", "p50 ms", "p99 ms", "memory MiB", "CPU us/result"],
  ...["of nagios4's pipe", "of icinga2's pipe", "of icinga2's REST"],
];

/**
 * The figures as a Markdown table, each with its ratio to the peers' under the same condition, and what single results come to beside icinga2's
 * REST, below. The ratio to REST is given only where both send one result a request with as many at once: that pair does the same work.
 */
export function report(measured: readonly Measured[]): string {
  const pipeOf = (program: string, { condition }: Measured) =>
    measured.find(
      (other) => other.program === program && other.condition === condition && other.singlesAtOnce === null,
    );
  const restPairOf = ({ condition, singlesAtOnce }: Measured) =>
    singlesAtOnce === null
      ? undefined
      : measured.find(
          (other) => isRest(other) && other.condition === condition && other.singlesAtOnce === singlesAtOnce,
        );
  const rows = measured.map((one) => [
    one.program,
    one.path,
    one.condition,
    one.isDurable ? "yes" : "no",
    whole(one.resultsPerSecond),
    one.p50Ms?.toFixed(1) ?? "",
    one.p99Ms?.toFixed(1) ?? "",
    one.memoryMiB?.toFixed(0) ?? "",
    one.cpuMicroseconds?.toFixed(0) ?? "",
    ratio(one, pipeOf("nagios4", one)),
    ratio(one, pipeOf("icinga2", one)),
    ratio(one, restPairOf(one)),
  ]);
  const table = [headings, headings.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [...table, ...singleResultSentences(measured)].join("\n");
}

/** For each of our databases and conditions: the best single-result rate beside icinga2's best. */
function singleResultSentences(measured: readonly Measured[]): string[] {
  const singles = measured.filter((one) => one.singlesAtOnce !== null);
  const ours = [...new Set(singles.filter((one) => !isRest(one)).map((one) => one.program))];
  const sentences: string[] = [];
  for (const condition of conditions) {
    const best = (program: string) =>
      singles
        .filter((one) => one.program === program && one.condition === condition)
        .reduce<Measured | undefined>((a, b) => (a && a.resultsPerSecond >= b.resultsPerSecond ? a : b), undefined);
    const rest = best("icinga2");
    if (rest === undefined) continue;
    const parts = ours.flatMap((program) => {
      const own = best(program);
      return own === undefined ? [] : [`${program} ${rateAtOnce(own)} (${ratio(own, rest)})`];
    });
    if (parts.length > 0) {
      sentences.push(
        `- Best single-result rate, ${condition}: ${parts.join(", ")}; icinga2's REST ${rateAtOnce(rest)}, not durable.`,
      );
    }
  }
  return sentences.length === 0 ? [] : ["", ...sentences];
}

const isRest = ({ program, singlesAtOnce }: Measured) => program === "icinga2" && singlesAtOnce !== null;
const whole = (value: number) => Math.round(value).toLocaleString("en");
const rateAtOnce = (one: Measured) => `${whole(one.resultsPerSecond)}/s with ${one.singlesAtOnce} at once`;

function ratio(one: Measured, other: Measured | undefined): string {
  if (other === undefined || other.program === one.program) return "";
  return `${(one.resultsPerSecond / other.resultsPerSecond).toFixed(2)}x`;
}
