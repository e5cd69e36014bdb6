/** What of a part is looked at. */
interface TimedPart {
  readonly batch: { readonly timesUs: Float64Array };
  readonly indices: readonly number[] | null;
}

/** Records of several parts in the order of time: the n-th is record `indexOf[n]` of part `partOf[n]`. */
export interface RecordOrder {
  readonly partOf: Uint32Array;
  readonly indexOf: Uint32Array;
}

/**
 * The records of all parts, by time; of the same time those that came first are first. The index of words is written at once only as long as row ids
 * rise. Pure.
 */
export function orderRecords(parts: readonly TimedPart[]): RecordOrder {
  const count = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  const partOf = new Uint32Array(count);
  const indexOf = new Uint32Array(count);
  const timeOf = new Float64Array(count);
  // Parts are mostly in order, and one behind the other once they are sorted themselves.
  const sorted = [...parts.entries()].sort(([, one], [, other]) => timeAt(one, 0) - timeAt(other, 0));
  let at = 0;
  let isOrdered = true;
  for (const [number, part] of sorted) {
    const { indices, batch } = part;
    const length = lengthOf(part);
    for (let place = 0; place < length; place += 1) {
      const index = indices === null ? place : (indices[place] ?? 0);
      const time = batch.timesUs[index] ?? 0;
      if (at > 0) {
        const before = timeOf[at - 1] ?? 0;
        if (before > time || (before === time && (partOf[at - 1] ?? 0) > number)) isOrdered = false;
      }
      partOf[at] = number;
      indexOf[at] = index;
      timeOf[at] = time;
      at += 1;
    }
  }
  if (isOrdered) return { partOf, indexOf };
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  order.sort(
    (one, other) =>
      (timeOf[one] ?? 0) - (timeOf[other] ?? 0) || (partOf[one] ?? 0) - (partOf[other] ?? 0) || one - other,
  );
  return { partOf: order.map((place) => partOf[place] ?? 0), indexOf: order.map((place) => indexOf[place] ?? 0) };
}

function lengthOf({ batch, indices }: TimedPart): number {
  return indices?.length ?? batch.timesUs.length;
}

function timeAt({ batch, indices }: TimedPart, place: number): number {
  return batch.timesUs[indices === null ? place : (indices[place] ?? 0)] ?? 0;
}
