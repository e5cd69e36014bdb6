import { realFileSystems } from "@mycloud/checks/plugins/disk";
import { readMounts } from "@mycloud/checks/proc";
import type { FoundThing } from "./proposed-thing.ts";

/** The file systems that can fill up, one each. Throws what the file system says. */
export function findFilesystems(procRoot: string): FoundThing[] {
  return realFileSystems(readMounts(procRoot))
    .filter(({ isReadOnly, fileSystemType }) => !isReadOnly && fileSystemType !== "tmpfs")
    .map(({ mountPoint, fileSystemType, source }) => ({
      kind: "filesystem",
      key: mountPoint,
      title: `file system ${mountPoint} (${fileSystemType} on ${source})`,
      serviceName: `disk ${mountPoint}`,
      command: "disk",
      arguments: ["-w", "10%", "-c", "5%", "-W", "10%", "-K", "5%", "-p", mountPoint],
    }));
}
