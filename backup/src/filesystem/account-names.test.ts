import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { accountNamesOfFiles, loadAccountNames } from "./account-names.ts";

test("the host's accounts are found by number and by name", () => {
  const accounts = loadAccountNames();
  for (let asked = 0; asked < 2; asked++) {
    assert.equal(accounts.userName(0), "root");
    assert.equal(accounts.uidOf("root"), 0);
    assert.equal(accounts.groupName(0), "root");
    assert.equal(accounts.gidOf("root"), 0);
    assert.equal(accounts.userName(3_999_999_999), undefined);
    assert.equal(accounts.groupName(3_999_999_999), undefined);
    assert.equal(accounts.uidOf("nobody-has-this-name"), undefined);
    assert.equal(accounts.gidOf("nobody-has-this-name"), undefined);
  }
});

test("without libc the accounts are those of the files, the first line of a name or number counting", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-accounts-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const passwd = join(directory, "passwd");
  writeFileSync(
    passwd,
    "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbroken\nada:x:x:1::\nada:x:1000:1000::/:/bin/sh\n",
  );
  const accounts = accountNamesOfFiles(passwd, join(directory, "no-group-file"));
  assert.equal(accounts.userName(0), "root");
  assert.equal(accounts.uidOf("toor"), 0);
  assert.equal(accounts.uidOf("ada"), 1000);
  assert.equal(accounts.groupName(0), undefined);
});
