import assert from "node:assert/strict";
import { it } from "node:test";
import { GrafanaWebhook, PostableAlert } from "@mycloud/protocol/alert";
import { matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import fc from "fast-check";
import { InputError } from "../error/index.ts";
import { type AlertObject, coverageOf } from "./alert-object.ts";
import { directSelector } from "./direct-selector.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { compileMatchers, formatMatcher, type Matcher } from "./matcher.ts";
import { parseMatcher } from "./parse-matcher.ts";
import { placeAlert, withoutPort } from "./place-alert.ts";
import { changeCover, planCover } from "./plan-cover.ts";
import { readAlerts } from "./read-alerts.ts";
import { matchersOfSelector } from "./selector-matchers.ts";

const mapping = {
  hostLabels: ["host", "instance"],
  defaultHost: "alerts",
  severities: new Map([["warning", 1]]),
  resolveTimeoutMs: 300_000,
};
const name = fc.constantFrom("web1", "web2", "db1", "disk", "load", "a.b");
const matcherOf = fc.record<Matcher>({
  name: fc.constantFrom("host", "service", "alertname", "env", "groups", "job"),
  value: fc.oneof(name, fc.constantFrom("", ".*", ".+", "web.", "web.*|db1", "(disk|load)", "d.+k", "a\\.b", "[wd].*")),
  isRegex: fc.boolean(),
  isEqual: fc.boolean(),
});
const hosts = ["web1", "web2", "db1", "a.b"].map((host, at) => ({
  name: host,
  customer: null,
  groups: at < 2 ? ["web", "all"] : ["all"],
  labels: { env: at % 2 === 0 ? "prod" : "stage" },
}));
const objects: AlertObject[] = hosts.flatMap((host) =>
  [null, "disk", "load"].map((serviceName) => ({
    host,
    serviceName,
    businessImpact: 3,
    sent:
      serviceName === "load" && host.name === "web2"
        ? [{ alertname: "Load", job: "node", service: "disk", instance: "web2:9100" }]
        : [],
  })),
);
const covers = (selectors: readonly ServiceSelector[], { host, serviceName }: AlertObject) =>
  selectors.some((selector) => matchesService(selector, host, serviceName ?? undefined));

it("a matcher is read with and without quotes, and escapes mean what they mean in Alertmanager", () => {
  for (const [text, expected] of [
    ["a=b", ["a", "b", false, true]],
    [' a = "b c" ', ["a", "b c", false, true]],
    ['a!~"x|y"', ["a", "x|y", true, false]],
    ["a=~5..", ["a", "5..", true, true]],
    ["a!=", ["a", "", false, false]],
    ['a="say \\"hi\\"\\n\\d\\\\"', ["a", 'say "hi"\n\\d\\', false, true]],
  ] as const) {
    const { name: label, value, isRegex, isEqual } = parseMatcher(text);
    assert.deepEqual([label, value, isRegex, isEqual], expected, text);
  }
  for (const text of ["", "=", "1a=b", "a", "a~b", 'a="b', 'a=b"', 'a="b"c']) {
    assert.throws(() => parseMatcher(text), InputError, text);
  }
});

it("a matcher that was written is read as it was, and no text makes reading fail in another way", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.boolean(), fc.boolean(), (value, isRegex, isEqual) => {
      const matcher = { name: "job", value, isRegex, isEqual };
      assert.deepEqual(parseMatcher(formatMatcher(matcher)), matcher);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) => {
      try {
        compileMatchers([parseMatcher(text)])({ a: text });
      } catch (error) {
        assert.ok(error instanceof InputError);
      }
    }),
  );
});

it("a regular expression that would make others run for ever does not", () => {
  const [matches, text] = [compileMatchers([parseMatcher('a=~"(a+)+b"')]), "a".repeat(2_000)];
  assert.equal(matches({ a: text }), false);
});

it("the fingerprint is Prometheus' own", () => {
  // As Debian's prometheus-alertmanager 0.25 answers them.
  const labels = { severity: "warning", alertname: "HighLoad", job: "node", instance: "web1:9100" };
  assert.equal(fingerprintOf(labels), "3c578bb0c529ed3a");
  assert.equal(fingerprintOf({ alertname: "Ä/ü", zone: "é" }), "ff68115d7d440507");
});

it("a downtime's matchers cover what its selector covers", () => {
  const entry = fc.tuple(
    fc.boolean(),
    fc.constantFrom("web1", "web*", "*", "d?1", "disk", "load", "a.b", "prod", "web"),
  );
  const list = fc.array(
    entry.map(([isNot, pattern]) => (isNot ? `!${pattern}` : pattern)),
    { maxLength: 3 },
  );
  const selectors = fc.record<ServiceSelector>(
    { hosts: list, groups: list, services: list, labels: fc.record({ env: list }) },
    { requiredKeys: [] },
  );
  const own = objects.filter(({ sent }) => sent.length === 0);
  fc.assert(
    fc.property(selectors, (selector) => {
      const matches = compileMatchers(matchersOfSelector(selector));
      for (const object of own) {
        const isCovered = matchesService(selector, object.host, object.serviceName ?? undefined);
        assert.equal(coverageOf(matches, object), isCovered ? "covered" : "not covered", JSON.stringify(object));
      }
    }),
    { numRuns: 500 },
  );
});

it("downtimes cover exactly what the matchers mean; where that cannot be, less, and it is said", () => {
  fc.assert(
    fc.property(fc.array(matcherOf, { minLength: 1, maxLength: 3 }), (matchers) => {
      const { selectors, fault } = planCover(matchers, objects);
      const matches = compileMatchers(matchers);
      for (const object of objects) {
        const isMeant = coverageOf(matches, object) === "covered";
        const isCovered = covers(selectors, object);
        if (isCovered) assert.ok(isMeant, `${JSON.stringify(matchers)} covers ${JSON.stringify(object)}`);
        else assert.ok(!isMeant || fault !== null, `${JSON.stringify(matchers)} leaves ${JSON.stringify(object)}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

it("a cover that is changed host by host, as alerts begin, covers what one that is planned anew does", () => {
  const alert = fc.record({
    host: fc.constantFrom(...hosts),
    service: fc.constantFrom("disk", "load", "new"),
    labels: fc.dictionary(fc.constantFrom("alertname", "env", "job"), name, { maxKeys: 3 }),
  });
  fc.assert(
    fc.property(
      fc.array(matcherOf, { minLength: 1, maxLength: 3 }),
      fc.array(alert, { minLength: 1, maxLength: 8 }),
      (matchers, begun) => {
        let known = objects;
        let { selectors } = planCover(matchers, known);
        for (const { host, service, labels } of begun) {
          const before = known.find((object) => object.host === host && object.serviceName === service);
          const after = { host, serviceName: service, businessImpact: 2, sent: [...(before?.sent ?? []), labels] };
          known = [...known.filter((object) => object !== before), after];
          const own = known.filter((object) => object.host === host);
          selectors = changeCover(selectors, matchers, own).selectors;
        }
        const planned = planCover(matchers, known).selectors;
        for (const object of known) {
          const isPlanned = covers(planned, object);
          assert.equal(covers(selectors, object), isPlanned, `${JSON.stringify(matchers)}: ${JSON.stringify(object)}`);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

it("a cover grows beside what stands, until there are so many selectors that they are put together anew", () => {
  const [matcher] = [parseMatcher("job=node")];
  const sent = (at: number): AlertObject[] => {
    const host = { name: `host${at}`, customer: null, groups: [], labels: {} };
    return [{ host, serviceName: "Slow", businessImpact: 2, sent: [{ alertname: "Slow", job: "node" }] }];
  };
  let { selectors } = planCover([matcher], sent(0));
  selectors = changeCover(selectors, [matcher], sent(1)).selectors;
  assert.deepEqual(selectors, [
    { hosts: ["host0"], services: ["Slow"] },
    { hosts: ["host1"], services: ["Slow"] },
  ]);
  for (let at = 2; at < 60; at++) {
    selectors = changeCover(selectors, [matcher], sent(at)).selectors;
    assert.ok(selectors.length <= 50);
  }
  const named = selectors.flatMap(({ hosts = [] }) => hosts);
  assert.equal(new Set(named).size, 60);
  assert.equal(named.length, 60);
});

it("matchers on host and service become one selector where patterns can say them", () => {
  for (const [texts, expected] of [
    [["host=web1"], { hosts: ["web1"] }],
    [['host=~"web.*|db\\.x"', "service!="], { hosts: ["web*", "db.x"], services: ["*"] }],
    [["service=disk", "host!=web9"], { hosts: ["!web9"], services: ["disk"] }],
    [["service!=disk"], null],
    [["host=~[ab]"], null],
    [["host=~a.*?"], null],
    [["service="], null],
    [["alertname=disk"], null],
  ] as const) {
    assert.deepEqual(directSelector(texts.map(parseMatcher)), expected, texts.join());
  }
});

it("an alert belongs to its host without the port, and to a service of its name and what distinguishes it", () => {
  const labels = { alertname: "Full", instance: "web1:9100", job: "node", severity: "x", device: "sda", a: "b=c" };
  const { host, service } = placeAlert(labels, mapping);
  assert.equal(host, "web1");
  assert.match(service, /^Full a:b_c device:sda#[0-9a-f]{8}$/);
  assert.deepEqual(placeAlert({ alertname: "Watchdog" }, mapping), { host: "alerts", service: "Watchdog" });
  for (const [instance, expected] of [
    ["[::1]:9100", "::1"],
    ["fe80::1", "fe80::1"],
    ["https://web1.example.org:8443/x", "web1.example.org"],
    ["web1", "web1"],
  ] as const) {
    assert.equal(withoutPort(instance), expected);
  }
});

it("no body whatever makes reading alerts throw, and every alert gets names that can be names", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("alertname", "instance", "0001-01-01T00:00:00Z"),
  );
  const alert = fc.record(
    { labels: fc.dictionary(text, text), annotations: fc.dictionary(text, text), startsAt: text, endsAt: text },
    { requiredKeys: ["labels"] },
  );
  fc.assert(
    fc.property(fc.array(alert), (posted) => {
      const parsed = PostableAlert.array().safeParse(posted);
      if (!parsed.success) return;
      const read = readAlerts(parsed.data, { nowMs: 1_700_000_000_000, resolveTimeoutMs: 1 });
      assert.equal(read.alerts.length + read.faults.length, posted.length);
      for (const { labels } of read.alerts) {
        const { host, service } = placeAlert(labels, mapping);
        assert.ok(host !== "" && host.length <= 255 && service !== "" && service.length <= 255);
      }
    }),
  );
  fc.assert(fc.property(fc.anything(), (body) => void GrafanaWebhook.safeParse(body)));
});
