/** What one of these services says. */
export interface ServiceResult {
  /** As a plugin's: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
  readonly returnCode: 0 | 1 | 2 | 3;
  /** As a plugin prints it. */
  readonly output: string;
}

export const stateWords = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;

/** A result with its words and perfdata put together. Pure. */
export function resultOf(
  title: string,
  returnCode: ServiceResult["returnCode"],
  words: string,
  perfdata: readonly string[],
): ServiceResult {
  const text = `${title} ${stateWords[returnCode]} - ${words.replace(/[|\n]/g, " ")}`;
  return { returnCode, output: perfdata.length === 0 ? text : `${text} | ${perfdata.join(" ")}` };
}
