/** What the smart view of a machine shows, as its address says it. */
export interface ViewAddress {
  /** Null: the machine's first. */
  readonly repositoryId: number | null;
  /** Null: the newest. */
  readonly snapshotId: string | null;
  /** Null: the folder that all that was backed up lies below. */
  readonly path: string | null;
  /** A file of the folder whose versions are shown. */
  readonly file: string | null;
}

/** Reads the query of an address; what is not understood counts as not said. Pure. */
export function readAddress(query: URLSearchParams): ViewAddress {
  const repository = Number(query.get("repository") ?? "");
  const snapshot = query.get("snapshot");
  const path = query.get("path");
  return {
    repositoryId: Number.isInteger(repository) && repository > 0 ? repository : null,
    snapshotId: snapshot !== null && /^[0-9a-f]{64}$/.test(snapshot) ? snapshot : null,
    path: path?.startsWith("/") ? path : null,
    file: query.get("file"),
  };
}

/** Writes it. Pure. */
export function writeAddress({ repositoryId, snapshotId, path, file }: ViewAddress): URLSearchParams {
  const query = new URLSearchParams();
  if (repositoryId !== null) query.set("repository", String(repositoryId));
  if (snapshotId !== null) query.set("snapshot", snapshotId);
  if (path !== null) query.set("path", path);
  if (file !== null) query.set("file", file);
  return query;
}

/** The folders on the way to a path, from the top: `/a/b` gives `/`, `/a`, `/a/b`. Pure. */
export function foldersOf(path: string): readonly { readonly name: string; readonly path: string }[] {
  const parts = path.split("/").filter((part) => part !== "");
  return [
    { name: "/", path: "/" },
    ...parts.map((name, at) => ({ name, path: `/${parts.slice(0, at + 1).join("/")}` })),
  ];
}

/** The folder that something lies in. Pure. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at <= 0 ? "/" : path.slice(0, at);
}

/** A name in a folder. Pure. */
export function childOf(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

/** The deepest folder that holds all of these paths: where looking begins. Pure. */
export function commonFolder(paths: readonly string[]): string {
  const [first = "/", ...others] = paths.filter((path) => path.startsWith("/"));
  let common = first;
  for (const path of others)
    while (common !== "/" && path !== common && !path.startsWith(`${common}/`)) common = parentOf(common);
  return common;
}
