import type { Mount } from "../../proc/mounts.ts";

/** Made up by the kernel, or read-only images that are full by nature: nothing there can fill up. */
const PSEUDO_TYPES: ReadonlySet<string> = new Set(
  (
    "autofs binder binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fuse.gvfsd-fuse fuse.lxcfs " +
    "fuse.portal fuse.snapfuse fusectl hugetlbfs iso9660 mqueue nfsd nsfs proc pstore ramfs rpc_pipefs securityfs " +
    "selinuxfs squashfs sysfs tracefs erofs cramfs"
  ).split(" "),
);
const REMOTE_TYPES =
  /^(nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|ceph|glusterfs|9p|fuse\.(sshfs|glusterfs|ceph.*|s3fs|rclone|davfs))$/;
const PSEUDO_FOLDERS = /^\/(proc|sys|run\/(credentials|user|lock)|var\/lib\/(docker|containers|kubelet))(\/|$)/;

/** Whether a file system is on another machine, and may therefore not answer. */
export function isRemote(mount: Mount): boolean {
  return REMOTE_TYPES.test(mount.fileSystemType) || mount.source.startsWith("//");
}

/** The mounts a person means by "all disks": no pseudo file systems, and each file system once. */
export function realFileSystems(mounts: readonly Mount[]): Mount[] {
  return distinctFileSystems(visibleMounts(mounts).filter((mount) => !isPseudo(mount)));
}

/** Without those that a later mount on the same folder hides. */
export function visibleMounts(mounts: readonly Mount[]): Mount[] {
  const last = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  return mounts.filter((mount) => last.get(mount.mountPoint) === mount);
}

function isPseudo(mount: Mount): boolean {
  if (PSEUDO_TYPES.has(mount.fileSystemType)) return true;
  // An overlay shows the figures of the file system under it; in a container its root is all there is.
  if (mount.fileSystemType === "overlay") return mount.mountPoint !== "/";
  if (mount.fileSystemType === "tmpfs") return mount.isReadOnly || PSEUDO_FOLDERS.test(mount.mountPoint);
  return false;
}

/** One mount for each file system: of bind mounts and subvolumes, the one of its root, then the shortest path. */
function distinctFileSystems(mounts: readonly Mount[]): Mount[] {
  const kept = new Map<string, Mount>();
  for (const mount of mounts) {
    // btrfs gives every subvolume a number of its own, but one source.
    const key = mount.source.startsWith("/dev/") ? mount.source : mount.deviceNumber;
    const other = kept.get(key);
    if (other === undefined || isBetter(mount, other)) kept.set(key, mount);
  }
  return mounts.filter((mount) => [...kept.values()].includes(mount));
}

function isBetter(mount: Mount, other: Mount): boolean {
  const [isRoot, wasRoot] = [mount.root === "/", other.root === "/"];
  return isRoot === wasRoot ? mount.mountPoint.length < other.mountPoint.length : isRoot;
}

/** The mount that holds a path: the one with the longest mount point above it. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  const isAbove = ({ mountPoint }: Mount): boolean =>
    mountPoint === "/" || path === mountPoint || path.startsWith(`${mountPoint}/`);
  return visibleMounts(mounts)
    .filter(isAbove)
    .reduce<Mount | undefined>(
      (best, mount) => (best === undefined || mount.mountPoint.length >= best.mountPoint.length ? mount : best),
      undefined,
    );
}
