import type { LogFieldValue } from "@mycloud/protocol/log-record";

/** Fields as somebody writes them: `env=prod`. Pure. */
export function fieldWords(fields: Readonly<Record<string, LogFieldValue>>): string[] {
  return Object.entries(fields).map(([name, value]) => `${name}=${value}`);
}

/** Reads one; null when it is none. What reads as a number, true or false is that. Pure. */
export function readFieldWord(word: string): readonly [name: string, value: LogFieldValue] | null {
  const [, name, text] = /^\s*([^=\s]{1,128})\s*=\s*(.*?)\s*$/.exec(word) ?? [];
  if (name === undefined || text === undefined || text === "") return null;
  if (text === "true" || text === "false") return [name, text === "true"];
  return [name, String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text];
}

/** The fields that words name; words that are none are left out. Of two of one name the later counts. Pure. */
export function readFieldWords(words: readonly string[]): Record<string, LogFieldValue> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const field = readFieldWord(word);
      return field === null ? [] : [field];
    }),
  );
}
