import { byteString } from "../byte-string/index.ts";
import { type Directory, readExtendedAttributesOf, readFileFlags } from "../filesystem/index.ts";

/** A label that the system gives to everything. */
const label = byteString("security.selinux");

/**
 * Whether a directory that was just made is ours alone, and gives nothing on to files made in it: no group, no default ACL, no flags. Then a new file
 * in it is what it was made as, and nobody can reach it before it is done.
 */
export function isBare(directory: Directory): boolean {
  const { mode, uid, gid } = directory.statSelf();
  if (mode !== 0o700 || uid !== process.geteuid?.() || gid !== process.getegid?.()) return false;
  const { attributes, faults } = readExtendedAttributesOf(directory.fd);
  return faults.length === 0 && attributes.every(({ name }) => name === label) && readFileFlags(directory.fd) === 0;
}
