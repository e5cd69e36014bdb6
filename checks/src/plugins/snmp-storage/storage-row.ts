import { numberOf, type SnmpValue, textOf } from "../../snmp/snmp-value.ts";
import { standardNames } from "../../snmp/standard-names.ts";

/** The columns of hrStorageTable (RFC 2790) that are read. */
export const storageColumns = {
  type: `${standardNames.hrStorageType}`,
  description: `${standardNames.hrStorageDescr}`,
  unit: `${standardNames.hrStorageAllocationUnits}`,
  size: `${standardNames.hrStorageSize}`,
  used: `${standardNames.hrStorageUsed}`,
} as const;

/** One store of a device: a disk, or its memory. */
export interface StorageRow {
  readonly index: string;
  readonly name: string;
  readonly type: StorageType;
  readonly sizeBytes: number;
  readonly usedBytes: number;
}

/** hrStorageTypes, by the last number of its OID. */
const types: Readonly<Record<string, StorageType>> = {
  "2": "memory",
  "3": "memory",
  "4": "disk",
  "5": "removable",
  "6": "removable",
  "7": "removable",
  "8": "memory",
  "9": "disk",
  "10": "network",
};
export type StorageType = "disk" | "memory" | "removable" | "network" | "other";

const range32 = 2 ** 32;

/** A row of the table; null for one without a size, such as an empty drive. Pure. */
export function toStorageRow(index: string, values: ReadonlyMap<string, SnmpValue>): StorageRow | null {
  const type = textOf(values.get(storageColumns.type)) ?? "";
  const unit = unsigned(values.get(storageColumns.unit)) ?? 0;
  const size = unsigned(values.get(storageColumns.size)) ?? 0;
  const used = unsigned(values.get(storageColumns.used));
  if (unit === 0 || size === 0 || used === undefined) return null;
  const name = textOf(values.get(storageColumns.description)) ?? "";
  return {
    index,
    // Windows adds label and serial number behind the drive's letter.
    name: name.replace(/\s+Label:.*$/s, "").trim() || `storage ${index}`,
    type: types[/^1\.3\.6\.1\.2\.1\.25\.2\.1\.(\d+)$/.exec(type)?.[1] ?? ""] ?? "other",
    sizeBytes: size * unit,
    usedBytes: used * unit,
  };
}

/** Whether a store is a disk that somebody fills: Net-SNMP counts what the kernel makes up (/run, /sys, /dev/shm) as fixed disks, too. Pure. */
export function isRealDisk({ type, name }: StorageRow): boolean {
  return type === "disk" && !/^\/(?:dev|proc|run|sys)(?:\/|$)/.test(name);
}

/** Sizes are Integer32, and devices with more units than that holds tell them as negative numbers. */
function unsigned(value: SnmpValue | undefined): number | undefined {
  const number = numberOf(value);
  return number !== undefined && number < 0 ? number + range32 : number;
}
