/** Whether what was received so far holds the expected texts: any of them, or with `isAll` every one. */
export function matchesExpected(received: string, expected: readonly string[], isAll: boolean): boolean {
  // The command line is UTF-8, what was received is kept byte for byte.
  const isFound = (text: string): boolean => received.includes(Buffer.from(text, "utf8").toString("latin1"));
  return isAll ? expected.every(isFound) : expected.length === 0 || expected.some(isFound);
}
