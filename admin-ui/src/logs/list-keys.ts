interface Place {
  readonly focused: number;
  readonly count: number;
  /** How many rows are in sight. */
  readonly rows: number;
}

/** Where a key leads in a list; null for keys that do not move. Pure. */
export function placeByKey(key: string, { focused, count, rows }: Place): number | null {
  const to = (Object.hasOwn(targets, key) ? targets[key] : undefined)?.(focused, rows - 1, count - 1);
  return to === undefined ? null : Math.max(0, Math.min(to, count - 1));
}

type Target = (focused: number, page: number, last: number) => number;
const down: Target = (focused) => focused + 1;
const up: Target = (focused) => focused - 1;
const targets: Readonly<Record<string, Target>> = {
  ArrowDown: down,
  j: down,
  ArrowUp: up,
  k: up,
  PageDown: (focused, page) => focused + page,
  PageUp: (focused, page) => focused - page,
  Home: () => 0,
  End: (_, __, last) => last,
};
