import { type MetricFamily, parseExposition, writeLabels } from "@mycloud/protocol/exposition";
import { hasEnded, type WrittenSample } from "../remote-write/index.ts";

/** What a host's samples are written as; those with a time of their own keep it. `instance` is the host's name, as where Prometheus scrapes. Pure. */
export function pushedSamples(families: readonly MetricFamily[], hostName: string, atMs: number): WrittenSample[] {
  return families.flatMap(({ samples }) =>
    samples.map((sample) => ({
      name: sample.name,
      labels: withInstance(sample.labels, hostName),
      value: sample.value,
      atMs: sample.atMs ?? atMs,
    })),
  );
}

/** The ends of the series that `before` had and `after` has no more. Pure. */
export function endedSamples(
  before: readonly MetricFamily[],
  after: readonly MetricFamily[],
  hostName: string,
  atMs: number,
): WrittenSample[] {
  const present = new Set(after.flatMap(({ samples }) => samples.map(keyOf)));
  return before.flatMap(({ samples }) =>
    samples
      .filter((sample) => !present.has(keyOf(sample)))
      .map(({ name, labels }) => ({ name, labels: withInstance(labels, hostName), value: hasEnded, atMs })),
  );
}

const valueAtEnd = /[ \t][-+.0-9A-Za-z]+$/gm;

/**
 * Whether two texts are the same but for the values of their samples, so that no series has begun or ended: what is said without taking them apart. False
 * says nothing. Pure.
 */
export function hasSameSeries(before: string, after: string): boolean {
  return before.replace(valueAtEnd, "") === after.replace(valueAtEnd, "");
}

/** Families of a text that was taken once; none when the parser has become stricter since. */
export function readTaken(text: string): readonly MetricFamily[] {
  return parseExposition(text).families ?? [];
}

function withInstance(labels: MetricFamily["samples"][number]["labels"], hostName: string) {
  return { instance: hostName, ...labels };
}

function keyOf({ name, labels }: MetricFamily["samples"][number]): string {
  return name + writeLabels(labels);
}
