import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../error/index.ts";
import { openBackend } from "./open-backend.ts";

test("a location names its kind of storage", async () => {
  for (const [location, shown, isRemote] of [
    ["/srv/backup", "/srv/backup", false],
    ["local:/srv/backup", "/srv/backup", false],
    ["/srv/a:b", "/srv/a:b", false],
    ["rest:http://ann:secret@example.org:8000/repo", "rest:http://ann:***@example.org:8000/repo/", true],
    ["rest:https://example.org/", "rest:https://example.org/", true],
  ] as const) {
    const backend = await openBackend(location);
    assert.equal(backend.location, shown);
    assert.equal(backend.isRemote, isRemote);
    await backend.close();
  }
});

test("kinds there is nothing for are named, without the password", async () => {
  for (const location of ["s3:https://key:secret@host/bucket", "sftp:user@host:/repo", "b2:bucket", ""]) {
    await assert.rejects(
      openBackend(location),
      (error: unknown) => error instanceof InputError && !error.message.includes("secret"),
      location,
    );
  }
  await assert.rejects(openBackend("s3:bucket"), /s3: is not supported yet/);
  await assert.rejects(
    openBackend("https://ann:secret@host/"),
    /write rest: before the address: rest:https:\/\/ann:\*\*\*@host/,
  );
});

test("a limited local backend is a backend", async () => {
  const backend = await openBackend("/srv/backup", { uploadLimit: 1024 });
  assert.equal(backend.location, "/srv/backup");
});
