import type { Range } from "../plugin-api/range.ts";
import type { OptionValues } from "./option-values.ts";

const SECONDS_PER: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3_600],
  ["d", 86_400],
  ["w", 604_800],
]);

/** Reads a range whose bounds are seconds, or carry a unit: `10m:` is 600 seconds or more, `1d:30d`. */
export function durationRange(options: OptionValues, name: string): Range | undefined {
  const text = options.text(name);
  if (text === undefined || text === "") return undefined;
  const inSeconds = text.replace(/(\d+(?:\.\d+)?)([smhdw])(?=:|$)/g, (_, amount: string, unit: string) =>
    String(Number(amount) * (SECONDS_PER.get(unit) ?? 1)),
  );
  return options.rangeIn(name, inSeconds);
}
