import assert from "node:assert/strict";
import { test } from "node:test";
import { writeExposition } from "../exposition/index.ts";
import { perfdataFamilies } from "./index.ts";

test("perfdata becomes one family for each unit, percentages become ratios", () => {
  const { families, dropped } = perfdataFamilies(
    [
      {
        labels: { host: "web1", service: "http" },
        perfdata: [
          { label: "time", value: 0.377, unit: "s" },
          { label: "/", value: 49_258_954_752, unit: "B" },
          { label: "/ %", value: 42, unit: "%" },
          { label: "rx", value: 10, unit: "c" },
          { label: "rate", value: 80, unit: "bps" },
          { label: "strange", value: 7, unit: "bananas" },
          { label: "lost", value: null, unit: "" },
          { label: "time", value: 9, unit: "s" },
        ],
      },
      { labels: { host: "web1", service: "load" }, perfdata: [{ label: 'a"b', value: 1, unit: "" }] },
    ],
    { prefix: "mycloud_check_perfdata" },
  );
  assert.equal(dropped, 0);
  assert.equal(
    writeExposition(families).replace(/^# HELP.*\n/gm, ""),
    `# TYPE mycloud_check_perfdata_bytes gauge
mycloud_check_perfdata_bytes{host="web1",service="http",label="/"} 49258954752
# TYPE mycloud_check_perfdata_bytes_per_second gauge
mycloud_check_perfdata_bytes_per_second{host="web1",service="http",label="rate"} 10
# TYPE mycloud_check_perfdata_ratio gauge
mycloud_check_perfdata_ratio{host="web1",service="http",label="/ %"} 0.42
# TYPE mycloud_check_perfdata_seconds gauge
mycloud_check_perfdata_seconds{host="web1",service="http",label="time"} 0.377
# TYPE mycloud_check_perfdata_total counter
mycloud_check_perfdata_total{host="web1",service="http",label="rx"} 10
# TYPE mycloud_check_perfdata_value gauge
mycloud_check_perfdata_value{host="web1",service="http",label="strange"} 7
mycloud_check_perfdata_value{host="web1",service="load",label="a\\"b"} 1
`,
  );
});

test("a result, and all together, make only so many series, and the rest is counted", () => {
  const perfdata = Array.from({ length: 5 }, (_, index) => ({ label: `l${index}`, value: index, unit: "" }));
  const results = [
    { labels: { service: "a" }, perfdata },
    { labels: { service: "b" }, perfdata },
  ];
  const each = perfdataFamilies(results, { prefix: "x", maximumPerResult: 2 });
  assert.deepEqual([each.families[0]?.samples.length, each.dropped], [4, 6]);
  const all = perfdataFamilies(results, { prefix: "x", maximumSeries: 7 });
  assert.deepEqual([all.families[0]?.samples.length, all.dropped], [7, 3]);
});

test("labels too long to keep are cut, and what is then the same counts once", () => {
  const perfdata = ["a", "b"].map((end) => ({ label: `${"x".repeat(200)}${end}`, value: 1, unit: "" }));
  const { families } = perfdataFamilies([{ labels: {}, perfdata }], { prefix: "x" });
  assert.deepEqual(families[0]?.samples, [{ name: "x_value", labels: { label: "x".repeat(200) }, value: 1 }]);
});
