import { hostname } from "node:os";
import type { SnapshotFilter } from "@mycloud/backup/snapshot";
import { type Command, InvalidArgumentError } from "commander";
import { collect } from "../../command-line/index.ts";

/** What selects snapshots, as restic's --host, --tag and --path. */
export interface SnapshotFlags {
  readonly host?: string[];
  readonly tag?: string[];
  readonly path?: string[];
}

/** Adds --host, --tag and --path. `-H` is short for the first, but where restic has another use for it. */
export function addSnapshotOptions(command: Command, hasShortHost = true): Command {
  return command
    .option(`${hasShortHost ? "-H, " : ""}--host <HOST>`, "only snapshots of this host; repeatable", collect)
    .option("--tag <TAG,TAG>", "only snapshots with all these tags; repeatable, each is enough", collect)
    .option("--path <PATH>", "only snapshots of this path; repeatable, all are needed", collect);
}

/** The filter those options mean. */
export function snapshotFilter(flags: SnapshotFlags): SnapshotFilter {
  return {
    hosts: flags.host ?? [],
    tags: (flags.tag ?? []).map(splitTags),
    paths: flags.path ?? [],
  };
}

/** `a,b` as two tags; nothing as the empty list, which means no tags. */
export function splitTags(text: string): string[] {
  return text.split(",").filter((tag) => tag !== "");
}

export type GroupKey = "host" | "paths" | "tags";

/** Reads `host,paths,tags` (also restic's singular forms); nothing groups all together. For commander's option parser. */
export function groupKeysOf(text: string): GroupKey[] {
  const words: Readonly<Record<string, GroupKey>> = {
    host: "host",
    hosts: "host",
    path: "paths",
    paths: "paths",
    tag: "tags",
    tags: "tags",
  };
  const parts = text.split(",").filter((part) => part !== "");
  return parts.map((part) => {
    const key = words[part.trim().toLowerCase()];
    if (key !== undefined) return key;
    throw new InvalidArgumentError("Write any of host, paths and tags with commas between, or nothing.");
  });
}

/** This host as snapshots name it. */
export function thisHost(environment: Readonly<Record<string, string | undefined>>): string {
  return environment.RESTIC_HOST || hostname();
}
