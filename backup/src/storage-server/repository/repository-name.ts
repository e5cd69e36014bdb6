import { z } from "zod";

/** Words that mean something in a path, so that no repository may have them as a part of its name. */
const reserved = new Set([
  ...["config", "data", "index", "keys", "locks", "snapshots", "holds"],
  ...["wanted", "scrub", "status", "events", "metrics", "healthz", "readyz"],
]);

const segmentForm = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;
const maximumLength = 200;

/** Why this is no name of a repository, or null when it is one: segments of [A-Za-z0-9._-] that do not start with a dot, between slashes. Pure. */
export function faultOfRepositoryName(name: string): string | null {
  if (name === "") return "a repository needs a name: http://host/NAME/";
  if (name.length > maximumLength) return `the name of a repository is longer than ${maximumLength} characters`;
  for (const segment of name.split("/")) {
    if (segment === "") return "a part of the repository's name is empty";
    if (reserved.has(segment)) return `"${segment}" cannot be a part of a repository's name`;
    if (!segmentForm.test(segment))
      return "a part of a repository's name has up to 64 of the characters A-Z a-z 0-9 . _ - and does not start with a dot";
  }
  return null;
}

/** A repository, `name/*` for all below a name, or `*` for all. */
export const RepositoryPattern = z.string().refine(isRepositoryPattern, {
  error: "is not the name of a repository, NAME/* or *",
});

function isRepositoryPattern(text: string): boolean {
  return text === "*" || faultOfRepositoryName(text.endsWith("/*") ? text.slice(0, -2) : text) === null;
}

/** Whether a pattern covers a repository: `a/*` covers `a/b` and `a/b/c`, not `a` and not `ab`. Pure. */
export function coversRepository(pattern: string, name: string): boolean {
  if (pattern === "*") return true;
  return pattern.endsWith("/*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

/** The name as one name of a directory, for what the server keeps about a repository: `a/b` is `a+b`. Pure. */
export function recordNameOf(repository: string): string {
  return repository.replaceAll("/", "+");
}

/** The repository of such a directory. Pure. */
export function repositoryOfRecordName(recordName: string): string {
  return recordName.replaceAll("+", "/");
}
