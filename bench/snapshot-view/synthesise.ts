import { openLocalBackend } from "@mycloud/backup/backend/local";
import { idOf } from "@mycloud/backup/blob";
import { type BlobWriter, openBlobWriter } from "@mycloud/backup/blob-writer";
import { byteString } from "@mycloud/backup/byte-string";
import { initRepository } from "@mycloud/backup/repository";
import { saveSnapshot } from "@mycloud/backup/snapshot";
import type { Node } from "@mycloud/backup/tree";

export interface Synthesised {
  readonly files: number;
  readonly snapshots: number;
}

/** Files in each folder but the large one. */
const filesOfFolder = 990;
export const filesOfLargeFolder = 10_000;
export const largeFolder = "/data/large";

/** The files of the first folders, which are one group, have a kilobyte of text each; the others a line. */
const longFolders = 100;
const words =
  "snapshot folder restore policy agent server backup mirror archive ledger invoice harbour quartz window".split(" ");

const startedAtMs = Date.UTC(2026, 0, 1);
const instant = (ms: number) => new Date(ms).toISOString();

/**
 * Writes a repository as a year of backups would leave it: folders of 990 files, one of 10,000, every file with a blob of its own, and snapshots each of which
 * changed one file of the large folder and one elsewhere. Names and numbers are the same each time.
 */
export async function synthesise(directory: string, password: string, size: Synthesised): Promise<void> {
  const repository = await initRepository(openLocalBackend(directory), { password, now: Date.now });
  const writer = openBlobWriter(repository, Date.now, new AbortController().signal);
  const folderCount = Math.max(1, Math.round((size.files - filesOfLargeFolder) / filesOfFolder));
  const folders: string[] = [];
  for (let folder = 0; folder < folderCount; folder++) {
    folders.push(writer.writeTree(filesOf(writer, `folder ${folder}`, filesOfFolder, 0, folder < longFolders)));
    await writer.whenRoom();
  }
  const roots: { readonly takenAtMs: number; readonly tree: string }[] = [];
  for (let version = 0; version < size.snapshots; version++) {
    const takenAtMs = startedAtMs + version * 86_400_000;
    const changed = version % folderCount;
    if (version > 0) {
      const files = filesOf(writer, `folder ${changed}`, filesOfFolder, version, changed < longFolders);
      folders[changed] = writer.writeTree(files);
    }
    const large = writer.writeTree(filesOf(writer, "large", filesOfLargeFolder, version));
    const groups: Node[] = [];
    for (let group = 0; group * 100 < folders.length; group++) {
      const inGroup = folders.slice(group * 100, group * 100 + 100);
      const nodes = inGroup.map((tree, at) =>
        directoryNode(`folder-${String(at).padStart(3, "0")}`, tree, startedAtMs),
      );
      groups.push(directoryNode(`group-${String(group).padStart(3, "0")}`, writer.writeTree(nodes), startedAtMs));
    }
    const data = writer.writeTree([...groups, directoryNode("large", large, takenAtMs)]);
    const tree = writer.writeTree([directoryNode("data", data, takenAtMs)]);
    await writer.whenRoom();
    roots.push({ takenAtMs, tree });
  }
  await writer.finish();
  for (const { takenAtMs, tree } of roots) {
    await saveSnapshot(repository, { time: instant(takenAtMs), tree, paths: ["/data"], hostname: "web1.example.org" });
  }
  await repository.close();
}

/** The files of a folder; one of them is another in each version. */
function filesOf(writer: BlobWriter, folder: string, count: number, version: number, isLong = false): Node[] {
  return Array.from({ length: count }, (_, at) => {
    const edition = at === version ? version : 0;
    const content = Buffer.from(`${folder}, file ${at}, edition ${edition}\n${isLong ? textOf(at) : ""}`);
    const id = idOf(content);
    if (writer.claim("data", id)) writer.write("data", id, content);
    const mtime = instant(startedAtMs + at * 1000 + edition);
    const times = { mtime, atime: mtime, ctime: mtime };
    const name = byteString(
      `${at % 7 === 0 ? "IMG" : "document"}_${String(at).padStart(6, "0")}.${at % 3 === 0 ? "jpeg" : "txt"}`,
    );
    return {
      name,
      type: "file" as const,
      mode: 0o644,
      ...times,
      ...owner,
      inode: String(at + 1),
      deviceId: "1",
      links: 1,
      size: content.length,
      content: [id],
    };
  }).sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** About a kilobyte, another one for each number. */
function textOf(number: number): string {
  let state = number + 1;
  let text = "";
  while (text.length < 1000) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += `${words[state % words.length]} ${(state >>> 8).toString(36)}${text.length % 7 === 0 ? "\n" : " "}`;
  }
  return text;
}

const owner = { uid: 1000, gid: 1000, user: "ada", group: "ada" };

function directoryNode(name: string, subtree: string, ms: number): Node {
  const mtime = instant(ms);
  const times = { mtime, atime: mtime, ctime: mtime };
  return { name: byteString(name), type: "dir", mode: 0o755, ...times, ...owner, content: null, subtree };
}
