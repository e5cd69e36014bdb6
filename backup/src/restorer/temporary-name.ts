import { hash } from "node:crypto";
import { type ByteString, joinBytes } from "../byte-string/index.ts";

const ending = ".mycloud-partial";
const longestName = 255;

/**
 * The name under which a file is written before it is whole: hidden, recognisable, and the same each time, so that an interrupted restore finds what it wrote.
 *
 *     temporaryName(byteString("disk.img")); // ".disk.img.f4ba1f02.mycloud-partial"
 */
export function temporaryName(name: ByteString): ByteString {
  const mark = hash("sha256", Buffer.from(name, "latin1"), "hex").slice(0, 8);
  const room = longestName - ending.length - mark.length - 2;
  return joinBytes(".", name.slice(0, room), ".", mark, ending);
}
