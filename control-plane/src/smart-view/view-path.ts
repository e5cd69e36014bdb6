import { ViewPath } from "@mycloud/protocol/snapshot-view";
import { z } from "zod";

/**
 * A path in a snapshot as people write it: a slash too many at the end does no harm. `.`, `..` and nothing between two slashes are no names that
 * anything in a snapshot could have, so a path with them is a mistake or a trick.
 */
export const PeoplesPath = ViewPath.transform((path) => (path === "/" ? path : path.replace(/\/$/, "")))
  .refine((path) => isPathInSnapshot(path), "is no path in a snapshot: it has an empty name, . or .. in it")
  .refine((path) => !path.includes("\0"), "has a character that no path has");

function isPathInSnapshot(path: string): boolean {
  if (path === "/") return true;
  return path
    .slice(1)
    .split("/")
    .every((name) => name !== "" && name !== "." && name !== "..");
}

/** One value or several, as a query has them: `path=/a&path=/b`. */
export function oneOrMore<Item extends z.ZodType>(item: Item, maximum: number) {
  return z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item).min(1).max(maximum));
}
