import type { Hold } from "@mycloud/backup/hold";
import type { SnapshotGroup, StoredSnapshot } from "@mycloud/backup/snapshot";
import {
  type Column,
  formatAge,
  formatInstant,
  paintFor,
  printable,
  printTable,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { formatSize } from "./size-text.ts";

/** The short form of an id: eight characters, as restic shows them. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** A snapshot as `--json` shows it: its file, its id in both forms, and its place in the order of arrival where there is one. */
export function snapshotJson(snapshot: StoredSnapshot): Readonly<Record<string, unknown>> {
  const { id, sequence, ...document } = snapshot;
  return { ...document, id, short_id: shortId(id), ...(sequence === null ? {} : { sequence }) };
}

/** When a snapshot was made, in milliseconds since 1970. */
export function snapshotAtMs(snapshot: Pick<StoredSnapshot, "time">): number {
  return Date.parse(snapshot.time);
}

/** What the snapshots of a group have in common; null when they were not put into groups. Pure. */
function describeGroup({ host, paths, tags }: Omit<SnapshotGroup<StoredSnapshot>, "snapshots">): string | null {
  const parts: string[] = [];
  if (host !== null) parts.push(`host ${host || "(none)"}`);
  if (tags !== null) parts.push(tags.length === 0 ? "no tags" : `tags ${tags.join(",")}`);
  if (paths !== null) parts.push(`paths ${paths.join(" ")}`);
  return parts.length === 0 ? null : printable(parts.join(", "));
}

/** Prints a line above a group's table that says what its snapshots have in common; none when they were not put into groups. */
export async function printGroupHeading(
  terminal: Terminal,
  group: Omit<SnapshotGroup<StoredSnapshot>, "snapshots">,
): Promise<void> {
  const heading = describeGroup(group);
  if (heading !== null) await write(terminal.stdout, `${paintFor(terminal)("bold", heading)}\n`);
}

/** Prints snapshots as a table, oldest first as given. `notes`: a last column, e.g. why each is kept. */
export async function printSnapshots(
  terminal: Terminal,
  snapshots: readonly StoredSnapshot[],
  options: { readonly holds?: readonly Hold[]; readonly notes?: ReadonlyMap<string, string> } = {},
): Promise<void> {
  const nowMs = terminal.now();
  const { notes } = options;
  const holds = new Map((options.holds ?? []).map((hold) => [hold.snapshot, hold]));
  const shown = <T>(condition: boolean, column: Column<T>): Column<T>[] => (condition ? [column] : []);
  const columns: Column<StoredSnapshot>[] = [
    { heading: "ID", cell: ({ id }) => shortId(id) },
    { heading: "TIME", cell: (snapshot) => formatInstant(snapshotAtMs(snapshot)) },
    { heading: "AGE", cell: (snapshot) => formatAge(snapshotAtMs(snapshot), nowMs), align: "right" },
    { heading: "HOST", cell: ({ hostname }) => printable(hostname ?? "") },
    ...shown<StoredSnapshot>(
      snapshots.some(({ tags }) => (tags ?? []).length > 0),
      { heading: "TAGS", cell: ({ tags }) => printable((tags ?? []).join(",")) },
    ),
    ...shown<StoredSnapshot>(
      snapshots.some(({ summary }) => summary !== undefined),
      {
        heading: "SIZE",
        cell: ({ summary }) => (summary === undefined ? "" : formatSize(summary.total_bytes_processed)),
        align: "right",
      },
    ),
    ...shown<StoredSnapshot>(
      snapshots.some(({ summary }) => (summary?.errors ?? 0) > 0),
      { heading: "ERRORS", cell: ({ summary }) => String(summary?.errors ?? 0), align: "right" },
    ),
    ...shown<StoredSnapshot>(
      snapshots.some(({ id }) => holds.has(id)),
      { heading: "HELD", cell: ({ id }) => printable(holds.get(id)?.reason ?? "") },
    ),
    { heading: "PATHS", cell: ({ paths }) => printable(paths.join(" ")) },
    ...shown<StoredSnapshot>(notes !== undefined, { heading: "WHY", cell: ({ id }) => notes?.get(id) ?? "" }),
  ];
  await printTable(terminal, columns, snapshots, "no snapshot");
}
