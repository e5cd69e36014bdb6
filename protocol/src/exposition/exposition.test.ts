import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  describeExpositionFault,
  type MetricFamily,
  type MetricSample,
  type ParseExpositionOptions,
  parseExposition,
  writeExposition,
} from "./index.ts";

function faultOf(text: string, options?: ParseExpositionOptions): string {
  const { fault } = parseExposition(text, options);
  return fault === undefined ? "none" : describeExpositionFault(fault);
}

test("an exposition as other programs write it is read", () => {
  const text = `# a remark
# HELP http_requests_total The total number of \\\\ HTTP\\nrequests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total { method = "post" , code="400", } 3 -5

  msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9
metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
nothing{} NaN
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} .5
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
# TYPE empty gauge
# TYPE h histogram
h_bucket{le="0.1"} 1
h_bucket{le="+Inf"} 2
h_sum -inf
h_count 2
`;
  const { families, fault } = parseExposition(text);
  assert.equal(fault, undefined);
  assert.deepEqual(families, [
    {
      name: "http_requests_total",
      help: "The total number of \\ HTTP\nrequests.",
      type: "counter",
      samples: [
        { name: "http_requests_total", labels: { method: "post", code: "200" }, value: 1027, atMs: 1395066363000 },
        { name: "http_requests_total", labels: { method: "post", code: "400" }, value: 3, atMs: -5 },
      ],
    },
    untyped("msdos_file_access_time_seconds", 1458255915, {
      path: "C:\\DIR\\FILE.TXT",
      error: 'Cannot find file:\n"FILE.TXT"',
    }),
    untyped("metric_without_timestamp_and_labels", 12.47),
    {
      ...untyped("something_weird", 0),
      samples: [
        {
          name: "something_weird",
          labels: { problem: "division by zero" },
          value: Number.POSITIVE_INFINITY,
          atMs: -3982045,
        },
      ],
    },
    untyped("nothing", Number.NaN),
    {
      name: "rpc_duration_seconds",
      help: "",
      type: "summary",
      samples: [
        { name: "rpc_duration_seconds", labels: { quantile: "0.01" }, value: 0.5 },
        { name: "rpc_duration_seconds_sum", labels: {}, value: 17560473 },
        { name: "rpc_duration_seconds_count", labels: {}, value: 2693 },
      ],
    },
    {
      name: "h",
      help: "",
      type: "histogram",
      samples: [
        { name: "h_bucket", labels: { le: "0.1" }, value: 1 },
        { name: "h_bucket", labels: { le: "+Inf" }, value: 2 },
        { name: "h_sum", labels: {}, value: Number.NEGATIVE_INFINITY },
        { name: "h_count", labels: {}, value: 2 },
      ],
    },
  ]);
});

test("a fault is told with its line, what was found and what was expected", () => {
  const table: [string, string][] = [
    ["a 1", 'line 1: found "a 1", expected a newline at the end of the last line'],
    ["a 1\n9x 2\n", 'line 2: found "9x 2", expected the name of a metric'],
    ["a\n", 'line 1: found "", expected "{" or a blank behind the metric\'s name'],
    ["a \n", 'line 1: found "", expected a number'],
    ["a-b 1\n", 'line 1: found "-b 1", expected "{" or a blank behind the metric\'s name'],
    ["a 0x10\n", 'line 1: found "0x10", expected a number'],
    ["a 1e999\n", 'line 1: found "1e999", expected a number'],
    ["a 1\r\n", 'line 1: found "1\\r", expected a number'],
    ["a 1 2 3\n", 'line 1: found "1 2 3", expected a number and at most a time'],
    ["a 1 2.5\n", 'line 1: found "2.5", expected a time in milliseconds since 1970'],
    ['a{b="c" 1\n', 'line 1: found " 1", expected "," or "}" behind a label'],
    ['a{b="c",,} 1\n', 'line 1: found ",} 1", expected a label name or "}"'],
    ['a{b="c} 1\n', 'line 1: found "c} 1", expected a label value that ends with "'],
    ['a{b="c\\"} 1\n', 'line 1: found "c\\\\\\"} 1", expected a label value that ends with "'],
    ["a{b=c} 1\n", 'line 1: found "=c} 1", expected =" behind the label b'],
    ['a{b="\\t"} 1\n', 'line 1: found "\\\\t", expected one of the escapes \\\\, \\" and \\n'],
    ['a{b="1",b="2"} 1\n', 'line 1: found "b", expected each label once'],
    ['a{__proto__="1"} 1\n', 'line 1: found "__proto__", expected a label name that does not begin with "__"'],
    [
      'a{c="1",b="2"} 1\na{b="2",c="1"} 1\n',
      'line 2: found "a[[\\"b\\",\\"2\\"],[\\"c\\",\\"1\\"]]", expected each series once',
    ],
    ["# TYPE a meter\n", 'line 1: found "meter", expected one of counter, gauge, histogram, summary, untyped'],
    ["# TYPE a gauge x\n", 'line 1: found "gauge x", expected one of counter, gauge, histogram, summary, untyped'],
    ["# HELP a \\x\n", 'line 1: found "\\\\x", expected one of the escapes \\\\ and \\n'],
    ["# TYPE\n", 'line 1: found "", expected the name of a metric'],
    ["a 1\n# TYPE a gauge\n", 'line 2: found "a", expected the TYPE line above the metric\'s samples'],
    ["# TYPE a gauge\n# TYPE a gauge\n", 'line 2: found "a", expected one TYPE line for a metric'],
    ["# HELP a b\n# HELP a b\n", 'line 2: found "a", expected one HELP line for a metric'],
    ['a{x="1"} 1\nb 1\na{x="2"} 1\n', 'line 3: found "a", expected all lines of a metric in one group'],
    ["# TYPE a histogram\na 1\n", 'line 2: found "a", expected a_bucket, a_sum or a_count of the histogram'],
    ["# TYPE a histogram\na_bucket 1\n", 'line 2: found "a_bucket", expected the label le on a histogram\'s bucket'],
    ["# TYPE a summary\na 1\n", 'line 2: found "a", expected the label quantile on a summary\'s sample'],
    ["a_count 1\n# TYPE a summary\n", 'line 2: found "a", expected no other metric named a_count'],
    [
      "# TYPE a summary\n# TYPE a_sum gauge\n",
      'line 2: found "a_sum", expected a name that is no part of a histogram or summary',
    ],
  ];
  for (const [text, fault] of table) assert.equal(faultOf(text), fault, text);
});

test("what is larger than its limits is refused", () => {
  assert.match(faultOf("a 1\n".repeat(10), { maximumLength: 39 }), /at most 39$/);
  assert.match(faultOf("a 1\nb 1\n", { maximumSamples: 1 }), /^line 2: .*at most 1 samples$/);
  assert.match(faultOf("abc 1\n", { maximumNameLength: 2 }), /at most 2 characters$/);
  assert.match(faultOf('a{b="",c=""} 1\n', { maximumLabels: 1 }), /at most 1 labels$/);
  assert.match(faultOf('a{b="123"} 1\n', { maximumLabelLength: 2 }), /at most 2$/);
  assert.ok(faultOf(`${"?".repeat(100_000)}\n`).length < 200);
});

test("families whose lines stand apart are joined where that is allowed", () => {
  const text = '# TYPE a gauge\na{x="1"} 1\nb 1\na{x="2"} 2\n';
  const { families } = parseExposition(text, { mayInterleave: true });
  assert.deepEqual(
    families?.map(({ name, type, samples }) => [name, type, samples.length]),
    [
      ["a", "gauge", 2],
      ["b", "untyped", 1],
    ],
  );
  assert.match(faultOf(`${text}b 2\n`, { mayInterleave: true }), /each series once/);
});

const labelValue = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a"\\\n,{}= ]*$/));
const labels = fc.dictionary(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/), labelValue, {
  maxKeys: 4,
  noNullPrototype: true,
});
const value = fc.double().map((number) => number + 0);
const family = fc
  .record({
    // A digit last, so that no name is another's with the suffix of a histogram.
    name: fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,10}[0-9]$/),
    help: fc.string({ unit: "binary" }).map((text) => text.replace(/^[ \t]+/, "")),
    type: fc.constantFrom("counter" as const, "gauge" as const, "untyped" as const),
    samples: fc.uniqueArray(fc.record({ labels, value, atMs: fc.option(fc.integer(), { nil: undefined }) }), {
      minLength: 1,
      maxLength: 5,
      selector: ({ labels }) => JSON.stringify(Object.entries(labels).sort()),
    }),
  })
  .map(
    ({ name, samples, ...rest }): MetricFamily => ({
      name,
      ...rest,
      samples: samples.map(
        ({ atMs, ...sample }): MetricSample => ({ name, ...sample, ...(atMs === undefined ? {} : { atMs }) }),
      ),
    }),
  );

test("what is written is read again as it was", () => {
  fc.assert(
    fc.property(fc.uniqueArray(family, { maxLength: 6, selector: ({ name }) => name }), (families) => {
      assert.deepEqual(parseExposition(writeExposition(families)), { families, fault: undefined });
    }),
    { numRuns: 300 },
  );
});

test("no text makes the parser throw, and what it reads it can write and read again", () => {
  const piece = fc.constantFrom(
    "a",
    "b_sum",
    "# TYPE ",
    "# HELP ",
    "summary",
    " ",
    "\t",
    "{",
    "}",
    '"',
    "\\",
    ",",
    "=",
  );
  const more = fc.constantFrom(
    "\n",
    "1",
    "-",
    ".",
    "e5",
    "NaN",
    "+Inf",
    "#",
    "le",
    "\r",
    "\0",
    "é",
    "\n",
    "a 1\n",
    'b{c="d"} 2\n',
  );
  const text = fc.array(fc.oneof(piece, more), { maxLength: 40 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: "binary" })), fc.boolean(), (input, mayInterleave) => {
      const { families } = parseExposition(input, { mayInterleave });
      if (families !== undefined) assert.deepEqual(parseExposition(writeExposition(families)).families, families);
    }),
    { numRuns: 2000 },
  );
});

test("hostile text costs time linear in its length", () => {
  for (const hostile of [" ", "\t", "#", "# HELP a ", "a{", '"', "\\", 'a{b="', "\\\\", ",", "a ", "# TYPE a "]) {
    const text = `${hostile.repeat(400_000 / hostile.length)}x\n`;
    for (const input of [text, `a${text}`, `a{b="${text}`, `# TYPE a ${text}`, `a 1${text}`, `# HELP a ${text}`]) {
      const startedAt = performance.now();
      parseExposition(input);
      assert.ok(performance.now() - startedAt < 1_000, JSON.stringify(hostile));
    }
  }
});

function untyped(name: string, value: number, labels: Record<string, string> = {}): MetricFamily {
  return { name, help: "", type: "untyped", samples: [{ name, labels, value }] };
}
