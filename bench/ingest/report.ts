import type { Measured } from "./measure-mycloud.ts";

/** The figures as a Markdown table, each with its ratio to the peers' under the same condition. */
export function report(measured: readonly Measured[]): string {
  const rateOf = (program: string, condition: string) =>
    measured.find((one) => one.program === program && one.condition === condition)?.resultsPerSecond;
  const ratio = (one: Measured, program: string) => {
    const other = rateOf(program, one.condition);
    return other === undefined || one.program === program ? "" : `${(one.resultsPerSecond / other).toFixed(2)}x`;
  };
  const header =
    "| program | path | condition | durable | results/s | p50 ms | p99 ms | memory MiB | CPU us/result | of nagios4 | of icinga2 |";
  const lines = measured.map((one) =>
    [
      "",
      one.program,
      one.path,
      one.condition,
      one.isDurable ? "yes" : "no",
      Math.round(one.resultsPerSecond).toLocaleString("en"),
      one.p50Ms?.toFixed(1) ?? "",
      one.p99Ms?.toFixed(1) ?? "",
      one.memoryMiB?.toFixed(0) ?? "",
      one.cpuMicroseconds?.toFixed(0) ?? "",
      ratio(one, "nagios4"),
      ratio(one, "icinga2"),
      "",
    ].join(" | "),
  );
  return [header, header.replace(/[^|]+/g, "---"), ...lines.map((line) => line.trim())].join("\n");
}
