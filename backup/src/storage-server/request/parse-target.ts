import { isId } from "../../blob/index.ts";
import { type ListedType, listedTypes, type StoredObject } from "../repository/repository-layout.ts";
import { faultOfRepositoryName } from "../repository/repository-name.ts";
import { BadRequestError } from "./request-error.ts";

/** What a request is about. */
export type Target =
  | { readonly kind: "repository"; readonly repository: string; readonly isCreation: boolean }
  | { readonly kind: "list"; readonly repository: string; readonly type: ListedType }
  | { readonly kind: "object"; readonly repository: string; readonly object: StoredObject }
  | { readonly kind: "wanted" | "scrub"; readonly repository: string }
  | { readonly kind: "status" | "events" | "metrics" | "healthz" | "readyz" };

const ownPages = ["status", "events", "metrics", "healthz", "readyz"] as const;
const maximumLength = 1024;

/**
 * Reads a request's path, byte for byte as it was sent. Nothing is decoded: names consist of characters that need no encoding, so that
 * an encoded one is either a mistake or a trick. Throws BadRequestError. Pure.
 */
export function parseTarget(url: string): Target {
  if (url.length > maximumLength) throw new BadRequestError(`the path is longer than ${maximumLength} characters`);
  const queryAt = url.indexOf("?");
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const query = queryAt < 0 ? "" : url.slice(queryAt + 1);
  if (!/^\/[A-Za-z0-9._/-]*$/.test(path))
    throw new BadRequestError("a path starts with / and has only the characters A-Z a-z 0-9 . _ - /");
  const page = ownPages.find((name) => path === `/${name}`);
  if (page !== undefined) return { kind: page };

  const segments = path.slice(1).split("/");
  const hasSlash = segments.at(-1) === "";
  if (hasSlash) segments.pop();
  const [last = "", beforeLast = ""] = [segments.at(-1), segments.at(-2)];

  const type = (text: string) => listedTypes.find((known) => known === text);
  const typeOfObject = type(beforeLast);
  if (typeOfObject !== undefined && segments.length >= 3 && !hasSlash) {
    if (!isId(last)) throw new BadRequestError(`"${last}" is no name of an object: 64 characters of 0-9 a-f`);
    return { kind: "object", repository: nameOf(segments.slice(0, -2)), object: { type: typeOfObject, name: last } };
  }
  const repository = () => nameOf(segments.slice(0, -1));
  if (segments.length >= 2) {
    const listed = type(last);
    if (listed !== undefined) return { kind: "list", repository: repository(), type: listed };
    if (last === "config" && !hasSlash)
      return { kind: "object", repository: repository(), object: { type: "config", name: "" } };
    if (last === "wanted" || last === "scrub") return { kind: last, repository: repository() };
  }
  return { kind: "repository", repository: nameOf(segments), isCreation: query === "create=true" };
}

function nameOf(segments: readonly string[]): string {
  const name = segments.join("/");
  const fault = faultOfRepositoryName(name);
  if (fault !== null) throw new BadRequestError(fault);
  return name;
}
