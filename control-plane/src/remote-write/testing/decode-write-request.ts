/** A reader of prometheus.WriteRequest for tests, written from the schema and not from the encoder. */
export interface DecodedSeries {
  readonly labels: [name: string, value: string][];
  readonly samples: { readonly value: number; readonly isStale: boolean; readonly atMs: number }[];
}

interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Throws Error for bytes that are no such message. */
export function decodeWriteRequest(bytes: Uint8Array): DecodedSeries[] {
  return fieldsOf(bytes).flatMap(({ number, value }) =>
    number === 1 && value instanceof Uint8Array ? [decodeSeries(value)] : [],
  );
}

function decodeSeries(bytes: Uint8Array): DecodedSeries {
  const series: DecodedSeries = { labels: [], samples: [] };
  for (const { number, value } of fieldsOf(bytes)) {
    if (!(value instanceof Uint8Array)) throw new Error(`field ${number} of a series is no message`);
    const inner = fieldsOf(value);
    const of = (wanted: number) => inner.find((field) => field.number === wanted)?.value;
    if (number === 1) series.labels.push([textOf(of(1)), textOf(of(2))]);
    else if (number === 2) series.samples.push(decodeSample(of(1), of(2)));
    else throw new Error(`a series has no field ${number}`);
  }
  return series;
}

function decodeSample(value: Field["value"] | undefined, at: Field["value"] | undefined) {
  const bytes = value instanceof Uint8Array ? value : new Uint8Array(8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return {
    value: view.getFloat64(0, true),
    isStale: view.getBigUint64(0, true) === 0x7ff0000000000002n,
    atMs: Number(BigInt.asIntN(64, typeof at === "bigint" ? at : 0n)),
  };
}

function textOf(value: Field["value"] | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value) : "";
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("a number is cut off");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  function take(length: number): Uint8Array {
    if (at + length > bytes.length) throw new Error("a field is cut off");
    at += length;
    return bytes.subarray(at - length, at);
  }
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    if ((tag & 7) === 0) fields.push({ number, value: varint() });
    else if ((tag & 7) === 1) fields.push({ number, value: take(8) });
    else if ((tag & 7) === 2) fields.push({ number, value: take(Number(varint())) });
    else throw new Error(`wire type ${tag & 7}`);
  }
  return fields;
}
