import type { BlobType, Id } from "@mycloud/backup/blob";
import { idOf } from "@mycloud/backup/blob";
import { createCipher } from "@mycloud/backup/crypto";
import { createPackBuilder } from "@mycloud/backup/pack";
import type { Repository } from "@mycloud/backup/repository";

/** A node as it is in the JSON of a tree; nothing in it need make sense. */
export type ForgedNode = Readonly<Record<string, unknown>> & { readonly name: string };

/** Stores blobs as whoever knows the password can: nothing looks at what they say. Returns their ids. */
export async function forgeBlobs(
  repository: Repository,
  type: BlobType,
  contents: readonly (string | Uint8Array)[],
): Promise<readonly Id[]> {
  const builder = createPackBuilder({ type, cipher: createCipher(repository.key) });
  const ids: Id[] = [];
  for (const content of contents) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    ids.push(idOf(bytes));
    builder.add(idOf(bytes), bytes, null);
  }
  const pack = builder.finish();
  if (pack === null) return ids;
  await repository.backend.save({ type: "data", name: pack.id }, pack.bytes);
  repository.index.addPack(pack.id, pack.blobs, null);
  return ids;
}

/** Stores a tree of such nodes as they are, in the order given; its id. */
export async function forgeTree(repository: Repository, nodes: readonly ForgedNode[]): Promise<Id> {
  const [id = ""] = await forgeBlobs(repository, "tree", [treeJson(nodes)]);
  return id;
}

/** The text of a tree blob. */
export function treeJson(nodes: readonly ForgedNode[]): string {
  return `${JSON.stringify({ nodes })}\n`;
}

const instant = "2024-02-29T12:00:00Z";
const common = { mtime: instant, atime: instant, ctime: instant, uid: 0, gid: 0 };

/** Node of a file of these data blobs, open to everybody. */
export function forgedFile(name: string, content: readonly Id[], size: number): ForgedNode {
  return { name, type: "file", mode: 0o666, ...common, size, links: 1, content };
}

/** Go's os.FileMode has the type in its high bits: directories are 1 << 31. */
export function forgedDirectory(name: string, subtree: Id): ForgedNode {
  return { name, type: "dir", mode: 0x8000_0000 + 0o777, ...common, content: null, subtree };
}

export function forgedSymlink(name: string, linktarget: string): ForgedNode {
  return { name, type: "symlink", mode: 0x0800_0000 + 0o777, ...common, linktarget, content: null };
}
