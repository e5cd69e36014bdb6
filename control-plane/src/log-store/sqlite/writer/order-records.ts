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
  const count = parts.reduce((sum, { batch, indices }) => sum + (indices?.length ?? batch.timesUs.length), 0);
  const partOf = new Uint32Array(count);
  const indexOf = new Uint32Array(count);
  const timeOf = new Float64Array(count);
  let at = 0;
  let isOrdered = true;
  for (const [part, { batch, indices }] of parts.entries()) {
    const length = indices?.length ?? batch.timesUs.length;
    for (let place = 0; place < length; place += 1) {
      const index = indices === null ? place : (indices[place] ?? 0);
      partOf[at] = part;
      indexOf[at] = index;
      timeOf[at] = batch.timesUs[index] ?? 0;
      if (at > 0 && (timeOf[at - 1] ?? 0) > (timeOf[at] ?? 0)) isOrdered = false;
      at += 1;
    }
  }
  if (isOrdered) return { partOf, indexOf };
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  order.sort((one, other) => (timeOf[one] ?? 0) - (timeOf[other] ?? 0));
  return { partOf: order.map((place) => partOf[place] ?? 0), indexOf: order.map((place) => indexOf[place] ?? 0) };
}
