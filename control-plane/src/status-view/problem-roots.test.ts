import assert from "node:assert/strict";
import { test } from "node:test";
import type { DependencyInput } from "@mycloud/protocol/dependency";
import { Objects } from "./objects.ts";
import { ProblemRoots } from "./problem-roots.ts";
import { pendingState, type ViewedObject } from "./viewed.ts";

/** Hosts with their parents and services; those named in `bad` are HARD non-OK. */
async function objectsOf(
  hosts: Readonly<Record<string, { parents?: string[]; services?: string[] }>>,
  bad: readonly string[],
) {
  const objects = new Objects();
  const overrides = { program: {}, hosts: new Map(), services: new Map(), contacts: new Map() };
  const update = objects.startUpdate(new Map(), overrides, 0);
  const stamps = new Map<number, number>();
  const badHosts: number[] = [];
  const badServices: number[] = [];
  for (const [at, [name, { parents = [], services = [] }]] of Object.entries(hosts).entries()) {
    const common = {
      businessImpact: 2,
      checkPeriod: null,
      isActiveCheckEnabled: true,
      isPassiveCheckEnabled: true,
      isNotificationEnabled: true,
      isEventHandlerEnabled: true,
      variables: {},
      notesUrl: null,
      actionUrl: null,
      iconImage: null,
    };
    const id = at + 1;
    update.putHost({
      id,
      name,
      displayName: null,
      address: null,
      customer: null,
      notes: "",
      labels: {},
      groups: [],
      maxCheckAttempts: 1,
      freshnessSeconds: null,
      hasAgent: false,
      checkId: null,
      settings: {
        ...common,
        parents,
        probers: [],
        flapDetection: { isEnabled: true, lowPercent: 20, highPercent: 30 },
      },
    });
    if (bad.includes(name)) badHosts.push(id);
    for (const [index, service] of services.entries()) {
      const serviceId = id * 100 + index;
      update.putService({
        id: serviceId,
        hostId: id,
        name: service,
        checkId: null,
        updatedAtMs: 1,
        maxCheckAttempts: 1,
        freshnessSeconds: null,
        notes: "",
        settings: { ...common, flapDetection: { isEnabled: true, lowPercent: 20, highPercent: 30 } },
      });
      stamps.set(serviceId, 1);
      if (bad.includes(`${name}/${service}`)) badServices.push(serviceId);
    }
  }
  await update.finish(stamps);
  const failing = { ...pendingState, state: 2, hasBeenChecked: true };
  for (const id of badHosts) objects.putState("host", id, { ...failing, state: 1 });
  for (const id of badServices) objects.putState("service", id, failing);
  return objects;
}

const dependency = (
  host: string,
  service: string | null,
  dependent: DependencyInput["dependent"],
): DependencyInput => ({
  name: "d",
  dependent,
  masters: [{ host, service }],
  executionFailureStates: [],
  notificationFailureStates: ["CRITICAL", "DOWN"],
  isTransitive: false,
  period: null,
});

const nameOf = (object: ViewedObject) => (object.kind === "host" ? object.name : `${object.host.name}/${object.name}`);

test("what is broken behind a router is an impact of the router, through every step", async () => {
  const objects = await objectsOf(
    { router: {}, switch: { parents: ["router"] }, web1: { parents: ["switch"], services: ["http", "load"] } },
    ["router", "switch", "web1", "web1/http"],
  );
  const roots = new ProblemRoots(objects, [], () => ({ hostIds: [], serviceIds: [] }));
  const http = objects.serviceByName("web1", "http");
  const router = objects.hostByName("router");
  assert.ok(http && router);
  assert.deepEqual(roots.sourcesOf(http).map(nameOf), ["router"]);
  assert.deepEqual(roots.impactsOf(router).map(nameOf).sort(), ["switch", "web1", "web1/http"]);
  assert.deepEqual([roots.isProblem(router), roots.isProblem(http)], [true, false]);
});

test("a host with another parent that works is broken by itself", async () => {
  const objects = await objectsOf({ a: {}, b: {}, web1: { parents: ["a", "b"] } }, ["a", "web1"]);
  const roots = new ProblemRoots(objects, [], () => ({ hostIds: [], serviceIds: [] }));
  const web1 = objects.hostByName("web1");
  assert.ok(web1 && roots.isProblem(web1));
});

test("dependencies and business rules lead to what they look at", async () => {
  const objects = await objectsOf({ db1: { services: ["sql"] }, web1: { services: ["http", "shop"] } }, [
    "db1/sql",
    "web1/http",
    "web1/shop",
  ]);
  const shop = objects.serviceByName("web1", "shop");
  const http = objects.serviceByName("web1", "http");
  assert.ok(shop && http);
  const onSql = dependency("db1", "sql", { hosts: ["web1"], services: ["http"] });
  const roots = new ProblemRoots(objects, [onSql], (id) => ({
    hostIds: [],
    serviceIds: id === shop.id ? [http.id] : [],
  }));
  assert.deepEqual(roots.sourcesOf(http).map(nameOf), ["db1/sql"]);
  assert.deepEqual(roots.sourcesOf(shop).map(nameOf), ["db1/sql"]);
});

test("in a circle of dependencies one is a root", async () => {
  const objects = await objectsOf({ a: {}, b: {} }, ["a", "b"]);
  const circle = [dependency("a", null, { hosts: ["b"] }), dependency("b", null, { hosts: ["a"] })];
  const roots = new ProblemRoots(objects, circle, () => ({ hostIds: [], serviceIds: [] }));
  assert.equal(objects.hosts.filter((host) => roots.isProblem(host)).length, 1);
});

test("a dependency whose failure states its master is not in explains nothing, nor does one out of its period", async () => {
  const objects = await objectsOf({ db1: { services: ["sql"] }, web1: { services: ["http"] } }, [
    "db1/sql",
    "web1/http",
  ]);
  const http = objects.serviceByName("web1", "http");
  assert.ok(http);
  const onSql = { ...dependency("db1", "sql", { hosts: ["web1"] }), notificationFailureStates: ["UNKNOWN" as const] };
  const noLeaves = () => ({ hostIds: [], serviceIds: [] });
  assert.deepEqual(new ProblemRoots(objects, [onSql], noLeaves).sourcesOf(http), []);
  const atNight = { ...dependency("db1", "sql", { hosts: ["web1"] }), period: "night" };
  const sourcesAt = (isNight: boolean) =>
    new ProblemRoots(objects, [atNight], noLeaves, (name) => name === "night" && isNight).sourcesOf(http).map(nameOf);
  assert.deepEqual([sourcesAt(false), sourcesAt(true)], [[], ["db1/sql"]]);
});
