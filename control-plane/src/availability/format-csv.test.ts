import assert from "node:assert/strict";
import { test } from "node:test";
import { addUp } from "./add-up.ts";
import { formatCsvHeading, formatCsvRows } from "./format-csv.ts";

test("names are quoted where CSV needs it and never become formulas", () => {
  const figures = addUp([{ fromMs: 0, untilMs: 1500, state: "OK", isInDowntime: false, isCounted: true }]);
  const object = { hostId: 1, hostName: "=web1", serviceId: 2, serviceName: 'disk "/"', stretches: [], isCut: false };
  const csv = formatCsvHeading() + formatCsvRows({ data: [{ ...object, ...figures }] });
  const [heading = "", row = ""] = csv.split("\r\n");
  assert.match(heading, /^host,service,OK_seconds,OK_in_downtime_seconds,/);
  assert.match(row, /^'=web1,"disk ""\/""",1.5,0,/);
  assert.equal(row.split(",").length, heading.split(",").length);
  assert.match(row, /1\.000000,1\.000000,1\.000000,1\.000000$/);
});
