import { createHash } from "node:crypto";
import type { Place } from "@mycloud/checks/nagios-objects";
import type { Remarks } from "./remark.ts";

const illegal = /[`~!$%^&*|'"<>?,()=;\p{Cc}]/gu;

/** Gives names that our rules allow, the same one for the same name, and says when it had to change one. */
export type Renamer = (name: string, place: Place) => string;

/** A renamer for one kind of object, names up to `maximum` characters. Two names that would become one are told apart by a hash. */
export function createRenamer(kind: string, maximum: number, remarks: Remarks): Renamer {
  const given = new Map<string, string>();
  const taken = new Map<string, string>();
  return (name, place) => {
    const known = given.get(name);
    if (known !== undefined) return known;
    let allowed = name.toWellFormed().replace(illegal, "_").trim().slice(0, maximum).trim() || "_";
    if (taken.has(allowed) && taken.get(allowed) !== name) {
      allowed = `${allowed.slice(0, maximum - 9)} ${shortHash(name)}`;
    }
    given.set(name, allowed);
    taken.set(allowed, name);
    if (allowed !== name)
      remarks.add(place, `${kind} "${name}"`, `has a name that is not allowed here; it is "${allowed}"`);
    return allowed;
  };
}

/** Eight hexadecimal digits that stand for a value, the same in every run. Pure. */
export function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);
}

/** A name for something that has none in Nagios, from words and a hash of its content, at most 128 characters. Pure. */
export function madeName(words: string, content: unknown): string {
  const hash = shortHash(content);
  return `nagios ${words.replace(illegal, "_").slice(0, 110).trim()} ${hash}`;
}
