import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { InputError, UnavailableError } from "@mycloud/backup/error";
import { ExcludesContent, ExcludesPreview } from "@mycloud/protocol/backup-policy";
import { pino } from "pino";
import { createExcludesPreviewer } from "./index.ts";

test("a process of its own counts, in the policy's words; what means nothing is refused, and too much at once", async (context) => {
  const base = await mkdtemp(join(tmpdir(), "mycloud-excludes-"));
  context.after(() => rm(base, { recursive: true, force: true }));
  await mkdir(join(base, "sub/cache"), { recursive: true });
  for (const name of ["a.tmp", "b.tmp", "keep.tmp", "ISO.iso", "text", "sub/cache/deep"]) {
    await writeFile(join(base, name), Buffer.alloc(name.length * 100));
  }
  const previewer = createExcludesPreviewer({ hostName: "web1", logger: pino({ level: "silent" }) });
  const content = ExcludesContent.parse({
    paths: [base],
    exclude: ["*.tmp", "!keep.tmp", "cache"],
    excludeIgnoringCase: ["iso.*"],
    excludeIfPresent: [".nobackup"],
    excludeLargerThanBytes: 1e6,
    oneFileSystem: true,
  });
  const { signal } = new AbortController();
  const first = previewer.preview(content, signal);
  const second = previewer.preview({ ...content, exclude: ["[a"] }, signal);
  await assert.rejects(previewer.preview(content, signal), UnavailableError);
  await assert.rejects(second, (error) => error instanceof InputError && /malformed/.test(error.message));
  const preview = ExcludesPreview.parse(await first);
  assert.deepEqual(
    preview.rules.map(({ kind, text, isTakingBack, files, folders, bytes }) =>
      [kind, text, isTakingBack ? "back" : "out", files, folders, bytes].join(" "),
    ),
    [
      "exclude *.tmp out 2 0 1000",
      "exclude !keep.tmp back 1 0 800",
      "exclude cache out 1 1 1400",
      "excludeIgnoringCase iso.* out 1 0 700",
      "excludeIfPresent .nobackup out 0 0 0",
      "excludeCaches true out 0 0 0",
      "excludeLargerThanBytes 1000000 out 0 0 0",
      "oneFileSystem true out 0 0 0",
    ],
  );
  assert.deepEqual([preview.kept.files, preview.kept.bytes, preview.isWhole], [2, 1200, true]);
  assert.deepEqual(preview.rules[2]?.examples, [
    { path: join(base, "sub/cache"), isFolder: true, files: 1, bytes: 1400 },
  ]);

  const gone = new AbortController();
  const left = previewer.preview({ ...content, paths: ["/"] }, gone.signal);
  gone.abort(new Error("nobody waits"));
  await assert.rejects(left, /nobody waits/);
});
