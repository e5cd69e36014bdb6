import { type ByteString, displayText } from "../../byte-string/index.ts";
import { InputError } from "../../error/index.ts";
import { faultOf, openRoot } from "../../filesystem/index.ts";

/** The entries of a directory that stands for them in a plan. Throws InputError when it cannot be read. */
export function readTargetNames(path: ByteString): readonly ByteString[] {
  try {
    using directory = openRoot(path);
    return directory.readNames();
  } catch (error) {
    throw new InputError(`${displayText(path)} cannot be read: ${faultOf("open", error).message}`, { cause: error });
  }
}
