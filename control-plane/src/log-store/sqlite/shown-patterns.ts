import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LogCondition, wildcardMatcher } from "@mycloud/protocol/log-query";
import type { Logger } from "pino";
import { patternsAskedBy } from "../pattern/index.ts";

/** Patterns that are remembered; those that were shown longest ago are forgotten first. */
const maximumPatterns = 10_000;

/**
 * Patterns that were shown to somebody. A pattern is what its text says, and its id tells that to nobody: so texts are kept, for who asks later for
 * `pattern:<id>`, also after a restart.
 */
export interface ShownPatterns {
  remember(patterns: readonly { readonly id: string; readonly template: string }[]): void;
  /** Templates that a condition asks for by their id. */
  askedBy(condition: LogCondition): string[];
  close(): Promise<void>;
}

export async function openShownPatterns(directory: string, logger: Logger): Promise<ShownPatterns> {
  const path = join(directory, "patterns.tsv");
  const templates = new Map<string, string>();
  const text = await readFile(path, "utf8").catch(() => "");
  for (const line of text.split("\n")) {
    const [id, template] = line.split("\t", 2);
    // What a loss of power left of the last line is at worst a pattern that matches nothing.
    if (id !== undefined && id !== "" && template !== undefined) templates.set(id, template);
  }
  const surplus = [...templates.keys()].slice(0, Math.max(0, templates.size - maximumPatterns));
  for (const id of surplus) templates.delete(id);
  let lastWrite: Promise<void> = Promise.resolve();
  const write = (work: () => Promise<void>) => {
    lastWrite = lastWrite.then(work).catch((err: unknown) => logger.warn({ err }, "patterns cannot be remembered"));
  };
  if (surplus.length > 0) write(() => writeFile(path, linesOf([...templates])));
  return {
    remember(patterns) {
      // A tab in a template would end it; templates come from messages, which have some.
      const fresh = patterns.filter(({ id, template }) => !templates.has(id) && !/[\t\n]/.test(template));
      if (fresh.length === 0) return;
      for (const { id, template } of fresh) {
        const [oldest] = templates.keys();
        if (templates.size >= maximumPatterns && oldest !== undefined) templates.delete(oldest);
        templates.set(id, template);
      }
      write(() => appendFile(path, linesOf(fresh.map(({ id, template }) => [id, template]))));
    },
    askedBy(condition) {
      const matchers = patternsAskedBy(condition).map(wildcardMatcher);
      if (matchers.length === 0) return [];
      return [...templates].filter(([id]) => matchers.some((isAsked) => isAsked(id))).map(([, template]) => template);
    },
    close: async () => await lastWrite,
  };
}

function linesOf(patterns: readonly (readonly [id: string, template: string])[]): string {
  return patterns.map(([id, template]) => `${id}\t${template}\n`).join("");
}
