import { nearestName } from "../plugin/nearest-name.ts";
import { UsageError } from "../plugin/usage-error.ts";
import { standardNames } from "./standard-names.ts";

/** RFC 2578 §3.5: at most 128 numbers, each of 32 bits. */
const maximumNumbers = 128;
const maximumNumber = 4_294_967_295;

/**
 * Reads an object identifier: numeric with or without a dot before (`.1.3.6.1.2.1.1.3.0`, `iso.3.6.1`), or one of the built-in names, with its module or
 * without (`IF-MIB::ifHCInOctets.2`, `sysUpTime.0`). Throws UsageError, with the nearest built-in name.
 */
export function parseOid(text: string): string {
  const trimmed = text
    .trim()
    .replace(/^\./, "")
    .replace(/^iso(?=\.|$)/, "1");
  if (/^\d+(\.\d+)*$/.test(trimmed)) return checked(trimmed, text);
  const [, name = "", instance = ""] = /^(?:[A-Za-z][\w-]*::)?([A-Za-z][\w-]*)((?:\.\d+)*)$/.exec(trimmed) ?? [];
  const base = Object.hasOwn(standardNames, name) ? standardNames[name] : undefined;
  if (base !== undefined) return checked(base + instance, text);
  const near = nearestName(name, Object.keys(standardNames));
  const hint = near === undefined ? "such as sysUpTime.0, ifHCInOctets.1 or hrStorageUsed.1" : `did you mean ${near}?`;
  throw new UsageError(
    `"${text.slice(0, 100)}" is no OID: MIB files are not read; expected a numeric OID or one of the built-in names, ${hint}`,
  );
}

function checked(oid: string, text: string): string {
  const numbers = oid.split(".").map(Number);
  const [first = 0, second = 0] = numbers;
  const isFine =
    numbers.length >= 2 &&
    numbers.length <= maximumNumbers &&
    first <= 2 &&
    (first === 2 || second < 40) &&
    numbers.every((number) => number <= maximumNumber);
  if (isFine) return numbers.join(".");
  throw new UsageError(
    `"${text.slice(0, 100)}" is no OID: expected 2 to ${maximumNumbers} numbers of at most 32 bits, e.g. 1.3.6.1.2.1.1.3.0`,
  );
}
