/** Says how a verb on several definitions went: how many were done, and why the first was not. Pure. */
export function outcomeText(
  what: string,
  count: number,
  refused: readonly string[],
): { readonly text: string; readonly isWhole: boolean } {
  const [first] = refused;
  const done = `${what}: ${count - refused.length}`;
  return first === undefined
    ? { text: done, isWhole: true }
    : { text: `${done}, refused: ${refused.length} (${first})`, isWhole: false };
}
