import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "../command-line/index.ts";
import { chooseMachine, isThisHost } from "./choose-machine.ts";
import { chooseRepository } from "./choose-repository.ts";

const web = { hostId: 1, hostName: "web1" };
const laptop = { hostId: 2, hostName: "Laptop" };
const nowhere = { hostId: null, names: ["elsewhere"] };

function refused(work: () => unknown, exitCode: number, words: RegExp): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof CommandError);
    assert.equal(error.exitCode, exitCode);
    assert.match(error.message, words);
    return true;
  });
}

test("a machine that is named is taken, upper and lower case aside", () => {
  assert.equal(chooseMachine([web, laptop], "web1", nowhere), web);
  assert.equal(chooseMachine([web, laptop], "laptop", nowhere), laptop);
  refused(() => chooseMachine([web, laptop], "db1", nowhere), 66, /no machine "db1"; there are web1, Laptop/);
});

test("without a name it is this host, by its identity before its name, else the only machine", () => {
  assert.equal(chooseMachine([web, laptop], undefined, { hostId: 2, names: ["web1"] }), laptop);
  assert.equal(
    chooseMachine([web, laptop], undefined, { hostId: null, names: ["laptop.example.org", "laptop"] }),
    laptop,
  );
  assert.equal(chooseMachine([web], undefined, { hostId: 9, names: ["other"] }), web);
  refused(() => chooseMachine([web, laptop], undefined, nowhere), 64, /--machine NAME; there are web1, Laptop/);
  refused(() => chooseMachine([], undefined, nowhere), 66, /no machine yet; mycloud enrolment create/);
});

test("a host of another identity with the same name is not this host", () => {
  assert.equal(isThisHost(web, { hostId: 7, names: ["web1"] }), false);
  assert.equal(isThisHost(web, { hostId: null, names: ["web1"] }), true);
});

test("without a policy it is the only repository that is backed up into, else the only one", () => {
  const home = { policyName: "home", isAssigned: true };
  const old = { policyName: "old", isAssigned: false };
  const sites = { policyName: "sites", isAssigned: true };
  assert.equal(chooseRepository([old, home], undefined, "web1"), home);
  assert.equal(chooseRepository([old], undefined, "web1"), old);
  assert.equal(chooseRepository([home, sites], "sites", "web1"), sites);
  refused(() => chooseRepository([home, sites], undefined, "web1"), 64, /--policy NAME; there are home, sites/);
  refused(() => chooseRepository([], undefined, "web1"), 66, /no backup policy covers it/);
  refused(() => chooseRepository([home], "x", "web1"), 66, /no backups of a policy "x"; there are home/);
});
