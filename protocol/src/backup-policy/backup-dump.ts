import { z } from "zod";

/** The file a dump becomes in its snapshot. */
const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/, "is no name of a file");
const database = z.string().regex(/^[^-\p{Cc}][^\p{Cc}]{0,127}$/u, "is no name of a database");

/**
 * A database's dump, which is backed up as it is printed, without a copy on disk, into a snapshot of its own. `database` null is all of them.
 * The programs are `mariadb-dump`, `pg_dump` or `pg_dumpall`; SQLite's own backup copies the file while it is in use.
 */
export const BackupDump = z.discriminatedUnion("preset", [
  z.object({
    preset: z.literal("mariadb"),
    database: database.nullable().default(null),
    fileName: fileName.optional(),
  }),
  z.object({
    preset: z.literal("postgresql"),
    database: database.nullable().default(null),
    fileName: fileName.optional(),
  }),
  z.object({
    preset: z.literal("sqlite"),
    path: z.string().startsWith("/", "is no absolute path").max(4096),
    fileName: fileName.optional(),
  }),
]);
export type BackupDump = z.infer<typeof BackupDump>;

/** What a dump's file is called: as its policy says, or after preset and database. Pure. */
export function dumpFileName(dump: BackupDump): string {
  if (dump.fileName !== undefined) return dump.fileName;
  if (dump.preset === "sqlite") return `sqlite-${dump.path.replace(/^.*\//, "").replace(/[^A-Za-z0-9_.-]/g, "_")}`;
  return `${dump.preset}-${(dump.database ?? "all").replace(/[^A-Za-z0-9_.-]/g, "_")}.sql`;
}
