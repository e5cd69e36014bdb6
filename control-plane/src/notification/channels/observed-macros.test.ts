import assert from "node:assert/strict";
import { test } from "node:test";
import { macroEnvironment } from "./nagios-macros.ts";
import { observedMacros } from "./observed-macros.ts";

const object = {
  notes: "n",
  notesUrl: "/n",
  actionUrl: null,
  checkCommand: "",
  isPassive: true,
  isHard: true,
  attempt: 1,
  maxCheckAttempts: 3,
  output: "up",
  longOutput: "",
  perfdata: "",
  percentStateChange: 6.25,
  isNotificationEnabled: true,
  lastCheckAtMs: 1_795_416_119_000,
  lastStateChangeAtMs: null,
  lastOkAtMs: 1_795_416_119_000,
  latencySeconds: 0.7712,
  executionTimeSeconds: 0,
};

test("what is stored of a host has the names and forms of nagios4's macros", () => {
  const macros = observedMacros("HOST", object, 1_795_416_120_000);
  const wanted = {
    HOSTNOTES: "n",
    HOSTACTIONURL: "",
    HOSTCHECKTYPE: "PASSIVE",
    HOSTSTATETYPE: "HARD",
    HOSTPERCENTCHANGE: "6.25",
    HOSTLATENCY: "0.771",
    HOSTNOTIFICATIONENABLED: "YES",
    LASTHOSTCHECK: "1795416119",
    LASTHOSTSTATECHANGE: "0",
    LASTHOSTUP: "1795416119",
  };
  for (const [name, value] of Object.entries(wanted)) assert.equal(macros[name], value, name);
});

test("a contact's first address is found in the environment under nagios4's number, 0", () => {
  const environment = macroEnvironment({ CONTACTADDRESS1: "irc:anna" });
  assert.deepEqual(environment, { NAGIOS_CONTACTADDRESS1: "irc:anna", NAGIOS_CONTACTADDRESS0: "irc:anna" });
});
