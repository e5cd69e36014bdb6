import { limits } from "./limits.ts";
import type { Directive, NagiosObject } from "./nagios-object.ts";

/** One round of a `duplicate_foreach`: what `$KEY$` and `$VALUE1$`, `$VALUE2$`, ... stand for. */
export interface Round {
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * Reads the list behind Shinken's `duplicate_foreach`: `C:,D:`, values as `C: $(80%)$ $(90%)$`, and ranges as `port [1-4]` or `[0-10/2]`. At most
 * 5000 rounds; null when it cannot be read. Pure.
 */
export function readRounds(text: string): Round[] | null {
  const rounds: Round[] = [];
  for (const entry of splitOutsideValues(text)) {
    const values = [...entry.matchAll(/\$\(([\s\S]*?)\)\$/g)].map(([, value = ""]) => value);
    const key = entry.replace(/\$\([\s\S]*?\)\$/g, "").trim();
    if (key === "" || key.includes("$(")) return null;
    for (const one of expandRanges(key)) {
      rounds.push({ key: one, values });
      if (rounds.length > limits.duplicates) return null;
    }
  }
  return rounds;
}

function splitOutsideValues(text: string): string[] {
  return (text.match(/(?:\$\([\s\S]*?\)\$|[^,])+/g) ?? []).map((entry) => entry.trim()).filter((entry) => entry !== "");
}

function* expandRanges(key: string): Generator<string> {
  const found = /\[(\d{1,9})-(\d{1,9})(?:\/(\d{1,6}))?\]/.exec(key);
  if (found === null) {
    yield key;
    return;
  }
  const [whole, first = "", last = "", step = "1"] = found;
  for (let number = Number(first); number <= Number(last) && Number(step) > 0; number += Number(step)) {
    yield* expandRanges(key.slice(0, found.index) + String(number) + key.slice(found.index + whole.length));
  }
}

/** The service of one round: `$KEY$` and values put in everywhere, `default_value` where the round has no value. Pure. */
export function serviceOfRound(service: NagiosObject, { key, values }: Round): NagiosObject {
  const fallback = service.values.get("default_value")?.value.replaceAll(/\$\(|\)\$/g, "") ?? "";
  const put = (text: string) =>
    text.replace(/\$(KEY|VALUE(\d{0,2}))\$/g, (_, name: string, number: string) =>
      name === "KEY" ? key : (values[number === "" || number === undefined ? 0 : Number(number) - 1] ?? fallback),
    );
  const filled = new Map<string, Directive>();
  for (const [name, directive] of service.values) {
    if (name !== "duplicate_foreach" && name !== "default_value")
      filled.set(name, { ...directive, value: put(directive.value) });
  }
  return { ...service, values: filled };
}
