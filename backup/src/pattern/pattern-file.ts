import { type ByteString, byteString, byteStringOf, joinBytes } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";

/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The patterns of an --exclude-file: one a line, without the white space around it, empty lines and lines that begin with "#"; `$NAME` and
 * `${NAME}` stand for environment variables (nothing when unset), `$$` for a dollar sign.
 */
export function parsePatternFile(content: Uint8Array, environment: Environment): readonly ByteString[] {
  return trimmedLines(content).map((line) => expandVariables(line, environment));
}

/** The glob patterns of a --files-from file: one a line, without white space around, empty lines and comments. See `expandGlob`. */
export function parseFilesFrom(content: Uint8Array): readonly ByteString[] {
  return trimmedLines(content);
}

/** The paths of a --files-from-verbatim file: each line that is not empty, as it is. */
export function parseFilesFromVerbatim(content: Uint8Array): readonly ByteString[] {
  return lines(content).filter((line) => line !== "");
}

/** The paths of a --files-from-raw file: each ends in NUL. Throws InputError for an empty one and a missing NUL at the end. */
export function parseFilesFromRaw(content: Uint8Array): readonly ByteString[] {
  const paths = byteStringOf(content).split("\0");
  if (paths.pop() !== "") throw new InputError("--files-from-raw: the last path does not end in a zero byte");
  if (paths.includes("")) throw new InputError("--files-from-raw: there is an empty path in the list");
  return paths.map((path) => joinBytes(path));
}

function trimmedLines(content: Uint8Array): readonly ByteString[] {
  return lines(content)
    .map(trim)
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** Lines end in LF or CRLF; UTF-16 with a byte order mark is taken as what Windows editors mean by "Unicode". */
function lines(content: Uint8Array): readonly ByteString[] {
  const all = byteStringOf(decoded(content)).split("\n");
  if (all.at(-1) === "") all.pop();
  return all.map((line) => joinBytes(line.endsWith("\r") ? line.slice(0, -1) : line));
}

function decoded(content: Uint8Array): Uint8Array {
  const [first, second, third] = content;
  if (first === 0xef && second === 0xbb && third === 0xbf) return content.subarray(3);
  if (first === 0xff && second === 0xfe) return new TextEncoder().encode(new TextDecoder("utf-16le").decode(content));
  if (first === 0xfe && second === 0xff) return new TextEncoder().encode(new TextDecoder("utf-16be").decode(content));
  return content;
}

// Unicode's white space in UTF-8, as bytes: U+0085, U+00A0, U+1680, U+2000..U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
const space =
  "(?:[\\t\\n\\v\\f\\r ]|\\xc2[\\x85\\xa0]|\\xe1\\x9a\\x80|\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80)";
const surroundingSpace = new RegExp(`^${space}+|${space}+$`, "g");

function trim(line: ByteString): ByteString {
  return joinBytes(line.replace(surroundingSpace, ""));
}

// A name in braces; braces that hold none (they vanish); one special character or digit; a name.
const variable = /\$(?:\{([^}]+)\}|(\{\}?)|([*#$@!?\-0-9])|([A-Za-z0-9_]+))/g;

function expandVariables(line: ByteString, environment: Environment): ByteString {
  return joinBytes(
    line.replace(variable, (_, braced?: string, empty?: string, special?: string, plain?: string) => {
      if (empty !== undefined) return "";
      const name = braced ?? special ?? plain ?? "";
      return name === "$" ? "$" : byteString(environment[name] ?? "");
    }),
  );
}
