import { z } from "zod";
import { type Id, isId } from "../../blob/index.ts";
import { UnavailableError } from "../../error/index.ts";
import type { FileInfo } from "../backend.ts";
import type { RestAnswer } from "./http-transport.ts";

export const contentTypeV2 = "application/vnd.x.restic.rest.v2";

const Listed = z.object({
  name: z.string(),
  size: z.int().min(0),
  /** Ours: the place of a snapshot in the order of arrival. */
  sequence: z.int().min(1).optional(),
});
const ListV2 = z.array(Listed);
const ListV1 = z.array(z.string());

/** What a server listed: names with sizes (protocol version 2), or names only (version 1). Names that are no id are left out. */
export type FileList =
  | { readonly version: 1; readonly names: readonly Id[] }
  | { readonly version: 2; readonly files: readonly FileInfo[] };

/** Reads the answer to `GET data/` and its like. Throws UnavailableError when it is no list: a proxy's page, a half answer. */
export function parseFileList(what: string, { headers, body }: RestAnswer): FileList {
  const value = parse(what, body);
  if ((headers["content-type"] ?? "").startsWith(contentTypeV2)) {
    const list = ListV2.safeParse(value);
    if (!list.success) throw unreadable(what, list.error);
    const files = list.data.filter(({ name }) => isId(name));
    return {
      version: 2,
      files: files.map(({ name, size, sequence }) => ({
        name,
        sizeBytes: size,
        ...(sequence === undefined ? {} : { sequence }),
      })),
    };
  }
  const list = ListV1.safeParse(value);
  if (!list.success) throw unreadable(what, list.error);
  return { version: 1, names: list.data.filter(isId) };
}

const Wanted = z.array(z.union([z.string(), z.object({ name: z.string(), type: z.string().default("data") })]));

/** Reads the answer to `GET wanted`: the names of packs, alone or with more about each. What else is wanted no backup can give. */
export function parseWanted(what: string, { body }: RestAnswer): readonly Id[] {
  const list = Wanted.safeParse(parse(what, body));
  if (!list.success) throw unreadable(what, list.error);
  const packs = list.data.map((entry) => (typeof entry === "string" ? { name: entry, type: "data" } : entry));
  return packs.filter(({ type, name }) => type === "data" && isId(name)).map(({ name }) => name);
}

function parse(what: string, body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch (error) {
    throw unreadable(what, error);
  }
}

function unreadable(what: string, cause: unknown): UnavailableError {
  return new UnavailableError(`${what}: the answer is no list of files; is this the address of a repository?`, {
    cause,
  });
}
