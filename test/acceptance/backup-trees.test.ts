// Trees of odd names, as restic wrote them: read and written again by us they are the same bytes, so both store one blob for one directory.
import assert from "node:assert/strict";
import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openLocalBackend } from "@mycloud/backup/backend/local";
import { openRepository } from "@mycloud/backup/repository";
import { decodeTree, encodeTree } from "@mycloud/backup/tree";
import { requireRestic, runRestic } from "../peers/restic.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const names: readonly (string | Buffer)[] = [
  "plain",
  "sp ace",
  "new\nline\ttab\r\v\f\b\x07",
  "\x01\x1f\x7f",
  Buffer.from([0x62, 0x61, 0x64, 0xff, 0xfe]),
  Buffer.from([0xc0, 0xaf]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xe2, 0x82]),
  'quote"back\\slash\\x41',
  "<html>&amp;",
  "é as one",
  "e\u0301 as two",
  "\u2028line\u2029",
  "\u00a0\u00ad\u200b\ufeff",
  "\u{1f600} 日本",
  "\ue000\u{e0001}\ufffd",
  "x".repeat(255),
];

test("trees of restic's making are the same bytes when we write them", async (t) => {
  if (!requireRestic(t)) return;
  const root = await temporaryDirectory("trees");
  const [source, location, password] = [join(root, "source"), join(root, "repository"), "correct horse"];
  await mkdir(join(source, "sub"), { recursive: true });
  for (const name of names) await writeFile(Buffer.concat([Buffer.from(`${source}/`), Buffer.from(name)]), name);
  await writeFile(join(source, "empty"), "");
  await symlink('to<>&"\u2028x\\y\n', join(source, "link"));
  await utimes(join(source, "plain"), new Date(-2_177_452_800_000), new Date(-1));
  await utimes(join(source, "empty"), new Date(1_700_000_000_100), new Date(13_000_000_000_000));
  await chmod(join(source, "sub"), 0o1777);
  await chmod(join(source, "empty"), 0o4755);
  const repository = { location, password };
  for (const args of [["init"], ["backup", source], ["backup", "/usr/share/zoneinfo"]]) {
    const { code, stderr } = await runRestic(repository, args);
    assert.equal(code, 0, stderr);
  }

  const opened = await openRepository(openLocalBackend(location), password, { cacheDirectory: null, now: Date.now });
  t.after(() => opened.close());
  await opened.loadIndex();
  const seen = new Set<string>();
  let trees = 0;
  for (const { id: packId } of opened.index.packs()) {
    for (const { id, type } of opened.index.blobsOfPack(packId)) {
      if (type !== "tree") continue;
      const bytes = await opened.loadBlob("tree", id);
      const nodes = decodeTree(bytes, id);
      for (const { name } of nodes) seen.add(name);
      assert.equal(Buffer.from(encodeTree(nodes)).toString(), Buffer.from(bytes).toString());
      trees++;
    }
  }
  assert.ok(trees > 10);
  for (const name of names) assert.ok(seen.has(Buffer.from(name).toString("latin1")), JSON.stringify(name));
});
