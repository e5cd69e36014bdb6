import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import type { ViewHead } from "@mycloud/protocol/snapshot-view";
import { backUp } from "../archiver/index.ts";
import { openLocalBackend } from "../backend/local/index.ts";
import { byteString } from "../byte-string/index.ts";
import { NotFoundError, UnavailableError } from "../error/index.ts";
import { initRepository } from "../repository/index.ts";
import { createSnapshotReader, type ReadAnswer, type SnapshotReader } from "./create-snapshot-reader.ts";

/** Compresses badly, so that it has many blobs of full size. */
const large = Buffer.from(
  Uint32Array.from({ length: 3_000_000 }, (_, at) => Math.imul(at, 2654435761) ^ (at >>> 3)).buffer,
);

describe("the process that reads repositories", () => {
  let directory = "";
  let reader: SnapshotReader;
  let snapshotId = "";
  const lines: string[] = [];
  const never = new AbortController().signal;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "mycloud-reader-"));
    await mkdir(join(directory, "data/folder"), { recursive: true });
    await writeFile(join(directory, "data/large"), large);
    await writeFile(join(directory, "data/folder/small"), "some text\n");
    const backend = openLocalBackend(join(directory, "repository"));
    const repository = await initRepository(backend, {
      password: "secret",
      now: Date.now,
      kdf: { N: 1024, r: 8, p: 1 },
    });
    const source = { kind: "paths", paths: [byteString(join(directory, "data"))] } as const;
    const made = await backUp(repository, { source, hostname: "h", now: Date.now, threads: 1 });
    snapshotId = made.snapshotId ?? "";
    await repository.close();
    reader = createReader();
  });
  after(async () => {
    await reader.stop();
    await rm(directory, { recursive: true });
  });

  const createReader = () =>
    createSnapshotReader({
      cacheDirectory: null,
      findAccess: async (name) => {
        if (name === "none") throw new NotFoundError("nothing of this name");
        return { location: join(directory, name), certificateAuthority: null, token: null, password: "secret" };
      },
      onLine: (line) => lines.push(line),
    });
  const file = (path: string, range: { offset?: number; length?: number | null } = {}) =>
    ({ kind: "file", snapshotId, path: join(directory, "data", path), offset: 0, length: null, ...range }) as const;
  const bodyOf = async ({ body }: ReadAnswer) => (body === null ? Buffer.alloc(0) : await buffer(body));

  function headOf<Kind extends ViewHead["kind"]>({ head }: ReadAnswer, kind: Kind): Extract<ViewHead, { kind: Kind }> {
    assert.equal(head.kind, kind);
    return head as Extract<ViewHead, { kind: Kind }>;
  }

  it("answers from a repository that it opens when it is first asked", async () => {
    const { snapshots } = headOf(await reader.ask("repository", { kind: "snapshots" }, never), "snapshots");
    assert.deepEqual(
      snapshots.map(({ id }) => id),
      [snapshotId],
    );
    const answer = await reader.ask("repository", file("folder/small"), never);
    assert.equal(headOf(answer, "file").sizeBytes, 10);
    assert.equal((await bodyOf(answer)).toString(), "some text\n");
  });

  it("sends a body whole and in order, also a range of it", async () => {
    assert.ok((await bodyOf(await reader.ask("repository", file("large"), never))).equals(large));
    const range = await reader.ask("repository", file("large", { offset: 7_000_001, length: 99 }), never);
    assert.ok((await bodyOf(range)).equals(large.subarray(7_000_001, 7_000_100)));
  });

  it("goes no further than the reader of a body by more than what may be on its way", async () => {
    const slow = await reader.ask("repository", file("large"), never);
    const first = await slow.body?.next();
    assert.ok(first?.value !== undefined && first.value.length <= 256 * 1024);
    // Others are answered while it waits.
    await bodyOf(await reader.ask("repository", file("folder/small"), never));
    await slow.body?.return(undefined);
  });

  it("says what is wrong as the engine does", async () => {
    await assert.rejects(
      reader.ask("repository", file("nothing"), never),
      (error) => error instanceof NotFoundError && /data\/nothing/.test(error.message),
    );
    await assert.rejects(reader.ask("none", { kind: "snapshots" }, never), {
      code: "MYCLOUD_BACKUP_NOT_FOUND",
      message: "nothing of this name",
    });
  });

  it("ends an answer that is given up", async () => {
    const giving = new AbortController();
    const answer = await reader.ask("repository", file("large"), giving.signal);
    await answer.body?.next();
    giving.abort(new Error("enough"));
    await assert.rejects(async () => await bodyOf(answer), /enough/);
    await assert.rejects(reader.ask("repository", file("large"), giving.signal), /enough/);
  });

  it("has room again for one that is given up before its first byte", async () => {
    // More than may be asked about one repository at once.
    for (let at = 0; at < 40; at++) {
      const { body } = await reader.ask("repository", file("large"), never);
      await body?.return(undefined);
    }
    const bodies = [];
    for (let at = 0; at < 16; at++) bodies.push((await reader.ask("repository", file("large"), never)).body);
    await assert.rejects(reader.ask("repository", { kind: "snapshots" }, never), UnavailableError);
    for (const body of bodies) await body?.return(undefined);
    assert.equal((await reader.ask("repository", { kind: "snapshots" }, never)).head.kind, "snapshots");
  });

  it("when it dies what is under way fails for now, and the next question starts it again", async () => {
    const own = createReader();
    try {
      const answer = await own.ask("repository", file("large"), never);
      const { execFileSync } = await import("node:child_process");
      const children = execFileSync("pgrep", ["-P", String(process.pid), "-f", "snapshot-reader/main.ts"]).toString();
      const pid = Math.max(...children.trim().split("\n").map(Number));
      process.kill(pid, "SIGKILL");
      await assert.rejects(bodyOf(answer), UnavailableError);
      assert.equal((await bodyOf(await own.ask("repository", file("folder/small"), never))).length, 10);
    } finally {
      await own.stop();
    }
  });

  it("prints nothing when nothing is wrong", () => assert.deepEqual(lines, []));
});
