import { compilePattern, MAXIMUM_MATCHED_CHARACTERS, type PatternGuard } from "../../log-pattern/index.ts";
import type { StartFinder } from "./join-lines.ts";

/** So many lines are remembered as having taken too long: what waits for its end is looked at again and again. */
const MAXIMUM_REMEMBERED = 64;

/**
 * Finds where records begin by a pattern of the configuration. A line on which it takes too long is said once, and goes on with the record before it, as it
 * does not match. Throws PatternError.
 */
export function createStartFinder(pattern: string, guard: PatternGuard, onTimeout: () => void): StartFinder {
  const start = compilePattern(pattern);
  const tooLong = new Set<string>();
  return (lines) => {
    const found: boolean[] = [];
    const seen = lines.map((line) =>
      line.length > MAXIMUM_MATCHED_CHARACTERS ? line.slice(0, MAXIMUM_MATCHED_CHARACTERS) : line,
    );
    const isStart = (index: number) => {
      const line = seen[index] ?? "";
      return !tooLong.has(line) && start.test(line);
    };
    const giveUp = (index: number) => {
      onTimeout();
      if (tooLong.size >= MAXIMUM_REMEMBERED) tooLong.clear();
      tooLong.add(seen[index] ?? "");
      return false;
    };
    guard.forEach(lines.length, isStart, giveUp, (result) => found.push(result));
    return found;
  };
}
