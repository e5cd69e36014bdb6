import { isWithin } from "./managed-place.ts";

/**
 * Where a change from afar could make somebody the machine's administrator: programs, their settings, what runs by itself. They are changed only where
 * the policy names them.
 */
const systemFolders = [
  ...["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/root", "/run", "/sbin"],
  ...["/sys", "/usr", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/spool"],
];

/** Whether a path lies in a folder of the system, or has one below it. Pure. */
export function touchesSystem(path: string): boolean {
  return systemFolders.some((folder) => isWithin(path, folder) || isWithin(folder, path));
}
