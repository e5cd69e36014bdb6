import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { uncompress } from "snappyjs";
import { compressRequest, fromLines, toLine } from "./queued-samples.ts";
import { hasEnded, type WrittenSample, writtenLabels } from "./series.ts";
import { decodeWriteRequest } from "./testing/decode-write-request.ts";
import { encodeSamples, splitSeries } from "./write-request.ts";

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,20}$/).filter((text) => text !== "__proto__");
const anySample: fc.Arbitrary<WrittenSample> = fc.record({
  name,
  labels: fc.dictionary(
    name.filter((text) => text !== "__name__"),
    fc.string({ unit: "binary", maxLength: 200 }),
    {
      maxKeys: 8,
    },
  ),
  value: fc.oneof(fc.double(), fc.constant(hasEnded)),
  atMs: fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_000 }),
});

test("what is encoded is decoded by another's reading of the schema, label for label and bit for bit", () => {
  fc.assert(
    fc.property(fc.array(anySample, { maxLength: 20 }), (samples) => {
      const request = encodeSamples(samples, {});
      const decoded = decodeWriteRequest(uncompress(compressRequest(request)));
      assert.equal(decoded.length, samples.length);
      for (const [index, series] of decoded.entries()) {
        const sample = samples[index]!;
        const labels = writtenLabels(sample, {}).map(([key, value]) => [key, Buffer.from(value).toString()]);
        assert.deepEqual(series.labels, labels);
        assert.equal(series.samples.length, 1);
        assert.equal(series.samples[0]!.atMs, sample.atMs);
        assert.equal(series.samples[0]!.isStale, sample.value === hasEnded);
        if (sample.value !== hasEnded) assert.ok(Object.is(series.samples[0]!.value, sample.value));
      }
    }),
    { numRuns: 200 },
  );
});

test("labels are sorted, without empty ones, mended, and a sample's own go before added ones", () => {
  const labels = { zone: "b", instance: "", "bad-name": "x", "9": "y", job: "own", Upper: "u" };
  assert.deepEqual(writtenLabels({ name: "a.metric", labels }, { job: "added", cluster: "eu" }), [
    ["Upper", "u"],
    ["_9", "y"],
    ["__name__", "a_metric"],
    ["bad_name", "x"],
    ["cluster", "eu"],
    ["job", "own"],
    ["zone", "b"],
  ]);
});

test("a request is cut into its series, which joined are the request again; bytes that are none are refused", () => {
  const samples = [1, 2, 3].map((value) => ({ name: "up", labels: { n: String(value) }, value, atMs: value }));
  const request = encodeSamples(samples, {});
  const series = splitSeries(request);
  assert.equal(series.length, 3);
  assert.deepEqual(Buffer.concat(series), request);
  assert.throws(() => splitSeries(request.subarray(0, request.length - 1)), /is cut off/);
  assert.throws(() => splitSeries(Buffer.from("hello")), /begins no series/);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      try {
        assert.deepEqual(Buffer.concat(splitSeries(bytes)), Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof Error && /^(byte|the series)/.test(error.message), String(error));
      }
    }),
    { numRuns: 200 },
  );
});

test("lines of a queue become one request; half a line, as a crash leaves it, is left out", () => {
  const encode = (n: number) => encodeSamples([{ name: "up", labels: { n: String(n) }, value: n, atMs: n }], {});
  const lines = [1, 2].map((n) => toLine({ samples: 1, request: encode(n) }));
  const { samples, request } = fromLines([lines[0]!, lines[0]!.slice(0, -9), "", lines[1]!]);
  assert.equal(samples, 2);
  assert.deepEqual(request, Buffer.concat([encode(1), encode(2)]));
});
