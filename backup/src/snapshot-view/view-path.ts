import { type ByteString, bytesOfDisplayText } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";

/** The bytes of a path of a request. Throws InputError. */
export function bytesOfPath(path: string): ByteString {
  const bytes = bytesOfDisplayText(path);
  if (bytes === null) throw new InputError(`${path} is no path: a backslash is written \\\\ and an odd byte \\xNN`);
  return bytes;
}
