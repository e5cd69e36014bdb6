import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelMessage } from "./channel.ts";
import { macroNames } from "./macro-names.ts";
import { type MacroSurroundings, surroundingMacros } from "./surrounding-macros.ts";

const message = { id: 7, facts: { link: "https://monitor.example.org/#/hosts/1/show" } } as ChannelMessage;

const around: MacroSurroundings = {
  hosts: [
    { state: "UP", count: 5, unhandled: 5 },
    { state: "DOWN", count: 3, unhandled: 1 },
    { state: "UNREACHABLE", count: 1, unhandled: 1 },
    { state: "PENDING", count: 2, unhandled: 2 },
  ],
  services: [
    { state: "OK", count: 40, unhandled: 40 },
    { state: "CRITICAL", count: 2, unhandled: 0 },
    // Stale ones are counted apart from those whose plugin said so.
    { state: "UNKNOWN", count: 1, unhandled: 1 },
    { state: "UNKNOWN", count: 2, unhandled: 2 },
  ],
  hostServices: [{ state: "OK", count: 4, unhandled: 4 }],
  hostHistory: { lastAtMs: { UP: 1_000_999, DOWN: 2_000_000 }, eventIds: [12, 11], problemIds: [3, null] },
  serviceHistory: null,
  isHostInDowntime: true,
  isServiceInDowntime: false,
  hostGroup: {
    ...{ name: "web", alias: "", notes: "", notesUrl: null, actionUrl: "/web" },
    ...{ members: ["web1", "web2"], addresses: ["192.0.2.1", "web2"] },
  },
  serviceGroups: [],
  serviceGroup: null,
  contactGroups: ["admins", "everybody"],
  contactGroup: { name: "admins", alias: "The admins", members: ["anna"] },
};

test("what is around a host has the names and forms of nagios4's macros; pending is no problem", () => {
  const macros = surroundingMacros(message, around);
  const wanted = {
    TOTALHOSTSUP: "5",
    TOTALHOSTSDOWN: "3",
    TOTALHOSTSDOWNUNHANDLED: "1",
    TOTALHOSTPROBLEMS: "4",
    TOTALHOSTPROBLEMSUNHANDLED: "2",
    TOTALSERVICESUNKNOWN: "3",
    TOTALSERVICESCRITICALUNHANDLED: "0",
    TOTALSERVICEPROBLEMS: "5",
    TOTALHOSTSERVICES: "4",
    TOTALHOSTSERVICESCRITICAL: "0",
    LASTHOSTUP: "1000",
    LASTHOSTDOWN: "2000",
    LASTHOSTUNREACHABLE: "0",
    HOSTEVENTID: "12",
    LASTHOSTEVENTID: "11",
    LASTHOSTPROBLEMID: "0",
    HOSTDOWNTIME: "1",
    HOSTNOTIFICATIONID: "7",
    HOSTGROUPALIAS: "web",
    HOSTGROUPMEMBERS: "web1,web2",
    HOSTGROUPMEMBERADDRESSES: "192.0.2.1,web2",
    HOSTGROUPACTIONURL: "/web",
    CONTACTGROUPNAMES: "admins,everybody",
    CONTACTGROUPALIAS: "The admins",
  };
  for (const [name, value] of Object.entries(wanted)) assert.equal(macros[name], value, name);
  assert.equal(macros.SERVICEDOWNTIME, undefined, "nothing is said of a service that there is none of");
});

test("every macro of what is around is one of nagios4's names", () => {
  const names = new Set(macroNames);
  const serviceHistory = { lastAtMs: {}, eventIds: [null, null], problemIds: [null, null] } as const;
  const macros = surroundingMacros(message, { ...around, serviceHistory, serviceGroup: around.hostGroup });
  assert.deepEqual(
    Object.keys(macros).filter((name) => !names.has(name)),
    [],
  );
  assert.equal(names.size, macroNames.length, "no name is listed twice");
});
