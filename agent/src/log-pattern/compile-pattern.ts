import { dangerOf } from "./dangerous-pattern.ts";

/** Why a pattern of the configuration is not used. */
export class PatternError extends Error {
  override readonly name = "PatternError";
  readonly code = "MYCLOUD_LOG_PATTERN_REFUSED";
  readonly pattern: string;

  constructor(pattern: string, reason: string, cause?: unknown) {
    super(`pattern ${JSON.stringify(pattern)} is not used: ${reason}`, { cause });
    this.pattern = pattern;
  }
}

/** Compiles a regular expression of the configuration with the flag `u` and others. Throws PatternError where it is none, or one that may take for ever. */
export function compilePattern(pattern: string, flags = ""): RegExp {
  let compiled: RegExp;
  try {
    compiled = new RegExp(pattern, `u${flags}`);
  } catch (error) {
    throw new PatternError(pattern, error instanceof Error ? error.message : String(error), error);
  }
  const danger = dangerOf(pattern);
  if (danger !== null) throw new PatternError(pattern, `${danger}, so that it may take for ever on some lines`);
  return compiled;
}
