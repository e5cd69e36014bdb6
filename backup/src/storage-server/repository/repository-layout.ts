import { join } from "node:path";
import { recordNameOf } from "./repository-name.ts";

/** What a repository is made of, `config` aside; each is a directory, as restic's local layout has it. `holds` is ours. */
export const listedTypes = ["data", "index", "keys", "locks", "snapshots", "holds"] as const;
export type ListedType = (typeof listedTypes)[number];
export type ObjectType = ListedType | "config";

/** One object of a repository; the name of `config` is empty. */
export interface StoredObject {
  readonly type: ObjectType;
  readonly name: string;
}

/** Where things lie in the state directory. Pure. */
export interface StateLayout {
  readonly root: string;
  /** Repositories, each in restic's local layout: `restic -r REPOSITORIES/NAME` works on it. */
  readonly repositories: string;
  /** Uploads under way; emptied at start. */
  readonly temporaries: string;
  /** Whole repositories that were deleted. */
  readonly trashedRepositories: string;
  /** Events that are to be posted. */
  readonly events: string;
  readonly clockFile: string;
  /** Space that is given up when the disk is full to the last byte. */
  readonly reserveFile: string;
  readonly passwordFile: string;
  repository(name: string): RepositoryLayout;
}

/** Where things of one repository lie. */
export interface RepositoryLayout {
  readonly name: string;
  /** restic's files. */
  readonly directory: string;
  /** What the server keeps about it, out of restic's sight. */
  readonly records: string;
  readonly trash: string;
  readonly quarantine: string;
  /** Second copies of what is not a pack. */
  readonly copies: string;
  /** The order in which snapshots arrived. */
  readonly orderFile: string;
  readonly wantedFile: string;
  readonly scrubFile: string;
  /** Hash and size of `config`, whose name says nothing about its content. */
  readonly configRecordFile: string;
  typeDirectory(type: ListedType): string;
  object(object: StoredObject): string;
  /** Where its second copy is. */
  copy(object: StoredObject): string;
}

/** The layout below a state directory. Pure. */
export function stateLayout(root: string): StateLayout {
  const repositories = join(root, "repositories");
  return {
    root,
    repositories,
    temporaries: join(root, "tmp"),
    trashedRepositories: join(root, "trashed-repositories"),
    events: join(root, "events"),
    clockFile: join(root, "clock.json"),
    reserveFile: join(root, "reserve"),
    passwordFile: join(root, "passwords.json"),
    repository: (name) => repositoryLayout(name, join(repositories, name), join(root, "records", recordNameOf(name))),
  };
}

function repositoryLayout(name: string, directory: string, records: string): RepositoryLayout {
  return {
    name,
    directory,
    records,
    trash: join(records, "trash"),
    quarantine: join(records, "quarantine"),
    copies: join(records, "copies"),
    orderFile: join(records, "snapshot-order.jsonl"),
    wantedFile: join(records, "wanted.json"),
    scrubFile: join(records, "scrub.json"),
    configRecordFile: join(records, "config.json"),
    typeDirectory: (type) => join(directory, type),
    object: (object) => join(directory, relativePathOf(object)),
    copy: (object) => join(records, "copies", relativePathOf(object)),
  };
}

/** An object's place within its repository: packs are spread over directories by their first two digits. Pure. */
export function relativePathOf({ type, name }: StoredObject): string {
  if (type === "config") return "config";
  return type === "data" ? join(type, name.slice(0, 2), name) : join(type, name);
}
