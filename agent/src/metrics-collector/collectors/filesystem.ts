import type { MetricLabels } from "@mycloud/protocol/exposition";
import type { Collected, Collector, CollectorPlaces } from "../collector.ts";
import { Families } from "../families.ts";
import type { FileSystemFigures, MeasureFileSystem } from "../measure-file-system.ts";
import { readText, readWord } from "../read-kernel-file.ts";

/** As node_exporter leaves them out. */
const leftPlaces =
  /^\/(dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;
const leftTypes =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/;

interface Mounted {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly isReadOnly: boolean;
}

/** How full file systems are. One whose server is gone has only `node_filesystem_device_error` 1, and holds nobody up. */
export function createFilesystemCollector({ procRoot }: CollectorPlaces, measure: MeasureFileSystem): Collector {
  async function collect(): Promise<Collected> {
    const mounts = listMounts(readWord(`${procRoot}/1/mounts`) ?? readText(`${procRoot}/mounts`));
    const measured = await Promise.all(
      mounts.map(async (mount) => ({ mount, figures: await measure(mount.mountpoint, mount.fstype) })),
    );
    const families = new Families();
    for (const { mount, figures } of measured) addFileSystem(families, mount, figures);
    return families.list();
  }
  return { name: "filesystem", isDefault: true, collect };
}

/** Reads fstab(5)'s form; what is mounted twice at one place counts once. Pure. */
function listMounts(text: string): Mounted[] {
  const mounts = new Map<string, Mounted>();
  for (const line of text.split("\n")) {
    const [device, place, fstype, options] = line.split(" ");
    if (device === undefined || place === undefined || fstype === undefined || options === undefined) continue;
    const mountpoint = place.replaceAll("\\040", " ").replaceAll("\\011", "\t");
    if (leftPlaces.test(mountpoint) || leftTypes.test(fstype)) continue;
    const isReadOnly = options.split(",").includes("ro");
    const key = `${device}\0${mountpoint}\0${fstype}`;
    if (!mounts.has(key)) mounts.set(key, { device, mountpoint, fstype, isReadOnly });
  }
  return [...mounts.values()];
}

function addFileSystem(families: Families, mount: Mounted, figures: FileSystemFigures | undefined): void {
  const { device, mountpoint, fstype, isReadOnly } = mount;
  const labels: MetricLabels = { device, mountpoint, fstype };
  const error = "Whether the file system could not be asked.";
  families.gauge("node_filesystem_device_error", error, figures === undefined ? 1 : 0, labels);
  if (figures === undefined) return;
  const { blockSize } = figures;
  families.gauge("node_filesystem_size_bytes", "Bytes there are.", figures.blocks * blockSize, labels);
  families.gauge("node_filesystem_free_bytes", "Bytes that are free.", figures.freeBlocks * blockSize, labels);
  const available = figures.availableBlocks * blockSize;
  families.gauge("node_filesystem_avail_bytes", "Bytes that are free for everybody.", available, labels);
  families.gauge("node_filesystem_files", "Inodes there are.", figures.files, labels);
  families.gauge("node_filesystem_files_free", "Inodes that are free.", figures.freeFiles, labels);
  families.gauge("node_filesystem_readonly", "Whether it is mounted read-only.", isReadOnly ? 1 : 0, labels);
}
