import { readFileSync } from "node:fs";

/** A line of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly mountPoint: string;
  readonly fileSystemType: string;
  /** The device or server path, e.g. `/dev/vda1` or `nas:/export`. */
  readonly source: string;
  /** `major:minor`, the same for every mount of one file system. */
  readonly deviceNumber: string;
  /** The folder of the file system that is mounted; not `/` for bind mounts and subvolumes. */
  readonly root: string;
  readonly isReadOnly: boolean;
}

/** Reads the mounts this process sees, in mount order. */
export function readMounts(procRoot: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of readFileSync(`${procRoot}/self/mountinfo`, "utf8").split("\n")) {
    const [left = "", right = ""] = line.split(" - ");
    const [, , deviceNumber = "", root = "", mountPoint, options = ""] = left.split(" ");
    const [fileSystemType = "", source = ""] = right.split(" ");
    if (mountPoint === undefined) continue;
    mounts.push({
      mountPoint: unescapeOctal(mountPoint),
      fileSystemType,
      source: unescapeOctal(source),
      deviceNumber,
      root: unescapeOctal(root),
      isReadOnly: options.split(",").includes("ro"),
    });
  }
  return mounts;
}

/** The kernel writes space, tab, newline and backslash in names as `\040` and so on. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
